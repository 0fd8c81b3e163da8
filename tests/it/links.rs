//! Links of experts against scanners, forwarding, delay and impatience.

use std::collections::BTreeMap;

use entity::{assignment::AssignmentState, invitation, invitation::Answer, role_grant::Role};
use expert_pool::{
    App,
    foundation::{
        links::{Links, Target},
        mail::Template,
        platform::Platform,
    },
    panels::{ANSWER, mails, work_target},
};
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use sha2::{Digest, Sha256};
use tower::ServiceExt;

use crate::support::{
    app::Browser,
    databases::databases,
    panels::{Stage, yes},
};

/// A digest of every row of the tables that an answer touches.
async fn rows(stage: &Stage) -> BTreeMap<&'static str, String> {
    let db = stage.ctx().store.read();
    let mut digests = BTreeMap::new();
    for table in [
        "panel",
        "assignment",
        "invitation",
        "mail",
        "commitment",
        "panel_recusal",
        "audit_entry",
        "person",
    ] {
        let sql = format!("SELECT * FROM {table} ORDER BY id");
        let found = db
            .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
            .await
            .unwrap();
        let text = format!("{found:?}");
        let digest = Sha256::digest(text);
        digests.insert(table, format!("{} {digest:x?}", found.len()));
    }
    digests
}

/// The hidden number of the form on a page.
fn proof(page: &str) -> String {
    hidden(page, "proof")
}

fn hidden(page: &str, name: &str) -> String {
    page.split(&format!("name=\"{name}\" value=\""))
        .nth(1)
        .unwrap_or_else(|| panic!("no {name} in {page}"))
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

async fn one_question(stage: &Stage) -> String {
    let panel = stage.open(stage.facts(1).await).await;
    stage.ask(panel, &[0], false).await;
    stage.link(0).await
}

/// Answers as a person does: looks, chooses, sends.
async fn accept(browser: &Browser, link: &str) -> String {
    let page = browser.read(link).await;
    let number = proof(&page);
    browser
        .submit(
            link,
            &[("proof", &number), ("answer", "accept"), ("clear", "1")],
        )
        .await
}

#[tokio::test]
async fn looking_changes_nothing_however_often_and_by_whatever() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        let link = one_question(&stage).await;
        let before = rows(&stage).await;
        let scanner = stage.app.visitor();
        for _ in 0..5 {
            let page = scanner.read(&link).await;
            assert!(!page.contains(" checked"), "nothing is preselected");
            let head = scanner
                .client()
                .head(scanner.address(&link))
                .send()
                .await
                .unwrap();
            assert_eq!(head.status(), 200);
            assert_eq!(head.headers()["cache-control"], "no-store");
            assert_eq!(head.headers()["referrer-policy"], "same-origin");
            scanner.read(&format!("{link}/not-me")).await;
            let calendar = scanner.get(&format!("{link}/calendar")).await;
            assert_eq!(calendar.status(), 404, "not before acceptance");
        }
        assert_eq!(rows(&stage).await, before);
    }
}

#[tokio::test]
async fn a_form_sent_without_a_choice_or_from_elsewhere_changes_nothing() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        let link = one_question(&stage).await;
        let before = rows(&stage).await;
        let scanner = stage.app.visitor();
        let number = proof(&scanner.read(&link).await);
        let empty = scanner.post(&link, &[("proof", &number)]).await;
        assert_eq!(empty.status(), 422);
        assert!(empty.text().await.unwrap().contains("请选择一项"));
        for (site, origin) in SITES {
            let answer = sent(&scanner, &link, &number, site, origin).await;
            assert_eq!(
                answer,
                if taken(site, origin) { 422 } else { 403 },
                "{site:?} {origin:?}"
            );
        }
        assert_eq!(rows(&stage).await, before);
    }
}

/// What a browser says about where a form comes from: `Sec-Fetch-Site`, and `Origin` (`own` stands for
/// this service).
const SITES: [(Option<&str>, Option<&str>); 12] = [
    (Some("same-origin"), Some("own")),
    (Some("same-origin"), None),
    (Some("none"), None),
    (Some("cross-site"), Some("https://elsewhere.example")),
    (Some("cross-site"), Some("null")),
    (Some("cross-site"), None),
    (Some("same-site"), Some("https://elsewhere.example")),
    (Some("same-site"), None),
    (None, Some("own")),
    (None, Some("https://elsewhere.example")),
    (None, Some("null")),
    (None, None),
];

/// Own pages, and clients that say nothing at all: they are no browsers that another site could lead.
fn taken(site: Option<&str>, origin: Option<&str>) -> bool {
    match (site, origin) {
        (_, Some("own")) => true,
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, origin) => origin.is_none(),
    }
}

