//! Tests of the service as a whole, in one binary.

// So that clippy knows helpers for test code, too.
#![cfg(test)]

mod architecture;
mod mail;
mod schedule;
mod store;
mod support;
