//! Matching over HTTP and as a use case, on both databases: run, adjust, hand in, approve, and
//! everything that may change in between.

use chrono::NaiveDate;
use entity::{
    assignment::{self, AssignmentState},
    expert::{self, ExpertKind, ExpertState},
    ids::{ExpertId, PanelId, RunId},
    matching_run::{self, RunMode, RunState},
    panel::{self, Half, PanelState},
    panel_recusal::RecusalRule,
    role_grant::Role,
    run_choice,
};
use expert_pool::{
    accounts::{Actor, Grant},
    experts,
    foundation::{
        context::Context,
        error::{Error, Result},
    },
    panels::{
        CoverageQuestion, NewRecusal, PanelFacts, Verdict,
        matching::{
            Adjustment, adjust, approve, coverage, give_back, hand_in, next_best, recheck,
            run_match,
        },
    },
};
use reqwest::StatusCode;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::support::{
    app::TestApp,
    databases::databases,
    pool::{self, Profile, engage, engage_samples, facts, meeting, open},
};

const TITLE: &str = "配电变压器能效等级标准审查";
const TEXT: &str = "配电变压器空载损耗与负载损耗的限值怎么定，过载运行与绝缘老化的试验方法是否合理";

fn actor(role: Role, number: u128) -> Actor {
    Actor {
        person: uuid::Uuid::from_u128(number).into(),
        account: None,
        session: uuid::Uuid::from_u128(number).into(),
        name: "秘书".to_owned(),
        sample: false,
        grants: vec![Grant {
            role,
            unit: None,
            committee: None,
        }],
    }
}

fn handler() -> Actor {
    actor(Role::Handler, 1)
}

fn approver() -> Actor {
    actor(Role::Approver, 2)
}

async fn chosen(ctx: &Context, run: RunId) -> Vec<run_choice::Model> {
    run_choice::Entity::find()
        .filter(run_choice::Column::RunId.eq(run))
        .filter(run_choice::Column::Reserve.eq(false))
        .order_by_asc(run_choice::Column::Place)
        .all(ctx.store.read())
        .await
        .unwrap()
}

async fn run_row(ctx: &Context, run: RunId) -> matching_run::Model {
    let found = matching_run::Entity::find_by_id(run);
    found.one(ctx.store.read()).await.unwrap().unwrap()
}

async fn asked(ctx: &Context, panel: PanelId) -> Vec<assignment::Model> {
    assignment::Entity::find()
        .filter(assignment::Column::PanelId.eq(panel))
        .all(ctx.store.read())
        .await
        .unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
    match result {
        Err(Error::Refused(refusal) | Error::Conflict(refusal)) => refusal.code,
        other => panic!("no refusal: {other:?}"),
    }
}

fn named(rule: RecusalRule, name: &str) -> NewRecusal {
    NewRecusal {
        rule,
        unit: None,
        expert: None,
        name: name.to_owned(),
        note: String::new(),
    }
}

/// A handed-in run over one panel of three.
async fn waiting_run(app: &TestApp) -> (PanelId, RunId) {
    engage_samples(&app.ctx).await;
    let panel = open(&app.ctx, facts(TITLE, TEXT, 3), Vec::new()).await;
    let run = run_match(&app.ctx, &handler(), &[], RunMode::Best)
        .await
        .unwrap();
    hand_in(&app.ctx, &handler(), run, "三人都合适")
        .await
        .unwrap();
    (panel, run)
}

