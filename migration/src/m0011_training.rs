//! Training: needs, courses, bases, runs and their lessons.

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
        bases(manager).await?;
        courses(manager).await?;
        needs(manager).await?;
        runs(manager).await?;
        lessons(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "course_run_event",
                "run_fee",
                "room_booking",
                "lesson",
                "course_run",
                "need_voice",
                "training_need",
                "course_part",
                "course",
                "room",
                "training_base",
            ],
        )
        .await
    }
}

async fn bases(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("training_base")
                .col(id())
                .col(string("name"))
                .col(reference("host_unit_id"))
                .col(text("address"))
                .col(string("zone"))
                .col(date_null("plaque_on"))
                .col(date_null("valid_until"))
                .col(string("contact_name"))
                .col(string("contact_phone"))
                .col(instant_null("closed_at"))
                .col(instant("created_at"))
                .col(instant("updated_at"))
                .foreign_key(&mut foreign("training_base", "host_unit_id", "unit"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("training_base", &["host_unit_id"]))
        .await?;
    manager
        .create_table(
            Table::create()
                .table("room")
                .col(id())
                .col(reference("base_id"))
                .col(string("name"))
                .col(integer("seats"))
                .col(time("opens"))
                .col(time("closes"))
                .col(text("equipment"))
                .col(instant_null("closed_at"))
                .foreign_key(&mut foreign("room", "base_id", "training_base"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("room", &["base_id"])).await?;
    Ok(())
}

async fn courses(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("course")
                .col(id())
                .col(string("number"))
                .col(string("state"))
                .col(string("title"))
                .col(text("aim"))
                .col(text("audience"))
                .col(text("prerequisites"))
                .col(json("domains"))
                .col(json("keywords"))
                .col(integer("attendance_percent"))
                .col(integer_null("min_mark"))
                .col(integer("capacity"))
                .col(integer("least"))
                .col(integer_null("per_unit"))
                .col(integer("fee_fen"))
                .col(text("fee_free"))
                .col(string_null("recurrence"))
                .col(reference_null("base_id"))
                .col(reference_null("room_id"))
                .col(integer("lead_days"))
                .col(instant_null("drafted_until"))
                .col(reference("created_by"))
                .col(instant("created_at"))
                .col(instant("updated_at"))
                .col(integer("version"))
                .foreign_key(&mut foreign("course", "base_id", "training_base"))
                .foreign_key(&mut foreign("course", "room_id", "room"))
                .foreign_key(&mut foreign("course", "created_by", "person"))
                .to_owned(),
        )
        .await?;
    manager.create_index(unique("course", &["number"])).await?;
    manager.create_index(index("course", &["state"])).await?;
    manager
        .create_table(
            Table::create()
                .table("course_part")
                .col(id())
                .col(reference("course_id"))
                .col(integer("position"))
                .col(string("title"))
                .col(text("content"))
                .col(integer("hours"))
                .col(reference_null("lecturer_expert"))
                .col(string("lecturer_name"))
                .col(string("lecturer_unit"))
                .col(text("lecturer_reason"))
                .foreign_key(&mut foreign("course_part", "course_id", "course"))
                .foreign_key(&mut foreign("course_part", "lecturer_expert", "expert"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("course_part", &["course_id", "position"]))
        .await?;
    Ok(())
}

async fn needs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("training_need")
                .col(id())
                .col(reference("unit_id"))
                .col(reference("stated_by"))
                .col(string("state"))
                .col(string("topic"))
                .col(text("details"))
                .col(json("domains"))
                .col(json("keywords"))
                .col(text("audience"))
                .col(integer("headcount"))
                .col(date_null("wished_by"))
                .col(reference_null("course_id"))
                .col(instant_null("met_at"))
                .col(instant("created_at"))
                .col(instant("updated_at"))
                .foreign_key(&mut foreign("training_need", "unit_id", "unit"))
                .foreign_key(&mut foreign("training_need", "stated_by", "person"))
                .foreign_key(&mut foreign("training_need", "course_id", "course"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("training_need", &["unit_id"]))
        .await?;
    manager
        .create_index(index("training_need", &["state"]))
        .await?;
    manager
        .create_index(index("training_need", &["course_id"]))
        .await?;
    manager
        .create_table(
            Table::create()
                .table("need_voice")
                .col(id())
                .col(reference("need_id"))
                .col(reference("unit_id"))
                .col(reference("by_person"))
                .col(integer("headcount"))
                .col(text("note"))
                .col(instant("created_at"))
                .foreign_key(&mut foreign("need_voice", "need_id", "training_need"))
                .foreign_key(&mut foreign("need_voice", "unit_id", "unit"))
                .foreign_key(&mut foreign("need_voice", "by_person", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("need_voice", &["need_id", "unit_id"]))
        .await?;
    Ok(())
}

async fn runs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("course_run")
                .col(id())
                .col(reference("course_id"))
                .col(integer("ordinal"))
                .col(string("number"))
                .col(string("state"))
                .col(string("title"))
                .col(reference_null("base_id"))
                .col(reference_null("room_id"))
                .col(boolean("online"))
                .col(text("place"))
                .col(string("zone"))
                .col(integer("capacity"))
                .col(integer("least"))
                .col(date_null("decide_on"))
                .col(string_null("decision"))
                .col(integer_null("per_unit"))
                .col(instant_null("opens_at"))
                .col(instant_null("closes_at"))
                .col(boolean("open_form"))
                .col(boolean("unit_approval"))
                .col(json("questions"))
                .col(integer("fee_fen"))
                .col(text("fee_free"))
                .col(text("invoice_note"))
                .col(text("lodging"))
                .col(string("contact_name"))
                .col(string("contact_phone"))
                .col(string_null("notice_number"))
                .col(text("notice_text"))
                .col(instant_null("starts_at"))
                .col(instant_null("ends_at"))
                .col(instant_null("due_start"))
                .col(reference_null("registration_id"))
                .col(reference_null("merged_into"))
                .col(text("reason"))
                .col(reference_null("created_by"))
                .col(instant("created_at"))
                .col(instant("updated_at"))
                .col(instant_null("published_at"))
                .col(instant_null("closed_at"))
                .col(instant_null("held_at"))
                .col(instant_null("settled_at"))
                .col(instant_null("cancelled_at"))
                .col(integer("version"))
                .foreign_key(&mut foreign("course_run", "course_id", "course"))
                .foreign_key(&mut foreign("course_run", "base_id", "training_base"))
                .foreign_key(&mut foreign("course_run", "room_id", "room"))
                .foreign_key(&mut foreign(
                    "course_run",
                    "registration_id",
                    "registration",
                ))
                .foreign_key(&mut foreign("course_run", "merged_into", "course_run"))
                .foreign_key(&mut foreign("course_run", "created_by", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("course_run", &["course_id", "ordinal"]))
        .await?;
    manager
        .create_index(unique("course_run", &["number"]))
        .await?;
    manager
        .create_index(unique("course_run", &["course_id", "due_start"]))
        .await?;
    manager
        .create_index(index("course_run", &["state", "starts_at"]))
        .await?;
    manager
        .create_index(index("course_run", &["registration_id"]))
        .await?;
    manager
        .create_table(
            Table::create()
                .table("run_fee")
                .col(id())
                .col(reference("run_id"))
                .col(reference("enrolment_id"))
                .col(string("state"))
                .col(integer("amount_fen"))
                .col(date_null("on_date"))
                .col(string("invoice_title"))
                .col(string("invoice_number"))
                .col(text("note"))
                .col(reference_null("by_person"))
                .col(instant("updated_at"))
                .foreign_key(&mut foreign("run_fee", "run_id", "course_run"))
                .foreign_key(&mut foreign("run_fee", "enrolment_id", "enrolment"))
                .foreign_key(&mut foreign("run_fee", "by_person", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("run_fee", &["enrolment_id"]))
        .await?;
    manager.create_index(index("run_fee", &["run_id"])).await?;
    manager
        .create_table(
            Table::create()
                .table("course_run_event")
                .col(id())
                .col(reference("run_id"))
                .col(instant("at"))
                .col(reference_null("by_person"))
                .col(string("code"))
                .col(text("note"))
                .foreign_key(&mut foreign("course_run_event", "run_id", "course_run"))
                .foreign_key(&mut foreign("course_run_event", "by_person", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("course_run_event", &["run_id"]))
        .await?;
    Ok(())
}

async fn lessons(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("lesson")
                .col(id())
                .col(reference("run_id"))
                .col(integer("position"))
                .col(string("title"))
                .col(text("content"))
                .col(integer("hours"))
                .col(date("on_date"))
                .col(time("from_time"))
                .col(time("to_time"))
                .col(string("zone"))
                .col(instant("from_at"))
                .col(instant("to_at"))
                .col(reference_null("panel_id"))
                .col(reference_null("lecturer_expert"))
                .col(string("lecturer_name"))
                .col(string("lecturer_unit"))
                .col(text("lecturer_reason"))
                .foreign_key(&mut foreign("lesson", "run_id", "course_run"))
                .foreign_key(&mut foreign("lesson", "panel_id", "panel"))
                .foreign_key(&mut foreign("lesson", "lecturer_expert", "expert"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("lesson", &["run_id"])).await?;
    manager.create_index(index("lesson", &["panel_id"])).await?;
    manager
        .create_table(
            Table::create()
                .table("room_booking")
                .col(id())
                .col(reference("room_id"))
                .col(reference("run_id"))
                .col(reference("lesson_id"))
                .col(instant("from_at"))
                .col(instant("to_at"))
                .col(string("state"))
                .col(reference_null("asked_by"))
                .col(instant("asked_at"))
                .col(reference_null("decided_by"))
                .col(instant_null("decided_at"))
                .col(text("note"))
                .foreign_key(&mut foreign("room_booking", "room_id", "room"))
                .foreign_key(&mut foreign("room_booking", "run_id", "course_run"))
                .foreign_key(&mut foreign("room_booking", "lesson_id", "lesson"))
                .foreign_key(&mut foreign("room_booking", "asked_by", "person"))
                .foreign_key(&mut foreign("room_booking", "decided_by", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("room_booking", &["room_id", "from_at"]))
        .await?;
    manager
        .create_index(index("room_booking", &["lesson_id"]))
        .await?;
    manager
        .create_index(index("room_booking", &["run_id"]))
        .await?;
    Ok(())
}
