//! Roles of the secretariat and of the working groups: an approver gives and takes them, to others
//! only. Contacts of units get theirs from `units`.

use std::collections::BTreeMap;

use entity::{
    account,
    ids::{AccountId, PersonId},
    person,
    role_grant::{self, Role},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::{Action, Actor, Owner, audit, grants, invite::invite};
use crate::{
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
        texts::{Label, Language},
    },
    people::{self, NewPerson},
};

/// Roles that are given here.
pub const GIVEN_HERE: [Role; 4] = [
    Role::Handler,
    Role::Approver,
    Role::Training,
    Role::Exchange,
];

/// Somebody with roles.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    pub person: person::Model,
    pub account: account::Model,
    pub roles: Vec<role_grant::Model>,
}

/// Everybody who has one of these roles, in the order in which they got the first.
pub(super) async fn holders<C: ConnectionTrait>(db: &C, wanted: &[Role]) -> Result<Vec<Holder>> {
    let rows = role_grant::Entity::find()
        .filter(role_grant::Column::RevokedAt.is_null())
        .filter(role_grant::Column::Role.is_in(wanted.iter().copied()))
        .order_by_asc(role_grant::Column::GrantedAt)
        .order_by_asc(role_grant::Column::Id)
        .all(db)
        .await?;
    let mut order: Vec<AccountId> = Vec::new();
    let mut roles: BTreeMap<AccountId, Vec<role_grant::Model>> = BTreeMap::new();
    for row in rows {
        if !order.contains(&row.account_id) {
            order.push(row.account_id);
        }
        roles.entry(row.account_id).or_default().push(row);
    }
    let accounts = account::Entity::find()
        .filter(account::Column::Id.is_in(order.iter().copied()))
        .all(db)
        .await?;
    let ids: Vec<_> = accounts.iter().map(|account| account.person_id).collect();
    let people = people::by_ids(db, &ids).await?;
    Ok(order
        .into_iter()
        .filter_map(|id| {
            let account = accounts.iter().find(|account| account.id == id)?.clone();
            let person = people.get(&account.person_id)?.clone();
            let roles = roles.remove(&id)?;
            Some(Holder {
                person,
                account,
                roles,
            })
        })
        .collect())
}

/// Everybody who has `role`, one of [`GIVEN_HERE`], now, in the order in which they got their first.
///
/// # Errors
/// When the database fails.
pub async fn people_with<C: ConnectionTrait>(db: &C, role: Role) -> Result<Vec<person::Model>> {
    Ok(holders(db, &GIVEN_HERE)
        .await?
        .into_iter()
        .filter(|holder| holder.account.disabled_at.is_none())
        .filter(|holder| holder.roles.iter().any(|grant| grant.role == role))
        .map(|holder| holder.person)
        .collect())
}

/// Whom to give a role.
#[derive(Clone, Debug)]
pub struct Given {
    /// Name.
    pub name: String,
    /// E-mail address to sign in with.
    pub email: String,
    /// The role.
    pub role: Role,
}

/// Gives a role; somebody new is invited by mail.
pub(super) async fn give(ctx: &Context, actor: &Actor, given: Given) -> Result<PersonId> {
    actor.require(Action::ManageRoles, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let (person, _) = appoint(&tx, ctx, Some(actor), given).await?;
    tx.commit().await?;
    Ok(person.id)
}

/// The same within a write, also for the command line, which acts for nobody: it makes the first
/// approver. Gives the secret of the invitation, if one went out.
///
/// # Errors
/// Refusals of the fields `name` and `email`; `accounts.own_role` and `accounts.has_role`.
pub async fn appoint(
    tx: &WriteTx,
    ctx: &Context,
    actor: Option<&Actor>,
    given: Given,
) -> Result<(person::Model, Option<String>)> {
    let person = people::find_or_add(
        tx,
        NewPerson {
            name: given.name,
            email: Some(given.email),
            ..NewPerson::default()
        },
    )
    .await?;
    if actor.is_some_and(|actor| actor.person == person.id) {
        return Err(Refusal::new("accounts.own_role").into());
    }
    let Some(email) = person.email.clone() else {
        return Err(Error::Invalid(FieldErrors::at(
            "email",
            Refusal::new("form.required"),
        )));
    };
    let account = grants::open(tx, person.id, &email).await?;
    if !grants::grant(tx, account.id, given.role, None).await? {
        return Err(Refusal::new("accounts.has_role")
            .with("role", given.role.zh())
            .into());
    }
    let secret = invite(
        tx,
        ctx,
        &person,
        &account,
        given.role.label(Language::Chinese),
    )
    .await?;
    audit::record(
        tx,
        audit::Entry {
            actor: actor.map(|actor| actor.person),
            action: "accounts.role_given",
            subject_kind: "person",
            subject_id: Some(person.id.0),
            details: json!({ "name": person.name, "role": given.role.zh() }),
        },
    )
    .await?;
    Ok((person, secret))
}

/// Takes a role back. The last approver stays.
pub(super) async fn take(ctx: &Context, actor: &Actor, person: PersonId, role: Role) -> Result<()> {
    actor.require(Action::ManageRoles, &Owner::ALLIANCE)?;
    if !GIVEN_HERE.contains(&role) {
        return Err(Error::NotFound);
    }
    let tx = ctx.store.begin().await?;
    let row = people::lock(&tx, person).await?;
    if role == Role::Approver {
        let approvers = role_grant::Entity::find()
            .filter(role_grant::Column::Role.eq(Role::Approver))
            .filter(role_grant::Column::RevokedAt.is_null())
            .lock_exclusive()
            .all(tx.db())
            .await?;
        if approvers.len() < 2 {
            return Err(Refusal::new("accounts.last_approver").into());
        }
    }
    grants::revoke(&tx, person, role, None).await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "accounts.role_taken",
            subject_kind: "person",
            subject_id: Some(person.0),
            details: json!({ "name": row.name, "role": role.zh() }),
        },
    )
    .await?;
    tx.commit().await
}
