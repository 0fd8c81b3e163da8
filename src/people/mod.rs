//! A person once, however many hats: expert, account, contact, trainee, visitor. This body keeps
//! names and contact data, the spans of time that a person has promised, and the consents given.

mod addresses;
pub mod commitments;
pub mod consents;
pub mod contact_data;
mod keep;
pub mod mask;
mod read;
mod recognise;

pub use addresses::{AddressBook, AddressBooks};
pub use keep::{NewPerson, add, correct, find_or_add, remove};
pub use read::{by_ids, duplicates, found_by, get, lock};
pub use recognise::recognise;
