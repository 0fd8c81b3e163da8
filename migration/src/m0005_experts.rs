//! Experts.

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
                    .table("expert")
                    .col(id())
                    .col(reference("person_id"))
                    .col(reference_null("unit_id"))
                    .col(string("affiliation"))
                    .col(string("kind"))
                    .col(boolean("guest"))
                    .col(text("guest_reason"))
                    .col(string("state"))
                    .col(string("position"))
                    .col(string("title"))
                    .col(json("domains"))
                    .col(json("keywords"))
                    .col(json("works"))
                    .col(text("bio"))
                    .col(string("languages"))
                    .col(integer("max_open"))
                    .col(integer("max_year"))
                    .col(reference_null("term_id"))
                    .col(string_null("engagement_number"))
                    .col(date_null("engaged_from"))
                    .col(date_null("engaged_to"))
                    .col(integer("link_generation"))
                    .col(reference_null("recommended_by"))
                    .col(instant_null("recommended_at"))
                    .col(reference_null("first_approved_by"))
                    .col(reference_null("decided_by"))
                    .col(instant_null("decided_at"))
                    .col(text("decision_note"))
                    .col(text("exception_note"))
                    .col(date_null("ended_on"))
                    .col(text("end_reason"))
                    .col(instant("created_at"))
                    .col(instant("updated_at"))
                    .foreign_key(&mut foreign("expert", "person_id", "person"))
                    .foreign_key(&mut foreign("expert", "unit_id", "unit"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("expert", &["unit_id", "state"]))
            .await?;
        manager
            .create_index(index("expert", &["person_id"]))
            .await?;
        manager.create_index(index("expert", &["state"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("expert_absence")
                    .col(id())
                    .col(reference("expert_id"))
                    .col(date("from_date"))
                    .col(date("to_date"))
                    .col(string("note"))
                    .foreign_key(&mut foreign("expert_absence", "expert_id", "expert"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("expert_absence", &["expert_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("expert_interest")
                    .col(id())
                    .col(reference("expert_id"))
                    .col(reference_null("unit_id"))
                    .col(string("organisation"))
                    .col(string("kind"))
                    .col(string("note"))
                    .col(date_null("until_date"))
                    .col(instant("created_at"))
                    .foreign_key(&mut foreign("expert_interest", "expert_id", "expert"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("expert_interest", &["expert_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("expert_change")
                    .col(id())
                    .col(reference("expert_id"))
                    .col(string("state"))
                    .col(instant("at"))
                    .col(reference_null("by_person"))
                    .col(text("reason"))
                    .foreign_key(&mut foreign("expert_change", "expert_id", "expert"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("expert_change", &["expert_id"]))
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "expert_change",
                "expert_interest",
                "expert_absence",
                "expert",
            ],
        )
        .await
    }
}
