//! A unit recommends: drafts, sends, takes back.

use entity::{
    expert::{self, ExpertState},
    ids::{ExpertId, PersonId, UnitId},
    person, unit,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    profile::Profile,
    rules::{self, Identity, Step},
    store,
};
use crate::{
    accounts::{Action, Actor, Owner, audit},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        files::{self, Upload},
        store::WriteTx,
        ui::Fields,
    },
    people::{self, NewPerson, contact_data},
    units,
};

/// The part of an expert's files that holds the stamped form.
pub(super) fn stamped_form(id: ExpertId) -> files::Owner {
    files::Owner {
        kind: "expert",
        id: id.0,
        part: "stamped_form",
    }
}

/// Keeps a draft, new or known, with the stamped form when one is given (it takes the place of an
/// older one).
///
/// # Errors
/// Refusals of fields; `experts.not_council`; `experts.wrong_state` when it is no draft any more.
pub async fn save(
    ctx: &Context,
    actor: &Actor,
    unit: UnitId,
    known: Option<ExpertId>,
    fields: &Fields,
    scan: Option<&Upload>,
) -> Result<ExpertId> {
    actor.require(Action::RecommendExpert, &Owner::unit(unit))?;
    let mut errors = FieldErrors::default();
    let profile = Profile::read(fields, &mut errors);
    if let Some(Err(refusal)) = scan.map(|upload| files::check(upload, &ctx.config.files)) {
        errors.add("scan", refusal);
    }
    errors.into_result(())?;
    let tx = ctx.store.begin().await?;
    rules::may_recommend(units::get(tx.db(), unit).await?.tier)?;
    let id = match known {
        None => add(ctx, &tx, unit, &profile, actor.person).await?,
        Some(id) => {
            let row = store::lock(&tx, id).await?;
            if row.unit_id != Some(unit) || row.guest {
                return Err(Error::NotFound);
            }
            if !rules::EDITABLE.contains(&row.state) {
                return Err(Refusal::new("experts.wrong_state").into());
            }
            // The row of a person belongs to the draft alone until it is approved, so correcting it
            // here changes nobody else's address.
            correct(&tx, row.person_id, &profile).await?;
            store::update(&tx, id, profile.columns()).await?;
            id
        }
    };
    if let Some(upload) = scan {
        let owner = stamped_form(id);
        for old in files::list(tx.db(), owner).await? {
            files::remove(&tx, owner, old.id).await?;
        }
        files::keep(&tx, owner, upload, &ctx.config.files).await?;
    }
    tx.commit().await?;
    Ok(id)
}

async fn add(
    ctx: &Context,
    tx: &WriteTx,
    unit: UnitId,
    profile: &Profile,
    by: PersonId,
) -> Result<ExpertId> {
    let person = people::add(tx, new_person(profile)).await?;
    let id: ExpertId = tx.id();
    store::insert(
        tx,
        expert::ActiveModel {
            unit_id: Set(Some(unit)),
            state: Set(ExpertState::Draft),
            ..blank(ctx, tx, id, person, profile)
        },
    )
    .await?;
    audit::record(
        tx,
        audit::Entry {
            actor: Some(by),
            action: "experts.draft",
            subject_kind: "expert",
            subject_id: Some(id.0),
            details: json!({ "name": profile.name }),
        },
    )
    .await?;
    Ok(id)
}

/// A row with a profile and nothing done to it yet; `unit_id` and `state` are the caller's.
pub(super) fn blank(
    ctx: &Context,
    tx: &WriteTx,
    id: ExpertId,
    person: PersonId,
    profile: &Profile,
) -> expert::ActiveModel {
    expert::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        guest: Set(false),
        guest_reason: Set(String::new()),
        max_open: Set(ctx.config.pool.max_open_assignments),
        max_year: Set(ctx.config.pool.max_assignments_a_year),
        term_id: Set(None),
        engagement_number: Set(None),
        engaged_from: Set(None),
        engaged_to: Set(None),
        link_generation: Set(1),
        recommended_by: Set(None),
        recommended_at: Set(None),
        first_approved_by: Set(None),
        decided_by: Set(None),
        decided_at: Set(None),
        decision_note: Set(String::new()),
        exception_note: Set(String::new()),
        ended_on: Set(None),
        end_reason: Set(String::new()),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        ..profile.columns()
    }
}

pub(super) fn new_person(profile: &Profile) -> NewPerson {
    NewPerson {
        name: profile.name.clone(),
        email: Some(profile.email.clone()),
        mobile: Some(profile.mobile.clone()),
        sample: false,
    }
}

async fn correct(tx: &WriteTx, person: PersonId, profile: &Profile) -> Result<person::Model> {
    people::correct(
        tx,
        person,
        &profile.name,
        Some(&profile.email),
        Some(&profile.mobile),
    )
    .await
}

