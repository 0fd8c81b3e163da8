//! A visit from offer and wish to the report, and everything that is refused on the way.

use entity::{visit::VisitState, visit_terms::TermsState};
use expert_pool::{
    exchange::visits::{self, Side},
    foundation::error::Error,
};
use reqwest::{
    StatusCode,
    multipart::{Form, Part},
};

use crate::support::{
    databases::databases,
    exchange::{Exchange, OFFER, VISITOR, WISH, proposed, refused},
    requests::with,
};

#[tokio::test]
async fn an_offer_and_a_wish_become_a_visit_with_its_report() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let (sending, host, desk) = (world.unit(0).await, world.unit(1).await, world.desk().await);
        let to = host.submit("/exchange/offers", &OFFER).await;
        assert!(to.starts_with("/exchange/offers/"), "{to}");
        let fields = with(&WISH, &[("people", VISITOR)]);
        sending.submit("/exchange/wishes", &fields).await;

        // Offers are for everybody to see; who wishes to go is nobody else's business.
        let market = sending.read("/exchange?tab=offers").await;
        assert!(market.contains("液冷系统验收和标准实施评价"));
        assert!(!host.read("/exchange?tab=wishes").await.contains("顾清和"));

        let page = desk.read("/exchange/pairing").await;
        for said in [
            "1 件申请、1 个名额，配成 1 对",
            "关键词相合：",
            "最早10月12日–16日",
            "派出 0 次、接待 0 次",
        ] {
            assert!(page.contains(said), "{said} in {page}");
        }
        let text = refused(desk.post("/exchange/pairing", &[("do", "propose")]).await).await;
        assert!(text.contains("请至少勾选一对"));
        let mark = "name=\"pair\" value=\"";
        let at = page.find(mark).unwrap() + mark.len();
        let value = page[at..].split('"').next().unwrap().to_owned();
        let chosen = [("pair", value.as_str()), ("do", "propose")];
        desk.submit("/exchange/pairing", &chosen).await;
        let text = refused(desk.post("/exchange/pairing", &chosen).await).await;
        assert!(text.contains("配对刚有变化"), "{text}");
        assert_eq!(world.mails("exchange.proposed").await.len(), 2);

        let visit = visits_of(&world).await.remove(0);
        let path = format!("/exchange/visits/{}", visit.id);
        assert_eq!(visit.number, "HF-2026-0001");
        assert!(sending.read("/home").await.contains("请审批互访条件"));
        let approve = format!("{path}/approve");
        let version = [("version", "1")];
        sending.submit(&approve, &version).await;
        let papers = format!("{path}/papers/sending");
        assert_eq!(sending.get(&papers).await.status(), StatusCode::NOT_FOUND);
        host.submit(&approve, &version).await;
        let page = sending.read(&path).await;
        assert!(page.contains("双方已同意") && page.contains("卫老师，010-0000 0000"));
        assert_eq!(world.mails("exchange.agreed").await.len(), 2);
        assert_eq!(world.mails("exchange.agreed_group").await.len(), 1);
        assert_eq!(world.mails("exchange.visitor").await.len(), 1);
        assert_eq!(world.taken().await.len(), 1);

        for (paper, said) in [
            ("sending", "派顾清和于2026年10月12日至"),
            ("host", "接收贵单位顾清和于"),
        ] {
            let text = host.read(&format!("{path}/papers/{paper}")).await;
            assert!(text.contains(said), "{text}");
            let file = host.get(&format!("{path}/papers/{paper}.docx")).await;
            assert_eq!(&file.bytes().await.unwrap()[..2], b"PK");
        }

        back_home(&world, &path).await;
    }
}

