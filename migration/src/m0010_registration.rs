//! Registrations: seats, the queue, offers, sittings and attendance.

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
        for table in [
            registration(),
            enrolment(),
            seat_offer(),
            sitting(),
            attendance(),
            open_application(),
            feed_key(),
        ] {
            manager.create_table(table).await?;
        }
        for index in [
            unique("registration", &["owner_kind", "owner_id"]),
            index("registration", &["state", "starts_at"]),
            unique("enrolment", &["registration_id", "person_id"]),
            unique("enrolment", &["registration_id", "arrival"]),
            index("enrolment", &["person_id"]),
            index("enrolment", &["unit_id"]),
            index("seat_offer", &["state", "until"]),
            index("seat_offer", &["registration_id"]),
            index("seat_offer", &["enrolment_id"]),
            unique("sitting", &["registration_id", "owner_ref"]),
            index("sitting", &["from_at"]),
            unique("attendance", &["sitting_id", "enrolment_id"]),
            index("attendance", &["enrolment_id"]),
            index("open_application", &["registration_id", "email"]),
            index("open_application", &["expires_at"]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "feed_key",
                "open_application",
                "attendance",
                "sitting",
                "seat_offer",
                "enrolment",
                "registration",
            ],
        )
        .await
    }
}

fn registration() -> TableCreateStatement {
    Table::create()
        .table("registration")
        .col(id())
        .col(string("owner_kind"))
        .col(reference("owner_id"))
        .col(string("title"))
        .col(string("state"))
        .col(integer("capacity"))
        .col(integer_null("per_unit"))
        .col(instant("opens_at"))
        .col(instant("closes_at"))
        .col(instant("starts_at"))
        .col(instant("ends_at"))
        .col(boolean("needs_unit_approval"))
        .col(boolean("open_form"))
        .col(json("questions"))
        .col(string("place"))
        .col(string("zone"))
        .col(string("contact"))
        .col(integer("arrivals"))
        .col(integer("calendar_sequence"))
        .col(instant("created_at"))
        .col(instant_null("published_at"))
        .to_owned()
}

fn enrolment() -> TableCreateStatement {
    Table::create()
        .table("enrolment")
        .col(id())
        .col(reference("registration_id"))
        .col(reference("person_id"))
        .col(reference_null("unit_id"))
        .col(string("unit_name"))
        .col(string("position"))
        .col(string("phone"))
        .col(string_null("email"))
        .col(string("state"))
        .col(integer("arrival"))
        .col(json("answers"))
        .col(reference_null("by_person"))
        .col(boolean("waited"))
        .col(text("clash"))
        .col(integer("generation"))
        .col(integer("rounds"))
        .col(instant("arrived_at"))
        .col(instant_null("enrolled_at"))
        .col(instant_null("ended_at"))
        .col(text("end_note"))
        .foreign_key(&mut foreign("enrolment", "registration_id", "registration"))
        .foreign_key(&mut foreign("enrolment", "person_id", "person"))
        .foreign_key(&mut foreign("enrolment", "unit_id", "unit"))
        .to_owned()
}

fn seat_offer() -> TableCreateStatement {
    Table::create()
        .table("seat_offer")
        .col(id())
        .col(reference("registration_id"))
        .col(reference("enrolment_id"))
        .col(string("state"))
        .col(instant("made_at"))
        .col(instant("until"))
        .col(boolean("provisional"))
        .col(reference_null("made_by"))
        .col(instant_null("ended_at"))
        .foreign_key(&mut foreign(
            "seat_offer",
            "registration_id",
            "registration",
        ))
        .foreign_key(&mut foreign("seat_offer", "enrolment_id", "enrolment"))
        .to_owned()
}

fn sitting() -> TableCreateStatement {
    Table::create()
        .table("sitting")
        .col(id())
        .col(reference("registration_id"))
        .col(reference("owner_ref"))
        .col(string("label"))
        .col(instant("from_at"))
        .col(instant("to_at"))
        .col(string("place"))
        .col(integer("sequence"))
        .foreign_key(&mut foreign("sitting", "registration_id", "registration"))
        .to_owned()
}

fn attendance() -> TableCreateStatement {
    Table::create()
        .table("attendance")
        .col(id())
        .col(reference("sitting_id"))
        .col(reference("enrolment_id"))
        .col(boolean("present"))
        .col(string("how"))
        .col(instant("at"))
        .col(reference_null("by_person"))
        .col(text("reason"))
        .foreign_key(&mut foreign("attendance", "sitting_id", "sitting"))
        .foreign_key(&mut foreign("attendance", "enrolment_id", "enrolment"))
        .to_owned()
}

fn open_application() -> TableCreateStatement {
    Table::create()
        .table("open_application")
        .col(id())
        .col(reference("registration_id"))
        .col(string("token_hash").unique_key())
        .col(string("name"))
        .col(string("email"))
        .col(string("phone"))
        .col(reference_null("unit_id"))
        .col(string("unit_name"))
        .col(string("position"))
        .col(json("answers"))
        .col(instant("created_at"))
        .col(instant("expires_at"))
        .col(instant_null("confirmed_at"))
        .col(reference_null("enrolment_id"))
        .foreign_key(&mut foreign(
            "open_application",
            "registration_id",
            "registration",
        ))
        .foreign_key(&mut foreign("open_application", "unit_id", "unit"))
        .foreign_key(&mut foreign(
            "open_application",
            "enrolment_id",
            "enrolment",
        ))
        .to_owned()
}

fn feed_key() -> TableCreateStatement {
    Table::create()
        .table("feed_key")
        .col(ColumnDef::new("subject_id").uuid().not_null().primary_key())
        .col(string("kind"))
        .col(integer("generation"))
        .col(instant("renewed_at"))
        .to_owned()
}
