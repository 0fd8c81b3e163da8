//! Tests of assignment as a user of the crate sees it.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod certificates;
mod common;
mod dense;
mod draw;
mod exact;
mod explain;
mod fair;
mod files;
mod repair;
