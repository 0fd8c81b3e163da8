//! `/verify`: anybody checks a certificate, for ever.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use entity::certificate::{self, CertificateState};

use crate::{
    accounts::{Visitor, VisitorAddress},
    foundation::{
        context::Context,
        error::Result,
        ui::{Form, Shell, Submission, dates, page_with_status},
    },
    training::certificates::{self, Claims},
};

/// How the register answers.
struct Found {
    /// What stands on it.
    facts: Vec<(&'static str, String)>,
    /// Whether it still stands.
    valid: bool,
    /// What has become of it.
    said: String,
}

#[derive(Template)]
#[template(path = "training/templates/verify.html")]
struct VerifyPage {
    shell: Shell,
    form: Form,
    found: Option<Found>,
    forged: bool,
}

/// `GET /verify`
///
/// # Errors
/// When the service itself fails.
pub async fn show_verify(visitor: Visitor) -> Result<Response> {
    Ok(answer(visitor, Form::default(), None, StatusCode::OK))
}

fn answer(visitor: Visitor, form: Form, found: Option<Found>, status: StatusCode) -> Response {
    page_with_status(
        status,
        &VerifyPage {
            shell: visitor.shell,
            form,
            found,
            forged: false,
        },
    )
}

/// `POST /verify`: number and full name.
///
/// # Errors
/// When the service itself fails.
pub async fn post_verify(
    State(ctx): State<Context>,
    visitor: Visitor,
    address: VisitorAddress,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    match certificates::by_number(&ctx, &fields, &address.0.to_string()).await {
        Ok(row) => {
            let found = of_row(&ctx, &row);
            let form = Form::default();
            Ok(answer(visitor, form, Some(found), StatusCode::OK))
        }
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            Ok(answer(
                visitor,
                form,
                None,
                StatusCode::UNPROCESSABLE_ENTITY,
            ))
        }
    }
}

fn of_row(ctx: &Context, row: &certificate::Model) -> Found {
    Found {
        facts: vec![
            ("编号", row.number.clone()),
            ("姓名", row.name.clone()),
            ("单位", row.unit_name.clone()),
            ("证书", row.title.clone()),
            ("课程", row.course.clone()),
            ("学时", format!("{} 学时", row.hours)),
            ("发证", row.issuer.clone()),
            ("日期", dates::full_day(row.issued_on)),
        ],
        valid: row.state == CertificateState::Valid,
        said: fate(ctx, row),
    }
}

/// What has become of a certificate, in words.
fn fate(ctx: &Context, row: &certificate::Model) -> String {
    let day = row
        .ended_at
        .map(|at| dates::full_day(dates::local_date(at, ctx.zone())))
        .unwrap_or_default();
    match row.state {
        CertificateState::Valid => "证书有效".to_owned(),
        CertificateState::Revoked => format!("证书已于{day}撤销"),
        CertificateState::Replaced => format!("证书已于{day}换发，请看新证书"),
    }
}

/// `GET /verify/{payload}`: where the picture on a certificate leads. The name stays masked.
///
/// # Errors
/// When the service itself fails.
pub async fn verify_payload(
    State(ctx): State<Context>,
    visitor: Visitor,
    Path(payload): Path<String>,
) -> Result<Response> {
    let Some((claims, row)) = certificates::by_payload(&ctx, &payload).await? else {
        return Ok(page_with_status(
            StatusCode::UNPROCESSABLE_ENTITY,
            &VerifyPage {
                shell: visitor.shell,
                form: Form::default(),
                found: None,
                forged: true,
            },
        ));
    };
    let found = of_claims(&ctx, &claims, row.as_ref());
    Ok(answer(
        visitor,
        Form::default(),
        Some(found),
        StatusCode::OK,
    ))
}

fn of_claims(ctx: &Context, claims: &Claims, row: Option<&certificate::Model>) -> Found {
    Found {
        facts: vec![
            ("编号", claims.number.to_string()),
            ("姓名", claims.name.clone()),
            ("课程", claims.course.clone()),
            ("学时", format!("{} 学时", claims.hours)),
            ("日期", dates::full_day(claims.issued_on)),
        ],
        valid: row.is_some_and(|row| row.state == CertificateState::Valid),
        said: row.map_or_else(
            || "签名属实，但登记簿里没有这份证书，请联系秘书处".to_owned(),
            |row| fate(ctx, row),
        ),
    }
}
