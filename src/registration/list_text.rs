//! People of a list as an office pastes or uploads it: with heads of columns in any order, or without
//! any, when each cell tells by its look what it is. Pure.

use super::{
    enrol::Row,
    facts::{Answers, Question},
};
use crate::{
    foundation::{
        error::{FieldErrors, Refusal},
        search::normalise,
        sheets::{self, Column, Limits, Records, SheetError},
    },
    people::contact_data,
};

/// Columns of a list.
const COLUMNS: &[Column] = &[
    column("name", &["姓名", "学员", "参会人"], true),
    column(
        "position",
        &["职务", "职务职称", "部门和职务", "部门"],
        false,
    ),
    column(
        "phone",
        &["手机号", "手机", "手机号码", "联系电话", "电话"],
        true,
    ),
    column("email", &["邮箱", "电子邮箱", "电子邮件"], false),
];

const fn column(key: &'static str, names: &'static [&'static str], required: bool) -> Column {
    Column {
        key,
        names,
        required,
    }
}

/// What a list gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// Rows in order.
    pub rows: Vec<Row>,
    /// Rows that cannot be read: line and what is wrong.
    pub faults: Vec<(usize, FieldErrors)>,
    /// Heads of columns that were not used.
    pub unused: Vec<String>,
}

/// Reads an uploaded file, CSV or XLSX, with heads of columns. A column headed by an extra question
/// answers it.
///
/// # Errors
/// When the file cannot be read as a whole, or columns are missing.
pub fn file(bytes: &[u8], questions: &[Question]) -> Result<Read, SheetError> {
    let sheet = sheets::read(bytes, &Limits::default())?;
    let asked: Vec<Option<String>> = sheet
        .headers
        .iter()
        .map(|head| {
            questions
                .iter()
                .find(|question| normalise(&question.label) == normalise(head))
                .map(|question| question.key.clone())
        })
        .collect();
    let cells: Vec<Vec<String>> = sheet.rows.iter().map(|row| row.cells.clone()).collect();
    let records = sheet.records(COLUMNS)?;
    let answers = cells.iter().map(|cells| {
        asked
            .iter()
            .zip(cells)
            .filter_map(|(key, cell)| Some((key.clone()?, cell.trim().to_owned())))
            .collect::<Answers>()
    });
    let rows = records
        .iter()
        .zip(answers)
        .map(|(record, answers)| Row {
            line: record.line(),
            name: record.get("name").to_owned(),
            position: record.get("position").to_owned(),
            phone: record.get("phone").to_owned(),
            email: record.get("email").to_owned(),
            answers,
            sure: false,
        })
        .filter(|row| !row.is_blank())
        .collect();
    Ok(Read {
        rows,
        faults: faults(&records),
        unused: unused(&records, questions),
    })
}

fn faults(records: &Records) -> Vec<(usize, FieldErrors)> {
    records
        .faults
        .iter()
        .map(|fault| {
            let refusal = Refusal::new(fault.kind.code()).with("value", &fault.value);
            (fault.line, FieldErrors::at(&fault.column, refusal))
        })
        .collect()
}

fn unused(records: &Records, questions: &[Question]) -> Vec<String> {
    let answers = |head: &&String| {
        questions
            .iter()
            .any(|question| normalise(&question.label) == normalise(head))
    };
    records
        .unused
        .iter()
        .filter(|head| !answers(head))
        .cloned()
        .collect()
}

/// Reads pasted lines. With heads in the first line they are read as a file; without, what looks like a
/// number is the phone, what has an @ the address, the first of the others the name.
///
/// # Errors
/// As [`file`], for lines with heads.
pub fn pasted(text: &str, questions: &[Question]) -> Result<Read, SheetError> {
    let first = text.lines().find(|line| !line.trim().is_empty());
    if first.is_some_and(|line| cells(line).iter().any(|cell| normalise(cell) == "姓名")) {
        return file(text.as_bytes(), questions);
    }
    let rows = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| by_look(number + 1, &cells(line)))
        .collect();
    Ok(Read {
        rows,
        ..Read::default()
    })
}

