//! Places over time: lapses, replacements, races, changes of the matter, reminders, withdrawal.

use std::collections::BTreeSet;

use entity::{
    assignment::{self, AssignmentState},
    commitment,
    ids::PanelId,
    invitation::DeclineReason,
    mail::MailState,
    panel::PanelState,
    panel_recusal::RecusalRule,
    role_grant::Role,
};
use expert_pool::{
    foundation::{
        calendar::{DayKind, SpecialDay, import_days, kept},
        mail::Template,
    },
    panels::{
        self, NewRecusal, PanelChange, PanelEvent, PanelFacts, lapse, mails, notify,
        recompute_cutoffs, remind, replace,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::support::{
    databases::databases,
    panels::{Stage, code, no, yes},
};

/// What the clock does to panels.
async fn tick(stage: &Stage) {
    lapse::lapse(stage.ctx(), &stage.app.owners).await.unwrap();
    replace::replace_all(stage.ctx(), &stage.app.owners)
        .await
        .unwrap();
}

fn states(rows: &[assignment::Model]) -> Vec<AssignmentState> {
    rows.iter().map(|row| row.state).collect()
}

async fn change(stage: &Stage, panel: PanelId, facts: PanelFacts) -> panels::ChangeEffect {
    let tx = stage.ctx().store.begin().await.unwrap();
    let change = PanelChange {
        facts,
        recusals: Vec::new(),
        reason: "会场另有安排".to_owned(),
    };
    let effect = panels::change(&tx, stage.ctx(), panel, &change)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    effect
}

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

/// SplitMix64: a sequence of events that a seed repeats.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % sides as u64).unwrap()
    }
}

/// People who accepted and are on the panel.
fn seated(rows: &[assignment::Model]) -> BTreeSet<entity::ids::PersonId> {
    rows.iter()
        .filter(|row| row.state == AssignmentState::Accepted)
        .map(|row| row.person_id)
        .collect()
}

/// One random event; returns whether it may take a seat from somebody, and from whom.
async fn event(stage: &Stage, panel: PanelId, dice: &mut Dice, facts: &mut PanelFacts) -> Touched {
    let expert = dice.roll(stage.experts.len());
    let asked = stage
        .assignments(panel)
        .await
        .iter()
        .any(|row| row.person_id == stage.experts[expert].person);
    match dice.roll(12) {
        0..=2 if asked => {
            drop(stage.answer(expert, yes()).await);
            Touched::Nobody
        }
        3..=4 if asked => {
            drop(stage.answer(expert, no(DeclineReason::Time)).await);
            Touched::One(stage.experts[expert].person)
        }
        5 => {
            let race = dice.roll(3) == 0;
            drop(stage.try_ask(panel, &[expert], race).await);
            Touched::Nobody
        }
        6 => {
            let others: Vec<_> = (0..stage.experts.len()).collect();
            let from = dice.roll(others.len());
            drop(
                stage
                    .try_ask(panel, &others[from..], dice.roll(2) == 0)
                    .await,
            );
            Touched::Nobody
        }
        7 if dice.roll(3) == 0 => {
            let day = format!("2026-11-{:02}", 9 + dice.roll(4));
            facts.meeting = Some(stage.meeting(&day));
            change(stage, panel, facts.clone()).await;
            Touched::All
        }
        8 => {
            let demand = i32::try_from(1 + dice.roll(4)).unwrap();
            let tx = stage.ctx().store.begin().await.unwrap();
            let wanted = PanelChange {
                facts: PanelFacts {
                    demand,
                    ..facts.clone()
                },
                recusals: Vec::new(),
                reason: String::new(),
            };
            if panels::change(&tx, stage.ctx(), panel, &wanted)
                .await
                .is_ok()
            {
                tx.commit().await.unwrap();
                facts.demand = demand;
            }
            Touched::Nobody
        }
        _ => {
            let hours = i64::try_from(1 + dice.roll(30)).unwrap();
            stage.app.advance(chrono::Duration::hours(hours));
            tick(stage).await;
            Touched::Nobody
        }
    }
}

/// Whose acceptance an event may end.
enum Touched {
    Nobody,
    One(entity::ids::PersonId),
    All,
}

#[tokio::test]
async fn random_events_never_give_a_place_twice_nor_move_who_accepted() {
    for database in databases().await {
        let stage = Stage::set(database, 7).await;
        for seed in 0..4 {
            let mut dice = Dice(seed);
            let mut facts = stage.facts(2).await;
            facts.meeting = Some(stage.meeting("2026-11-09"));
            let panel = stage.open(facts.clone()).await;
            stage.app.set_time("2026-09-14 10:00");
            drop(stage.try_ask(panel, &[0, 1], false).await);
            for step in 0..40 {
                let before = seated(&stage.assignments(panel).await);
                let touched = event(&stage, panel, &mut dice, &mut facts).await;
                let rows = stage.assignments(panel).await;
                let after = seated(&rows);
                let demand = usize::try_from(stage.panel(panel).await.demand).unwrap();
                assert!(after.len() <= demand, "seed {seed}, step {step}: {after:?}");
                let waiting = rows
                    .iter()
                    .filter(|row| row.state == AssignmentState::Invited && !row.race)
                    .count();
                assert!(after.len() + waiting <= demand, "seed {seed}, step {step}");
                let gone: Vec<_> = before.difference(&after).collect();
                match touched {
                    Touched::All => {}
                    Touched::Nobody => assert!(gone.is_empty(), "seed {seed}, step {step}"),
                    Touched::One(person) => {
                        assert!(
                            gone.iter().all(|one| **one == person),
                            "seed {seed}, step {step}"
                        );
                    }
                }
            }
            let tx = stage.ctx().store.begin().await.unwrap();
            panels::withdraw(&tx, stage.ctx(), panel, "完")
                .await
                .unwrap();
            tx.commit().await.unwrap();
            let left = commitment::Entity::find()
                .filter(commitment::Column::SourceKind.eq("panel"))
                .all(stage.ctx().store.read())
                .await
                .unwrap();
            assert!(left.is_empty(), "seed {seed}: time stays taken: {left:?}");
        }
    }
}
