//! The six digits on the wall of a room: they follow from the sitting and the time, change every so many
//! seconds, and prove that whoever types them is there. Pure.

use chrono::{DateTime, Utc};
use entity::ids::SittingId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;

/// What is shown on the wall at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Six digits.
    pub digits: String,
    /// Seconds until the next.
    pub left: i64,
}

/// The code of a sitting at `now`; each is shown for `step` seconds, at least 1.
pub fn shown(key: &[u8; 32], sitting: SittingId, now: DateTime<Utc>, step: i64) -> Shown {
    let seconds = now.timestamp();
    Shown {
        digits: digits(key, sitting, seconds.div_euclid(step)),
        left: step - seconds.rem_euclid(step),
    }
}

/// Whether `typed` is on the wall at `now`, or was just before: a code may change while it is typed.
/// Takes the same time for every answer.
pub fn holds(
    key: &[u8; 32],
    sitting: SittingId,
    now: DateTime<Utc>,
    step: i64,
    typed: &str,
) -> bool {
    let typed: String = typed.nfkc().filter(|c| !c.is_whitespace()).collect();
    let count = now.timestamp().div_euclid(step);
    let present = digits(key, sitting, count)
        .as_bytes()
        .ct_eq(typed.as_bytes());
    let before = digits(key, sitting, count - 1)
        .as_bytes()
        .ct_eq(typed.as_bytes());
    bool::from(present | before)
}

/// HMAC-SHA-256 over sitting and count of steps, cut to six digits as RFC 4226 does.
fn digits(key: &[u8; 32], sitting: SittingId, count: i64) -> String {
    // HMAC fills a short key up with zeros to the block of 64 bytes; doing it here cannot fail.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(sitting.0.as_bytes());
    mac.update(&count.to_be_bytes());
    let bytes = mac.finalize().into_bytes();
    let offset = usize::from(bytes[bytes.len() - 1] & 0x0f);
    let mut number = [0; 4];
    number.copy_from_slice(&bytes[offset..offset + 4]);
    let number = (u32::from_be_bytes(number) & 0x7fff_ffff) % 1_000_000;
    format!("{number:06}")
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;

    const KEY: [u8; 32] = [7; 32];
    const STEP: i64 = 45;

    #[test]
    fn a_code_holds_while_shown_and_one_step_longer() {
        let sitting = SittingId(Uuid::from_u128(1));
        // The begin of a step.
        let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(45 * 40_000_000);
        let code = shown(&KEY, sitting, now, STEP);
        assert_eq!((code.digits.len(), code.left), (6, 45));
        assert!(code.digits.bytes().all(|byte| byte.is_ascii_digit()));
        let at = |seconds| {
            holds(
                &KEY,
                sitting,
                now + TimeDelta::seconds(seconds),
                STEP,
                &code.digits,
            )
        };
        assert!(at(0) && at(44) && at(45) && at(89));
        assert!(!at(-1) && !at(90));
        let full_width: String = code
            .digits
            .chars()
            .filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0))
            .collect();
        assert!(holds(&KEY, sitting, now, STEP, &format!(" {full_width} ")));
    }

    #[test]
    fn another_sitting_and_another_key_show_other_codes() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let code = |key, number| shown(key, SittingId(Uuid::from_u128(number)), now, STEP).digits;
        assert_ne!(code(&KEY, 1), code(&KEY, 2));
        assert_ne!(code(&KEY, 1), code(&[8; 32], 1));
        assert!(!holds(&KEY, SittingId(Uuid::from_u128(1)), now, STEP, ""));
    }
}
