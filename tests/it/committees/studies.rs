use entity::{
    ids::{PanelId, StudyId},
    panel::PanelState,
    study::{self, StudyState},
};
use expert_pool::panels;
use reqwest::StatusCode;
use sea_orm::EntityTrait;

use super::{chair, found, named, told};
use crate::support::{
    app::Browser,
    databases::databases,
    panels::yes,
    requests::{Office, refused, upload, with},
    training::shown,
};

const STUDY: [(&str, &str); 10] = [
    ("title", "液冷系统团体标准国际化路径"),
    ("question", "哪些液冷系统的验收指标可以提交国际标准提案？"),
    ("domains", "35.220；液冷系统；验收"),
    ("demand", "2"),
    ("min_technical", "1"),
    ("min_standardization", "1"),
    ("max_per_unit", "1"),
    ("plan_due", "2026-09-21"),
    ("interim_due", "2026-10-30"),
    ("report_due", "2026-12-01"),
];

/// The composition of [`STUDY`], as the study's own page sends it.
const TWO: [(&str, &str); 4] = [
    ("demand", "2"),
    ("min_technical", "1"),
    ("min_standardization", "1"),
    ("max_per_unit", "1"),
];

async fn planned(office: &Office) -> (Browser, StudyId) {
    let id = named(office, "国际标准化委员会").await;
    found(office, id).await;
    let officer = chair(office, id).await;
    let to = officer
        .submit(&format!("/committees/{id}/studies/new"), &STUDY)
        .await;
    let study = to
        .trim_start_matches("/studies/")
        .split('?')
        .next()
        .unwrap();
    (officer, StudyId(study.parse().unwrap()))
}

async fn row(office: &Office, id: StudyId) -> study::Model {
    study::Entity::find_by_id(id)
        .one(office.stage.ctx().store.read())
        .await
        .unwrap()
        .unwrap()
}

/// The panel is asked for, and two experts accept.
async fn begun(office: &Office, officer: &Browser, id: StudyId) -> PanelId {
    officer.submit(&format!("/studies/{id}/panel"), &TWO).await;
    let panel = row(office, id).await.panel_id.expect("its panel is open");
    office.stage.ask(panel, &[0, 1], false).await;
    for expert in [0, 1] {
        office.stage.answer(expert, yes()).await.unwrap();
    }
    panel
}

