//! Changes of the matter, and its withdrawal.

use super::*;

#[tokio::test]
async fn another_date_asks_everybody_again() {
    for database in databases().await {
        let stage = Stage::set(database, 2).await;
        let panel = stage.open(stage.facts(2).await).await;
        stage.ask(panel, &[0, 1], false).await;
        stage.answer(0, yes()).await.unwrap();
        let old = stage.link(0).await;
        let sequence = stage.panel(panel).await.calendar_sequence;

        stage.app.advance(chrono::Duration::hours(1));
        let mut facts = stage.facts(2).await;
        facts.meeting = Some(stage.meeting("2026-10-13"));
        let effect = change(&stage, panel, facts).await;
        assert_eq!((effect.asked_again, effect.told), (2, 0));
        assert_eq!(
            states(&stage.assignments(panel).await),
            [AssignmentState::Invited, AssignmentState::Invited]
        );
        let taken = commitment::Entity::find()
            .count(stage.ctx().store.read())
            .await
            .unwrap();
        assert_eq!(taken, 0, "the former time is given back");

        let redated = stage.mails(mails::Redated::KIND).await;
        assert_eq!(redated.len(), 1, "who had the first mail in hand");
        let entry = &redated[0].facts["attendance"];
        assert_eq!(entry["cancelled"], false);
        assert!(entry["sequence"].as_i64() > Some(i64::from(sequence)));
        let invitations = stage.mails(mails::Invitation::KIND).await;
        let of = |expert: usize| {
            let person = Some(stage.experts[expert].person);
            invitations
                .iter()
                .filter(move |mail| mail.person_id == person)
                .map(|mail| mail.state)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            of(1),
            [MailState::Cancelled, MailState::Ready],
            "the mail that had not left tells the new date"
        );

        let page = stage.app.visitor().read(&old).await;
        assert!(page.contains("会议时间有变") && page.contains(&stage.link(0).await));
        assert_eq!(
            stage.answer(0, yes()).await.unwrap(),
            panels::rules::Effect::Take
        );
    }
}

#[tokio::test]
async fn another_place_is_told_and_fewer_places_end_questions() {
    for database in databases().await {
        let stage = Stage::set(database, 3).await;
        let panel = stage.open(stage.facts(3).await).await;
        stage.ask(panel, &[0, 1, 2], false).await;
        stage.answer(2, yes()).await.unwrap();

        let mut facts = stage.facts(3).await;
        facts.place = "北京市西城区示例街 1 号".to_owned();
        let effect = change(&stage, panel, facts.clone()).await;
        assert_eq!((effect.asked_again, effect.told), (0, 3));
        let told = stage.mails(mails::FactsChanged::KIND).await;
        assert_eq!(told.len(), 1, "the others get the question as it is now");
        assert!(told[0].facts["attendance"].is_object());

        facts.demand = 2;
        change(&stage, panel, facts.clone()).await;
        use AssignmentState::{Accepted, Invited, Released};
        assert_eq!(
            states(&stage.assignments(panel).await),
            [Invited, Released, Accepted]
        );
        facts.demand = 0;
        let tx = stage.ctx().store.begin().await.unwrap();
        let refused = PanelChange {
            facts: facts.clone(),
            recusals: Vec::new(),
            reason: String::new(),
        };
        assert_eq!(
            code(panels::change(&tx, stage.ctx(), panel, &refused).await),
            "panels.no_places"
        );
        drop(tx);

        facts.demand = 1;
        change(&stage, panel, facts).await;
        notify::complete(stage.ctx(), &stage.app.owners)
            .await
            .unwrap();
        assert_eq!(stage.panel(panel).await.state, PanelState::Standing);
        assert_eq!(stage.events(), [PanelEvent::Standing]);
    }
}

#[tokio::test]
async fn a_recusal_found_later_ends_a_question_and_is_shown_for_a_member() {
    for database in databases().await {
        let stage = Stage::set(database, 4).await;
        stage
            .app
            .add_account("经办甲", "clerk@example.org", Role::Handler, None)
            .await;
        let clerk = stage.app.signed_in("clerk@example.org").await;
        let panel = stage.open(stage.facts(3).await).await;
        stage.ask(panel, &[0, 1, 2], false).await;
        stage.answer(0, yes()).await.unwrap();
        let path = format!("/panels/{panel}");
        assert!(!clerk.read(&path).await.contains("有专家须回避"));

        let recusal = |expert: usize| NewRecusal {
            rule: RecusalRule::DraftingUnit,
            unit: Some(stage.experts[expert].unit),
            expert: None,
            name: "起草单位".to_owned(),
            note: String::new(),
        };
        let tx = stage.ctx().store.begin().await.unwrap();
        let wanted = PanelChange {
            facts: stage.facts(3).await,
            recusals: vec![recusal(0), recusal(1)],
            reason: String::new(),
        };
        panels::change(&tx, stage.ctx(), panel, &wanted)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        use AssignmentState::{Accepted, Invited, Released};
        assert_eq!(
            states(&stage.assignments(panel).await),
            [Accepted, Released, Invited]
        );
        let page = clerk.read(&path).await;
        assert!(page.contains("有专家须回避") && page.contains("专家A：回避"));
        tick(&stage).await;
        let rows = stage.assignments(panel).await;
        assert_eq!(rows[3].expert_id, stage.experts[3].id, "the next best");
    }
}

#[tokio::test]
async fn a_withdrawal_tells_those_who_know_and_nobody_else() {
    for database in databases().await {
        let stage = Stage::set(database, 2).await;
        let panel = stage.open(stage.facts(2).await).await;
        stage.ask(panel, &[0, 1], false).await;
        stage.answer(0, yes()).await.unwrap();
        let tx = stage.ctx().store.begin().await.unwrap();
        panels::withdraw(&tx, stage.ctx(), panel, "申请单位撤回")
            .await
            .unwrap();
        tx.commit().await.unwrap();

        let told = stage.mails(mails::Released::KIND).await;
        assert_eq!(told.len(), 1, "the other mail never left");
        assert_eq!(told[0].person_id, Some(stage.experts[0].person));
        assert_eq!(told[0].facts["attendance"]["cancelled"], true);
        assert_eq!(code(stage.answer(1, yes()).await), "panels.question_closed");
        tick(&stage).await;
        stage.app.set_time("2026-09-25 09:00");
        assert_eq!(notify::remind_of_meetings(stage.ctx()).await.unwrap(), 0);
        let page = stage.app.visitor().read(&stage.link(0).await).await;
        assert!(page.contains("已经撤回") && page.contains("申请单位撤回"));
    }
}

#[tokio::test]
async fn who_declined_cannot_come_back_to_what_has_ended() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        for ending in ["withdrawn", "closed"] {
            stage.app.advance(chrono::Duration::minutes(1));
            let panel = stage.open(stage.facts(1).await).await;
            stage.ask(panel, &[0], false).await;
            stage.answer(0, no(DeclineReason::Time)).await.unwrap();
            let tx = stage.ctx().store.begin().await.unwrap();
            if ending == "withdrawn" {
                panels::withdraw(&tx, stage.ctx(), panel, "申请单位撤回")
                    .await
                    .unwrap();
            } else {
                panels::close(&tx, panel).await.unwrap();
            }
            tx.commit().await.unwrap();
            assert_eq!(code(stage.answer(0, yes()).await), "panels.question_closed");
        }
    }
}
