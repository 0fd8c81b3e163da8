//! Papers as page and file, from the same facts as the pages, for those who may see them.

use entity::{ids::PanelId, matching_run::RunMode, panel_recusal::RecusalRule, role_grant::Role};
use expert_pool::panels::{
    NewRecusal,
    answer::Given,
    matching::{approve, hand_in, run_match},
};
use reqwest::StatusCode;

use crate::support::{
    app::{Browser, TestApp, acting},
    databases::databases,
    panels::yes,
    pool::{self, engage_samples, facts},
    requests::{ADVICE, Office, with},
};

/// A review meeting with five experts about a standard.
fn review() -> Vec<(&'static str, &'static str)> {
    with(
        &ADVICE,
        &[
            ("purpose", "technical_review"),
            ("demand", "5"),
            ("standard_name", "数据中心液冷系统工程验收规范"),
            ("standard_number", "T/CIE 227—2026"),
            ("place", "北京市海淀区示例路 8 号"),
        ],
    )
}

/// The sheets of a page.
fn sheets(page: &str) -> &str {
    let (_, rest) = page.split_once("<main id=\"main\">").expect("a paper");
    rest.split_once("</main>").expect("a whole page").0.trim()
}

async fn status(browser: &Browser, path: &str) -> StatusCode {
    browser.get(path).await.status()
}

/// The file of a paper is a document of Word with a name of its own.
async fn has_file(browser: &Browser, path: &str, name: &str) {
    let answer = browser.get(&format!("{path}.docx")).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let saved = answer.headers()["content-disposition"].to_str().unwrap();
    let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    assert!(saved.contains(&encoded), "{saved}");
    assert!(answer.bytes().await.unwrap().starts_with(b"PK\x03\x04"));
}

/// What stands in a document of Word, a paragraph a line.
fn paragraphs(file: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("word/document.xml").unwrap(), &mut xml)
        .unwrap();
    let lines = xml.split("</w:p>").map(|paragraph| {
        paragraph
            .split("<w:t")
            .skip(1)
            .filter(|run| run.starts_with(['>', ' ']))
            .filter_map(|run| run.split_once('>')?.1.split("</w:t>").next())
            .collect::<String>()
    });
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn papers_of_a_review_are_printed_from_beginning_to_end() {
    for database in databases().await {
        let office = Office::open(database, 5).await;
        let id = office.seated(&review(), &[0, 1, 2, 3, 4]).await;
        office.lead(id, 1).await;
        let base = format!("/consultations/{id}/papers");
        let desk = office.desk().await;
        for (paper, name) in [
            ("members", "专家名单"),
            ("notice", "会议通知"),
            ("sign-in", "签到表"),
            ("opinions", "专家意见表"),
        ] {
            let path = format!("{base}/{paper}");
            let page = desk.read(&path).await;
            insta::assert_snapshot!(paper, sheets(&page));
            assert!(page.contains(&format!("{path}.docx")), "{page}");
            has_file(&desk, &path, name).await;
        }
        let panel = office.panel(id).await;
        let of_panel = desk.read(&format!("/panels/{panel}/papers/members")).await;
        let of_request = desk.read(&format!("{base}/members")).await;
        assert_eq!(sheets(&of_panel), sheets(&of_request));

        office.stage.app.set_time("2026-09-29 10:00");
        office.run("consultations.begin").await;
        for expert in [0, 1, 2] {
            office.opine(expert, "agree").await;
        }
        office.opine(3, "agree_after_changes").await;
        office.conclude(1, "agree_after_changes").await;
        let unit = office.unit().await;
        for (paper, name) in [("opinions", "专家意见表"), ("conclusion", "审查结论")] {
            let path = format!("{base}/{paper}");
            let page = unit.read(&path).await;
            insta::assert_snapshot!(format!("{paper}_filed"), sheets(&page));
            has_file(&unit, &path, name).await;
        }
        let page = unit.read(&format!("/consultations/{id}")).await;
        for paper in ["members", "notice", "sign-in", "opinions", "conclusion"] {
            assert!(page.contains(&format!("{base}/{paper}\"")), "{paper}");
        }
        unit.submit(&format!("/consultations/{id}/confirm"), &[("rating", "5")])
            .await;
        let page = unit.read(&format!("{base}/conclusion")).await;
        assert!(page.contains("确认本结论"), "{page}");
    }
}

