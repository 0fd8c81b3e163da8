//! Writing an entry.

use std::future::Future;

use entity::{
    audit_entry,
    ids::{AuditId, PersonId},
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::foundation::{error::Result, store::WriteTx};

tokio::task_local! {
    /// Network address of the request being answered. It is about the request and not about the
    /// matter, so use cases do not carry it.
    static ADDRESS: String;
}

/// What is to be remembered.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Who; none for the schedule and the command line.
    pub actor: Option<PersonId>,
    /// Code of what was done, `body.verb`.
    pub action: &'static str,
    /// Kind of row.
    pub subject_kind: &'static str,
    /// The row.
    pub subject_id: Option<Uuid>,
    /// From and to values and whatever explains the act; erased with the person's data. Never a
    /// secret, a password or a link.
    pub details: Value,
}

/// Runs `answer` so that entries written inside carry the network address of the request.
pub async fn from_address<F: Future>(address: String, answer: F) -> F::Output {
    ADDRESS.scope(address, answer).await
}

/// Writes an entry in the transaction of the act itself.
///
/// # Errors
/// When the database fails.
pub async fn record(tx: &WriteTx, entry: Entry) -> Result<AuditId> {
    let id: AuditId = tx.id();
    let salt = hex(&tx.platform().bytes::<16>());
    let address = ADDRESS.try_with(Clone::clone).ok();
    audit_entry::Entity::insert(audit_entry::ActiveModel {
        id: Set(id),
        at: Set(tx.now()),
        actor_person: Set(entry.actor),
        action: Set(entry.action.to_owned()),
        subject_kind: Set(entry.subject_kind.to_owned()),
        subject_id: Set(entry.subject_id),
        commitment: Set(commitment(&salt, &entry.details, address.as_deref())),
        salt: Set(Some(salt)),
        details: Set(Some(entry.details)),
        address: Set(address),
        sequence: Set(None),
        seal: Set(None),
    })
    .exec_without_returning(tx.db())
    .await?;
    Ok(id)
}

/// SHA-256 over salt, details and network address, in hexadecimal. Whoever has no salt learns
/// nothing from it.
pub(super) fn commitment(salt: &str, details: &Value, address: Option<&str>) -> String {
    hex(&Sha256::new()
        .chain_update(salt)
        .chain_update([0])
        .chain_update(canonical(details))
        .chain_update([0])
        .chain_update(address.unwrap_or_default())
        .finalize())
}

/// JSON with the keys of each object in order, so that it is the same text whichever database and
/// build it went through.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut keys: Vec<_> = fields.iter().collect();
            keys.sort_by_key(|(key, _)| key.as_str());
            let inner: Vec<_> = keys
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Value::String(key.clone()), canonical(value)))
                .collect();
            format!("{{{}}}", inner.join(","))
        }
        Value::Array(items) => {
            let inner: Vec<_> = items.iter().map(canonical).collect();
            format!("[{}]", inner.join(","))
        }
        plain => plain.to_string(),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_commitment_does_not_depend_on_the_order_of_keys_and_binds_every_part() {
        let one: Value = serde_json::from_str(r#"{"b":[1,{"y":"二","x":null}],"a":true}"#).unwrap();
        let other: Value =
            serde_json::from_str(r#"{"a":true,"b":[1,{"x":null,"y":"二"}]}"#).unwrap();
        let base = commitment("s", &one, Some("10.0.0.1"));
        assert_eq!(base, commitment("s", &other, Some("10.0.0.1")));
        assert_ne!(base, commitment("t", &one, Some("10.0.0.1")));
        assert_ne!(base, commitment("s", &one, None));
        assert_ne!(base, commitment("s", &json!({"a": true}), Some("10.0.0.1")));
    }
}
