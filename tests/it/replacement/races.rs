//! Races (加急).

use super::*;

#[tokio::test]
async fn a_race_goes_to_the_best_ranked_and_not_to_the_first() {
    for database in databases().await {
        let stage = Stage::set(database, 4).await;
        let panel = stage.open(stage.facts(1).await).await;
        stage.ask(panel, &[0, 1, 2, 3], true).await;
        assert_eq!(
            code(stage.try_ask(panel, &[0], false).await),
            "panels.racing"
        );
        stage.answer(3, yes()).await.unwrap();
        stage.app.advance(chrono::Duration::minutes(30));
        stage.answer(1, yes()).await.unwrap();
        stage.answer(0, no(DeclineReason::Time)).await.unwrap();
        assert_eq!(stage.panel(panel).await.state, PanelState::Open);

        stage.app.set_time("2026-09-14 14:00");
        tick(&stage).await;
        use AssignmentState::{Accepted, Declined, Lapsed, Released};
        assert_eq!(
            states(&stage.assignments(panel).await),
            [Declined, Accepted, Lapsed, Released]
        );
        assert_eq!(stage.panel(panel).await.state, PanelState::Standing);
        let thanked = stage.mails(mails::Released::KIND).await;
        assert_eq!(thanked.len(), 1);
        assert_eq!(thanked[0].person_id, Some(stage.experts[3].person));
        assert_eq!(stage.mails(mails::Seated::KIND).await.len(), 1);
    }
}

#[tokio::test]
async fn the_office_starts_a_race_among_the_reserves_of_the_run() {
    for database in databases().await {
        let stage = Stage::set_with(database, 5, |config| {
            config.panels.approve_replacements = true;
        })
        .await;
        let (clerk, _) = stage
            .app
            .add_account("经办甲", "clerk@example.org", Role::Handler, None)
            .await;
        let panel = stage.open(stage.facts(1).await).await;
        stage.name_reserves(panel, clerk, &[3, 1, 0, 2]).await;
        stage.ask(panel, &[0], false).await;
        stage.answer(0, no(DeclineReason::Time)).await.unwrap();
        let browser = stage.app.signed_in("clerk@example.org").await;
        let page = browser.read(&format!("/panels/{panel}")).await;
        assert!(page.contains("加急询问 3 人"), "{page}");
        let path = format!("/panels/{panel}/race");
        browser.submit(&path, &[]).await;
        let rows = stage.assignments(panel).await;
        let raced: Vec<_> = rows.iter().filter(|row| row.race).collect();
        assert_eq!(
            raced.len(),
            3,
            "whoever was asked before is not asked again"
        );
        assert_eq!(
            raced[0].expert_id, stage.experts[3].id,
            "in the order of the run"
        );
        assert_eq!(
            browser.post(&path, &[]).await.status(),
            422,
            "one race at a time"
        );
        let mails = stage.mails(mails::Invitation::KIND).await;
        let urgent = mails
            .iter()
            .filter(|mail| mail.urgent && mail.facts["race"] == true);
        assert_eq!(urgent.count(), 3);

        stage.app.set_time("2026-09-14 14:00");
        tick(&stage).await;
        use AssignmentState::{Declined, Lapsed};
        assert_eq!(
            states(&stage.assignments(panel).await),
            [Declined, Lapsed, Lapsed, Lapsed],
            "nobody answered"
        );
        assert!(stage.assignments(panel).await.iter().any(|row| row.refill));
    }
}
