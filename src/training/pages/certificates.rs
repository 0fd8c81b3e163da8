//! `/trainings/{id}/certificates`: attendance, marks and certificates of a run.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    certificate::CertificateState,
    course_run,
    ids::{CertificateId, CourseRunId},
};

use super::certificate::{Sheet, print};
use crate::{
    accounts::{Action, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::Result,
        ui::{Fields, Form, Shell, Submission, Tag, page_with_status},
    },
    training::{
        certificates::{
            self, Marks, Standing, Verdict, field_of, may_issue, may_mark, note_marks, roster, tag,
        },
        notice::Notice,
        seats, store,
    },
};

struct Row {
    name: String,
    unit: String,
    hours: String,
    percent: i32,
    field: String,
    mark: String,
    wrong: Option<String>,
    verdict: &'static str,
    short: bool,
    certificate: Option<(CertificateId, String, Tag)>,
    no_mail: bool,
}

/// How many people there are of each kind.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    people: usize,
    passed: usize,
    valid: usize,
    due: usize,
}

#[derive(Template)]
#[template(path = "training/templates/certificates.html")]
struct CertificatesPage {
    shell: Shell,
    form: Form,
    run: course_run::Model,
    name: String,
    rule: String,
    examined: bool,
    rows: Vec<Row>,
    sums: Sums,
    may_mark: bool,
    may_issue: bool,
    manages: bool,
}

/// `GET /trainings/{id}/certificates`
///
/// # Errors
/// Not found for what is not there.
pub async fn show_certificates(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
) -> Result<Response> {
    render(&ctx, desk, id, Form::default(), StatusCode::OK).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    id: CourseRunId,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let db = ctx.store.read();
    let run = store::run(db, id).await?;
    let people = roster(db, &run, ctx.now()).await?;
    let notice = Notice::of(db, ctx, run).await?;
    let manages = policy::allows(&desk.actor, Action::ManageTraining, &Owner::ALLIANCE);
    Ok(page_with_status(
        status,
        &CertificatesPage {
            name: notice.name(),
            rule: notice.certificate(),
            examined: notice.course.min_mark.is_some(),
            rows: people.iter().map(|one| row(one, &form)).collect(),
            sums: sums(&people),
            may_mark: manages && may_mark(notice.run.state).is_ok(),
            may_issue: manages && may_issue(notice.run.state).is_ok(),
            manages,
            run: notice.run,
            form,
            shell: desk.shell,
        },
    ))
}

fn row(one: &Standing, form: &Form) -> Row {
    let field = field_of(one.who.enrolment);
    let typed = form.fields.iter().any(|(name, _)| name == field);
    Row {
        name: one.who.name.clone(),
        unit: one.who.unit_name.clone(),
        hours: format!("{} / {}", one.hours, one.total),
        percent: one.percent(),
        mark: if typed {
            form.fields.text(&field).to_owned()
        } else {
            one.mark.map(|mark| mark.to_string()).unwrap_or_default()
        },
        wrong: form.error(&field),
        verdict: one.verdict.zh(),
        short: one.verdict != Verdict::Passed,
        certificate: one
            .certificate
            .as_ref()
            .map(|row| (row.id, row.number.clone(), tag(row.state))),
        no_mail: one.who.email.is_none(),
        field,
    }
}

fn sums(people: &[Standing]) -> Sums {
    let count = |fits: fn(&Standing) -> bool| people.iter().filter(|one| fits(one)).count();
    Sums {
        people: people.len(),
        passed: count(|one| one.verdict == Verdict::Passed),
        valid: count(|one| {
            one.certificate
                .as_ref()
                .is_some_and(|row| row.state == CertificateState::Valid)
        }),
        due: count(|one| one.verdict == Verdict::Passed && one.certificate.is_none()),
    }
}

/// `POST /trainings/{id}/marks`: typed, pasted or uploaded.
///
/// # Errors
/// Not found for what is not there.
pub async fn post_marks(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
    submission: Submission,
) -> Result<Response> {
    let db = ctx.store.read();
    let run = store::run(db, id).await?;
    let people = roster(db, &run, ctx.now()).await?;
    let done = async {
        let file = submission.uploads("file");
        let bytes = file.first().map(|upload| upload.bytes.as_slice());
        let marks = Marks::read(&submission.fields, bytes, &people)?;
        note_marks(&ctx, id, desk.actor.person, &marks).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, submission.fields, done).await
}

/// `POST /trainings/{id}/certificates`: to everybody who has earned one.
///
/// # Errors
/// Not found for what is not there.
pub async fn post_issue(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
) -> Result<Response> {
    store::run(ctx.store.read(), id).await?;
    let done = certificates::issue(&ctx, id, desk.actor.person).await;
    lead_on(&ctx, desk, id, Fields::default(), done.map(|_| ())).await
}

async fn lead_on(
    ctx: &Context,
    desk: Desk,
    id: CourseRunId,
    fields: Fields,
    done: Result<()>,
) -> Result<Response> {
    let Err(error) = done else {
        let to = format!("/trainings/{id}/certificates?done=recorded");
        return Ok(Redirect::to(&to).into_response());
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    render(ctx, desk, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// `GET /trainings/{id}/certificates/print`: all that stand, one a page.
///
/// # Errors
/// Not found for what is not there.
pub async fn print_certificates(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
) -> Result<Response> {
    let db = ctx.store.read();
    let run = store::run(db, id).await?;
    let sheets = certificates::of_run(db, id)
        .await?
        .iter()
        .filter(|row| row.state == CertificateState::Valid)
        .map(|row| Sheet::of(&ctx, row))
        .collect::<Result<Vec<_>>>()?;
    let title = seats::full_title(&run.title, run.ordinal);
    let back = format!("/trainings/{id}/certificates");
    Ok(print(desk.shell, title, back, sheets))
}
