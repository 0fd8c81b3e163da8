//! Changing and withdrawing a request while experts are asked and at work.

use chrono::Duration;
use entity::{assignment::AssignmentState, consultation::ConsultationState, ids::ConsultationId};
use reqwest::StatusCode;

use crate::support::{
    databases::databases,
    panels::yes,
    requests::{ADVICE, Office, refused, with},
};

async fn change(office: &Office, id: ConsultationId, other: &[(&str, &str)]) -> String {
    office.stage.app.advance(Duration::minutes(1));
    let version = office.row(id).await.version.to_string();
    let mut fields = with(&ADVICE, other);
    fields.push(("version", version.as_str()));
    let path = format!("/consultations/{id}/edit");
    office.unit().await.submit(&path, &fields).await
}

#[tokio::test]
async fn a_new_place_is_told_and_a_new_time_is_asked() {
    for database in databases().await {
        let office = Office::open(database, 2).await;
        let id = office.seated(&ADVICE, &[0, 1]).await;
        assert_eq!(office.state(id).await, ConsultationState::Standing);
        let page = office
            .unit()
            .await
            .read(&format!("/consultations/{id}/edit"))
            .await;
        assert!(page.contains("已联系 2 位专家"), "{page}");

        change(&office, id, &[("place", "北京市海淀区示例路 8 号")]).await;
        assert_eq!(office.stage.mails("panels.facts_changed").await.len(), 2);
        assert_eq!(office.state(id).await, ConsultationState::Standing);

        change(&office, id, &[("meeting_date", "2026-10-12")]).await;
        assert_eq!(office.stage.mails("panels.redated").await.len(), 2);
        assert_eq!(office.state(id).await, ConsultationState::Accepted);
        let history = office
            .unit()
            .await
            .read(&format!("/consultations/{id}"))
            .await;
        assert!(history.contains("请 2 位专家重新答复"), "{history}");
        assert_eq!(
            office.members(id).await.len(),
            0,
            "they have to answer again"
        );

        for expert in [0, 1] {
            office.stage.answer(expert, yes()).await.unwrap();
        }
        assert_eq!(office.state(id).await, ConsultationState::Standing);
    }
}

#[tokio::test]
async fn the_day_of_a_meeting_that_has_been_stays() {
    for database in databases().await {
        let office = Office::open(database, 2).await;
        let id = office.seated(&ADVICE, &[0, 1]).await;
        office.stage.app.set_time("2026-09-28 17:00");
        assert_eq!(office.run("consultations.begin").await, 1);
        assert_eq!(office.run("consultations.begin").await, 0);
        assert_eq!(office.state(id).await, ConsultationState::Working);

        change(
            &office,
            id,
            &[("description", "补充说明：限值按两种介质分别给出。")],
        )
        .await;
        assert!(office.row(id).await.description.starts_with("补充说明"));

        let version = office.row(id).await.version.to_string();
        let mut fields = with(&ADVICE, &[("meeting_date", "2026-10-12")]);
        fields.push(("version", version.as_str()));
        let path = format!("/consultations/{id}/edit");
        let text = refused(office.unit().await.post(&path, &fields).await).await;
        assert!(text.contains("会议已经开过，日期不能再改"), "{text}");
    }
}

/// Brings a request to `state` with two experts.
async fn bring(office: &Office, state: ConsultationState) -> ConsultationId {
    use ConsultationState::*;
    let written = with(
        &ADVICE,
        &[
            ("form", "none"),
            ("meeting_date", ""),
            ("meeting_half", ""),
            ("wanted_by", "2026-10-20"),
        ],
    );
    match state {
        Draft => office.file(&[("title", "草稿"), ("do", "save")]).await,
        Submitted => office.file(&ADVICE).await,
        Returned => {
            let id = office.file(&ADVICE).await;
            let path = format!("/consultations/{id}/return");
            office
                .desk()
                .await
                .submit(&path, &[("return_reason", "请补充")])
                .await;
            id
        }
        Accepted => {
            let id = office.file(&ADVICE).await;
            office.take_in(id).await;
            let panel = office.panel(id).await;
            office.stage.app.advance(Duration::minutes(1));
            office.stage.ask(panel, &[0], false).await;
            id
        }
        Standing => office.seated(&ADVICE, &[0, 1]).await,
        Working | Concluded | AskedAgain => {
            let id = office.seated(&written, &[0, 1]).await;
            if state != Working {
                office.lead(id, 0).await;
                office.opine(0, "").await;
                office.conclude(0, "").await;
            }
            if state == AskedAgain {
                let path = format!("/consultations/{id}/ask");
                office
                    .unit()
                    .await
                    .submit(&path, &[("question", "限值依据是什么？")])
                    .await;
            }
            id
        }
        Refused | Closed | Withdrawn => unreachable!("{state:?} has ended"),
    }
}

