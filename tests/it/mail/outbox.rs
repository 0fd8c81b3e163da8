//! What bodies ask of the outbox.

use std::collections::HashSet;

use chrono::Duration;
use entity::{ids::PersonId, mail::MailState};
use expert_pool::foundation::mail::outbox;

use crate::support::{
    databases::databases,
    smtp::{Act, At, Sink},
};

use super::*;

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
