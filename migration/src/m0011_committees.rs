//! Committees and working groups, their units, people and history; roles that reach one committee.

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
                    .table("committee")
                    .col(id())
                    .col(string("kind"))
                    .col(string("name").unique_key())
                    .col(string("alias"))
                    .col(text("task"))
                    .col(string("state"))
                    .col(reference_null("parent_id"))
                    .col(date_null("founded_on"))
                    .col(date_null("until"))
                    .col(string_null("founding_number"))
                    .col(text("founding_basis"))
                    .col(date_null("ended_on"))
                    .col(string_null("ending_number"))
                    .col(text("end_reason"))
                    .col(instant("created_at"))
                    .col(instant("updated_at"))
                    .foreign_key(&mut foreign("committee", "parent_id", "committee"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("committee", &["parent_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("committee_unit")
                    .col(id())
                    .col(reference("committee_id"))
                    .col(reference("unit_id"))
                    .col(string("part"))
                    .col(string("standing"))
                    .col(text("reason"))
                    .col(reference_null("applied_by"))
                    .col(instant("applied_at"))
                    .col(reference_null("decided_by"))
                    .col(instant_null("decided_at"))
                    .col(text("decision_note"))
                    .col(date_null("left_on"))
                    .foreign_key(&mut foreign("committee_unit", "committee_id", "committee"))
                    .foreign_key(&mut foreign("committee_unit", "unit_id", "unit"))
                    .foreign_key(&mut foreign("committee_unit", "applied_by", "person"))
                    .foreign_key(&mut foreign("committee_unit", "decided_by", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("committee_unit", &["committee_id"]))
            .await?;
        manager
            .create_index(index("committee_unit", &["unit_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("committee_person")
                    .col(id())
                    .col(reference("committee_id"))
                    .col(reference("person_id"))
                    .col(reference("unit_id"))
                    .col(string("office"))
                    .col(string("position"))
                    .col(date("from_date"))
                    .col(date("to_date"))
                    .col(date_null("ended_on"))
                    .col(text("end_reason"))
                    .col(instant("created_at"))
                    .foreign_key(&mut foreign(
                        "committee_person",
                        "committee_id",
                        "committee",
                    ))
                    .foreign_key(&mut foreign("committee_person", "person_id", "person"))
                    .foreign_key(&mut foreign("committee_person", "unit_id", "unit"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("committee_person", &["committee_id"]))
            .await?;
        manager
            .create_index(index("committee_person", &["person_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("committee_event")
                    .col(id())
                    .col(reference("committee_id"))
                    .col(instant("at"))
                    .col(reference_null("by_person"))
                    .col(string("code"))
                    .col(text("note"))
                    .foreign_key(&mut foreign("committee_event", "committee_id", "committee"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("committee_event", &["committee_id"]))
            .await?;
        // Like the unit of a role, the committee is checked by who grants it: SQLite cannot drop a
        // column that a foreign key holds.
        manager
            .alter_table(
                Table::alter()
                    .table("role_grant")
                    .add_column(reference_null("committee_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("role_grant", &["committee_id"]))
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("ix_role_grant_committee_id")
                    .table("role_grant")
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("role_grant")
                    .drop_column("committee_id")
                    .to_owned(),
            )
            .await?;
        drop_tables(
            manager,
            &[
                "committee_event",
                "committee_person",
                "committee_unit",
                "committee",
            ],
        )
        .await
    }
}
