//! The founding, tiers, terms, and the pages of units.

use entity::{role_grant::Role, unit::Tier};
use expert_pool::units;
use reqwest::StatusCode;

use crate::support::{
    app::{Browser, TestApp},
    databases::databases,
};

async fn handler(app: &TestApp) -> Browser {
    app.add_account("何静宜", "he@example.org", Role::Handler, None)
        .await;
    app.signed_in("he@example.org").await
}

async fn unit(app: &TestApp, name: &str) -> entity::unit::Model {
    units::by_name(app.ctx.store.read(), name)
        .await
        .unwrap()
        .unwrap_or_else(|| panic!("no unit {name}"))
}

async fn refused(browser: &Browser, path: &str, fields: &[(&str, &str)], said: &str) {
    let answer = browser.post(path, fields).await;
    assert_eq!(
        answer.status(),
        StatusCode::UNPROCESSABLE_ENTITY,
        "{fields:?}"
    );
    let text = answer.text().await.unwrap();
    assert!(text.contains(said), "{said}: {text}");
}

#[tokio::test]
async fn the_founding_units_are_there_once() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let db = app.ctx.store.read();
        let all = units::all(db).await.unwrap();
        assert_eq!(all.len(), 43);
        assert!(all.iter().all(|unit| unit.tier == Tier::Council));
        assert_eq!(all[0].name, "中国标准化协会");
        assert_eq!(units::secretariat(db).await.unwrap().unwrap().id, all[0].id);
        let term = units::current_term(db, app.ctx.today()).await.unwrap();
        assert_eq!(term.number, 1);
        assert_eq!(term.from_date.to_string(), "2026-09-14");
        assert_eq!(term.to_date.to_string(), "2028-09-13");
        let tx = app.ctx.store.begin().await.unwrap();
        units::found(&tx, app.ctx.today(), 2).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(units::all(db).await.unwrap().len(), 43);
        for name in [
            "中国 电子学会",
            "电子学会",
            "ＷＡＰＩ联盟",
            "wapi产业技术创新战略联盟",
        ] {
            unit(&app, name).await;
        }
        assert!(units::by_name(db, "").await.unwrap().is_none());
        assert!(units::by_name(db, "中国电子").await.unwrap().is_none());
    }
}

#[tokio::test]
async fn units_are_listed_searched_and_counted() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let browser = handler(&app).await;
        let all = browser.read("/units").await;
        assert!(all.contains("共 43 个单位") && all.contains("0/2") && all.contains("待登记"));
        for (query, found, missing) in [
            ("q=dianzixuehui", "中国电子学会", "中国水利学会"),
            ("q=zgslxh", "中国水利学会", "中国电子学会"),
            ("q=WAPI", "WAPI产业技术创新战略联盟", "中国电子学会"),
            ("show=council", "中国电子学会", "没有符合条件"),
            ("show=alone", "中国电子学会", "没有符合条件"),
            ("show=member", "没有符合条件", "中国电子学会"),
            ("q=%25", "没有符合条件", "中国电子学会"),
        ] {
            let page = browser.read(&format!("/units?{query}")).await;
            assert!(page.contains(found), "{query}");
            assert!(!page.contains(missing), "{query}");
        }
    }
}

#[tokio::test]
async fn a_tier_changes_on_a_day_for_a_reason_and_history_stays() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let browser = handler(&app).await;
        app.set_time("2026-09-14 11:00");
        let id = unit(&app, "中国电子学会").await.id;
        let path = format!("/units/{id}/tier");
        let change = |tier, on, reason| [("tier", tier), ("on", on), ("reason", reason)];
        let none = change("standing_council", "2026-09-14", "");
        refused(&browser, &path, &none, "请填写这一项").await;
        let same = change("council", "2026-09-14", "表决");
        refused(&browser, &path, &same, "已是这个层级").await;
        let future = change("standing_council", "2026-09-15", "表决");
        refused(&browser, &path, &future, "日期还没到").await;
        let early = change("standing_council", "2026-09-01", "表决");
        refused(&browser, &path, &early, "上次变更").await;
        let forged = change("emperor", "2026-09-14", "表决");
        refused(&browser, &path, &forged, "请选择一项").await;
        browser
            .submit(
                &path,
                &change(
                    "standing_council",
                    "2026-09-14",
                    "首届理事会第一次会议表决通过",
                ),
            )
            .await;
        let page = browser.read(&format!("/units/{id}")).await;
        assert!(page.contains("常务理事单位") && page.contains("第一次会议表决通过"));
        assert!(page.contains("发起单位") && page.contains("何静宜登记"));
        let history = units::tier_history(app.ctx.store.read(), id).await.unwrap();
        let tiers: Vec<_> = history.iter().map(|change| change.tier).collect();
        assert_eq!(tiers, [Tier::StandingCouncil, Tier::Council]);
    }
}

