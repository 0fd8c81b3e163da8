//! The open form: anybody writes down what is asked and confirms the address by the mailed link. Only
//! then does the application count, in the order of confirming.

use chrono::TimeDelta;
use entity::{
    enrolment::{self, EnrolmentState},
    ids::{ApplicationId, RegistrationId, UnitId},
    open_application, person, registration,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    CONFIRM_PATH,
    arrive::{self, Arrival},
    board::Locked,
    facts::{self, Answers},
    mails::{self, Confirm, ToApprove},
    matter::Matter,
    owners::Owners,
    rules, store,
};
use crate::{
    accounts::{audit, limits::Tries},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        links::{Purpose, Target},
        mail::{self, About, Options, Recipient},
        store::WriteTx,
        ui::Fields,
    },
    people::{self, NewPerson, contact_data},
    units,
};

/// The page that confirms an address.
const CONFIRM: Purpose = Purpose {
    label: "registration.confirm",
    path: CONFIRM_PATH,
};
/// How long an address can be confirmed.
const LIFETIME: TimeDelta = TimeDelta::hours(24);
/// How long what was typed is kept after that, to say that the link has run out.
const KEPT: TimeDelta = TimeDelta::days(7);

/// What was typed, read.
struct Typed {
    name: String,
    email: String,
    phone: String,
    unit: Option<UnitId>,
    unit_name: String,
    position: String,
    answers: Answers,
}

/// Takes an application down and mails the link that confirms it. Nothing in the answer says whether
/// the address is known.
///
/// # Errors
/// [`Error::NotFound`] where there is no open form; refusals at the fields; the phase's refusal;
/// `registration.too_many_tries`.
pub async fn apply(
    ctx: &Context,
    id: RegistrationId,
    fields: &Fields,
    network: &str,
) -> Result<()> {
    let row = open_form(ctx, id).await?;
    rules::may_enrol(rules::phase(&row, ctx.now()))?;
    let typed = read(ctx, &row, fields).await?;
    let tries = Tries::of(ctx, "join", &typed.email, network);
    if let Some(minutes) = tries.minutes_to_wait(ctx).await? {
        return Err(Refusal::new("registration.too_many_tries")
            .with("minutes", minutes)
            .into());
    }
    let tx = ctx.store.begin().await?;
    tries.count(&tx).await?;
    let secret = tx.platform().token();
    let application: ApplicationId = tx.id();
    let until = tx.now() + LIFETIME;
    let sittings = store::sittings(tx.db(), id).await?;
    let letter = Confirm {
        matter: Matter::of(&row, &sittings),
        secret: secret.clone(),
        until,
    };
    let to = Recipient {
        person: None,
        name: typed.name.clone(),
        address: Some(typed.email.clone()),
    };
    open_application::Entity::insert(open_application::ActiveModel {
        id: Set(application),
        registration_id: Set(id),
        token_hash: Set(digest(&secret)),
        name: Set(typed.name),
        email: Set(typed.email),
        phone: Set(typed.phone),
        unit_id: Set(typed.unit),
        unit_name: Set(typed.unit_name),
        position: Set(typed.position),
        answers: Set(serde_json::to_value(&typed.answers)?),
        created_at: Set(tx.now()),
        expires_at: Set(until),
        confirmed_at: Set(None),
        enrolment_id: Set(None),
    })
    .exec_without_returning(tx.db())
    .await?;
    let about = About {
        subject: application.0,
        generation: 1,
        cause: format!("网上报名 {}", row.title),
    };
    let options = Options {
        urgent: true,
        expires_at: Some(until),
        ..Options::default()
    };
    mail::outbox::enqueue(&tx, &to, &about, options, &letter).await?;
    tx.commit().await
}

