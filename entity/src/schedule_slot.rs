//! A firing of a cron rule: the unique key keeps it from firing twice.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::SlotId;

/// Where a firing stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::None)",
    rename_all = "snake_case"
)]
#[serde(rename_all = "snake_case")]
pub enum SlotState {
    /// Claimed by an instance
    Running,
    /// Ended well
    Done,
    /// Ended with an error
    Failed,
    /// Too old to be caught up
    Missed,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schedule_slot")]
pub struct Model {
    /// The firing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SlotId,
    /// Name of the rule.
    pub rule: String,
    /// The instant by the rule.
    pub due_at: DateTimeUtc,
    /// Where it stands.
    pub state: SlotState,
    /// Who runs it.
    pub lease_token: Option<Uuid>,
    /// When the lease lapses.
    pub leased_until: Option<DateTimeUtc>,
    /// Tries so far.
    pub attempts: i32,
    /// Things done by it.
    pub handled: i32,
    /// Result or error in a line.
    pub note: String,
    /// When it began.
    pub started_at: DateTimeUtc,
    /// When it ended.
    pub finished_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
