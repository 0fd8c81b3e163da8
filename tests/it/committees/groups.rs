use entity::committee::{CommitteeKind, CommitteeState};

use super::{decision, found, name, named, row, set_tier, told, unit};
use crate::support::{
    databases::databases,
    requests::{Office, refused},
};

#[tokio::test]
async fn a_dated_group_under_a_committee_ends_by_itself_with_notice() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let parent = named(&office, "产业联系委员会").await;
        found(&office, parent).await;
        let desk = office.desk().await;
        let parent_id = parent.to_string();
        let fields = |kind: &'static str, until: &'static str| {
            [
                ("kind", kind),
                ("name", "储能对接工作组"),
                ("task", "对接储能产业的标准需求"),
                ("parent", parent_id.as_str()),
                ("until", until),
            ]
        };
        let page = refused(desk.post("/committees/new", &fields("committee", "")).await).await;
        assert!(page.contains("专门委员会不隶属别的委员会") && page.contains("储能对接工作组"));
        let wrong = fields("working_group", "2026-09-13");
        let page = refused(desk.post("/committees/new", &wrong).await).await;
        assert!(page.contains("期限要在2026年9月14日或以后"));
        desk.submit("/committees/new", &fields("working_group", "2026-10-20"))
            .await;
        let id = named(&office, "储能对接工作组").await;
        let same = refused(
            desk.post("/committees/new", &fields("working_group", "2026-10-20"))
                .await,
        );
        assert!(same.await.contains("已登记"));
        name(&desk, id, unit(&office, 0).await, "lead").await;
        name(&desk, id, unit(&office, 1).await, "organiser").await;
        desk.submit(&format!("/committees/{id}/steps/establish"), &decision())
            .await;
        let page = desk.read(&format!("/committees/{parent}")).await;
        assert!(page.contains("储能对接工作组"), "its committee shows it");
        let step = format!("/committees/{parent}/steps/dissolve");
        let page = refused(desk.post(&step, &decision()).await).await;
        assert!(page.contains("下设的工作组还在工作：储能对接工作组"));

        office.stage.app.set_time("2026-09-21 10:00");
        office.run("committees.remind_of_ends").await;
        office.run("committees.remind_of_ends").await;
        assert_eq!(
            told(&office, "committees.ends_soon").await,
            ["contact@example.org"]
        );
        office.stage.app.set_time("2026-10-13 10:00");
        office.run("committees.remind_of_ends").await;
        assert_eq!(told(&office, "committees.ends_soon").await.len(), 2);
        office.stage.app.set_time("2026-10-20 10:00");
        office.run("committees.end_dated").await;
        assert_eq!(
            row(&office, id).await.state,
            CommitteeState::Standing,
            "its last day"
        );
        office.stage.app.set_time("2026-10-21 10:00");
        assert_eq!(office.run("committees.end_dated").await, 1);
        let ended = row(&office, id).await;
        assert_eq!(ended.state, CommitteeState::Ended);
        assert_eq!(ended.ended_on, ended.until);
        assert_eq!(ended.ending_number, None, "it takes no document");
        assert_eq!(
            told(&office, "committees.ended").await,
            ["contact@example.org"]
        );
    }
}

#[tokio::test]
async fn a_group_becomes_a_committee_and_keeps_its_history() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let id = named(&office, "宣传工作组").await;
        let desk = office.desk().await;
        let lead = unit(&office, 0).await;
        set_tier(&desk, lead, "standing_council").await;
        name(&desk, id, lead, "lead").await;
        name(&desk, id, unit(&office, 1).await, "organiser").await;
        desk.submit(&format!("/committees/{id}/steps/establish"), &decision())
            .await;
        let step = format!("/committees/{id}/steps/promote");
        let fields = |name: &'static str| {
            let [on, basis] = decision();
            [on, basis, ("name", name)]
        };
        let page = refused(desk.post(&step, &fields("宣传委员会")).await).await;
        assert!(page.contains("至少要 2 个理事单位组织") && page.contains("宣传委员会"));
        name(&desk, id, unit(&office, 2).await, "organiser").await;
        let page = refused(desk.post(&step, &fields("奖励委员会")).await).await;
        assert!(page.contains("请换一个名称"));
        desk.submit(&step, &fields("宣传委员会")).await;
        let promoted = row(&office, id).await;
        assert_eq!(promoted.kind, CommitteeKind::Committee);
        assert_eq!(
            (promoted.name.as_str(), promoted.alias.as_str()),
            ("宣传委员会", "宣传工作组")
        );
        let page = desk.read(&format!("/committees/{id}")).await;
        assert!(page.contains("项目工作组“宣传工作组”升格为“宣传委员会”"));
        assert!(
            page.contains("确定单位"),
            "what was before stays in its history"
        );
        assert_eq!(
            told(&office, "committees.promoted").await,
            ["contact@example.org"]
        );
    }
}