/// A registration with an open form that is shown.
///
/// # Errors
/// [`Error::NotFound`] for any other.
pub async fn open_form(ctx: &Context, id: RegistrationId) -> Result<registration::Model> {
    let row = store::get(ctx.store.read(), id).await?;
    if row.open_form && row.published_at.is_some() {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

async fn read(ctx: &Context, row: &registration::Model, fields: &Fields) -> Result<Typed> {
    let mut errors = FieldErrors::default();
    let mut noted = |field: &str, refusal| errors.add(field, refusal);
    let needed = |found: Option<String>| found.ok_or_else(|| Refusal::new("form.required"));
    let name = contact_data::name(fields.text("name"))
        .map_err(|no| noted("name", no))
        .unwrap_or_default();
    let email = contact_data::email(fields.text("email"))
        .and_then(needed)
        .map_err(|no| noted("email", no))
        .unwrap_or_default();
    let phone = contact_data::mobile(fields.text("phone"))
        .and_then(needed)
        .map_err(|no| noted("phone", no))
        .unwrap_or_default();
    let position = fields.optional("position", 60, &mut errors);
    let typed_unit = fields.optional("unit", 80, &mut errors);
    let unit = units::by_name(ctx.store.read(), &typed_unit).await?;
    if unit.is_none() && row.needs_unit_approval {
        errors.add("unit", Refusal::new("registration.unit_needed"));
    }
    let questions = facts::questions(row)?;
    let typed = |key: &str| fields.text(&format!("q_{key}"));
    let answers = facts::read_answers(&questions, typed, &mut errors);
    if !fields.has("agree") {
        errors.add("agree", Refusal::new("registration.agree"));
    }
    errors.into_result(Typed {
        unit_name: unit.as_ref().map_or(typed_unit, |unit| unit.name.clone()),
        unit: unit.map(|unit| unit.id),
        name,
        email,
        phone,
        position,
        answers,
    })
}

/// The application behind a mailed link.
///
/// # Errors
/// [`Error::NotFound`] for a link that was not given out, or so long ago that nothing is kept.
pub async fn look<C: ConnectionTrait>(db: &C, secret: &str) -> Result<open_application::Model> {
    open_application::Entity::find()
        .filter(open_application::Column::TokenHash.eq(digest(secret)))
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// What the page of the link stands for, to tell a person from a scanner of mails.
pub(super) fn target(application: &open_application::Model) -> Target {
    Target {
        purpose: CONFIRM,
        subject: application.id.0,
        person: application.registration_id.0,
        generation: 1,
    }
}

/// Confirms an address: the application becomes an enrolment, decided like any other. Confirming again
/// gives the same enrolment.
///
/// # Errors
/// [`Error::NotFound`] as [`look`]; `registration.application_expired`; the conflicts of an arrival;
/// a refusal when address or number belong to somebody of another name.
pub async fn confirm(ctx: &Context, owners: &Owners, secret: &str) -> Result<enrolment::Model> {
    let tx = ctx.store.begin().await?;
    let application = open_application::Entity::find()
        .filter(open_application::Column::TokenHash.eq(digest(secret)))
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    if let Some(enrolment) = application.enrolment_id {
        return store::enrolment(tx.db(), enrolment).await;
    }
    if application.expires_at <= tx.now() {
        return Err(Refusal::new("registration.application_expired").into());
    }
    // Under the lock, so that somebody who fills the form in twice is one person.
    let mut locked = Locked::take(&tx, application.registration_id).await?;
    let person = the_person(&tx, &application).await?;
    let arrival = Arrival {
        awaits_unit: locked.row.needs_unit_approval,
        person,
        unit: application.unit_id,
        unit_name: application.unit_name.clone(),
        position: application.position.clone(),
        phone: application.phone.clone(),
        email: Some(application.email.clone()),
        answers: serde_json::from_value(application.answers.clone())?,
        by: None,
    };
    let row = arrive::arrive(&tx, ctx, owners, &mut locked, &arrival).await?;
    if row.state == EnrolmentState::AwaitingUnit {
        ask_unit(&tx, &locked, &row, &arrival.person).await?;
    }
    open_application::Entity::update(open_application::ActiveModel {
        id: Set(application.id),
        confirmed_at: Set(Some(tx.now())),
        enrolment_id: Set(Some(row.id)),
        ..Default::default()
    })
    .exec(tx.db())
    .await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(row.person_id),
            action: "registration.apply",
            subject_kind: "enrolment",
            subject_id: Some(row.id.0),
            details: json!({}),
        },
    )
    .await?;
    tx.commit().await?;
    Ok(row)
}

/// The person who confirmed: known by name with address or number, or new.
async fn the_person(tx: &WriteTx, application: &open_application::Model) -> Result<person::Model> {
    let (email, phone) = (application.email.as_str(), application.phone.as_str());
    if let Some(known) =
        people::recognise(tx.db(), &application.name, Some(email), Some(phone)).await?
    {
        return Ok(known);
    }
    let new = NewPerson {
        name: application.name.clone(),
        email: Some(email.to_owned()),
        mobile: Some(phone.to_owned()),
        sample: false,
    };
    let id = people::add(tx, new).await?;
    people::get(tx.db(), id).await
}

/// Asks the contacts of the unit.
async fn ask_unit(
    tx: &WriteTx,
    locked: &Locked,
    row: &enrolment::Model,
    person: &person::Model,
) -> Result<()> {
    let Some(unit) = row.unit_id else {
        return Ok(());
    };
    let matter = locked.matter();
    for contact in units::contacts(tx.db(), unit).await? {
        let to = Recipient {
            person: Some(contact.person.id),
            name: contact.person.name,
            address: contact.person.email,
        };
        let letter = ToApprove {
            name: person.name.clone(),
            position: row.position.clone(),
            path: format!("/registrations/{}", locked.row.id),
            matter: matter.clone(),
        };
        let about = About {
            subject: row.id.0,
            generation: row.rounds,
            cause: format!("请单位确认 {}", matter.short_title()),
        };
        mail::outbox::enqueue(tx, &to, &about, Options::default(), &letter).await?;
    }
    let letter = mails::AwaitingUnit {
        link: mails::Key::of(row, &person.name),
        unit: row.unit_name.clone(),
        matter: matter.clone(),
    };
    mails::send(tx, row, person, &matter, Options::default(), &letter).await
}

/// Takes away what was typed and never confirmed. Returns how many went.
///
/// # Errors
/// When the database fails.
pub async fn forget_unconfirmed(ctx: &Context) -> Result<usize> {
    let tx = ctx.store.begin().await?;
    let gone = open_application::Entity::delete_many()
        .filter(open_application::Column::ConfirmedAt.is_null())
        .filter(open_application::Column::ExpiresAt.lte(tx.now() - KEPT))
        .exec(tx.db())
        .await?;
    tx.commit().await?;
    Ok(usize::try_from(gone.rows_affected).unwrap_or(usize::MAX))
}

fn digest(secret: &str) -> String {
    Sha256::digest(secret)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
