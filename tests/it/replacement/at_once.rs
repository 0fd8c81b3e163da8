//! Two hands at one place at the same moment, on both databases: whatever comes first, nothing is done by
//! half and nobody waits for each other for ever.

use entity::{
    assignment::{self, AssignmentState},
    expert::{self, ExpertKind, ExpertState},
    ids::{ExpertId, PersonId, RunId},
    invitation::Channel,
    matching_run::RunMode,
};
use expert_pool::{
    experts::{self, rules::Step},
    foundation::ui::Fields,
    panels::{
        answer::{self, How},
        matching::{approve, hand_in, run_match},
    },
};
use futures_util::future::join_all;
use sea_orm::ActiveValue::Set;

use super::*;
use crate::support::{
    app::{TestApp, acting},
    pool::{Profile, engage, facts, open},
};

/// How often each race is run: another interleaving each time.
const ROUNDS: usize = 6;
const TITLE: &str = "配电变压器能效等级标准审查";
const TEXT: &str = "配电变压器空载损耗与负载损耗的限值怎么定";

fn specialist(number: usize) -> Profile {
    let units = ["中国电机工程学会", "中国电器工业协会", "中国电力企业联合会"];
    Profile {
        name: format!("变压器{number}"),
        unit: units[number].to_owned(),
        kind: ExpertKind::Technical,
        domains: vec!["ics:29.180".to_owned()],
        keywords: vec!["配电变压器".to_owned(), "空载损耗".to_owned()],
        works: vec!["配电变压器能效限定值及能效等级".to_owned()],
        bio: "从事变压器试验。".to_owned(),
    }
}

/// Engaged, and with room for whatever comes.
async fn roomy(app: &TestApp, id: ExpertId) {
    let tx = app.ctx.store.begin().await.unwrap();
    expert::Entity::update(expert::ActiveModel {
        id: Set(id),
        state: Set(ExpertState::Engaged),
        ended_on: Set(None),
        max_open: Set(100),
        max_year: Set(100),
        ..Default::default()
    })
    .exec(tx.db())
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

/// A handed-in run over a new panel of three.
async fn waiting_run(app: &TestApp, clerk: PersonId) -> RunId {
    let clerk = acting(clerk, Role::Handler, None);
    let panel = open(&app.ctx, facts(TITLE, TEXT, 3), Vec::new()).await;
    let run = run_match(&app.ctx, &clerk, &[panel], RunMode::Best)
        .await
        .unwrap();
    hand_in(&app.ctx, &clerk, run, "").await.unwrap();
    run
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_engagement_ends_while_panels_of_the_expert_are_approved() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let mut all = Vec::new();
        for number in 0..3 {
            all.push(engage(&app.ctx, specialist(number)).await);
        }
        let (clerk, _) = app
            .add_account("经办甲", "clerk@example.org", Role::Handler, None)
            .await;
        let (approver, _) = app
            .add_account("审批乙", "approver@example.org", Role::Approver, None)
            .await;
        let me = acting(approver, Role::Approver, None);
        let duties = expert_pool::experts::Duties(Some(std::sync::Arc::new(panels::PanelDuties(
            app.owners.clone(),
        ))));
        for round in 0..ROUNDS {
            for id in &all {
                roomy(&app, *id).await;
            }
            let runs = [
                waiting_run(&app, clerk).await,
                waiting_run(&app, clerk).await,
            ];
            let leaving = all[round % all.len()];
            let approvals = runs.map(|run| {
                let (ctx, me) = (app.ctx.clone(), me.clone());
                tokio::spawn(async move { approve(&ctx, &me, run, "", "").await })
            });
            let ending = {
                let (ctx, me, duties) = (app.ctx.clone(), me.clone(), duties.clone());
                let reason = Fields::default().with("reason", "本人调离");
                tokio::spawn(async move {
                    experts::end::decide(&ctx, &duties, &me, leaving, Step::End, &reason).await
                })
            };
            let approved = join_all(approvals).await;
            ending.await.unwrap().unwrap();
            for approval in approved {
                // Either it came first, or it is told what changed.
                if let Err(error) = approval.unwrap() {
                    assert_eq!(code::<()>(Err(error)), "panels.stale");
                }
            }
            let open = assignment::Entity::find()
                .filter(assignment::Column::ExpertId.eq(leaving))
                .filter(
                    assignment::Column::State
                        .is_in([AssignmentState::Invited, AssignmentState::Accepted]),
                )
                .count(app.ctx.store.read())
                .await
                .unwrap();
            assert_eq!(open, 0, "whoever has left is asked for nothing");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_decline_and_the_cutoff_end_a_question_once() {
    for database in databases().await {
        let stage = Stage::set(database, ROUNDS).await;
        let (clerk, _) = stage
            .app
            .add_account("经办甲", "clerk@example.org", Role::Handler, None)
            .await;
        let mut asked = Vec::new();
        for expert in 0..ROUNDS {
            let panel = stage.open(stage.facts(1).await).await;
            asked.push((panel, stage.ask(panel, &[expert], false).await[0]));
        }
        let cutoff = stage.asked(ROUNDS - 1).await.invitation.cutoff_at;
        stage.app.advance(cutoff - stage.ctx().now());
        let declines = (0..ROUNDS).map(|expert| {
            let (ctx, owners) = (stage.ctx().clone(), stage.app.owners.clone());
            let stage = &stage;
            async move {
                let question = stage.asked(expert).await.invitation;
                // By the link it is too late; what is told by phone counts a little longer.
                let how = if expert % 2 == 0 {
                    How::Recorded {
                        by: clerk,
                        channel: Channel::Phone,
                        note: "电话".to_owned(),
                    }
                } else {
                    How::Link {
                        generation: question.generation,
                    }
                };
                let given = no(DeclineReason::Time);
                tokio::spawn(async move {
                    answer::answer(&ctx, &owners, question.id, &given, &how).await
                })
                .await
                .unwrap()
            }
        });
        let lapses = (0..2).map(|_| {
            let (ctx, owners) = (stage.ctx().clone(), stage.app.owners.clone());
            tokio::spawn(async move { lapse::lapse(&ctx, &owners).await })
        });
        let (declined, lapsed) = tokio::join!(join_all(declines), join_all(lapses));
        let lapsed: usize = lapsed.into_iter().map(|one| one.unwrap().unwrap()).sum();
        assert!(lapsed <= ROUNDS, "no question lapses twice");
        let late = declined.iter().filter(|one| one.is_err()).count();
        assert!((ROUNDS / 2..=lapsed).contains(&late), "{declined:?}");
        for ((panel, assignment), answer) in asked.into_iter().zip(&declined) {
            let rows = stage.assignments(panel).await;
            let row = rows.iter().find(|row| row.id == assignment).unwrap();
            let expected = match answer {
                Ok(_) => AssignmentState::Declined,
                Err(_) => AssignmentState::Lapsed,
            };
            assert_eq!(row.state, expected);
            assert!(row.refill, "the place is asked for again");
            assert_eq!(rows.len(), 1, "and once only");
        }
    }
}
