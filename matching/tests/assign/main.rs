//! Tests of assignment as a user of the crate sees it.

mod certificates;
mod common;
mod dense;
mod draw;
mod exact;
mod explain;
mod fair;
mod files;
mod repair;