async fn change_panel(ctx: &Context, panel: PanelId, change: impl FnOnce(&mut panel::ActiveModel)) {
    let tx = ctx.store.begin().await.unwrap();
    let mut row = panel::ActiveModel {
        id: Set(panel),
        ..Default::default()
    };
    change(&mut row);
    panel::Entity::update(row).exec(tx.db()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn change_expert(ctx: &Context, id: ExpertId, change: impl FnOnce(&mut expert::ActiveModel)) {
    let tx = ctx.store.begin().await.unwrap();
    let mut row = expert::ActiveModel {
        id: Set(id),
        ..Default::default()
    };
    change(&mut row);
    expert::Entity::update(row).exec(tx.db()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_run_chooses_the_relevant_and_an_approved_run_asks_them() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        let (panel, run) = waiting_run(&app).await;
        let row = run_row(ctx, run).await;
        assert_eq!(row.number, "PP-2026-001");
        assert!(row.proved && row.total == row.bound, "not proved");
        let choices = chosen(ctx, run).await;
        assert_eq!(choices.len(), 3);
        assert!(
            choices
                .windows(2)
                .all(|two| two[0].relevance >= two[1].relevance)
        );
        assert!(choices.iter().all(|one| !one.reason.is_empty()));
        let best = experts::get(ctx.store.read(), choices[0].expert_id)
            .await
            .unwrap();
        assert!(
            best.unit_name.contains('电'),
            "a question about transformers goes to {}",
            best.unit_name
        );
        assert!(asked(ctx, panel).await.is_empty(), "a draft asks nobody");
        assert_eq!(approve(ctx, &approver(), run, "", "").await.unwrap(), 3);
        let asked = asked(ctx, panel).await;
        assert_eq!(asked.len(), 3);
        assert!(
            asked
                .iter()
                .all(|one| one.state == AssignmentState::Invited && one.run_id == Some(run))
        );
        let row = run_row(ctx, run).await;
        assert_eq!(
            (row.state, row.decided_by),
            (RunState::Approved, Some(approver().person))
        );
    }
}

#[tokio::test]
async fn the_recused_are_never_chosen() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        engage_samples(ctx).await;
        let free = open(ctx, facts(TITLE, TEXT, 5), Vec::new()).await;
        let first = run_match(ctx, &handler(), &[free], RunMode::Best)
            .await
            .unwrap();
        let mut before = Vec::new();
        for one in chosen(ctx, first).await {
            before.push(experts::get(ctx.store.read(), one.expert_id).await.unwrap());
        }
        let unit = |at: usize| before[at].unit.clone().unwrap();
        let mut asking = facts(TITLE, TEXT, 5);
        asking.asking_unit = Some(unit(0).id);
        let recusals = vec![
            named(RecusalRule::DraftingUnit, &unit(1).name),
            named(RecusalRule::Drafter, &before[2].person.name),
            named(RecusalRule::Named, &before[3].person.name),
        ];
        let panel = open(ctx, asking, recusals).await;
        let run = run_match(ctx, &handler(), &[panel], RunMode::Best)
            .await
            .unwrap();
        let now: Vec<ExpertId> = chosen(ctx, run)
            .await
            .iter()
            .map(|one| one.expert_id)
            .collect();
        for one in &before[..4] {
            assert!(!now.contains(&one.id), "{} is recused", one.person.name);
        }
        assert_eq!(now.len(), 5);
        let report = run_row(ctx, run).await.report.to_string();
        for rule in ["asking_unit", "drafting_unit", "drafter", "named"] {
            assert!(
                report.contains(&format!("\"rule\":\"{rule}\"")),
                "{rule} is not told"
            );
        }
    }
}