/// The return, the report, and the end of the visit at `path`.
async fn back_home(world: &Exchange, path: &str) {
    let id = visits_of(world).await.remove(0).id;
    world.app.set_time("2026-10-15 18:00");
    let (sending, desk) = (world.unit(0).await, world.desk().await);
    let link = world.link(id).await;
    let visitor = world.app.visitor();
    let back = format!("{link}/return");
    let days = [("left_on", "2026-10-12"), ("back_on", "2026-10-16")];
    let text = refused(visitor.post(&back, &days).await).await;
    assert!(text.contains("10月16日还没有到"), "{text}");
    let report = format!("{path}/report");
    let early = [("report", "学到了验收试验的组织方法。")];
    let text = refused(sending.post(&report, &early).await).await;
    assert!(text.contains("请先确认返回日期"), "{text}");
    let days = [("left_on", "2026-10-12"), ("back_on", "2026-10-15")];
    visitor.submit(&back, &days).await;
    let row = world.visit(id).await;
    assert_eq!(row.state, VisitState::Returned);
    assert_eq!(row.report_due.unwrap().to_string(), "2026-11-05");
    let taken = world.taken().await;
    assert_eq!(taken[0].to_at.to_rfc3339(), "2026-10-15T16:00:00+00:00");

    let form = Form::new()
        .text("report", "学到了验收试验的组织方法。\n下一步写入标准附录。")
        .part(
            "files",
            Part::bytes(b"%PDF-1.7".to_vec()).file_name("照片.pdf"),
        );
    let answer = visitor
        .client()
        .post(visitor.address(&format!("{link}/report")))
        .header("sec-fetch-site", "same-origin")
        .multipart(form)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let page = desk.read(path).await;
    assert!(page.contains("下一步写入标准附录") && page.contains("照片.pdf"));
    let mark = format!("{path}/files/");
    let at = page.find(&mark).unwrap();
    let file = page[at..].split('"').next().unwrap();
    assert_eq!(
        desk.get(file).await.bytes().await.unwrap().as_ref(),
        b"%PDF-1.7"
    );

    sending.submit(&report, &[("report", "第二版总结")]).await;
    desk.submit(&format!("{path}/close"), &[]).await;
    let late = [("report", "补充一份总结")];
    let text = refused(visitor.post(&format!("{link}/report"), &late).await).await;
    assert!(
        text.contains("互访 HF-2026-0001 现在是“已办结”，不再接收总结"),
        "{text}"
    );
    assert!(
        text.contains("补充一份总结"),
        "what was typed is kept: {text}"
    );
    let text = refused(sending.post(&report, &late).await).await;
    assert!(
        text.contains("不再接收总结") && text.contains("补充一份总结"),
        "{text}"
    );
    assert_eq!(world.mails("exchange.closed").await.len(), 2);
}

async fn visits_of(world: &Exchange) -> Vec<entity::visit::Model> {
    use sea_orm::EntityTrait;
    entity::visit::Entity::find()
        .all(world.app.ctx.store.read())
        .await
        .unwrap()
}

#[tokio::test]
async fn only_the_two_units_approve_and_each_once() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let offer = world.offer(1, &OFFER).await;
        let wish = world.wish(0, &WISH, VISITOR).await;
        let id = world.propose(offer, wish).await;
        let path = format!("/exchange/visits/{id}");
        let approve = format!("{path}/approve");
        let version = [("version", "1")];
        for stranger in [world.unit(2).await, world.desk().await] {
            let answer = stranger.post(&approve, &version).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        }
        assert_eq!(
            world.unit(2).await.get(&path).await.status(),
            StatusCode::NOT_FOUND
        );
        let sending = world.unit(0).await;
        sending.submit(&approve, &version).await;
        let text = refused(sending.post(&approve, &version).await).await;
        assert!(text.contains("贵单位已经同意，正等接收单位审批"), "{text}");
        let text = refused(
            world
                .unit(1)
                .await
                .post(&approve, &[("version", "9")])
                .await,
        )
        .await;
        assert!(text.contains("条件刚有变化"), "{text}");
        assert_eq!(world.visit(id).await.state, VisitState::Proposed);

        let decline = format!("{path}/decline");
        let host = world.unit(1).await;
        let blank = [("version", "1"), ("decline_reason", "")];
        let text = refused(host.post(&decline, &blank).await).await;
        assert!(text.contains("id=\"decline_reason-e\""), "{text}");
        let fields = [("version", "1"), ("decline_reason", "带教老师出差")];
        host.submit(&decline, &fields).await;
        let row = world.visit(id).await;
        assert_eq!(
            (row.state, row.end_note.as_str()),
            (VisitState::Declined, "带教老师出差")
        );
        assert!(world.taken().await.is_empty());
        // Both are free again, but not for each other.
        let page = world.desk().await.read("/exchange/pairing").await;
        assert!(page.contains("1 件申请、1 个名额，配成 0 对"), "{page}");
        assert!(page.contains("以前未达成"), "{page}");
    }
}

