//! The outbox, the schedule and the working-day calendar.

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
                    .table("mail")
                    .col(id())
                    .col(string("kind"))
                    .col(reference("subject_id"))
                    .col(integer("generation"))
                    .col(reference_null("person_id"))
                    .col(string("recipient_key"))
                    .col(string("recipient_name"))
                    .col(string_null("address"))
                    .col(text("cause"))
                    .col(json("facts"))
                    .col(string("state"))
                    .col(boolean("urgent"))
                    .col(boolean("confidential_links"))
                    .col(instant("not_before"))
                    .col(instant_null("expires_at"))
                    .col(integer("attempts"))
                    .col(reference_null("lease_token"))
                    .col(instant_null("leased_until"))
                    .col(boolean("maybe_delivered"))
                    .col(string_null("subject_line"))
                    .col(blob_null("bytes"))
                    .col(text_null("last_reply"))
                    .col(string_null("held_by"))
                    .col(instant("created_at"))
                    .col(instant("updated_at"))
                    .col(instant_null("sent_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("mail", &["state", "not_before"]))
            .await?;
        manager.create_index(index("mail", &["subject_id"])).await?;
        manager.create_index(index("mail", &["person_id"])).await?;
        manager.create_index(index("mail", &["created_at"])).await?;
        manager
            .create_index(unique(
                "mail",
                &["kind", "subject_id", "generation", "recipient_key"],
            ))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("mail_quota")
                    .col(string("window").primary_key())
                    .col(integer("used"))
                    .col(instant("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("suppressed_address")
                    .col(string("address").primary_key())
                    .col(text("reply"))
                    .col(instant("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("schedule_slot")
                    .col(id())
                    .col(string("rule"))
                    .col(instant("due_at"))
                    .col(string("state"))
                    .col(reference_null("lease_token"))
                    .col(instant_null("leased_until"))
                    .col(integer("attempts"))
                    .col(integer("handled"))
                    .col(text("note"))
                    .col(instant("started_at"))
                    .col(instant_null("finished_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("schedule_slot", &["started_at"]))
            .await?;
        manager
            .create_index(unique("schedule_slot", &["rule", "due_at"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("working_day_exception")
                    .col(date("date").primary_key())
                    .col(string("kind"))
                    .col(string("name"))
                    .col(instant("imported_at"))
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "working_day_exception",
                "schedule_slot",
                "suppressed_address",
                "mail_quota",
                "mail",
            ],
        )
        .await
    }
}
