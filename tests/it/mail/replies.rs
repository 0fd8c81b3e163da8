//! What the server says, and what becomes of the mail.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration as Wait,
};

use chrono::Duration;
use entity::{mail::MailState, suppressed_address};
use expert_pool::foundation::mail::channel;

use crate::support::{
    databases::databases,
    smtp::{Act, At, Sink},
};

use super::*;

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
            let id = queued(&app.ctx, "a@example.org", 1).await;
            // A silent server is not waited for: what is under test comes after the wait.
            let impatient = match act {
                Act::KeepSilent => smtp(&app).with_last_answer(Wait::ZERO),
                _ => smtp(&app),
            };
            assert_eq!(
                step(&app.ctx, &impatient).await,
                Step::Tried(id, MailState::Deferred)
            );
            sink.kept_at_least(1).await;
            let smtp = smtp(&app);
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
