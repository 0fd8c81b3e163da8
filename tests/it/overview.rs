//! What is seen over all bodies: home pages of units, the weekly digest.

use entity::{digest_stop, role_grant::Role};
use expert_pool::{
    accounts::digest,
    exchange::visits::{Return, Side, confirm_return},
};
use reqwest::StatusCode;
use sea_orm::EntityTrait;

use crate::support::{
    app::{Browser, TestApp, shanghai},
    databases::databases,
    exchange::{Exchange, OFFER, VISITOR, WISH},
    outbox::mails,
    requests::{ADVICE, Office},
    seats::{CONTACT, GROUP, Hall},
};

const WEEKLY: &str = "overview.weekly";

async fn stops(app: &TestApp) -> usize {
    digest_stop::Entity::find()
        .all(app.ctx.store.read())
        .await
        .unwrap()
        .len()
}

/// What the home page of a browser says.
async fn home(browser: &Browser) -> String {
    browser.read("/home").await
}

#[tokio::test]
async fn a_contact_sees_on_one_page_how_things_stand_and_what_is_due() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let before = home(&world.unit(0).await).await;
        for says in [
            "共 2 个席位：在聘 0 位，审批中 0 位，空 2 个",
            "办理中 0 项，等贵单位补充或确认 0 项，草稿 0 份，已办结 0 项",
            "待答复 0 项，在任 0 项，已完成 0 项",
            "本单位提出和附议的：待安排 0 项，已列入课程 0 项，已办班 0 项",
            "有名额 0 人，候补 0 人，待确认名额 0 人，待贵单位同意 0 人",
            "进行中 0 项；近 2 年（含进行中）接待 0 次，派出 0 次，持平",
            "联络员 1 位",
        ] {
            assert!(before.contains(says), "{says} is not on {before}");
        }
        assert!(before.contains("没有待办"));

        let offer = world.offer(1, &OFFER).await;
        let wish = world.wish(0, &WISH, VISITOR).await;
        let id = world.propose(offer, wish).await;
        let sending = home(&world.unit(0).await).await;
        assert!(sending.contains("请审批互访条件"), "{sending}");
        world.approve(id, Side::Sending).await.unwrap();
        world.approve(id, Side::Host).await.unwrap();
        let sending = home(&world.unit(0).await).await;
        assert!(
            sending.contains("进行中 1 项；近 2 年（含进行中）接待 0 次，派出 1 次，多派出 1 次")
        );
        let host = home(&world.unit(1).await).await;
        assert!(host.contains("进行中 1 项；近 2 年（含进行中）接待 1 次，派出 0 次，多接待 1 次"));
        let third = home(&world.unit(2).await).await;
        assert!(third.contains("进行中 0 项"), "what others do is not shown");
        let group = home(&world.desk().await).await;
        assert!(!group.contains("本单位情况"), "a group is no unit");
    }
}

#[tokio::test]
async fn enrolments_wait_for_the_unit_seats_and_attendance_for_the_group() {
    for database in databases().await {
        let hall = Hall::open(database, 2).await;
        hall.enrol(1..=3).await;
        let contact = home(&hall.app.signed_in(CONTACT).await).await;
        assert!(contact.contains("有名额 2 人，候补 1 人"), "{contact}");
        let group = home(&hall.app.signed_in(GROUP).await).await;
        assert!(group.contains("没有待办"), "{group}");

        // Nobody moves up after the closing: the group gives the seat.
        hall.app.set_time("2026-10-13 10:00");
        hall.app.work().await;
        let leaver = hall.of(1).await.id;
        let path = format!("/registrations/{}/people/{leaver}", hall.id);
        let browser = hall.app.signed_in(CONTACT).await;
        browser.submit(&path, &[("do", "cancel")]).await;
        let group = home(&hall.app.signed_in(GROUP).await).await;
        assert!(group.contains("空 1 席，候补 1 人，请递补"), "{group}");

        hall.app.set_time("2026-10-21 09:00");
        let group = home(&hall.app.signed_in(GROUP).await).await;
        assert!(
            group.contains("10月20日有 2 节没有签到记录，请补记"),
            "{group}"
        );
        let contact = home(&hall.app.signed_in(CONTACT).await).await;
        assert!(!contact.contains("没有签到记录"), "the group's business");
    }
}