#[tokio::test]
async fn pins_and_exclusions_hold_and_are_compared() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        engage_samples(ctx).await;
        let panel = open(ctx, facts(TITLE, TEXT, 2), Vec::new()).await;
        let first = run_match(ctx, &handler(), &[], RunMode::Best)
            .await
            .unwrap();
        let before = chosen(ctx, first).await;
        let reserve = run_choice::Entity::find()
            .filter(run_choice::Column::RunId.eq(first))
            .filter(run_choice::Column::Reserve.eq(true))
            .order_by_asc(run_choice::Column::Place)
            .one(ctx.store.read())
            .await
            .unwrap()
            .expect("a reserve");
        let (me, out) = (handler(), before[0].expert_id);
        let without = adjust(ctx, &me, panel, out, Adjustment::Exclude, "").await;
        assert_eq!(code(without), "panels.why_exclude");
        adjust(ctx, &me, panel, out, Adjustment::Exclude, "本人来电，出国")
            .await
            .unwrap();
        adjust(ctx, &me, panel, reserve.expert_id, Adjustment::Pin, "")
            .await
            .unwrap();
        let barred = adjust(ctx, &me, panel, out, Adjustment::Pin, "").await;
        barred.expect("a later pin takes the exclusion back");
        adjust(ctx, &me, panel, out, Adjustment::Exclude, "本人来电，出国")
            .await
            .unwrap();
        let second = run_match(ctx, &me, &[panel], RunMode::Best).await.unwrap();
        let after = chosen(ctx, second).await;
        assert!(after.iter().all(|one| one.expert_id != out));
        assert!(
            after
                .iter()
                .any(|one| one.expert_id == reserve.expert_id && one.pinned)
        );
        assert_eq!(run_row(ctx, first).await.state, RunState::Superseded);
        assert_eq!(run_row(ctx, second).await.former_id, Some(first));
        let third = adjust(ctx, &me, panel, before[1].expert_id, Adjustment::Pin, "").await;
        third.expect("two places, two pins");
        let other = experts::pool(ctx.store.read(), ctx.today()).await.unwrap();
        let kept = [before[1].expert_id, reserve.expert_id, out];
        let units: Vec<_> = other
            .iter()
            .filter(|one| kept.contains(&one.id))
            .filter_map(|one| one.unit.as_ref().map(|unit| unit.id))
            .collect();
        let other = other
            .iter()
            .find(|one| {
                one.unit
                    .as_ref()
                    .is_some_and(|unit| !units.contains(&unit.id))
            })
            .unwrap();
        let beyond = adjust(ctx, &me, panel, other.id, Adjustment::Pin, "").await;
        assert_eq!(code(beyond), "panels.no_place_to_pin");
    }
}

#[tokio::test]
async fn a_pin_leaves_the_places_of_the_other_kind() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        let technical = engage(ctx, transformer_expert(1)).await;
        let standard = Profile {
            kind: ExpertKind::Standardization,
            ..transformer_expert(2)
        };
        let standard = engage(ctx, standard).await;
        let wanted = PanelFacts {
            min_standardization: 1,
            ..facts(TITLE, TEXT, 1)
        };
        let panel = open(ctx, wanted, Vec::new()).await;
        let me = handler();
        let pinned = adjust(ctx, &me, panel, technical, Adjustment::Pin, "").await;
        assert_eq!(code(pinned), "panels.may_not_serve");
        let run = run_match(ctx, &me, &[], RunMode::Fair).await.unwrap();
        let choices = chosen(ctx, run).await;
        assert_eq!(choices.len(), 1);
        assert_eq!(choices[0].expert_id, standard);
    }
}

#[tokio::test]
async fn who_prepared_does_not_approve() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        let (_, run) = waiting_run(&app).await;
        let mut both = handler();
        both.grants.push(Grant {
            role: Role::Approver,
            unit: None,
            committee: None,
        });
        assert_eq!(
            code(approve(ctx, &both, run, "", "").await),
            "panels.same_person"
        );
        assert!(matches!(
            approve(ctx, &handler(), run, "", "").await,
            Err(Error::NotFound)
        ));
        assert_eq!(
            code(give_back(ctx, &approver(), run, "").await),
            "panels.why_return"
        );
        give_back(ctx, &approver(), run, "第三位请再核对")
            .await
            .unwrap();
        assert_eq!(
            code(approve(ctx, &approver(), run, "", "").await),
            "panels.not_handed_in"
        );
        hand_in(ctx, &handler(), run, "核对过了").await.unwrap();
        approve(ctx, &approver(), run, "", "").await.unwrap();
        assert_eq!(
            code(approve(ctx, &approver(), run, "", "").await),
            "panels.decided"
        );
    }
}

#[tokio::test]
async fn one_person_alone_needs_the_configuration_and_a_reason() {
    for database in databases().await {
        let app = TestApp::start_with(database, |config| {
            config.panels.allow_single_approval = true;
        })
        .await;
        let ctx = &app.ctx;
        let (_, run) = waiting_run(&app).await;
        let mut both = handler();
        both.grants.push(Grant {
            role: Role::Approver,
            unit: None,
            committee: None,
        });
        assert_eq!(
            code(approve(ctx, &both, run, "", "").await),
            "panels.exception_needed"
        );
        approve(ctx, &both, run, "", "另一位出差").await.unwrap();
        assert_eq!(run_row(ctx, run).await.exception_note, "另一位出差");
    }
}

