//! Tells a person at a browser from a scanner of mails that opens links and sends forms by itself.
//! The page sets a cookie and its form carries a number that follows from it; who sends the form
//! without the cookie is asked once more, with a second number that only that answer shows.

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::fields::Fields;
use crate::foundation::{
    context::Context,
    links::{Links, Purpose, Target},
};

/// Name of the form field with the number that follows from the cookie.
pub const FIELD: &str = "proof";
/// Name of the form field with the number of the second page.
pub const AGAIN: &str = "again";

/// What the second number stands for: a link that leads nowhere.
const CONFIRMED: Purpose = Purpose {
    label: "ui.confirmed",
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
pub fn offer(ctx: &Context, jar: CookieJar, of: &Target) -> (CookieJar, String) {
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
pub fn holds(ctx: &Context, jar: &CookieJar, of: &Target, fields: &Fields, choice: &str) -> bool {
    let seen = jar
        .get(cookie_name(ctx))
        .is_some_and(|cookie| follow(cookie.value(), of) == fields.text(FIELD));
    seen || Links::read(fields.text(AGAIN))
        .is_some_and(|token| ctx.links.verify(&token, &confirmed(of, choice)))
}

/// The number that confirms `choice` on the second page.
pub fn again(ctx: &Context, of: &Target, choice: &str) -> String {
    ctx.links.path(&confirmed(of, choice))
}

/// Person and generation of the page; purpose, row and choice together are the subject, so that a
/// confirmation of one choice is none of another.
fn confirmed(of: &Target, choice: &str) -> Target {
    let digest = Sha256::new()
        .chain_update(of.purpose.label)
        .chain_update([0])
        .chain_update(of.subject)
        .chain_update(choice)
        .finalize();
    let mut subject = [0; 16];
    subject.copy_from_slice(&digest[..16]);
    Target {
        purpose: CONFIRMED,
        subject: Uuid::from_bytes(subject),
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

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Target = Target {
        purpose: Purpose {
            label: "trial",
            path: "/t/",
        },
        subject: Uuid::from_u128(1),
        person: Uuid::from_u128(2),
        generation: 1,
    };

    #[test]
    fn a_number_follows_from_cookie_and_page() {
        let other = Target {
            subject: Uuid::from_u128(3),
            ..PAGE
        };
        assert_eq!(follow("a", &PAGE), follow("a", &PAGE));
        assert_ne!(follow("a", &PAGE), follow("b", &PAGE));
        assert_ne!(follow("a", &PAGE), follow("a", &other));
    }

    #[test]
    fn a_confirmation_is_of_one_choice_on_one_page() {
        let links = Links::parse(&format!("a:{}", "A".repeat(43)), "http://x").unwrap();
        let given = |of: &Target, choice: &str| Links::read(&links.path(&confirmed(of, choice)));
        let yes = given(&PAGE, "yes").unwrap();
        assert!(links.verify(&yes, &confirmed(&PAGE, "yes")));
        assert!(!links.verify(&yes, &confirmed(&PAGE, "no")));
        let later = Target {
            generation: 2,
            ..PAGE
        };
        assert!(!links.verify(&yes, &confirmed(&later, "yes")));
    }
}
