//! What an expert keeps of the own page: days away, how much to take on, interests, profile,
//! consents.

use chrono::{Days, NaiveDate};
use entity::{
    expert::{self, ExpertState},
    expert_absence, expert_interest,
    ids::{AbsenceId, ConsentId, InterestId, PersonId},
    person,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use serde_json::json;

use super::{consent_texts::ConsentText, end, profile::Profile, recommend, store};
use crate::{
    accounts::{Action, Actor, Owner, audit},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        mail::outbox,
        store::WriteTx,
        ui::Fields,
    },
    people, units,
};

/// Most spans of absence kept for one expert, and most interests.
const MAX_LINES: u64 = 50;
/// Longest absence in days.
const MAX_ABSENCE: u64 = 366;

/// The states in which an expert keeps the page.
const KEEPING: [ExpertState; 2] = [ExpertState::Engaged, ExpertState::Suspended];

/// The expert that a person is: the living engagement, otherwise the newest row that ever was one.
///
/// # Errors
/// [`Error::NotFound`] for people who never were engaged.
pub async fn own<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<expert::Model> {
    let rows = store::of_person(db, person).await?;
    let living = rows.iter().find(|row| KEEPING.contains(&row.state));
    living
        .or_else(|| rows.iter().find(|row| row.engagement_number.is_some()))
        .cloned()
        .ok_or(Error::NotFound)
}

/// The own row, locked, while the engagement lives.
async fn lock_own(tx: &WriteTx, actor: &Actor) -> Result<expert::Model> {
    actor.require(Action::OwnExpertPage, &Owner::person(actor.person))?;
    let id = own(tx.db(), actor.person).await?.id;
    let row = store::lock(tx, id).await?;
    if KEEPING.contains(&row.state) {
        Ok(row)
    } else {
        Err(Refusal::new("experts.engagement_over").into())
    }
}

async fn noted(
    tx: &WriteTx,
    actor: &Actor,
    row: &expert::Model,
    action: &'static str,
    details: serde_json::Value,
) -> Result<()> {
    audit::record(
        tx,
        audit::Entry {
            actor: Some(actor.person),
            action,
            subject_kind: "expert",
            subject_id: Some(row.id.0),
            details,
        },
    )
    .await?;
    Ok(())
}

/// Notes days on which the expert is away.
///
/// # Errors
/// Refusals of the fields `from`, `to`, `note`; `experts.too_many_lines`.
pub async fn add_absence(ctx: &Context, actor: &Actor, fields: &Fields) -> Result<()> {
    let mut errors = FieldErrors::default();
    let from = required_date(fields, "from", &mut errors);
    let to = required_date(fields, "to", &mut errors);
    let note = fields.optional("note", 60, &mut errors);
    if let (Some(from), Some(to)) = (from, to) {
        if to < from {
            errors.add("to", Refusal::new("experts.absence_order"));
        } else if to < ctx.today() {
            errors.add("to", Refusal::new("experts.absence_past"));
        } else if from
            .checked_add_days(Days::new(MAX_ABSENCE))
            .is_none_or(|most| most < to)
        {
            errors.add(
                "to",
                Refusal::new("experts.absence_long").with("max", MAX_ABSENCE),
            );
        }
    }
    errors.into_result(())?;
    let (Some(from), Some(to)) = (from, to) else {
        return Err(Error::NotFound);
    };
    let tx = ctx.store.begin().await?;
    let row = lock_own(&tx, actor).await?;
    let count = expert_absence::Entity::find()
        .filter(expert_absence::Column::ExpertId.eq(row.id))
        .count(tx.db())
        .await?;
    few(count)?;
    expert_absence::Entity::insert(expert_absence::ActiveModel {
        id: Set(tx.id::<AbsenceId>()),
        expert_id: Set(row.id),
        from_date: Set(from),
        to_date: Set(to),
        note: Set(note),
    })
    .exec_without_returning(tx.db())
    .await?;
    noted(
        &tx,
        actor,
        &row,
        "experts.absence",
        json!({ "from": from, "to": to }),
    )
    .await?;
    tx.commit().await
}

/// Takes an absence away.
///
/// # Errors
/// [`Error::NotFound`] when it is not the actor's.
pub async fn remove_absence(ctx: &Context, actor: &Actor, id: AbsenceId) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = lock_own(&tx, actor).await?;
    let gone = expert_absence::Entity::delete_many()
        .filter(expert_absence::Column::Id.eq(id))
        .filter(expert_absence::Column::ExpertId.eq(row.id))
        .exec(tx.db())
        .await?;
    found(gone.rows_affected)?;
    noted(&tx, actor, &row, "experts.absence_removed", json!({})).await?;
    tx.commit().await
}

