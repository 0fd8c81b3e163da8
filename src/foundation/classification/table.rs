//! The two code lists, read once.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use super::code::System;
use crate::foundation::search::SearchKey;

/// One code as the table keeps it; other entries are named by their place in the table.
#[derive(Debug)]
pub(super) struct Entry {
    pub system: System,
    pub code: String,
    pub parent: Option<u16>,
    pub children: Vec<u16>,
    pub counterparts: Vec<u16>,
    /// Empty where the list has none.
    pub name_zh: String,
    /// Empty where the list has none; CCS has none at all.
    pub name_en: String,
    pub key_zh: SearchKey,
    pub key_en: String,
}

/// All entries: ICS in order of codes, then CCS.
#[derive(Debug)]
pub(super) struct Table {
    pub entries: Vec<Entry>,
    places: HashMap<(System, String), u16>,
}

#[derive(Deserialize)]
struct Row {
    code: String,
    parent: String,
    name_zh: String,
    #[serde(default)]
    name_en: String,
    /// ICS counterparts of a CCS code, separated by `;`.
    #[serde(default)]
    ics: String,
}

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum TableError {
    #[error("row refused: {0}")]
    Row(#[from] csv::Error),
    #[error("{0} stands in the list twice")]
    Duplicate(String),
    #[error("{0} names {1}, which is not in the list")]
    Missing(String, String),
    #[error("more entries than can be numbered")]
    TooMany,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    #[expect(
        clippy::expect_used,
        reason = "the lists are part of the program and a test reads them"
    )]
    Table::read(include_str!("data/ics.csv"), include_str!("data/ccs.csv"))
        .expect("the built-in lists are sound")
});

/// The built-in lists.
pub(super) fn table() -> &'static Table {
    &TABLE
}

impl Table {
    /// Reads `code,parent,name_zh,name_en` and `code,parent,name_zh,ics`.
    pub fn read(ics: &str, ccs: &str) -> Result<Self, TableError> {
        let mut rows = Vec::new();
        for (system, text) in [(System::Ics, ics), (System::Ccs, ccs)] {
            for row in csv::Reader::from_reader(text.as_bytes()).into_deserialize::<Row>() {
                rows.push((system, row?));
            }
        }
        let mut places = HashMap::new();
        for (place, (system, row)) in (0..).zip(&rows) {
            let place =
                u16::try_from(place).map_err(|_: std::num::TryFromIntError| TableError::TooMany)?;
            if places.insert((*system, row.code.clone()), place).is_some() {
                return Err(TableError::Duplicate(row.code.clone()));
            }
        }
        let place = |of: &str, system, code: &str| {
            let missing = || TableError::Missing(of.to_owned(), code.to_owned());
            places
                .get(&(system, code.to_owned()))
                .copied()
                .ok_or_else(missing)
        };
        let mut links = Vec::new();
        for (system, row) in &rows {
            let parent = (!row.parent.is_empty())
                .then(|| place(&row.code, *system, &row.parent))
                .transpose()?;
            let counterparts = row
                .ics
                .split(';')
                .filter(|code| !code.is_empty())
                .map(|code| place(&row.code, System::Ics, code))
                .collect::<Result<Vec<_>, _>>()?;
            links.push((parent, counterparts));
        }
        let entries =
            rows.into_iter()
                .zip(&links)
                .map(|((system, row), (parent, counterparts))| Entry {
                    system,
                    parent: *parent,
                    children: Vec::new(),
                    counterparts: counterparts.clone(),
                    key_zh: SearchKey::of(&row.name_zh),
                    key_en: crate::foundation::search::normalise(&row.name_en),
                    code: row.code,
                    name_zh: row.name_zh,
                    name_en: row.name_en,
                });
        let mut table = Self {
            entries: entries.collect(),
            places,
        };
        for (place, (parent, counterparts)) in (0_u16..).zip(links) {
            if let Some(parent) = parent {
                table.entries[usize::from(parent)].children.push(place);
            }
            for ics in counterparts {
                table.entries[usize::from(ics)].counterparts.push(place);
            }
        }
        Ok(table)
    }

    /// Where a code stands.
    pub fn place(&self, system: System, code: &str) -> Option<u16> {
        self.places.get(&(system, code.to_owned())).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_lists_are_read_whole() {
        let count = |system| {
            table()
                .entries
                .iter()
                .filter(|entry| entry.system == system)
                .count()
        };
        assert_eq!(count(System::Ics), 40 + 401 + 940);
        assert_eq!(count(System::Ccs), 24 + 225 + 1608);
    }

    #[test]
    fn lists_that_contradict_themselves_are_refused() {
        const ICS: &str = "code,parent,name_zh,name_en\n01,,综合,General\n";
        let read = |ics, ccs| Table::read(ics, ccs).unwrap_err();
        assert!(matches!(
            read("code,parent,name_zh,name_en\n01,,a,\n01,,b,\n", "code,parent,name_zh,ics\n"),
            TableError::Duplicate(code) if code == "01"
        ));
        assert!(matches!(
            read(ICS, "code,parent,name_zh,ics\nA01,A,,\n"),
            TableError::Missing(of, code) if of == "A01" && code == "A"
        ));
        assert!(matches!(
            read(ICS, "code,parent,name_zh,ics\nA,,综合,01;02\n"),
            TableError::Missing(_, code) if code == "02"
        ));
        assert!(matches!(
            read("code,name_zh\n01,a\n", "code,parent,name_zh,ics\n"),
            TableError::Row(_)
        ));
    }
}
