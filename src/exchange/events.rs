//! What happened to a matter of the exchange group, kept for the people concerned. The audit trail
//! is for everything else.

use entity::{
    exchange_event,
    ids::{ExchangeEventId, PersonId},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    accounts::audit,
    foundation::{error::Result, store::WriteTx},
};

/// A matter: its kind of row, and the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Matter {
    pub kind: &'static str,
    pub id: Uuid,
}

/// Notes that `code` happened, in the history of the matter and in the audit trail. Mails about it
/// are about this event, so each of them is sent once.
pub(super) async fn note(
    tx: &WriteTx,
    matter: Matter,
    by: Option<PersonId>,
    code: &'static str,
    text: &str,
) -> Result<ExchangeEventId> {
    let id: ExchangeEventId = tx.id();
    exchange_event::Entity::insert(exchange_event::ActiveModel {
        id: Set(id),
        owner_kind: Set(matter.kind.to_owned()),
        owner_id: Set(matter.id),
        at: Set(tx.now()),
        by_person: Set(by),
        code: Set(code.to_owned()),
        note: Set(text.to_owned()),
    })
    .exec_without_returning(tx.db())
    .await?;
    audit::record(
        tx,
        audit::Entry {
            actor: by,
            action: code,
            subject_kind: matter.kind,
            subject_id: Some(matter.id),
            details: json!({ "note": text.lines().next().unwrap_or_default() }),
        },
    )
    .await?;
    Ok(id)
}

/// What happened to a matter, first things first.
pub(super) async fn of<C: ConnectionTrait>(
    db: &C,
    matter: Matter,
) -> Result<Vec<exchange_event::Model>> {
    Ok(exchange_event::Entity::find()
        .filter(exchange_event::Column::OwnerKind.eq(matter.kind))
        .filter(exchange_event::Column::OwnerId.eq(matter.id))
        .order_by_asc(exchange_event::Column::At)
        .order_by_asc(exchange_event::Column::Id)
        .all(db)
        .await?)
}
