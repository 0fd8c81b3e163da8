//! Answers to files, and back for checking.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::input::{Pool, indices};
use super::table::{FileError, Table};
use crate::assign::Certificate;

const COLUMNS: &[&str] = &["request", "expert", "score"];

fn create(path: &Path) -> Result<BufWriter<File>, FileError> {
    let file = File::create(path).map_err(|e| FileError::of(path, e))?;
    Ok(BufWriter::with_capacity(1 << 18, file))
}

/// Writes `request,expert,score`, requests in the order of their file, best expert first.
///
/// # Errors
/// If the file cannot be written.
pub fn write_assignment(path: &Path, pool: &Pool, choice: &[Vec<usize>]) -> Result<(), FileError> {
    let mut writer = csv::Writer::from_writer(create(path)?);
    let failed = |e: csv::Error| FileError::of(path, e);
    writer.write_record(COLUMNS).map_err(failed)?;
    for (r, panel) in choice.iter().enumerate() {
        for &e in panel {
            let score = pool.problem.pairs.score(r, e).unwrap_or(0).to_string();
            let row = [
                pool.requests[r].as_str(),
                pool.experts[e].as_str(),
                score.as_str(),
            ];
            writer.write_record(row).map_err(failed)?;
        }
    }
    writer.flush().map_err(|e| FileError::of(path, e))
}

/// Reads an assignment back; scores must be those of the problem.
///
/// # Errors
/// The first mistake in the file.
pub fn read_assignment(path: &Path, pool: &Pool) -> Result<Vec<Vec<usize>>, FileError> {
    let mut table = Table::open(path, COLUMNS, 3)?;
    let (experts, requests) = (indices(&pool.experts), indices(&pool.requests));
    let mut choice = vec![Vec::new(); pool.requests.len()];
    while table.advance()? {
        let (request, expert) = (table.text(0), table.text(1));
        let Some(&r) = requests.get(request) else {
            return Err(table.error(0, format!("no request “{request}”")));
        };
        let Some(&e) = experts.get(expert) else {
            return Err(table.error(1, format!("no expert “{expert}”")));
        };
        let score: i32 = table.required(2)?;
        if let Some(actual) = pool.problem.pairs.score(r, e).filter(|&s| s != score) {
            return Err(table.error(2, format!("the score of this pair is {actual}")));
        }
        choice[r].push(e);
    }
    Ok(choice)
}

/// Writes anything as JSON.
///
/// # Errors
/// If the file cannot be written.
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<(), FileError> {
    let mut writer = create(path)?;
    serde_json::to_writer(&mut writer, value).map_err(|e| FileError::of(path, e))?;
    writer
        .write_all(b"\n")
        .and_then(|()| writer.flush())
        .map_err(|e| FileError::of(path, e))
}

/// Reads a certificate.
///
/// # Errors
/// If it is not one; with line and column of the JSON text.
pub fn read_certificate(path: &Path) -> Result<Certificate, FileError> {
    read_json(path)
}

/// Reads JSON.
///
/// # Errors
/// If it is not what is expected; with line and column of the text.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, FileError> {
    let text = std::fs::read_to_string(path).map_err(|e| FileError::of(path, e))?;
    serde_json::from_str(&text).map_err(|e| FileError {
        file: path.display().to_string(),
        line: Some(e.line() as u64),
        column: Some(e.column().to_string()),
        reason: e.to_string(),
    })
}
