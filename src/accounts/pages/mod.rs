//! Pages of accounts, one file a matter.

pub mod account;
pub mod address;
pub mod audit;
pub mod digest;
pub mod expert;
pub mod home;
pub mod password;
pub mod public;
pub mod roles;
pub mod sign_in;

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::Response,
};

use crate::foundation::{
    context::Context,
    error::{Error, Result},
    texts::{Language, sentence},
    ui::{Shell, page_with_status},
};

/// The browser's description of itself.
fn browser(headers: &HeaderMap) -> &str {
    headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default()
}

/// What a new password has to be, for the hint at its field.
fn password_hint(ctx: &Context) -> String {
    let min = ctx.config.accounts.min_password;
    format!("至少 {min} 个字符，几个词连成的一句话最好记。不要用姓名、邮箱和常见密码。")
}

#[derive(askama::Template)]
#[template(path = "accounts/templates/link_ended.html")]
struct LinkEnded {
    shell: Shell,
    reason: String,
    again: (&'static str, &'static str),
}

/// The page of a link that works no more: why, and where to get another (`again`: path and words).
///
/// # Errors
/// Every error that is no refusal, an unknown link among them.
pub fn link_ended(
    shell: Shell,
    error: Error,
    again: (&'static str, &'static str),
) -> Result<Response> {
    match error {
        Error::Refused(refusal) => Ok(page_with_status(
            StatusCode::GONE,
            &LinkEnded {
                shell,
                reason: sentence(&refusal, Language::Chinese),
                again,
            },
        )),
        other => Err(other),
    }
}
