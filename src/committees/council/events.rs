//! What is done with meetings and applications stands in the audit trail.

use entity::ids::PersonId;
use serde_json::json;
use uuid::Uuid;

use crate::{
    accounts::audit,
    foundation::{error::Result, store::WriteTx},
};

/// Records `action` on a meeting or an application.
pub(super) async fn record(
    tx: &WriteTx,
    by: PersonId,
    action: &'static str,
    subject: Uuid,
    note: &str,
) -> Result<()> {
    audit::record(
        tx,
        audit::Entry {
            actor: Some(by),
            action,
            subject_kind: "meeting",
            subject_id: Some(subject),
            details: json!({ "note": note }),
        },
    )
    .await?;
    Ok(())
}
