//! A forum: a draft, its programme for everybody, seats and speakers, changes told, called off.

use entity::{
    forum::{self, ForumState},
    forum_item,
    ids::SessionId,
    panel,
    role_grant::Role,
};
use expert_pool::{
    accounts::{Actor, Grant},
    registration::{
        self,
        enrol::{self, Outcome, Row},
    },
};
use reqwest::StatusCode;
use sea_orm::{EntityTrait, QueryOrder};
use uuid::Uuid;

use crate::support::{
    databases::databases,
    exchange::{Exchange, refused},
    requests::with,
};

const FORUM: [(&str, &str); 10] = [
    ("kind", "forum"),
    ("title", "第一届团体标准实施与评价论坛"),
    ("summary", "交流团体标准实施效果评价的做法。"),
    ("domains", "01.120；标准实施"),
    ("on_date", "2026-11-20"),
    ("closes_on", "2026-11-10"),
    ("place", "北京市海淀区示例路 8 号"),
    ("capacity", "2"),
    ("contact_name", "柳闻莺"),
    ("contact_phone", "010-0000 0000"),
];

const PROGRAMME: &str = "09:00-09:20，致辞，彭望舒\n09:20-10:00，标准实施评价方法，邀请专家\n10:00-10:20，茶歇\n10:20-11:30，圆桌讨论";

async fn row(world: &Exchange) -> forum::Model {
    forum::Entity::find()
        .one(world.app.ctx.store.read())
        .await
        .unwrap()
        .unwrap()
}

async fn panels(world: &Exchange) -> Vec<panel::Model> {
    panel::Entity::find()
        .order_by_asc(panel::Column::CreatedAt)
        .all(world.app.ctx.store.read())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_forum_is_published_changed_and_over() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let desk = world.desk().await;
        let bad = with(
            &FORUM,
            &[
                ("programme", "上午，致辞\n09:00-10:00，甲\n09:30-10:30，乙"),
                ("closes_on", "2026-11-20"),
            ],
        );
        let text = refused(desk.post("/forums", &bad).await).await;
        for said in [
            "没有读懂“上午，致辞”",
            "“甲”和“乙”时间重叠",
            "报名截止请选今天到11月20日前一天之间",
            "第一届团体标准实施与评价论坛",
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
        let fields = with(&FORUM, &[("programme", PROGRAMME)]);
        let to = desk.submit("/forums", &fields).await;
        let path = to.split('?').next().unwrap().to_owned();
        let public = path.replacen("/forums/", "/forum/", 1);
        let (unit, visitor) = (world.unit(0).await, world.app.visitor());
        assert_eq!(unit.get(&path).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(visitor.get(&public).await.status(), StatusCode::NOT_FOUND);

        desk.submit(&format!("{path}/publish"), &[]).await;
        let text = refused(desk.post(&format!("{path}/publish"), &[]).await).await;
        assert!(text.contains("论坛现在是“已发布”"), "{text}");
        let text = visitor.read(&public).await;
        assert!(
            text.contains("09:20–10:00") && text.contains("我要报名"),
            "{text}"
        );
        let found = panels(&world).await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].owner_kind, "talk");
        let item = format!("/forums/talks/{}", found[0].owner_id);
        assert_eq!(desk.get(&item).await.status(), StatusCode::SEE_OTHER);
        let seats = row(&world).await.registration_id.unwrap();
        let known = registration::get(world.app.ctx.store.read(), seats)
            .await
            .unwrap();
        assert_eq!((known.owner_kind.as_str(), known.capacity), ("forum", 2));
        assert_eq!(known.starts_at.to_rfc3339(), "2026-11-20T01:00:00+00:00");

        enrol(&world).await;
        change(&world, &path).await;
        world.app.set_time("2026-11-20 23:00");
        assert_eq!(world.run("forum.past").await, 0);
        world.app.set_time("2026-11-21 00:20");
        assert_eq!(world.run("forum.past").await, 1);
        assert_eq!(row(&world).await.state, ForumState::Ended);
        let desk = world.desk().await;
        let edit = with(
            &fields,
            &[
                ("version", "2"),
                ("on_date", "2026-12-20"),
                ("closes_on", "2026-12-10"),
            ],
        );
        let text = refused(desk.post(&format!("{path}/edit"), &edit).await).await;
        assert!(text.contains("论坛现在是“已结束”"), "{text}");
    }
}

