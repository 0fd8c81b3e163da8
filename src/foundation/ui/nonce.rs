//! Whether the browser that submits the form of a link page is the one that was shown it. Mail
//! scanners open links and submit what they find, but seldom keep a cookie in between. Whoever keeps
//! none gets the same page with the choice kept and one more confirmation: never a dead end.

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use subtle::ConstantTimeEq;

use super::fields::Fields;
use crate::foundation::{config::Config, platform::Platform};

/// The field of the form that carries the value of the cookie.
pub const FIELD: &str = "nonce";
/// The field that says: yes, this browser keeps no cookie, and I mean it.
pub const AGAIN: &str = "again";

fn cookie_name(config: &Config) -> &'static str {
    if config.is_https() {
        "__Host-form"
    } else {
        "form"
    }
}

/// The value for the form, and the jar to send with the page. A browser that has one keeps it, so
/// that several open pages work.
pub fn give(config: &Config, platform: &Platform, jar: CookieJar) -> (CookieJar, String) {
    let name = cookie_name(config);
    if let Some(cookie) = jar.get(name) {
        let value = cookie.value().to_owned();
        if value.len() == 43 && value.is_ascii() {
            return (jar, value);
        }
    }
    let value = platform.token();
    let cookie = Cookie::build((name, value.clone()))
        .path("/")
        .http_only(true)
        .secure(config.is_https())
        .same_site(SameSite::Lax)
        .build();
    (jar.add(cookie), value)
}

/// Whether a submission counts: the cookie came back with the form, or the person confirmed once more.
pub fn counts(config: &Config, jar: &CookieJar, fields: &Fields) -> bool {
    let given = fields.text(FIELD);
    let kept = jar.get(cookie_name(config)).is_some_and(|cookie| {
        !given.is_empty() && bool::from(cookie.value().as_bytes().ct_eq(given.as_bytes()))
    });
    kept || fields.has(AGAIN)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::foundation::platform::{ManualClock, SeededRandom};

    #[test]
    fn a_browser_with_the_cookie_is_recognised_and_one_without_is_asked_again() {
        let config = Config::load(None).unwrap();
        let clock = ManualClock::new("2026-09-14T02:00:00Z".parse().unwrap());
        let platform = Platform::new(Arc::new(clock), Arc::new(SeededRandom::new(1)));
        let (jar, value) = give(&config, &platform, CookieJar::new());
        let form = Fields::default().with(FIELD, &value);
        assert!(counts(&config, &jar, &form));
        let (jar, again) = give(&config, &platform, jar);
        assert_eq!(again, value, "a second page works beside the first");
        assert!(!counts(&config, &CookieJar::new(), &form));
        assert!(!counts(&config, &jar, &Fields::default()));
        assert!(!counts(
            &config,
            &CookieJar::new(),
            &Fields::default().with(FIELD, "")
        ));
        assert!(counts(&config, &CookieJar::new(), &form.with(AGAIN, "1")));
    }
}
