//! What a test sees of the outbox: the mails that the service has queued.

use entity::{ids::MailId, mail};
use expert_pool::{
    accounts::mails::RoleGiven,
    foundation::mail::{About, LetterDesk, Options, Queued, Recipient, outbox},
};
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

/// Queues a mail of a kind that every service knows.
pub async fn queue_one(app: &TestApp, address: &str) -> MailId {
    let tx = app.ctx.store.begin().await.expect("a write begins");
    let to = Recipient {
        person: None,
        name: "沈知行".into(),
        address: Some(address.into()),
    };
    let about = About {
        subject: tx.id(),
        generation: 0,
        cause: "测试".into(),
    };
    let given = RoleGiven {
        capacity: "经办".into(),
    };
    let queued = outbox::enqueue(&tx, &to, &about, Options::default(), &given)
        .await
        .expect("the outbox takes it");
    tx.commit().await.expect("the write is kept");
    match queued {
        Queued::New(id) => id,
        Queued::Already => panic!("a new matter"),
    }
}
