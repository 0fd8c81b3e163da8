//! `/units/{id}` and the forms that keep a unit.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::NaiveDate;
use entity::{
    ids::UnitId,
    unit::{self, Tier},
};

use super::{contacts::ContactRow, list::tier_of_tab, read_tier, tier_choices};
use crate::{
    accounts::{Action, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        texts::Label,
        ui::{Fields, Form, Shell, Submission, dates, form::Choice, page, page_with_status},
    },
    people,
    units::{self, NewUnit, Seats, keep, read},
};

#[derive(Template)]
#[template(path = "units/templates/unit.html")]
struct UnitPage {
    shell: Shell,
    unit: unit::Model,
    tier: &'static str,
    joined: String,
    left: Option<String>,
    seats: Option<(u32, u32)>,
    term: String,
    contacts: Vec<ContactRow>,
    former: Vec<ContactRow>,
    history: Vec<HistoryRow>,
    may_manage: bool,
    may_contacts: bool,
}

struct HistoryRow {
    on: String,
    tier: &'static str,
    reason: String,
    by: String,
}

/// `GET /units/{id}`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show(
    State(ctx): State<Context>,
    State(Seats(seats)): State<Seats>,
    desk: Desk,
    Path(id): Path<UnitId>,
) -> Result<Response> {
    let owner = Owner::unit(id);
    desk.actor.require(Action::ReadUnits, &owner)?;
    let db = ctx.store.read();
    let unit = read::get(db, id).await?;
    let may_contacts = policy::allows(&desk.actor, Action::ManageContacts, &owner);
    let may_read = policy::allows(&desk.actor, Action::ReadContacts, &owner);
    let may_address = policy::allows(&desk.actor, Action::ChangeAddresses, &Owner::ALLIANCE);
    let rows = |people: Vec<units::ContactPerson>| {
        people
            .into_iter()
            .map(|one| ContactRow::of(&ctx, one, may_read, may_address))
            .collect()
    };
    let history = history(&ctx, id).await?;
    let term = read::current_term(db, ctx.today()).await?;
    let used = seats.used(&ctx).await?.get(&id).copied().unwrap_or(0);
    Ok(page(&UnitPage {
        shell: desk.shell,
        tier: unit.tier.zh(),
        joined: unit.joined_on.map(dates::full_day).unwrap_or_default(),
        left: unit.left_on.map(dates::full_day),
        seats: (unit.tier != Tier::Member)
            .then_some((used, ctx.config.pool.seats_per_council_unit)),
        term: format!(
            "第 {} 届，{}至{}",
            term.number,
            dates::full_day(term.from_date),
            dates::full_day(term.to_date)
        ),
        contacts: rows(read::contacts(db, id).await?),
        former: rows(read::former_contacts(db, id).await?),
        history,
        may_manage: policy::allows(&desk.actor, Action::ManageUnits, &owner),
        may_contacts,
        unit,
    }))
}

async fn history(ctx: &Context, id: UnitId) -> Result<Vec<HistoryRow>> {
    let changes = read::tier_history(ctx.store.read(), id).await?;
    let ids: Vec<_> = changes
        .iter()
        .filter_map(|change| change.by_person)
        .collect();
    let people = people::by_ids(ctx.store.read(), &ids).await?;
    Ok(changes
        .into_iter()
        .map(|change| HistoryRow {
            on: dates::full_day(change.on_date),
            tier: change.tier.zh(),
            reason: change.reason,
            by: change
                .by_person
                .and_then(|id| people.get(&id))
                .map(|person| person.name.clone())
                .unwrap_or_default(),
        })
        .collect())
}

#[derive(Template)]
#[template(path = "units/templates/edit.html")]
struct EditPage {
    shell: Shell,
    form: Form,
    unit: Option<unit::Model>,
    tiers: Vec<Choice>,
}

/// `GET /units/new`
///
/// # Errors
/// [`Error::NotFound`] for people who may not keep units.
pub async fn show_new(desk: Desk, query: Fields) -> Result<Response> {
    desk.actor.require(Action::ManageUnits, &Owner::ALLIANCE)?;
    let fields = Fields::default().with("tier", tier_of_tab(query.text("show")));
    Ok(page(&EditPage {
        shell: desk.shell,
        form: Form::new(fields),
        unit: None,
        tiers: tier_choices(),
    }))
}

