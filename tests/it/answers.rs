//! Answers of experts: what counts, what is refused, and that places are never given twice.

use entity::{
    assignment::AssignmentState,
    invitation::{Answer, Channel, DeclineReason},
    panel::PanelState,
    role_grant::Role,
};
use expert_pool::{
    foundation::{links::Links, mail::Template},
    panels::{
        PanelEvent, answer_head, ask_head, close, mails, member_by_work_token, members,
        rules::Effect, work_target,
    },
};

use crate::support::{
    databases::databases,
    panels::{Stage, code, no, yes},
};

#[tokio::test]
async fn an_acceptance_takes_place_and_time_and_can_be_changed_until_the_cut_off() {
    for database in databases().await {
        let stage = Stage::set(database, 2).await;
        let panel = stage.open(stage.facts(2).await).await;
        stage.ask(panel, &[0, 1], false).await;

        assert_eq!(stage.answer(0, yes()).await.unwrap(), Effect::Take);
        let asked = stage.asked(0).await;
        assert_eq!(asked.assignment.state, AssignmentState::Accepted);
        assert!(asked.invitation.statement_text.contains("示例数据科技公司"));
        let receipts = stage.mails(mails::Receipt::KIND).await;
        assert_eq!(receipts.len(), 1);
        let sequence = receipts[0].facts["attendance"]["sequence"].as_i64();

        assert_eq!(stage.answer(0, yes()).await.unwrap(), Effect::Unchanged);
        assert_eq!(
            stage.mails(mails::Receipt::KIND).await.len(),
            1,
            "said once"
        );

        let leave = stage.answer(0, no(DeclineReason::Time)).await.unwrap();
        assert_eq!(leave, Effect::Leave);
        let receipts = stage.mails(mails::Receipt::KIND).await;
        assert_eq!(receipts.len(), 2);
        assert_eq!(receipts[1].facts["attendance"]["cancelled"], true);
        assert!(receipts[1].facts["attendance"]["sequence"].as_i64() > sequence);

        stage.app.set_time("2026-09-17 17:00");
        assert_eq!(code(stage.answer(0, yes()).await), "panels.late");
        assert_eq!(
            stage.asked(0).await.invitation.answer,
            Some(Answer::Decline)
        );
    }
}

#[tokio::test]
async fn nobody_promises_the_same_hours_twice() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        let one = stage.open(stage.facts(1).await).await;
        stage.ask(one, &[0], false).await;
        stage.answer(0, yes()).await.unwrap();

        let two = stage.open(stage.facts(1).await).await;
        stage.app.advance(chrono::Duration::minutes(1));
        stage.ask(two, &[0], false).await;
        assert_eq!(code(stage.answer(0, yes()).await), "people.taken");
        assert_eq!(
            stage.asked(0).await.assignment.state,
            AssignmentState::Invited
        );
        assert_eq!(stage.panel(two).await.state, PanelState::Open);
    }
}

#[tokio::test]
async fn declarations_are_needed_and_an_interest_bars_for_good() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        let mut facts = stage.facts(1).await;
        facts.confidential = true;
        let panel = stage.open(facts).await;
        stage.ask(panel, &[0], false).await;
        let invitation = &stage.mails(mails::Invitation::KIND).await[0];
        assert!(!invitation.facts.to_string().contains("液冷"), "no content");

        let mut given = yes();
        given.clear = false;
        assert_eq!(
            code(stage.answer(0, given).await),
            "panels.statement_missing panels.pledge_missing"
        );
        assert_eq!(code(stage.answer(0, yes()).await), "panels.pledge_missing");
        let mut given = yes();
        given.pledged = true;
        stage.answer(0, given.clone()).await.unwrap();
        assert!(stage.asked(0).await.invitation.pledge_version.is_some());

        stage.answer(0, no(DeclineReason::Interest)).await.unwrap();
        stage.answer(0, no(DeclineReason::Time)).await.unwrap();
        assert_eq!(
            code(stage.answer(0, given).await),
            "panels.own_recusal",
            "a change of the reason does not lift it"
        );
    }
}

#[tokio::test]
async fn who_declined_comes_back_only_while_the_place_is_free() {
    for database in databases().await {
        let stage = Stage::set_with(database, 2, |config| {
            config.panels.approve_replacements = true;
        })
        .await;
        let panel = stage.open(stage.facts(1).await).await;
        stage.ask(panel, &[0], false).await;
        stage.answer(0, no(DeclineReason::Time)).await.unwrap();
        assert_eq!(stage.answer(0, yes()).await.unwrap(), Effect::Take);
        stage.answer(0, no(DeclineReason::Time)).await.unwrap();
        stage.ask(panel, &[1], false).await;
        assert_eq!(code(stage.answer(0, yes()).await), "panels.place_taken");
        stage.answer(1, yes()).await.unwrap();
        assert_eq!(code(stage.answer(0, yes()).await), "panels.place_taken");
    }
}

