//! Tables in and out: CSV in the encodings that offices save, and XLSX.
//!
//! Reading gives a [`Sheet`] of texts with the lines they stand in. A file that cannot be read as a
//! whole is a [`SheetError`]; a single bad cell refuses its row with a [`CellFault`] and nothing else.
//! [`Sheet::records`] finds the columns by Chinese or English names. [`Table`] writes both formats, and
//! what it writes reads back the same.

mod columns;
mod csv_text;
mod date;
mod fault;
mod guard;
mod read;
mod workbook;
mod write;

pub use columns::{Column, Record, Records};
pub use date::read_date;
pub use fault::{CellFault, CellFaultKind, SheetError};
pub use read::{Limits, Row, Sheet, read};
pub use write::{Table, WriteError, workbook};
