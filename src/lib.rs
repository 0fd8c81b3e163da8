//! Service.
pub mod foundation;
