//! Labelled requests: who should answer what.

use std::collections::BTreeMap;
use std::fmt;

use crate::relevance::{Code, RequestText};

/// A request and the units that should answer it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The request's id in both files.
    pub id: String,
    /// What is asked.
    pub request: RequestText,
    /// Names of the units that should answer, at least one.
    pub units: Vec<String>,
}

/// A file of cases that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasesError {
    /// Which of the two files: `requests` or `gold`.
    pub file: &'static str,
    /// Line in it, from 1.
    pub line: u64,
    /// Why.
    pub reason: String,
}

impl fmt::Display for CasesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: {}", self.file, self.line, self.reason)
    }
}

impl std::error::Error for CasesError {}

/// What an evaluation reads of a request.
const READ: [&str; 5] = ["id", "title", "body", "domains", "keywords"];
/// What may stand in the same files and plays no part here.
const KNOWN: [&str; 7] = [
    "unit",
    "units",
    "demand",
    "min_technical",
    "min_standardization",
    "priority",
    "recused",
];

/// Reads the cases from two UTF-8 CSV texts: requests with `id,title,body` and, where given,
/// `domains` and `keywords`; right answers with `id,units`. Lists are separated by `;`. One text
/// may serve as both. Requests without an answer are left out.
///
/// # Errors
/// The first line that cannot be read: an unknown or missing column, an id twice, an answer
/// without a request, a wrong code.
pub fn read_cases(requests: &str, gold: &str) -> Result<Vec<Case>, CasesError> {
    let mut answers = read_gold(gold)?;
    let table = Table::read("requests", requests, &["id", "title", "body"])?;
    let mut cases = Vec::new();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for row in &table.rows {
        let id = table.cell(row, "id").to_owned();
        if let Some(first) = seen.insert(id.clone(), row.line) {
            return Err(table.refuse(
                row.line,
                format!("id {id:?} stands in line {first} already"),
            ));
        }
        let mut domains = Vec::new();
        for code in list(table.cell(row, "domains")) {
            let code: Code = code
                .parse()
                .map_err(|error| table.refuse(row.line, format!("{error}")))?;
            domains.push(code);
        }
        if let Some((_, units)) = answers.remove(&id) {
            let request = RequestText {
                title: table.cell(row, "title").to_owned(),
                body: table.cell(row, "body").to_owned(),
                domains,
                keywords: list(table.cell(row, "keywords"))
                    .map(str::to_owned)
                    .collect(),
            };
            cases.push(Case { id, request, units });
        }
    }
    match answers.into_iter().next() {
        None => Ok(cases),
        Some((id, (line, _))) => Err(CasesError {
            file: "gold",
            line,
            reason: format!("no request has the id {id:?}"),
        }),
    }
}

fn read_gold(gold: &str) -> Result<BTreeMap<String, (u64, Vec<String>)>, CasesError> {
    let table = Table::read("gold", gold, &["id", "units"])?;
    let mut answers = BTreeMap::new();
    for row in &table.rows {
        let id = table.cell(row, "id").to_owned();
        let units: Vec<String> = list(table.cell(row, "units")).map(str::to_owned).collect();
        if units.is_empty() {
            return Err(table.refuse(row.line, "no unit is named".to_owned()));
        }
        if answers.insert(id.clone(), (row.line, units)).is_some() {
            return Err(table.refuse(row.line, format!("id {id:?} stands here twice")));
        }
    }
    Ok(answers)
}

fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
}

struct Table {
    file: &'static str,
    columns: BTreeMap<String, usize>,
    rows: Vec<Row>,
}

struct Row {
    line: u64,
    cells: csv::StringRecord,
}

impl Table {
    fn read(file: &'static str, text: &str, needed: &[&str]) -> Result<Self, CasesError> {
        let refuse = |line, reason| CasesError { file, line, reason };
        let from_csv = |error: csv::Error| {
            refuse(
                error.position().map_or(1, csv::Position::line),
                error.to_string(),
            )
        };
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut columns = BTreeMap::new();
        for (at, name) in reader.headers().map_err(from_csv)?.iter().enumerate() {
            if !READ.contains(&name) && !KNOWN.contains(&name) {
                return Err(refuse(1, format!("unknown column {name:?}")));
            }
            columns.insert(name.to_owned(), at);
        }
        if let Some(missing) = needed.iter().find(|&&name| !columns.contains_key(name)) {
            return Err(refuse(1, format!("column {missing:?} is missing")));
        }
        let rows = reader
            .into_records()
            .map(|record| {
                let cells = record.map_err(from_csv)?;
                Ok(Row {
                    line: cells.position().map_or(0, csv::Position::line),
                    cells,
                })
            })
            .collect::<Result<_, CasesError>>()?;
        Ok(Self {
            file,
            columns,
            rows,
        })
    }

    /// A cell by column name; empty where the column is absent.
    fn cell<'a>(&self, row: &'a Row, column: &str) -> &'a str {
        self.columns
            .get(column)
            .and_then(|&at| row.cells.get(at))
            .unwrap_or("")
    }

    fn refuse(&self, line: u64, reason: String) -> CasesError {
        CasesError {
            file: self.file,
            line,
            reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_can_hold_requests_and_answers() {
        let text = "id,title,body,units,domains\nA,灯太暗,,照明;公路,ics:93.080\nB,井漏,深,水利,\n";
        let cases = read_cases(text, text).unwrap();
        assert_eq!(cases.len(), 2);
        assert_eq!(cases[0].units, ["照明", "公路"]);
        assert_eq!(cases[0].request.domains, ["ics:93.080".parse().unwrap()]);
        assert_eq!(cases[1].request.body, "深");
    }

    #[test]
    fn requests_without_an_answer_are_left_out() {
        let cases = read_cases("id,title,body\nA,a,\nB,b,\n", "id,units\nB,水利\n").unwrap();
        assert_eq!(
            cases
                .iter()
                .map(|case| case.id.as_str())
                .collect::<Vec<_>>(),
            ["B"]
        );
    }

    #[test]
    fn wrong_files_are_refused_where_they_are_wrong() {
        let requests = "id,title,body\nA,a,\n";
        let place = |requests, gold| {
            let error = read_cases(requests, gold).unwrap_err();
            (error.file, error.line)
        };
        assert_eq!(place(requests, "id,units\nA,x\nC,y\n"), ("gold", 3));
        assert_eq!(place(requests, "id,units\nA,;\n"), ("gold", 2));
        assert_eq!(place(requests, "id,answer\nA,x\n"), ("gold", 1));
        assert_eq!(place("id,title\nA,a\n", "id,units\nA,x\n"), ("requests", 1));
        assert_eq!(
            place("id,title,body\nA,a,\nA,b,\n", "id,units\nA,x\n"),
            ("requests", 3)
        );
        let coded = "id,title,body,domains\nA,a,,29.240\n";
        assert_eq!(place(coded, "id,units\nA,x\n"), ("requests", 2));
    }
}
