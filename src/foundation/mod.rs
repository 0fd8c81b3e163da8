//! What every body of the service stands on.
pub mod calendar;
pub mod classification;
pub mod documents;
pub mod search;
pub mod sheets;