#[tokio::test]
async fn a_unit_is_added_once_and_corrected() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let browser = handler(&app).await;
        let new = |name, code| [("name", name), ("tier", "member"), ("credit_code", code)];
        let known = new("中国 电子学会", "");
        refused(&browser, "/units/new", &known, "已登记").await;
        let wrong = new("东麓研究院", "91350100M000100Y44");
        refused(&browser, "/units/new", &wrong, "统一社会信用代码").await;
        let to = browser
            .submit("/units/new", &new("东麓研究院", "91350100m000100y43"))
            .await;
        let path = to.trim_end_matches("?done=saved").to_owned();
        let page = browser.read(&path).await;
        assert!(page.contains("91350100M000100Y43") && page.contains("没有席位"));
        browser
            .submit(
                &format!("{path}/edit"),
                &[
                    ("name", "东麓绿色材料研究院"),
                    ("short_name", "东麓院"),
                    ("joined_on", "2026-09-01"),
                ],
            )
            .await;
        let row = unit(&app, "东麓院").await;
        assert_eq!(row.name, "东麓绿色材料研究院");
        assert_eq!(row.credit_code, None);
        assert!(
            browser
                .read("/units?q=donglu")
                .await
                .contains("东麓绿色材料研究院")
        );
        // The unit of the secretariat does not leave, others do.
        let secretariat = unit(&app, "中国标准化协会").await;
        let leave = [
            ("name", secretariat.name.as_str()),
            ("left_on", "2026-09-14"),
        ];
        refused(
            &browser,
            &format!("/units/{}/edit", secretariat.id),
            &leave,
            "承担秘书处",
        )
        .await;
        browser
            .submit(
                &format!("{path}/edit"),
                &[("name", "东麓绿色材料研究院"), ("left_on", "2026-09-14")],
            )
            .await;
        assert!(
            browser
                .read("/units?show=member")
                .await
                .contains("没有符合条件")
        );
        let tier = [
            ("tier", "council"),
            ("on", "2026-09-14"),
            ("reason", "表决"),
        ];
        refused(&browser, &format!("{path}/tier"), &tier, "已退出联盟").await;
    }
}

#[tokio::test]
async fn terms_follow_each_other_and_the_office_is_told_before_the_end() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let browser = handler(&app).await;
        assert!(!browser.read("/home").await.contains("换届"));
        app.set_time("2028-07-20 10:00");
        let browser = app.signed_in("he@example.org").await;
        assert!(browser.read("/home").await.contains("第 1 届理事会换届"));
        let early = [("from", "2028-09-13")];
        refused(&browser, "/terms", &early, "到2028年9月13日届满").await;
        refused(&browser, "/terms", &[("from", "")], "请填写这一项").await;
        browser.submit("/terms", &[("from", "2028-09-14")]).await;
        assert!(!browser.read("/home").await.contains("换届"));
        let term = |day: &str| {
            let day = day.parse().unwrap();
            let db = app.ctx.store.read();
            async move { units::current_term(db, day).await.unwrap() }
        };
        assert_eq!(term("2028-09-13").await.number, 1);
        let second = term("2028-09-14").await;
        assert_eq!(
            (second.number, second.to_date.to_string()),
            (2, "2030-09-13".to_owned())
        );
    }
}