#[tokio::test]
async fn a_change_holds_when_the_other_unit_approves_it() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let id = world.agreed().await;
        let path = format!("/exchange/visits/{id}");
        let host = world.unit(1).await;
        let form = host.read(&format!("{path}/terms")).await;
        assert!(form.contains("value=\"2026-10-12\"") && !form.contains("name=\"people\""));
        let terms = [
            ("version", "1"),
            ("from_date", "2026-10-19"),
            ("to_date", "2026-10-23"),
            ("tasks", WISH[1].1),
            ("place", OFFER[7].1),
            ("mentor_name", "卫老师"),
            ("mentor_phone", "010-0000 0000"),
            ("cost", OFFER[10].1),
            ("insurance", OFFER[11].1),
        ];
        let target = format!("{path}/terms");
        let bad = with(&terms, &[("to_date", "2026-10-18"), ("abroad", "1")]);
        let text = refused(host.post(&target, &bad).await).await;
        for said in [
            "最后一天早于第一天10月19日",
            "请填批件号",
            "id=\"reason-e\"",
            "value=\"2026-10-18\"",
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
        let same = with(
            &terms,
            &[
                ("from_date", "2026-10-12"),
                ("to_date", "2026-10-16"),
                ("reason", "无"),
            ],
        );
        assert!(
            refused(host.post(&target, &same).await)
                .await
                .contains("条件没有变化")
        );
        let moved = with(&terms, &[("reason", "试验推迟一周")]);
        host.submit(&target, &moved).await;
        // Until it is approved what was agreed holds.
        let taken = world.taken().await;
        assert_eq!(taken[0].from_at.to_rfc3339(), "2026-10-11T16:00:00+00:00");
        let page = world.unit(0).await.read(&path).await;
        assert!(
            page.contains("时间：10月12日–16日 → 10月19日–23日"),
            "{page}"
        );
        assert_eq!(world.mails("exchange.amended").await.len(), 1);
        let own = [("version", "2"), ("decline_reason", "算了")];
        let text = refused(host.post(&format!("{path}/decline"), &own).await).await;
        assert!(text.contains("这是贵单位提出的变更"), "{text}");

        let sending = world.unit(0).await;
        let decline = [("version", "2"), ("decline_reason", "那周没有人")];
        sending.submit(&format!("{path}/decline"), &decline).await;
        assert_eq!(world.visit(id).await.state, VisitState::Agreed);
        assert_eq!(world.terms(id).await[0].state, TermsState::Refused);

        let again = with(&moved, &[("version", "2"), ("reason", "只能那周")]);
        host.submit(&target, &again).await;
        sending
            .submit(&format!("{path}/approve"), &[("version", "3")])
            .await;
        let taken = world.taken().await;
        assert_eq!(taken.len(), 1);
        assert_eq!(taken[0].from_at.to_rfc3339(), "2026-10-18T16:00:00+00:00");
        assert_eq!(world.visit(id).await.calendar_sequence, 2);
        assert_eq!(world.mails("exchange.visitor").await.len(), 2);
    }
}

#[tokio::test]
async fn whoever_stays_at_home_after_a_change_is_told_and_free() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let id = world.agreed().await;
        let former = world.link(id).await;
        let path = format!("/exchange/visits/{id}");
        let people = "卓然，工程师，13900000077";
        let terms = [
            ("version", "1"),
            ("from_date", "2026-10-12"),
            ("to_date", "2026-10-16"),
            ("tasks", WISH[1].1),
            ("place", OFFER[7].1),
            ("mentor_name", "卫老师"),
            ("cost", OFFER[10].1),
            ("insurance", OFFER[11].1),
            ("people", people),
            ("reason", "换人"),
        ];
        let sending = world.unit(0).await;
        sending.submit(&format!("{path}/terms"), &terms).await;
        world.approve(id, Side::Host).await.unwrap();
        let mails = world.mails("exchange.visitor").await;
        let to: Vec<_> = mails
            .iter()
            .map(|mail| {
                (
                    mail.recipient_name.as_str(),
                    mail.facts["cancelled"].clone(),
                )
            })
            .collect();
        assert_eq!(
            to,
            [
                ("顾清和", false.into()),
                ("卓然", false.into()),
                ("顾清和", true.into()),
            ]
        );
        let answer = world.app.visitor().get(&former).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        let taken = world.taken().await;
        assert_eq!(taken.len(), 1);
    }
}