#[tokio::test]
async fn the_secretariats_own_unit_asks_like_any_other() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        engage_samples(ctx).await;
        let own = pool::unit(ctx, "中国标准化协会").await;
        let mut asking = facts(
            "团体标准编写规则与良好行为评价咨询",
            "团体标准制定程序怎么评价",
            3,
        );
        asking.asking_unit = Some(own);
        asking.asking_name = "中国标准化协会".to_owned();
        open(ctx, asking, Vec::new()).await;
        let run = run_match(ctx, &handler(), &[], RunMode::Best)
            .await
            .unwrap();
        for one in chosen(ctx, run).await {
            let expert = experts::get(ctx.store.read(), one.expert_id).await.unwrap();
            assert_ne!(
                expert.unit.map(|unit| unit.id),
                Some(own),
                "own experts are recused"
            );
        }
        hand_in(ctx, &handler(), run, "").await.unwrap();
        let mut sided = approver();
        sided.grants.push(Grant {
            role: Role::Contact,
            unit: Some(own),
            committee: None,
        });
        assert_eq!(
            code(approve(ctx, &sided, run, "", "").await),
            "panels.own_side"
        );
        approve(ctx, &approver(), run, "", "").await.unwrap();
    }
}

#[tokio::test]
async fn a_stale_run_is_refused_and_says_what_changed() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        let (panel, run) = waiting_run(&app).await;
        let first = chosen(ctx, run).await[0].expert_id;
        let stale = async |word: &str| {
            let result = approve(ctx, &approver(), run, "", "").await;
            let Err(Error::Conflict(refusal)) = &result else {
                panic!("{word}: no conflict but {result:?}");
            };
            assert_eq!(refusal.code, "panels.stale");
            let changes = &refusal
                .facts
                .iter()
                .find(|(name, _)| *name == "changes")
                .unwrap()
                .1;
            assert!(changes.contains(word), "{changes} does not say {word}");
            assert!(
                asked(ctx, panel).await.is_empty(),
                "nothing may have happened"
            );
            assert_eq!(run_row(ctx, run).await.state, RunState::HandedIn);
        };
        change_expert(ctx, first, |row| row.state = Set(ExpertState::Suspended)).await;
        stale("不在聘期").await;
        change_expert(ctx, first, |row| row.state = Set(ExpertState::Engaged)).await;
        change_expert(ctx, first, |row| row.max_open = Set(0)).await;
        stale("已满").await;
        change_expert(ctx, first, |row| row.max_open = Set(2)).await;
        change_panel(ctx, panel, |row| row.demand = Set(5)).await;
        stale("人数改了").await;
        change_panel(ctx, panel, |row| row.demand = Set(3)).await;
        change_panel(ctx, panel, |row| row.title = Set("另一件事".to_owned())).await;
        stale("内容").await;
        change_panel(ctx, panel, |row| row.title = Set(TITLE.to_owned())).await;
        change_panel(ctx, panel, |row| row.state = Set(PanelState::Withdrawn)).await;
        stale("不再需要").await;
        change_panel(ctx, panel, |row| row.state = Set(PanelState::Open)).await;
        adjust(
            ctx,
            &handler(),
            panel,
            first,
            Adjustment::Exclude,
            "临时有事",
        )
        .await
        .unwrap();
        stale("人工排除").await;
        adjust(ctx, &handler(), panel, first, Adjustment::Release, "")
            .await
            .unwrap();
        assert_eq!(approve(ctx, &approver(), run, "", "").await.unwrap(), 3);
    }
}

#[tokio::test]
async fn two_approvals_at_once_ask_once() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        let (panel, run) = waiting_run(&app).await;
        let (one, other) = (approver(), actor(Role::Approver, 3));
        let (first, second) = tokio::join!(
            approve(ctx, &one, run, "", ""),
            approve(ctx, &other, run, "", "")
        );
        let (kept, lost) = if first.is_ok() {
            (first, second)
        } else {
            (second, first)
        };
        assert_eq!(kept.unwrap(), 3);
        assert_eq!(code(lost), "panels.decided");
        assert_eq!(asked(ctx, panel).await.len(), 3);
    }
}

