//! 证书编号: `TBL-PX-2026-0001-0042-2` is the 42nd certificate of 2026, given for run PX-2026-001.
//! The last character is computed from the twelve digits after ISO 7064 MOD 11-2, as the one of a
//! resident's identity number (GB 11643), and catches every single wrong digit and every pair of
//! neighbours that changed places. Pure.

use std::{fmt, str::FromStr};

use crate::foundation::error::Refusal;

/// What stands before the digits.
const PREFIX: &str = "TBL-PX";

/// A number. Its display is the whole of it, with the check character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// Year of the run.
    pub year: u16,
    /// The run in that year, to 9999.
    pub run: u16,
    /// The certificate in that year, to 9999.
    pub serial: u16,
}

impl Number {
    fn digits(self) -> String {
        format!("{:04}{:04}{:04}", self.year, self.run, self.serial)
    }

    /// Year and number of a run numbered like `PX-2026-003`.
    pub fn run_of(number: &str) -> Option<(u16, u16)> {
        let (head, run) = number.rsplit_once('-')?;
        let (_, year) = head.rsplit_once('-')?;
        Some((year.parse().ok()?, run.parse().ok()?))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{PREFIX}-{:04}-{:04}-{:04}-{}",
            self.year,
            self.run,
            self.serial,
            check(&self.digits())
        )
    }
}

/// The check character of a row of digits: 0–9, or X for ten.
fn check(digits: &str) -> char {
    let sum = digits
        .bytes()
        .fold(0, |sum, byte| (sum + u32::from(byte - b'0')) * 2 % 11);
    char::from_digit((12 - sum) % 11, 10).unwrap_or('X')
}

impl FromStr for Number {
    type Err = Refusal;

    /// Reads a number as people type it: case, width, blanks and dashes do not matter.
    ///
    /// # Errors
    /// `certificate.number_form` for anything but prefix, twelve digits and the check character;
    /// `certificate.number_check` when that character does not fit: something was mistyped.
    fn from_str(typed: &str) -> Result<Self, Refusal> {
        let plain: String = typed
            .chars()
            .map(|c| match c {
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
                _ => c,
            })
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '－'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let form = || Refusal::new("certificate.number_form");
        let rest = plain.strip_prefix("TBLPX").ok_or_else(form)?;
        if rest.len() != 13 || !rest.is_ascii() {
            return Err(form());
        }
        let (digits, last) = rest.split_at(12);
        let last_fits = last.bytes().all(|b| b.is_ascii_digit() || b == b'X');
        if !digits.bytes().all(|b| b.is_ascii_digit()) || !last_fits {
            return Err(form());
        }
        if !last.starts_with(check(digits)) {
            return Err(Refusal::new("certificate.number_check"));
        }
        let part = |from: usize| digits[from..from + 4].parse().map_err(|_| form());
        Ok(Self {
            year: part(0)?,
            run: part(4)?,
            serial: part(8)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NUMBER: Number = Number {
        year: 2026,
        run: 1,
        serial: 42,
    };

    #[test]
    fn the_check_character_is_that_of_identity_numbers() {
        // The example of GB 11643.
        assert_eq!(check("11010519491231002"), 'X');
        assert_eq!(check("44052418800101001"), '4');
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let said = NUMBER.to_string();
        assert!(said.starts_with("TBL-PX-2026-0001-0042-"), "{said}");
        let loose = said.replace('-', " ").to_lowercase();
        let wide = said.replace('2', "２").replace('-', "－");
        for typed in [said.as_str(), &loose, &wide] {
            assert_eq!(typed.parse(), Ok(NUMBER), "{typed}");
        }
        for wrong in ["", "PX-2026-003", "TBL-PX-2026-0001-0042", "团标联"] {
            let refusal = wrong.parse::<Number>().unwrap_err();
            assert_eq!(refusal.code, "certificate.number_form", "{wrong}");
        }
        assert_eq!(Number::run_of("PX-2026-003"), Some((2026, 3)));
        assert_eq!(Number::run_of("2026"), None);
    }

    proptest! {
        #[test]
        fn a_number_reads_back(year in 2000_u16..9999, run in 1_u16..9999, serial in 1_u16..9999) {
            let number = Number { year, run, serial };
            prop_assert_eq!(number.to_string().parse(), Ok(number));
        }

        #[test]
        fn every_single_error_and_every_swap_of_neighbours_is_caught(
            year in 2000_u16..9999, run in 1_u16..9999, serial in 1_u16..9999,
        ) {
            let said: Vec<char> = Number { year, run, serial }
                .to_string()
                .chars()
                .filter(|c| *c != '-')
                .collect();
            let caught = |wrong: &[char]| wrong.iter().collect::<String>().parse::<Number>().is_err();
            for at in 5..said.len() {
                for other in "0123456789X".chars().filter(|c| *c != said[at]) {
                    let mut wrong = said.clone();
                    wrong[at] = other;
                    prop_assert!(caught(&wrong), "{:?}", wrong);
                }
                if at + 1 < said.len() && said[at] != said[at + 1] {
                    let mut wrong = said.clone();
                    wrong.swap(at, at + 1);
                    prop_assert!(caught(&wrong), "{:?}", wrong);
                }
            }
        }
    }
}
