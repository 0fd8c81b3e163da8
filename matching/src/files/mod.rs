//! Problems in files: reading, writing, and made-up instances.

pub mod generate;