/// Sets how much the expert takes on.
///
/// # Errors
/// Refusals of `max_open` (0–20) and `max_year` (0–99).
pub async fn set_limits(ctx: &Context, actor: &Actor, fields: &Fields) -> Result<()> {
    let mut errors = FieldErrors::default();
    let mut number = |name, max| {
        let given = fields.number(name, 0, max, &mut errors);
        if given.is_none() && errors.of(name).is_none() {
            errors.add(name, Refusal::new("form.required"));
        }
        given.unwrap_or_default()
    };
    let (open, year) = (number("max_open", 20), number("max_year", 99));
    errors.into_result(())?;
    let tx = ctx.store.begin().await?;
    let row = lock_own(&tx, actor).await?;
    store::update(
        &tx,
        row.id,
        expert::ActiveModel {
            max_open: Set(open),
            max_year: Set(year),
            ..Default::default()
        },
    )
    .await?;
    noted(
        &tx,
        actor,
        &row,
        "experts.limits",
        json!({ "open": open, "year": year }),
    )
    .await?;
    tx.commit().await
}

/// The kinds of interest with their words.
pub const INTERESTS: [(&str, &str); 4] = [
    ("share", "股权"),
    ("adviser", "顾问、兼职"),
    ("family", "亲属任职"),
    ("other", "其他"),
];

/// Declares an interest. An organisation that is a member unit is noted as one, so that recusal finds
/// it whatever name was typed.
///
/// # Errors
/// Refusals of `organisation`, `interest`, `until`; `experts.too_many_lines`.
pub async fn add_interest(ctx: &Context, actor: &Actor, fields: &Fields) -> Result<()> {
    let mut errors = FieldErrors::default();
    let organisation = fields.required("organisation", 60, &mut errors);
    let kind = fields.choice("interest", &mut errors, |word| {
        INTERESTS
            .iter()
            .map(|(kind, _)| *kind)
            .find(|kind| *kind == word)
    });
    let note = fields.optional("note", 100, &mut errors);
    let until = fields.date("until", &mut errors);
    if until.is_some_and(|until| until < ctx.today()) {
        errors.add("until", Refusal::new("experts.until_past"));
    }
    errors.into_result(())?;
    let tx = ctx.store.begin().await?;
    let row = lock_own(&tx, actor).await?;
    let count = expert_interest::Entity::find()
        .filter(expert_interest::Column::ExpertId.eq(row.id))
        .count(tx.db())
        .await?;
    few(count)?;
    let unit = units::by_name(tx.db(), &organisation).await?;
    expert_interest::Entity::insert(expert_interest::ActiveModel {
        id: Set(tx.id::<InterestId>()),
        expert_id: Set(row.id),
        organisation: Set(unit.as_ref().map_or(organisation, |unit| unit.name.clone())),
        unit_id: Set(unit.map(|unit| unit.id)),
        kind: Set(kind.unwrap_or("other").to_owned()),
        note: Set(note),
        until_date: Set(until),
        created_at: Set(tx.now()),
    })
    .exec_without_returning(tx.db())
    .await?;
    noted(
        &tx,
        actor,
        &row,
        "experts.interest",
        json!({ "kind": kind }),
    )
    .await?;
    tx.commit().await
}

/// Takes an interest back.
///
/// # Errors
/// [`Error::NotFound`] when it is not the actor's.
pub async fn remove_interest(ctx: &Context, actor: &Actor, id: InterestId) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = lock_own(&tx, actor).await?;
    let gone = expert_interest::Entity::delete_many()
        .filter(expert_interest::Column::Id.eq(id))
        .filter(expert_interest::Column::ExpertId.eq(row.id))
        .exec(tx.db())
        .await?;
    found(gone.rows_affected)?;
    noted(&tx, actor, &row, "experts.interest_removed", json!({})).await?;
    tx.commit().await
}

