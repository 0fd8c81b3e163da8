//! Places that fall free are filled again.

use super::*;

#[tokio::test]
async fn a_lapse_and_a_decline_are_filled_again_and_acceptances_stay() {
    for database in databases().await {
        let stage = Stage::set(database, 6).await;
        let panel = stage.open(stage.facts(3).await).await;
        stage.ask(panel, &[0, 1, 2], false).await;
        stage.answer(0, yes()).await.unwrap();
        stage.answer(1, no(DeclineReason::Time)).await.unwrap();

        stage.app.set_time("2026-09-16 16:59");
        tick(&stage).await;
        let rows = stage.assignments(panel).await;
        use AssignmentState::{Accepted, Declined, Invited, Lapsed};
        assert_eq!(states(&rows), [Accepted, Declined, Invited, Invited]);
        assert_eq!(rows[3].wave, 2, "the decline was filled at once");

        stage.app.set_time("2026-09-16 17:00");
        tick(&stage).await;
        let rows = stage.assignments(panel).await;
        assert_eq!(
            states(&rows),
            [Accepted, Declined, Lapsed, Invited, Invited]
        );
        tick(&stage).await;
        assert_eq!(stage.assignments(panel).await.len(), 5, "once");
        assert_eq!(code(stage.answer(2, yes()).await), "panels.question_closed");
        assert!(stage.events().is_empty());
    }
}

#[tokio::test]
async fn nobody_left_is_told_once() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        let panel = stage.open(stage.facts(1).await).await;
        stage.ask(panel, &[0], false).await;
        stage.answer(0, no(DeclineReason::Field)).await.unwrap();
        tick(&stage).await;
        tick(&stage).await;
        assert_eq!(stage.events(), [PanelEvent::Short]);
    }
}

#[tokio::test]
async fn replacements_wait_for_approval_where_the_office_wants_it() {
    for database in databases().await {
        let stage = Stage::set_with(database, 3, |config| {
            config.panels.approve_replacements = true;
        })
        .await;
        stage
            .app
            .add_account("经办甲", "clerk@example.org", Role::Handler, None)
            .await;
        stage
            .app
            .add_account("审批甲", "chief@example.org", Role::Approver, None)
            .await;
        let panel = stage.open(stage.facts(1).await).await;
        stage.ask(panel, &[0], false).await;
        stage.answer(0, no(DeclineReason::Time)).await.unwrap();
        tick(&stage).await;
        assert_eq!(stage.assignments(panel).await.len(), 1);

        let clerk = stage.app.signed_in("clerk@example.org").await;
        let chief = stage.app.signed_in("chief@example.org").await;
        let page = chief.read(&format!("/panels/{panel}")).await;
        let expert = page
            .split("name=\"expert\" value=\"")
            .nth(1)
            .expect("the next best is offered")
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let path = format!("/panels/{panel}/ask-next");
        let refused = clerk.post(&path, &[("expert", &expert)]).await;
        assert_eq!(refused.status(), 404, "the clerk does not approve");
        chief.submit(&path, &[("expert", &expert)]).await;
        let rows = stage.assignments(panel).await;
        assert_eq!(rows[1].expert_id.to_string(), expert);
        assert_eq!(rows[1].state, AssignmentState::Invited);
        let again = chief.post(&path, &[("expert", &expert)]).await;
        assert_eq!(again.status(), 422, "no place is free any more");
        assert_eq!(stage.assignments(panel).await.len(), 2);
    }
}

#[tokio::test]
async fn a_released_expert_is_told_why_and_followed_by_the_next() {
    for database in databases().await {
        let stage = Stage::set(database, 3).await;
        stage
            .app
            .add_account("经办甲", "clerk@example.org", Role::Handler, None)
            .await;
        let clerk = stage.app.signed_in("clerk@example.org").await;
        let panel = stage.open(stage.facts(1).await).await;
        let ids = stage.ask(panel, &[0], false).await;
        stage.answer(0, yes()).await.unwrap();
        let id = ids[0].to_string();
        let path = format!("/panels/{panel}/release");
        let refused = clerk.post(&path, &[("assignment", &id)]).await;
        assert_eq!(refused.status(), 422);
        assert!(refused.text().await.unwrap().contains("请写明原因"));
        clerk
            .submit(&path, &[("assignment", &id), ("reason", "工作调动")])
            .await;
        let rows = stage.assignments(panel).await;
        assert_eq!(rows[0].state, AssignmentState::Released);
        assert_eq!(rows[1].state, AssignmentState::Invited);
        let told = &stage.mails(mails::Released::KIND).await[0];
        assert_eq!(told.facts["reason"], "工作调动");
        assert_eq!(told.facts["attendance"]["cancelled"], true);
    }
}
