//! A joint project of three units: asked, joined, brought, ended.

use entity::{
    cooperation::{self, CooperationState},
    deliverable,
    ids::CooperationId,
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::support::{
    databases::databases,
    exchange::{Exchange, refused},
    requests::with,
};

async fn row(world: &Exchange) -> cooperation::Model {
    cooperation::Entity::find()
        .one(world.app.ctx.store.read())
        .await
        .unwrap()
        .unwrap()
}

async fn brings(world: &Exchange, id: CooperationId) -> Vec<deliverable::Model> {
    deliverable::Entity::find()
        .filter(deliverable::Column::CooperationId.eq(id))
        .order_by_asc(deliverable::Column::DueOn)
        .all(world.app.ctx.store.read())
        .await
        .unwrap()
}

async fn names(world: &Exchange) -> Vec<String> {
    let all = expert_pool::units::all(world.app.ctx.store.read())
        .await
        .unwrap();
    all.into_iter().take(4).map(|unit| unit.name).collect()
}

#[tokio::test]
async fn three_units_carry_a_project_to_its_end() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let names = names(&world).await;
        let lead = world.unit(0).await;
        let partners = format!("{}：调研\n{}：试点", names[1], names[2]);
        let due = format!(
            "调研报告，{}，2026-10-20\n标准草案，{}，2026-12-18",
            names[1], names[0]
        );
        let fields = [
            ("title", "团体标准实施效果评价方法联合研究"),
            ("goal", "形成一套可操作的评价指标。"),
            ("from_date", "2026-10-01"),
            ("to_date", "2026-12-31"),
            ("partners", partners.as_str()),
            ("deliverables", due.as_str()),
        ];
        let bad_due = format!(
            "调研报告，{}，2026-10-20\n推广，{}，2027-03-01",
            names[3], names[0]
        );
        let bad = with(
            &fields,
            &[
                ("partners", "某某学会：调研"),
                ("deliverables", bad_due.as_str()),
            ],
        );
        let text = refused(lead.post("/cooperations", &bad).await).await;
        for said in [
            "没有找到“某某学会”",
            "不是参加这个项目的单位",
            "2027年3月1日不在项目时间2026年10月1日至2026年12月31日之内",
            "团体标准实施效果评价方法联合研究",
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
        let alone = with(&fields, &[("partners", ""), ("deliverables", "x，y")]);
        let text = refused(lead.post("/cooperations", &alone).await).await;
        assert!(text.contains("合作至少要两个单位"), "{text}");

        let to = lead.submit("/cooperations", &fields).await;
        let path = to.split('?').next().unwrap().to_owned();
        assert_eq!(world.mails("cooperation.asked").await.len(), 2);
        let one = world.unit(1).await;
        assert!(one.read("/home").await.contains("请确认贵单位是否参加"));
        let answer = format!("{path}/answer");
        let text = refused(one.post(&answer, &[("answer", "decline")]).await).await;
        assert!(text.contains("请写理由"), "{text}");
        one.submit(&answer, &[("answer", "join")]).await;
        assert_eq!(row(&world).await.state, CooperationState::Running);
        assert_eq!(world.mails("cooperation.running_group").await.len(), 1);
        let text = refused(one.post(&answer, &[("answer", "join")]).await).await;
        assert!(text.contains("已经答复过了"), "{text}");
        let two = world.unit(2).await;
        let no = [("answer", "decline"), ("note", "人手不够")];
        two.submit(&answer, &no).await;
        assert_eq!(world.mails("cooperation.not_joined").await.len(), 1);
        let people = [("people", "沈听澜，调研，13900000088")];
        let text = refused(two.post(&format!("{path}/people"), &people).await).await;
        assert!(text.contains("确认参加后"), "{text}");
        one.submit(&format!("{path}/people"), &people).await;
        assert!(lead.read(&path).await.contains("沈听澜（调研）"));
        let text = refused(lead.post(&format!("{path}/people"), &people).await).await;
        assert!(text.contains("沈听澜写了两次"), "{text}");
        finish(&world, &path).await;
    }
}

/// Reminders, what is brought, and the end.
async fn finish(world: &Exchange, path: &str) {
    let id = row(world).await.id;
    let job = "cooperation.reminders";
    assert_eq!(world.run(job).await, 0);
    world.app.set_time("2026-10-16 08:45");
    assert_eq!(world.run(job).await, 1, "due on 20 October");
    assert_eq!(world.run(job).await, 0);
    world.app.set_time("2026-10-21 08:45");
    assert_eq!(world.run(job).await, 2, "late: the unit and the lead");
    let brings = brings(world, id).await;
    let (lead, one) = (world.unit(0).await, world.unit(1).await);
    let first = format!("{path}/deliverables/{}", brings[0].id);
    let second = format!("{path}/deliverables/{}", brings[1].id);
    assert_eq!(one.post(&second, &[]).await.status(), StatusCode::NOT_FOUND);
    one.submit(&first, &[("brought", "已印发各单位")]).await;
    let text = refused(lead.post(&first, &[]).await).await;
    assert!(text.contains("“调研报告”已在10月21日登记完成"), "{text}");
    let end = format!("{path}/end");
    assert_eq!(
        one.post(&end, &[("outcome", "完成")]).await.status(),
        StatusCode::NOT_FOUND,
        "the lead ends it"
    );
    let text = refused(lead.post(&end, &[("outcome", "评价指标已发布")]).await).await;
    assert!(
        text.contains("还有 1 项成果没有登记完成：标准草案"),
        "{text}"
    );
    assert!(text.contains("评价指标已发布"), "what was typed is kept");
    let anyway = [("outcome", "评价指标已发布"), ("anyway", "1")];
    lead.submit(&end, &anyway).await;
    assert_eq!(row(world).await.state, CooperationState::Ended);
    assert_eq!(world.mails("cooperation.ended").await.len(), 2);
    world.app.set_time("2027-01-11 08:45");
    assert_eq!(world.run(job).await, 0);
    let stranger = world.desk().await;
    assert!(stranger.read(path).await.contains("评价指标已发布"));
}

#[tokio::test]
async fn a_project_that_nobody_joins_falls() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let names = names(&world).await;
        let partners = format!("{}：调研", names[1]);
        let due = format!("调研报告，{}，2026-10-20", names[1]);
        let fields = [
            ("title", "联合研究"),
            ("goal", "形成评价指标。"),
            ("from_date", "2026-10-01"),
            ("to_date", "2026-12-31"),
            ("partners", partners.as_str()),
            ("deliverables", due.as_str()),
        ];
        let lead = world.unit(0).await;
        let to = lead.submit("/cooperations", &fields).await;
        let path = to.split('?').next().unwrap().to_owned();
        let outside = world.unit(2).await.get(&path).await;
        assert_eq!(outside.status(), StatusCode::NOT_FOUND);
        let answer = format!("{path}/answer");
        let no = [("answer", "decline"), ("note", "已有类似项目")];
        world.unit(1).await.submit(&answer, &no).await;
        assert_eq!(row(&world).await.state, CooperationState::Dropped);
        let more = format!("再加一项，{}，2026-11-20", names[0]);
        let add = [("deliverable", more.as_str())];
        let text = refused(lead.post(&format!("{path}/deliverables"), &add).await).await;
        assert!(
            text.contains("现在是“未成立”") && text.contains("再加一项"),
            "{text}"
        );
    }
}
