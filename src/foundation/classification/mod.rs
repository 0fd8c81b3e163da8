//! Domains (领域) as codes: ICS, the International Classification for Standards, and CCS, the
//! Chinese Classification for Standards (中国标准文献分类). Where the lists come from and what they lack is told
//! in `data/PROVENANCE.md`.

mod code;
mod find;
mod table;

pub use code::{CodeName, DomainCode, System, UnknownCode};
pub use find::search_codes;
