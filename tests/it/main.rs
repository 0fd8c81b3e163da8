//! Tests of the service as a whole, in one binary.

// So that clippy knows helpers for test code, too.
#![cfg(test)]

mod accounts;
mod answers;
mod architecture;
mod audit;
mod backup;
mod calendar;
mod committees;
mod consultations;
mod council;
mod draws;
mod duties;
mod every_page;
mod exchange;
mod experts;
mod hardening;
mod journey;
mod links;
mod log;
mod mail;
mod matching;
mod matching_bench;
mod operations;
mod overview;
mod page_parts;
mod pages_bench;
mod papers;
mod people;
mod policy;
mod registration;
mod replacement;
mod schedule;
mod store;
mod support;
mod training;
mod units;
