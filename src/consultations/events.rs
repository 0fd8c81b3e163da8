//! The history of a consultation: who, when, what, kept for the people concerned. The audit trail is
//! for everything else.

use entity::{
    consultation, consultation_event,
    ids::{ConsultationEventId, PersonId},
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
pub(super) const SUBMITTED: &str = "consultations.submitted";
pub(super) const CHANGED: &str = "consultations.changed";
pub(super) const RETURNED: &str = "consultations.returned";
pub(super) const REFUSED: &str = "consultations.refused";
pub(super) const ACCEPTED: &str = "consultations.accepted";
pub(super) const WITHDRAWN: &str = "consultations.withdrawn";
pub(super) const STANDING: &str = "consultations.standing";
pub(super) const REOPENED: &str = "consultations.reopened";
pub(super) const SHORT: &str = "consultations.short";
pub(super) const HEAD: &str = "consultations.head";
pub(super) const OPINION: &str = "consultations.opinion";
pub(super) const CONCLUDED: &str = "consultations.concluded";
pub(super) const ASKED: &str = "consultations.asked_again";
pub(super) const CONFIRMED: &str = "consultations.confirmed";
pub(super) const BEGUN: &str = "consultations.begun";
pub(super) const HEAD_ASKED: &str = "consultations.head_asked";
pub(super) const GONE_ON: &str = "consultations.gone_on";
/// The words themselves are in the record of the draw.
pub(super) const CONTRIBUTED: &str = "consultations.contributed";
pub(super) const HEAD_LEFT: &str = "consultations.head_left";

/// Notes that `code` happened to `row`, in its history and in the audit trail (of a longer text the
/// first line). Mails about it are about this event, so each of them is sent once.
pub(super) async fn note(
    tx: &WriteTx,
    row: &consultation::Model,
    by: Option<PersonId>,
    code: &'static str,
    text: &str,
) -> Result<ConsultationEventId> {
    let id = tx.id();
    store::insert_event(
        tx,
        consultation_event::Model {
            id,
            consultation_id: row.id,
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
            subject_kind: "consultation",
            subject_id: Some(row.id.0),
            details: json!({
                "note": text.lines().next().unwrap_or_default(),
                "version": row.version,
            }),
        },
    )
    .await?;
    Ok(id)
}

/// An event in words.
pub(super) fn words(code: &str) -> &'static str {
    said(code, Language::Chinese).unwrap_or("办理")
}

/// Whether an event tells what a single expert did or said.
pub(super) fn is_of_expert(code: &str) -> bool {
    matches!(code, OPINION | HEAD | HEAD_ASKED | HEAD_LEFT)
}
