//! `/nominations`: a unit's own recommendations.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    expert::{self, ExpertState},
    ids::{ExpertId, UnitId},
    person,
    unit::{self, Tier},
};

use super::view::{self, Event, ProfileView};
use crate::{
    accounts::{Action, Actor, Desk, Owner},
    experts::{profile::Profile, recommend, rules, store},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        files,
        ui::{Fields, Form, Shell, Submission, Tag, form::Choice, page, page_with_status},
    },
    people, units,
};

#[derive(Template)]
#[template(path = "experts/templates/nominations.html")]
struct NominationsPage {
    shell: Shell,
    unit: String,
    may: bool,
    seats: usize,
    taken: Vec<Seat>,
    free: usize,
    rows: Vec<Line>,
}

/// A seat that is taken.
struct Seat {
    name: String,
    sample: bool,
    engaged: bool,
}

struct Line {
    id: ExpertId,
    name: String,
    sample: bool,
    kind: &'static str,
    about: String,
    state: Tag,
    next: &'static str,
    note: String,
    waits: bool,
    over: bool,
}

/// `GET /nominations`
///
/// # Errors
/// When the visitor acts for no unit.
pub async fn list(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    let unit = own_unit(&ctx, &desk.actor).await?;
    let rows = store::of_unit(ctx.store.read(), unit.id).await?;
    let taken: Vec<_> = rows
        .iter()
        .filter(|(row, _)| rules::SEATED.contains(&row.state))
        .map(|(row, person)| Seat {
            name: person.name.clone(),
            sample: person.sample,
            engaged: matches!(row.state, ExpertState::Engaged | ExpertState::Suspended),
        })
        .collect();
    let seats = usize::try_from(ctx.config.pool.seats_per_council_unit).map_err(Error::internal)?;
    Ok(page(&NominationsPage {
        shell: desk.shell,
        may: unit.tier != Tier::Member,
        unit: unit.name,
        free: seats.saturating_sub(taken.len()),
        seats,
        taken,
        rows: rows.iter().map(|(row, person)| line(row, person)).collect(),
    }))
}

fn line(row: &expert::Model, person: &person::Model) -> Line {
    use ExpertState::*;
    Line {
        id: row.id,
        name: person.name.clone(),
        sample: person.sample,
        kind: crate::foundation::texts::Label::zh(row.kind),
        about: [row.position.as_str(), row.title.as_str()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("，"),
        state: view::state_tag(row.state),
        next: match row.state {
            Draft => "继续填写，提交",
            Recommended => "等秘书处审批",
            Returned => "补正后再次提交",
            Approved => "等本人在邮件中确认",
            Engaged => "聘任中",
            Suspended => "中止期间不邀请",
            Withdrawn | Refused | Ended | Expired => "名额已空出",
        },
        note: match row.state {
            Returned => row.decision_note.clone(),
            Withdrawn | Refused | Ended => row.end_reason.clone(),
            Engaged | Suspended => view::term(row.engaged_from, row.engaged_to),
            _ => String::new(),
        },
        waits: matches!(row.state, Draft | Returned),
        over: matches!(row.state, Withdrawn | Refused | Ended | Expired),
    }
}

#[derive(Template)]
#[template(path = "experts/templates/nomination_form.html")]
struct FormPage {
    shell: Shell,
    unit: String,
    form: Form,
    kinds: Vec<Choice>,
    known: Option<Known>,
    min_keywords: usize,
    stamped: bool,
}

/// A draft that is kept already.
struct Known {
    id: ExpertId,
    name: String,
    state: Tag,
    returned: String,
    scan: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "experts/templates/nomination.html")]
struct NominationPage {
    shell: Shell,
    id: ExpertId,
    profile: ProfileView,
    state: Tag,
    note: String,
    record: Vec<Event>,
    engaged: bool,
    may_withdraw: bool,
    withdrawal: Form,
}

/// `GET /nominations/new`
///
/// # Errors
/// When the visitor acts for no unit.
pub async fn new(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    let unit = own_unit(&ctx, &desk.actor).await?;
    Ok(page(&form_page(
        &ctx,
        desk.shell,
        unit,
        Form::default(),
        None,
    )))
}

/// `POST /nominations/new`
///
/// # Errors
/// When the service itself fails.
pub async fn post_new(
    State(ctx): State<Context>,
    desk: Desk,
    submission: Submission,
) -> Result<Response> {
    let unit = own_unit(&ctx, &desk.actor).await?;
    submit(&ctx, desk, unit, None, submission).await
}

/// `GET /nominations/{id}`
///
/// # Errors
/// [`Error::NotFound`] for what another unit recommends.
pub async fn show(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ExpertId>,
) -> Result<Response> {
    let unit = own_unit(&ctx, &desk.actor).await?;
    let (row, person) = own_row(&ctx, unit.id, id).await?;
    if rules::EDITABLE.contains(&row.state) {
        let known = known(&ctx, &row, &person).await?;
        let form = Form::new(Profile::of(&row, &person).fields());
        return Ok(page(&form_page(&ctx, desk.shell, unit, form, Some(known))));
    }
    show_sent(&ctx, desk.shell, &unit, row, person, Form::default()).await
}

