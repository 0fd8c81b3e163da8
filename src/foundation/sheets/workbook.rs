//! XLSX workbooks. The file comes from a stranger: it is unpacked once into nothing, within the
//! limits, before its parts are believed.

use std::{
    collections::BTreeMap,
    io::{self, Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::{
    fault::{CellFaultKind, SheetError},
    read::{Limits, RawCell, RawRow},
};

/// From here on a number has more digits than a numeric cell keeps.
const FIRST_LOSSY: f64 = 1e15;

/// The filled rows of the first visible worksheet.
pub(super) fn rows(bytes: &[u8], limits: &Limits) -> Result<Vec<RawRow>, SheetError> {
    check_parts(bytes, limits)?;
    // The reader takes places and counts in the file at their word and may panic over them.
    catch_unwind(AssertUnwindSafe(|| worksheet_rows(bytes, limits))).unwrap_or_else(|_| {
        Err(SheetError::Damaged(
            "its parts contradict each other".to_owned(),
        ))
    })
}

/// Unpacks all parts, whatever sizes the file declares. Only the table of strings is kept meanwhile.
fn check_parts(bytes: &[u8], limits: &Limits) -> Result<(), SheetError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > limits.parts {
        return Err(SheetError::TooManyParts {
            entries: archive.len(),
            limit: limits.parts,
        });
    }
    let mut left = limits.unpacked;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(damaged)?;
        let holds_strings = part
            .name()
            .map_err(damaged)?
            .to_lowercase()
            .contains("sharedstrings");
        let mut part = part.take(left + 1);
        let unpacked = if holds_strings {
            let mut strings = Vec::new();
            let size = part.read_to_end(&mut strings).map_err(damaged)?;
            check_string_count(&strings)?;
            size as u64
        } else {
            io::copy(&mut part, &mut io::sink()).map_err(damaged)?
        };
        left = left
            .checked_sub(unpacked)
            .ok_or(SheetError::UnpackedTooLarge {
                limit: limits.unpacked,
            })?;
    }
    Ok(())
}

/// The reader reserves memory for as many strings as their table says it has. Each takes several
/// bytes, so a count above the size of the table is a lie.
fn check_string_count(part: &[u8]) -> Result<(), SheetError> {
    const NAME: &[u8] = b"uniqueCount";
    for at in memchr::memmem::find_iter(part, NAME) {
        let value = part[at + NAME.len()..]
            .iter()
            .skip_while(|byte| b" \t\r\n=\"'".contains(byte));
        let digits: String = value
            .take_while(|byte| byte.is_ascii_digit())
            .map(|byte| char::from(*byte))
            .collect();
        if !digits.is_empty()
            && digits
                .parse()
                .map_or(true, |count: usize| count > part.len())
        {
            return Err(SheetError::Damaged(format!("it claims {digits} strings")));
        }
    }
    Ok(())
}

fn worksheet_rows(bytes: &[u8], limits: &Limits) -> Result<Vec<RawRow>, SheetError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let name = book
        .sheets_metadata()
        .iter()
        .find(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .ok_or(SheetError::Empty)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(damaged)?;
    let mut rows: BTreeMap<u32, Vec<RawCell>> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let Some(read) = text(cell.get_value()) else {
            continue;
        };
        let (line, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= limits.columns {
            return Err(SheetError::TooManyColumns {
                limit: limits.columns,
            });
        }
        let row = rows.entry(line).or_default();
        if row.len() <= column {
            row.resize(column + 1, RawCell::new(""));
        }
        row[column] = read;
        if rows.len() > limits.rows {
            return Err(SheetError::TooManyRows { limit: limits.rows });
        }
    }
    let line = |row: u32| usize::try_from(row).unwrap_or(usize::MAX).saturating_add(1);
    Ok(rows
        .into_iter()
        .map(|(row, cells)| (line(row), cells))
        .collect())
}

/// What a cell shows, if anything.
fn text(value: &DataRef<'_>) -> Option<RawCell> {
    let plain = |text: &str| (!text.trim().is_empty()).then(|| RawCell::new(text));
    match value {
        DataRef::Empty => None,
        DataRef::String(text) => plain(text),
        DataRef::SharedString(text) => plain(text),
        #[expect(
            clippy::cast_precision_loss,
            reason = "numbers this long are refused below"
        )]
        DataRef::Int(number) => Some(number_text(*number as f64)),
        DataRef::Float(number) => Some(number_text(*number)),
        DataRef::Bool(value) => plain(if *value { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(instant) => plain(&date_text(instant)),
        DataRef::DateTimeIso(text) => plain(&text.replace('T', " ").replace(" 00:00:00", "")),
        DataRef::DurationIso(text) => plain(text),
        DataRef::Error(error) => Some(RawCell {
            text: error.to_string(),
            fault: Some(CellFaultKind::FailedFormula),
        }),
    }
}

