//! An expert chosen for a place.

use entity::ids::{ExpertId, PersonId, RunId, UnitId};

/// An expert chosen for a place of a panel, by an approved run or as the next best.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The expert.
    pub expert: ExpertId,
    /// The person behind.
    pub person: PersonId,
    /// The unit at this time.
    pub unit: Option<UnitId>,
    /// Relevance in millionths.
    pub relevance: i32,
    /// Why this expert, in words.
    pub reason: String,
    /// Order among those chosen for the panel, from 1.
    pub rank: i32,
    /// The run that chose, when one did.
    pub run: Option<RunId>,
}
