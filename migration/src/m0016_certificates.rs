//! Certificates: what they say, marks, the certificates themselves, and the keys that signed them.

use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_query::{ForeignKey, ForeignKeyAction},
};

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        texts(manager).await?;
        marks(manager).await?;
        certificates(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["certificate", "signing_key", "run_mark", "certificate_text"],
        )
        .await
    }
}

async fn texts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("certificate_text")
                .col(
                    ColumnDef::new("course_id")
                        .uuid()
                        .not_null()
                        .primary_key()
                        .take(),
                )
                .col(string("title"))
                .col(string("issuer"))
                .col(text("body"))
                .col(reference("by_person"))
                .col(instant("updated_at"))
                .foreign_key(&mut foreign("certificate_text", "course_id", "course"))
                .foreign_key(&mut foreign("certificate_text", "by_person", "person"))
                .to_owned(),
        )
        .await
}

async fn marks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("run_mark")
                .col(id())
                .col(reference("run_id"))
                .col(reference("enrolment_id"))
                .col(integer("mark"))
                .col(reference("by_person"))
                .col(instant("updated_at"))
                .foreign_key(&mut foreign("run_mark", "run_id", "course_run"))
                .foreign_key(&mut foreign("run_mark", "enrolment_id", "enrolment"))
                .foreign_key(&mut foreign("run_mark", "by_person", "person"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("run_mark", &["enrolment_id"]))
        .await?;
    manager.create_index(index("run_mark", &["run_id"])).await
}

async fn certificates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("signing_key")
                .col(
                    ColumnDef::new("id")
                        .string()
                        .not_null()
                        .primary_key()
                        .take(),
                )
                .col(string("public_key"))
                .col(instant("since"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("certificate")
                .col(id())
                .col(reference("run_id"))
                .col(reference("enrolment_id"))
                .col(reference("person_id"))
                .col(string("number"))
                .col(string("state"))
                .col(string("name"))
                .col(string("unit_name"))
                .col(string("title"))
                .col(string("issuer"))
                .col(text("body"))
                .col(string("course"))
                .col(integer("hours"))
                .col(date("issued_on"))
                .col(text("payload"))
                .col(string("key_id"))
                .col(reference_null("replaces"))
                .col(text("reason"))
                .col(reference("issued_by"))
                .col(instant("issued_at"))
                .col(reference_null("ended_by"))
                .col(instant_null("ended_at"))
                .foreign_key(&mut foreign("certificate", "run_id", "course_run"))
                .foreign_key(&mut foreign("certificate", "enrolment_id", "enrolment"))
                .foreign_key(&mut foreign("certificate", "person_id", "person"))
                .foreign_key(&mut foreign("certificate", "replaces", "certificate"))
                .foreign_key(&mut foreign("certificate", "issued_by", "person"))
                .foreign_key(&mut foreign("certificate", "ended_by", "person"))
                .foreign_key(
                    ForeignKey::create()
                        .name("fk_certificate_key_id")
                        .from("certificate", "key_id")
                        .to("signing_key", "id")
                        .on_delete(ForeignKeyAction::Restrict),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("certificate", &["number"]))
        .await?;
    // A certificate is replaced once.
    manager
        .create_index(unique("certificate", &["replaces"]))
        .await?;
    manager
        .create_index(index("certificate", &["run_id"]))
        .await?;
    manager
        .create_index(index("certificate", &["enrolment_id"]))
        .await?;
    manager
        .create_index(index("certificate", &["person_id"]))
        .await
}