/// The 15 digits that a spreadsheet shows; a number with more is refused.
fn number_text(number: f64) -> RawCell {
    if number.abs() >= FIRST_LOSSY {
        return RawCell {
            text: format!("{number:.0}"),
            fault: Some(CellFaultKind::NumberTooLong),
        };
    }
    let shown: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    RawCell::new(shown.to_string())
}

/// `2026-09-28`, `2026-09-28 14:00` or `14:00`.
fn date_text(instant: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = instant.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let mut time = format!("{hour:02}:{minute:02}");
    if second > 0 {
        time.push_str(&format!(":{second:02}"));
    }
    match (instant.as_f64() < 1.0, time.as_str()) {
        (true, _) => time,
        (false, "00:00") => date,
        (false, _) => format!("{date} {time}"),
    }
}

fn damaged(error: impl std::fmt::Display) -> SheetError {
    SheetError::Damaged(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use rust_xlsxwriter::{Format, Formula, Workbook};
    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::super::read::{Sheet, read};
    use super::*;

    fn sheet(book: &mut Workbook) -> Sheet {
        read(&book.save_to_buffer().unwrap(), &Limits::default()).unwrap()
    }

    fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn cells_are_read_as_they_are_shown() {
        let mut book = Workbook::new();
        let page = book.add_worksheet();
        let date = Format::new().set_num_format("yyyy-mm-dd");
        let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
        for (column, name) in (0..).zip(["文字", "整数", "小数", "日期", "时间", "是否"])
        {
            page.write_string(0, column, name).unwrap();
        }
        page.write_string(1, 0, "=不是公式").unwrap();
        page.write_number(1, 1, 13_800_138_000.0).unwrap();
        page.write_number(1, 2, 0.1 + 0.2).unwrap();
        page.write_number_with_format(1, 3, 46293.0, &date).unwrap();
        page.write_number_with_format(1, 4, 46293.0 + 14.0 / 24.0, &time)
            .unwrap();
        page.write_boolean(1, 5, true).unwrap();
        assert_eq!(
            sheet(&mut book).rows[0].cells,
            [
                "=不是公式",
                "13800138000",
                "0.3",
                "2026-09-28",
                "2026-09-28 14:00",
                "TRUE"
            ]
        );
    }

    #[test]
    fn long_numbers_and_failed_formulas_refuse_their_rows() {
        let mut book = Workbook::new();
        let page = book.add_worksheet();
        page.write_string(0, 0, "姓名").unwrap();
        page.write_string(0, 1, "身份证号").unwrap();
        page.write_string(1, 0, "甲").unwrap();
        page.write_number(1, 1, 440_301_199_001_011_234.0).unwrap();
        page.write_string(2, 0, "乙").unwrap();
        page.write_string(2, 1, "440301199001011234").unwrap();
        page.write_formula(3, 0, Formula::new("=A99/0").set_result("#DIV/0!"))
            .unwrap();
        let sheet = sheet(&mut book);
        assert_eq!(
            sheet
                .rows
                .iter()
                .map(|row| row.cells.as_slice())
                .collect::<Vec<_>>(),
            [["乙", "440301199001011234"]]
        );
        let faults: Vec<_> = sheet
            .faults
            .iter()
            .map(|fault| (fault.line, fault.column.as_str(), fault.kind))
            .collect();
        assert_eq!(
            faults,
            [
                (2, "身份证号", CellFaultKind::NumberTooLong),
                (4, "姓名", CellFaultKind::FailedFormula),
            ]
        );
    }

    #[test]
    fn the_first_visible_sheet_is_read_and_a_far_cell_costs_nothing() {
        let mut book = Workbook::new();
        book.add_worksheet()
            .set_hidden(true)
            .write_string(0, 0, "草稿")
            .unwrap();
        let page = book.add_worksheet();
        page.set_active(true);
        page.write_string(0, 0, "姓名").unwrap();
        page.write_string(1_048_575, 0, "末行").unwrap();
        let sheet = sheet(&mut book);
        assert_eq!(sheet.headers, ["姓名"]);
        assert_eq!(sheet.rows[0].line, 1_048_576);
    }

    #[test]
    fn a_cell_too_far_to_the_right_is_refused() {
        let mut book = Workbook::new();
        book.add_worksheet().write_string(0, 16_383, "远").unwrap();
        let bytes = book.save_to_buffer().unwrap();
        assert_eq!(
            read(&bytes, &Limits::default()),
            Err(SheetError::TooManyColumns { limit: 100 })
        );
    }

    const SMALL: Limits = Limits {
        bytes: 1 << 20,
        parts: 1_000,
        unpacked: 1 << 20,
        rows: 10,
        columns: 10,
        cell_chars: 10,
    };

    #[test]
    fn bombs_are_refused_before_they_unfold() {
        let zeros = vec![0_u8; 256 << 10];
        let names: Vec<String> = (0..5).map(|n| format!("xl/{n}.xml")).collect();
        let parts: Vec<(&str, &[u8])> = names
            .iter()
            .map(|name| (name.as_str(), zeros.as_slice()))
            .collect();
        assert_eq!(
            read(&packed(&parts), &SMALL),
            Err(SheetError::UnpackedTooLarge { limit: 1 << 20 })
        );
        assert_eq!(
            read(&packed(&parts[..4]), &SMALL).unwrap_err().code(),
            "sheets.damaged",
            "within the limit"
        );
    }

    #[test]
    fn sizes_declared_too_small_are_not_believed() {
        let size = 2_u32 << 20;
        let mut bomb = packed(&[("xl/a.xml", &vec![0_u8; 2 << 20])]);
        let places: Vec<usize> = memchr::memmem::find_iter(&bomb, &size.to_le_bytes()).collect();
        assert_eq!(places.len(), 2, "in the local and in the central header");
        for at in places {
            bomb[at..at + 4].copy_from_slice(&9_u32.to_le_bytes());
        }
        assert!(matches!(
            read(&bomb, &SMALL),
            Err(SheetError::UnpackedTooLarge { .. } | SheetError::Damaged(_))
        ));
    }

    #[test]
    fn too_many_parts_are_refused() {
        let names: Vec<String> = (0..1_001).map(|n| n.to_string()).collect();
        let parts: Vec<(&str, &[u8])> = names
            .iter()
            .map(|name| (name.as_str(), b"".as_slice()))
            .collect();
        assert_eq!(
            read(&packed(&parts), &Limits::default()),
            Err(SheetError::TooManyParts {
                entries: 1_001,
                limit: 1_000
            })
        );
    }

    #[test]
    fn lying_counts_are_refused() {
        for count in ["99999999999", "99999999999999999999999"] {
            let strings = format!("<sst uniqueCount=\"{count}\"></sst>");
            let bytes = packed(&[("xl/sharedStrings.xml", strings.as_bytes())]);
            assert!(
                matches!(read(&bytes, &Limits::default()), Err(SheetError::Damaged(why)) if why.contains(count))
            );
        }
    }

    #[test]
    fn contradictions_do_not_stop_the_service() {
        let mut book = Workbook::new();
        book.add_worksheet().write_string(0, 0, "姓名").unwrap();
        let mut archive = ZipArchive::new(Cursor::new(book.save_to_buffer().unwrap())).unwrap();
        let mut parts = Vec::new();
        for place in 0..archive.len() {
            let mut part = archive.by_index(place).unwrap();
            let name = part.name().unwrap().into_owned();
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            // An area that ends before it begins.
            parts.push((
                name,
                text.replace("<dimension ref=\"A1\"/>", "<dimension ref=\"C9:A1\"/>"),
            ));
        }
        assert!(parts.iter().any(|(_, text)| text.contains("C9:A1")));
        let parts: Vec<(&str, &[u8])> = parts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_bytes()))
            .collect();
        match read(&packed(&parts), &Limits::default()) {
            Ok(sheet) => assert_eq!(sheet.headers, ["姓名"]),
            Err(error) => assert_eq!(error.code(), "sheets.damaged"),
        }
    }

    #[test]
    fn archives_that_are_no_workbooks_are_damaged() {
        assert_eq!(
            read(b"PK\x03\x04rest", &Limits::default())
                .unwrap_err()
                .code(),
            "sheets.damaged"
        );
        assert_eq!(
            read(&packed(&[("a.txt", b"x")]), &Limits::default())
                .unwrap_err()
                .code(),
            "sheets.damaged"
        );
    }
}
