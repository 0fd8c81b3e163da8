//! People and their sign-ins.

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
                    .table("person")
                    .col(id())
                    .col(string("name"))
                    .col(text("name_normal"))
                    .col(text("name_pinyin"))
                    .col(text("name_initials"))
                    .col(string_null("email"))
                    .col(string_null("mobile"))
                    .col(boolean("sample"))
                    .col(instant_null("erased_at"))
                    .col(instant("created_at"))
                    .col(instant("updated_at"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("person", &["email"])).await?;
        manager.create_index(index("person", &["mobile"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("account")
                    .col(id())
                    .col(reference("person_id").unique_key())
                    .col(string("email").unique_key())
                    .col(text_null("password_hash"))
                    .col(instant_null("disabled_at"))
                    .col(instant("created_at"))
                    .foreign_key(&mut foreign("account", "person_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("role_grant")
                    .col(id())
                    .col(reference("account_id"))
                    .col(string("role"))
                    .col(reference_null("unit_id"))
                    .col(instant("granted_at"))
                    .col(instant_null("revoked_at"))
                    .foreign_key(&mut foreign("role_grant", "account_id", "account"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("role_grant", &["account_id"]))
            .await?;
        manager
            .create_index(index("role_grant", &["unit_id", "role"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("session")
                    .col(id())
                    .col(string("token_hash").unique_key())
                    .col(reference("person_id"))
                    .col(reference_null("account_id"))
                    .col(string("browser"))
                    .col(instant("created_at"))
                    .col(instant("seen_at"))
                    .col(instant("expires_at"))
                    .foreign_key(&mut foreign("session", "person_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("session", &["person_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("sign_in_try")
                    .col(string("subject").primary_key())
                    .col(integer("tries"))
                    .col(instant("since"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["sign_in_try", "session", "role_grant", "account", "person"],
        )
        .await
    }
}
