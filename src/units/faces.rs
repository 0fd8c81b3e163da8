//! What units have to know from the body above them.

use std::{collections::HashMap, sync::Arc};

use entity::ids::UnitId;

use crate::foundation::{context::Boxed, context::Context, error::Result};

/// The body that knows who takes the units' seats in the pool.
pub trait SeatSource: Send + Sync {
    /// Seats taken by unit; a unit without any is left out.
    fn used<'a>(&'a self, ctx: &'a Context) -> Boxed<'a, Result<HashMap<UnitId, u32>>>;
}

/// The source that `lib.rs` registered.
#[derive(Clone)]
pub struct Seats(pub Arc<dyn SeatSource>);

impl std::fmt::Debug for Seats {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seats")
    }
}