#[tokio::test]
async fn the_digest_comes_on_monday_if_something_waits_and_ends_with_one_post() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let app = &world.app;
        let (waits, idle) = (&world.units[0].email, &world.units[2].email);
        let offer = world.offer(1, &OFFER).await;
        let wish = world.wish(0, &WISH, VISITOR).await;
        world.propose(offer, wish).await;
        app.set_time("2026-09-21 08:59");
        app.work().await;
        assert!(mails(app, WEEKLY, waits).await.is_empty(), "not yet");
        for minute in ["09:00", "09:05"] {
            app.set_time(&format!("2026-09-21 {minute}"));
            app.work().await;
            assert_eq!(mails(app, WEEKLY, waits).await.len(), 1, "once");
        }
        assert!(mails(app, WEEKLY, idle).await.is_empty(), "nothing waits");
        let sent = app.mails_to(waits);
        let letter = sent
            .iter()
            .find(|mail| mail.subject.contains("每周提要：1 件事等您办理"))
            .expect("the digest was sent");
        assert!(letter.text.contains("请审批互访条件"), "{}", letter.text);
        let path = app.ctx.links.path(&digest::target(world.units[0].person));
        assert!(letter.text.contains(&path), "{}", letter.text);

        // Looking changes nothing; a mail program posts without cookie and origin.
        let visitor = app.visitor();
        assert!(visitor.read(&path).await.contains("停发提要"));
        assert_eq!(stops(app).await, 0);
        for _ in 0..2 {
            let answer = reqwest::Client::new()
                .post(app.visitor().address(&path))
                .form(&[("List-Unsubscribe", "One-Click")])
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
            assert!(answer.text().await.unwrap().contains("每周提要已停发"));
        }
        assert_eq!(stops(app).await, 1);
        app.clock.set(shanghai("2026-09-28 09:00"));
        app.work().await;
        assert_eq!(mails(app, WEEKLY, waits).await.len(), 1, "switched off");
        let host = &world.units[1].email;
        assert_eq!(mails(app, WEEKLY, host).await.len(), 2, "others read on");

        let browser = world.unit(0).await;
        assert!(browser.read("/account").await.contains("恢复提要"));
        browser.submit("/account/digest", &[("on", "yes")]).await;
        assert!(browser.read("/account").await.contains("每周一 9:00"));
        let readers = digest::readers(app.ctx.store.read()).await.unwrap();
        assert!(readers.iter().any(|one| one.address == *waits), "on again");
        app.set_time("2026-10-05 09:00");
        app.work().await;
        assert_eq!(mails(app, WEEKLY, host).await.len(), 2, "a holiday");
        let group = world.desk().await;
        let page = group.read("/account").await;
        assert!(!page.contains("每周提要"), "it is made for units");
    }
}

/// The lists that a report's page leads to, with the number that stands on each link.
fn lists(page: &str) -> Vec<(String, usize)> {
    page.split("<a href=\"")
        .skip(1)
        .filter_map(|rest| {
            let (path, rest) = rest.split_once('"')?;
            let (_, label) = rest.split_once("aria-label=\"")?;
            let digits: String = label.chars().take_while(char::is_ascii_digit).collect();
            path.contains("/lists/")
                .then(|| (path.to_owned(), digits.parse().unwrap()))
        })
        .collect()
}

/// Opens every list of a report and counts its rows; the pages of all lists.
async fn every_list(browser: &Browser, page: &str) -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for (path, number) in lists(page) {
        let list = browser.read(&path).await;
        let rows = list.matches("<tr><th scope=\"row\">").count();
        assert_eq!(rows, number, "{path}: {list}");
        pages.push((path, list));
    }
    pages
}

