//! Units, council terms, contacts; tickets, audit, consents and commitments of people.

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
                    .table("unit")
                    .col(id())
                    .col(string("name").unique_key())
                    .col(string("short_name"))
                    .col(text("name_normal"))
                    .col(text("name_pinyin"))
                    .col(text("name_initials"))
                    .col(string("tier"))
                    .col(string_null("credit_code"))
                    .col(text("scope"))
                    .col(boolean("secretariat"))
                    .col(date_null("joined_on"))
                    .col(date_null("left_on"))
                    .col(instant("created_at"))
                    .col(instant("updated_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("tier_change")
                    .col(id())
                    .col(reference("unit_id"))
                    .col(string("tier"))
                    .col(date("on_date"))
                    .col(text("reason"))
                    .col(reference_null("by_person"))
                    .col(instant("created_at"))
                    .foreign_key(&mut foreign("tier_change", "unit_id", "unit"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("tier_change", &["unit_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("council_term")
                    .col(id())
                    .col(integer("number").unique_key())
                    .col(date("from_date"))
                    .col(date("to_date"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("unit_contact")
                    .col(id())
                    .col(reference("unit_id"))
                    .col(reference("person_id"))
                    .col(string("position"))
                    .col(string("state"))
                    .col(instant("created_at"))
                    .col(instant_null("closed_at"))
                    .col(reference_null("successor_id"))
                    .foreign_key(&mut foreign("unit_contact", "unit_id", "unit"))
                    .foreign_key(&mut foreign("unit_contact", "person_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("unit_contact", &["unit_id"]))
            .await?;
        manager
            .create_index(index("unit_contact", &["person_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("ticket")
                    .col(id())
                    .col(string("purpose"))
                    .col(string("token_hash").unique_key())
                    .col(reference("person_id"))
                    .col(text("detail"))
                    .col(instant("created_at"))
                    .col(instant("expires_at"))
                    .col(instant_null("used_at"))
                    .foreign_key(&mut foreign("ticket", "person_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("ticket", &["person_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("audit_entry")
                    .col(id())
                    .col(instant("at"))
                    .col(reference_null("actor_person"))
                    .col(string("action"))
                    .col(string("subject_kind"))
                    .col(reference_null("subject_id"))
                    .col(string("commitment"))
                    .col(string_null("salt"))
                    .col(json_null("details"))
                    .col(string_null("address"))
                    .col(big_integer_null("sequence"))
                    .col(string_null("seal"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("audit_entry", &["subject_id"]))
            .await?;
        manager.create_index(index("audit_entry", &["at"])).await?;
        manager
            .create_index(unique("audit_entry", &["sequence"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("consent")
                    .col(id())
                    .col(reference("person_id"))
                    .col(string("purpose"))
                    .col(string("version"))
                    .col(reference_null("matter_id"))
                    .col(instant("given_at"))
                    .col(string("channel"))
                    .col(instant_null("withdrawn_at"))
                    .foreign_key(&mut foreign("consent", "person_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("consent", &["person_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("commitment")
                    .col(id())
                    .col(reference("person_id"))
                    .col(instant("from_at"))
                    .col(instant("to_at"))
                    .col(string("source_kind"))
                    .col(reference("source_id"))
                    .col(string("label"))
                    .foreign_key(&mut foreign("commitment", "person_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("commitment", &["person_id", "from_at"]))
            .await?;
        manager
            .create_index(index("commitment", &["source_id"]))
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "commitment",
                "consent",
                "audit_entry",
                "ticket",
                "unit_contact",
                "council_term",
                "tier_change",
                "unit",
            ],
        )
        .await
    }
}
