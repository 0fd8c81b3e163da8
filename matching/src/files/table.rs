//! One CSV file: its header checked, its rows streamed, its mistakes named.

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::str::FromStr;

use serde::Serialize;

/// Why a file is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileError {
    /// The file's name.
    pub file: String,
    /// Line from 1, where known.
    pub line: Option<u64>,
    /// Name of the column, where known.
    pub column: Option<String>,
    /// What is wrong, in English.
    pub reason: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for FileError {}

impl FileError {
    /// An error of the file as a whole.
    pub fn of(path: &Path, reason: impl fmt::Display) -> Self {
        let file = path.display().to_string();
        Self {
            file,
            line: None,
            column: None,
            reason: reason.to_string(),
        }
    }
}

/// A CSV file being read.
pub struct Table<R> {
    file: String,
    reader: csv::Reader<R>,
    record: csv::StringRecord,
    /// Position of each expected column in the file.
    places: Vec<Option<usize>>,
    columns: &'static [&'static str],
    width: usize,
    line: u64,
}

impl Table<BufReader<File>> {
    /// Opens a file that may have these columns and must have the first `required` of them.
    ///
    /// # Errors
    /// If it cannot be opened or its header is wrong.
    pub fn open(
        path: &Path,
        columns: &'static [&'static str],
        required: usize,
    ) -> Result<Self, FileError> {
        let file = File::open(path).map_err(|e| FileError::of(path, e))?;
        let file = BufReader::with_capacity(1 << 18, file);
        Self::read(&path.display().to_string(), file, columns, required)
    }
}

impl<R: Read> Table<R> {
    /// The same from any source.
    ///
    /// # Errors
    /// If the header is wrong.
    pub fn read(
        file: &str,
        source: R,
        columns: &'static [&'static str],
        required: usize,
    ) -> Result<Self, FileError> {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .from_reader(source);
        let mut record = csv::StringRecord::new();
        let at = |line, column: Option<&str>, reason: String| FileError {
            file: file.to_owned(),
            line,
            column: column.map(str::to_owned),
            reason,
        };
        let found = reader
            .read_record(&mut record)
            .map_err(|e| at(Some(1), None, plain(&e)))?;
        if !found {
            return Err(at(None, None, "the file is empty".to_owned()));
        }
        let mut places = vec![None; columns.len()];
        for (i, name) in record.iter().enumerate() {
            let name = name.trim().trim_start_matches('\u{feff}');
            let Some(known) = columns.iter().position(|c| *c == name) else {
                let reason = format!("unknown column; known are {}", columns.join(", "));
                return Err(at(Some(1), Some(name), reason));
            };
            if places[known].replace(i).is_some() {
                return Err(at(
                    Some(1),
                    Some(name),
                    "the column is there twice".to_owned(),
                ));
            }
        }
        if let Some(missing) = (0..required).find(|&i| places[i].is_none()) {
            return Err(at(
                Some(1),
                Some(columns[missing]),
                "the column is missing".to_owned(),
            ));
        }
        let width = record.len();
        Ok(Self {
            file: file.to_owned(),
            reader,
            record,
            places,
            columns,
            width,
            line: 1,
        })
    }

    /// Reads the next row; false at the end.
    ///
    /// # Errors
    /// If the row cannot be read or has another number of fields than the header.
    pub fn advance(&mut self) -> Result<bool, FileError> {
        let found = self.reader.read_record(&mut self.record).map_err(|e| {
            let line = e
                .position()
                .map_or_else(|| self.reader.position().line(), |p| p.line());
            FileError {
                file: self.file.clone(),
                line: Some(line),
                column: None,
                reason: plain(&e),
            }
        })?;
        self.line = self.record.position().map_or(self.line, |p| p.line());
        if found && self.record.len() != self.width {
            let reason = format!(
                "{} fields, the header has {}",
                self.record.len(),
                self.width
            );
            return Err(FileError {
                file: self.file.clone(),
                line: Some(self.line),
                column: None,
                reason,
            });
        }
        Ok(found)
    }

    /// The text of a column in this row, trimmed; empty if the file has no such column.
    #[must_use]
    pub fn text(&self, column: usize) -> &str {
        self.places[column]
            .and_then(|i| self.record.get(i))
            .unwrap_or("")
            .trim()
    }

    /// The number in a column, or none where it is empty.
    ///
    /// # Errors
    /// If it is no such number.
    pub fn number<T: FromStr>(&self, column: usize) -> Result<Option<T>, FileError> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        let number = text.parse();
        number.map(Some).map_err(|_| {
            self.error(
                column,
                format!("“{text}” is not a whole number of the range allowed"),
            )
        })
    }

    /// The number in a column that must not be empty.
    ///
    /// # Errors
    /// If it is empty or no such number.
    pub fn required<T: FromStr>(&self, column: usize) -> Result<T, FileError> {
        self.number(column)?
            .ok_or_else(|| self.error(column, "must not be empty"))
    }

    /// An error of one column in this row.
    pub fn error(&self, column: usize, reason: impl fmt::Display) -> FileError {
        FileError {
            file: self.file.clone(),
            line: Some(self.line),
            column: Some(self.columns[column].to_owned()),
            reason: reason.to_string(),
        }
    }
}

/// The reason of a CSV error without the position, which is told apart.
fn plain(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "not UTF-8".to_owned(),
        csv::ErrorKind::Io(io) => io.to_string(),
        _ => error.to_string(),
    }
}