/// `POST /units/new`
///
/// # Errors
/// As [`show_new`].
pub async fn post_new(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let (new, _) = typed(&fields, &mut errors);
    let tier = fields.choice("tier", &mut errors, read_tier);
    let added = async {
        let tier = errors.into_result(tier)?.ok_or(Error::NotFound)?;
        keep::add(&ctx, &desk.actor, &new, tier).await
    };
    match added.await {
        Ok(id) => Ok(Redirect::to(&format!("/units/{id}?done=saved")).into_response()),
        Err(error) => Ok(page_with_status(
            StatusCode::UNPROCESSABLE_ENTITY,
            &EditPage {
                shell: desk.shell,
                form: Form::refused(fields, error.into_form_errors()?),
                unit: None,
                tiers: tier_choices(),
            },
        )),
    }
}

/// `GET /units/{id}/edit`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show_edit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<UnitId>,
) -> Result<Response> {
    desk.actor.require(Action::ManageUnits, &Owner::unit(id))?;
    let unit = read::get(ctx.store.read(), id).await?;
    let date = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let fields = Fields::default()
        .with("name", &unit.name)
        .with("short_name", &unit.short_name)
        .with("scope", &unit.scope)
        .with(
            "credit_code",
            unit.credit_code.as_deref().unwrap_or_default(),
        )
        .with("joined_on", date(unit.joined_on))
        .with("left_on", date(unit.left_on));
    Ok(page(&EditPage {
        shell: desk.shell,
        form: Form::new(fields),
        unit: Some(unit),
        tiers: Vec::new(),
    }))
}

/// `POST /units/{id}/edit`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn post_edit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<UnitId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let (new, left_on) = typed(&fields, &mut errors);
    let kept = async {
        errors.into_result(())?;
        keep::correct(&ctx, &desk.actor, id, &new, left_on).await
    };
    match kept.await {
        Ok(()) => Ok(Redirect::to(&format!("/units/{id}?done=saved")).into_response()),
        Err(error) => {
            let errors = error.into_form_errors()?;
            desk.actor.require(Action::ManageUnits, &Owner::unit(id))?;
            Ok(page_with_status(
                StatusCode::UNPROCESSABLE_ENTITY,
                &EditPage {
                    shell: desk.shell,
                    form: Form::refused(fields, errors),
                    unit: Some(read::get(ctx.store.read(), id).await?),
                    tiers: Vec::new(),
                },
            ))
        }
    }
}

fn typed(fields: &Fields, errors: &mut FieldErrors) -> (NewUnit, Option<NaiveDate>) {
    let new = NewUnit {
        name: fields.required("name", 100, errors),
        short_name: fields.optional("short_name", 40, errors),
        scope: fields.optional("scope", 1000, errors),
        credit_code: fields.optional("credit_code", 40, errors),
        joined_on: fields.date("joined_on", errors),
    };
    (new, fields.date("left_on", errors))
}

#[derive(Template)]
#[template(path = "units/templates/tier.html")]
struct TierPage {
    shell: Shell,
    form: Form,
    unit: unit::Model,
    tier: &'static str,
    tiers: Vec<Choice>,
}

async fn tier_page(ctx: &Context, desk: Desk, id: UnitId, form: Form) -> Result<TierPage> {
    desk.actor.require(Action::ManageUnits, &Owner::unit(id))?;
    let unit = read::get(ctx.store.read(), id).await?;
    Ok(TierPage {
        shell: desk.shell,
        form,
        tier: unit.tier.zh(),
        unit,
        tiers: tier_choices(),
    })
}

/// `GET /units/{id}/tier`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show_tier(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<UnitId>,
) -> Result<Response> {
    let form = Form::new(Fields::default().with("on", ctx.today()));
    Ok(page(&tier_page(&ctx, desk, id, form).await?))
}

/// `POST /units/{id}/tier`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn post_tier(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<UnitId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let tier = fields.choice("tier", &mut errors, read_tier);
    let reason = fields.required("reason", 500, &mut errors);
    let on = fields.date("on", &mut errors);
    if on.is_none() && errors.of("on").is_none() {
        fields.required("on", 10, &mut errors);
    }
    let changed = async {
        let (tier, on) = errors.into_result((tier, on))?;
        let (Some(tier), Some(on)) = (tier, on) else {
            return Err(Error::NotFound);
        };
        units::change_tier(&ctx, &desk.actor, id, tier, on, &reason).await
    };
    match changed.await {
        Ok(()) => Ok(Redirect::to(&format!("/units/{id}?done=tier")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let shown = tier_page(&ctx, desk, id, form).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
    }
}