#[tokio::test]
async fn nobody_is_sent_to_two_places_and_the_last_round_is_given_once() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let (first, second) = (world.offer(1, &OFFER).await, world.offer(2, &OFFER).await);
        let wishes = [
            world.wish(0, &WISH, VISITOR).await,
            world.wish(0, &WISH, VISITOR).await,
        ];
        let one = world.propose(first, wishes[0]).await;
        let other = world.propose(second, wishes[1]).await;
        for id in [one, other] {
            world.approve(id, Side::Sending).await.unwrap();
        }
        // Both hosts approve in the same moment.
        let (left, right) = tokio::join!(
            world.approve(one, Side::Host),
            world.approve(other, Side::Host)
        );
        let lost = match (left, right) {
            (Ok(()), Err(error)) => (other, error),
            (Err(error), Ok(())) => (one, error),
            both => panic!("{both:?}"),
        };
        let (lost, error) = lost;
        let Error::Conflict(refusal) = error else {
            panic!("{error}");
        };
        assert_eq!(refusal.code, "people.taken");
        assert_eq!(world.taken().await.len(), 1);
        let number = if lost == other { 2 } else { 1 };
        let host = world.unit(number).await;
        let path = format!("/exchange/visits/{lost}");
        let text = refused(
            host.post(&format!("{path}/approve"), &[("version", "1")])
                .await,
        )
        .await;
        assert!(text.contains("人才互访 HF-2026-000"), "{text}");
        assert_eq!(world.visit(lost).await.state, VisitState::Proposed);

        // Two wishes for the one round of an offer.
        let last = world.offer(1, &OFFER).await;
        let wishes = [
            world.wish(0, &WISH, "甲某，13900000011").await,
            world.wish(2, &WISH, "乙某，13900000012").await,
        ];
        let (left, right) = tokio::join!(
            proposed(&world.app, last, wishes[0], world.group),
            proposed(&world.app, last, wishes[1], world.group)
        );
        assert_eq!(i32::from(left.is_ok()) + i32::from(right.is_ok()), 1);
    }
}

#[tokio::test]
async fn a_visit_is_withdrawn_before_it_begins_and_not_after() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let id = world.agreed().await;
        let path = format!("/exchange/visits/{id}/withdraw");
        let fields = [("withdraw_reason", "单位另有任务")];
        world.app.set_time("2026-10-12 09:00");
        let host = world.unit(1).await;
        let text = refused(host.post(&path, &fields).await).await;
        assert!(
            text.contains("互访已于10月12日（周一）开始，不能撤回"),
            "{text}"
        );
        assert!(text.contains("单位另有任务"), "what was typed is kept");
        world.app.set_time("2026-10-11 09:00");
        let host = world.unit(1).await;
        let link = world.link(id).await;
        host.submit(&path, &fields).await;
        assert_eq!(world.visit(id).await.state, VisitState::Withdrawn);
        let answer = world.app.visitor().get(&link).await;
        assert_eq!(answer.status(), StatusCode::GONE);
        assert!(answer.text().await.unwrap().contains("这次互访已经撤回"));
        let forged = world.app.visitor().get(&format!("{link}x")).await;
        assert_eq!(forged.status(), StatusCode::NOT_FOUND);
        assert!(world.taken().await.is_empty());
        assert_eq!(world.mails("exchange.withdrawn").await.len(), 1);
        assert_eq!(world.mails("exchange.withdrawn_group").await.len(), 1);
        let mails = world.mails("exchange.visitor").await;
        assert_eq!(mails[1].facts["cancelled"], true);
        assert_eq!(mails[1].facts["sequence"], 2);
    }
}

