//! What a test sees of the outbox: the mails that the service has queued.

use entity::mail;
use expert_pool::foundation::mail::LetterDesk;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::app::TestApp;

/// Mails of a kind to an address, the newest first.
pub async fn mails(app: &TestApp, kind: &str, address: &str) -> Vec<mail::Model> {
    mail::Entity::find()
        .filter(mail::Column::Kind.eq(kind))
        .filter(mail::Column::Address.eq(address))
        .order_by_desc(mail::Column::CreatedAt)
        .order_by_desc(mail::Column::Id)
        .all(app.ctx.store.read())
        .await
        .expect("the outbox can be read")
}

/// The path that the button of the newest mail of a kind to an address leads to.
pub async fn link(app: &TestApp, kind: &str, address: &str) -> String {
    let mails = mails(app, kind, address).await;
    let mail = mails
        .first()
        .unwrap_or_else(|| panic!("no mail of kind {kind} to {address}"));
    let desk = LetterDesk {
        links: &app.ctx.links,
        office: &app.ctx.config.office,
        zone: app.ctx.zone(),
        recipient: &mail.recipient_name,
        now: app.ctx.now(),
    };
    let letter = expert_pool::mails()
        .letter(kind, &mail.facts, &desk)
        .expect("every kind has a template");
    let (_, url) = letter.action.expect("the mail has a button");
    url.strip_prefix(app.url.as_str())
        .expect("the link leads to this service")
        .to_owned()
}
