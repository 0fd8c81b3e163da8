//! Which mail leaves when: order, nights, limits.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use entity::mail::MailState;

use crate::support::{
    databases::databases,
    smtp::{Act, At, Sink},
};

use super::*;

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
