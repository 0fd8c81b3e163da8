//! The main job in a real browser, from filing to the requester's confirmation; mails are read where
//! they arrive.

use entity::{
    ids::{PersonId, UnitId},
    role_grant::Role,
    unit_contact::{self, ContactState},
};
use expert_pool::units;
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::support::{
    app::TestApp,
    browser::Browser,
    databases::TestDatabase,
    desk::{Desk, links},
    pool::engage_samples,
};

async fn add_contact(app: &TestApp, unit: UnitId, person: PersonId) {
    let tx = app.ctx.store.begin().await.unwrap();
    unit_contact::Entity::insert(unit_contact::ActiveModel {
        id: Set(tx.id()),
        unit_id: Set(unit),
        person_id: Set(person),
        position: Set("标准部主任".to_owned()),
        state: Set(ContactState::Active),
        created_at: Set(tx.now()),
        closed_at: Set(None),
        successor_id: Set(None),
    })
    .exec_without_returning(tx.db())
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_request_goes_from_filing_to_confirmation() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let app = TestApp::start(TestDatabase::sqlite()).await;
    engage_samples(&app.ctx).await;
    let unit = units::by_name(app.ctx.store.read(), "中国电子学会")
        .await
        .unwrap()
        .unwrap()
        .id;
    app.add_account("何经办", "handler@example.org", Role::Handler, None)
        .await;
    app.add_account("彭审批", "approver@example.org", Role::Approver, None)
        .await;
    let (person, _) = app
        .add_account("周联络", "contact@example.org", Role::Contact, Some(unit))
        .await;
    add_contact(&app, unit, person).await;
    let desk = Desk {
        app: &app,
        browser: &browser,
    };

    // The member files; what is wrong is said and nothing is lost.
    desk.sign_in("contact@example.org").await;
    desk.open("/consultations/new").await;
    desk.choose("purpose", "advice").await;
    desk.fill("title", "制冷系统泄漏检测方法咨询").await;
    desk.fill(
        "description",
        "小型冷库使用可燃制冷剂，泄漏检测方法和充注限值有两种意见，希望给出结论。",
    )
    .await;
    desk.fill("domains", "27.200；制冷剂").await;
    desk.choose("form", "none").await;
    desk.press("提交申请").await;
    desk.reads("其余内容已保留").await;
    browser.screenshots("journey-1-filing").await;
    desk.fill("demand", "2").await;
    browser
        .execute(
            "document.getElementById('wanted_by').value = '2026-10-20'",
            Vec::new(),
        )
        .await
        .unwrap();
    desk.press("提交申请").await;
    desk.reads("ZX-2026-0001").await;

    // The secretariat takes it in and matches.
    desk.sign_in("handler@example.org").await;
    desk.open("/consultations").await;
    desk.press("制冷系统泄漏检测方法咨询").await;
    desk.press("受理申请").await;
    desk.reads("受理").await;
    desk.open("/panels").await;
    desk.click("input[name=panel]").await;
    desk.press("匹配所选").await;
    desk.reads("已由独立程序核对").await;
    browser.screenshots("journey-2-matching").await;
    let run = browser.current_url().await.unwrap().path().to_owned();
    desk.fill("note", "请审批").await;
    desk.press("提交审批").await;

    // Somebody else approves.
    desk.sign_in("approver@example.org").await;
    desk.open(&run).await;
    desk.click("input[name=decision]").await;
    desk.press("提交审批意见").await;
    desk.reads("已批准").await;

    // Both experts accept by the link in their mail.
    let invitations = links(&app, "/i/").await;
    assert_eq!(invitations.len(), 2, "{invitations:?}");
    browser.delete_all_cookies().await.unwrap();
    for (number, (_, link)) in invitations.iter().enumerate() {
        desk.open(link).await;
        if number == 0 {
            browser.screenshots("journey-3-invitation").await;
        }
        desk.click("#accept").await;
        desk.click("#clear").await;
        desk.press("提交答复").await;
        desk.reads("能参加").await;
    }

    // The secretariat asks one of them to be 组长.
    desk.sign_in("handler@example.org").await;
    desk.open("/panels?tab=standing").await;
    desk.press("ZX-2026-0001").await;
    desk.press("请任组长").await;
    let heads = links(&app, "/h/").await;
    assert_eq!(heads.len(), 1, "{heads:?}");
    browser.delete_all_cookies().await.unwrap();
    desk.open(&heads[0].1).await;
    desk.click("#accept").await;
    desk.press("提交答复").await;

    // After the cut-off answers stand, and both get the notice with their work link. They file an
    // opinion, the 组长 the conclusion.
    app.set_time("2026-09-18 09:30");
    let work = links(&app, "/w/").await;
    let of = |address: &str| {
        work.iter()
            .rev()
            .find(|(to, _)| to == address)
            .unwrap()
            .1
            .clone()
    };
    for (to, _) in &invitations {
        desk.open(&of(to)).await;
        desk.fill("text", "建议采用定量检漏法，充注限值按房间容积计算。")
            .await;
        desk.press("提交意见").await;
        desk.reads("建议采用定量检漏法").await;
    }
    desk.open(&of(&heads[0].0)).await;
    browser.screenshots("journey-4-work").await;
    desk.fill("conclusion", "一致同意采用定量检漏法。").await;
    desk.press("提交共同结论").await;
    desk.reads("一致同意采用定量检漏法").await;

    // The requester reads the mail, confirms and rates.
    app.work().await;
    let mails = app.mails_to("contact@example.org");
    assert!(
        mails.iter().any(|mail| mail.subject.contains("请确认结论")),
        "{mails:?}"
    );
    desk.sign_in("contact@example.org").await;
    desk.open("/consultations").await;
    desk.press("制冷系统泄漏检测方法咨询").await;
    desk.choose("rating", "5").await;
    browser.screenshots("journey-5-confirmation").await;
    desk.press("确认结论并办结").await;
    desk.reads("已结束").await;
}
