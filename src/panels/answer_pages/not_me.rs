//! “I am somebody else”: the mail reached the wrong person.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::CookieJar;

use super::{masked, question};
use crate::{
    accounts::Visitor,
    foundation::{
        context::Context,
        error::Result,
        ui::{Shell, Submission, page, page_with_status},
    },
    panels::{disown, proof, questions::Question},
};

#[derive(Template)]
#[template(path = "panels/templates/not_me.html")]
struct NotMePage {
    shell: Shell,
    name: String,
    sample: bool,
    address: String,
    number: String,
    path: String,
    proof: String,
    again: Option<String>,
    done: bool,
}

/// `GET /i/{token}/not-me`
///
/// # Errors
/// As [`super::show`].
pub async fn show_not_me(
    State(ctx): State<Context>,
    Path(token): Path<String>,
    visitor: Visitor,
    jar: CookieJar,
) -> Result<Response> {
    let question = question(&ctx, &token).await?;
    Ok(not_me_page(&ctx, visitor, jar, &question, None))
}

/// `POST /i/{token}/not-me`
///
/// # Errors
/// As [`super::show`].
pub async fn submit_not_me(
    State(ctx): State<Context>,
    Path(token): Path<String>,
    visitor: Visitor,
    jar: CookieJar,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let question = question(&ctx, &token).await?;
    let target = question.target();
    if !proof::holds(&ctx, &jar, &target, &fields, "not-me") {
        let again = proof::again(&ctx, &target, "not-me");
        return Ok(not_me_page(&ctx, visitor, jar, &question, Some(again)));
    }
    disown::disown(&ctx, question.invitation.id, question.invitation.generation).await?;
    Ok(page(&NotMePage {
        shell: visitor.shell,
        name: question.person.name.clone(),
        sample: question.person.sample,
        address: String::new(),
        number: question.panel.number.clone(),
        path: String::new(),
        proof: String::new(),
        again: None,
        done: true,
    }))
}

fn not_me_page(
    ctx: &Context,
    visitor: Visitor,
    jar: CookieJar,
    question: &Question,
    again: Option<String>,
) -> Response {
    let target = question.target();
    let (jar, proof) = proof::offer(ctx, jar, &target);
    let page = NotMePage {
        shell: visitor.shell,
        name: question.person.name.clone(),
        sample: question.person.sample,
        address: masked(question),
        number: question.panel.number.clone(),
        path: ctx.links.path(&target),
        proof,
        again,
        done: false,
    };
    (jar, page_with_status(StatusCode::OK, &page)).into_response()
}
