//! Visits between units, with their terms, people and reports; joint projects with what they are to
//! bring; forums with their programme.

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
        postings(manager).await?;
        visits(manager).await?;
        cooperations(manager).await?;
        forums(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "forum_item",
                "forum",
                "deliverable",
                "cooperation_person",
                "cooperation_unit",
                "cooperation",
                "exchange_event",
                "visit_report",
                "visitor",
                "visit_terms",
                "visit",
                "visit_wish_person",
                "visit_wish",
                "visit_offer",
            ],
        )
        .await
    }
}

/// What units offer and ask for.
async fn postings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("visit_offer")
                .col(id())
                .col(string("number"))
                .col(reference("unit_id"))
                .col(reference("filed_by"))
                .col(string("state"))
                .col(string("title"))
                .col(text("description"))
                .col(json("domains"))
                .col(json("keywords"))
                .col(date("from_date"))
                .col(date("to_date"))
                .col(integer("rounds"))
                .col(integer("places"))
                .col(string("place"))
                .col(string("mentor_name"))
                .col(string("mentor_phone"))
                .col(text("cost"))
                .col(text("insurance"))
                .col(text("secrecy"))
                .col(instant("created_at"))
                .col(instant("updated_at"))
                .col(instant_null("closed_at"))
                .col(integer("version"))
                .foreign_key(&mut foreign("visit_offer", "unit_id", "unit"))
                .foreign_key(&mut foreign("visit_offer", "filed_by", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("visit_offer", &["unit_id"]))
        .await?;
    manager
        .create_index(index("visit_offer", &["state", "to_date"]))
        .await?;
    manager
        .create_index(unique("visit_offer", &["number"]))
        .await?;
    manager
        .create_table(
            Table::create()
                .table("visit_wish")
                .col(id())
                .col(string("number"))
                .col(reference("unit_id"))
                .col(reference("filed_by"))
                .col(string("state"))
                .col(string("title"))
                .col(text("description"))
                .col(json("domains"))
                .col(json("keywords"))
                .col(date("from_date"))
                .col(date("to_date"))
                .col(integer("days"))
                .col(string("group_name"))
                .col(instant("created_at"))
                .col(instant("updated_at"))
                .col(instant_null("closed_at"))
                .col(integer("version"))
                .foreign_key(&mut foreign("visit_wish", "unit_id", "unit"))
                .foreign_key(&mut foreign("visit_wish", "filed_by", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("visit_wish", &["unit_id"]))
        .await?;
    manager
        .create_index(index("visit_wish", &["state", "to_date"]))
        .await?;
    manager
        .create_index(unique("visit_wish", &["number"]))
        .await?;
    manager
        .create_table(
            Table::create()
                .table("visit_wish_person")
                .col(id())
                .col(reference("wish_id"))
                .col(reference("person_id"))
                .col(string("position"))
                .foreign_key(&mut foreign("visit_wish_person", "wish_id", "visit_wish"))
                .foreign_key(&mut foreign("visit_wish_person", "person_id", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("visit_wish_person", &["person_id"]))
        .await?;
    manager
        .create_index(unique("visit_wish_person", &["wish_id", "person_id"]))
        .await?;
    Ok(())
}

/// Visits with everything about them.
async fn visits(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("visit")
                .col(id())
                .col(string("number"))
                .col(reference("offer_id"))
                .col(reference("wish_id"))
                .col(reference("sending_unit_id"))
                .col(reference("host_unit_id"))
                .col(string("state"))
                .col(string("title"))
                .col(json("reasons"))
                .col(integer_null("agreed_version"))
                .col(integer("calendar_sequence"))
                .col(date_null("left_on"))
                .col(date_null("back_on"))
                .col(instant_null("returned_at"))
                .col(date_null("report_due"))
                .col(text("end_note"))
                .col(reference_null("ended_by_unit"))
                .col(instant_null("closed_at"))
                .col(instant("created_at"))
                .col(instant("updated_at"))
                .foreign_key(&mut foreign("visit", "offer_id", "visit_offer"))
                .foreign_key(&mut foreign("visit", "wish_id", "visit_wish"))
                .foreign_key(&mut foreign("visit", "sending_unit_id", "unit"))
                .foreign_key(&mut foreign("visit", "host_unit_id", "unit"))
                .foreign_key(&mut foreign("visit", "ended_by_unit", "unit"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("visit", &["offer_id", "state"]))
        .await?;
    manager
        .create_index(index("visit", &["wish_id", "state"]))
        .await?;
    manager
        .create_index(index("visit", &["sending_unit_id", "state"]))
        .await?;
    manager
        .create_index(index("visit", &["host_unit_id", "state"]))
        .await?;
    manager.create_index(index("visit", &["state"])).await?;
    manager.create_index(unique("visit", &["number"])).await?;
    manager
        .create_table(
            Table::create()
                .table("visit_terms")
                .col(id())
                .col(reference("visit_id"))
                .col(integer("version"))
                .col(string("state"))
                .col(date("from_date"))
                .col(date("to_date"))
                .col(text("tasks"))
                .col(string("place"))
                .col(string("mentor_name"))
                .col(string("mentor_phone"))
                .col(text("cost"))
                .col(text("insurance"))
                .col(text("secrecy"))
                .col(boolean("abroad"))
                .col(string("approval_number"))
                .col(json("visitors"))
                .col(text("reason"))
                .col(reference_null("proposed_by"))
                .col(reference_null("proposed_unit"))
                .col(instant("proposed_at"))
                .col(reference_null("sending_by"))
                .col(instant_null("sending_at"))
                .col(reference_null("host_by"))
                .col(instant_null("host_at"))
                .foreign_key(&mut foreign("visit_terms", "visit_id", "visit"))
                .foreign_key(&mut foreign("visit_terms", "proposed_by", "person"))
                .foreign_key(&mut foreign("visit_terms", "proposed_unit", "unit"))
                .foreign_key(&mut foreign("visit_terms", "sending_by", "person"))
                .foreign_key(&mut foreign("visit_terms", "host_by", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("visit_terms", &["visit_id", "version"]))
        .await?;
    manager
        .create_table(
            Table::create()
                .table("visitor")
                .col(id())
                .col(reference("visit_id"))
                .col(reference("person_id"))
                .col(string("position"))
                .col(integer("generation"))
                .col(boolean("coming"))
                .col(instant_null("departed_at"))
                .col(instant_null("arrived_at"))
                .foreign_key(&mut foreign("visitor", "visit_id", "visit"))
                .foreign_key(&mut foreign("visitor", "person_id", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("visitor", &["person_id"]))
        .await?;
    manager
        .create_index(unique("visitor", &["visit_id", "person_id"]))
        .await?;
    manager
        .create_table(
            Table::create()
                .table("visit_report")
                .col(id())
                .col(reference("visit_id"))
                .col(integer("version"))
                .col(text("text"))
                .col(reference("filed_by"))
                .col(instant("filed_at"))
                .foreign_key(&mut foreign("visit_report", "visit_id", "visit"))
                .foreign_key(&mut foreign("visit_report", "filed_by", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("visit_report", &["visit_id", "version"]))
        .await?;
    manager
        .create_table(
            Table::create()
                .table("exchange_event")
                .col(id())
                .col(string("owner_kind"))
                .col(uuid("owner_id"))
                .col(instant("at"))
                .col(reference_null("by_person"))
                .col(string("code"))
                .col(text("note"))
                .foreign_key(&mut foreign("exchange_event", "by_person", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("exchange_event", &["owner_id", "at"]))
        .await?;
    Ok(())
}

/// Joint projects.
async fn cooperations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("cooperation")
                .col(id())
                .col(string("number"))
                .col(string("state"))
                .col(reference("lead_unit_id"))
                .col(string("title"))
                .col(text("goal"))
                .col(date("from_date"))
                .col(date("to_date"))
                .col(reference("filed_by"))
                .col(text("outcome"))
                .col(instant_null("ended_at"))
                .col(instant("created_at"))
                .col(instant("updated_at"))
                .col(integer("version"))
                .foreign_key(&mut foreign("cooperation", "lead_unit_id", "unit"))
                .foreign_key(&mut foreign("cooperation", "filed_by", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("cooperation", &["lead_unit_id"]))
        .await?;
    manager
        .create_index(index("cooperation", &["state"]))
        .await?;
    manager
        .create_index(unique("cooperation", &["number"]))
        .await?;
    manager
        .create_table(
            Table::create()
                .table("cooperation_unit")
                .col(id())
                .col(reference("cooperation_id"))
                .col(reference("unit_id"))
                .col(string("state"))
                .col(text("task"))
                .col(reference_null("answered_by"))
                .col(instant_null("answered_at"))
                .col(text("note"))
                .foreign_key(&mut foreign(
                    "cooperation_unit",
                    "cooperation_id",
                    "cooperation",
                ))
                .foreign_key(&mut foreign("cooperation_unit", "unit_id", "unit"))
                .foreign_key(&mut foreign("cooperation_unit", "answered_by", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("cooperation_unit", &["unit_id"]))
        .await?;
    manager
        .create_index(unique("cooperation_unit", &["cooperation_id", "unit_id"]))
        .await?;
    manager
        .create_table(
            Table::create()
                .table("cooperation_person")
                .col(id())
                .col(reference("cooperation_id"))
                .col(reference("person_id"))
                .col(reference("unit_id"))
                .col(string("task"))
                .foreign_key(&mut foreign(
                    "cooperation_person",
                    "cooperation_id",
                    "cooperation",
                ))
                .foreign_key(&mut foreign("cooperation_person", "person_id", "person"))
                .foreign_key(&mut foreign("cooperation_person", "unit_id", "unit"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("cooperation_person", &["person_id"]))
        .await?;
    manager
        .create_index(unique(
            "cooperation_person",
            &["cooperation_id", "person_id"],
        ))
        .await?;
    manager
        .create_table(
            Table::create()
                .table("deliverable")
                .col(id())
                .col(reference("cooperation_id"))
                .col(string("title"))
                .col(reference("unit_id"))
                .col(date("due_on"))
                .col(date_null("delivered_on"))
                .col(reference_null("delivered_by"))
                .col(text("note"))
                .foreign_key(&mut foreign("deliverable", "cooperation_id", "cooperation"))
                .foreign_key(&mut foreign("deliverable", "unit_id", "unit"))
                .foreign_key(&mut foreign("deliverable", "delivered_by", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("deliverable", &["cooperation_id"]))
        .await?;
    manager
        .create_index(index("deliverable", &["delivered_on", "due_on"]))
        .await?;
    Ok(())
}

/// Forums and their programmes.
async fn forums(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("forum")
                .col(id())
                .col(string("number"))
                .col(string("kind"))
                .col(string("state"))
                .col(string("title"))
                .col(text("summary"))
                .col(json("domains"))
                .col(json("keywords"))
                .col(date("on_date"))
                .col(boolean("online"))
                .col(string("place"))
                .col(integer("capacity"))
                .col(integer_null("per_unit"))
                .col(date("closes_on"))
                .col(string("contact_name"))
                .col(string("contact_phone"))
                .col(reference_null("registration_id"))
                .col(reference("filed_by"))
                .col(text("end_note"))
                .col(instant_null("published_at"))
                .col(instant_null("ended_at"))
                .col(instant("created_at"))
                .col(instant("updated_at"))
                .col(integer("version"))
                .foreign_key(&mut foreign("forum", "registration_id", "registration"))
                .foreign_key(&mut foreign("forum", "filed_by", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("forum", &["state", "on_date"]))
        .await?;
    manager.create_index(unique("forum", &["number"])).await?;
    manager
        .create_table(
            Table::create()
                .table("forum_item")
                .col(id())
                .col(reference("forum_id"))
                .col(time("from_time"))
                .col(time("to_time"))
                .col(string("title"))
                .col(boolean("wants_speaker"))
                .col(string("speaker"))
                .col(reference_null("panel_id"))
                .foreign_key(&mut foreign("forum_item", "forum_id", "forum"))
                .foreign_key(&mut foreign("forum_item", "panel_id", "panel"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("forum_item", &["forum_id"]))
        .await?;
    Ok(())
}
