//! Forms of offers and wishes: what is wrong is said at its field, and nothing is lost.

use crate::support::{
    databases::databases,
    exchange::{Exchange, OFFER, VISITOR, WISH, refused},
    requests::with,
};

#[tokio::test]
async fn bad_offers_come_back_as_they_were_typed() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let unit = world.unit(1).await;
        let bad = with(
            &OFFER,
            &[
                ("from_date", "2026-09-14"),
                ("rounds", "0"),
                ("domains", "99.999"),
                ("cost", ""),
            ],
        );
        let text = refused(unit.post("/exchange/offers", &bad).await).await;
        for said in [
            "有 4 处要改，其余内容已保留",
            "9月14日已过或就是今天",
            "请填 1 至 20 之间的数",
            "没有找到编号“99.999”",
            "id=\"cost-e\"",
            "卫老师",
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
        let to = unit.submit("/exchange/offers", &OFFER).await;
        let path = to.split('?').next().unwrap().to_owned();
        let form = unit.read(&format!("{path}/edit")).await;
        assert!(form.contains("value=\"31.200；液冷系统；验收\""), "{form}");
        let edit = with(&OFFER, &[("version", "1"), ("places", "3")]);
        unit.submit(&format!("{path}/edit"), &edit).await;
        let text = refused(unit.post(&format!("{path}/edit"), &edit).await).await;
        assert!(text.contains("内容刚被改过"), "{text}");
        assert!(unit.read(&path).await.contains("每批最多 3 人"));
        unit.submit(&format!("{path}/close"), &[]).await;
        let text = refused(unit.post(&format!("{path}/close"), &[]).await).await;
        assert!(text.contains("已经关闭"), "{text}");
        // A closed offer is shown to its own unit only.
        let other = world.unit(0).await;
        assert_eq!(other.get(&path).await.status(), 404);
        assert!(unit.read(&path).await.contains("已关闭"));
    }
}

#[tokio::test]
async fn people_of_a_wish_are_known_once() {
    for database in databases().await {
        let world = Exchange::open(database).await;
        let unit = world.unit(0).await;
        let bad = with(
            &WISH,
            &[
                ("days", "40"),
                (
                    "people",
                    "顾清和，工程师\n卓然，13900000077\n卓然，13900000077",
                ),
            ],
        );
        let text = refused(unit.post("/exchange/wishes", &bad).await).await;
        for said in [
            "请写顾清和的手机或邮箱",
            "卓然写了两次",
            "要住 40 天，可选的时间只有 20 天",
            "顾清和，工程师",
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
        let good = with(&WISH, &[("people", VISITOR)]);
        let to = unit.submit("/exchange/wishes", &good).await;
        let path = to.split('?').next().unwrap().to_owned();
        // Saved again, the line stands for the same person.
        let form = unit.read(&format!("{path}/edit")).await;
        assert!(form.contains(VISITOR), "{form}");
        let again = with(&good, &[("version", "1"), ("days", "3")]);
        unit.submit(&format!("{path}/edit"), &again).await;
        let people = {
            use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
            entity::person::Entity::find()
                .filter(entity::person::Column::Name.eq("顾清和"))
                .all(world.app.ctx.store.read())
                .await
                .unwrap()
        };
        assert_eq!(people.len(), 1);
        // Somebody else with the same address is looked at by a person.
        let other = with(&WISH, &[("people", "古青禾，主任，guqinghe@example.org")]);
        let text = refused(unit.post("/exchange/wishes", &other).await).await;
        assert!(
            text.contains("古青禾的手机或邮箱在系统里是另一个人的"),
            "{text}"
        );
    }
}
