//! The working calendar: preview, import, and what follows from it.

use entity::role_grant::Role;
use expert_pool::{
    foundation::mail::Template as _, operations::calendar, panels::mails::CutoffMoved,
};
use reqwest::StatusCode;

use crate::support::{
    app::{TestApp, hidden_fields},
    databases::databases,
    panels::Stage,
    requests::upload_as,
    snapshot::snapshot,
};

const NOTICE: &str = "关于2027年部分节假日安排的通知\n一、元旦：1月1日（周五）至3日（周日）放假调休，共3天。1月9日（周六）上班。\n七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。";

async fn handler(app: &TestApp) -> crate::support::app::Browser {
    app.add_account("何静宜", "he@example.org", Role::Handler, None)
        .await;
    app.signed_in("he@example.org").await
}

#[tokio::test]
async fn a_notice_is_previewed_then_imported_and_dates_become_fixed() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        let app = &stage.app;
        app.set_time("2026-12-29 10:00");
        let browser = handler(app).await;
        let home = browser.read("/home").await;
        assert!(home.contains("导入下一年的节假日安排"), "{home}");
        let mut facts = stage.facts(1).await;
        facts.meeting = Some(stage.meeting("2027-02-26"));
        let panel = stage.open(facts).await;
        stage.ask(panel, &[0], false).await;
        assert!(stage.asked(0).await.invitation.provisional);

        let before = snapshot(app).await;
        let preview = browser.post("/calendar", &[("notice", NOTICE)]).await;
        assert_eq!(preview.status(), StatusCode::OK);
        let preview = preview.text().await.unwrap();
        for words in [
            "2027年1月9日（周六）",
            "覆盖到2027年12月31日，现在到2026年12月31日",
            "1 个暂定的答复期限会重新计算",
            "导入 11 天",
        ] {
            assert!(preview.contains(words), "{words} in {preview}");
        }
        assert_eq!(snapshot(app).await, before, "a preview changes nothing");

        let fields = hidden_fields(&preview);
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (&name[..], &value[..]))
            .collect();
        let to = browser.submit("/calendar/import", &fields).await;
        assert_eq!(to, "/calendar?done=imported");
        let row = stage.asked(0).await.invitation;
        assert!(!row.provisional);
        assert_eq!(row.cutoff_at.to_rfc3339(), "2027-01-04T09:00:00+00:00");
        assert_eq!(stage.mails(CutoffMoved::KIND).await.len(), 1);
        let page = browser.read("/calendar").await;
        assert!(page.contains("已导入到2027年12月31日"), "{page}");
        assert!(
            !browser
                .read("/home")
                .await
                .contains("导入下一年的节假日安排")
        );
        let audit = browser.read("/audit").await;
        assert!(audit.contains("导入工作日历"), "{audit}");
    }
}

#[tokio::test]
async fn bad_rows_are_named_and_a_year_comes_as_a_whole() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let browser = handler(&app).await;
        let table = "日期,至,类型,节日\n2027-01-01,,放假,元旦\n2027-10-01,2027-10-07,放假,国庆节\n2027-02-30,,放假,春节\n2027-01-04,,上班,元旦\n";
        let answer = upload_as(
            &browser,
            "/calendar",
            &[],
            "table",
            &[("2027.csv", table.as_bytes())],
        )
        .await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let text = answer.text().await.unwrap();
        assert!(
            text.contains("第 4 行") && text.contains("第 5 行"),
            "{text}"
        );
        assert!(text.contains("导入 8 天"), "good rows are not lost: {text}");

        let half = "日期,类型,节日\n2028-05-01,放假,劳动节\n";
        let answer = upload_as(
            &browser,
            "/calendar",
            &[],
            "table",
            &[("2028.csv", half.as_bytes())],
        )
        .await;
        let text = answer.text().await.unwrap();
        assert!(text.contains("2028 年缺少元旦或国庆节"), "{text}");
        let forged = [("days", "date,kind,name\n2028-05-01,holiday,劳动节\n")];
        let answer = browser.post("/calendar/import", &forged).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            app.ctx.calendar().coverage_until().to_string(),
            "2026-12-31"
        );

        for (fields, said) in [
            (vec![], "没有读到"),
            (vec![("notice", "元旦：1月1日放假。")], "没有写是哪一年"),
        ] {
            let answer = browser.post("/calendar", &fields).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
            let text = answer.text().await.unwrap();
            assert!(text.contains(said), "{said}: {text}");
        }
    }
}

#[tokio::test]
async fn a_dry_run_keeps_nothing_and_a_corrected_year_replaces_the_former() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let days = calendar::read(NOTICE.as_bytes()).unwrap().days;
        let before = snapshot(&app).await;
        let outcome = calendar::import(&app.ctx, None, &days, true).await.unwrap();
        assert_eq!(outcome.days, 11);
        assert_eq!(snapshot(&app).await, before);

        calendar::import(&app.ctx, None, &days, false)
            .await
            .unwrap();
        let worked = "2027-01-09".parse().unwrap();
        assert!(app.ctx.calendar().is_working_day(worked));
        let corrected = NOTICE.replace("1月9日（周六）上班。", "");
        let days = calendar::read(corrected.as_bytes()).unwrap().days;
        calendar::import(&app.ctx, None, &days, false)
            .await
            .unwrap();
        assert!(
            !app.ctx.calendar().is_working_day(worked),
            "the slip is gone"
        );
    }
}
