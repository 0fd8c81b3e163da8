//! Meetings of the alliance, the standing council, and experts who stay for another term.

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
                    .table("meeting")
                    .col(id())
                    .col(string("number").unique_key())
                    .col(string("kind"))
                    .col(string("state"))
                    .col(reference("term_id"))
                    .col(string("title"))
                    .col(date("date"))
                    .col(time("from_time"))
                    .col(time("to_time"))
                    .col(string("zone"))
                    .col(instant("starts_at"))
                    .col(instant("ends_at"))
                    .col(string("place"))
                    .col(text("agenda"))
                    .col(date("reply_by"))
                    .col(integer("sequence"))
                    .col(text("minutes"))
                    .col(instant_null("minuted_at"))
                    .col(instant_null("called_at"))
                    .col(text("note"))
                    .col(reference("created_by"))
                    .col(instant("created_at"))
                    .col(instant("updated_at"))
                    .foreign_key(&mut foreign("meeting", "term_id", "council_term"))
                    .foreign_key(&mut foreign("meeting", "created_by", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("meeting", &["kind", "date"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("meeting_unit")
                    .col(id())
                    .col(reference("meeting_id"))
                    .col(reference("unit_id"))
                    .col(string_null("reply"))
                    .col(string("attendee_name"))
                    .col(string("attendee_position"))
                    .col(string("attendee_mobile"))
                    .col(text("reply_note"))
                    .col(reference_null("replied_by"))
                    .col(instant_null("replied_at"))
                    .col(boolean_null("attended"))
                    .col(reference_null("attended_by"))
                    .foreign_key(&mut foreign("meeting_unit", "meeting_id", "meeting"))
                    .foreign_key(&mut foreign("meeting_unit", "unit_id", "unit"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("meeting_unit", &["meeting_id", "unit_id"]))
            .await?;
        manager
            .create_index(index("meeting_unit", &["unit_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("standing_application")
                    .col(id())
                    .col(reference("unit_id"))
                    .col(reference("committee_id"))
                    .col(string("state"))
                    .col(text("text"))
                    .col(reference("applied_by"))
                    .col(instant("applied_at"))
                    .col(reference_null("nominated_by"))
                    .col(instant_null("nominated_at"))
                    .col(text("nomination_note"))
                    .col(reference_null("meeting_id"))
                    .col(integer_null("votes_for"))
                    .col(integer_null("votes_against"))
                    .col(integer_null("votes_abstained"))
                    .col(reference_null("decided_by"))
                    .col(instant_null("decided_at"))
                    .foreign_key(&mut foreign("standing_application", "unit_id", "unit"))
                    .foreign_key(&mut foreign(
                        "standing_application",
                        "committee_id",
                        "committee",
                    ))
                    .foreign_key(&mut foreign(
                        "standing_application",
                        "meeting_id",
                        "meeting",
                    ))
                    .foreign_key(&mut foreign("standing_application", "applied_by", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("standing_application", &["unit_id"]))
            .await?;
        manager
            .create_index(index("standing_application", &["committee_id"]))
            .await?;
        manager
            .create_index(index("standing_application", &["state"]))
            .await?;
        manager
            .create_index(index("standing_application", &["meeting_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("expert_renewal")
                    .col(id())
                    .col(reference("expert_id"))
                    .col(reference("term_id"))
                    .col(string("answer"))
                    .col(text("note"))
                    .col(string("channel"))
                    .col(string_null("former_number"))
                    .col(date_null("former_to"))
                    .col(instant("answered_at"))
                    .foreign_key(&mut foreign("expert_renewal", "expert_id", "expert"))
                    .foreign_key(&mut foreign("expert_renewal", "term_id", "council_term"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("expert_renewal", &["expert_id", "term_id"]))
            .await?;
        manager
            .create_index(index("expert_renewal", &["term_id"]))
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "expert_renewal",
                "standing_application",
                "meeting_unit",
                "meeting",
            ],
        )
        .await
    }
}
