//! `/committees/{id}/people/…`: people with an office.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    committee_person::Office,
    ids::{CommitteeId, CommitteePersonId, UnitId},
};
use sea_orm::{ActiveEnum, Iterable};

use super::{
    super::{
        appoint::{self, NewOfficer},
        store,
    },
    detail::{end_field, lead_on},
};
use crate::{
    accounts::{Action, Desk, Owner},
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        texts::Label,
        ui::{
            Fields, Form, Shell, Submission, dates,
            form::{Choice, choices},
            page_with_status,
        },
    },
    units,
};

#[derive(Template)]
#[template(path = "committees/templates/officer.html")]
struct OfficerPage {
    shell: Shell,
    form: Form,
    id: CommitteeId,
    name: String,
    units: Vec<Choice>,
    offices: Vec<Choice>,
    term: String,
}

/// `GET /committees/{id}/people/new`
///
/// # Errors
/// Not found for people who do not act for the committee.
pub async fn show_officer(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CommitteeId>,
) -> Result<Response> {
    let term = units::current_term(ctx.store.read(), ctx.today()).await?;
    let fields = Fields::default()
        .with("from", ctx.today())
        .with("to", term.to_date);
    render(&ctx, desk, id, Form::new(fields), StatusCode::OK).await
}

/// `POST /committees/{id}/people/new`
///
/// # Errors
/// As [`show_officer`].
pub async fn post_officer(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CommitteeId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let done = async {
        let new = read(&fields)?;
        appoint::appoint(&ctx, &desk.actor, id, &new).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/committees/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render(&ctx, desk, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `POST /committees/{id}/people/{person}/end`
///
/// # Errors
/// Not found for what is foreign.
pub async fn post_end_office(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, person)): Path<(CommitteeId, CommitteePersonId)>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::RunCommittee, &Owner::committee(id))?;
    let mut errors = FieldErrors::default();
    let reason = fields.required(&end_field(person), 200, &mut errors);
    let done = async {
        let reason = errors.into_result(reason)?;
        appoint::end_office(&ctx, &desk.actor, id, person, &reason).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done, "ended").await
}

fn read(fields: &Fields) -> Result<NewOfficer> {
    let mut errors = FieldErrors::default();
    let unit = fields.choice("unit", &mut errors, |text| text.parse::<UnitId>().ok());
    let office = fields.choice("office", &mut errors, |text| {
        Office::try_from_value(&text.to_owned()).ok()
    });
    let mut day = |name: &str| {
        let day = fields.date(name, &mut errors);
        if day.is_none() && errors.of(name).is_none() {
            errors.add(name, Refusal::new("form.required"));
        }
        day.unwrap_or_default()
    };
    let (from, to) = (day("from"), day("to"));
    let new = NewOfficer {
        name: fields.required("name", 30, &mut errors),
        email: fields.optional("email", 100, &mut errors),
        mobile: fields.optional("mobile", 30, &mut errors),
        position: fields.optional("position", 60, &mut errors),
        unit: unit.unwrap_or(UnitId(uuid::Uuid::nil())),
        office: office.unwrap_or(Office::Member),
        from,
        to,
    };
    // What was not chosen is noted above: the row is not used then.
    errors.into_result(new)
}

async fn render(
    ctx: &Context,
    desk: Desk,
    id: CommitteeId,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    desk.actor
        .require(Action::RunCommittee, &Owner::committee(id))?;
    let db = ctx.store.read();
    let full = store::full(db, id).await?;
    let term = units::current_term(db, ctx.today()).await?;
    let mut all = vec![Choice {
        value: String::new(),
        label: "请选择单位".to_owned(),
        hint: String::new(),
    }];
    all.extend(choices(
        full.admitted()
            .map(|one| (one.unit.id, one.unit.name.clone())),
    ));
    Ok(page_with_status(
        status,
        &OfficerPage {
            form,
            id,
            name: full.row.name.clone(),
            units: all,
            offices: choices(Office::iter().map(|office| (office.to_value(), office.zh()))),
            term: dates::full_day(term.to_date),
            shell: desk.shell,
        },
    ))
}
