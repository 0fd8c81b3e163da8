//! `/expert/link`, `/expert/enter/{token}`

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use entity::ticket::{self, TicketPurpose};

use super::{browser, link_ended};
use crate::{
    accounts::{Faces, Visitor, expert_link, sessions::VisitorAddress, tickets},
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        ui::{Form, Shell, Submission, page, page_with_status, proof},
    },
    people::{self, contact_data},
};

/// Where an expert goes after entering.
const OWN_PAGE: &str = "/my";
/// Where a new link is asked for.
const AGAIN: (&str, &str) = ("/expert/link", "重新发一个链接");

#[derive(Template)]
#[template(path = "accounts/templates/expert_link.html")]
struct AskPage {
    shell: Shell,
    form: Form,
    minutes: i64,
    sent: bool,
}

/// `GET /expert/link`
pub async fn show_ask(State(ctx): State<Context>, visitor: Visitor) -> Response {
    page(&AskPage {
        shell: visitor.shell,
        form: Form::default(),
        minutes: ctx.config.accounts.reset_minutes,
        sent: false,
    })
}

/// `POST /expert/link`: the same answer whether an expert is known by that or not.
///
/// # Errors
/// When the service itself fails.
pub async fn post_ask(
    State(ctx): State<Context>,
    State(faces): State<Faces>,
    VisitorAddress(address): VisitorAddress,
    visitor: Visitor,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let contact = fields.required("contact", 254, &mut errors);
    let readable = contact_data::email(&contact).is_ok() || contact_data::mobile(&contact).is_ok();
    if errors.is_empty() && !readable {
        errors.add("contact", Refusal::new("accounts.contact_unreadable"));
    }
    let minutes = ctx.config.accounts.reset_minutes;
    if !errors.is_empty() {
        return Ok(page_with_status(
            StatusCode::UNPROCESSABLE_ENTITY,
            &AskPage {
                shell: visitor.shell,
                form: Form::refused(fields, errors),
                minutes,
                sent: false,
            },
        ));
    }
    expert_link::ask(&ctx, &faces, &contact, &address.to_string()).await?;
    Ok(page(&AskPage {
        shell: visitor.shell,
        form: Form::default(),
        minutes,
        sent: true,
    }))
}

#[derive(Template)]
#[template(path = "accounts/templates/expert_enter.html")]
struct EnterPage {
    shell: Shell,
    name: String,
    sample: bool,
    minutes: i64,
    proof: String,
    again: Option<String>,
}

/// The choice that the second page confirms.
const CHOICE: &str = "enter";

/// `GET /expert/enter/{token}`: changes nothing; mail scanners open links by themselves.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for an unknown link.
pub async fn show_enter(
    State(ctx): State<Context>,
    visitor: Visitor,
    jar: CookieJar,
    Path(token): Path<String>,
) -> Result<Response> {
    match tickets::look(&ctx, TicketPurpose::ExpertSession, &token).await {
        Ok(ticket) => enter_page(&ctx, visitor, jar, &ticket, None).await,
        Err(error) => link_ended(visitor.shell, error, AGAIN),
    }
}

/// `POST /expert/enter/{token}`: enters when the form came from the page that this browser was shown, or
/// from its second page; a scanner that sends forms by itself is shown that page, and the link lives on.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for an unknown link.
pub async fn post_enter(
    State(ctx): State<Context>,
    visitor: Visitor,
    headers: HeaderMap,
    jar: CookieJar,
    Path(token): Path<String>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let ticket = match tickets::look(&ctx, TicketPurpose::ExpertSession, &token).await {
        Ok(ticket) => ticket,
        Err(error) => return link_ended(visitor.shell, error, AGAIN),
    };
    let target = tickets::target(&ticket);
    if !proof::holds(&ctx, &jar, &target, &fields, CHOICE) {
        let again = Some(proof::again(&ctx, &target, CHOICE));
        return enter_page(&ctx, visitor, jar, &ticket, again).await;
    }
    match expert_link::enter(&ctx, &token, browser(&headers)).await {
        Ok(cookie) => Ok((jar.add(cookie), Redirect::to(OWN_PAGE)).into_response()),
        Err(error) => link_ended(visitor.shell, error, AGAIN),
    }
}

async fn enter_page(
    ctx: &Context,
    visitor: Visitor,
    jar: CookieJar,
    ticket: &ticket::Model,
    again: Option<String>,
) -> Result<Response> {
    let person = people::get(ctx.store.read(), ticket.person_id).await?;
    let (jar, proof) = proof::offer(ctx, jar, &tickets::target(ticket));
    let shown = EnterPage {
        shell: visitor.shell,
        name: person.name,
        sample: person.sample,
        minutes: ctx.config.accounts.expert_idle_minutes,
        proof,
        again,
    };
    Ok((jar, page(&shown)).into_response())
}
