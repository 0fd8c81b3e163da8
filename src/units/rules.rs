//! What holds for units, their standing and their terms. Pure.

use chrono::NaiveDate;
use entity::{council_term, tier_change, unit, unit::Tier};
use unicode_normalization::UnicodeNormalization;

use crate::foundation::{error::Refusal, ui::dates};

/// Characters of a 统一社会信用代码 (GB 32100) in the order of their values.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A 统一社会信用代码 in one form; none when nothing was typed, as some members have none.
///
/// # Errors
/// When its length, a character or its check character is wrong.
pub(super) fn credit_code(text: &str) -> Result<Option<String>, Refusal> {
    let code: String = text
        .nfkc()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_uppercase();
    if code.is_empty() {
        return Ok(None);
    }
    let refused = || Refusal::new("units.credit_code").with("value", &code);
    let values: Vec<usize> = code
        .bytes()
        .map(|byte| ALPHABET.iter().position(|known| *known == byte))
        .collect::<Option<_>>()
        .ok_or_else(refused)?;
    let digits_inside = code
        .bytes()
        .skip(2)
        .take(6)
        .all(|byte| byte.is_ascii_digit());
    if values.len() != 18 || !digits_inside {
        return Err(refused());
    }
    let (sum, _) = values[..17].iter().fold((0, 1), |(sum, weight), value| {
        (sum + value * weight, weight * 3 % 31)
    });
    if (31 - sum % 31) % 31 == values[17] {
        Ok(Some(code))
    } else {
        Err(refused())
    }
}

/// Whether a unit may change to `tier` on a day.
pub(super) fn change_tier(
    unit: &unit::Model,
    last: Option<&tier_change::Model>,
    tier: Tier,
    on: NaiveDate,
    today: NaiveDate,
) -> Result<(), (&'static str, Refusal)> {
    if unit.left_on.is_some() {
        return Err(("", Refusal::new("units.has_left")));
    }
    if unit.tier == tier {
        return Err(("tier", Refusal::new("units.same_tier")));
    }
    if on > today {
        return Err(("on", Refusal::new("units.not_yet")));
    }
    match last {
        Some(last) if on < last.on_date => Err((
            "on",
            Refusal::new("units.before_last_change").with("day", dates::full_day(last.on_date)),
        )),
        _ => Ok(()),
    }
}

/// The number of the term that may begin on `from`, after the last one.
pub(super) fn next_term(
    last: Option<&council_term::Model>,
    from: NaiveDate,
) -> Result<i32, Refusal> {
    match last {
        None => Ok(1),
        Some(last) if from > last.to_date => Ok(last.number + 1),
        Some(last) => {
            Err(Refusal::new("units.term_overlaps").with("day", dates::full_day(last.to_date)))
        }
    }
}

/// Whether a contact may be closed without a successor: a unit does not leave itself without one.
pub(super) fn close_contact(open: usize, by_secretariat: bool) -> Result<(), Refusal> {
    if open < 2 && !by_secretariat {
        return Err(Refusal::new("units.last_contact"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use entity::ids::{TermId, TierChangeId, UnitId};
    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn unit(tier: Tier) -> unit::Model {
        unit::Model {
            id: UnitId(Uuid::from_u128(1)),
            name: "单位".into(),
            short_name: String::new(),
            name_normal: String::new(),
            name_pinyin: String::new(),
            name_initials: String::new(),
            tier,
            credit_code: None,
            scope: String::new(),
            secretariat: false,
            joined_on: None,
            left_on: None,
            created_at: DateTime::<Utc>::UNIX_EPOCH,
            updated_at: DateTime::<Utc>::UNIX_EPOCH,
        }
    }

    #[test]
    fn credit_codes_are_checked_to_their_last_character() {
        assert_eq!(credit_code("  ").unwrap(), None);
        assert_eq!(
            credit_code("９１３５０１００ m000100y43")
                .unwrap()
                .as_deref(),
            Some("91350100M000100Y43")
        );
        for wrong in [
            "91350100M000100Y44",
            "91350100M000100Y4",
            "91350100M000100Y4I",
            "9135O100M000100Y43",
            "信用代码",
        ] {
            assert_eq!(
                credit_code(wrong).unwrap_err().code,
                "units.credit_code",
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_tier_changes_once_a_day_of_the_past_and_in_order() {
        let today = day("2026-09-14");
        let last = tier_change::Model {
            id: TierChangeId(Uuid::from_u128(2)),
            unit_id: UnitId(Uuid::from_u128(1)),
            tier: Tier::Council,
            on_date: day("2026-09-01"),
            reason: String::new(),
            by_person: None,
            created_at: DateTime::<Utc>::UNIX_EPOCH,
        };
        let unit = unit(Tier::Council);
        let code = |tier, on: &str| {
            change_tier(&unit, Some(&last), tier, day(on), today)
                .err()
                .map(|(field, refusal)| (field, refusal.code))
        };
        assert_eq!(code(Tier::StandingCouncil, "2026-09-14"), None);
        assert_eq!(code(Tier::Member, "2026-09-01"), None);
        assert_eq!(
            code(Tier::Council, "2026-09-10"),
            Some(("tier", "units.same_tier"))
        );
        assert_eq!(
            code(Tier::Member, "2026-09-15"),
            Some(("on", "units.not_yet"))
        );
        assert_eq!(
            code(Tier::Member, "2026-08-31"),
            Some(("on", "units.before_last_change"))
        );
        let mut gone = unit.clone();
        gone.left_on = Some(today);
        let refused = change_tier(&gone, None, Tier::Member, today, today);
        assert_eq!(refused.unwrap_err().1.code, "units.has_left");
    }

    #[test]
    fn terms_follow_each_other() {
        let first = council_term::Model {
            id: TermId(Uuid::from_u128(3)),
            number: 1,
            from_date: day("2024-09-01"),
            to_date: day("2026-08-31"),
        };
        assert_eq!(next_term(None, day("2024-09-01")), Ok(1));
        assert_eq!(next_term(Some(&first), day("2026-09-01")), Ok(2));
        assert_eq!(
            next_term(Some(&first), day("2026-08-31")).unwrap_err().code,
            "units.term_overlaps"
        );
    }

    #[test]
    fn a_unit_keeps_a_contact() {
        assert!(close_contact(2, false).is_ok());
        assert_eq!(
            close_contact(1, false).unwrap_err().code,
            "units.last_contact"
        );
        assert!(close_contact(1, true).is_ok());
    }
}