/// Three people of a unit enrol for two seats.
async fn enrol(world: &Exchange) {
    let unit = &world.units[0];
    let actor = Actor {
        person: unit.person,
        account: None,
        session: SessionId(Uuid::nil()),
        name: "周联络".to_owned(),
        sample: false,
        grants: vec![Grant {
            role: Role::Contact,
            unit: Some(unit.unit),
            committee: None,
        }],
    };
    let rows: Vec<_> = (1..=3)
        .map(|number| Row {
            line: number,
            name: ["甲某", "乙某", "丙某"][number - 1].to_owned(),
            position: "工程师".to_owned(),
            phone: format!("1390000030{number}"),
            email: format!("guest-{number}@example.org"),
            ..Row::default()
        })
        .collect();
    let id = row(world).await.registration_id.unwrap();
    let owners = &world.app.seat_owners;
    let outcomes = enrol::enrol(&world.app.ctx, owners, &actor, id, unit.unit, &rows, false)
        .await
        .unwrap();
    assert_eq!(
        outcomes,
        [Outcome::Enrolled, Outcome::Enrolled, Outcome::Waiting(1)]
    );
}

/// The programme is changed: the talk moves, the break goes, a part is new.
async fn change(world: &Exchange, path: &str) {
    let desk = world.desk().await;
    let form = desk.read(&format!("{path}/edit")).await;
    assert!(
        form.contains("09:20–10:00，标准实施评价方法，邀请专家"),
        "{form}"
    );
    let other = "09:00-09:20，致辞，彭望舒\n09:30-10:10，标准实施评价方法，邀请专家\n10:20-11:30，圆桌讨论\n11:30-12:00，标准数字化，邀请专家";
    let edit = with(&FORUM, &[("programme", other), ("version", "1")]);
    let small = with(&edit, &[("capacity", "1")]);
    let text = refused(desk.post(&format!("{path}/edit"), &small).await).await;
    assert!(
        text.contains("乙某"),
        "who would lose the seat is named: {text}"
    );
    assert_eq!(row(world).await.version, 1);
    desk.submit(&format!("{path}/edit"), &edit).await;
    let text = refused(desk.post(&format!("{path}/edit"), &edit).await).await;
    assert!(text.contains("内容刚被改过"), "{text}");
    let told = world.mails("forum.programme_changed").await;
    assert_eq!(told.len(), 3, "those with a seat and those who wait");
    assert!(told[0].facts.to_string().contains("取消：10:00–10:20 茶歇"));
    let page = desk.read(path).await;
    for said in [
        "标准实施评价方法：09:20–10:00 → 09:30–10:10",
        "取消：10:00–10:20 茶歇",
        "新增：11:30–12:00 标准数字化",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    let found = panels(world).await;
    assert_eq!(found.len(), 2, "the new part looks for a speaker, too");
    assert_eq!(
        found[0].meeting_from.unwrap().to_rfc3339(),
        "2026-11-20T01:30:00+00:00"
    );
    let items = forum_item::Entity::find()
        .all(world.app.ctx.store.read())
        .await
        .unwrap();
    assert_eq!(items.len(), 4);
}

#[tokio::test]
async fn a_forum_that_is_called_off_ends_seats_and_talks() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let desk = world.desk().await;
        let fields = with(&FORUM, &[("programme", PROGRAMME)]);
        let to = desk.submit("/forums", &fields).await;
        let path = to.split('?').next().unwrap().to_owned();
        desk.submit(&format!("{path}/publish"), &[]).await;
        let cancel = format!("{path}/cancel");
        let text = refused(desk.post(&cancel, &[("cancel_reason", " ")]).await).await;
        assert!(text.contains("id=\"cancel_reason-e\""), "{text}");
        desk.submit(&cancel, &[("cancel_reason", "场地维修")]).await;
        assert_eq!(row(&world).await.state, ForumState::Cancelled);
        let found = panels(&world).await;
        assert_eq!(found[0].state, entity::panel::PanelState::Withdrawn);
        let public = path.replacen("/forums/", "/forum/", 1);
        let text = world.app.visitor().read(&public).await;
        assert!(
            text.contains("已取消") && text.contains("场地维修"),
            "{text}"
        );
        assert!(!text.contains("我要报名"));
    }
}
