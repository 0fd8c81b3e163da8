//! Problems in files: reading, writing, and made-up instances.
//!
//! UTF-8 CSV with fixed header names in any order; unknown columns are refused. Whatever is wrong is
//! refused with file, line, column and reason.

pub mod commands;
pub mod draw_file;
pub mod generate;
pub mod input;
pub mod output;
pub mod report;
pub mod table;
pub mod texts;

pub use table::FileError;
