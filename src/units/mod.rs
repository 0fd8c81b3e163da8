//! Units of the alliance, their standing (tier), the council terms, and the contacts (联络员) who act
//! for a unit.

mod add_contact;
mod begin_term;
mod change_tier;
mod close_contact;
mod faces;
mod figures;
mod found;
mod home;
pub mod import;
mod keep;
pub mod pages;
mod read;
mod rules;

pub use add_contact::{Contacts, NewContact, add_contact, invite_again};
pub use begin_term::begin_term;
pub use change_tier::{change_tier, change_tier_within};
pub use close_contact::{Successor, close_contact, hand_over};
pub use faces::{SeatSource, Seats};
pub use figures::{Figure, FigureSource, Figures, Item, Period};
pub use found::found;
pub use home::UnitsHome;
pub use keep::{NewUnit, add, correct, lock};
pub use read::{
    ContactPerson, all, by_name, contacts, current_term, found_by, get, secretariat, terms,
    tier_history,
};
