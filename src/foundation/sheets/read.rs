//! From the bytes of a file to a sheet of texts.

use super::{
    csv_text,
    fault::{CellFault, CellFaultKind, SheetError},
    workbook,
};

/// How much a file may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Files within a workbook.
    pub parts: usize,
    /// Bytes of a workbook once unpacked.
    pub unpacked: u64,
    /// Rows with anything in them, the header included.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Characters of one cell.
    pub cell_chars: usize,
}

impl Default for Limits {
    /// 10 MB (32 MB unpacked, which keeps reading within some 120 MB of memory), 20,000 rows, 100 columns.
    fn default() -> Self {
        Self {
            bytes: 10 << 20,
            parts: 1_000,
            unpacked: 32 << 20,
            rows: 20_000,
            columns: 100,
            cell_chars: 10_000,
        }
    }
}

/// A table of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Column heads as written.
    pub headers: Vec<String>,
    /// Sound rows below the headers that are not blank.
    pub rows: Vec<Row>,
    /// Refused cells; their rows are not among `rows`.
    pub faults: Vec<CellFault>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Line of the file or row of the worksheet, from 1.
    pub line: usize,
    /// One text for each header.
    pub cells: Vec<String>,
}

/// A cell as a format's reader gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawCell {
    pub text: String,
    pub fault: Option<CellFaultKind>,
}

/// A row as a format's reader gives it: line and cells from the first column on.
pub(super) type RawRow = (usize, Vec<RawCell>);

impl RawCell {
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            fault: None,
        }
    }

    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// Reads a CSV file or the first visible worksheet of an XLSX workbook, told apart by content.
///
/// The headers are in the first row that fills at least two cells, so that a title above them does
/// no harm; in a file of single cells they are the first.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Sheet, SheetError> {
    if bytes.len() > limits.bytes {
        return Err(SheetError::TooLarge {
            bytes: bytes.len(),
            limit: limits.bytes,
        });
    }
    let rows = if bytes.starts_with(b"PK\x03\x04") {
        workbook::rows(bytes, limits)?
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(SheetError::OldOrEncrypted);
    } else {
        csv_text::rows(bytes, limits)?
    };
    assemble(rows, limits)
}

fn assemble(mut rows: Vec<RawRow>, limits: &Limits) -> Result<Sheet, SheetError> {
    let filled = |(_, cells): &RawRow| cells.iter().filter(|cell| !cell.is_blank()).count();
    let head = rows.iter().position(|row| filled(row) >= 2).unwrap_or(0);
    if rows.is_empty() {
        return Err(SheetError::Empty);
    }
    let mut below = rows.split_off(head + 1);
    let mut headers: Vec<String> = rows
        .pop()
        .into_iter()
        .flat_map(|(_, cells)| cells)
        .map(|cell| cell.text)
        .collect();
    while headers
        .last()
        .is_some_and(|header| header.trim().is_empty())
    {
        headers.pop();
    }
    let mut sheet = Sheet {
        headers,
        rows: Vec::new(),
        faults: Vec::new(),
    };
    for (line, cells) in below.drain(..) {
        let faults = faults_of(line, &cells, &sheet.headers, limits);
        if faults.is_empty() {
            let mut cells: Vec<String> = cells.into_iter().map(|cell| cell.text).collect();
            cells.resize(sheet.headers.len(), String::new());
            sheet.rows.push(Row { line, cells });
        } else {
            sheet.faults.extend(faults);
        }
    }
    Ok(sheet)
}

