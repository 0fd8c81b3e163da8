//! Terms that end.

use super::*;

#[tokio::test]
async fn terms_are_announced_once_each_and_end() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 20).await;
        let id = engaged(&app, &unit, "沈知行", "shen@example.org").await;
        let last = row(&app, id).await.engaged_to.unwrap();
        let run = async |days_before: i64| {
            let day = last - chrono::Duration::days(days_before);
            let due_at = shanghai(&format!("{day} 09:00"));
            app.clock.set(due_at);
            let slot = Slot {
                id: uuid::Uuid::from_u128(9).into(),
                due_at,
                attempt: 1,
            };
            for job in jobs(&Duties::default()) {
                job.run(&app.ctx, &slot).await.unwrap();
            }
            mails(&app, "experts.term_ending").await.len()
        };
        assert_eq!(run(61).await, 0);
        assert_eq!(run(60).await, 1);
        assert_eq!(run(59).await, 1, "each reminder goes once");
        assert_eq!(run(30).await, 2);
        assert_eq!(run(6).await, 3, "one that was missed still goes");
        assert_eq!(run(0).await, 3);
        assert_eq!(
            state(&app, id).await,
            ExpertState::Engaged,
            "the last day counts"
        );
        run(-1).await;
        assert_eq!(state(&app, id).await, ExpertState::Expired);
        run(-2).await;
        assert_eq!(
            mails(&app, "experts.to_expert").await.len(),
            2,
            "engaged, then expired, once"
        );
        let visitor = app.visitor();
        assert!(
            visitor
                .read(&link(&app, id).await)
                .await
                .contains("聘期已届满")
        );
    }
}