#[tokio::test]
async fn two_acceptances_for_the_last_place_at_once() {
    for database in databases().await {
        let stage = Stage::set_with(database, 4, |config| {
            config.panels.approve_replacements = true;
        })
        .await;
        for round in 0..6 {
            let mut facts = stage.facts(1).await;
            facts.meeting = Some(stage.meeting(&format!("2026-10-{}", 12 + round)));
            let panel = stage.open(facts).await;
            for expert in 0..4 {
                stage.app.advance(chrono::Duration::minutes(1));
                stage.ask(panel, &[expert], false).await;
                stage.answer(expert, no(DeclineReason::Time)).await.unwrap();
            }
            let answers = tokio::join!(
                stage.answer(0, yes()),
                stage.answer(1, yes()),
                stage.answer(2, yes()),
                stage.answer(3, yes()),
            );
            let won = [&answers.0, &answers.1, &answers.2, &answers.3]
                .into_iter()
                .filter(|answer| matches!(answer, Ok(Effect::Take)))
                .count();
            assert_eq!(won, 1, "{answers:?}");
            let members = members(stage.ctx().store.read(), panel).await.unwrap();
            assert_eq!(members.len(), 1);
            assert_eq!(stage.panel(panel).await.state, PanelState::Standing);
        }
    }
}

#[tokio::test]
async fn the_same_answer_twice_at_once_is_one_answer() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        let panel = stage.open(stage.facts(1).await).await;
        stage.ask(panel, &[0], false).await;
        let answers = tokio::join!(stage.answer(0, yes()), stage.answer(0, yes()));
        let mut effects = [answers.0.unwrap(), answers.1.unwrap()];
        effects.sort_by_key(|effect| *effect != Effect::Take);
        assert_eq!(effects, [Effect::Take, Effect::Unchanged]);
        assert_eq!(stage.mails(mails::Receipt::KIND).await.len(), 1);
        assert_eq!(stage.events(), [PanelEvent::Standing]);
    }
}

#[tokio::test]
async fn a_complete_panel_is_told_and_falls_apart_when_a_member_leaves() {
    for database in databases().await {
        let stage = Stage::set_with(database, 2, |config| {
            config.panels.approve_replacements = true;
        })
        .await;
        let unit = stage.facts(1).await.asking_unit.unwrap();
        let (contact, _) = stage
            .app
            .add_account("联络甲", "contact@example.org", Role::Contact, Some(unit))
            .await;
        stage.add_contact(unit, contact).await;
        let panel = stage.open(stage.facts(2).await).await;
        stage.ask(panel, &[0, 1], false).await;
        stage.answer(0, yes()).await.unwrap();
        assert!(stage.events().is_empty());
        stage.answer(1, yes()).await.unwrap();
        assert_eq!(stage.events(), [PanelEvent::Standing]);
        let lists = stage.mails(mails::Complete::KIND).await;
        assert_eq!(lists.len(), 1);
        assert_eq!(lists[0].person_id, Some(contact));
        assert!(lists[0].facts["members"].to_string().contains("专家B"));
        assert!(
            lists[0].facts["path"]
                .as_str()
                .unwrap()
                .starts_with("/trials/")
        );
        stage.answer(1, no(DeclineReason::Time)).await.unwrap();
        assert_eq!(stage.events(), [PanelEvent::Standing, PanelEvent::Changed]);
        assert_eq!(stage.panel(panel).await.state, PanelState::Open);
        assert_eq!(
            stage.asked(0).await.assignment.state,
            AssignmentState::Accepted,
            "who accepted is not moved"
        );
    }
}

