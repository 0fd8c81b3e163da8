//! `/` and `/privacy`: what anybody may read.

use askama::Template;
use axum::{extract::State, response::Response};

use crate::{
    accounts::Visitor,
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

/// `GET /`
pub async fn front(State(ctx): State<Context>, visitor: Visitor) -> Response {
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
