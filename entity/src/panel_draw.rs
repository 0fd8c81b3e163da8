//! The promise of a panel for the case that its experts are drawn by lot: made when the panel opens,
//! so that neither the office nor the requester can choose the result.

use sea_orm::entity::prelude::*;

use crate::ids::{PanelId, PersonId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_draw")]
pub struct Model {
    /// The panel.
    #[sea_orm(primary_key, auto_increment = false)]
    pub panel_id: PanelId,
    /// SHA-256 of the nonce, in hexadecimal; shown from the beginning.
    pub commitment: String,
    /// The nonce, in hexadecimal; shown to nobody before a draw is approved.
    pub nonce: String,
    /// When the commitment was made.
    pub committed_at: DateTimeUtc,
    /// What the requester contributed, as given; empty if nothing.
    pub contribution: String,
    /// Who gave it.
    pub contributed_by: Option<PersonId>,
    /// When.
    pub contributed_at: Option<DateTimeUtc>,
    /// When the first draw was made; from then on the contribution stays.
    pub drawn_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
