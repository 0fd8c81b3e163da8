//! Who serves where: an exact solver, its certificates, and a checker that trusts neither.

pub mod certificate;
pub mod model;
pub mod verify;
