//! Writing tables for people who open them in a spreadsheet.

use chrono::{DateTime, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet};

use super::guard::guarded;

/// Column widths in half-width characters.
const NARROWEST: usize = 6;
const WIDEST: usize = 50;

/// A table of texts to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Name of the worksheet.
    pub name: String,
    /// Column heads.
    pub headers: Vec<String>,
    /// Rows, each with one text for each head.
    pub rows: Vec<Vec<String>>,
}

/// A table that does not fit the format, for example with more than 1,048,576 rows.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Refused by the CSV writer.
    #[error("not written as CSV: {0}")]
    Csv(String),
    /// Refused by the XLSX writer.
    #[error("not written as XLSX: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
}

impl Table {
    /// A CSV file as Excel reads it in China: UTF-8 with its mark, CRLF. Cells that would be computed
    /// as formulas are kept from it by an apostrophe, which reading takes away again.
    pub fn to_csv(&self) -> Result<Vec<u8>, WriteError> {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(csv::Terminator::CRLF)
            .from_writer(b"\xEF\xBB\xBF".to_vec());
        for row in std::iter::once(&self.headers).chain(&self.rows) {
            let cells = row.iter().map(|cell| guarded(cell));
            writer
                .write_record(cells)
                .map_err(|error| WriteError::Csv(error.to_string()))?;
        }
        writer
            .into_inner()
            .map_err(|error| WriteError::Csv(error.to_string()))
    }

    /// A workbook of one worksheet in which every cell is text: nothing is computed and long numbers
    /// keep their digits. `created` is noted in its properties.
    pub fn to_xlsx(&self, created: DateTime<Utc>) -> Result<Vec<u8>, WriteError> {
        workbook(std::slice::from_ref(self), created)
    }

    /// Writes it on a worksheet.
    fn put(&self, page: &mut Worksheet) -> Result<(), WriteError> {
        page.set_name(sheet_name(&self.name))?;
        let text = Format::new()
            .set_num_format("@")
            .set_align(FormatAlign::Top);
        let head = Format::new().set_num_format("@").set_bold();
        for (column, header) in (0..).zip(&self.headers) {
            page.write_string_with_format(0, column, header, &head)?;
        }
        for (line, row) in (1..).zip(&self.rows) {
            for (column, cell) in (0..).zip(row) {
                page.write_string_with_format(line, column, cell, &text)?;
            }
        }
        for (column, width) in (0..).zip(self.widths()) {
            page.set_column_width(column, width)?;
        }
        page.set_freeze_panes(1, 0)?;
        Ok(())
    }

    /// Widths that show the longest text of each column, within reason.
    fn widths(&self) -> Vec<u32> {
        let longest = |column: usize| {
            let cells = std::iter::once(&self.headers)
                .chain(&self.rows)
                .filter_map(|row| row.get(column));
            let width = cells.map(|cell| display_width(cell)).max().unwrap_or(0) + 2;
            u32::try_from(width.clamp(NARROWEST, WIDEST)).unwrap_or(u32::MAX)
        };
        (0..self.headers.len()).map(longest).collect()
    }
}

/// A workbook with a worksheet for each table, as [`Table::to_xlsx`].
pub fn workbook(tables: &[Table], created: DateTime<Utc>) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    let instant = ExcelDateTime::from_timestamp(created.timestamp())?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&instant));
    for table in tables {
        table.put(book.add_worksheet())?;
    }
    Ok(book.save_to_buffer()?)
}

/// Half-width characters that the longest line takes; a Chinese character takes two.
fn display_width(text: &str) -> usize {
    let line = |line: &str| {
        line.chars()
            .map(|c| if c < '\u{1100}' { 1 } else { 2 })
            .sum()
    };
    text.lines().map(line).max().unwrap_or(0)
}

