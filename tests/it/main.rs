//! Tests of the service as a whole, in one binary.

mod architecture;
mod mail;
mod schedule;
mod store;
// Behind `cfg(test)` so that clippy knows these helpers for test code.
#[cfg(test)]
mod support;
