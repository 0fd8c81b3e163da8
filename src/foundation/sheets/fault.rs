//! What can be wrong with a table, as data.

use crate::foundation::error::Refusal;

/// One refused cell. Its row is left out of the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellFault {
    /// Line of a CSV file or row of a worksheet, counted from 1 as spreadsheets show it.
    pub line: usize,
    /// The header of the column, or its letters where it has none.
    pub column: String,
    /// Why.
    pub kind: CellFaultKind,
    /// What stands there, shortened if long.
    pub value: String,
}

/// Why a cell is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellFaultKind {
    /// A number of more than 15 digits in a numeric cell: a spreadsheet keeps only 15, so the last
    /// digits of an identity or account number are already lost. The column should hold text.
    NumberTooLong,
    /// A number shortened to powers of ten, such as `4.40301E+17`: its digits are lost.
    NumberShortened,
    /// The result of a failed formula, such as `#REF!`.
    FailedFormula,
    /// More characters than a cell may have.
    TooLong,
    /// A value to the right of the last header.
    BeyondHeaders,
}

impl CellFaultKind {
    /// Stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::NumberTooLong => "sheets.number_too_long",
            Self::NumberShortened => "sheets.number_shortened",
            Self::FailedFormula => "sheets.failed_formula",
            Self::TooLong => "sheets.cell_too_long",
            Self::BeyondHeaders => "sheets.beyond_headers",
        }
    }
}

/// Why a whole file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// More bytes than allowed.
    #[error("the file has {bytes} bytes, allowed are {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The most allowed.
        limit: usize,
    },
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// The format of Excel up to 2003, or a workbook with a password; to be saved as .xlsx or .csv.
    #[error("an old or encrypted workbook")]
    OldOrEncrypted,
    /// Text in no known encoding.
    #[error("neither UTF-8 nor UTF-16 nor GB18030")]
    Encoding,
    /// Not a sound workbook.
    #[error("a damaged workbook: {0}")]
    Damaged(String),
    /// Packed to grow beyond what is allowed when unpacked.
    #[error("the workbook unpacks to more than {limit} bytes")]
    UnpackedTooLarge {
        /// The most allowed.
        limit: u64,
    },
    /// More files within the workbook than allowed.
    #[error("the workbook has {entries} parts, allowed are {limit}")]
    TooManyParts {
        /// How many.
        entries: usize,
        /// The most allowed.
        limit: usize,
    },
    /// More filled rows than allowed.
    #[error("more than {limit} rows")]
    TooManyRows {
        /// The most allowed.
        limit: usize,
    },
    /// More columns than allowed.
    #[error("more than {limit} columns")]
    TooManyColumns {
        /// The most allowed.
        limit: usize,
    },
    /// Columns that must be there are not.
    #[error("columns are missing: {0:?}")]
    MissingColumns(Vec<&'static str>),
    /// Two headers name the same column.
    #[error("{first} and {second} name the same column")]
    DoubleColumn {
        /// The header on the left.
        first: String,
        /// The header on the right.
        second: String,
    },
}

impl SheetError {
    /// The same as a refusal, with the facts that its sentence names.
    pub fn refusal(&self) -> Refusal {
        let refusal = Refusal::new(self.code());
        match self {
            Self::TooLarge { limit, .. } => refusal.with("limit", limit / (1024 * 1024)),
            Self::Damaged(why) => refusal.with("why", why),
            Self::TooManyRows { limit } | Self::TooManyColumns { limit } => {
                refusal.with("limit", limit)
            }
            Self::MissingColumns(names) => refusal.with("names", names.join("、")),
            Self::DoubleColumn { first, second } => {
                refusal.with("first", first).with("second", second)
            }
            Self::Empty
            | Self::OldOrEncrypted
            | Self::Encoding
            | Self::UnpackedTooLarge { .. }
            | Self::TooManyParts { .. } => refusal,
        }
    }

    /// Stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "sheets.too_large",
            Self::Empty => "sheets.empty",
            Self::OldOrEncrypted => "sheets.old_or_encrypted",
            Self::Encoding => "sheets.encoding",
            Self::Damaged(_) => "sheets.damaged",
            Self::UnpackedTooLarge { .. } => "sheets.unpacked_too_large",
            Self::TooManyParts { .. } => "sheets.too_many_parts",
            Self::TooManyRows { .. } => "sheets.too_many_rows",
            Self::TooManyColumns { .. } => "sheets.too_many_columns",
            Self::MissingColumns(_) => "sheets.missing_columns",
            Self::DoubleColumn { .. } => "sheets.double_column",
        }
    }
}
