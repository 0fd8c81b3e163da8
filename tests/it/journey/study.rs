//! A study in a real browser: planned by a committee, matched and accepted, worked through by the
//! experts' links, reviewed and closed.

use entity::{
    committee_person::Office,
    committee_unit::UnitPart,
    ids::{PersonId, UnitId},
    role_grant::Role,
    unit::Tier,
};
use expert_pool::{
    accounts::{Actor, Grant},
    committees::{self, NewOfficer},
    units,
};

use crate::support::{
    app::TestApp,
    browser::Browser,
    databases::TestDatabase,
    desk::{Desk, links},
    pool::engage_samples,
};

/// A committee that stands, with a 主任委员 who can sign in.
async fn committee(app: &TestApp, person: PersonId) -> String {
    let ctx = &app.ctx;
    let handler = Actor {
        person,
        account: None,
        session: ctx.platform().id(),
        name: "何经办".to_owned(),
        sample: false,
        grants: vec![Grant {
            role: Role::Handler,
            unit: None,
            committee: None,
        }],
    };
    let all: Vec<UnitId> = units::all(ctx.store.read())
        .await
        .unwrap()
        .iter()
        .map(|unit| unit.id)
        .collect();
    let (tier, today) = (Tier::StandingCouncil, ctx.today());
    units::change_tier(ctx, &handler, all[0], tier, today, "理事会表决")
        .await
        .unwrap();
    let id = committees::all(ctx.store.read()).await.unwrap()[1].id;
    for (unit, part) in [
        (all[0], UnitPart::Lead),
        (all[1], UnitPart::Organiser),
        (all[2], UnitPart::Organiser),
    ] {
        committees::name_unit(ctx, &handler, id, unit, part)
            .await
            .unwrap();
    }
    committees::establish(ctx, &handler, id, today, "理事会表决通过")
        .await
        .unwrap();
    app.add_account("林岚", "chair@example.org", Role::Training, None)
        .await;
    let chair = NewOfficer {
        name: "林岚".to_owned(),
        email: "chair@example.org".to_owned(),
        mobile: String::new(),
        position: String::new(),
        unit: all[0],
        office: Office::Chair,
        from: today,
        to: today + chrono::Days::new(700),
    };
    committees::appoint(ctx, &handler, id, &chair)
        .await
        .unwrap();
    format!("/committees/{id}")
}

async fn set_day(browser: &Browser, field: &str, day: &str) {
    let script = format!("document.getElementById('{field}').value = '{day}'");
    browser.execute(script, Vec::new()).await.unwrap();
}

#[tokio::test]
async fn a_study_goes_from_plan_to_report() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let app = TestApp::start(TestDatabase::sqlite()).await;
    engage_samples(&app.ctx).await;
    let (person, _) = app
        .add_account("何经办", "handler@example.org", Role::Handler, None)
        .await;
    app.add_account("彭审批", "approver@example.org", Role::Approver, None)
        .await;
    let page = committee(&app, person).await;
    let desk = Desk {
        app: &app,
        browser: &browser,
    };

    // The committee plans; what is wrong is said and nothing is lost.
    desk.sign_in("chair@example.org").await;
    desk.open("/committees").await;
    browser.screenshots("study-1-committees").await;
    desk.open(&page).await;
    browser.screenshots("study-2-committee").await;
    desk.press("计划专项研究").await;
    desk.fill("title", "可燃制冷剂冷库安全指标研究").await;
    desk.fill(
        "question",
        "小型冷库使用可燃制冷剂，泄漏检测和充注限值应当怎样规定？",
    )
    .await;
    desk.fill("domains", "27.200；制冷剂").await;
    desk.fill("min_standardization", "0").await;
    desk.press("保存计划").await;
    desk.reads("其余内容已保留").await;
    browser.screenshots("study-3-plan").await;
    desk.fill("demand", "2").await;
    for (field, day) in [
        ("plan_due", "2026-10-20"),
        ("interim_due", "2026-11-20"),
        ("report_due", "2026-12-21"),
    ] {
        set_day(&browser, field, day).await;
    }
    desk.press("保存计划").await;
    desk.reads("YJ-2026-001").await;
    desk.press("组建专家组").await;
    let study = browser.current_url().await.unwrap().path().to_owned();

    // The secretariat matches it with everything else, somebody else approves.
    desk.sign_in("handler@example.org").await;
    desk.open("/panels").await;
    desk.click("input[name=panel]").await;
    desk.press("匹配所选").await;
    desk.reads("已由独立程序核对").await;
    let run = browser.current_url().await.unwrap().path().to_owned();
    desk.fill("note", "请审批").await;
    desk.press("提交审批").await;
    desk.sign_in("approver@example.org").await;
    desk.open(&run).await;
    desk.click("input[name=decision]").await;
    desk.press("提交审批意见").await;
    desk.reads("已批准").await;

    // Both experts accept by the link in their mail, and get their work link once answers stand.
    let invitations = links(&app, "/i/").await;
    assert_eq!(invitations.len(), 2, "{invitations:?}");
    browser.delete_all_cookies().await.unwrap();
    for (_, link) in &invitations {
        desk.open(link).await;
        desk.click("#accept").await;
        desk.click("#clear").await;
        desk.press("提交答复").await;
        desk.reads("能参加").await;
    }
    app.set_time("2026-09-18 09:30");
    let work = links(&app, "/w/").await;
    let (_, work) = work.first().expect("a work link");

    // Plan, interim report and report, each looked at by the committee.
    for (number, what) in ["研究方案", "中期报告", "研究报告"].into_iter().enumerate() {
        browser.delete_all_cookies().await.unwrap();
        desk.open(work).await;
        if number == 1 {
            browser.screenshots("study-4-work").await;
        }
        desk.fill("text", &format!("{what}：比对三种检漏方法。"))
            .await;
        desk.press(&format!("提交{what}")).await;
        desk.reads("委员会正在评审").await;
        desk.sign_in("chair@example.org").await;
        desk.open(&study).await;
        if number == 1 {
            browser.screenshots("study-5-review").await;
        }
        desk.fill("opinion", "同意。").await;
        desk.press("通过").await;
        desk.reads("已通过").await;
    }
    desk.reads("已结题").await;
    browser.screenshots("study-6-closed").await;
    browser.delete_all_cookies().await.unwrap();
    desk.open(work).await;
    desk.reads("这项研究已结束").await;
}
