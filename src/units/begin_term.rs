//! The next council term (换届).

use chrono::NaiveDate;
use entity::{council_term, ids::TermId};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder, QuerySelect};
use serde_json::json;

use super::{found::last_day, rules};
use crate::{
    accounts::{Action, Actor, Owner, audit},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
    },
};

/// Notes the term that begins on `from` and lasts as long as the configuration says.
///
/// # Errors
/// The refusal of the field `from` when the last term has not ended by then.
pub async fn begin_term(ctx: &Context, actor: &Actor, from: NaiveDate) -> Result<()> {
    actor.require(Action::ManageUnits, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let last = council_term::Entity::find()
        .order_by_desc(council_term::Column::Number)
        .lock_exclusive()
        .one(tx.db())
        .await?;
    let number = rules::next_term(last.as_ref(), from)
        .map_err(|refusal| Error::Invalid(FieldErrors::at("from", refusal)))?;
    let id: TermId = tx.id();
    let to = last_day(from, ctx.config.pool.council_term_years)?;
    council_term::Entity::insert(council_term::ActiveModel {
        id: Set(id),
        number: Set(number),
        from_date: Set(from),
        to_date: Set(to),
    })
    .exec_without_returning(tx.db())
    .await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "units.term_begun",
            subject_kind: "council_term",
            subject_id: Some(id.0),
            details: json!({ "number": number, "from": from, "to": to }),
        },
    )
    .await?;
    tx.commit().await
}