#[tokio::test]
async fn two_runs_cannot_both_take_the_last_room_of_an_expert() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        for number in 1..=2 {
            engage(ctx, transformer_expert(number)).await;
        }
        let expert = engage(ctx, transformer_expert(3)).await;
        change_expert(ctx, expert, |row| row.max_open = Set(1)).await;
        let mut runs = Vec::new();
        for _ in 0..2 {
            let panel = open(ctx, facts(TITLE, TEXT, 3), Vec::new()).await;
            let run = run_match(ctx, &handler(), &[panel], RunMode::Best)
                .await
                .unwrap();
            assert_eq!(chosen(ctx, run).await.len(), 3);
            hand_in(ctx, &handler(), run, "").await.unwrap();
            runs.push(run);
        }
        let me = approver();
        let (first, second) = tokio::join!(
            approve(ctx, &me, runs[0], "", ""),
            approve(ctx, &me, runs[1], "", "")
        );
        let (kept, lost) = if first.is_ok() {
            (first, second)
        } else {
            (second, first)
        };
        kept.unwrap();
        assert_eq!(code(lost), "panels.stale");
    }
}

fn transformer_expert(number: usize) -> Profile {
    let units = ["中国电机工程学会", "中国电器工业协会", "中国电力企业联合会"];
    Profile {
        name: format!("变压器{number}"),
        unit: units[number - 1].to_owned(),
        kind: ExpertKind::Technical,
        domains: vec!["ics:29.180".to_owned()],
        keywords: vec![
            "配电变压器".to_owned(),
            "空载损耗".to_owned(),
            "能效等级".to_owned(),
        ],
        works: vec!["配电变压器能效限定值及能效等级".to_owned()],
        bio: "从事变压器试验。".to_owned(),
    }
}

#[tokio::test]
async fn nobody_is_in_two_places_at_once() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        for number in 1..=3 {
            engage(ctx, transformer_expert(number)).await;
        }
        let at = |half| PanelFacts {
            meeting: meeting(9, 29, half),
            ..facts(TITLE, TEXT, 3)
        };
        let morning = open(ctx, at(Half::Morning), Vec::new()).await;
        let all_day = open(ctx, at(Half::FullDay), Vec::new()).await;
        let afternoon = open(ctx, at(Half::Afternoon), Vec::new()).await;
        let run = run_match(ctx, &handler(), &[], RunMode::Best)
            .await
            .unwrap();
        let choices = chosen(ctx, run).await;
        let on = |panel| -> Vec<ExpertId> {
            let here = choices.iter().filter(|one| one.panel_id == panel);
            here.map(|one| one.expert_id).collect()
        };
        for expert in on(all_day) {
            assert!(!on(morning).contains(&expert) && !on(afternoon).contains(&expert));
        }
        assert_eq!(choices.len(), 6, "morning and afternoon go together");
        hand_in(ctx, &handler(), run, "").await.unwrap();
        approve(ctx, &approver(), run, "", "").await.unwrap();
        let again = run_match(ctx, &handler(), &[all_day], RunMode::Best)
            .await
            .unwrap();
        assert!(chosen(ctx, again).await.is_empty());
        let report = run_row(ctx, again).await.report.to_string();
        assert!(report.contains("\"shortage\":{"), "{report}");
        assert_eq!(
            code(hand_in(ctx, &handler(), again, "").await),
            "panels.nobody_proposed"
        );
    }
}

