//! What people thought of a run and its lessons.

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
                    .table("feedback")
                    .col(id())
                    .col(reference("run_id"))
                    .col(reference("enrolment_id"))
                    .col(integer("overall"))
                    .col(text("note"))
                    .col(instant("at"))
                    .foreign_key(&mut foreign("feedback", "run_id", "course_run"))
                    .foreign_key(&mut foreign("feedback", "enrolment_id", "enrolment"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("feedback", &["enrolment_id"]))
            .await?;
        manager.create_index(index("feedback", &["run_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("lesson_rating")
                    .col(id())
                    .col(reference("feedback_id"))
                    .col(reference("lesson_id"))
                    .col(integer("content"))
                    .col(integer("teaching"))
                    .col(text("note"))
                    .foreign_key(&mut foreign("lesson_rating", "feedback_id", "feedback"))
                    .foreign_key(&mut foreign("lesson_rating", "lesson_id", "lesson"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("lesson_rating", &["feedback_id", "lesson_id"]))
            .await?;
        manager
            .create_index(index("lesson_rating", &["lesson_id"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["lesson_rating", "feedback"]).await
    }
}
