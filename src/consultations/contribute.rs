//! The requester adds words to the draw of its experts.

use entity::ids::{ConsultationId, PersonId};

use super::{
    events::{self, note},
    store,
};
use crate::{
    foundation::{
        context::Context,
        error::{Refusal, Result},
    },
    panels,
};

/// Takes the words of the unit, which a draw uses together with its promise.
///
/// # Errors
/// A refusal before the request is taken in, and once a draw was made.
pub(super) async fn contribute(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    words: &str,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let panel = store::get(tx.db(), id).await?.panel_id;
    let panel = panel.ok_or_else(|| Refusal::new("consultations.no_promise"))?;
    panels::contribute(&tx, panel, by, words).await?;
    let row = store::lock(&tx, id).await?;
    note(&tx, &row, Some(by), events::CONTRIBUTED, "").await?;
    tx.commit().await
}
