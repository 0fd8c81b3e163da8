//! Columns found by their heads.

use std::collections::HashMap;

use super::{
    fault::{CellFault, SheetError},
    read::{Row, Sheet},
};
use crate::foundation::search::normalise;

/// A column that an import knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the program, which is also a head it may have.
    pub key: &'static str,
    /// Other heads it may have, the preferred Chinese one first.
    pub names: &'static [&'static str],
    /// Whether a file without it is refused.
    pub required: bool,
}

/// Rows whose cells are named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Records {
    places: HashMap<&'static str, usize>,
    rows: Vec<Row>,
    /// Refused cells of the sheet.
    pub faults: Vec<CellFault>,
    /// Heads that name no known column; their cells are not used.
    pub unused: Vec<String>,
}

/// One row with named cells.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    records: &'a Records,
    row: &'a Row,
}

impl Sheet {
    /// Names the columns. Case, width, spaces, stars and remarks in brackets of a head do not matter:
    /// `*手机号 （必填）` is 手机号.
    pub fn records(self, columns: &[Column]) -> Result<Records, SheetError> {
        let mut places: HashMap<&'static str, usize> = HashMap::new();
        let mut unused = Vec::new();
        for (place, header) in self.headers.iter().enumerate() {
            let head = plain_head(header);
            let known = columns.iter().find(|column| {
                std::iter::once(&column.key)
                    .chain(column.names)
                    .any(|name| plain_head(name) == head)
            });
            match known {
                Some(column) => {
                    if let Some(first) = places.insert(column.key, place) {
                        return Err(SheetError::DoubleColumn {
                            first: self.headers[first].clone(),
                            second: header.clone(),
                        });
                    }
                }
                None if head.is_empty() => {}
                None => unused.push(header.clone()),
            }
        }
        let missing: Vec<&'static str> = columns
            .iter()
            .filter(|column| column.required && !places.contains_key(column.key))
            .map(|column| column.names.first().copied().unwrap_or(column.key))
            .collect();
        if !missing.is_empty() {
            return Err(SheetError::MissingColumns(missing));
        }
        Ok(Records {
            places,
            rows: self.rows,
            faults: self.faults,
            unused,
        })
    }
}

impl Records {
    /// The rows in order.
    pub fn iter(&self) -> impl Iterator<Item = Record<'_>> {
        self.rows.iter().map(|row| Record { records: self, row })
    }

    /// Whether the file has the column `key`.
    pub fn has(&self, key: &str) -> bool {
        self.places.contains_key(key)
    }
}

impl<'a> Record<'a> {
    /// Line of the file, from 1.
    pub fn line(&self) -> usize {
        self.row.line
    }

    /// The cell in column `key` without spaces around it; empty if the file has no such column.
    pub fn get(&self, key: &str) -> &'a str {
        let place = self.records.places.get(key);
        place
            .and_then(|place| self.row.cells.get(*place))
            .map_or("", |cell| cell.trim())
    }
}

fn plain_head(text: &str) -> String {
    let text = normalise(text);
    let text = text.trim_matches(['*', ':', ' ']);
    let text = text.split_once('(').map_or(text, |(head, _)| head);
    text.trim_matches(['*', ':', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::read::{Limits, read};
    use super::*;

    const COLUMNS: &[Column] = &[
        Column {
            key: "name",
            names: &["姓名"],
            required: true,
        },
        Column {
            key: "mobile",
            names: &["手机号", "手机", "联系电话"],
            required: true,
        },
        Column {
            key: "title",
            names: &["职称"],
            required: false,
        },
    ];

    fn records(text: &str) -> Result<Records, SheetError> {
        read(text.as_bytes(), &Limits::default())
            .unwrap()
            .records(COLUMNS)
    }

    #[test]
    fn heads_are_recognised_in_chinese_and_english() {
        for head in [
            "姓名,手机号",
            "*姓 名：,联系电话（必填）",
            "Name,MOBILE",
            "职称,手机*,姓名",
        ] {
            let records = records(&format!(
                "{head}\n{}",
                if head.starts_with("职称") {
                    "研究员,138, 沈知行 \n"
                } else {
                    " 沈知行 ,138\n"
                }
            ))
            .unwrap();
            let record = records.iter().next().unwrap();
            assert_eq!(
                (record.line(), record.get("name"), record.get("mobile")),
                (2, "沈知行", "138"),
                "{head}"
            );
        }
    }

    #[test]
    fn what_is_missing_double_or_unused_is_named() {
        assert_eq!(
            records("职称,备注\na,b\n"),
            Err(SheetError::MissingColumns(vec!["姓名", "手机号"]))
        );
        assert_eq!(
            records("姓名,手机,联系电话\na,b,c\n"),
            Err(SheetError::DoubleColumn {
                first: "手机".into(),
                second: "联系电话".into()
            })
        );
        let records = records("姓名,备注,手机\na,b,c\n").unwrap();
        assert_eq!(records.unused, ["备注"]);
        assert!(!records.has("title"));
        assert_eq!(records.iter().next().unwrap().get("title"), "");
    }
}
