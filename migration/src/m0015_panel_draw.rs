//! Commitments for drawing the experts of a panel by lot.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("panel_draw")
                    .col(reference("panel_id").primary_key())
                    .col(string("commitment"))
                    .col(string("nonce"))
                    .col(instant("committed_at"))
                    .col(text("contribution"))
                    .col(reference_null("contributed_by"))
                    .col(instant_null("contributed_at"))
                    .col(instant_null("drawn_at"))
                    .foreign_key(&mut foreign("panel_draw", "panel_id", "panel"))
                    .foreign_key(&mut foreign("panel_draw", "contributed_by", "person"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["panel_draw"]).await
    }
}
