//! A contact leaves: closed, or handed over to a successor. What the contact did stays with the unit.

use entity::{
    ids::{ContactId, UnitId},
    role_grant::Role,
    unit_contact::{self, ContactState},
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::{
    add_contact::{self, NewContact, own},
    read, rules,
};
use crate::{
    accounts::{Actor, audit, grants},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
    },
};

/// Closes a contact. The right to act for the unit ends at the next request.
///
/// # Errors
/// The refusals `units.last_contact` and `units.contact_closed`; [`Error::NotFound`] for another
/// unit's contact.
pub async fn close_contact(ctx: &Context, actor: &Actor, contact: ContactId) -> Result<UnitId> {
    let tx = ctx.store.begin().await?;
    let (unit, contact) = own(&tx, actor, contact).await?;
    let open = read::contacts(tx.db(), unit.id).await?.len();
    rules::close_contact(open, actor.is_secretariat())?;
    end(&tx, &contact, None).await?;
    record(&tx, actor, "units.contact_left", &contact, None).await?;
    tx.commit().await?;
    Ok(unit.id)
}

/// Who takes over.
#[derive(Clone, Debug)]
pub enum Successor {
    /// A contact of the same unit.
    Known(ContactId),
    /// Somebody who is invited now.
    New(NewContact),
}

/// Hands a contact's place over.
///
/// # Errors
/// Those of [`close_contact`] and of [`add_contact::add_contact`]; the refusal of the field
/// `successor`.
pub async fn hand_over(
    ctx: &Context,
    actor: &Actor,
    contact: ContactId,
    successor: &Successor,
) -> Result<UnitId> {
    let tx = ctx.store.begin().await?;
    let (unit, contact) = own(&tx, actor, contact).await?;
    let successor = match successor {
        Successor::Known(id) => {
            let standing = read::contacts(tx.db(), unit.id).await?;
            let known = standing
                .iter()
                .find(|known| known.contact.id == *id && *id != contact.id);
            known
                .ok_or_else(|| {
                    Error::Invalid(FieldErrors::at("successor", Refusal::new("form.choose")))
                })?
                .contact
                .id
        }
        Successor::New(new) => {
            add_contact::add_within(&tx, ctx, Some(actor.person), &unit, new).await?
        }
    };
    end(&tx, &contact, Some(successor)).await?;
    record(
        &tx,
        actor,
        "units.contact_handed_over",
        &contact,
        Some(successor),
    )
    .await?;
    tx.commit().await?;
    Ok(unit.id)
}

/// Closes all contacts of a unit that leaves the alliance.
pub(super) async fn close_all(tx: &WriteTx, actor: &Actor, unit: UnitId) -> Result<()> {
    for known in read::contacts(tx.db(), unit).await? {
        end(tx, &known.contact, None).await?;
        record(tx, actor, "units.contact_left", &known.contact, None).await?;
    }
    Ok(())
}

async fn end(
    tx: &WriteTx,
    contact: &unit_contact::Model,
    successor: Option<ContactId>,
) -> Result<()> {
    unit_contact::Entity::update(unit_contact::ActiveModel {
        state: Set(ContactState::Closed),
        closed_at: Set(Some(tx.now())),
        successor_id: Set(successor),
        ..contact.clone().into()
    })
    .exec(tx.db())
    .await?;
    grants::revoke(tx, contact.person_id, Role::Contact, Some(contact.unit_id)).await
}

async fn record(
    tx: &WriteTx,
    actor: &Actor,
    action: &'static str,
    contact: &unit_contact::Model,
    successor: Option<ContactId>,
) -> Result<()> {
    let name = read::contact_name(tx, contact.id).await?;
    let successor = match successor {
        Some(id) => Some(read::contact_name(tx, id).await?),
        None => None,
    };
    audit::record(
        tx,
        audit::Entry {
            actor: Some(actor.person),
            action,
            subject_kind: "unit",
            subject_id: Some(contact.unit_id.0),
            details: json!({ "name": name, "successor": successor }),
        },
    )
    .await?;
    Ok(())
}