#[tokio::test]
async fn an_answer_by_phone_is_recorded_with_its_paper() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        let (clerk, _) = stage
            .app
            .add_account("经办甲", "clerk@example.org", Role::Handler, None)
            .await;
        let browser = stage.app.signed_in("clerk@example.org").await;
        let panel = stage.open(stage.facts(1).await).await;
        stage.ask(panel, &[0], false).await;
        let id = stage.asked(0).await.invitation.id;

        let refused = browser
            .post(
                &format!("/invitations/{id}/record"),
                &[("answer", "accept"), ("channel", "phone")],
            )
            .await;
        assert_eq!(refused.status(), 422);
        let page = refused.text().await.unwrap();
        assert!(page.contains("什么时间、怎样答复"), "{page}");

        let form = reqwest::multipart::Form::new()
            .text("answer", "accept")
            .text("channel", "paper")
            .text("note", "9月15日收到回执原件")
            .text("clear", "1")
            .part(
                "scan",
                reqwest::multipart::Part::bytes(b"%PDF-1.7 scan".to_vec()).file_name("回执.pdf"),
            );
        let answer = browser
            .client()
            .post(browser.address(&format!("/invitations/{id}/record")))
            .header("sec-fetch-site", "same-origin")
            .multipart(form)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 303);
        let asked = stage.asked(0).await;
        assert_eq!(asked.assignment.state, AssignmentState::Accepted);
        assert_eq!(asked.invitation.channel, Some(Channel::Paper));
        assert_eq!(asked.invitation.recorded_by, Some(clerk));
        let page = browser.read(&format!("/invitations/{id}")).await;
        assert!(page.contains("回执.pdf") && page.contains("9月15日收到回执原件"));
        let receipt = &stage.mails(mails::Receipt::KIND).await[0];
        assert_eq!(receipt.facts["recorded"], true);
    }
}

#[tokio::test]
async fn a_member_becomes_head_by_an_own_answer() {
    for database in databases().await {
        let stage = Stage::set(database, 2).await;
        let (ctx, owners) = (stage.ctx(), &stage.app.owners);
        let panel = stage.open(stage.facts(2).await).await;
        let ids = stage.ask(panel, &[0, 1], false).await;
        stage.answer(0, yes()).await.unwrap();

        let tx = ctx.store.begin().await.unwrap();
        assert_eq!(code(ask_head(&tx, ctx, ids[1]).await), "panels.not_member");
        ask_head(&tx, ctx, ids[0]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(stage.mails(mails::HeadAsked::KIND).await.len(), 1);

        answer_head(ctx, owners, ids[0], 1, false).await.unwrap();
        assert_eq!(
            code(answer_head(ctx, owners, ids[0], 1, true).await),
            "panels.head_closed"
        );

        stage.answer(1, yes()).await.unwrap();
        let tx = ctx.store.begin().await.unwrap();
        ask_head(&tx, ctx, ids[1]).await.unwrap();
        tx.commit().await.unwrap();
        answer_head(ctx, owners, ids[1], 1, true).await.unwrap();
        answer_head(ctx, owners, ids[1], 1, true).await.unwrap();
        let head = stage.experts[1].person;
        assert_eq!(
            stage.events(),
            [PanelEvent::Standing, PanelEvent::HeadAccepted(head)]
        );
        assert!(stage.asked(1).await.assignment.head);
    }
}

#[tokio::test]
async fn a_work_link_lives_from_acceptance_to_closing() {
    for database in databases().await {
        let stage = Stage::set(database, 2).await;
        let ctx = stage.ctx();
        let panel = stage.open(stage.facts(2).await).await;
        stage.ask(panel, &[0, 1], false).await;
        let opens = async |expert: usize| {
            let row = stage.asked(expert).await.assignment;
            let path = ctx.links.path(&work_target(&row));
            let token = Links::read(path.strip_prefix("/w/").unwrap()).unwrap();
            member_by_work_token(ctx.store.read(), &ctx.links, &token)
                .await
                .is_ok_and(|work| work.member.assignment.id == row.id && work.goes_on())
        };
        assert!(!opens(0).await, "not before acceptance");
        stage.answer(0, yes()).await.unwrap();
        stage.answer(1, yes()).await.unwrap();
        assert!(opens(0).await && opens(1).await);
        let former = stage.asked(1).await.assignment;
        stage.answer(1, no(DeclineReason::Time)).await.unwrap();
        stage.answer(1, yes()).await.unwrap();
        let path = ctx.links.path(&work_target(&former));
        let token = Links::read(path.strip_prefix("/w/").unwrap()).unwrap();
        let old = member_by_work_token(ctx.store.read(), &ctx.links, &token).await;
        assert!(old.is_err(), "giving the place back ended the former link");
        assert!(opens(1).await);

        let tx = ctx.store.begin().await.unwrap();
        close(&tx, panel).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!opens(0).await, "the matter has ended");
        assert_eq!(stage.asked(0).await.assignment.state, AssignmentState::Done);
    }
}