/// Cells of a pasted line: by tabs where there are any, otherwise by commas or spaces.
fn cells(line: &str) -> Vec<String> {
    let by_tab = line.contains('\t');
    line.split(|c: char| match by_tab {
        true => c == '\t',
        false => matches!(c, ',' | '，' | ';' | '；' | '、') || c.is_whitespace(),
    })
    .map(|cell| cell.trim().to_owned())
    .filter(|cell| by_tab || !cell.is_empty())
    .collect()
}

fn by_look(line: usize, cells: &[String]) -> Row {
    let mut row = Row {
        line,
        ..Row::default()
    };
    let mut rest = Vec::new();
    for cell in cells.iter().filter(|cell| !cell.is_empty()) {
        let digits = cell.chars().filter(char::is_ascii_digit).count();
        let number = matches!(contact_data::mobile(cell), Ok(Some(_))) || digits >= 7;
        if row.email.is_empty() && (cell.contains('@') || cell.contains('＠')) {
            row.email.clone_from(cell);
        } else if row.phone.is_empty() && number {
            row.phone.clone_from(cell);
        } else if row.name.is_empty() {
            row.name.clone_from(cell);
        } else {
            rest.push(cell.as_str());
        }
    }
    row.position = rest.join(" ");
    row
}

#[cfg(test)]
mod tests {
    use super::super::facts::QuestionKind;
    use super::*;

    fn shown(read: &Read) -> Vec<(usize, &str, &str, &str, &str)> {
        read.rows
            .iter()
            .map(|row| {
                (
                    row.line,
                    row.name.as_str(),
                    row.position.as_str(),
                    row.phone.as_str(),
                    row.email.as_str(),
                )
            })
            .collect()
    }

    #[test]
    fn pasted_lines_are_read_with_and_without_heads() {
        let bare = "沈知行\t高级工程师\t138 1234 5678\tshen@example.org\n\n  顾南乔，13900000001\n";
        assert_eq!(
            shown(&pasted(bare, &[]).unwrap()),
            [
                (
                    1,
                    "沈知行",
                    "高级工程师",
                    "138 1234 5678",
                    "shen@example.org"
                ),
                (3, "顾南乔", "", "13900000001", ""),
            ]
        );
        let headed = "手机\t姓名\t职务\n13812345678\t沈知行\t工程师\n";
        assert_eq!(
            shown(&pasted(headed, &[]).unwrap()),
            [(2, "沈知行", "工程师", "13812345678", "")]
        );
    }

    #[test]
    fn a_number_that_is_none_still_stands_at_the_phone() {
        let read = pasted("沈知行 1381234567", &[]).unwrap();
        assert_eq!(shown(&read), [(1, "沈知行", "", "1381234567", "")]);
    }

    #[test]
    fn columns_of_extra_questions_answer_them_and_others_are_named() {
        let questions = [Question {
            key: "room".to_owned(),
            label: "住宿".to_owned(),
            kind: QuestionKind::Choice,
            choices: vec!["单间".to_owned(), "不住".to_owned()],
            required: true,
        }];
        let csv = "姓名,手机号,住 宿,备注\n沈知行,13812345678,单间,无\n顾南乔,4.40301E+17,不住,\n";
        let read = file(csv.as_bytes(), &questions).unwrap();
        assert_eq!(read.rows.len(), 1);
        assert_eq!(read.rows[0].answers["room"], "单间");
        assert_eq!(read.unused, ["备注"]);
        assert_eq!(read.faults.len(), 1);
        assert_eq!(read.faults[0].0, 3);
        assert_eq!(
            file("姓名,备注\n沈知行,无\n".as_bytes(), &[]),
            Err(SheetError::MissingColumns(vec!["手机号"]))
        );
    }
}
