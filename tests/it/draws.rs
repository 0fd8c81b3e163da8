//! 随机抽取: the promise, the requester's words, the draw, and drawing again from the record.

use entity::{
    assignment::AssignmentState,
    ids::{ExpertId, PanelId, RunId},
    invitation::DeclineReason,
    matching_run::{self, RunMode},
    panel_draw,
    role_grant::Role,
    run_choice,
};
use expert_pool::{
    accounts::{Actor, Grant},
    foundation::error::Error,
    panels::{
        self,
        matching::{approve, hand_in, run_match},
        replace,
    },
};
use matching::{
    assign::draw::{commit, unhex},
    files::draw_file::DrawFile,
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::support::{
    databases::databases,
    outbox::mails,
    panels::{Stage, code, no},
    requests::{ADVICE, Office, with},
};

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

async fn promise(stage: &Stage, panel: PanelId) -> panel_draw::Model {
    let found = panel_draw::Entity::find_by_id(panel);
    found.one(stage.ctx().store.read()).await.unwrap().unwrap()
}

/// Draws and lets the result be approved.
async fn drawn(stage: &Stage, panels: &[PanelId]) -> RunId {
    let ctx = stage.ctx();
    let run = run_match(ctx, &handler(), panels, RunMode::Draw).await;
    let run = run.unwrap();
    hand_in(ctx, &handler(), run, "").await.unwrap();
    approve(ctx, &approver(), run, "", "").await.unwrap();
    run
}

async fn seated(stage: &Stage, run: RunId, panel: PanelId) -> Vec<ExpertId> {
    let rows = run_choice::Entity::find()
        .filter(run_choice::Column::RunId.eq(run))
        .filter(run_choice::Column::PanelId.eq(panel))
        .filter(run_choice::Column::Reserve.eq(false))
        .order_by_asc(run_choice::Column::Place)
        .all(stage.ctx().store.read())
        .await
        .unwrap();
    rows.into_iter().map(|row| row.expert_id).collect()
}

#[tokio::test]
async fn a_request_is_promised_a_draw_that_everybody_can_repeat() {
    for database in databases().await {
        let office = Office::open(database, 7).await;
        let stage = &office.stage;
        stage
            .app
            .add_account("审批甲", "chief@example.org", Role::Approver, None)
            .await;
        let id = office.file(&ADVICE).await;
        let path = format!("/consultations/{id}/draw");
        let page = office.unit().await.read(&path).await;
        assert!(page.contains("申请受理后在这里公布抽取承诺"));
        let early = office.unit().await.post(&path, &[("words", "早")]).await;
        assert_eq!(early.status(), StatusCode::UNPROCESSABLE_ENTITY);

        office.take_in(id).await;
        let panel = office.panel(id).await;
        let kept = promise(stage, panel).await;
        let page = office.unit().await.read(&path).await;
        assert!(page.contains(&kept.commitment) && !page.contains(&kept.nonce));
        let told = mails(&stage.app, "consultations.accepted", "contact@example.org").await;
        assert!(told[0].facts.to_string().contains(&kept.commitment));

        let words = "中秋月圆 28";
        let to = office.unit().await.submit(&path, &[("words", words)]).await;
        assert_eq!(to, format!("{path}?done=recorded"));
        let desk = office.desk().await;
        assert_eq!(
            desk.post(&path, &[("words", "秘书处的话")]).await.status(),
            404,
            "the words are the requester's"
        );
        let to = desk
            .submit("/runs", &[("scope", "all"), ("mode", "draw")])
            .await;
        let run = to.trim_start_matches("/runs/").split('?').next().unwrap();
        let page = desk.read(&format!("/runs/{run}")).await;
        assert!(page.contains("名单由随机抽取产生") && page.contains("抽中的机会"));
        assert!(page.contains(&kept.commitment) && !page.contains(&kept.nonce));
        let paper = format!("/runs/{run}/papers/{panel}");
        let page = desk.read(&paper).await;
        assert!(page.contains(&kept.commitment) && !page.contains(&kept.nonce));
        let record = format!("/runs/{run}/draws/{panel}");
        assert_eq!(desk.get(&record).await.status(), 404, "not approved yet");
        let late = office.unit().await.post(&path, &[("words", "晚")]).await;
        assert_eq!(late.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = office.unit().await.read(&path).await;
        assert!(page.contains("结果待审批") && !page.contains(&kept.nonce));
        let own = format!("{path}/record");
        assert_eq!(office.unit().await.get(&own).await.status(), 404);

        desk.submit(&format!("/runs/{run}/hand-in"), &[]).await;
        let chief = stage.app.signed_in("chief@example.org").await;
        chief
            .submit(&format!("/runs/{run}/decide"), &[("decision", "approve")])
            .await;
        let file: DrawFile = serde_json::from_str(&desk.read(&record).await).unwrap();
        assert_eq!(file.replay(), Ok(()));
        assert_eq!(file.record.contribution, words);
        let nonce = unhex(&file.record.nonce).unwrap();
        assert_eq!(commit(&nonce), kept.commitment);
        let page = desk.read(&paper).await;
        for said in [
            kept.commitment.as_str(),
            &kept.nonce,
            words,
            "28.6%",
            "抽取次序",
        ] {
            assert!(page.contains(said), "{said} in {page}");
        }
        let run: RunId = run.parse().unwrap();
        let members = seated(stage, run, panel).await;
        let named: Vec<String> = members.iter().map(ToString::to_string).collect();
        assert_eq!(file.requests[0].panel, named);
        let text = serde_json::to_string(&file).unwrap();
        assert!(!text.contains("专家"), "a record names nobody");

        let page = office.unit().await.read(&path).await;
        assert!(
            page.contains(&kept.nonce) && page.contains("28.6%"),
            "{page}"
        );
        assert_eq!(
            office.unit().await.read(&own).await,
            desk.read(&record).await
        );
    }
}

#[tokio::test]
async fn whoever_declines_is_followed_by_the_next_in_the_drawn_order() {
    for database in databases().await {
        let stage = Stage::set(database, 6).await;
        let panel = stage.open(stage.facts(2).await).await;
        let run = drawn(&stage, &[panel]).await;
        let row = matching_run::Entity::find_by_id(run);
        let row = row.one(stage.ctx().store.read()).await.unwrap().unwrap();
        let file: DrawFile =
            serde_json::from_value(row.certificate["panels"][0]["file"].clone()).unwrap();
        let order: Vec<ExpertId> = file.requests[0]
            .order
            .iter()
            .map(|id| id.parse().unwrap())
            .collect();
        assert_eq!(order.len(), 6);
        assert_eq!(seated(&stage, run, panel).await, order[..2]);
        // Two decline, one after the other.
        for (place, next) in [(0, 2), (1, 3)] {
            let at = stage.experts.iter().position(|one| one.id == order[place]);
            let declined = no(DeclineReason::Time);
            stage.answer(at.unwrap(), declined).await.unwrap();
            replace::replace_all(stage.ctx(), &stage.app.owners)
                .await
                .unwrap();
            let rows = stage.assignments(panel).await;
            let newest = rows.last().unwrap();
            assert_eq!(newest.expert_id, order[next]);
            assert_eq!(newest.state, AssignmentState::Invited);
            assert!(newest.reason.contains(&format!("抽取次序第 {}", next + 1)));
            assert_eq!(newest.run_id, Some(run));
        }
    }
}

#[tokio::test]
async fn panels_drawn_together_never_share_a_time_or_more_than_an_expert_can_bear() {
    for database in databases().await {
        let stage = Stage::set(database, 5).await;
        let first = stage.open(stage.facts(2).await).await;
        let second = stage.open(stage.facts(2).await).await;
        let run = drawn(&stage, &[]).await;
        let (one, other) = (
            seated(&stage, run, first).await,
            seated(&stage, run, second).await,
        );
        assert_eq!((one.len(), other.len()), (2, 2));
        assert!(one.iter().all(|id| !other.contains(id)), "at one time");
    }
}

#[tokio::test]
async fn a_panel_without_a_promise_is_not_drawn() {
    for database in databases().await {
        let stage = Stage::set(database, 3).await;
        let panel = stage.open(stage.facts(2).await).await;
        let tx = stage.ctx().store.begin().await.unwrap();
        panel_draw::Entity::delete_by_id(panel)
            .exec(tx.db())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let refused = run_match(stage.ctx(), &handler(), &[], RunMode::Draw).await;
        assert_eq!(code(refused), "panels.no_draw");
    }
}

#[tokio::test]
async fn the_same_promise_and_pool_give_the_same_draw_again() {
    for database in databases().await {
        let stage = Stage::set(database, 6).await;
        let ctx = stage.ctx();
        let panel = stage.open(stage.facts(3).await).await;
        let first = run_match(ctx, &handler(), &[], RunMode::Draw).await;
        let again = run_match(ctx, &handler(), &[], RunMode::Draw).await;
        assert_eq!(
            seated(&stage, first.unwrap(), panel).await,
            seated(&stage, again.unwrap(), panel).await,
            "nobody draws until the result suits"
        );
    }
}

#[tokio::test]
async fn words_and_a_draw_at_once_are_told_apart() {
    for database in databases().await {
        let stage = Stage::set(database, 4).await;
        let panel = stage.open(stage.facts(2).await).await;
        let ctx = stage.ctx();
        let person = stage.experts[0].person;
        let write = async {
            let tx = ctx.store.begin().await?;
            panels::contribute(&tx, panel, person, "正好同时").await?;
            tx.commit().await
        };
        let drawer = handler();
        let draw = run_match(ctx, &drawer, &[], RunMode::Draw);
        let (written, drawn) = tokio::join!(write, draw);
        let kept = promise(&stage, panel).await;
        match (&written, &drawn) {
            // One after the other, in either order, or the draw has seen that words came in.
            (Ok(()), Ok(_)) => {}
            (Err(Error::Refused(refusal)), Ok(_)) => {
                assert_eq!(refusal.code, "panels.words_closed");
            }
            (Ok(()), Err(Error::Conflict(refusal))) => {
                assert_eq!(refusal.code, "panels.words_came");
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(kept.contribution.is_empty(), written.is_err());
        if let Ok(run) = drawn {
            let row = matching_run::Entity::find_by_id(run);
            let row = row.one(ctx.store.read()).await.unwrap().unwrap();
            let used = &row.certificate["panels"][0]["file"]["record"]["contribution"];
            assert_eq!(used.as_str(), Some(kept.contribution.as_str()));
        }
    }
}

#[tokio::test]
async fn a_review_draws_one_who_knows_the_procedure() {
    for database in databases().await {
        let stage = Stage::set(database, 6).await;
        let mut facts = stage.facts(2).await;
        facts.min_standardization = 1;
        let panel = stage.open(facts).await;
        let run = drawn(&stage, &[panel]).await;
        let members = seated(&stage, run, panel).await;
        assert!(
            members.contains(&stage.experts[0].id),
            "the only one of the kind is always drawn"
        );
    }
}

#[tokio::test]
async fn a_foreign_unit_sees_no_draw() {
    for database in databases().await {
        let office = Office::open(database, 3).await;
        let id = office.file(&with(&ADVICE, &[])).await;
        office.take_in(id).await;
        let units = expert_pool::units::all(office.stage.ctx().store.read()).await;
        let other = units.unwrap()[2].id;
        let app = &office.stage.app;
        app.add_account("别家", "foreign@example.org", Role::Contact, Some(other))
            .await;
        let foreign = app.signed_in("foreign@example.org").await;
        let path = format!("/consultations/{id}/draw");
        assert_eq!(foreign.get(&path).await.status(), 404);
        assert_eq!(foreign.post(&path, &[("words", "x")]).await.status(), 404);
    }
}
