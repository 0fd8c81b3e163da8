//! Which passwords are taken. Pure: no composition is asked for, but what everybody tries first is
//! refused, and so is what is written on the person's own card.

use crate::foundation::{
    error::Refusal,
    search::{SearchKey, normalise},
};

/// Longest password in characters; longer ones are no safer and cost time.
const MAX: usize = 200;
/// Characters that have to be left when a well-known word is taken out.
const OWN_PART: usize = 5;
/// Words that people build passwords from, in lower case. Our own collection.
const COMMON: &str = include_str!("data/common_passwords.txt");

/// Whose password it is to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bearer<'a> {
    pub name: &'a str,
    pub email: &'a str,
}

/// Whether `password` may be used: `min` to 200 characters, not common, and without the bearer's
/// name or address.
pub(super) fn check(password: &str, min: usize, bearer: Bearer<'_>) -> Result<(), Refusal> {
    let length = password.chars().count();
    if length < min {
        return Err(Refusal::new("accounts.password_short").with("min", min));
    }
    if length > MAX {
        return Err(Refusal::new("form.too_long").with("max", MAX));
    }
    let plain = normalise(password);
    if is_common(&plain) {
        return Err(Refusal::new("accounts.password_common"));
    }
    if names_bearer(&plain, bearer) {
        return Err(Refusal::new("accounts.password_personal"));
    }
    Ok(())
}

fn is_common(plain: &str) -> bool {
    let chars: Vec<char> = plain.chars().collect();
    let mut distinct = chars.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 4 || is_run(&chars) {
        return true;
    }
    let words = COMMON
        .lines()
        .filter(|word| !word.is_empty() && !word.starts_with('#'));
    let mut rest = plain.to_owned();
    let mut found = false;
    for word in words {
        if rest.contains(word) {
            found = true;
            rest = rest.replace(word, "");
        }
    }
    // Years, digits and signs at the end add little: `password2026!` stays common.
    found
        && rest.chars().filter(|c| c.is_alphabetic()).count() < OWN_PART
        && rest.chars().count() < 2 * OWN_PART
}

/// 12345678, 87654321, abcdefgh.
fn is_run(chars: &[char]) -> bool {
    let steps = |step: i64| {
        chars
            .windows(2)
            .filter(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])) == step)
            .count()
    };
    let pairs = chars.len().saturating_sub(1);
    steps(1).max(steps(-1)) * 10 >= pairs * 8
}

fn names_bearer(plain: &str, bearer: Bearer<'_>) -> bool {
    let key = SearchKey::of(bearer.name);
    let user = bearer.email.split('@').next().unwrap_or_default();
    let contains = |part: &str, least: usize| part.chars().count() >= least && plain.contains(part);
    contains(&key.normal, 2)
        || key.pinyin.split(' ').any(|spelled| contains(spelled, 5))
        || contains(&user.to_lowercase(), 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEARER: Bearer<'_> = Bearer {
        name: "周叙白",
        email: "zhou.xb@example.org",
    };

    fn code(password: &str) -> Option<&'static str> {
        check(password, 10, BEARER)
            .err()
            .map(|refusal| refusal.code)
    }

    #[test]
    fn long_and_own_passwords_are_taken_whatever_they_are_made_of() {
        for password in [
            "correct horse battery staple",
            "湖边的三只白鹭今天没来啊",
            "k7Qv-2mZt-9xRw",
            "窗外password下着雨呢真大",
            "夏天的第一场雨20240612",
        ] {
            assert_eq!(code(password), None, "{password}");
        }
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for password in [
            "1234567890",
            "0987654321",
            "aaaaaaaaaa",
            "ababababab",
            "abcdefghijk",
            "Password123",
            "Ｐａｓｓｗｏｒｄ１２３",
            "qwertyuiop",
            "woaini1314520",
            "admin@2026!",
            "1qaz2wsx3edc",
            "8888888888",
            "iloveyou2026",
        ] {
            assert_eq!(
                code(password),
                Some("accounts.password_common"),
                "{password}"
            );
        }
    }

    #[test]
    fn short_ones_and_the_bearers_own_data_are_refused() {
        assert_eq!(code("k7Qv-2mZt"), Some("accounts.password_short"));
        assert_eq!(code(&"长".repeat(201)), Some("form.too_long"));
        for password in [
            "周叙白在电子学会",
            "zhouxubai-8842",
            "ZhouXuBai!8842",
            "zhou.xb/88421",
        ] {
            assert_eq!(
                check(password, 8, BEARER).err().map(|refusal| refusal.code),
                Some("accounts.password_personal"),
                "{password}"
            );
        }
    }
}
