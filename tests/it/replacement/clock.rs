//! Reminders, and a calendar that becomes known.

use super::*;

#[tokio::test]
async fn experts_are_reminded_once_and_members_before_the_meeting() {
    for database in databases().await {
        let stage = Stage::set(database, 3).await;
        let (ctx, owners) = (stage.ctx(), &stage.app.owners);
        let panel = stage.open(stage.facts(2).await).await;
        stage.ask(panel, &[0, 1], false).await;
        stage.answer(0, yes()).await.unwrap();

        stage.app.set_time("2026-09-15 13:00");
        assert_eq!(
            remind::remind_due(ctx).await.unwrap(),
            0,
            "before half time"
        );
        stage.app.set_time("2026-09-15 22:00");
        assert_eq!(remind::remind_due(ctx).await.unwrap(), 0, "not at night");
        stage.app.set_time("2026-09-16 09:00");
        assert_eq!(
            remind::remind_due(ctx).await.unwrap(),
            1,
            "who has not answered"
        );
        assert_eq!(remind::remind_due(ctx).await.unwrap(), 0, "once");
        let mail = &stage.mails(mails::Reminder::KIND).await[0];
        assert_eq!(mail.facts["link"]["generation"], 1, "the same link");

        stage.answer(1, yes()).await.unwrap();
        assert_eq!(
            notify::complete(ctx, owners).await.unwrap(),
            0,
            "it may change"
        );
        stage.app.set_time("2026-09-17 09:05");
        assert_eq!(notify::complete(ctx, owners).await.unwrap(), 2);
        assert_eq!(notify::complete(ctx, owners).await.unwrap(), 0);

        let reminders = async |local: &str| {
            stage.app.set_time(local);
            notify::remind_of_meetings(ctx).await.unwrap()
        };
        assert_eq!(reminders("2026-09-21 09:00").await, 0);
        assert_eq!(
            reminders("2026-09-22 09:00").await,
            2,
            "three working days ahead, as the 25th is a holiday"
        );
        assert_eq!(reminders("2026-09-23 09:00").await, 0);
        assert_eq!(reminders("2026-09-25 09:00").await, 0, "not on a holiday");
        assert_eq!(reminders("2026-09-28 09:00").await, 2, "caught up");
        assert_eq!(reminders("2026-09-28 10:00").await, 0, "once");
    }
}

#[tokio::test]
async fn a_provisional_cut_off_is_put_off_when_holidays_are_announced() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        stage.app.set_time("2026-12-29 10:00");
        let mut facts = stage.facts(1).await;
        facts.meeting = Some(stage.meeting("2027-02-26"));
        let panel = stage.open(facts).await;
        stage.ask(panel, &[0], false).await;
        assert!(stage.asked(0).await.invitation.provisional);

        let tx = stage.ctx().store.begin().await.unwrap();
        let days: Vec<_> = ["2027-01-01", "2027-12-31"]
            .iter()
            .map(|day| SpecialDay {
                date: day.parse().unwrap(),
                kind: DayKind::Holiday,
                name: "元旦".to_owned(),
            })
            .collect();
        import_days(&tx, &days).await.unwrap();
        let calendar = kept(tx.db()).await.unwrap();
        let done = recompute_cutoffs(&tx, stage.ctx(), &calendar)
            .await
            .unwrap();
        assert_eq!((done.fixed, done.moved), (1, 1));
        tx.commit().await.unwrap();
        let row = stage.asked(0).await.invitation;
        assert!(!row.provisional);
        assert_eq!(row.cutoff_at.to_rfc3339(), "2027-01-04T09:00:00+00:00");
        let told = stage.mails(mails::CutoffMoved::KIND).await;
        assert_eq!(told.len(), 1, "who has not answered is told");
    }
}
