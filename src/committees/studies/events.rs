//! The history of a study, and the audit trail with it.

use entity::{
    ids::{PersonId, StudyEventId},
    study, study_event,
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use crate::{
    accounts::audit,
    foundation::{error::Result, store::WriteTx},
};

/// Notes that `code` happened, in the history and (of a longer text the first line) in the audit
/// trail. Mails about it are about this event, so each of them is sent once.
pub(super) async fn note(
    tx: &WriteTx,
    row: &study::Model,
    by: Option<PersonId>,
    code: &'static str,
    text: &str,
) -> Result<StudyEventId> {
    let id: StudyEventId = tx.id();
    study_event::Entity::insert(study_event::ActiveModel {
        id: Set(id),
        study_id: Set(row.id),
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
            subject_kind: "study",
            subject_id: Some(row.id.0),
            details: json!({ "note": text.lines().next().unwrap_or_default() }),
        },
    )
    .await?;
    Ok(id)
}
