//! What the bodies stand on. Knows nothing of the alliance's work.

pub mod calendar;
pub mod classification;
pub mod config;
pub mod context;
pub mod documents;
pub mod error;
pub mod files;
pub mod links;
pub mod mail;
pub mod numbers;
pub mod platform;
pub mod schedule;
pub mod search;
pub mod sheets;
pub mod store;
pub mod telemetry;
pub mod texts;
pub mod ui;
