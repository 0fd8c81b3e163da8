//! The outbox and the worker, against a real SMTP conversation and both databases.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration as Wait,
};

use chrono::{DateTime, Duration, Utc};
use entity::{
    ids::{MailId, PersonId},
    mail::{self, MailState},
    suppressed_address,
};
use expert_pool::foundation::{
    config::{Config, MailTls, MailTransport},
    context::{Boxed, Context},
    mail::{
        About, Failure, Letter, LetterDesk, Options, Outgoing, Queued, Recipient, Registry, Smtp,
        Step, Template, Transport, channel, outbox, try_execute,
    },
};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::support::{
    app::TestApp,
    databases::{TestDatabase, databases},
    smtp::{Act, At, Sink},
};

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
    let queued = outbox::enqueue(&tx, to, about, options, &note)
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

#[tokio::test]
async fn a_mail_exists_when_its_write_does_and_once() {
    for database in databases().await {
        let app = service(database, 1, |_| {}).await;
        let tx = app.ctx.store.begin().await.unwrap();
        let note = Note {
            text: "没有发生".into(),
        };
        outbox::enqueue(
            &tx,
            &to("a@example.org"),
            &about(1),
            Options::default(),
            &note,
        )
        .await
        .unwrap();
        tx.rollback().await.unwrap();
        assert!(
            mail::Entity::find()
                .all(app.ctx.store.read())
                .await
                .unwrap()
                .is_empty()
        );

        let first = queued(&app.ctx, "a@example.org", 1).await;
        let again = queue(
            &app.ctx,
            &to("A@Example.org"),
            &about(1),
            Options::default(),
        )
        .await;
        assert_eq!(again, Queued::Already);
        let next = About {
            generation: 1,
            ..about(1)
        };
        let risen = queue(&app.ctx, &to("a@example.org"), &next, Options::default()).await;
        assert!(matches!(risen, Queued::New(id) if id != first));
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_kept_and_seen() {
    for database in databases().await {
        let app = service(database, 1, |_| {}).await;
        let nowhere = Recipient {
            address: None,
            ..to("x")
        };
        for (subject, recipient, reply) in [
            (1, nowhere, "no_address"),
            (2, to("not an address"), "bad_address"),
        ] {
            let Queued::New(id) =
                queue(&app.ctx, &recipient, &about(subject), Options::default()).await
            else {
                panic!("queued once");
            };
            let row = row(&app.ctx, id).await;
            assert_eq!(
                (row.state, row.last_reply.as_deref()),
                (MailState::Suppressed, Some(reply))
            );
        }
        let Queued::New(id) = queue(
            &app.ctx,
            &to("a@example.org"),
            &about(3),
            Options {
                hold: Some("等盖章".into()),
                ..Options::default()
            },
        )
        .await
        else {
            panic!("queued once");
        };
        assert_eq!(row(&app.ctx, id).await.state, MailState::Held);
        assert_eq!(step(&app.ctx, &smtp(&app)).await, Step::Idle);
    }
}

#[tokio::test]
async fn a_mail_is_delivered_and_recorded() {
    for database in databases().await {
        let sink = Sink::good().await;
        let app = service(database, sink.port, |_| {}).await;
        let smtp = smtp(&app);
        let (one, two) = (
            queued(&app.ctx, "a@example.org", 1).await,
            queued(&app.ctx, "b@example.org", 2).await,
        );
        assert_eq!(
            step(&app.ctx, &smtp).await,
            Step::Tried(one, MailState::Sent)
        );
        assert_eq!(
            step(&app.ctx, &smtp).await,
            Step::Tried(two, MailState::Sent)
        );
        assert_eq!(step(&app.ctx, &smtp).await, Step::Idle);
        assert_eq!(sink.asked(At::Connect), 1, "the connection is kept");
        let kept = sink.kept();
        assert_eq!(
            kept.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(),
            ["a@example.org", "b@example.org"]
        );
        let sent = row(&app.ctx, one).await;
        assert_eq!(kept[0].id, format!("<mail-{one}@example.org>"));
        assert_eq!(sent.bytes.as_deref(), Some(kept[0].bytes.as_slice()));
        assert_eq!(sent.subject_line.as_deref(), Some("便函：请阅"));
        assert_eq!(sent.last_reply.as_deref(), Some("250 2.0.0 queued"));
        assert_eq!((sent.attempts, sent.sent_at), (1, Some(app.ctx.now())));
        assert!(
            String::from_utf8(kept[0].bytes.clone())
                .unwrap()
                .contains("\r\nAuto-Submitted: auto-generated\r\n")
        );
    }
}

#[tokio::test]
async fn later_means_the_same_bytes_later() {
    for database in databases().await {
        let sink = Sink::start(|at, _, times| match (at, times) {
            (At::Rcpt, 1) => Act::Reply("451 4.7.1 greylisted"),
            (At::Data, 1) => Act::Reply("550 Connection frequency limited"),
            _ => Act::Well,
        })
        .await;
        let app = service(database, sink.port, |_| {}).await;
        let smtp = smtp(&app);
        let id = queued(&app.ctx, "a@example.org", 1).await;
        assert_eq!(
            step(&app.ctx, &smtp).await,
            Step::Tried(id, MailState::Deferred)
        );
        let frozen = row(&app.ctx, id).await;
        assert_eq!(frozen.last_reply.as_deref(), Some("451 4.7.1 greylisted"));
        assert_eq!(
            frozen.not_before,
            app.ctx.now() + Duration::minutes(2),
            "451 wants two minutes"
        );
        assert_eq!(step(&app.ctx, &smtp).await, Step::Idle);
        app.advance(Duration::minutes(2));
        assert_eq!(
            step(&app.ctx, &smtp).await,
            Step::Tried(id, MailState::Deferred)
        );
        assert_eq!(
            row(&app.ctx, id).await.not_before,
            app.ctx.now() + Duration::minutes(15)
        );
        // A day later the letter would say another date.
        app.advance(Duration::days(1));
        assert_eq!(
            step(&app.ctx, &smtp).await,
            Step::Tried(id, MailState::Sent)
        );
        let sent = row(&app.ctx, id).await;
        assert_eq!(
            (sent.bytes, sent.attempts, sent.maybe_delivered),
            (frozen.bytes, 3, false)
        );
    }
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_not_written_to_again() {
    for database in databases().await {
        let sink = Sink::start(|at, to, _| match at {
            At::Rcpt if to.starts_with("nobody") => Act::Reply("550 5.1.1 no such user"),
            At::Content if to.starts_with("spam") => Act::Reply("554 5.7.1 refused"),
            _ => Act::Well,
        })
        .await;
        let app = service(database, sink.port, |_| {}).await;
        let smtp = smtp(&app);
        let one = queued(&app.ctx, "nobody@example.org", 1).await;
        let two = queued(&app.ctx, "Nobody@Example.org", 2).await;
        let three = queued(&app.ctx, "spam@example.org", 3).await;
        assert_eq!(
            step(&app.ctx, &smtp).await,
            Step::Tried(one, MailState::Failed)
        );
        assert_eq!(row(&app.ctx, two).await.state, MailState::Suppressed);
        assert_eq!(
            step(&app.ctx, &smtp).await,
            Step::Tried(three, MailState::Failed)
        );
        assert_eq!(step(&app.ctx, &smtp).await, Step::Idle);
        let known: Vec<_> = suppressed_address::Entity::find()
            .all(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(
            known
                .iter()
                .map(|row| row.address.as_str())
                .collect::<Vec<_>>(),
            ["nobody@example.org"]
        );
        let four = queued(&app.ctx, "nobody@EXAMPLE.org", 4).await;
        assert_eq!(
            row(&app.ctx, four).await.last_reply.as_deref(),
            Some("550 5.1.1 no such user")
        );
    }
}

#[tokio::test]
async fn a_missing_answer_sends_the_same_bytes_again_and_says_so() {
    for act in [Act::KeepAndCut, Act::KeepSilent] {
        for database in databases().await {
            let sink = {
                let act = act.clone();
                Sink::start(move |at, _, times| match (at, times) {
                    (At::Content, 1) => act.clone(),
                    _ => Act::Well,
                })
                .await
            };
            let app = service(database, sink.port, |_| {}).await;
            let smtp = smtp(&app).with_last_answer(Wait::from_millis(200));
            let id = queued(&app.ctx, "a@example.org", 1).await;
            assert_eq!(
                step(&app.ctx, &smtp).await,
                Step::Tried(id, MailState::Deferred)
            );
            let waiting = row(&app.ctx, id).await;
            assert!(waiting.maybe_delivered);
            assert_eq!(waiting.not_before, app.ctx.now() + Duration::minutes(10));
            app.advance(Duration::minutes(10));
            assert_eq!(
                step(&app.ctx, &smtp).await,
                Step::Tried(id, MailState::Sent)
            );
            let kept = sink.kept();
            assert_eq!(kept.len(), 2);
            assert_eq!((&kept[0].id, &kept[0].bytes), (&kept[1].id, &kept[1].bytes));
            assert!(
                row(&app.ctx, id).await.maybe_delivered,
                "people are told of the possible copy"
            );
        }
    }
}

#[tokio::test]
async fn tries_end_in_unknown_when_it_may_have_arrived_and_else_in_failed() {
    for (act, end) in [
        (Act::KeepAndCut, MailState::Unknown),
        (Act::Reply("450 4.2.1 busy"), MailState::Failed),
    ] {
        let sink = Sink::start(move |at, _, _| {
            if at == At::Content {
                act.clone()
            } else {
                Act::Well
            }
        })
        .await;
        let app = service(TestDatabase::sqlite(), sink.port, |config| {
            config.office.quiet_until = config.office.quiet_from;
        })
        .await;
        let smtp = smtp(&app);
        let id = queued(&app.ctx, "a@example.org", 1).await;
        let begin = app.ctx.now();
        loop {
            match step(&app.ctx, &smtp).await {
                Step::Tried(_, MailState::Deferred) | Step::Idle => {
                    app.advance(Duration::minutes(10))
                }
                Step::Tried(tried, state) => {
                    assert_eq!((tried, state), (id, end));
                    break;
                }
                other => panic!("{other:?}"),
            }
        }
        let took = app.ctx.now() - begin;
        assert!(
            took > Duration::hours(55) && took < Duration::hours(90),
            "{took}"
        );
    }
}

#[tokio::test]
async fn a_server_that_is_away_costs_no_tries_and_is_asked_once_a_step() {
    for database in databases().await {
        let back = Arc::new(AtomicBool::new(false));
        let sink = {
            let back = back.clone();
            Sink::start(move |at, _, _| match at {
                At::Connect if !back.load(Ordering::SeqCst) => Act::Reply("421 4.3.2 too busy"),
                _ => Act::Well,
            })
            .await
        };
        let app = service(database, sink.port, |_| {}).await;
        let smtp = smtp(&app);
        let id = queued(&app.ctx, "a@example.org", 1).await;
        assert_eq!(
            step(&app.ctx, &smtp).await,
            Step::Tried(id, MailState::Ready)
        );
        let mut steps = 0;
        let begin = app.ctx.now();
        while app.ctx.now() < begin + Duration::hours(1) {
            match step(&app.ctx, &smtp).await {
                Step::Closed(until) => {
                    assert!(until > app.ctx.now());
                    app.advance(Duration::seconds(1));
                }
                Step::Tried(_, MailState::Ready) => steps += 1,
                other => panic!("{other:?}"),
            }
        }
        // 5 s doubled up to 15 minutes: 10, 20, … 640, 900, 900.
        assert!((8..=12).contains(&steps), "{steps} tries in an hour");
        assert_eq!(row(&app.ctx, id).await.attempts, 0);
        let closed = channel::closed(app.ctx.store.read())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (closed.since, closed.reply.as_str()),
            (begin, "421 4.3.2 too busy")
        );
        back.store(true, Ordering::SeqCst);
        app.advance(Duration::minutes(16));
        assert_eq!(
            step(&app.ctx, &smtp).await,
            Step::Tried(id, MailState::Sent)
        );
        assert_eq!(channel::closed(app.ctx.store.read()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_refused_password_closes_the_way_for_minutes() {
    let sink = Sink::start(|at, _, _| match at {
        At::Auth => Act::Reply("535 5.7.8 authentication failed"),
        _ => Act::Well,
    })
    .await;
    let app = service(TestDatabase::sqlite(), sink.port, |config| {
        config.mail.username = "office".into()
    })
    .await;
    let id = queued(&app.ctx, "a@example.org", 1).await;
    let smtp = smtp(&app);
    assert_eq!(
        step(&app.ctx, &smtp).await,
        Step::Tried(id, MailState::Ready)
    );
    assert_eq!(
        step(&app.ctx, &smtp).await,
        Step::Closed(app.ctx.now() + Duration::minutes(5))
    );
    assert!(smtp.greet().await.unwrap_err().to_string().contains("535"));
}

#[tokio::test]
async fn no_password_or_mail_goes_in_the_clear_where_starttls_is_wanted() {
    let sink = Sink::good().await;
    let app = service(TestDatabase::sqlite(), sink.port, |config| {
        config.mail.tls = MailTls::Starttls;
        config.mail.username = "office".into();
    })
    .await;
    let id = queued(&app.ctx, "a@example.org", 1).await;
    assert_eq!(
        step(&app.ctx, &smtp(&app)).await,
        Step::Tried(id, MailState::Ready)
    );
    assert_eq!((sink.asked(At::Auth), sink.kept().len()), (0, 0));
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

#[tokio::test]
async fn a_late_record_does_not_overwrite_the_one_who_took_over() {
    for database in databases().await {
        let sink = Sink::good().await;
        let app = service(database, sink.port, |_| {}).await;
        let id = queued(&app.ctx, "a@example.org", 1).await;
        let ctx = app.ctx.clone();
        let clock = app.clock.clone();
        let other = Arc::new(smtp(&app));
        let stalled = Meanwhile {
            happens: move || -> Boxed<'static, ()> {
                let (ctx, clock, other) = (ctx.clone(), clock.clone(), other.clone());
                Box::pin(async move {
                    clock.advance(Duration::seconds(ctx.config.mail.lease_seconds));
                    assert_eq!(step(&ctx, &*other).await, Step::Tried(id, MailState::Sent));
                })
            },
            inner: smtp(&app),
        };
        assert_eq!(step(&app.ctx, &stalled).await, Step::Fenced(id));
        let row = row(&app.ctx, id).await;
        assert_eq!(
            (row.state, row.attempts, row.maybe_delivered),
            (MailState::Sent, 2, true)
        );
        let kept = sink.kept();
        assert_eq!(kept.len(), 2);
        assert_eq!(kept[0].bytes, kept[1].bytes);
    }
}

#[tokio::test]
async fn cancelling_takes_back_what_has_not_left_and_stops_further_tries() {
    for database in databases().await {
        let sink = Sink::start(|at, _, _| {
            if at == At::Content {
                Act::KeepAndCut
            } else {
                Act::Well
            }
        })
        .await;
        let app = service(database, sink.port, |_| {}).await;
        let (waiting, leaving) = (
            queued(&app.ctx, "a@example.org", 1).await,
            queued(&app.ctx, "b@example.org", 2).await,
        );
        let tx = app.ctx.store.begin().await.unwrap();
        assert_eq!(
            outbox::cancel(&tx, Note::KIND, Uuid::from_u128(1))
                .await
                .unwrap(),
            1
        );
        assert_eq!(
            outbox::cancel(&tx, "test.other", Uuid::from_u128(2))
                .await
                .unwrap(),
            0
        );
        tx.commit().await.unwrap();
        let ctx = app.ctx.clone();
        let transport = Meanwhile {
            happens: move || -> Boxed<'static, ()> {
                let ctx = ctx.clone();
                Box::pin(async move {
                    let tx = ctx.store.begin().await.unwrap();
                    assert_eq!(
                        outbox::cancel(&tx, Note::KIND, Uuid::from_u128(2))
                            .await
                            .unwrap(),
                        0
                    );
                    tx.commit().await.unwrap();
                })
            },
            inner: smtp(&app),
        };
        assert_eq!(
            step(&app.ctx, &transport).await,
            Step::Tried(leaving, MailState::Deferred)
        );
        app.advance(Duration::hours(1));
        assert_eq!(step(&app.ctx, &transport).await, Step::Idle);
        assert_eq!(row(&app.ctx, waiting).await.state, MailState::Cancelled);
        assert_eq!(
            row(&app.ctx, leaving).await.state,
            MailState::Unknown,
            "it may have arrived"
        );
        assert_eq!(sink.kept().len(), 1);
    }
}

#[tokio::test]
async fn a_mail_of_no_use_any_more_is_not_sent_late() {
    for database in databases().await {
        let app = service(database, 1, |_| {}).await;
        let options = Options {
            expires_at: Some(app.ctx.now() + Duration::hours(1)),
            ..Options::default()
        };
        queue(&app.ctx, &to("a@example.org"), &about(1), options).await;
        app.advance(Duration::hours(1));
        assert_eq!(step(&app.ctx, &smtp(&app)).await, Step::Idle);
        let rows = mail::Entity::find()
            .all(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(
            (rows[0].state, rows[0].last_reply.as_deref()),
            (MailState::Cancelled, Some("expired"))
        );
    }
}

#[tokio::test]
async fn a_changed_address_gets_what_has_not_left() {
    for database in databases().await {
        let sink = Sink::start(|at, to, _| match at {
            At::Rcpt if to.starts_with("old") => Act::Reply("450 4.2.1 busy"),
            _ => Act::Well,
        })
        .await;
        let app = service(database, sink.port, |_| {}).await;
        let smtp = smtp(&app);
        let person = PersonId(Uuid::from_u128(9));
        let recipient = Recipient {
            person: Some(person),
            ..to("old@example.org")
        };
        let Queued::New(id) = queue(&app.ctx, &recipient, &about(1), Options::default()).await
        else {
            panic!("queued once");
        };
        assert_eq!(
            step(&app.ctx, &smtp).await,
            Step::Tried(id, MailState::Deferred)
        );
        let tx = app.ctx.store.begin().await.unwrap();
        outbox::readdress(&tx, person, "new@example.org")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        app.advance(Duration::minutes(2));
        assert_eq!(
            step(&app.ctx, &smtp).await,
            Step::Tried(id, MailState::Sent)
        );
        let kept = sink.kept();
        assert_eq!(kept[0].to, "new@example.org");
        assert!(String::from_utf8_lossy(&kept[0].bytes).contains("<new@example.org>"));
    }
}

#[tokio::test]
async fn mails_about_one_matter_keep_their_order_and_urgent_ones_lead() {
    for database in databases().await {
        let sink = Sink::start(|at, to, times| match (at, times) {
            (At::Rcpt, 1) if to.starts_with("first") => Act::Reply("450 4.2.1 busy"),
            _ => Act::Well,
        })
        .await;
        let app = service(database, sink.port, |_| {}).await;
        let smtp = smtp(&app);
        let invitation = queued(&app.ctx, "first@example.org", 1).await;
        assert_eq!(
            step(&app.ctx, &smtp).await,
            Step::Tried(invitation, MailState::Deferred)
        );
        app.advance(Duration::seconds(1));
        let next = About {
            generation: 1,
            ..about(1)
        };
        let Queued::New(withdrawal) = queue(
            &app.ctx,
            &to("first@example.org"),
            &next,
            Options::default(),
        )
        .await
        else {
            panic!("queued once");
        };
        let other = queued(&app.ctx, "other@example.org", 2).await;
        app.advance(Duration::seconds(1));
        let options = Options {
            urgent: true,
            ..Options::default()
        };
        let Queued::New(urgent) =
            queue(&app.ctx, &to("third@example.org"), &about(3), options).await
        else {
            panic!("queued once");
        };
        for id in [urgent, other] {
            assert_eq!(
                step(&app.ctx, &smtp).await,
                Step::Tried(id, MailState::Sent)
            );
        }
        assert_eq!(
            step(&app.ctx, &smtp).await,
            Step::Idle,
            "the later mail does not overtake"
        );
        app.advance(Duration::minutes(2));
        for id in [invitation, withdrawal] {
            assert_eq!(
                step(&app.ctx, &smtp).await,
                Step::Tried(id, MailState::Sent)
            );
        }
    }
}

#[tokio::test]
async fn nights_are_quiet_for_what_is_not_urgent() {
    let sink = Sink::good().await;
    let app = service(TestDatabase::sqlite(), sink.port, |_| {}).await;
    let smtp = smtp(&app);
    app.set_time("2026-09-14 20:00");
    let usual = queued(&app.ctx, "a@example.org", 1).await;
    let options = Options {
        urgent: true,
        ..Options::default()
    };
    let Queued::New(urgent) = queue(&app.ctx, &to("b@example.org"), &about(2), options).await
    else {
        panic!("queued once");
    };
    assert_eq!(
        step(&app.ctx, &smtp).await,
        Step::Tried(urgent, MailState::Sent)
    );
    app.set_time("2026-09-15 08:29");
    assert_eq!(step(&app.ctx, &smtp).await, Step::Idle);
    app.set_time("2026-09-15 08:30");
    assert_eq!(
        step(&app.ctx, &smtp).await,
        Step::Tried(usual, MailState::Sent)
    );
}

#[tokio::test]
async fn secrets_are_gone_once_sent() {
    for database in databases().await {
        let sink = Sink::good().await;
        let app = service(database, sink.port, |_| {}).await;
        let tx = app.ctx.store.begin().await.unwrap();
        let key = Key {
            secret: "xyzzy".into(),
        };
        let Queued::New(id) = outbox::enqueue(
            &tx,
            &to("a@example.org"),
            &about(1),
            Options::default(),
            &key,
        )
        .await
        .unwrap() else {
            panic!("queued once");
        };
        tx.commit().await.unwrap();
        assert_eq!(
            step(&app.ctx, &smtp(&app)).await,
            Step::Tried(id, MailState::Sent)
        );
        let row = row(&app.ctx, id).await;
        assert!(row.confidential_links && row.bytes.is_none());
        assert_eq!(row.facts, serde_json::json!({}));
    }
}

#[tokio::test]
async fn a_letter_that_cannot_be_made_stops_only_itself() {
    for database in databases().await {
        let sink = Sink::good().await;
        let app = service(database, sink.port, |_| {}).await;
        let evil = Recipient {
            name: "x\r\nBcc: y@example.org".into(),
            ..to("a@example.org")
        };
        let Queued::New(bad) = queue(&app.ctx, &evil, &about(1), Options::default()).await else {
            panic!("queued once");
        };
        let good = queued(&app.ctx, "b@example.org", 2).await;
        let mut tried = HashSet::new();
        for _ in 0..2 {
            let Step::Tried(id, state) = step(&app.ctx, &smtp(&app)).await else {
                panic!("two are due")
            };
            tried.insert((id, state));
        }
        assert_eq!(
            tried,
            HashSet::from([(bad, MailState::Failed), (good, MailState::Sent)])
        );
    }
}

#[tokio::test]
async fn two_instances_together_keep_the_limits() {
    for database in databases().await {
        let sink = Sink::good().await;
        let app = service(database, sink.port, |config| {
            config.mail.per_minute = 20;
            config.mail.per_day = 450;
            config.mail.per_domain_minute = 5;
        })
        .await;
        for number in 0..60 {
            let address = if number < 20 {
                format!("n{number}@qq.com")
            } else {
                format!("n{number}@d{number}.example.org")
            };
            queued(&app.ctx, &address, number).await;
        }
        let (one, two) = (smtp(&app), smtp(&app));
        let mut sent: Vec<(DateTime<Utc>, MailId)> = Vec::new();
        for _ in 0..80 {
            loop {
                let (first, second) = tokio::join!(step(&app.ctx, &one), step(&app.ctx, &two));
                let mut any = false;
                for done in [first, second] {
                    if let Step::Tried(id, MailState::Sent) = done {
                        sent.push((app.ctx.now(), id));
                        any = true;
                    }
                }
                if !any {
                    break;
                }
            }
            app.advance(Duration::seconds(7));
        }
        assert_eq!(sent.len(), 60);
        let unique: HashSet<_> = sent.iter().map(|(_, id)| id).collect();
        assert_eq!(unique.len(), 60);
        let rows: HashMap<_, _> = mail::Entity::find()
            .all(app.ctx.store.read())
            .await
            .unwrap()
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        for (begin, _) in &sent {
            let within = sent
                .iter()
                .filter(|(at, _)| at >= begin && *at - *begin < Duration::seconds(60));
            let (all, qq) = within.fold((0, 0), |(all, qq), (_, id)| {
                let is_qq = rows[id]
                    .address
                    .as_deref()
                    .is_some_and(|address| address.ends_with("@qq.com"));
                (all + 1, qq + usize::from(is_qq))
            });
            assert!(
                all <= 18 && qq <= 5,
                "{all} mails, {qq} to one domain, in a minute"
            );
        }
    }
}

/// A generator for faults and kills that repeats by its seed.
fn dice(seed: u64, words: &[&str]) -> u64 {
    use sha2::{Digest, Sha256};
    let mut digest = Sha256::new().chain_update(seed.to_be_bytes());
    for word in words {
        digest.update(word.as_bytes());
        digest.update([0]);
    }
    u64::from_be_bytes(digest.finalize()[..8].try_into().unwrap())
}

/// Two hundred mails through a server that refuses, cuts and forgets to answer, and a worker that is
/// killed at any point, again and again: nothing is lost, copies are the same bytes, and there are
/// not more of them than answers and workers lost.
#[tokio::test]
async fn drill_with_faults_and_kills() {
    const MAILS: u128 = 200;
    for (seed, database) in (1_u64..).zip(databases().await) {
        let lost_answers = Arc::new(AtomicUsize::new(0));
        let sink = {
            let lost_answers = lost_answers.clone();
            Sink::start(move |at, to, times| {
                let roll = dice(seed, &[&format!("{at:?}"), to, &times.to_string()]) % 100;
                match (at, roll) {
                    (At::Connect, 0..3) => Act::Cut,
                    (At::Mail, 0..2) => Act::Reply("421 4.3.2 closing"),
                    (At::Rcpt, 0..4) => Act::Reply("450 4.2.1 busy"),
                    (At::Content, 0..4) => Act::Reply("451 4.3.0 try again"),
                    (At::Content, 4..7) => Act::Cut,
                    (At::Content, 7..12) => {
                        lost_answers.fetch_add(1, Ordering::SeqCst);
                        Act::KeepAndCut
                    }
                    (At::Content, 12..15) => Act::SayAndCut,
                    _ => Act::Well,
                }
            })
            .await
        };
        let app = service(database, sink.port, |config| {
            config.office.quiet_until = config.office.quiet_from
        })
        .await;
        for number in 0..MAILS {
            queued(&app.ctx, &format!("n{number}@example.org"), number).await;
        }
        let mut kills = 0;
        let mut rounds = 0_u64;
        loop {
            let smtp = smtp(&app);
            // Each worker lives for some milliseconds, then it is dropped where it stands.
            let life = Wait::from_millis(5 + dice(seed, &["life", &rounds.to_string()]) % 120);
            rounds += 1;
            let registry = registry();
            let work = async {
                loop {
                    match try_execute(&app.ctx, &registry, &smtp).await.unwrap() {
                        Step::Idle | Step::Closed(_) => break,
                        Step::Tried(..) | Step::Fenced(_) => {}
                    }
                }
            };
            let killed = tokio::time::timeout(life, work).await.is_err();
            kills += usize::from(killed);
            if killed && kills < 60 {
                // The next worker comes at once; what the dead one held is rescued later.
                continue;
            }
            app.advance(Duration::seconds(app.ctx.config.mail.lease_seconds + 1));
            let rows = mail::Entity::find()
                .all(app.ctx.store.read())
                .await
                .unwrap();
            if rows.iter().all(|row| row.state == MailState::Sent) {
                break;
            }
            assert!(rounds < 5_000, "the mails do not get through");
        }
        let mut copies: HashMap<String, Vec<Vec<u8>>> = HashMap::new();
        for mail in sink.kept() {
            copies.entry(mail.to).or_default().push(mail.bytes);
        }
        assert_eq!(copies.len() as u128, MAILS, "every mail has arrived");
        assert!(
            copies
                .values()
                .flat_map(|same| same.windows(2))
                .all(|pair| pair[0] == pair[1]),
            "copies are the same bytes"
        );
        let extra = sink.kept().len() - copies.len();
        let explained = lost_answers.load(Ordering::SeqCst) + kills;
        println!(
            "seed {seed}: {kills} workers killed, {} answers lost, {extra} copies",
            lost_answers.load(Ordering::SeqCst)
        );
        assert!(extra <= explained, "{extra} copies, {explained} explained");
        assert!(kills >= 20, "only {kills} workers were killed");
    }
}
