//! Panels, matching runs, assignments and invitations.

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
                    .table("panel")
                    .col(id())
                    .col(string("owner_kind"))
                    .col(reference("owner_id"))
                    .col(string("number"))
                    .col(string("state"))
                    .col(string("purpose"))
                    .col(string("title"))
                    .col(text("text"))
                    .col(json("domains"))
                    .col(json("keywords"))
                    .col(integer("demand"))
                    .col(integer("max_per_unit"))
                    .col(integer("min_technical"))
                    .col(integer("min_standardization"))
                    .col(integer("priority"))
                    .col(reference_null("asking_unit_id"))
                    .col(string("asking_name"))
                    .col(boolean("confidential"))
                    .col(string("form"))
                    .col(date_null("meeting_date"))
                    .col(string_null("meeting_half"))
                    .col(instant_null("meeting_from"))
                    .col(instant_null("meeting_to"))
                    .col(string("place"))
                    .col(date_null("wanted_by"))
                    .col(string("standard_name"))
                    .col(string("standard_number"))
                    .col(text("drafting_text"))
                    .col(text("duties"))
                    .col(string("fee_text"))
                    .col(string("contact_name"))
                    .col(string("contact_phone"))
                    .col(boolean("urgent"))
                    .col(integer("calendar_sequence"))
                    .col(instant("created_at"))
                    .col(instant_null("standing_at"))
                    .col(instant_null("closed_at"))
                    .foreign_key(&mut foreign("panel", "asking_unit_id", "unit"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("panel", &["owner_id"])).await?;
        manager.create_index(index("panel", &["state"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("panel_recusal")
                    .col(id())
                    .col(reference("panel_id"))
                    .col(string("rule"))
                    .col(reference_null("unit_id"))
                    .col(reference_null("expert_id"))
                    .col(string("name"))
                    .col(string("note"))
                    .foreign_key(&mut foreign("panel_recusal", "panel_id", "panel"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("panel_recusal", &["panel_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("panel_wish")
                    .col(id())
                    .col(reference("panel_id"))
                    .col(reference_null("expert_id"))
                    .col(string("name"))
                    .col(text("reason"))
                    .foreign_key(&mut foreign("panel_wish", "panel_id", "panel"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("panel_wish", &["panel_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("panel_adjustment")
                    .col(id())
                    .col(reference("panel_id"))
                    .col(reference("expert_id"))
                    .col(string("kind"))
                    .col(text("reason"))
                    .col(reference("by_person"))
                    .col(instant("created_at"))
                    .col(instant_null("revoked_at"))
                    .foreign_key(&mut foreign("panel_adjustment", "panel_id", "panel"))
                    .foreign_key(&mut foreign("panel_adjustment", "expert_id", "expert"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("panel_adjustment", &["panel_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("matching_run")
                    .col(id())
                    .col(string("number"))
                    .col(string("state"))
                    .col(string("mode"))
                    .col(big_integer("seed"))
                    .col(reference_null("former_id"))
                    .col(reference("prepared_by"))
                    .col(instant("prepared_at"))
                    .col(instant_null("handed_in_at"))
                    .col(text("hand_in_note"))
                    .col(reference_null("decided_by"))
                    .col(instant_null("decided_at"))
                    .col(text("decision_note"))
                    .col(text("exception_note"))
                    .col(big_integer("total"))
                    .col(big_integer("bound"))
                    .col(boolean("proved"))
                    .col(integer("millis"))
                    .col(string("facts_digest"))
                    .col(json("report"))
                    .col(json("certificate"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("matching_run", &["state"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("run_choice")
                    .col(id())
                    .col(reference("run_id"))
                    .col(reference("panel_id"))
                    .col(reference("expert_id"))
                    .col(integer("place"))
                    .col(boolean("reserve"))
                    .col(boolean("pinned"))
                    .col(boolean("standing"))
                    .col(integer("relevance"))
                    .col(text("reason"))
                    .col(json("factors"))
                    .foreign_key(&mut foreign("run_choice", "run_id", "matching_run"))
                    .foreign_key(&mut foreign("run_choice", "panel_id", "panel"))
                    .foreign_key(&mut foreign("run_choice", "expert_id", "expert"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("run_choice", &["run_id"]))
            .await?;
        manager
            .create_index(index("run_choice", &["panel_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("assignment")
                    .col(id())
                    .col(reference("panel_id"))
                    .col(reference("expert_id"))
                    .col(reference("person_id"))
                    .col(reference_null("unit_id"))
                    .col(reference_null("run_id"))
                    .col(string("state"))
                    .col(integer("rank"))
                    .col(integer("relevance"))
                    .col(text("reason"))
                    .col(boolean("head"))
                    .col(boolean("head_asked"))
                    .col(instant_null("head_declined_at"))
                    .col(boolean("refill"))
                    .col(integer("wave"))
                    .col(boolean("race"))
                    .col(instant("created_at"))
                    .col(instant_null("ended_at"))
                    .col(text("end_note"))
                    .col(integer("work_generation"))
                    .foreign_key(&mut foreign("assignment", "panel_id", "panel"))
                    .foreign_key(&mut foreign("assignment", "expert_id", "expert"))
                    .foreign_key(&mut foreign("assignment", "person_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("assignment", &["panel_id", "state"]))
            .await?;
        manager
            .create_index(index("assignment", &["expert_id", "state"]))
            .await?;
        manager
            .create_index(index("assignment", &["person_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("invitation")
                    .col(id())
                    .col(reference("assignment_id"))
                    .col(reference("panel_id"))
                    .col(reference("person_id"))
                    .col(integer("generation"))
                    .col(instant("asked_at"))
                    .col(instant("cutoff_at"))
                    .col(boolean("provisional"))
                    .col(instant_null("seen_at"))
                    .col(instant_null("disowned_at"))
                    .col(string_null("answer"))
                    .col(instant_null("answered_at"))
                    .col(string_null("channel"))
                    .col(reference_null("recorded_by"))
                    .col(text("record_note"))
                    .col(string_null("decline_reason"))
                    .col(text("decline_note"))
                    .col(string("suggestion"))
                    .col(instant_null("statement_at"))
                    .col(text("statement_text"))
                    .col(string_null("pledge_version"))
                    .col(integer("answers"))
                    .col(integer("reminders"))
                    .col(instant_null("reminded_at"))
                    .col(instant_null("closed_at"))
                    .foreign_key(&mut foreign("invitation", "assignment_id", "assignment"))
                    .foreign_key(&mut foreign("invitation", "panel_id", "panel"))
                    .foreign_key(&mut foreign("invitation", "person_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("invitation", &["assignment_id"]))
            .await?;
        manager
            .create_index(index("invitation", &["panel_id"]))
            .await?;
        manager
            .create_index(index("invitation", &["cutoff_at"]))
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "invitation",
                "assignment",
                "run_choice",
                "matching_run",
                "panel_adjustment",
                "panel_wish",
                "panel_recusal",
                "panel",
            ],
        )
        .await
    }
}