/// Sends the form without a choice, from a page of such a place; the status of the answer.
async fn sent(
    browser: &Browser,
    link: &str,
    number: &str,
    site: Option<&str>,
    origin: Option<&str>,
) -> u16 {
    let mut request = browser
        .client()
        .post(browser.address(link))
        .form(&[("proof", number)]);
    if let Some(site) = site {
        request = request.header("sec-fetch-site", site);
    }
    if let Some(origin) = origin {
        let own = browser.address("");
        request = request.header(
            "origin",
            if origin == "own" {
                own.as_str()
            } else {
                origin
            },
        );
    }
    request.send().await.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn a_browser_without_cookies_confirms_once_more() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        let link = one_question(&stage).await;
        let before = rows(&stage).await;
        let bare = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let address = stage.app.visitor().address(&link);
        let page = bare
            .get(&address)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        let send = async |fields: &[(&str, &str)]| {
            bare.post(&address)
                .header("sec-fetch-site", "same-origin")
                .form(fields)
                .send()
                .await
                .unwrap()
        };
        let number = proof(&page);
        let first = send(&[("proof", &number), ("answer", "accept"), ("clear", "1")]).await;
        assert_eq!(first.status(), 200);
        let page = first.text().await.unwrap();
        assert!(page.contains("请再确认一次"));
        assert!(
            page.contains("value=\"accept\" checked"),
            "the choice is kept"
        );
        assert_eq!(rows(&stage).await, before);

        let again = hidden(&page, "again");
        let other = send(&[("again", &again), ("answer", "decline")]).await;
        assert_eq!(other.status(), 200, "a confirmation is for one choice");
        assert_eq!(rows(&stage).await, before);
        let second = send(&[("again", &again), ("answer", "accept"), ("clear", "1")]).await;
        assert_eq!(second.status(), 303);
        assert_eq!(
            stage.asked(0).await.assignment.state,
            AssignmentState::Accepted
        );
    }
}

#[tokio::test]
async fn an_answer_is_kept_shown_changed_and_not_counted_twice() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        let link = one_question(&stage).await;
        let browser = stage.app.visitor();
        let page = browser.read(&link).await;
        let number = proof(&page);
        let missing = browser
            .post(&link, &[("proof", &number), ("answer", "accept")])
            .await;
        assert_eq!(missing.status(), 422);
        let page = missing.text().await.unwrap();
        assert!(page.contains("id=\"clear-e\"") && page.contains("value=\"accept\" checked"));

        assert_eq!(accept(&browser, &link).await, link);
        let fields = [
            ("proof", number.as_str()),
            ("answer", "accept"),
            ("clear", "1"),
        ];
        browser.submit(&link, &fields).await;
        assert_eq!(stage.mails(mails::Receipt::KIND).await.len(), 1);

        let page = browser.read(&link).await;
        assert!(page.contains("已收到：您能参加") && page.contains("e***@example.org"));
        assert!(page.contains("更改答复") && page.contains("1 人已到齐"));
        let work = stage
            .ctx()
            .links
            .path(&work_target(&stage.asked(0).await.assignment));
        assert!(page.contains(&work));
        let calendar = browser.get(&format!("{link}/calendar")).await;
        let text = calendar.text().await.unwrap();
        assert!(text.contains("DTSTART;TZID=Asia/Shanghai:20260928T140000"));
        assert!(!text.contains("/i/"), "calendars are shared");

        let form = browser.read(&format!("{link}?change=1")).await;
        assert!(!form.contains(" checked"));
        let fields = [
            ("proof", number.as_str()),
            ("answer", "decline"),
            ("reason", "time"),
            ("suggestion", "同行乙，示例大学"),
            ("clear", "1"),
        ];
        browser.submit(&link, &fields).await;
        let row = stage.asked(0).await.invitation;
        assert_eq!(row.answer, Some(Answer::Decline));
        assert_eq!(row.suggestion, "同行乙，示例大学");
        assert!(browser.read(&link).await.contains("已收到：您不能参加"));
        assert_eq!(browser.get(&format!("{link}/calendar")).await.status(), 404);
    }
}

#[tokio::test]
async fn a_late_answer_changes_nothing_and_says_what_was() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        let link = one_question(&stage).await;
        let browser = stage.app.visitor();
        accept(&browser, &link).await;
        let number = proof(&browser.read(&format!("{link}?change=1")).await);
        stage.app.set_time("2026-09-16 17:00");
        let before = rows(&stage).await;
        let late = browser
            .post(&link, &[("proof", &number), ("answer", "decline")])
            .await;
        assert_eq!(late.status(), 422);
        let page = late.text().await.unwrap();
        assert!(page.contains("答复时间已过，没有改动") && page.contains("已收到：您能参加"));
        let change = browser.read(&format!("{link}?change=1")).await;
        assert!(!change.contains("<form"), "there is no form any more");
        assert_eq!(rows(&stage).await, before);
    }
}