#[tokio::test]
async fn a_paper_is_for_those_who_see_its_facts() {
    for database in databases().await {
        let office = Office::open(database, 6).await;
        let id = office.file(&review()).await;
        let base = format!("/consultations/{id}/papers");
        let paths = |papers: &[&str]| -> Vec<String> {
            papers
                .iter()
                .map(|paper| format!("{base}/{paper}"))
                .collect()
        };
        let all = paths(&["members", "notice", "sign-in", "opinions", "conclusion"]);
        let (unit, desk) = (office.unit().await, office.desk().await);
        for path in &all {
            assert_eq!(status(&desk, path).await, StatusCode::NOT_FOUND, "{path}");
        }
        office.take_in(id).await;
        office.seat(id, &[0, 1, 2, 3]).await;
        for path in paths(&["members", "notice", "sign-in", "opinions"]) {
            assert_eq!(status(&desk, &path).await, StatusCode::OK, "{path}");
            assert_eq!(status(&unit, &path).await, StatusCode::NOT_FOUND, "{path}");
        }
        office.seat(id, &[4]).await;
        for path in paths(&["members", "notice", "sign-in"]) {
            assert_eq!(status(&unit, &path).await, StatusCode::OK, "{path}");
        }
        for path in paths(&["opinions", "conclusion", "selection", "other"]) {
            assert_eq!(status(&unit, &path).await, StatusCode::NOT_FOUND, "{path}");
        }
        let panel = office.panel(id).await;
        let path = format!("/panels/{panel}/papers/members");
        assert_eq!(status(&unit, &path).await, StatusCode::NOT_FOUND);

        // The mail that the panel is complete leads to the list.
        office.stage.app.work().await;
        let told = office.stage.app.mails_to("contact@example.org");
        let list = format!("{base}/members");
        assert!(
            told.iter().any(|mail| mail.text.contains(&list)),
            "{told:?}"
        );

        let other = office.stage.experts[5].unit;
        office
            .stage
            .app
            .add_account("别家", "other@example.org", Role::Contact, Some(other))
            .await;
        let other = office.stage.app.signed_in("other@example.org").await;
        for path in &all {
            assert_eq!(status(&other, path).await, StatusCode::NOT_FOUND, "{path}");
        }
    }
}

#[tokio::test]
async fn papers_without_a_meeting_or_of_a_secret_say_less() {
    for database in databases().await {
        let office = Office::open(database, 2).await;
        let secret = with(
            &ADVICE,
            &[
                ("title", "某工艺的保密咨询"),
                ("demand", "1"),
                ("form", "none"),
                ("meeting_date", ""),
                ("meeting_half", ""),
                ("wanted_by", "2026-09-23"),
                ("confidential", "1"),
            ],
        );
        let id = office.file(&secret).await;
        office.take_in(id).await;
        let panel = office.panel(id).await;
        office.stage.ask(panel, &[0], false).await;
        office.stage.answer(0, pledged()).await.unwrap();
        let base = format!("/consultations/{id}/papers");
        let unit = office.unit().await;
        let sign_in = format!("{base}/sign-in");
        assert_eq!(status(&unit, &sign_in).await, StatusCode::NOT_FOUND);
        let notice = unit.read(&format!("{base}/notice")).await;
        assert!(notice.contains("的通知") && notice.contains("9月23日"));
        assert!(!notice.contains("某工艺") && !notice.contains("专家A"));
        assert!(!notice.contains("回　执"), "nobody goes anywhere");
        let members = unit.read(&format!("{base}/members")).await;
        assert!(members.contains("不得外传") && members.contains("专家A"));
    }
}

fn pledged() -> Given {
    Given {
        pledged: true,
        ..yes()
    }
}

/// A run over one panel with a recusal, prepared and approved by two people; and their browser.
async fn decided_run(app: &TestApp) -> (PanelId, String, Browser) {
    let (handler, _) = app
        .add_account("何静宜", "handler@example.org", Role::Handler, None)
        .await;
    let (approver, _) = app
        .add_account("沈行", "approver@example.org", Role::Approver, None)
        .await;
    engage_samples(&app.ctx).await;
    let recusal = NewRecusal {
        rule: RecusalRule::DraftingUnit,
        unit: Some(pool::unit(&app.ctx, "中国电力企业联合会").await),
        expert: None,
        name: "中国电力企业联合会".to_owned(),
        note: String::new(),
    };
    let panel = pool::open(
        &app.ctx,
        facts(
            "配电变压器能效等级标准审查",
            "配电变压器空载损耗与负载损耗的限值怎么定",
            3,
        ),
        vec![recusal],
    )
    .await;
    let handler = acting(handler, Role::Handler, None);
    let run = run_match(&app.ctx, &handler, &[], RunMode::Best)
        .await
        .unwrap();
    hand_in(&app.ctx, &handler, run, "三人都合适")
        .await
        .unwrap();
    let desk = app.signed_in("handler@example.org").await;
    let path = format!("/runs/{run}/papers/{panel}");
    let draft = desk.read(&path).await;
    assert!(
        draft.contains("待审批") && !draft.contains("邀请结果"),
        "{draft}"
    );
    let approver = acting(approver, Role::Approver, None);
    approve(&app.ctx, &approver, run, "同意", "").await.unwrap();
    (panel, path, desk)
}

#[tokio::test]
async fn the_selection_is_on_record_with_reasons_recusals_and_lines_to_sign() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (panel, path, desk) = decided_run(&app).await;
        let page = desk.read(&path).await;
        for said in [
            "专家遴选记录",
            "择优",
            "何静宜，2026年9月14日 10:00，说明：三人都合适",
            "沈行，2026年9月14日 10:00，说明：同意",
            "所在单位是起草单位",
            "待答复",
            "经办人",
            "监督人",
            "审批人",
        ] {
            assert!(page.contains(said), "{said} in {page}");
        }
        insta::assert_snapshot!("selection", sheets(&page));
        let file = desk.get(&format!("{path}.docx")).await;
        insta::assert_snapshot!("selection_file", paragraphs(&file.bytes().await.unwrap()));
        has_file(&desk, &path, "专家遴选记录").await;
        let of_panel = desk.read(&format!("/panels/{panel}")).await;
        assert!(of_panel.contains(&path), "the panel leads to its record");
        let run = path.rsplit_once("/papers/").unwrap().0;
        assert!(desk.read(run).await.contains(&path), "and so does the run");
        let strange = format!("{run}/papers/{run}");
        assert_eq!(status(&desk, &strange).await, StatusCode::NOT_FOUND);
    }
}
