//! The history of a run: who, when, what, kept for the people concerned. The audit trail is for
//! everything else.

use entity::{
    course_run, course_run_event,
    ids::{CourseRunEventId, PersonId},
};
use serde_json::json;

use super::store;
use crate::{
    accounts::audit,
    foundation::{
        error::Result,
        store::WriteTx,
        texts::{Language, said},
    },
};

/// What can happen, as it is stored.
pub(super) const MADE: &str = "training.run_made";
pub(super) const CHANGED: &str = "training.run_changed";
pub(super) const MOVED: &str = "training.run_moved";
pub(super) const PUBLISHED: &str = "training.run_published";
pub(super) const CLOSED: &str = "training.run_closed";
pub(super) const HELD: &str = "training.run_held";
pub(super) const DECIDED: &str = "training.run_decided";
pub(super) const CANCELLED: &str = "training.run_cancelled";
pub(super) const LECTURER: &str = "training.lecturer_found";
pub(super) const LECTURER_MISSING: &str = "training.lecturer_missing";
pub(super) const ROOM: &str = "training.room_answered";
pub(super) const FEE: &str = "training.fee_noted";
pub(super) const MARKS: &str = "training.marks_noted";
pub(super) const ISSUED: &str = "training.certificates_issued";
pub(super) const REVOKED: &str = "training.certificate_revoked";
pub(super) const REISSUED: &str = "training.certificate_reissued";
pub(super) const SETTLED: &str = "training.run_settled";

/// Notes that `code` happened to `row`, in its history and in the audit trail. Mails about it are
/// about this event, so each of them is sent once.
pub(super) async fn note(
    tx: &WriteTx,
    row: &course_run::Model,
    by: Option<PersonId>,
    code: &'static str,
    text: &str,
) -> Result<CourseRunEventId> {
    let id = tx.id();
    store::insert_event(
        tx,
        course_run_event::Model {
            id,
            run_id: row.id,
            at: tx.now(),
            by_person: by,
            code: code.to_owned(),
            note: text.to_owned(),
        },
    )
    .await?;
    audit::record(
        tx,
        audit::Entry {
            actor: by,
            action: code,
            subject_kind: "course_run",
            subject_id: Some(row.id.0),
            details: json!({ "note": text, "version": row.version }),
        },
    )
    .await?;
    Ok(id)
}

/// An event in words.
pub(super) fn words(code: &str) -> &'static str {
    said(code, Language::Chinese).unwrap_or("办理")
}