#[tokio::test]
async fn the_next_best_fills_a_place_and_is_checked_under_lock() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        let (panel, run) = waiting_run(&app).await;
        let row = panel::Entity::find_by_id(panel)
            .one(ctx.store.read())
            .await
            .unwrap()
            .unwrap();
        approve(ctx, &approver(), run, "", "").await.unwrap();
        assert_eq!(
            next_best(ctx, &row).await.unwrap(),
            None,
            "no place is free"
        );
        let gone = asked(ctx, panel).await[0].clone();
        let tx = ctx.store.begin().await.unwrap();
        assignment::Entity::update(assignment::ActiveModel {
            state: Set(AssignmentState::Declined),
            ..gone.clone().into()
        })
        .exec(tx.db())
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let next = next_best(ctx, &row).await.unwrap().expect("a next best");
        assert!(
            asked(ctx, panel)
                .await
                .iter()
                .all(|one| one.expert_id != next.expert)
        );
        let tx = ctx.store.begin().await.unwrap();
        assert_eq!(recheck(&tx, ctx, &row, next.expert).await.unwrap(), Ok(()));
        let refusal = recheck(&tx, ctx, &row, gone.expert_id)
            .await
            .unwrap()
            .unwrap_err();
        assert_eq!(refusal.code, "panels.may_not_serve");
        tx.rollback().await.unwrap();
        change_expert(ctx, next.expert, |row| row.max_open = Set(0)).await;
        let tx = ctx.store.begin().await.unwrap();
        assert!(recheck(&tx, ctx, &row, next.expert).await.unwrap().is_err());
    }
}

#[tokio::test]
async fn nothing_to_match_and_nobody_to_match_are_said() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        let none = run_match(ctx, &handler(), &[], RunMode::Best).await;
        assert_eq!(code(none), "panels.nothing_open");
        open(ctx, facts(TITLE, TEXT, 1), Vec::new()).await;
        let nobody = run_match(ctx, &handler(), &[], RunMode::Best).await;
        assert_eq!(code(nobody), "panels.no_experts");
        assert!(matches!(
            run_match(ctx, &approver(), &[], RunMode::Best).await,
            Err(Error::NotFound)
        ));
    }
}

#[tokio::test]
async fn a_waiting_run_gives_way_only_to_one_over_all_its_panels() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        engage_samples(ctx).await;
        let one = open(ctx, facts(TITLE, TEXT, 1), Vec::new()).await;
        let other = open(
            ctx,
            facts("冷链物流温度记录", "温度记录仪怎么校准", 1),
            Vec::new(),
        )
        .await;
        let both = run_match(ctx, &handler(), &[one, other], RunMode::Best)
            .await
            .unwrap();
        hand_in(ctx, &handler(), both, "").await.unwrap();
        let part = run_match(ctx, &handler(), &[one], RunMode::Best).await;
        assert_eq!(code(part), "panels.waits_for_approval");
        run_match(ctx, &handler(), &[], RunMode::Best)
            .await
            .unwrap();
        assert_eq!(run_row(ctx, both).await.state, RunState::Superseded);
        assert_eq!(
            code(approve(ctx, &approver(), both, "", "").await),
            "panels.decided"
        );
    }
}

#[tokio::test]
async fn coverage_counts_without_names() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        engage_samples(ctx).await;
        let empty = coverage(ctx, &CoverageQuestion::default()).await.unwrap();
        assert_eq!((empty.verdict, empty.suitable.total()), (None, 0));
        let question = CoverageQuestion {
            title: TITLE.to_owned(),
            text: TEXT.to_owned(),
            domains: vec!["ics:29.180".to_owned(), "ics:97.180".to_owned()],
            demand: 1,
            ..CoverageQuestion::default()
        };
        let free = coverage(ctx, &question).await.unwrap();
        assert_eq!(free.domains.len(), 2);
        assert!(free.suitable.total() > 0 && free.recused == 0);
        assert_eq!(free.verdict, Some(Verdict::Ample));
        let unit = pool::unit(ctx, "中国电器工业协会").await;
        let asking = CoverageQuestion {
            asking_unit: Some(unit),
            ..question.clone()
        };
        let own = coverage(ctx, &asking).await.unwrap();
        assert!(own.recused > 0);
        assert_eq!(own.suitable.total() + own.recused, free.suitable.total());
        let many = CoverageQuestion {
            demand: 60,
            ..question
        };
        let many = coverage(ctx, &many).await.unwrap();
        assert_eq!(many.verdict, Some(Verdict::Short));
    }
}