/// Sends a recommendation to the secretariat. The seat is decided under the unit's lock.
///
/// # Errors
/// What is missing, at its field; `experts.not_council`, `experts.quota_full`, `experts.duplicate`,
/// `experts.wrong_state`.
pub async fn send(ctx: &Context, actor: &Actor, unit: UnitId, id: ExpertId) -> Result<()> {
    actor.require(Action::RecommendExpert, &Owner::unit(unit))?;
    let tx = ctx.store.begin().await?;
    let (_, known) = store::lock_seats(&tx, ctx.today(), Some(unit)).await?;
    let row = store::lock(&tx, id).await?;
    if row.unit_id != Some(unit) || row.guest {
        return Err(Error::NotFound);
    }
    let known = known.ok_or(Error::NotFound)?;
    rules::may_recommend(known.tier)?;
    let person = people::get(tx.db(), row.person_id).await?;
    let profile = Profile::of(&row, &person);
    profile
        .missing(ctx.config.pool.min_keywords)
        .into_result(())?;
    check_seat(ctx, &tx, &known, id).await?;
    check_duplicate(&tx, id, &profile, &known.name).await?;
    store::take(
        &tx,
        &row,
        Step::Send,
        Some(actor.person),
        "",
        expert::ActiveModel {
            recommended_by: Set(Some(actor.person)),
            recommended_at: Set(Some(tx.now())),
            first_approved_by: Set(None),
            ..Default::default()
        },
    )
    .await?;
    tx.commit().await
}

/// Whether the unit has a seat left, besides the one that `own` may have.
pub(super) async fn check_seat(
    ctx: &Context,
    tx: &WriteTx,
    unit: &unit::Model,
    own: ExpertId,
) -> Result<()> {
    let mut names: Vec<_> = store::in_states(tx.db(), &rules::SEATED, Some(unit.id))
        .await?
        .into_iter()
        .filter(|(row, _)| !row.guest && row.id != own)
        .map(|(_, person)| person.name)
        .collect();
    names.sort();
    let seats = usize::try_from(ctx.config.pool.seats_per_council_unit).map_err(Error::internal)?;
    Ok(rules::seat_free(&names, seats)?)
}

/// Whether somebody else recommends or has engaged the same person. The caller holds
/// [`store::lock_seats`].
pub(super) async fn check_duplicate(
    tx: &WriteTx,
    own: ExpertId,
    profile: &Profile,
    unit_name: &str,
) -> Result<()> {
    let email = contact_data::email(&profile.email)?;
    let mobile = contact_data::mobile(&profile.mobile)?;
    let place = if profile.affiliation.is_empty() {
        unit_name
    } else {
        &profile.affiliation
    };
    let one = Identity {
        name: &profile.name,
        email: email.as_deref(),
        mobile: mobile.as_deref(),
        affiliation: place,
    };
    let units: std::collections::HashMap<_, _> = units::all(tx.db())
        .await?
        .into_iter()
        .map(|unit| (unit.id, unit.name))
        .collect();
    let living = store::in_states(tx.db(), &rules::ALIVE, None).await?;
    let described = living.iter().map(|(row, person)| {
        let unit = row
            .unit_id
            .and_then(|id| units.get(&id))
            .map_or("", String::as_str);
        let affiliation = if row.affiliation.is_empty() {
            unit
        } else {
            &row.affiliation
        };
        let other = Identity {
            name: &person.name,
            email: person.email.as_deref(),
            mobile: person.mobile.as_deref(),
            affiliation,
        };
        let by = match (row.guest, unit) {
            (true, _) => "秘书处（特邀专家）",
            (false, unit) => unit,
        };
        (row.id, other, (by, person.name.as_str()))
    });
    match rules::find_duplicate(own, &one, described) {
        Some((by, name)) => Err(rules::duplicate(by, name).into()),
        None => Ok(()),
    }
}

/// Takes a recommendation back, with a reason.
///
/// # Errors
/// `form.required` without a reason; `experts.wrong_state` after the engagement.
pub async fn withdraw(
    ctx: &Context,
    actor: &Actor,
    unit: UnitId,
    id: ExpertId,
    fields: &Fields,
) -> Result<()> {
    actor.require(Action::RecommendExpert, &Owner::unit(unit))?;
    let mut errors = FieldErrors::default();
    let reason = fields.required("reason", 200, &mut errors);
    errors.into_result(())?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    if row.unit_id != Some(unit) || row.guest {
        return Err(Error::NotFound);
    }
    store::take(
        &tx,
        &row,
        Step::Withdraw,
        Some(actor.person),
        &reason,
        expert::ActiveModel {
            end_reason: Set(reason.clone()),
            ..Default::default()
        },
    )
    .await?;
    super::mails::cancel_confirm(&tx, id).await?;
    tx.commit().await
}
