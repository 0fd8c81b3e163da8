//! A visit in a real browser: offer and wish, both approvals, the return by the visitor's link, the
//! report, the end.

use crate::support::{
    browser::Browser,
    databases::TestDatabase,
    desk::{Desk, links},
    exchange::{Exchange, OFFER, VISITOR, WISH},
};

async fn set(desk: &Desk<'_>, field: &str, day: &str) {
    let script = format!("document.getElementById('{field}').value = '{day}'");
    desk.browser.execute(script, Vec::new()).await.unwrap();
}

async fn fill(desk: &Desk<'_>, fields: &[(&str, &str)]) {
    for (field, value) in fields {
        match *field {
            "from_date" | "to_date" => set(desk, field, value).await,
            _ => desk.fill(field, value).await,
        }
    }
}

#[tokio::test]
async fn a_visit_goes_from_offer_and_wish_to_its_report() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let world = Exchange::open(TestDatabase::sqlite()).await;
    let desk = Desk {
        app: &world.app,
        browser: &browser,
    };
    // One unit offers a place.
    desk.sign_in("contact-1@example.org").await;
    desk.open("/exchange").await;
    desk.press("提供名额").await;
    fill(&desk, &OFFER[..11]).await;
    desk.press("保存名额").await;
    desk.reads("有 1 处要改，其余内容已保留").await;
    desk.fill(OFFER[11].0, OFFER[11].1).await;
    desk.press("保存名额").await;
    desk.reads("已安排 0 批").await;
    browser.screenshots("visit-1-offer").await;
    // Another asks for a stay.
    desk.sign_in("contact-0@example.org").await;
    desk.open("/exchange/wishes/new").await;
    fill(&desk, &WISH).await;
    desk.fill("people", VISITOR).await;
    browser.screenshots("visit-2-wish").await;
    desk.press("提交申请").await;
    desk.reads("顾清和").await;
    // The exchange group brings them together.
    desk.sign_in("exchange@example.org").await;
    desk.open("/exchange/pairing").await;
    desk.reads("配成 1 对").await;
    browser.screenshots("visit-3-pairing").await;
    desk.press("送双方单位审批").await;
    // Both units approve.
    for contact in ["contact-0@example.org", "contact-1@example.org"] {
        desk.sign_in(contact).await;
        desk.open("/exchange").await;
        desk.press("HF-2026-0001").await;
        desk.press("同意这些条件").await;
        desk.at(".notice.ok").await;
    }
    desk.reads("双方同意的条件").await;
    browser.screenshots("visit-4-agreed").await;
    // The visitor confirms the return and files the report.
    let mine = links(&world.app, "/v/").await;
    assert_eq!(mine.len(), 1, "{mine:?}");
    world.app.set_time("2026-10-16 18:00");
    browser.delete_all_cookies().await.unwrap();
    desk.open(&mine[0].1).await;
    set(&desk, "left_on", "2026-10-12").await;
    set(&desk, "back_on", "2026-10-16").await;
    browser.screenshots("visit-5-visitor").await;
    desk.press("确认返回").await;
    desk.reads("11月6日（周五）前").await;
    desk.fill("report", "学到了验收试验的组织方法。").await;
    desk.press("提交总结").await;
    desk.reads("已有第 1 版").await;
    // The exchange group closes it.
    desk.sign_in("exchange@example.org").await;
    desk.open("/home").await;
    desk.press("HF-2026-0001").await;
    desk.press("办结").await;
    desk.reads("已办结").await;
    browser.screenshots("visit-6-closed").await;
}
