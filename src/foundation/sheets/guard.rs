//! Keeping a CSV cell from being taken for a formula, without spoiling numbers.

/// `text` as it is written into a CSV cell: with an apostrophe before it if a spreadsheet would
/// compute it.
pub(super) fn guarded(text: &str) -> String {
    if needs_guard(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// Undoes [`guarded`] and leaves any other text alone.
pub(super) fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'')
        .filter(|rest| needs_guard(rest))
        .unwrap_or(text)
}

/// What begins a formula in some spreadsheet, unless it is a plain number or a telephone number
/// such as `+86 10 0000 0000`. A text that looks guarded already is guarded once more, so that
/// undoing always gives the same text.
fn needs_guard(text: &str) -> bool {
    let formula = text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠',
    ]);
    (formula && !is_number(text) && !is_telephone(text))
        || text.strip_prefix('\'').is_some_and(needs_guard)
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Digits and single spaces after a plus: nothing that could be computed.
fn is_telephone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|rest| {
        rest.split(' ')
            .all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_guarded_and_numbers_kept() {
        for text in [
            "=1+1",
            "@SUM(A1)",
            "-1+1",
            "+cmd|' /C calc'!A0",
            "\t=1",
            "\r=1",
            "-",
            "+86-138",
            "＝1+1",
            "'=1",
            "-2.",
            "+1  2",
        ] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in [
            "-12.5",
            "+3",
            "+8613800138000",
            "+86 138 0013 8000",
            "-0",
            "1=1",
            "'tis",
            "'13800138000",
            "",
            "沈知行",
        ] {
            assert_eq!(guarded(text), text);
        }
    }

    proptest! {
        #[test]
        fn reading_undoes_writing(text in "['=+@\\-\t0-9 .aＡ＝]{0,6}|\\PC{0,10}") {
            let written = guarded(&text);
            prop_assert_eq!(unguarded(&written), text.as_str());
            prop_assert!(!written.starts_with(['=', '@', '\t']));
        }
    }
}
