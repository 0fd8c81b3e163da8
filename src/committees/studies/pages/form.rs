//! `/committees/{id}/studies/new`

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{ids::CommitteeId, study_milestone::MilestoneKind};
use sea_orm::Iterable;

use super::super::{
    super::store as committees,
    plan::{self, NewStudy},
    rules::{self, Composition},
};
use crate::{
    accounts::{Action, Desk, Owner},
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        ui::{Fields, Form, Shell, Submission, page_with_status, read_domains},
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

fn read(fields: &Fields) -> Result<NewStudy> {
    let mut errors = FieldErrors::default();
    let title = fields.required("title", 80, &mut errors);
    let question = fields.required("question", 4_000, &mut errors);
    let (domains, keywords) = read_domains(fields, "domains", &mut errors);
    if domains.is_empty() && keywords.is_empty() && errors.of("domains").is_none() {
        errors.add("domains", Refusal::new("form.required"));
    }
    let mut number = |name: &str, min: i32| {
        let number = fields.number(name, min, MOST, &mut errors);
        if number.is_none() && errors.of(name).is_none() {
            errors.add(name, Refusal::new("form.required"));
        }
        number.unwrap_or(min)
    };
    let composition = Composition {
        demand: number("demand", 1),
        min_technical: number("min_technical", 0),
        min_standardization: number("min_standardization", 0),
        max_per_unit: number("max_per_unit", 1),
    };
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
    let row = committees::get(ctx.store.read(), id).await?;
    Ok(page_with_status(
        status,
        &FormPage {
            shell: desk.shell,
            form,
            id,
            name: row.name,
        },
    ))
}
