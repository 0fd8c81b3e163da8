//! Studies of committees, and requests referred to them.

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
                    .table("study")
                    .col(id())
                    .col(string("number").unique_key())
                    .col(reference("committee_id"))
                    .col(string("state"))
                    .col(string("title"))
                    .col(text("question"))
                    .col(json("domains"))
                    .col(json("keywords"))
                    .col(integer("demand"))
                    .col(integer("min_technical"))
                    .col(integer("min_standardization"))
                    .col(integer("max_per_unit"))
                    .col(reference_null("panel_id"))
                    .col(text("conclusion"))
                    .col(reference("filed_by"))
                    .col(instant("created_at"))
                    .col(instant("updated_at"))
                    .col(instant_null("closed_at"))
                    .foreign_key(&mut foreign("study", "committee_id", "committee"))
                    .foreign_key(&mut foreign("study", "panel_id", "panel"))
                    .foreign_key(&mut foreign("study", "filed_by", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("study", &["committee_id"]))
            .await?;
        manager.create_index(index("study", &["state"])).await?;
        manager.create_index(index("study", &["panel_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("study_milestone")
                    .col(id())
                    .col(reference("study_id"))
                    .col(string("kind"))
                    .col(date("due_on"))
                    .col(instant_null("done_at"))
                    .foreign_key(&mut foreign("study_milestone", "study_id", "study"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("study_milestone", &["study_id", "kind"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("study_report")
                    .col(id())
                    .col(reference("study_id"))
                    .col(string("kind"))
                    .col(integer("version"))
                    .col(reference("assignment_id"))
                    .col(reference("person_id"))
                    .col(text("text"))
                    .col(instant("filed_at"))
                    .foreign_key(&mut foreign("study_report", "study_id", "study"))
                    .foreign_key(&mut foreign("study_report", "assignment_id", "assignment"))
                    .foreign_key(&mut foreign("study_report", "person_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("study_report", &["study_id", "kind", "version"]))
            .await?;
        manager
            .create_index(index("study_report", &["assignment_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("study_event")
                    .col(id())
                    .col(reference("study_id"))
                    .col(instant("at"))
                    .col(reference_null("by_person"))
                    .col(string("code"))
                    .col(text("note"))
                    .foreign_key(&mut foreign("study_event", "study_id", "study"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("study_event", &["study_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("referral")
                    .col(id())
                    .col(reference("committee_id"))
                    .col(string("owner_kind"))
                    .col(reference("owner_id"))
                    .col(string("number"))
                    .col(string("title"))
                    .col(text("text"))
                    .col(string("asking_name"))
                    .col(string("state"))
                    .col(text("note"))
                    .col(reference("referred_by"))
                    .col(instant("created_at"))
                    .col(reference_null("decided_by"))
                    .col(instant_null("decided_at"))
                    .foreign_key(&mut foreign("referral", "committee_id", "committee"))
                    .foreign_key(&mut foreign("referral", "referred_by", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("referral", &["committee_id", "state"]))
            .await?;
        manager
            .create_index(index("referral", &["owner_kind", "owner_id"]))
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "referral",
                "study_event",
                "study_report",
                "study_milestone",
                "study",
            ],
        )
        .await
    }
}