#[tokio::test]
async fn a_request_can_be_withdrawn_from_every_state() {
    use ConsultationState::*;
    for database in databases().await {
        let office = Office::open(database, 2).await;
        for state in [
            Draft, Submitted, Returned, Accepted, Standing, Working, Concluded, AskedAgain,
        ] {
            let told = office.stage.mails("panels.released").await.len();
            let id = bring(&office, state).await;
            assert_eq!(office.state(id).await, state);
            let path = format!("/consultations/{id}/withdraw");
            let unit = office.unit().await;
            if state != Draft {
                let text = refused(unit.post(&path, &[]).await).await;
                assert!(
                    text.contains("id=\"withdraw_reason-e\""),
                    "a reason is needed"
                );
            }
            unit.submit(&path, &[("withdraw_reason", "项目取消")]).await;
            assert_eq!(office.state(id).await, Withdrawn, "from {state:?}");
            assert_eq!(
                unit.post(&path, &[("withdraw_reason", "再")])
                    .await
                    .status(),
                422
            );
            let told = office.stage.mails("panels.released").await.len() - told;
            let serving = match state {
                Draft | Submitted | Returned => 0,
                // The question had not left yet, so there is nothing to take back.
                Accepted => 0,
                _ => 2,
            };
            assert_eq!(told, serving, "experts of {state:?}");
            if serving > 0 {
                let asked = office.stage.asked(0).await.assignment;
                assert_eq!(asked.state, AssignmentState::Released);
                let page = office.stage.app.visitor().get(&office.work(0).await).await;
                assert_eq!(page.status(), StatusCode::NOT_FOUND);
            }
        }
    }
}

#[tokio::test]
async fn an_answer_and_a_withdrawal_at_once_wait_for_each_other() {
    for database in databases().await {
        let office = Office::open(database, 2).await;
        for _ in 0..6 {
            let id = bring(&office, ConsultationState::Accepted).await;
            let panel = office.panel(id).await;
            office.stage.ask(panel, &[1], false).await;
            office.stage.answer(0, yes()).await.unwrap();
            let unit = office.unit().await;
            let path = format!("/consultations/{id}/withdraw");
            // The last acceptance tells the request that its panel stands.
            let (answer, withdrawal) = tokio::join!(
                office.stage.answer(1, yes()),
                unit.post(&path, &[("withdraw_reason", "项目取消")]),
            );
            if let Err(error) = answer {
                assert!(error.into_form_errors().is_ok(), "refused, not broken");
            }
            assert_eq!(withdrawal.status(), StatusCode::SEE_OTHER);
            assert_eq!(office.state(id).await, ConsultationState::Withdrawn);
        }
    }
}

#[tokio::test]
async fn the_secretariat_goes_on_with_fewer_experts_for_a_reason() {
    for database in databases().await {
        let office = Office::open(database, 2).await;
        let id = office.file(&ADVICE).await;
        office.take_in(id).await;
        let panel = office.panel(id).await;
        office.stage.ask(panel, &[0, 1], false).await;
        let (desk, path) = (office.desk().await, format!("/consultations/{id}"));
        assert!(
            !desk.read(&path).await.contains("人办理…"),
            "nobody accepted"
        );
        office.stage.answer(0, yes()).await.unwrap();
        assert!(desk.read(&path).await.contains("按现有 1 人办理…"));
        let go_on = format!("{path}/go-on");
        let text = refused(desk.post(&go_on, &[]).await).await;
        assert!(text.contains("id=\"go_on_reason-e\""), "{text}");
        let reason = [("go_on_reason", "会期已近，一位专家足以答复")];
        desk.submit(&go_on, &reason).await;
        let row = office.row(id).await;
        assert_eq!((row.state, row.demand), (ConsultationState::Standing, 1));
        assert_eq!(
            office.stage.asked(1).await.assignment.state,
            AssignmentState::Released
        );
        assert!(
            desk.read(&path)
                .await
                .contains("会期已近，一位专家足以答复")
        );
        assert_eq!(desk.post(&go_on, &reason).await.status(), 422, "once");
    }
}
