//! The page behind the link to be 组长.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use entity::{assignment::AssignmentState, panel::PanelState};

use super::{
    HEAD,
    head::{self, HeadQuestion},
    matter::Matter,
    notify,
    owners::Owners,
    proof,
    status::Message,
};
use crate::{
    accounts::Visitor,
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        links::{Links, Target},
        ui::{Form, Shell, Submission, page_with_status},
    },
};

#[derive(Template)]
#[template(path = "panels/templates/head.html")]
struct HeadPage {
    shell: Shell,
    person: String,
    sample: bool,
    matter: Matter,
    time: String,
    open: bool,
    message: Option<Message>,
    path: String,
    proof: String,
    again: Option<String>,
    form: Form,
}

async fn question(ctx: &Context, token: &str) -> Result<HeadQuestion> {
    let token = Links::read(token).ok_or(Error::NotFound)?;
    head::by_link(ctx.store.read(), &ctx.links, &token).await
}

fn target(question: &HeadQuestion) -> Target {
    notify::work_key(&question.assignment).target(HEAD)
}

/// `GET /h/{token}`
///
/// # Errors
/// [`Error::NotFound`] for a link that was not given out or is revoked.
pub async fn show(
    State(ctx): State<Context>,
    Path(token): Path<String>,
    visitor: Visitor,
    jar: CookieJar,
) -> Result<Response> {
    let question = question(&ctx, &token).await?;
    let form = Form::default();
    Ok(head_page(
        &ctx,
        visitor,
        jar,
        &question,
        form,
        None,
        StatusCode::OK,
    ))
}

/// `POST /h/{token}`
///
/// # Errors
/// As [`show`].
pub async fn submit(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    Path(token): Path<String>,
    visitor: Visitor,
    jar: CookieJar,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let question = question(&ctx, &token).await?;
    let target = target(&question);
    let choice = fields.text("answer").to_owned();
    let accepts = match choice.as_str() {
        "accept" => true,
        "decline" => false,
        _ => {
            let mut errors = FieldErrors::default();
            errors.add("answer", Refusal::new("form.choose"));
            let form = Form::refused(fields, errors);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(head_page(&ctx, visitor, jar, &question, form, None, status));
        }
    };
    if !proof::holds(&ctx, &jar, &target, &fields, &choice) {
        let again = Some(proof::again(&ctx, &target, &choice));
        let form = Form::new(fields);
        return Ok(head_page(
            &ctx,
            visitor,
            jar,
            &question,
            form,
            again,
            StatusCode::OK,
        ));
    }
    let row = &question.assignment;
    match head::answer_head(&ctx, &owners, row.id, row.work_generation, accepts).await {
        Ok(()) => Ok(Redirect::to(&format!("/h/{token}")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(head_page(&ctx, visitor, jar, &question, form, None, status))
        }
    }
}

fn head_page(
    ctx: &Context,
    visitor: Visitor,
    jar: CookieJar,
    question: &HeadQuestion,
    form: Form,
    again: Option<String>,
    status: StatusCode,
) -> Response {
    let target = target(question);
    let (jar, proof) = proof::offer(ctx, jar, &target);
    let row = &question.assignment;
    let serves = row.state == AssignmentState::Accepted
        && matches!(
            question.panel.state,
            PanelState::Open | PanelState::Standing
        );
    let said = |class, title: &str, text: &str| {
        Some(Message {
            class,
            title: title.to_owned(),
            text: text.to_owned(),
        })
    };
    let message = if row.head {
        said("ok", "已收到：您愿意担任组长", "情况有变请打电话给联系人。")
    } else if row.head_declined_at.is_some() {
        said(
            "info",
            "已收到：请另选他人",
            "谢谢您的答复，您仍是专家组成员。",
        )
    } else if !row.head_asked || !serves {
        said(
            "wait",
            "组长一事已另作安排",
            "不用您再做什么，谢谢您的支持。",
        )
    } else {
        None
    };
    let matter = Matter::of(&question.panel);
    let page = HeadPage {
        shell: visitor.shell,
        person: question.person.name.clone(),
        sample: question.person.sample,
        time: matter.time(ctx.zone()),
        open: serves && row.head_asked && !row.head,
        message,
        path: ctx.links.path(&target),
        proof,
        again,
        form,
        matter,
    };
    (jar, page_with_status(status, &page)).into_response()
}
