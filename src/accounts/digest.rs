//! Who reads the weekly digest of what waits. Everybody who acts for a unit does, until they switch it
//! off: by the link below each digest, or at the page of their account, where it is switched on again.
//! What stands in it is known above.

use entity::{
    account, digest_stop,
    ids::{PersonId, SessionId},
    person,
    role_grant::Role,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};
use uuid::Uuid;

use super::{
    actor::{Actor, Grant},
    audit, roles,
};
use crate::foundation::{
    context::Context,
    error::{Error, Result},
    links::{Links, Purpose, Target},
    store::WriteTx,
};

/// The link that ends the digest of a person.
pub const STOP: Purpose = Purpose {
    label: "accounts.digest",
    path: "/digest/stop/",
};

/// What the link to end somebody's digest stands for. It works as long as the person is known: who
/// finds an old mail has to be able to end the new ones.
pub fn target(person: PersonId) -> Target {
    Target {
        purpose: STOP,
        subject: person.0,
        person: person.0,
        generation: 0,
    }
}

/// Whoever is sent the digest.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The person with the units that they act for, and no other role: the digest is of the units.
    pub actor: Actor,
    /// Where it goes: the address of the person, or the one they sign in with.
    pub address: String,
}

/// Everybody who acts for a unit and has not switched the digest off.
///
/// # Errors
/// When the database fails.
pub async fn readers<C: ConnectionTrait>(db: &C) -> Result<Vec<Reader>> {
    let stopped: Vec<PersonId> = digest_stop::Entity::find()
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.person_id)
        .collect();
    Ok(roles::holders(db)
        .await?
        .into_iter()
        .filter(|holder| holder.account.disabled_at.is_none())
        .filter(|holder| holder.account.password_hash.is_some())
        .filter(|holder| holder.person.erased_at.is_none())
        .filter(|holder| !stopped.contains(&holder.person.id))
        .filter_map(|holder| {
            let grants: Vec<Grant> = holder
                .roles
                .iter()
                .filter(|grant| grant.role == Role::Contact)
                .map(|grant| Grant {
                    role: grant.role,
                    unit: grant.unit_id,
                    committee: None,
                })
                .collect();
            (!grants.is_empty()).then(|| reader(holder.person, holder.account, grants))
        })
        .collect())
}

fn reader(person: person::Model, account: account::Model, grants: Vec<Grant>) -> Reader {
    Reader {
        address: person.email.unwrap_or(account.email),
        actor: Actor {
            person: person.id,
            account: Some(account.id),
            // Nobody sits at a browser.
            session: SessionId(Uuid::nil()),
            name: person.name,
            sample: person.sample,
            grants,
        },
    }
}

/// Whether the person is sent the digest.
pub(super) async fn is_on<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<bool> {
    let stop = digest_stop::Entity::find_by_id(person).one(db).await?;
    Ok(stop.is_none())
}

/// The person whose digest a link ends.
///
/// # Errors
/// [`Error::NotFound`] for anything but a link that this service gave out.
pub(super) async fn open<C: ConnectionTrait>(
    db: &C,
    links: &Links,
    token: &str,
) -> Result<PersonId> {
    let token = Links::read(token).ok_or(Error::NotFound)?;
    let person = person::Entity::find_by_id(PersonId(token.subject))
        .one(db)
        .await?
        .filter(|person| person.erased_at.is_none())
        .ok_or(Error::NotFound)?;
    if !links.verify(&token, &target(person.id)) {
        return Err(Error::NotFound);
    }
    Ok(person.id)
}

/// Switches the digest on or off; twice does no harm.
///
/// # Errors
/// When the database fails.
pub(super) async fn switch(ctx: &Context, person: PersonId, on: bool) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let changed = if on {
        start(&tx, person).await?
    } else {
        stop(&tx, person).await?
    };
    if changed {
        audit::record(
            &tx,
            audit::Entry {
                actor: Some(person),
                action: "accounts.digest",
                subject_kind: "person",
                subject_id: Some(person.0),
                details: serde_json::json!({ "on": on }),
            },
        )
        .await?;
    }
    tx.commit().await
}

async fn start(tx: &WriteTx, person: PersonId) -> Result<bool> {
    let gone = digest_stop::Entity::delete_by_id(person)
        .exec(tx.db())
        .await?;
    Ok(gone.rows_affected > 0)
}

async fn stop(tx: &WriteTx, person: PersonId) -> Result<bool> {
    let row = digest_stop::ActiveModel {
        person_id: Set(person),
        stopped_at: Set(tx.now()),
    };
    let known = OnConflict::column(digest_stop::Column::PersonId)
        .do_nothing()
        .to_owned();
    let added = digest_stop::Entity::insert(row)
        .on_conflict(known)
        .exec_without_returning(tx.db())
        .await?;
    Ok(added > 0)
}
