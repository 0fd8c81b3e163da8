//! A contact of a unit is invited, and invited again.

use entity::{
    ids::{ContactId, PersonId, UnitId},
    unit,
    unit_contact::{self, ContactState},
};
use sea_orm::{ActiveValue::Set, EntityTrait, QuerySelect};
use serde_json::json;

use super::{keep, read};
use crate::{
    accounts::{Action, Actor, Owner, audit, grants, invite},
    foundation::{
        context::Boxed,
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
    },
    people::{self, NewPerson},
};

/// A contact as typed.
#[derive(Clone, Debug, Default)]
pub struct NewContact {
    /// Name.
    pub name: String,
    /// Position in the unit, at most 60 characters, or empty.
    pub position: String,
    /// E-mail address, needed to sign in.
    pub email: String,
    /// Mobile number, or blank.
    pub mobile: String,
}

/// Invites a contact by mail.
///
/// # Errors
/// Refusals of the fields `name`, `email` and `mobile`; `units.has_left`; [`Error::NotFound`] for
/// another unit.
pub async fn add_contact(
    ctx: &Context,
    actor: &Actor,
    unit: UnitId,
    new: &NewContact,
) -> Result<ContactId> {
    actor.require(Action::ManageContacts, &Owner::unit(unit))?;
    let tx = ctx.store.begin().await?;
    let unit = keep::lock(&tx, unit).await?;
    let contact = add_within(&tx, ctx, Some(actor.person), &unit, new).await?;
    tx.commit().await?;
    Ok(contact)
}

/// The same within a write that holds the lock of the unit.
pub(crate) async fn add_within(
    tx: &WriteTx,
    ctx: &Context,
    actor: Option<PersonId>,
    unit: &unit::Model,
    new: &NewContact,
) -> Result<ContactId> {
    if unit.left_on.is_some() {
        return Err(Refusal::new("units.has_left").into());
    }
    if new.email.trim().is_empty() {
        return Err(Error::Invalid(FieldErrors::at(
            "email",
            Refusal::new("form.required"),
        )));
    }
    let person = people::find_or_add(
        tx,
        NewPerson {
            name: new.name.clone(),
            email: Some(new.email.clone()),
            mobile: Some(new.mobile.clone()),
            sample: false,
        },
    )
    .await?;
    let standing = read::contacts(tx.db(), unit.id).await?;
    if standing.iter().any(|known| known.person.id == person.id) {
        return Err(Error::Invalid(FieldErrors::at(
            "email",
            Refusal::new("units.already_contact").with("name", person.name),
        )));
    }
    let email = person.email.clone().unwrap_or_default();
    let account = grants::open(tx, person.id, &email).await?;
    grants::grant(
        tx,
        account.id,
        entity::role_grant::Role::Contact,
        Some(unit.id),
    )
    .await?;
    let id: ContactId = tx.id();
    let state = if account.password_hash.is_some() {
        ContactState::Active
    } else {
        ContactState::Invited
    };
    unit_contact::Entity::insert(unit_contact::ActiveModel {
        id: Set(id),
        unit_id: Set(unit.id),
        person_id: Set(person.id),
        position: Set(new.position.trim().to_owned()),
        state: Set(state),
        created_at: Set(tx.now()),
        closed_at: Set(None),
        successor_id: Set(None),
    })
    .exec_without_returning(tx.db())
    .await?;
    invite(tx, ctx, &person, &account, &capacity(unit)).await?;
    audit::record(
        tx,
        audit::Entry {
            actor,
            action: "units.contact_added",
            subject_kind: "unit",
            subject_id: Some(unit.id.0),
            details: json!({ "unit": unit.name, "name": person.name }),
        },
    )
    .await?;
    Ok(id)
}

/// Sends a new link to a contact who has not set a password yet; the former link ends.
///
/// # Errors
/// The refusal `units.joined_already`; [`Error::NotFound`] for another unit's contact.
pub async fn invite_again(ctx: &Context, actor: &Actor, contact: ContactId) -> Result<UnitId> {
    let tx = ctx.store.begin().await?;
    let (unit, contact) = own(&tx, actor, contact).await?;
    let person = people::lock(&tx, contact.person_id).await?;
    let email = person.email.clone().unwrap_or_default();
    let account = grants::open(&tx, person.id, &email).await?;
    if account.password_hash.is_some() {
        return Err(Refusal::new("units.joined_already")
            .with("name", person.name)
            .into());
    }
    invite(&tx, ctx, &person, &account, &capacity(&unit)).await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "units.contact_invited_again",
            subject_kind: "unit",
            subject_id: Some(unit.id.0),
            details: json!({ "unit": unit.name, "name": person.name }),
        },
    )
    .await?;
    tx.commit().await?;
    Ok(unit.id)
}

/// An open contact that the actor may manage, with its unit locked.
pub(super) async fn own(
    tx: &WriteTx,
    actor: &Actor,
    id: ContactId,
) -> Result<(unit::Model, unit_contact::Model)> {
    let found = unit_contact::Entity::find_by_id(id)
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    actor.require(Action::ManageContacts, &Owner::unit(found.unit_id))?;
    let unit = keep::lock(tx, found.unit_id).await?;
    let contact = unit_contact::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    if contact.state == ContactState::Closed {
        return Err(Refusal::new("units.contact_closed").into());
    }
    Ok((unit, contact))
}

/// 中国电子学会联络员
fn capacity(unit: &unit::Model) -> String {
    format!("{}联络员", unit.name)
}

/// Contacts, as `accounts` tells them who has come.
#[derive(Clone, Copy, Debug)]
pub struct Contacts;

impl crate::accounts::Inviter for Contacts {
    fn joined<'a>(&'a self, tx: &'a WriteTx, person: PersonId) -> Boxed<'a, Result<()>> {
        Box::pin(async move { read::set_active(tx, person).await })
    }
}