fn faults_of(
    line: usize,
    cells: &[RawCell],
    headers: &[String],
    limits: &Limits,
) -> Vec<CellFault> {
    let mut faults = Vec::new();
    for (place, cell) in cells.iter().enumerate() {
        let kind = if cell.fault.is_some() {
            cell.fault
        } else if place >= headers.len() && !cell.is_blank() {
            Some(CellFaultKind::BeyondHeaders)
        } else if cell.text.chars().count() > limits.cell_chars {
            Some(CellFaultKind::TooLong)
        } else {
            None
        };
        if let Some(kind) = kind {
            let header = headers
                .get(place)
                .map(|header| header.trim())
                .filter(|header| !header.is_empty());
            faults.push(CellFault {
                line,
                column: header.map_or_else(|| letters(place), str::to_owned),
                kind,
                value: cell.text.chars().take(40).collect(),
            });
        }
    }
    faults
}

/// The letters of a column, 0 being A.
fn letters(place: usize) -> String {
    let digit = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    let mut out = vec![digit(place)];
    let mut rest = place / 26;
    while rest > 0 {
        out.push(digit(rest - 1));
        rest = (rest - 1) / 26;
    }
    out.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(text: &str) -> Sheet {
        read(text.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn a_title_above_the_headers_does_no_harm() {
        let sheet = sheet(
            "2026年专家推荐表,,\n\n姓名,单位,\n沈知行,闪联信息产业协会,\n,,\n林岚,中国通信标准化协会\n",
        );
        assert_eq!(sheet.headers, ["姓名", "单位"]);
        assert_eq!(
            sheet.rows,
            [
                Row {
                    line: 4,
                    cells: vec!["沈知行".into(), "闪联信息产业协会".into()]
                },
                Row {
                    line: 6,
                    cells: vec!["林岚".into(), "中国通信标准化协会".into()]
                },
            ]
        );
        assert_eq!(sheet.faults, []);
    }

    #[test]
    fn a_file_of_one_column_has_its_header_first() {
        let sheet = sheet("姓名\n沈知行\n");
        assert_eq!((sheet.headers.len(), sheet.rows.len()), (1, 1));
    }

    #[test]
    fn a_bad_cell_refuses_its_row_only() {
        let long = "长".repeat(10_001);
        let sheet = sheet(&format!(
            "姓名,身份证号\n甲,4.40301E+17\n乙,11010519491231002X\n丙,1,多余\n{long},2\n丁,1.38E+10\n"
        ));
        assert_eq!(
            sheet.rows.iter().map(|row| row.line).collect::<Vec<_>>(),
            [3, 6]
        );
        let faults: Vec<_> = sheet
            .faults
            .iter()
            .map(|fault| (fault.line, fault.column.as_str(), fault.kind))
            .collect();
        assert_eq!(
            faults,
            [
                (2, "身份证号", CellFaultKind::NumberShortened),
                (4, "C", CellFaultKind::BeyondHeaders),
                (5, "姓名", CellFaultKind::TooLong),
            ]
        );
        assert_eq!(sheet.faults[2].value.chars().count(), 40);
    }

    #[test]
    fn files_of_other_kinds_and_sizes_are_refused() {
        let refused = |bytes: &[u8]| read(bytes, &Limits::default()).unwrap_err();
        assert_eq!(refused(b""), SheetError::Empty);
        assert_eq!(refused(b"\xEF\xBB\xBF\r\n\r\n"), SheetError::Empty);
        assert_eq!(
            refused(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
            SheetError::OldOrEncrypted
        );
        assert_eq!(
            refused(&vec![b'a'; (10 << 20) + 1]).code(),
            "sheets.too_large"
        );
        assert_eq!(
            refused(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xff"),
            SheetError::Encoding
        );
        let rows = "a,b\n".repeat(20_001);
        assert_eq!(
            refused(rows.as_bytes()),
            SheetError::TooManyRows { limit: 20_000 }
        );
        let columns = "a,".repeat(100) + "a\n";
        assert_eq!(
            refused(columns.as_bytes()),
            SheetError::TooManyColumns { limit: 100 }
        );
    }

    #[test]
    fn columns_have_the_letters_of_spreadsheets() {
        assert_eq!(
            [0, 25, 26, 51, 52, 701, 702].map(letters),
            ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
        );
    }
}
