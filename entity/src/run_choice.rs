//! An expert chosen by a run for a panel, or a reserve in order.

use sea_orm::entity::prelude::*;

use crate::ids::{ChoiceId, ExpertId, PanelId, RunId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "run_choice")]
pub struct Model {
    /// The choice.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ChoiceId,
    /// The run.
    pub run_id: RunId,
    /// The panel.
    pub panel_id: PanelId,
    /// The expert.
    pub expert_id: ExpertId,
    /// Order by relevance, from 1.
    pub place: i32,
    /// Whether a reserve.
    pub reserve: bool,
    /// Whether pinned by hand.
    pub pinned: bool,
    /// Whether already invited or accepted before this run.
    pub standing: bool,
    /// In millionths.
    pub relevance: i32,
    /// Why this expert, in words.
    pub reason: String,
    /// Share of each factor, matched codes and words.
    pub factors: Json,
}

impl ActiveModelBehavior for ActiveModel {}
