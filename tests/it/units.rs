//! Units, their standing, their contacts.

mod contacts;
mod import;
mod standing;