#[tokio::test]
async fn a_study_goes_from_plan_to_report_by_the_work_link() {
    for database in databases().await {
        let office = Office::open(database, 3).await;
        let app = &office.stage.app;
        let (officer, id) = planned(&office).await;
        let page = officer.read(&format!("/studies/{id}")).await;
        assert!(page.contains("YJ-2026-001") && page.contains("组建专家组"));
        let panel = begun(&office, &officer, id).await;
        assert_eq!(row(&office, id).await.state, StudyState::Working);
        assert_eq!(
            told(&office, "studies.standing").await,
            ["chair@example.org"]
        );

        let work = office.work(0).await;
        let expert = app.visitor();
        let page = expert.read(&work).await;
        assert!(
            page.contains("提交研究方案") && page.contains("9月21日（周一）前"),
            "{page}"
        );
        let empty = refused(expert.post(&work, &[("text", "")]).await).await;
        assert!(empty.contains("请填"), "{empty}");
        let files: [(&str, &[u8]); 1] = [("方案.pdf", b"%PDF-1.7")];
        let answer = upload(
            &expert,
            &work,
            &[("text", "分三步：比对、验证、起草。")],
            &files,
        )
        .await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(row(&office, id).await.state, StudyState::Review);
        assert_eq!(told(&office, "studies.filed").await, ["chair@example.org"]);

        // The other member sees it and may file a version of their own.
        let second = office.work(1).await;
        let page = app.visitor().read(&second).await;
        assert!(page.contains("分三步") && page.contains("方案.pdf") && page.contains("正在评审"));
        let review = format!("/studies/{id}/review");
        let page = refused(officer.post(&review, &[("do", "return")]).await).await;
        assert!(
            page.contains("id=\"opinion\""),
            "what is to be changed has to be said"
        );
        let returned = [("do", "return"), ("opinion", "请补充样本范围。")];
        officer.submit(&review, &returned).await;
        assert_eq!(row(&office, id).await.state, StudyState::Working);
        app.visitor()
            .submit(&second, &[("text", "样本取十二家单位。")])
            .await;
        officer.submit(&review, &[("do", "accept")]).await;
        let page = expert.read(&work).await;
        assert!(page.contains("提交中期报告") && page.contains("以前各稿（1）"));
        assert_eq!(told(&office, "studies.accepted").await.len(), 2);
        for text in ["中期：已比对十项指标。", "报告：建议提交三项提案。"] {
            expert.submit(&work, &[("text", text)]).await;
            let accept = [("do", "accept"), ("opinion", "同意，按此办理。")];
            officer.submit(&review, &accept).await;
        }
        let closed = row(&office, id).await;
        assert_eq!(closed.state, StudyState::Closed);
        assert_eq!(closed.conclusion, "同意，按此办理。");
        let panel = panels::get(office.stage.ctx().store.read(), panel)
            .await
            .unwrap();
        assert_eq!(panel.state, PanelState::Closed);
        assert_eq!(told(&office, "studies.thanks").await.len(), 2);

        // After the end nothing is taken, and what was written is not lost.
        let late = refused(expert.post(&work, &[("text", "补充一点")]).await).await;
        assert!(
            late.contains("这项研究已结题") && late.contains("补充一点"),
            "{late}"
        );
        assert!(expert.read(&work).await.contains("这项研究已结束"));
        let file = upload(&expert, &work, &[("text", "再补")], &files).await;
        assert_eq!(file.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = officer.read(&format!("/studies/{id}")).await;
        assert!(page.contains("报告：建议提交三项提案") && page.contains("结题"));
    }
}

#[tokio::test]
async fn a_composition_that_nobody_can_satisfy_is_refused_with_the_way_out() {
    for database in databases().await {
        // Of the three only the first knows the procedure.
        let office = Office::open(database, 3).await;
        let id = named(&office, "国际标准化委员会").await;
        found(&office, id).await;
        let officer = chair(&office, id).await;
        let path = format!("/committees/{id}/studies/new");
        let wrong = with(
            &STUDY,
            &[("min_technical", "2"), ("min_standardization", "2")],
        );
        let page = refused(officer.post(&path, &wrong).await).await;
        assert!(
            page.contains("液冷系统团体标准国际化路径"),
            "what was typed stays"
        );
        let wrong = with(&STUDY, &[("interim_due", "2026-09-18")]);
        let page = refused(officer.post(&path, &wrong).await).await;
        assert!(page.contains("要晚于研究方案的 9月21日"), "{page}");
        let to = officer.submit(&path, &STUDY).await;
        let study = to.split('?').next().unwrap();
        let many = with(&TWO, &[("demand", "3"), ("min_standardization", "2")]);
        let page = refused(officer.post(&format!("{study}/panel"), &many).await).await;
        for said in ["标准化类专家", "最多 1 位", "专家A", "改为至少 1 位即可"] {
            assert!(page.contains(said), "{said}: {page}");
        }
        // It is said at a field of this page, with what was typed in it.
        assert!(page.contains(r##"href="#min_standardization""##), "{page}");
        let typed = page.split("name=\"min_standardization\"").nth(1).unwrap();
        let typed = typed.split('>').next().unwrap();
        assert!(typed.contains("value=\"2\""), "{typed}");
        let many = with(&TWO, &[("demand", "5")]);
        let page = refused(officer.post(&format!("{study}/panel"), &many).await).await;
        assert!(page.contains("把人数改为 3 人即可"), "{page}");
        assert!(page.contains(r##"href="#demand""##), "{page}");
        let none = refused(officer.post(&format!("{study}/panel"), &[]).await).await;
        assert!(none.contains(r##"href="#demand""##), "{none}");
        officer
            .submit(&format!("{study}/withdraw"), &[("withdraw_reason", "改期")])
            .await;
        let page = refused(officer.post(&format!("{study}/panel"), &TWO).await).await;
        assert!(page.contains("已撤销"));
    }
}

/// The plan as the form shows it, with some fields as they are to be.
async fn edited(
    officer: &Browser,
    id: StudyId,
    more: &[(&'static str, &'static str)],
) -> Vec<(String, String)> {
    let mut fields = shown(&officer.read(&format!("/studies/{id}/edit")).await);
    for (name, text) in more {
        let known = fields.iter_mut().find(|(known, _)| known == name);
        known.expect("the form has the field").1 = (*text).to_owned();
    }
    fields
}

async fn send(officer: &Browser, id: StudyId, fields: &[(String, String)]) -> reqwest::Response {
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    officer.post(&format!("/studies/{id}/edit"), &fields).await
}

#[tokio::test]
async fn a_study_is_changed_and_those_concerned_are_told() {
    for database in databases().await {
        let office = Office::open(database, 3).await;
        let app = &office.stage.app;
        let (officer, id) = planned(&office).await;

        // Before the panel is asked for nobody has to hear of it.
        let wrong = edited(
            &officer,
            id,
            &[("interim_due", "2026-09-18"), ("demand", "1")],
        )
        .await;
        let page = refused(send(&officer, id, &wrong).await).await;
        assert!(page.contains("要晚于研究方案的 9月21日"), "{page}");
        assert!(
            page.contains(r##"href="#demand""##),
            "both are said: {page}"
        );
        let stale = edited(&officer, id, &[("title", "旧题目")]).await;
        app.advance(chrono::Duration::minutes(1));
        let new = edited(
            &officer,
            id,
            &[
                ("title", "液冷系统验收指标研究"),
                ("plan_due", "2026-09-23"),
            ],
        )
        .await;
        assert_eq!(
            send(&officer, id, &new).await.status(),
            StatusCode::SEE_OTHER
        );
        assert_eq!(row(&office, id).await.title, "液冷系统验收指标研究");
        let page = refused(send(&officer, id, &stale).await).await;
        assert!(
            page.contains("刚被别人改过") && page.contains("旧题目"),
            "{page}"
        );
        assert!(told(&office, "panels.facts_changed").await.is_empty());

        // The panel that is asked for follows, and is looked at anew.
        officer.submit(&format!("/studies/{id}/panel"), &TWO).await;
        let panel = row(&office, id).await.panel_id.unwrap();
        let many = edited(&officer, id, &[("demand", "5")]).await;
        let page = refused(send(&officer, id, &many).await).await;
        assert!(page.contains("把人数改为 3 人即可"), "{page}");
        let three = edited(&officer, id, &[("demand", "3")]).await;
        assert_eq!(
            send(&officer, id, &three).await.status(),
            StatusCode::SEE_OTHER
        );
        assert_eq!(office.stage.panel(panel).await.demand, 3);
        let two = edited(&officer, id, &[("demand", "2")]).await;
        send(&officer, id, &two).await;

        office.stage.ask(panel, &[0, 1], false).await;
        office.stage.answer(0, yes()).await.unwrap();
        app.work().await;
        let later = edited(&officer, id, &[("report_due", "2026-12-20")]).await;
        assert_eq!(
            send(&officer, id, &later).await.status(),
            StatusCode::SEE_OTHER
        );
        let both = ["expert0@example.org", "expert1@example.org"];
        assert_eq!(told(&office, "panels.facts_changed").await, both);
        office.stage.answer(1, yes()).await.unwrap();
        assert_eq!(row(&office, id).await.state, StudyState::Working);
        let few = edited(&officer, id, &[("demand", "1"), ("min_technical", "0")]).await;
        let page = refused(send(&officer, id, &few).await).await;
        assert!(
            page.contains(r##"href="#demand""##),
            "two have accepted: {page}"
        );

        // What was accepted keeps its day; what is late may stay as it is.
        let work = office.work(0).await;
        app.visitor().submit(&work, &[("text", "方案")]).await;
        officer
            .submit(&format!("/studies/{id}/review"), &[("do", "accept")])
            .await;
        app.set_time("2026-11-02 10:00");
        let officer = app.signed_in("chair@example.org").await;
        let done = edited(&officer, id, &[("plan_due", "2026-11-20")]).await;
        let page = refused(send(&officer, id, &done).await).await;
        assert!(page.contains("日期保持 9月23日"), "{page}");
        let asked = edited(&officer, id, &[("question", "哪些指标可以成为国际标准？")]).await;
        assert_eq!(
            send(&officer, id, &asked).await.status(),
            StatusCode::SEE_OTHER
        );
        let page = officer.read(&format!("/studies/{id}")).await;
        assert!(
            page.contains("调整要研究的问题") && page.contains("通知 2 位专家"),
            "{page}"
        );
        officer
            .submit(
                &format!("/studies/{id}/withdraw"),
                &[("withdraw_reason", "改期")],
            )
            .await;
        let page = refused(send(&officer, id, &asked).await).await;
        assert!(page.contains("已撤销"), "{page}");
    }
}

#[tokio::test]
async fn those_who_are_due_are_reminded_then_the_lead_then_the_secretariat() {
    for database in databases().await {
        let office = Office::open(database, 3).await;
        let app = &office.stage.app;
        let (officer, id) = planned(&office).await;
        begun(&office, &officer, id).await;
        let job = "committees.study_reminders";
        app.set_time("2026-09-15 10:00");
        assert_eq!(office.run(job).await, 0);
        app.set_time("2026-09-17 10:00");
        office.run(job).await;
        office.run(job).await;
        let both = ["expert0@example.org", "expert1@example.org"];
        assert_eq!(told(&office, "studies.report_due").await, both);
        assert!(told(&office, "studies.report_late").await.is_empty());
        app.set_time("2026-09-22 10:00");
        office.run(job).await;
        assert_eq!(told(&office, "studies.report_late").await, both);
        assert_eq!(
            told(&office, "studies.lead_told").await,
            ["chair@example.org"]
        );
        assert!(told(&office, "studies.secretariat_told").await.is_empty());
        // Nobody is written to on the holiday, and the secretariat hears after it.
        app.set_time("2026-09-26 10:00");
        assert_eq!(office.run(job).await, 0);
        app.set_time("2026-09-28 10:00");
        office.run(job).await;
        office.run(job).await;
        assert_eq!(told(&office, "studies.secretariat_told").await.len(), 1);
        let desk = office.desk().await.read("/home").await;
        assert!(desk.contains("研究方案逾期"), "{desk}");
        // What is filed and waits is no longer reminded of.
        let expert = app.visitor();
        expert
            .submit(&office.work(0).await, &[("text", "方案")])
            .await;
        assert_eq!(office.run(job).await, 0);
        let waits = app.signed_in("chair@example.org").await.read("/home").await;
        assert!(waits.contains("请评审"));
    }
}