#[tokio::test]
async fn a_forwarded_link_can_be_disowned_and_is_then_dead() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        stage
            .app
            .add_account("经办甲", "clerk@example.org", Role::Handler, None)
            .await;
        let clerk = stage.app.signed_in("clerk@example.org").await;
        let link = one_question(&stage).await;
        let stranger = stage.app.visitor();
        let page = stranger.read(&link).await;
        assert!(page.contains("我不是专家A") && page.contains("e***@example.org"));
        let page = stranger.read(&format!("{link}/not-me")).await;
        let thanks = stranger
            .post(&format!("{link}/not-me"), &[("proof", &proof(&page))])
            .await;
        assert!(thanks.text().await.unwrap().contains("链接已失效"));
        assert_eq!(stranger.get(&link).await.status(), 404);
        let row = stage.asked(0).await.invitation;
        assert_eq!((row.answer, row.generation), (None, 2));
        assert_eq!(stage.mails(mails::Misdirected::KIND).await.len(), 1);

        let list = clerk.read("/invitations?tab=attention").await;
        assert!(list.contains("收信人说不是本人"));
        let path = format!("/invitations/{}", row.id);
        assert!(
            clerk.read(&path).await.contains("<svg"),
            "a link to be sent otherwise"
        );
        clerk.submit(&format!("{path}/resend"), &[]).await;
        let fresh = stage.link(0).await;
        assert_ne!(fresh, link);
        accept(&stage.app.visitor(), &fresh).await;
        assert_eq!(stranger.get(&link).await.status(), 404);
    }
}

#[tokio::test]
async fn wrong_links_open_nothing() {
    for database in databases().await {
        let stage = Stage::set(database, 2).await;
        let panel = stage.open(stage.facts(2).await).await;
        stage.ask(panel, &[0, 1], false).await;
        let asked = stage.asked(0).await.invitation;
        let other = stage.experts[1].person;
        let browser = stage.app.visitor();
        let wrong = [
            stage.path(ANSWER, asked.id, other, asked.generation),
            stage.path(ANSWER, asked.id, asked.person_id, asked.generation + 1),
            "/i/short".to_owned(),
            format!("/i/{}", "A".repeat(45)),
            stage.link(0).await.replace("/i/", "/h/"),
        ];
        for path in wrong {
            assert_eq!(browser.get(&path).await.status(), 404, "{path}");
            let answer = browser.post(&path, &[("answer", "accept")]).await;
            assert_eq!(answer.status(), 404, "{path}");
        }
    }
}

#[tokio::test]
async fn a_rotated_key_leaves_older_links_alive() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        let link = one_question(&stage).await;
        let mut config = (*stage.ctx().config).clone();
        let old = std::fs::read_to_string(&config.server.secret_file).unwrap();
        let new = Links::new_key(&Platform::system(), 'b');
        let file = stage.app.folder().join("rotated.key");
        std::fs::write(&file, format!("{new}{old}")).unwrap();
        config.server.secret_file = file.display().to_string();
        let app = App::build(config, stage.ctx().platform().clone())
            .await
            .unwrap();
        let get = async |path: &str| {
            let request = axum::http::Request::get(path)
                .body(axum::body::Body::empty())
                .unwrap();
            app.router.clone().oneshot(request).await.unwrap().status()
        };
        assert_eq!(get(&link).await, 200);
        let row = stage.asked(0).await.invitation;
        let fresh = app.ctx.links.path(&Target {
            purpose: ANSWER,
            subject: row.id.0,
            person: row.person_id.0,
            generation: row.generation,
        });
        assert_ne!(fresh, link);
        assert_eq!(get(&fresh).await, 200);
        let browser = stage.app.visitor();
        assert_eq!(
            browser.get(&fresh).await.status(),
            404,
            "a key not known there"
        );
    }
}

#[tokio::test]
async fn an_expert_without_address_gets_text_and_code_on_the_office_page() {
    for database in databases().await {
        let stage = Stage::set(database, 1).await;
        stage
            .app
            .add_account("经办甲", "clerk@example.org", Role::Handler, None)
            .await;
        stage
            .app
            .add_account("审批甲", "chief@example.org", Role::Approver, None)
            .await;
        let clerk = stage.app.signed_in("clerk@example.org").await;
        let chief = stage.app.signed_in("chief@example.org").await;
        let tx = stage.ctx().store.begin().await.unwrap();
        let person = stage.experts[0].person;
        expert_pool::people::correct(&tx, person, "专家A", None, Some("13800000000"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let link = one_question(&stage).await;
        let row: invitation::Model = stage.asked(0).await.invitation;
        let path = format!("/invitations/{}", row.id);
        let page = clerk.read(&path).await;
        assert!(page.contains(&link) && page.contains("<svg"));
        assert!(!page.contains("style="));
        assert!(
            !chief.read(&path).await.contains(&link),
            "not for everybody"
        );
        let list = clerk.read("/invitations?q=zhuanjia").await;
        assert!(list.contains("专家A") && list.contains("不发送"));

        accept(&stage.app.visitor(), &link).await;
        assert!(
            !clerk.read(&path).await.contains(&link),
            "answered: no more link"
        );
        let all = invitation::Entity::find()
            .all(stage.ctx().store.read())
            .await
            .unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(
            stage.answer(0, yes()).await.unwrap(),
            expert_pool::panels::rules::Effect::Unchanged
        );
    }
}
