//! A participant gets a new link to their enrolment, and the former one ends: because somebody asks for
//! it, or because the address it went to was wrong.

use entity::{
    enrolment::{self, EnrolmentState},
    ids::{EnrolmentId, PersonId},
    person,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{
    access,
    board::{self, Locked, STANDING},
    mails::{self, Key},
    owners::Owners,
    rules, store,
};
use crate::{
    accounts::{Actor, audit},
    foundation::{
        context::{Boxed, Context},
        error::{FieldErrors, Refusal, Result},
        mail::{self, Options, Renewed},
        store::WriteTx,
    },
    people::{self, AddressBook, contact_data},
};

/// Sends a participant a new link; the former one ends. With an address in `email`, that of the person
/// is corrected first, and their links elsewhere go there too. Who signs in, or is an expert, keeps an
/// address of their own, which is not touched here.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for others than contacts of the unit and the group;
/// refusals of `email`; `registration.own_address`, `registration.not_standing`, and the phase's refusal.
pub async fn send_new_link(
    ctx: &Context,
    owners: &Owners,
    actor: &Actor,
    id: EnrolmentId,
    email: &str,
) -> Result<()> {
    let email = contact_data::email(email).map_err(|no| FieldErrors::at("email", no))?;
    let tx = ctx.store.begin().await?;
    let person_id = store::enrolment(tx.db(), id).await?.person_id;
    EnrolmentLinks.hold(&tx, person_id).await?;
    let (mut locked, row) = Locked::of_enrolment(&tx, id).await?;
    access::require_for(actor, owners, &locked.row, &row)?;
    rules::may_leave(locked.phase(&tx))?;
    if !rules::stands(row.state) {
        return Err(Refusal::new("registration.not_standing").into());
    }
    let person = people::lock(&tx, person_id).await?;
    let changed = email.is_some() && email != person.email;
    if changed {
        let person = correct(&tx, &row, &person, email).await?;
        EnrolmentLinks.moved(&tx, ctx, &person).await?;
    } else {
        renew(&tx, &mut locked, row, &person).await?;
    }
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "registration.new_link",
            subject_kind: "enrolment",
            subject_id: Some(id.0),
            details: json!({ "email_changed": changed }),
        },
    )
    .await?;
    tx.commit().await
}

/// Gives the person another address; what has not left goes there.
async fn correct(
    tx: &WriteTx,
    row: &enrolment::Model,
    person: &person::Model,
    email: Option<String>,
) -> Result<person::Model> {
    let refuse = |code| FieldErrors::at("email", Refusal::new(code).with("name", &person.name));
    if store::keeps_own_address(tx.db(), person.id).await? {
        return Err(refuse("registration.own_address").into());
    }
    let known = people::recognise(tx.db(), &person.name, email.as_deref(), None).await?;
    if known.is_some_and(|other| other.id != person.id) {
        return Err(refuse("people.email_kept").into());
    }
    let mobile = person.mobile.as_deref();
    let person = people::correct(tx, person.id, &person.name, email.as_deref(), mobile).await?;
    if let Some(address) = &person.email {
        mail::outbox::readdress(tx, person.id, address).await?;
    }
    let given = enrolment::ActiveModel {
        id: Set(row.id),
        email: Set(email),
        ..Default::default()
    };
    board::set(tx, given).await?;
    Ok(person)
}

/// The next generation of a person's link, in mails that have not left and in one of its own.
async fn renew(
    tx: &WriteTx,
    locked: &mut Locked,
    row: enrolment::Model,
    person: &person::Model,
) -> Result<()> {
    let seated = row.state == EnrolmentState::Enrolled;
    if seated {
        locked.next_sequence(tx).await?;
    }
    let changed = enrolment::ActiveModel {
        id: Set(row.id),
        generation: Set(row.generation + 1),
        rounds: Set(row.rounds + 1),
        ..Default::default()
    };
    let row = board::set(tx, changed).await?;
    let link = Renewed {
        subject: row.id.0,
        person: row.person_id,
        generation: row.generation,
    };
    let to: Vec<_> = [Some(row.person_id), row.by_person]
        .into_iter()
        .flatten()
        .collect();
    mail::relink(tx, &to, link).await?;
    let offer = store::open_offer(tx.db(), row.id).await?;
    let matter = locked.matter();
    let letter = mails::NewLink {
        link: Key::of(&row, &person.name),
        state: row.state,
        until: offer.map(|offer| offer.until),
        entry: seated.then(|| locked.entry(row.id, false)),
        matter: matter.clone(),
    };
    mails::send(tx, &row, person, &matter, Options::default(), &letter).await
}

/// Links of participants.
#[derive(Clone, Copy, Debug)]
pub struct EnrolmentLinks;

impl AddressBook for EnrolmentLinks {
    fn hold<'a>(&'a self, tx: &'a WriteTx, person: PersonId) -> Boxed<'a, Result<()>> {
        Box::pin(async move {
            for row in standing(tx, person).await? {
                store::lock(tx, row.registration_id).await?;
            }
            Ok(())
        })
    }

    fn moved<'a>(
        &'a self,
        tx: &'a WriteTx,
        _: &'a Context,
        person: &'a person::Model,
    ) -> Boxed<'a, Result<()>> {
        Box::pin(async move {
            for row in standing(tx, person.id).await? {
                let mut locked = Locked::take(tx, row.registration_id).await?;
                if rules::may_leave(locked.phase(tx)).is_ok() {
                    renew(tx, &mut locked, row, person).await?;
                }
            }
            Ok(())
        })
    }
}

/// Where the person stands, in the order of registrations.
async fn standing(tx: &WriteTx, person: PersonId) -> Result<Vec<enrolment::Model>> {
    Ok(enrolment::Entity::find()
        .filter(enrolment::Column::PersonId.eq(person))
        .filter(enrolment::Column::State.is_in(STANDING))
        .order_by_asc(enrolment::Column::RegistrationId)
        .all(tx.db())
        .await?)
}