#[tokio::test]
async fn every_figure_of_a_report_leads_to_the_rows_that_it_counts() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let app = &world.app;
        let email = "handler@example.org";
        app.add_account("何静宜", email, Role::Handler, None).await;
        let id = world.agreed().await;
        let terms = world.terms(id).await.remove(0);
        app.set_time("2026-11-02 10:00");
        let told = Return {
            left: terms.from_date,
            back: terms.to_date,
        };
        confirm_return(&app.ctx, id, world.units[0].person, &told)
            .await
            .unwrap();
        let handler = app.signed_in(email).await;
        let of_days = "/overview?from=2026-10-01&to=2026-12-31";
        let page = handler.read(of_days).await;
        assert!(page.contains("上期为2026年7月1日至2026年9月30日"), "{page}");
        assert!(page.contains("多 1"), "{page}");
        let number = world.visit(id).await.number;
        let pages = every_list(&handler, &page).await;
        for (figure, unit) in [("given", 1), ("received", 0)] {
            let unit = world.units[unit].unit;
            let path = format!("/lists/{figure}?unit={unit}");
            let (_, list) = pages
                .iter()
                .find(|(known, _)| known.ends_with(&path))
                .unwrap_or_else(|| panic!("no link to {path} on {page}"));
            assert!(list.contains(&number), "{list}");
        }
        let before = handler
            .read("/overview?from=2026-01-01&to=2026-09-30")
            .await;
        every_list(&handler, &before).await;
        assert!(!before.contains("/lists/given?unit="), "not in these days");
        let term = handler.read("/overview").await;
        assert!(
            term.contains("2026年7月1日至2026年12月31日"),
            "this half-year"
        );

        for (from, to) in [("2026-12-31", "2026-01-01"), ("", "2026-01-01"), ("x", "y")] {
            let path = format!("/overview?from={from}&to={to}");
            let answer = handler.get(&path).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        }
        for (path, media) in [
            ("papers/report.docx", expert_pool::foundation::ui::DOCX),
            ("export", expert_pool::foundation::ui::XLSX),
        ] {
            let path = format!("/overview/2026-10-01_2026-12-31/{path}");
            let answer = handler.get(&path).await;
            assert_eq!(answer.headers()["content-type"], media, "{path}");
            assert!(answer.bytes().await.unwrap().starts_with(b"PK"), "{path}");
        }
        let paper = handler
            .read("/overview/2026-10-01_2026-12-31/papers/report")
            .await;
        assert!(paper.contains("接待互访 1 次"), "{paper}");
        for path in ["2026-12-31_2026-01-01/export", "2026-10-01/export"] {
            let answer = handler.get(&format!("/overview/{path}")).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}

#[tokio::test]
async fn requests_and_experts_are_counted_in_their_period() {
    for database in databases().await {
        let office = Office::open(database, 3).await;
        let id = office.file(&ADVICE).await;
        let title = office.row(id).await.title;
        let desk = office.desk().await;
        let page = desk.read("/overview?from=2026-09-01&to=2026-09-30").await;
        let pages = every_list(&desk, &page).await;
        let of = |figure: &str| {
            pages
                .iter()
                .find(|(path, _)| path.ends_with(&format!("/lists/{figure}")))
                .map(|(_, list)| list.clone())
                .expect("the figure has a list")
        };
        assert!(of("filed").contains(&title));
        assert!(!of("answered").contains(&title), "it is not closed");
        let page = desk.read("/overview?from=2026-10-01&to=2026-10-31").await;
        assert!(page.contains("少 1"), "{page}");
        for (path, list) in every_list(&desk, &page).await {
            let counts = path.ends_with("2026-09-01_2026-09-30/lists/filed");
            assert_eq!(list.contains(&title), counts, "{path}");
        }
        let unit = office.unit().await;
        assert_eq!(unit.get("/overview").await.status(), StatusCode::NOT_FOUND);
    }
}
