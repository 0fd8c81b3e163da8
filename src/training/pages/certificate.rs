//! `/certificates/{id}`: one certificate with its history; revoking, replacing, printing. `/c/{token}`
//! is the holder's own page.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    certificate::{self, CertificateState},
    course_run,
    ids::CertificateId,
};

use crate::{
    accounts::{Action, Desk, Owner, Visitor, policy},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        links::Links,
        ui::{
            Fields, Form, Html, Shell, Submission, Tag, dates, lines, page, page_with_status, qr,
        },
    },
    people,
    training::{
        certificates::{self, tag},
        seats, store,
    },
};

/// A certificate as it is printed.
pub(super) struct Sheet {
    issuer: String,
    title: String,
    number: String,
    body: Vec<String>,
    date: String,
    qr: Html,
    void: Option<&'static str>,
}

impl Sheet {
    /// Of this certificate.
    ///
    /// # Errors
    /// When the picture cannot be made.
    pub fn of(ctx: &Context, row: &certificate::Model) -> Result<Self> {
        let address = ctx.links.absolute(&format!("/verify/{}", row.payload));
        Ok(Self {
            issuer: row.issuer.clone(),
            title: row.title.clone(),
            number: row.number.clone(),
            body: lines(&row.body),
            date: dates::full_day(row.issued_on),
            qr: qr(&address)?,
            void: (row.state != CertificateState::Valid).then(|| tag(row.state).word),
        })
    }
}

#[derive(Template)]
#[template(path = "training/templates/certificate_print.html")]
struct PrintPage {
    shell: Shell,
    title: String,
    back: String,
    sheets: Vec<Sheet>,
}

/// Certificates to be printed, one a page.
pub(super) fn print(shell: Shell, title: String, back: String, sheets: Vec<Sheet>) -> Response {
    page(&PrintPage {
        shell,
        title,
        back,
        sheets,
    })
}

/// A certificate of the same person in the same run.
struct Link {
    id: CertificateId,
    number: String,
    tag: Tag,
    said: String,
}

#[derive(Template)]
#[template(path = "training/templates/certificate.html")]
struct CertificatePage {
    shell: Shell,
    form: Form,
    row: certificate::Model,
    run: course_run::Model,
    run_name: String,
    tag: Tag,
    date: String,
    issued: String,
    ended: String,
    chain: Vec<Link>,
    may_end: bool,
}

impl CertificatePage {
    /// Whether something was refused in the form for another certificate.
    fn wrong_again(&self) -> bool {
        ["cert_name", "cert_unit", "reissue_reason"]
            .iter()
            .any(|name| self.form.errors.of(name).is_some())
    }
}

/// `GET /certificates/{id}`
///
/// # Errors
/// Not found for what is not there.
pub async fn show_certificate(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CertificateId>,
) -> Result<Response> {
    let row = certificates::certificate(ctx.store.read(), id).await?;
    let form = Form::new(
        Fields::default()
            .with("cert_name", &row.name)
            .with("cert_unit", &row.unit_name),
    );
    render(&ctx, desk, row, form, StatusCode::OK).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    row: certificate::Model,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let db = ctx.store.read();
    let run = store::run(db, row.run_id).await?;
    let by: Vec<_> = [Some(row.issued_by), row.ended_by]
        .into_iter()
        .flatten()
        .collect();
    let people = people::by_ids(db, &by).await?;
    let who = |id| people.get(&id).map_or("", |person| person.name.as_str());
    let chain = certificates::chain(db, row.enrolment_id)
        .await?
        .into_iter()
        .map(|one| Link {
            id: one.id,
            tag: tag(one.state),
            said: one.reason,
            number: one.number,
        })
        .collect();
    let manages = policy::allows(&desk.actor, Action::ManageTraining, &Owner::ALLIANCE);
    Ok(page_with_status(
        status,
        &CertificatePage {
            run_name: seats::full_title(&run.title, run.ordinal),
            tag: tag(row.state),
            date: dates::full_day(row.issued_on),
            issued: format!(
                "{}，{}",
                who(row.issued_by),
                dates::full_moment(row.issued_at, ctx.zone())
            ),
            ended: row
                .ended_by
                .zip(row.ended_at)
                .map(|(by, at)| format!("{}，{}", who(by), dates::full_moment(at, ctx.zone())))
                .unwrap_or_default(),
            may_end: manages && row.state == CertificateState::Valid,
            chain,
            run,
            row,
            form,
            shell: desk.shell,
        },
    ))
}