/// A worksheet has a name of 1 to 31 characters without `[]:*?/\`, not begun or ended by an apostrophe.
fn sheet_name(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if "[]:*?/\\".contains(c) || c.is_control() {
                ' '
            } else {
                c
            }
        })
        .collect();
    // The format counts UTF-16 units; 15 characters fit in any case.
    let short: String = plain
        .trim()
        .trim_matches('\'')
        .chars()
        .take(if plain.is_ascii() { 31 } else { 15 })
        .collect();
    let short = short.trim().trim_matches('\'');
    if short.is_empty() {
        "Sheet1".to_owned()
    } else {
        short.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::read::{Limits, Sheet, read};
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let own = |row: &&[&str]| {
            row.iter()
                .map(|cell| (*cell).to_owned())
                .collect::<Vec<_>>()
        };
        Table {
            name: "专家名单".into(),
            headers: own(&rows[0]),
            rows: rows[1..].iter().map(own).collect(),
        }
    }

    fn noon() -> DateTime<Utc> {
        "2026-09-21T04:00:00Z".parse().unwrap()
    }

    fn read_back(bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
        let Sheet {
            headers,
            rows,
            faults,
        } = read(bytes, &Limits::default()).unwrap();
        assert_eq!(faults, []);
        (headers, rows.into_iter().map(|row| row.cells).collect())
    }

    fn sample() -> Table {
        table(&[
            &["姓名", "手机", "备注"],
            &["沈知行", "+86 138 0013 8000", "=HYPERLINK(\"http://x\")"],
            &["林岚", "440301199001011234", "两行\r\n\"引号\", 逗号"],
            &["-", "'=已有撇号", " 前后空格 "],
        ])
    }

    #[test]
    fn csv_is_written_for_excel() {
        let text = String::from_utf8(sample().to_csv().unwrap()).unwrap();
        assert!(text.starts_with("\u{feff}姓名,手机,备注\r\n沈知行,+86 138 0013 8000,\"'=HYPERLINK(\"\"http://x\"\")\"\r\n"));
        assert!(text.contains("\r\n'-,''=已有撇号, 前后空格 \r\n"));
    }

    #[test]
    fn both_formats_read_back_the_same() {
        let table = sample();
        assert_eq!(
            read_back(&table.to_csv().unwrap()),
            (table.headers.clone(), table.rows.clone())
        );
        assert_eq!(
            read_back(&table.to_xlsx(noon()).unwrap()),
            (table.headers, table.rows)
        );
    }

    #[test]
    fn a_workbook_tells_the_given_time_and_no_other() {
        let bytes = sample().to_xlsx(noon()).unwrap();
        assert_eq!(bytes, sample().to_xlsx(noon()).unwrap());
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let properties =
            std::io::read_to_string(archive.by_name("docProps/core.xml").unwrap()).unwrap();
        assert_eq!(
            properties.matches("2026-09-21T04:00:00Z").count(),
            2,
            "created and modified"
        );
    }

    #[test]
    fn columns_are_as_wide_as_their_texts() {
        let table = table(&[
            &["序号", "单位", "说明"],
            &["1", "中国通信标准化协会", &"长".repeat(90)],
        ]);
        assert_eq!(table.widths(), [6, 20, 50]);
    }

    #[test]
    fn names_of_worksheets_are_made_to_fit() {
        assert_eq!(sheet_name("2026/09: 名单"), "2026 09  名单");
        assert_eq!(sheet_name("'"), "Sheet1");
        assert_eq!(sheet_name(&"名".repeat(40)).chars().count(), 15);
        for name in ["'a'", "[x]", "", &"𠮷".repeat(40), &"a' ".repeat(20)] {
            let table = Table {
                name: name.to_owned(),
                ..sample()
            };
            assert!(table.to_xlsx(noon()).is_ok(), "{name}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_table_reads_back_from_csv(rows in proptest::collection::vec(
            ("[a-z一-丿]{1,3}", "['=+@\\-\t\r\n\"',;0-9 E.]{0,8}|\\PC{0,12}"), 0..6,
        )) {
            let rows: Vec<Vec<String>> = rows.into_iter().map(|(name, note)| vec![name, note]).collect();
            let table = Table { name: String::new(), headers: vec!["a".into(), "b".into()], rows };
            let sheet = read(&table.to_csv().unwrap(), &Limits::default()).unwrap();
            prop_assume!(sheet.faults.is_empty());
            let back: Vec<Vec<String>> = sheet.rows.into_iter().map(|row| row.cells).collect();
            let kept: Vec<Vec<String>> = table.rows.into_iter().map(|mut row| {
                // A blank last cell cannot be told from a missing one.
                if guarded(&row[1]).trim().is_empty() { row[1].clear(); }
                row
            }).collect();
            prop_assert_eq!(back, kept);
        }

        #[test]
        fn any_table_reads_back_from_xlsx(rows in proptest::collection::vec(("[a-z一-丿]{1,3}", "[一-丿a-z=+<&>_x0-9]{1,12}"), 0..6)) {
            let rows: Vec<Vec<String>> = rows.into_iter().map(|(name, note)| vec![name, note]).collect();
            let table = Table { name: String::new(), headers: vec!["a".into(), "b".into()], rows };
            let (_, back) = read_back(&table.to_xlsx(noon()).unwrap());
            prop_assert_eq!(back, table.rows);
        }
    }
}
