//! The audit trail is append only: the database itself refuses to delete an entry or to change what
//! it says. Only sealing (once) and erasing personal details are let through.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Columns that never change.
const FIXED: [&str; 7] = [
    "id",
    "at",
    "actor_person",
    "action",
    "subject_kind",
    "subject_id",
    "commitment",
];
/// Columns that may be blanked, and not otherwise changed.
const ERASABLE: [&str; 3] = ["salt", "details", "address"];
/// Columns that may be filled once.
const SEALED: [&str; 2] = ["sequence", "seal"];

/// The condition under which a change is refused; `differ` says when two values are not the same.
fn forbidden(differ: impl Fn(&str) -> String) -> String {
    let fixed = FIXED.iter().map(|column| differ(column));
    let erasable = ERASABLE
        .iter()
        .map(|column| format!("(NEW.{column} IS NOT NULL AND {})", differ(column)));
    let sealed = SEALED
        .iter()
        .map(|column| format!("(OLD.{column} IS NOT NULL AND {})", differ(column)));
    fixed
        .chain(erasable)
        .chain(sealed)
        .collect::<Vec<_>>()
        .join(" OR ")
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Sqlite {
            let forbidden = forbidden(|column| format!("OLD.{column} IS NOT NEW.{column}"));
            db.execute_unprepared(&format!(
                "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE ON audit_entry WHEN {forbidden} \
                 BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END"
            ))
            .await?;
            db.execute_unprepared(
                "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry \
                 BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END",
            )
            .await?;
        } else {
            // `json` has no equality of its own; its text has.
            let forbidden = forbidden(|column| {
                format!("OLD.{column}::text IS DISTINCT FROM NEW.{column}::text")
            });
            db.execute_unprepared(&format!(
                "CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$ \
                 BEGIN \
                   IF TG_OP <> 'UPDATE' THEN \
                     RAISE EXCEPTION 'the audit trail is append only'; \
                   ELSIF {forbidden} THEN \
                     RAISE EXCEPTION 'the audit trail is append only'; \
                   END IF; \
                   RETURN NEW; \
                 END $$"
            ))
            .await?;
            db.execute_unprepared(
                "CREATE TRIGGER audit_entry_guard BEFORE UPDATE OR DELETE ON audit_entry \
                 FOR EACH ROW EXECUTE FUNCTION audit_entry_guard()",
            )
            .await?;
            db.execute_unprepared(
                "CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry \
                 FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_guard()",
            )
            .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Sqlite {
            db.execute_unprepared("DROP TRIGGER audit_entry_no_change")
                .await?;
            db.execute_unprepared("DROP TRIGGER audit_entry_no_delete")
                .await?;
        } else {
            db.execute_unprepared("DROP TRIGGER audit_entry_guard ON audit_entry")
                .await?;
            db.execute_unprepared("DROP TRIGGER audit_entry_no_truncate ON audit_entry")
                .await?;
            db.execute_unprepared("DROP FUNCTION audit_entry_guard()")
                .await?;
        }
        Ok(())
    }
}
