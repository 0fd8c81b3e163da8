//! `/committees/{id}/studies/new`, `/studies/{id}/edit`

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{CommitteeId, StudyId},
    study,
    study_milestone::MilestoneKind,
};
use sea_orm::Iterable;

use super::super::{
    super::store as committees,
    change,
    plan::{self, NewStudy},
    rules::{self, Composition, Step},
    store,
};
use crate::{
    accounts::{Action, Desk, Owner},
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        ui::{Fields, Form, Shell, Submission, page_with_status, read_domains, typed_domains},
    },
};

/// Most experts of one study.
const MOST: i32 = 15;

#[derive(Template)]
#[template(path = "committees/templates/study_form.html")]
struct FormPage {
    shell: Shell,
    form: Form,
    id: CommitteeId,
    name: String,
    /// The study that is changed; none for a new one.
    study: Option<Changed>,
}

/// The study whose plan is changed.
struct Changed {
    id: StudyId,
    number: String,
    /// Experts may know of it.
    asked: bool,
}

/// `GET /committees/{id}/studies/new`
///
/// # Errors
/// Not found for people who do not act for the committee.
pub async fn show_new(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CommitteeId>,
) -> Result<Response> {
    let fields = Fields::default()
        .with("min_technical", 1)
        .with("min_standardization", 1)
        .with("max_per_unit", 1);
    render(&ctx, desk, id, Form::new(fields), StatusCode::OK).await
}

/// `POST /committees/{id}/studies/new`
///
/// # Errors
/// As [`show_new`].
pub async fn post_new(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CommitteeId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let done = async {
        let new = read(&fields)?;
        plan::plan(&ctx, &desk.actor, id, &new).await
    };
    match done.await {
        Ok(study) => Ok(Redirect::to(&format!("/studies/{study}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render(&ctx, desk, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `GET /studies/{id}/edit`
///
/// # Errors
/// Not found for people who do not act for the committee; `studies.closed`.
pub async fn show_edit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<StudyId>,
) -> Result<Response> {
    let row = runs(&ctx, &desk, id).await?;
    rules::next(row.state, Step::Change)?;
    let milestones = store::milestones(ctx.store.read(), id).await?;
    let form = Form::new(typed(&row, &change::as_typed(&row, &milestones)));
    render_edit(&ctx, desk, &row, form, StatusCode::OK).await
}

/// `POST /studies/{id}/edit`
///
/// # Errors
/// As [`show_edit`].
pub async fn post_edit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<StudyId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let row = runs(&ctx, &desk, id).await?;
    let done = async {
        let new = read(&fields)?;
        change::change(&ctx, &desk.actor, id, fields.text("version"), &new).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/studies/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render_edit(&ctx, desk, &row, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn runs(ctx: &Context, desk: &Desk, id: StudyId) -> Result<study::Model> {
    let row = store::get(ctx.store.read(), id).await?;
    desk.actor
        .require(Action::RunCommittee, &Owner::committee(row.committee_id))?;
    Ok(row)
}

fn typed(row: &study::Model, of: &NewStudy) -> Fields {
    let fields = composition_fields(&of.composition)
        .with("version", change::version(row))
        .with("title", &of.title)
        .with("question", &of.question)
        .with("domains", typed_domains(&of.domains, &of.keywords));
    of.days.iter().fold(fields, |fields, (kind, day)| {
        fields.with(rules::field(*kind), day)
    })
}

/// The fields of a composition, as [`read_composition`] reads them.
pub(super) fn composition_fields(of: &Composition) -> Fields {
    Fields::default()
        .with("demand", of.demand)
        .with("min_technical", of.min_technical)
        .with("min_standardization", of.min_standardization)
        .with("max_per_unit", of.max_per_unit)
}

/// Whom a study takes, as typed.
pub(super) fn read_composition(fields: &Fields, errors: &mut FieldErrors) -> Composition {
    let mut number = |name: &str, min: i32| {
        let number = fields.number(name, min, MOST, errors);
        if number.is_none() && errors.of(name).is_none() {
            errors.add(name, Refusal::new("form.required"));
        }
        number.unwrap_or(min)
    };
    Composition {
        demand: number("demand", 1),
        min_technical: number("min_technical", 0),
        min_standardization: number("min_standardization", 0),
        max_per_unit: number("max_per_unit", 1),
    }
}

fn read(fields: &Fields) -> Result<NewStudy> {
    let mut errors = FieldErrors::default();
    let title = fields.required("title", 80, &mut errors);
    let question = fields.required("question", 4_000, &mut errors);
    let (domains, keywords) = read_domains(fields, "domains", &mut errors);
    if domains.is_empty() && keywords.is_empty() && errors.of("domains").is_none() {
        errors.add("domains", Refusal::new("form.required"));
    }
    let composition = read_composition(fields, &mut errors);
    let mut days = Vec::new();
    for kind in MilestoneKind::iter() {
        let name = rules::field(kind);
        match fields.date(name, &mut errors) {
            Some(day) => days.push((kind, day)),
            None if errors.of(name).is_none() => {
                errors.add(name, Refusal::new("form.required"));
            }
            None => {}
        }
    }
    errors.into_result(NewStudy {
        title,
        question,
        domains,
        keywords,
        composition,
        days,
    })
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
    page(ctx, desk, id, None, form, status).await
}

async fn render_edit(
    ctx: &Context,
    desk: Desk,
    row: &study::Model,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let changed = Changed {
        id: row.id,
        number: row.number.clone(),
        asked: row.panel_id.is_some(),
    };
    page(ctx, desk, row.committee_id, Some(changed), form, status).await
}

async fn page(
    ctx: &Context,
    desk: Desk,
    id: CommitteeId,
    study: Option<Changed>,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let row = committees::get(ctx.store.read(), id).await?;
    Ok(page_with_status(
        status,
        &FormPage {
            shell: desk.shell,
            form,
            id,
            name: row.name,
            study,
        },
    ))
}
