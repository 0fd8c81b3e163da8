//! The promise for a draw (抽取承诺). When a panel opens, the SHA-256 of a random number that nobody
//! is shown is made known; the requester may add words of their own. If the experts are drawn by lot,
//! both together decide, so neither side can choose the result.

use chrono::{DateTime, Utc};
use entity::{
    ids::{PanelId, PersonId},
    panel::PanelState,
    panel_draw,
};
use matching::assign::draw::{commit, hex};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::store;
use crate::foundation::{
    error::{Error, Refusal, Result},
    store::WriteTx,
};

/// What is made known of a promise: everything but the number itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// SHA-256 of the number, in hexadecimal.
    pub commitment: String,
    /// When it was made.
    pub committed_at: DateTime<Utc>,
    /// The requester's words; empty if none.
    pub words: String,
    /// Whether a draw was made, so that the words stay as they are.
    pub drawn: bool,
}

/// Makes the promise of a new panel.
pub(super) async fn make(tx: &WriteTx, panel: PanelId) -> Result<()> {
    let nonce = tx.platform().bytes::<32>();
    let row = panel_draw::ActiveModel {
        panel_id: Set(panel),
        commitment: Set(commit(&nonce)),
        nonce: Set(hex(&nonce)),
        committed_at: Set(tx.now()),
        contribution: Set(String::new()),
        contributed_by: Set(None),
        contributed_at: Set(None),
        drawn_at: Set(None),
    };
    panel_draw::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

/// The promise of a panel; none for a panel opened before there were promises.
///
/// # Errors
/// When the database fails.
pub async fn promise<C: ConnectionTrait>(db: &C, panel: PanelId) -> Result<Option<Promise>> {
    let row = panel_draw::Entity::find_by_id(panel).one(db).await?;
    Ok(row.map(|row| Promise {
        commitment: row.commitment,
        committed_at: row.committed_at,
        words: row.contribution,
        drawn: row.drawn_at.is_some(),
    }))
}

/// Takes the requester's words for a draw; they may be given anew until the first draw.
///
/// # Errors
/// A refusal once a draw was made or the panel looks for nobody any more; [`Error::NotFound`] where
/// nothing was promised.
pub async fn contribute(tx: &WriteTx, panel: PanelId, by: PersonId, words: &str) -> Result<()> {
    let row = store::lock(tx, panel).await?;
    let promise = panel_draw::Entity::find_by_id(panel)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    if promise.drawn_at.is_some() || row.state != PanelState::Open {
        return Err(Refusal::new("panels.words_closed").into());
    }
    let given = panel_draw::ActiveModel {
        contribution: Set(words.to_owned()),
        contributed_by: Set(Some(by)),
        contributed_at: Set(Some(tx.now())),
        ..promise.into()
    };
    panel_draw::Entity::update(given).exec(tx.db()).await?;
    Ok(())
}

/// The whole promises of panels, numbers included.
pub(super) async fn kept<C: ConnectionTrait>(
    db: &C,
    panels: &[PanelId],
) -> Result<Vec<panel_draw::Model>> {
    Ok(panel_draw::Entity::find()
        .filter(panel_draw::Column::PanelId.is_in(panels.iter().copied()))
        .all(db)
        .await?)
}

/// Notes that these promises were drawn by, under their locks.
///
/// # Errors
/// A conflict when words came in since they were read.
pub(super) async fn drawn(tx: &WriteTx, used: &[panel_draw::Model]) -> Result<()> {
    let ids = used.iter().map(|one| one.panel_id);
    let now = panel_draw::Entity::find()
        .filter(panel_draw::Column::PanelId.is_in(ids))
        .order_by_asc(panel_draw::Column::PanelId)
        .lock_exclusive()
        .all(tx.db())
        .await?;
    for row in now {
        let same = |one: &&panel_draw::Model| one.panel_id == row.panel_id;
        if used.iter().find(same).map(|one| &one.contribution) != Some(&row.contribution) {
            return Err(Error::Conflict(Refusal::new("panels.words_came")));
        }
        if row.drawn_at.is_none() {
            let first = panel_draw::ActiveModel {
                drawn_at: Set(Some(tx.now())),
                ..row.into()
            };
            panel_draw::Entity::update(first).exec(tx.db()).await?;
        }
    }
    Ok(())
}
