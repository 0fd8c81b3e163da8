//! A part of a forum's programme.

use sea_orm::entity::prelude::*;

use crate::ids::{ForumId, ForumItemId, PanelId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "forum_item")]
pub struct Model {
    /// The part.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ForumItemId,
    /// The forum.
    pub forum_id: ForumId,
    /// Begin, on the office's clocks.
    pub from_time: Time,
    /// End.
    pub to_time: Time,
    /// What it is.
    pub title: String,
    /// Whether an expert of the pool is to speak.
    pub wants_speaker: bool,
    /// Who speaks; empty while nobody is known.
    pub speaker: String,
    /// The place that the match fills.
    pub panel_id: Option<PanelId>,
}

impl ActiveModelBehavior for ActiveModel {}
