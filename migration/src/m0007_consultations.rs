//! Consultations and opinions.

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
                    .table("consultation")
                    .col(id())
                    .col(string_null("number"))
                    .col(reference("unit_id"))
                    .col(reference("filed_by"))
                    .col(string("state"))
                    .col(string("purpose"))
                    .col(string("title"))
                    .col(text("description"))
                    .col(string("standard_name"))
                    .col(string("standard_number"))
                    .col(json("drafting_units"))
                    .col(json("drafters"))
                    .col(json("recusals"))
                    .col(json("domains"))
                    .col(json("keywords"))
                    .col(integer("demand"))
                    .col(string("form"))
                    .col(date_null("meeting_date"))
                    .col(string_null("meeting_half"))
                    .col(string("place"))
                    .col(date_null("wanted_by"))
                    .col(json("wishes"))
                    .col(boolean("confidential"))
                    .col(reference_null("panel_id"))
                    .col(text("note"))
                    .col(text("conclusion"))
                    .col(string_null("conclusion_verdict"))
                    .col(reference_null("conclusion_by"))
                    .col(instant_null("concluded_at"))
                    .col(integer("questions"))
                    .col(text("question_text"))
                    .col(integer_null("rating"))
                    .col(text("rating_note"))
                    .col(instant_null("submitted_at"))
                    .col(instant_null("accepted_at"))
                    .col(reference_null("accepted_by"))
                    .col(instant_null("closed_at"))
                    .col(instant("created_at"))
                    .col(instant("updated_at"))
                    .col(integer("version"))
                    .foreign_key(&mut foreign("consultation", "unit_id", "unit"))
                    .foreign_key(&mut foreign("consultation", "panel_id", "panel"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("consultation", &["unit_id", "state"]))
            .await?;
        manager
            .create_index(index("consultation", &["state"]))
            .await?;
        manager
            .create_index(index("consultation", &["panel_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("opinion")
                    .col(id())
                    .col(reference("consultation_id"))
                    .col(reference("assignment_id"))
                    .col(reference("person_id"))
                    .col(integer("version"))
                    .col(string_null("verdict"))
                    .col(text("text"))
                    .col(instant("filed_at"))
                    .foreign_key(&mut foreign("opinion", "consultation_id", "consultation"))
                    .foreign_key(&mut foreign("opinion", "assignment_id", "assignment"))
                    .foreign_key(&mut foreign("opinion", "person_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("opinion", &["consultation_id"]))
            .await?;
        manager
            .create_index(index("opinion", &["assignment_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("consultation_event")
                    .col(id())
                    .col(reference("consultation_id"))
                    .col(instant("at"))
                    .col(reference_null("by_person"))
                    .col(string("code"))
                    .col(text("note"))
                    .foreign_key(&mut foreign(
                        "consultation_event",
                        "consultation_id",
                        "consultation",
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("consultation_event", &["consultation_id"]))
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["consultation_event", "opinion", "consultation"]).await
    }
}
