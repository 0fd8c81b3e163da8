//! Letters, lists and certificates: one [`Paper`] of facts gives the printable page and the editable
//! file, laid out after GB/T 9704 (党政机关公文格式).

mod docx;
mod docx_style;
mod html;
mod paper;

pub use docx::DocumentError;
pub use paper::{Block, Column, Field, Paper, Piece, Words};