async fn show_sent(
    ctx: &Context,
    shell: Shell,
    unit: &unit::Model,
    row: expert::Model,
    person: person::Model,
    withdrawal: Form,
) -> Result<Response> {
    let status = if withdrawal.errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let template = NominationPage {
        shell,
        id: row.id,
        profile: ProfileView::of(&row, &person, Some(unit)),
        state: view::state_tag(row.state),
        note: row.end_reason.clone(),
        record: view::record(ctx.store.read(), ctx, &row).await?,
        engaged: row.engagement_number.is_some(),
        may_withdraw: rules::next(row.state, rules::Step::Withdraw).is_ok(),
        withdrawal,
    };
    Ok(page_with_status(status, &template))
}

/// `POST /nominations/{id}`
///
/// # Errors
/// [`Error::NotFound`] for what another unit recommends.
pub async fn post(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ExpertId>,
    submission: Submission,
) -> Result<Response> {
    let unit = own_unit(&ctx, &desk.actor).await?;
    own_row(&ctx, unit.id, id).await?;
    submit(&ctx, desk, unit, Some(id), submission).await
}

/// Keeps what was typed, then sends it when asked to. What cannot be sent stays kept.
async fn submit(
    ctx: &Context,
    desk: Desk,
    unit: unit::Model,
    id: Option<ExpertId>,
    submission: Submission,
) -> Result<Response> {
    let fields = submission.fields.clone();
    let scan = submission.uploads("scan").first().copied();
    let saved = recommend::save(ctx, &desk.actor, unit.id, id, &fields, scan).await;
    let id = match saved {
        Ok(id) => id,
        Err(error) => return refused(ctx, desk, unit, id, fields, error).await,
    };
    if fields.text("step") != "send" {
        return Ok(Redirect::to(&format!("/nominations/{id}?done=saved")).into_response());
    }
    match recommend::send(ctx, &desk.actor, unit.id, id).await {
        Ok(()) => Ok(Redirect::to("/nominations?done=sent").into_response()),
        Err(error) => refused(ctx, desk, unit, Some(id), fields, error).await,
    }
}

async fn refused(
    ctx: &Context,
    desk: Desk,
    unit: unit::Model,
    id: Option<ExpertId>,
    fields: Fields,
    error: Error,
) -> Result<Response> {
    let errors: FieldErrors = error.into_form_errors()?;
    let known = match id {
        None => None,
        Some(id) => {
            let (row, person) = own_row(ctx, unit.id, id).await?;
            Some(known(ctx, &row, &person).await?)
        }
    };
    let form = Form::refused(fields, errors);
    Ok(page_with_status(
        StatusCode::UNPROCESSABLE_ENTITY,
        &form_page(ctx, desk.shell, unit, form, known),
    ))
}

/// `POST /nominations/{id}/withdraw`
///
/// # Errors
/// [`Error::NotFound`] for what another unit recommends.
pub async fn withdraw(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ExpertId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let unit = own_unit(&ctx, &desk.actor).await?;
    match recommend::withdraw(&ctx, &desk.actor, unit.id, id, &fields).await {
        Ok(()) => Ok(Redirect::to("/nominations?done=withdrawn").into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let (row, person) = own_row(&ctx, unit.id, id).await?;
            show_sent(&ctx, desk.shell, &unit, row, person, form).await
        }
    }
}

fn form_page(
    ctx: &Context,
    shell: Shell,
    unit: unit::Model,
    form: Form,
    known: Option<Known>,
) -> FormPage {
    FormPage {
        shell,
        unit: unit.name,
        form,
        kinds: view::kinds(),
        known,
        min_keywords: ctx.config.pool.min_keywords,
        stamped: ctx.config.pool.stamped_form_required,
    }
}

async fn known(ctx: &Context, row: &expert::Model, person: &person::Model) -> Result<Known> {
    let scans = files::list(ctx.store.read(), recommend::stamped_form(row.id)).await?;
    Ok(Known {
        id: row.id,
        name: person.name.clone(),
        state: view::state_tag(row.state),
        returned: if row.state == ExpertState::Returned {
            row.decision_note.clone()
        } else {
            String::new()
        },
        scan: scans.last().map(|file| {
            (
                format!("/experts/{}/scan/{}", row.id, file.id),
                file.name.clone(),
            )
        }),
    })
}

async fn own_unit(ctx: &Context, actor: &Actor) -> Result<unit::Model> {
    let unit = actor.unit()?;
    actor.require(Action::RecommendExpert, &Owner::unit(unit))?;
    units::get(ctx.store.read(), unit).await
}

async fn own_row(
    ctx: &Context,
    unit: UnitId,
    id: ExpertId,
) -> Result<(expert::Model, person::Model)> {
    let row = store::find(ctx.store.read(), id).await?;
    if row.unit_id != Some(unit) || row.guest {
        return Err(Error::NotFound);
    }
    let person = people::get(ctx.store.read(), row.person_id).await?;
    Ok((row, person))
}