/// Corrects the own profile. Name, affiliation and kind were checked with the recommendation and stay.
/// With another address, what has not left goes there, and older links fail.
///
/// # Errors
/// Refusals of fields; `experts.duplicate` when the address or number is another expert's.
pub async fn correct(ctx: &Context, actor: &Actor, fields: &Fields) -> Result<()> {
    let tx = ctx.store.begin().await?;
    store::lock_seats(&tx, ctx.today(), None).await?;
    let row = lock_own(&tx, actor).await?;
    let known = people::get(tx.db(), row.person_id).await?;
    let mut errors = FieldErrors::default();
    let standing = Profile::of(&row, &known);
    let fixed = standing.fields();
    let mut typed = Fields::default();
    for name in ["name", "affiliation", "kind"] {
        typed = typed.with(name, fixed.text(name));
    }
    for (name, value) in fields.iter() {
        typed = typed.with(name, value);
    }
    let profile = Profile::read(&typed, &mut errors);
    for (field, refusal) in profile.missing(ctx.config.pool.min_keywords).iter() {
        if errors.of(field).is_none() {
            errors.add(field, refusal.clone());
        }
    }
    errors.into_result(())?;
    let unit_name = match row.unit_id {
        Some(id) => units::get(tx.db(), id).await?.name,
        None => String::new(),
    };
    recommend::check_duplicate(&tx, row.id, &profile, &unit_name).await?;
    let person = people::correct(
        &tx,
        known.id,
        &known.name,
        Some(&profile.email),
        Some(&profile.mobile),
    )
    .await?;
    let moved = person.email != known.email;
    let mut columns = profile.columns();
    if moved {
        columns.link_generation = Set(row.link_generation + 1);
        follow(&tx, &person).await?;
    }
    store::update(&tx, row.id, columns).await?;
    let details = json!({
        "email_changed": moved,
        "mobile_changed": person.mobile != known.mobile,
        "domains": { "from": row.domains, "to": profile.domains },
    });
    noted(&tx, actor, &row, "experts.correct", details).await?;
    tx.commit().await
}

async fn follow(tx: &WriteTx, person: &person::Model) -> Result<()> {
    match &person.email {
        Some(address) => outbox::readdress(tx, person.id, address).await,
        None => Ok(()),
    }
}

/// Takes a consent of the own pool membership back. Without any of the three nobody can serve, so the
/// engagement ends; what was done stays done.
///
/// # Errors
/// [`Error::NotFound`] when it is not the actor's; `experts.confirm_leaving` without the tick.
pub async fn withdraw_consent(
    ctx: &Context,
    actor: &Actor,
    id: ConsentId,
    fields: &Fields,
) -> Result<()> {
    actor.require(Action::OwnExpertPage, &Owner::person(actor.person))?;
    let tx = ctx.store.begin().await?;
    let row = own(tx.db(), actor.person).await?;
    let row = store::lock(&tx, row.id).await?;
    let consent = people::consents::of(tx.db(), actor.person)
        .await?
        .into_iter()
        .find(|consent| consent.id == id)
        .ok_or(Error::NotFound)?;
    if !fields.has("leave") {
        return Err(Refusal::new("experts.confirm_leaving").into());
    }
    let text = ConsentText::of(&consent.purpose).ok_or(Error::NotFound)?;
    people::consents::withdraw(&tx, id).await?;
    if KEEPING.contains(&row.state) {
        let reason = format!("本人撤回{}", text.title());
        end::leave(&tx, &row, ctx.today(), &reason).await?;
    }
    noted(
        &tx,
        actor,
        &row,
        "experts.withdraw_consent",
        json!({ "purpose": consent.purpose }),
    )
    .await?;
    tx.commit().await
}

/// Absences of an expert with their notes, the next first.
pub(super) async fn absences<C: ConnectionTrait>(
    db: &C,
    expert: entity::ids::ExpertId,
) -> Result<Vec<expert_absence::Model>> {
    Ok(expert_absence::Entity::find()
        .filter(expert_absence::Column::ExpertId.eq(expert))
        .order_by_asc(expert_absence::Column::FromDate)
        .all(db)
        .await?)
}

fn required_date(fields: &Fields, name: &str, errors: &mut FieldErrors) -> Option<NaiveDate> {
    let date = fields.date(name, errors);
    if date.is_none() && errors.of(name).is_none() {
        errors.add(name, Refusal::new("form.required"));
    }
    date
}

fn few(count: u64) -> Result<()> {
    if count < MAX_LINES {
        Ok(())
    } else {
        Err(Refusal::new("experts.too_many_lines")
            .with("max", MAX_LINES)
            .into())
    }
}

fn found(rows: u64) -> Result<()> {
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}
