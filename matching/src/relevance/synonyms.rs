//! Abbreviations and synonyms from an editable table.

use std::fmt;

use crate::text::fold;

/// The table that comes with the product (own work, for the field of standards).
const STARTING: &str = include_str!("../../data/synonyms.csv");

/// Pairs that mean the same; where one side stands in a request, the other is looked for too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Synonyms {
    /// Both sides folded.
    pairs: Vec<(String, String)>,
}

/// A table that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SynonymsError {
    /// Line in the file, from 1.
    pub line: u64,
    /// Why.
    pub reason: String,
}

impl fmt::Display for SynonymsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "synonym table, line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for SynonymsError {}

impl Synonyms {
    /// The table that comes with the product.
    pub fn starting() -> Self {
        // A test reads the file that is compiled in, so there is nothing to report here.
        Self::from_csv(STARTING).unwrap_or_default()
    }

    /// Reads a table: UTF-8 CSV with the header `term,expansion`.
    ///
    /// # Errors
    /// The first line that is not a pair of two different, non-empty sides.
    pub fn from_csv(text: &str) -> Result<Self, SynonymsError> {
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let refuse = |line, reason: &str| SynonymsError {
            line,
            reason: reason.to_owned(),
        };
        let from_csv = |error: &csv::Error| SynonymsError {
            line: error.position().map_or(1, csv::Position::line),
            reason: error.to_string(),
        };
        if reader.headers().map_err(|error| from_csv(&error))? != vec!["term", "expansion"] {
            return Err(refuse(1, "the header must be term,expansion"));
        }
        let mut pairs = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| from_csv(&error))?;
            let line = record.position().map_or(0, csv::Position::line);
            let [term, expansion] = [fold(&record[0]), fold(&record[1])];
            if term.is_empty() || expansion.is_empty() {
                return Err(refuse(line, "both sides must be filled"));
            }
            if term == expansion {
                return Err(refuse(line, "both sides are the same"));
            }
            pairs.push((term, expansion));
        }
        Ok(Self { pairs })
    }

    /// How many pairs the table has.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether the table is empty.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// What folded text also means: the other side of each pair of which one side, but not both,
    /// stands in it. Alphabetic sides must stand as whole words.
    pub fn expansions<'a>(&'a self, folded: &str) -> Vec<&'a str> {
        let mut found: Vec<&str> = Vec::new();
        for (term, expansion) in &self.pairs {
            let other = match (stands_in(term, folded), stands_in(expansion, folded)) {
                (true, false) => expansion.as_str(),
                (false, true) => term.as_str(),
                _ => continue,
            };
            if !found.contains(&other) {
                found.push(other);
            }
        }
        found
    }
}

/// Whether a term stands in a text, not as a part of a longer alphabetic word.
fn stands_in(term: &str, text: &str) -> bool {
    let joins = |left: Option<char>, right: Option<char>| match (left, right) {
        (Some(left), Some(right)) => left.is_ascii_alphanumeric() && right.is_ascii_alphanumeric(),
        _ => false,
    };
    text.match_indices(term).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + term.len()..]);
        !joins(before.chars().next_back(), term.chars().next())
            && !joins(term.chars().next_back(), after.chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starting_table_is_readable() {
        let table = Synonyms::from_csv(STARTING).unwrap();
        assert_eq!(table, Synonyms::starting());
        assert!(!table.is_empty());
    }

    #[test]
    fn expands_both_ways_and_whole_words_only() {
        let table = Synonyms::from_csv("term,expansion\nLED,半导体照明\n团标,团體標準\n").unwrap();
        assert_eq!(table.expansions("led灯具"), ["半导体照明"]);
        assert_eq!(table.expansions("半导体照明产品"), ["led"]);
        assert_eq!(table.expansions("controlled团标"), ["团体标准"]);
        assert!(table.expansions("led半导体照明").is_empty());
    }

    #[test]
    fn a_wrong_table_is_refused_with_its_line() {
        let line = |text| Synonyms::from_csv(text).unwrap_err().line;
        assert_eq!(line("a,b\n"), 1);
        assert_eq!(line("term,expansion\nEV,电动汽车\nLED,\n"), 3);
        assert_eq!(line("term,expansion\nＬＥＤ,led\n"), 2);
        assert_eq!(line("term,expansion\na,b,c\n"), 2);
    }
}
