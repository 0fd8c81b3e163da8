//! `/` and `/privacy`: what anybody may read.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    accounts::{Action, Visitor, policy},
    foundation::{
        config::OfficeConfig,
        context::Context,
        ui::{Shell, page},
    },
};

#[derive(Template)]
#[template(path = "accounts/templates/front.html")]
struct FrontPage {
    shell: Shell,
    office: OfficeConfig,
    seats: u32,
}

/// `GET /`: whoever is signed in is led to what waits for them.
pub async fn front(State(ctx): State<Context>, visitor: Visitor) -> Response {
    if let Some(actor) = &visitor.actor {
        let desk = policy::may_enter(actor, Action::Home);
        return Redirect::to(if desk { "/home" } else { "/my" }).into_response();
    }
    page(&FrontPage {
        shell: visitor.shell,
        office: ctx.config.office.clone(),
        seats: ctx.config.pool.seats_per_council_unit,
    })
}

#[derive(Template)]
#[template(path = "accounts/templates/privacy.html")]
struct PrivacyPage {
    shell: Shell,
    office: OfficeConfig,
    mail_days: i64,
}

/// `GET /privacy`
pub async fn privacy(State(ctx): State<Context>, visitor: Visitor) -> Response {
    page(&PrivacyPage {
        shell: visitor.shell,
        office: ctx.config.office.clone(),
        mail_days: ctx.config.mail.keep_bytes_days,
    })
}