#[tokio::test]
async fn an_engagement_that_ends_before_the_day_does_not_count() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        let expert = engage(ctx, transformer_expert(1)).await;
        change_expert(ctx, expert, |row| {
            row.engaged_to = Set(NaiveDate::from_ymd_opt(2026, 9, 20))
        })
        .await;
        open(ctx, facts(TITLE, TEXT, 1), Vec::new()).await;
        let run = run_match(ctx, &handler(), &[], RunMode::Best)
            .await
            .unwrap();
        assert!(chosen(ctx, run).await.is_empty());
        assert!(
            run_row(ctx, run)
                .await
                .report
                .to_string()
                .contains("not_engaged")
        );
    }
}

#[tokio::test]
async fn the_pages_lead_from_panels_to_an_approved_run() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        app.add_account("何静宜", "handler@example.org", Role::Handler, None)
            .await;
        app.add_account("彭望舒", "approver@example.org", Role::Approver, None)
            .await;
        let unit = pool::unit(ctx, "中国电子学会").await;
        app.add_account("联络员", "contact@example.org", Role::Contact, Some(unit))
            .await;
        engage_samples(ctx).await;
        let panel = open(ctx, facts(TITLE, TEXT, 3), Vec::new()).await;
        let desk = app.signed_in("handler@example.org").await;
        let second = app.signed_in("approver@example.org").await;
        let contact = app.signed_in("contact@example.org").await;

        assert!(desk.read("/home").await.contains("1 个专家组待匹配"));
        assert!(desk.read("/panels").await.contains(TITLE));
        let unticked = desk.post("/runs", &[("scope", "chosen")]).await;
        assert_eq!(unticked.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unticked.text().await.unwrap().contains("请先勾选"));
        let id = panel.to_string();
        let to = desk
            .submit("/runs", &[("scope", "chosen"), ("panel", &id)])
            .await;
        let path = to.split('?').next().unwrap();
        let page = desk.read(path).await;
        assert!(
            page.contains("最优，已由独立程序核对") && page.contains("依据"),
            "{page}"
        );
        assert_eq!(contact.get(path).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(contact.get("/panels").await.status(), StatusCode::NOT_FOUND);

        let run: RunId = path.rsplit('/').next().unwrap().parse().unwrap();
        let first = chosen(ctx, run).await[0].expert_id.to_string();
        let adjust = |reason: &'static str| {
            [
                ("panel", id.clone()),
                ("expert", first.clone()),
                ("do", "exclude".to_owned()),
                ("reason", reason.to_owned()),
            ]
        };
        let given = adjust("");
        let fields: Vec<(&str, &str)> = given.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let refused = desk.post(&format!("{path}/adjust"), &fields).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let given = adjust("近期出国");
        let fields: Vec<(&str, &str)> = given.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let to = desk.submit(&format!("{path}/adjust"), &fields).await;
        let path = to.split('?').next().unwrap();
        let page = desk.read(path).await;
        assert!(page.contains("近期出国") && page.contains("人工排除"));
        let compared = desk.read(&format!("{path}/compare")).await;
        assert!(compared.contains("换上 1 人，换下 1 人"), "{compared}");

        desk.submit(&format!("{path}/hand-in"), &[("note", "请审批")])
            .await;
        assert!(second.read("/home").await.contains("审批匹配 PP-2026-002"));
        let own = desk
            .post(&format!("{path}/decide"), &[("decision", "approve")])
            .await;
        assert_eq!(own.status(), StatusCode::NOT_FOUND);
        let blank = second
            .post(&format!("{path}/decide"), &[("decision", "return")])
            .await;
        assert_eq!(blank.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let done = second
            .submit(&format!("{path}/decide"), &[("decision", "approve")])
            .await;
        assert!(done.ends_with("done=approved"));
        assert_eq!(asked(ctx, panel).await.len(), 3);
        let twice = second
            .post(&format!("{path}/decide"), &[("decision", "approve")])
            .await;
        assert_eq!(twice.status(), StatusCode::CONFLICT);
        assert!(
            second
                .read("/runs?tab=approved")
                .await
                .contains("PP-2026-002")
        );
    }
}
