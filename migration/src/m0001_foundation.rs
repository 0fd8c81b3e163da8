//! What the bodies stand on: facts of the installation, yearly numbers, files.

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
                    .table("installation")
                    .col(string("name").primary_key())
                    .col(text("value"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("yearly_counter")
                    .col(string("kind"))
                    .col(integer("year"))
                    .col(integer("last"))
                    .primary_key(Index::create().col("kind").col("year"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("file")
                    .col(id())
                    .col(string("owner_kind"))
                    .col(reference("owner_id"))
                    .col(string("part"))
                    .col(string("name"))
                    .col(string("media_type"))
                    .col(big_integer("size"))
                    .col(string("sha256"))
                    .col(instant("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("file", &["owner_kind", "owner_id", "part"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("file_chunk")
                    .col(reference("file_id"))
                    .col(integer("position"))
                    .col(blob("bytes"))
                    .primary_key(Index::create().col("file_id").col("position"))
                    .foreign_key(&mut foreign("file_chunk", "file_id", "file"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["file_chunk", "file", "yearly_counter", "installation"],
        )
        .await
    }
}
