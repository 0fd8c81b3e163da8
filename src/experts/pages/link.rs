//! `/e/{token}`: the approved person confirms; afterwards the same address says where things stand.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use entity::expert::ExpertState;

use super::{
    papers::{self, Place},
    view::{self, ProfileView},
};
use crate::{
    accounts::Visitor,
    experts::{
        consent_texts::{self, ConsentText},
        engage::{self, Answer, LINK, Opened},
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        ui::{Form, Shell, Submission, dates, page_with_status, proof},
    },
};

#[derive(Template)]
#[template(path = "experts/templates/link.html")]
struct LinkPage {
    shell: Shell,
    form: Form,
    path: String,
    profile: ProfileView,
    alliance: String,
    phone: String,
    term_number: i32,
    until: String,
    duties: Vec<String>,
    consents: Vec<Consent>,
    proof: String,
    again: Option<String>,
    yes: bool,
    no: bool,
}

struct Consent {
    name: &'static str,
    title: &'static str,
    paragraphs: Vec<String>,
    ticked: bool,
    wrong: bool,
}

#[derive(Template)]
#[template(path = "experts/templates/link_status.html")]
struct StatusPage {
    shell: Shell,
    path: String,
    profile: ProfileView,
    title: &'static str,
    text: String,
    engaged: bool,
    phone: String,
}

/// `GET /e/{token}`
///
/// # Errors
/// [`Error::NotFound`] for anything but a link that still holds.
pub async fn show(
    State(ctx): State<Context>,
    visitor: Visitor,
    jar: CookieJar,
    Path(token): Path<String>,
) -> Result<Response> {
    let opened = engage::open(&ctx, &token).await?;
    Ok(render(
        &ctx,
        visitor.shell,
        jar,
        &token,
        opened,
        Form::default(),
        None,
    ))
}

/// `POST /e/{token}`
///
/// # Errors
/// [`Error::NotFound`] for anything but a link that still holds.
pub async fn post(
    State(ctx): State<Context>,
    visitor: Visitor,
    jar: CookieJar,
    Path(token): Path<String>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let opened = engage::open(&ctx, &token).await?;
    let refused = |errors: FieldErrors, jar, opened| {
        let form = Form::refused(fields.clone(), errors);
        render(&ctx, visitor.shell.clone(), jar, &token, opened, form, None)
    };
    let answer = match Answer::read(&fields) {
        Ok(answer) => answer,
        Err(errors) => return Ok(refused(errors, jar, opened)),
    };
    let target = engage::target(&opened.row);
    let choice = fields.text("answer");
    if !proof::holds(&ctx, &jar, &target, &fields, choice) {
        let again = Some(proof::again(&ctx, &target, choice));
        let form = Form::new(fields.clone());
        return Ok(render(
            &ctx,
            visitor.shell,
            jar,
            &token,
            opened,
            form,
            again,
        ));
    }
    match engage::answer(&ctx, &token, &answer).await {
        Ok(()) => Ok(Redirect::to(&format!("{}{token}", LINK.path)).into_response()),
        Err(error) => Ok(refused(error.into_form_errors()?, jar, opened)),
    }
}

/// `GET /e/{token}/{paper}`: the letter of engagement as page and file.
///
/// # Errors
/// [`Error::NotFound`] before the engagement, and for other papers.
pub async fn paper(
    State(ctx): State<Context>,
    visitor: Visitor,
    Path((token, name)): Path<(String, String)>,
) -> Result<Response> {
    let opened = engage::open(&ctx, &token).await?;
    if !name.starts_with("engagement") {
        return Err(Error::NotFound);
    }
    let folder = format!("{}{token}", LINK.path);
    let place = Place {
        back: folder.clone(),
        folder,
    };
    papers::answer(&ctx, visitor.shell, &opened.row, &name, place).await
}

fn render(
    ctx: &Context,
    shell: Shell,
    jar: CookieJar,
    token: &str,
    opened: Opened,
    form: Form,
    again: Option<String>,
) -> Response {
    let path = format!("{}{token}", LINK.path);
    let profile = ProfileView::of(&opened.row, &opened.person, opened.unit.as_ref());
    if opened.row.state != ExpertState::Approved {
        return page_with_status(StatusCode::OK, &status(ctx, shell, path, profile, &opened));
    }
    let (jar, proof) = proof::offer(ctx, jar, &engage::target(&opened.row));
    let office = &ctx.config.office;
    let code = if form.errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let template = LinkPage {
        shell,
        path,
        profile,
        alliance: office.name.clone(),
        phone: office.phone.clone(),
        term_number: opened.term.number,
        until: dates::full_day(opened.term.to_date),
        duties: consent_texts::duties(office),
        consents: ConsentText::ALL
            .map(|text| Consent {
                name: text.purpose(),
                title: text.title(),
                paragraphs: text.paragraphs(office),
                ticked: form.fields.has(text.purpose()),
                wrong: form.errors.of(text.purpose()).is_some(),
            })
            .into(),
        proof,
        again,
        yes: form.fields.text("answer") == "yes",
        no: form.fields.text("answer") == "no",
        form,
    };
    (jar, page_with_status(code, &template)).into_response()
}

fn status(
    ctx: &Context,
    shell: Shell,
    path: String,
    profile: ProfileView,
    opened: &Opened,
) -> StatusPage {
    use ExpertState::*;
    let row = &opened.row;
    let (title, text) = match row.state {
        Engaged => (
            "您已受聘",
            "聘书可在本页查看、打印或下载。有合适的咨询申请时，邀请会发到您的邮箱。".to_owned(),
        ),
        Suspended => ("聘任已中止", "中止期间不会邀请您。".to_owned()),
        Refused => (
            "您没有同意受聘",
            "感谢您的答复。改变主意时，请联系推荐单位重新推荐。".to_owned(),
        ),
        Expired => (
            "聘期已届满",
            "感谢您的支持。续聘须重新推荐，并由您本人再次同意。".to_owned(),
        ),
        Ended => ("聘任已结束", "感谢您的支持。".to_owned()),
        Draft | Recommended | Returned | Approved | Withdrawn => (
            "这次聘任已撤回",
            "推荐已撤回，不用再答复。有疑问请联系秘书处。".to_owned(),
        ),
    };
    StatusPage {
        shell,
        path,
        title,
        text,
        engaged: row.engagement_number.is_some(),
        phone: ctx.config.office.phone.clone(),
        profile: ProfileView {
            term: view::term(row.engaged_from, row.engaged_to),
            ..profile
        },
    }
}
