//! The outbox and the worker, against a real SMTP conversation and both databases.

mod bounces;
mod dkim;
mod drill;
mod leases;
mod order;
mod outbox;
mod replies;
mod tls;

use entity::{ids::MailId, mail};
use expert_pool::foundation::mail::outbox as queueing;
use expert_pool::foundation::{
    config::{Config, MailTls, MailTransport},
    context::{Boxed, Context},
    mail::{
        About, Failure, Letter, LetterDesk, Options, Outgoing, Queued, Recipient, Registry, Smtp,
        Step, Template, Transport, try_execute,
    },
};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::support::{app::TestApp, databases::TestDatabase};

#[derive(Serialize, Deserialize)]
struct Note {
    text: String,
}

impl Template for Note {
    const KIND: &'static str = "test.note";
    const LABEL: &'static str = "便函";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("便函：{}", self.text),
            format!("{}您好！", desk.recipient),
        )
        .text(format!("{}，{}", self.text, desk.today()))
    }
}

#[derive(Serialize, Deserialize)]
struct Key {
    secret: String,
}

impl Template for Key {
    const KIND: &'static str = "test.key";
    const LABEL: &'static str = "密钥";
    const SECRET: bool = true;

    fn letter(&self, _: &LetterDesk<'_>) -> Letter {
        Letter::new("密钥", "您好！").action(
            "登录",
            format!("https://pool.example.org/s/{}", self.secret),
        )
    }
}

fn registry() -> Registry {
    let mut registry = Registry::default();
    registry.register::<Note>();
    registry.register::<Key>();
    registry
}

/// A service whose limits are out of the way.
async fn service(
    database: TestDatabase,
    port: u16,
    configure: impl FnOnce(&mut Config),
) -> TestApp {
    TestApp::start_with(database, |config| {
        config.mail.transport = MailTransport::Smtp;
        config.mail.host = "127.0.0.1".into();
        config.mail.port = port;
        config.mail.tls = MailTls::None;
        config.mail.per_minute = 1_000_000;
        config.mail.per_day = 1_000_000;
        config.mail.per_domain_minute = 1_000_000;
        configure(config);
    })
    .await
}

fn smtp(app: &TestApp) -> Smtp {
    Smtp::new(&app.ctx.config.mail, &app.ctx.config.server.public_url)
}

fn to(address: &str) -> Recipient {
    Recipient {
        person: None,
        name: "沈知行".into(),
        address: Some(address.into()),
    }
}

fn about(subject: u128) -> About {
    About {
        subject: Uuid::from_u128(subject),
        generation: 0,
        cause: "测试".into(),
    }
}

async fn queue(ctx: &Context, to: &Recipient, about: &About, options: Options) -> Queued {
    let tx = ctx.store.begin().await.unwrap();
    let note = Note {
        text: "请阅".into(),
    };
    let queued = queueing::enqueue(&tx, to, about, options, &note)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    queued
}

async fn queued(ctx: &Context, address: &str, subject: u128) -> MailId {
    match queue(ctx, &to(address), &about(subject), Options::default()).await {
        Queued::New(id) => id,
        Queued::Already => panic!("{subject} was queued before"),
    }
}

async fn row(ctx: &Context, id: MailId) -> mail::Model {
    mail::Entity::find_by_id(id)
        .one(ctx.store.read())
        .await
        .unwrap()
        .unwrap()
}

async fn step(ctx: &Context, transport: &dyn Transport) -> Step {
    try_execute(ctx, &registry(), transport).await.unwrap()
}

/// A transport that lets something happen while a mail is under way.
struct Meanwhile<F> {
    happens: F,
    inner: Smtp,
}

impl<F: Fn() -> Boxed<'static, ()> + Send + Sync> Transport for Meanwhile<F> {
    fn send<'a>(&'a self, mail: &'a Outgoing) -> Boxed<'a, Result<String, Failure>> {
        Box::pin(async move {
            let answer = self.inner.send(mail).await;
            (self.happens)().await;
            answer
        })
    }
}
