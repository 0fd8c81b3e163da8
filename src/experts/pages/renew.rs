//! `/renew/{token}`: an engaged expert says whether to stay for another term; afterwards the same address
//! says where things stand.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use entity::expert_renewal::RenewalAnswer;

use super::view::ProfileView;
use crate::{
    accounts::Visitor,
    experts::{
        consent_texts::ConsentText,
        renew::{self, Answer, LINK, Opened},
        rules::{self, Step},
    },
    foundation::{
        context::Context,
        error::{FieldErrors, Result},
        ui::{Form, Shell, Submission, dates, page_with_status, proof},
    },
};

#[derive(Template)]
#[template(path = "experts/templates/renew.html")]
struct RenewPage {
    shell: Shell,
    form: Form,
    path: String,
    profile: ProfileView,
    alliance: String,
    phone: String,
    until: String,
    /// What is asked: number and last day of the next term.
    asked: Option<(i32, String)>,
    /// What was answered, in words.
    answered: String,
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

impl RenewPage {
    fn confirmed(&self) -> bool {
        self.form.fields.has("profile")
    }
}

/// `GET /renew/{token}`
///
/// # Errors
/// Not found for anything but a link that still holds.
pub async fn show(
    State(ctx): State<Context>,
    visitor: Visitor,
    jar: CookieJar,
    Path(token): Path<String>,
) -> Result<Response> {
    let opened = renew::open(&ctx, &token).await?;
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

/// `POST /renew/{token}`
///
/// # Errors
/// Not found for anything but a link that still holds.
pub async fn post(
    State(ctx): State<Context>,
    visitor: Visitor,
    jar: CookieJar,
    Path(token): Path<String>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let opened = renew::open(&ctx, &token).await?;
    let refused = |errors: FieldErrors, jar, opened| {
        let form = Form::refused(fields.clone(), errors);
        render(&ctx, visitor.shell.clone(), jar, &token, opened, form, None)
    };
    let answer = match Answer::read(&fields) {
        Ok(answer) => answer,
        Err(errors) => return Ok(refused(errors, jar, opened)),
    };
    let target = renew::target(&opened.row);
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
    match renew::answer(&ctx, &token, &answer).await {
        Ok(()) => Ok(Redirect::to(&format!("{}{token}", LINK.path)).into_response()),
        Err(error) => Ok(refused(error.into_form_errors()?, jar, opened)),
    }
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
    let office = &ctx.config.office;
    let (jar, proof) = proof::offer(ctx, jar, &renew::target(&opened.row));
    let status = if form.errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let goes_on = rules::next(opened.row.state, Step::Renew).is_ok();
    let asked = opened.term.as_ref().filter(|_| goes_on);
    let answered = match opened.answer.as_ref().map(|answer| answer.answer) {
        _ if !goes_on => "您的聘期已经结束，感谢您的支持。",
        Some(RenewalAnswer::Renew) if asked.is_none() => "您已同意续聘。",
        Some(RenewalAnswer::Decline) => "您已答复不再续聘，改变主意可在下面重新答复。",
        Some(RenewalAnswer::Renew) => "",
        None if asked.is_none() => "目前没有要您答复的。换届时会再发邮件。",
        None => "",
    };
    let page = RenewPage {
        path: format!("{}{token}", LINK.path),
        profile: ProfileView::of(&opened.row, &opened.person, opened.unit.as_ref()),
        alliance: office.name.clone(),
        phone: office.phone.clone(),
        until: opened
            .row
            .engaged_to
            .map(dates::full_day)
            .unwrap_or_default(),
        asked: asked.map(|term| (term.number, dates::full_day(term.to_date))),
        answered: answered.to_owned(),
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
        shell,
    };
    (jar, page_with_status(status, &page)).into_response()
}
