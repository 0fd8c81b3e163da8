//! Leases of mails that are under way.

use std::sync::Arc;

use chrono::Duration;
use entity::mail::MailState;

use crate::support::{databases::databases, smtp::Sink};

use super::*;

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
