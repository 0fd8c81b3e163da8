//! The audit trail: who did what to which row, append only. An entry is written in the transaction
//! of what it tells of; a sealer chains entries afterwards, in order, with a key that the database
//! does not hold. The chain covers ids, codes and a salted commitment to the details, so that
//! personal details can be erased and the chain still holds. Triggers of the database refuse to
//! change or delete entries; the chain shows it where somebody got around them.

pub(super) mod list;
mod record;
mod seal;
mod verify;

pub use record::{Entry, from_address, record};
pub use seal::{Head, seal};
pub use verify::{Fault, Verdict, verify};
