use entity::committee::CommitteeState;
use expert_pool::committees;
use reqwest::StatusCode;

use super::{chair, decision, found, name, named, row, set_tier, told, unit};
use crate::support::{
    databases::databases,
    requests::{Office, refused},
};

#[tokio::test]
async fn the_named_committees_and_groups_are_there_and_say_what_they_miss() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let all = committees::all(office.stage.ctx().store.read())
            .await
            .unwrap();
        assert_eq!(all.len(), 10);
        assert!(all.iter().all(|row| row.state == CommitteeState::Preparing));
        let list = office.unit().await.read("/committees").await;
        assert!(list.contains("知识产权研究委员会") && list.contains("交流工作组"));
        assert!(list.contains("10 个还缺牵头单位或组织单位"), "{list}");
        let page = office
            .unit()
            .await
            .read(&format!("/committees/{}", all[0].id))
            .await;
        assert!(page.contains("还没有牵头单位") && page.contains("还差 2 个"));
        assert!(page.contains("又称“法规和政策研究委员会”"));
    }
}

#[tokio::test]
async fn a_committee_is_founded_once_it_has_its_units_and_shows_a_lead_that_falls() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let id = named(&office, "国际标准化委员会").await;
        let desk = office.desk().await;
        let [lead, one, two, other] = [
            unit(&office, 0).await,
            unit(&office, 1).await,
            unit(&office, 2).await,
            unit(&office, 3).await,
        ];
        let step = format!("/committees/{id}/steps/establish");
        let page = refused(desk.post(&step, &decision()).await).await;
        assert!(page.contains("还没有牵头单位") && page.contains("经第一届理事会"));

        // A council unit may be named to lead; it is not founded before that unit has its standing.
        name(&desk, id, lead, "lead").await;
        name(&desk, id, one, "organiser").await;
        let page = refused(desk.post(&step, &decision()).await).await;
        assert!(page.contains("牵头单位须为常务理事单位") && page.contains("还差 1 个"));
        set_tier(&desk, lead, "standing_council").await;
        name(&desk, id, two, "organiser").await;
        let member = other.to_string();
        set_tier(&desk, other, "member").await;
        let path = format!("/committees/{id}/units/new");
        let fields = [("unit", member.as_str()), ("part", "organiser")];
        let page = refused(desk.post(&path, &fields).await).await;
        assert!(page.contains("组织单位须为理事单位"), "{page}");
        desk.submit(&step, &decision()).await;
        let founded = row(&office, id).await;
        assert_eq!(founded.state, CommitteeState::Standing);
        assert_eq!(
            founded.founding_number.as_deref(),
            Some("团标联〔2026〕1号")
        );
        assert_eq!(
            told(&office, "committees.founded").await,
            ["contact@example.org"]
        );
        let again = desk.get(&step).await;
        assert_eq!(again.status(), StatusCode::NOT_FOUND, "it stands already");

        let paper = desk
            .read(&format!("/committees/{id}/papers/founding"))
            .await;
        for said in [
            "关于成立国际标准化委员会的通知",
            "团标联〔2026〕1号",
            "经第一届理事会第一次会议表决通过，决定成立",
            "牵头单位",
            "中国实验动物学会",
            "其他成员单位可以申请参加",
        ] {
            assert!(paper.contains(said), "{said}: {paper}");
        }
        let file = format!("/committees/{id}/papers/founding.docx");
        let answer = desk.get(&file).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.bytes().await.unwrap().starts_with(b"PK"));

        // One of two may not go without another in its place.
        let page = desk.read(&format!("/committees/{id}")).await;
        let release = path_of(&page, "/release", 1);
        let field = format!("release-{}", release.split('/').nth(4).unwrap());
        let page = refused(desk.post(&release, &[(field.as_str(), "工作调整")]).await).await;
        assert!(page.contains("请先确定接替的单位") && page.contains("工作调整"));

        // The lead falls: everybody concerned sees it.
        let officer = chair(&office, id).await;
        set_tier(&desk, lead, "council").await;
        let defect = "牵头单位须为常务理事单位";
        for browser in [&desk, &officer, &office.unit().await] {
            assert!(browser.read("/home").await.contains(defect));
            let page = browser.read(&format!("/committees/{id}")).await;
            assert!(page.contains(defect));
        }
        assert_eq!(row(&office, id).await.state, CommitteeState::Standing);
        // What is wrong already does not keep another from being named.
        set_tier(&desk, one, "standing_council").await;
        name(&desk, id, one, "lead").await;
        let page = desk.read(&format!("/committees/{id}")).await;
        assert!(
            !page.contains(defect),
            "the former lead goes on as one of those who run it"
        );
    }
}

#[tokio::test]
async fn a_committee_is_dissolved_by_a_document_and_its_offices_end() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let id = named(&office, "奖励委员会").await;
        found(&office, id).await;
        let officer = chair(&office, id).await;
        assert!(officer.read("/committees").await.contains("奖励委员会"));
        let desk = office.desk().await;
        let step = format!("/committees/{id}/steps/dissolve");
        let page = refused(
            desk.post(&step, &[("on", "2026-09-15"), ("basis", "x")])
                .await,
        )
        .await;
        assert!(page.contains("日期还没到"), "{page}");
        desk.submit(&step, &decision()).await;
        assert_eq!(row(&office, id).await.state, CommitteeState::Ended);
        let paper = desk.read(&format!("/committees/{id}/papers/ending")).await;
        assert!(paper.contains("关于撤销奖励委员会的通知") && paper.contains("团标联〔2026〕2号"));
        assert_eq!(
            told(&office, "committees.ended").await,
            ["chair@example.org", "contact@example.org"]
        );
        // Without an office there is no way in.
        let answer = officer.get("/committees").await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let page = desk.read(&format!("/committees/{id}")).await;
        assert!(page.contains("还没有任职人员") && page.contains("经过"));
        let path = format!("/committees/{id}/units/new");
        let unit = unit(&office, 4).await.to_string();
        let fields = [("unit", unit.as_str()), ("part", "participant")];
        let page = refused(desk.post(&path, &fields).await).await;
        assert!(page.contains("已经结束"));
    }
}

/// The `number`th path on a page that ends so.
fn path_of(page: &str, ending: &str, number: usize) -> String {
    let found = page
        .split("action=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|path| path.ends_with(ending))
        .nth(number);
    found.expect("a form with such a path").to_owned()
}
