//! Tests of assignment as a user of the crate sees it.

mod common;
mod draw;
mod exact;
mod fair;
mod repair;
