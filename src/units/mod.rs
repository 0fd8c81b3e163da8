//! Units of the alliance, their standing (tier), the council terms, and the contacts (联络员) who act
//! for a unit.

mod found;
mod read;

pub use found::found;
pub use read::{ContactPerson, all, by_name, contacts, current_term, found_by, get, secretariat};
