//! CSV files in the encodings and with the delimiters that offices save.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::{
    fault::{CellFaultKind, SheetError},
    guard::unguarded,
    read::{Limits, RawCell, RawRow},
};

/// The rows that are not blank.
pub(super) fn rows(bytes: &[u8], limits: &Limits) -> Result<Vec<RawRow>, SheetError> {
    let text = decoded(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut lines = LineCounter::new(&text);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| SheetError::Damaged(error.to_string()))?;
        let line = record
            .position()
            .map_or(0, |start| lines.line_at(start.byte()));
        let filled = (1..)
            .zip(&record)
            .filter(|(_, cell)| !cell.trim().is_empty())
            .map(|(count, _)| count)
            .last()
            .unwrap_or(0);
        if filled > limits.columns {
            return Err(SheetError::TooManyColumns {
                limit: limits.columns,
            });
        }
        if filled > 0 {
            rows.push((line, record.iter().take(filled).map(cell).collect()));
        }
        if rows.len() > limits.rows {
            return Err(SheetError::TooManyRows { limit: limits.rows });
        }
    }
    Ok(rows)
}

fn cell(text: &str) -> RawCell {
    let fault = is_shortened(text.trim()).then_some(CellFaultKind::NumberShortened);
    RawCell {
        fault,
        ..RawCell::new(unguarded(text))
    }
}

/// By its mark; without one UTF-8 if it is that strictly, otherwise GB18030, in which Excel saves in
/// China.
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, SheetError> {
    let decode = |encoding: &'static Encoding, bytes| {
        encoding.decode_without_bom_handling_and_without_replacement(bytes)
    };
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) if [UTF_8, UTF_16LE, UTF_16BE].contains(&encoding) => {
            decode(encoding, &bytes[mark..])
        }
        _ => decode(UTF_8, bytes).or_else(|| decode(GB18030, bytes)),
    };
    text.ok_or(SheetError::Encoding)
}

/// The one of comma, tab and semicolon that occurs most, outside quotes, in the first line that has
/// any: the headers or the title above them. Lines below may hold them within their texts.
fn delimiter(text: &str) -> u8 {
    const KNOWN: [u8; 3] = [b'\t', b';', b','];
    for line in text.lines() {
        // Every other part lies within quotes.
        let outside: Vec<u8> = line.split('"').step_by(2).flat_map(str::bytes).collect();
        let count = |delimiter: u8| outside.iter().filter(|byte| **byte == delimiter).count();
        // The last of equal ones wins, so the comma stands last.
        if let Some(best) = KNOWN
            .into_iter()
            .filter(|one| count(*one) > 0)
            .max_by_key(|one| count(*one))
        {
            return best;
        }
    }
    b','
}

/// Whether a spreadsheet wrote a long number in powers of ten, which it does from 12 digits on.
fn is_shortened(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let digits = mantissa.replacen('.', "", 1);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && exponent
            .strip_prefix('+')
            .and_then(|n| n.parse::<u32>().ok())
            .is_some_and(|n| n >= 11)
}

/// Lines of a text by byte. The reader's own count is of no use: it lags after CRLF and blank lines.
struct LineCounter<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> LineCounter<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
            line: 1,
        }
    }

    /// The line of the record that begins at `byte` or after the line ends there. Bytes must not
    /// go back.
    fn line_at(&mut self, byte: u64) -> usize {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(current) = self.bytes.get(self.at) {
            let ends_line = match current {
                b'\n' => true,
                b'\r' => self.bytes.get(self.at + 1) != Some(&b'\n'),
                _ => false,
            };
            if self.at >= byte && !matches!(current, b'\n' | b'\r') {
                break;
            }
            self.line += usize::from(ends_line);
            self.at += 1;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8]) -> Vec<(usize, Vec<String>)> {
        let rows = rows(bytes, &Limits::default()).unwrap();
        rows.into_iter()
            .map(|(line, cells)| (line, cells.into_iter().map(|cell| cell.text).collect()))
            .collect()
    }

    fn expected() -> Vec<(usize, Vec<String>)> {
        vec![
            (1, vec!["姓名".into(), "单位".into()]),
            (2, vec!["喆镕".into(), "中国标准化协会".into()]),
        ]
    }

    #[test]
    fn every_encoding_of_the_office_gives_the_same_text() {
        let text = "姓名,单位\r\n喆镕,中国标准化协会\r\n";
        let (gb, _, _) = GB18030.encode(text);
        assert_eq!(texts(text.as_bytes()), expected());
        assert_eq!(texts(format!("\u{feff}{text}").as_bytes()), expected());
        assert_eq!(texts(&gb), expected());
        let tabs = text.replace(',', "\t");
        let little: Vec<u8> = [0xFEFF]
            .into_iter()
            .chain(tabs.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let big: Vec<u8> = [0xFEFF]
            .into_iter()
            .chain(tabs.encode_utf16())
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(texts(&little), expected());
        assert_eq!(texts(&big), expected());
    }

    #[test]
    fn a_mark_is_believed() {
        assert_eq!(
            rows(b"\xEF\xBB\xBFa,\xFF\n", &Limits::default()),
            Err(SheetError::Encoding)
        );
    }

    #[test]
    fn lines_are_those_an_editor_shows() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "1,\"x", "y\"", "2,z", "", "", "3,w"].join(end);
            let lines: Vec<usize> = texts(text.as_bytes())
                .into_iter()
                .map(|(line, _)| line)
                .collect();
            assert_eq!(lines, [1, 3, 5, 8], "{end:?}");
        }
    }

    #[test]
    fn delimiters_are_recognised() {
        assert_eq!(delimiter("a;b;c\n1,5;2;3\n"), b';');
        assert_eq!(delimiter("a\tb\n"), b'\t');
        assert_eq!(delimiter("a\n"), b',');
        assert_eq!(delimiter("推荐表\n\"a;;;\",b\n1,;;;\n"), b',');
    }

    #[test]
    fn shortened_numbers_are_seen() {
        assert!(
            ["4.40301E+17", "1E+11", "1.23457e+11"]
                .iter()
                .all(|text| is_shortened(text))
        );
        assert!(
            ![
                "1E5",
                "1.38E+10",
                "E+17",
                "A1E+20",
                "1.2.3E+17",
                "4.4E-17",
                "440301",
                "2E+"
            ]
            .iter()
            .any(|text| is_shortened(text))
        );
    }
}
