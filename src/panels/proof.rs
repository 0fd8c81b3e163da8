//! Tells a person at a browser from a scanner of mails that opens links and sends forms by itself.
//! The page sets a cookie and its form carries a number that follows from it; who sends the form
//! without the cookie is asked once more, with a second number that only that answer shows.

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use sha2::{Digest, Sha256};

use crate::foundation::{
    context::Context,
    links::{Links, Purpose, Target},
    ui::Fields,
};

/// Name of the form field with the number that follows from the cookie.
pub(super) const FIELD: &str = "proof";
/// Name of the form field with the number of the second page.
pub(super) const AGAIN: &str = "again";

/// What the second number stands for: a link that leads nowhere.
const CONFIRMED: Purpose = Purpose {
    label: "panels.confirmed",
    path: "",
};

fn cookie_name(ctx: &Context) -> &'static str {
    if ctx.config.is_https() {
        "__Host-form"
    } else {
        "form"
    }
}

/// The jar with the cookie, and the number for a form of the page `of`.
pub(super) fn offer(ctx: &Context, jar: CookieJar, of: &Target) -> (CookieJar, String) {
    let name = cookie_name(ctx);
    let known = jar
        .get(name)
        .map(|cookie| cookie.value().to_owned())
        .filter(|value| value.len() == 43);
    let value = known.unwrap_or_else(|| ctx.platform().token());
    let number = follow(&value, of);
    let cookie = Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .secure(ctx.config.is_https())
        .same_site(SameSite::Lax)
        .build();
    (jar.add(cookie), number)
}

/// Whether the form of the page `of` was sent by a browser that had the page, or confirmed with the
/// same `choice` on the second page.
pub(super) fn holds(
    ctx: &Context,
    jar: &CookieJar,
    of: &Target,
    fields: &Fields,
    choice: &str,
) -> bool {
    let seen = jar
        .get(cookie_name(ctx))
        .is_some_and(|cookie| follow(cookie.value(), of) == fields.text(FIELD));
    seen || Links::read(fields.text(AGAIN))
        .is_some_and(|token| ctx.links.verify(&token, &confirmed(of, choice)))
}

/// The number that confirms `choice` on the second page.
pub(super) fn again(ctx: &Context, of: &Target, choice: &str) -> String {
    ctx.links.path(&confirmed(of, choice))
}

/// Row, person and generation of the page, with the choice in the purpose: a confirmation of one
/// choice is none of another.
fn confirmed(of: &Target, choice: &str) -> Target {
    let label = match choice {
        "accept" => "panels.confirmed.accept",
        "decline" => "panels.confirmed.decline",
        _ => CONFIRMED.label,
    };
    Target {
        purpose: Purpose { label, ..CONFIRMED },
        ..*of
    }
}

fn follow(cookie: &str, of: &Target) -> String {
    let digest = Sha256::new()
        .chain_update(cookie)
        .chain_update([0])
        .chain_update(of.purpose.label)
        .chain_update([0])
        .chain_update(of.subject)
        .finalize();
    digest[..12]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