/// `POST /certificates/{id}/revoke`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_revoke(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CertificateId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let row = certificates::certificate(ctx.store.read(), id).await?;
    let done = async {
        let mut errors = FieldErrors::default();
        let reason = fields.required("revoke_reason", 200, &mut errors);
        let reason = errors.into_result(reason)?;
        certificates::revoke(&ctx, id, desk.actor.person, &reason).await?;
        Ok(id)
    };
    let done = done.await;
    lead_on(&ctx, desk, row, fields, done).await
}

/// `POST /certificates/{id}/reissue`: another one with name and unit as they ought to be.
///
/// # Errors
/// Not found for what is not there.
pub async fn post_reissue(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CertificateId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let row = certificates::certificate(ctx.store.read(), id).await?;
    let done = async {
        let mut errors = FieldErrors::default();
        let name = fields.required("cert_name", 40, &mut errors);
        let unit = fields.optional("cert_unit", 80, &mut errors);
        let reason = fields.required("reissue_reason", 200, &mut errors);
        errors.into_result(())?;
        let by = desk.actor.person;
        certificates::reissue(&ctx, id, by, (&name, &unit), &reason).await
    };
    let done = done.await;
    lead_on(&ctx, desk, row, fields, done).await
}

async fn lead_on(
    ctx: &Context,
    desk: Desk,
    row: certificate::Model,
    fields: Fields,
    done: Result<CertificateId>,
) -> Result<Response> {
    match done {
        Ok(id) => Ok(Redirect::to(&format!("/certificates/{id}?done=recorded")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render(ctx, desk, row, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `GET /certificates/{id}/print`
///
/// # Errors
/// Not found for what is not there.
pub async fn print_certificate(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CertificateId>,
) -> Result<Response> {
    let row = certificates::certificate(ctx.store.read(), id).await?;
    let sheet = Sheet::of(&ctx, &row)?;
    let back = format!("/certificates/{id}");
    Ok(print(desk.shell, row.number, back, vec![sheet]))
}

#[derive(Template)]
#[template(path = "training/templates/certificate_own.html")]
struct OwnPage {
    shell: Shell,
    row: certificate::Model,
    path: String,
    date: String,
    valid: bool,
    word: &'static str,
    check: String,
}

/// The certificate that a holder's link opens.
async fn by_link(ctx: &Context, token: &str) -> Result<certificate::Model> {
    let token = Links::read(token).ok_or(Error::NotFound)?;
    let row = certificates::certificate(ctx.store.read(), CertificateId(token.subject)).await?;
    let target = certificates::link(row.id.0, row.person_id);
    if ctx.links.verify(&token, &target) {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

/// `GET /c/{token}`
///
/// # Errors
/// Not found for a link that was not given out.
pub async fn show_own_certificate(
    State(ctx): State<Context>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response> {
    let row = by_link(&ctx, &token).await?;
    Ok(page(&OwnPage {
        path: format!("/c/{token}"),
        date: dates::full_day(row.issued_on),
        valid: row.state == CertificateState::Valid,
        word: tag(row.state).word,
        check: ctx.links.absolute("/verify"),
        row,
        shell: visitor.shell,
    }))
}

/// `GET /c/{token}/print`
///
/// # Errors
/// Not found for a link that was not given out.
pub async fn print_own_certificate(
    State(ctx): State<Context>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response> {
    let row = by_link(&ctx, &token).await?;
    let sheet = Sheet::of(&ctx, &row)?;
    let back = format!("/c/{token}");
    Ok(print(visitor.shell, row.number, back, vec![sheet]))
}
