//! The working calendar: which days are off or worked in exchange, until when that is announced, and
//! the import of another year, after which provisional (暂定) days are reckoned anew.

mod import;
pub mod pages;
mod reading;

pub use import::{Outcome, import};
pub use reading::{Reading, read};
