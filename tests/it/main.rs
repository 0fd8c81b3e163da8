//! Tests of the service as a whole, in one binary.

// So that clippy knows helpers for test code, too.
#![cfg(test)]

mod answers;
mod architecture;
mod links;
mod replacement;
mod matching;
mod matching_bench;
mod accounts;
mod architecture;
mod audit;
mod experts;
mod mail;
mod people;
mod policy;
mod schedule;
mod store;
mod support;
mod units;