#[tokio::test]
async fn whoever_is_due_is_reminded_and_not_twice() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let offer = world.offer(1, &OFFER).await;
        let wish = world.wish(0, &WISH, VISITOR).await;
        let id = world.propose(offer, wish).await;
        let job = "exchange.reminders";
        assert_eq!(world.run(job).await, 0, "nobody is late on the same day");
        world.approve(id, Side::Sending).await.unwrap();
        world.app.set_time("2026-09-17 08:40");
        assert_eq!(world.run(job).await, 1, "the host has not answered");
        assert_eq!(world.run(job).await, 0);
        world.approve(id, Side::Host).await.unwrap();
        world.app.set_time("2026-10-17 08:40");
        assert_eq!(world.run(job).await, 0, "not on a Saturday");
        world.app.set_time("2026-10-19 08:40");
        assert_eq!(world.run(job).await, 2, "the unit and the visitor");
        let told = visits::Return {
            left: world.terms(id).await[0].from_date,
            back: world.terms(id).await[0].to_date,
        };
        visits::confirm_return(&world.app.ctx, id, world.units[0].person, &told)
            .await
            .unwrap();
        assert_eq!(world.run(job).await, 0);
        world.app.set_time("2026-11-04 08:40");
        assert_eq!(world.run(job).await, 2, "the report is due on 6 November");
        assert_eq!(world.run(job).await, 0);
        world.app.set_time("2026-11-09 08:40");
        assert_eq!(
            world.run(job).await,
            3,
            "late: the unit, the visitor, the group"
        );
        assert_eq!(world.run(job).await, 0);
        visits::file_report(&world.app.ctx, id, world.units[0].person, "总结", &[])
            .await
            .unwrap();
        world.app.set_time("2026-11-24 08:40");
        assert_eq!(world.run(job).await, 0);
    }
}

#[tokio::test]
async fn whereabouts_are_told_only_where_the_office_wants_it() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let id = world.agreed().await;
        let link = world.link(id).await;
        let visitor = world.app.visitor();
        assert!(!visitor.read(&link).await.contains("我已出发"));
        let way = format!("{link}/way");
        let text = refused(visitor.post(&way, &[("what", "departed")]).await).await;
        assert!(text.contains("没有启用"), "{text}");
    }
    for database in databases().await {
        let on = |config: &mut expert_pool::foundation::config::Config| {
            config.exchange.travel_links = true;
        };
        let world = Exchange::open_with(database, on).await;
        let id = world.agreed().await;
        let link = world.link(id).await;
        let visitor = world.app.visitor();
        assert!(visitor.read(&link).await.contains("我已出发"));
        let way = format!("{link}/way");
        visitor.submit(&way, &[("what", "departed")]).await;
        let page = world
            .unit(0)
            .await
            .read(&format!("/exchange/visits/{id}"))
            .await;
        assert!(page.contains("顾清和已出发，9月14日 10:00"), "{page}");
    }
}

#[tokio::test]
async fn offers_and_wishes_end_with_their_days() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        world.offer(1, &OFFER).await;
        let wish = world.wish(0, &WISH, VISITOR).await;
        world.app.set_time("2026-10-31 09:00");
        assert_eq!(world.run("exchange.past").await, 0);
        world.app.set_time("2026-11-01 00:10");
        assert_eq!(world.run("exchange.past").await, 1);
        assert_eq!(world.run("exchange.past").await, 0);
        let page = world
            .unit(0)
            .await
            .read(&format!("/exchange/wishes/{wish}"))
            .await;
        assert!(page.contains("已关闭"));
    }
}

#[tokio::test]
async fn a_visit_that_has_begun_is_made_longer_by_both() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let id = world.agreed().await;
        world.app.set_time("2026-10-14 09:00");
        let target = format!("/exchange/visits/{id}/terms");
        let terms = [
            ("version", "1"),
            ("from_date", "2026-10-12"),
            ("to_date", "2026-10-20"),
            ("tasks", WISH[1].1),
            ("place", OFFER[7].1),
            ("mentor_name", "卫老师"),
            ("cost", OFFER[10].1),
            ("insurance", OFFER[11].1),
            ("people", VISITOR),
            ("reason", "试验没有做完"),
        ];
        let sending = world.unit(0).await;
        let early = with(&terms, &[("from_date", "2026-10-13")]);
        let text = refused(sending.post(&target, &early).await).await;
        assert!(text.contains("10月13日已过或就是今天"), "{text}");
        sending.submit(&target, &terms).await;
        world.approve(id, Side::Host).await.unwrap();
        let taken = world.taken().await;
        assert_eq!(taken[0].to_at.to_rfc3339(), "2026-10-20T16:00:00+00:00");
    }
}
