//! What units ask for, and the course that comes of it.

use entity::{
    course, course_part, need_voice,
    training_need::{self, NeedState},
};
use reqwest::StatusCode;
use sea_orm::EntityTrait;

use crate::support::{
    app::TestApp,
    databases::databases,
    training::{ASKING, GROUP, NEED, OTHER, School, id_in, refused, with},
};

async fn needs(school: &School) -> Vec<training_need::Model> {
    let mut all = training_need::Entity::find()
        .all(school.app.ctx.store.read())
        .await
        .unwrap();
    all.sort_by_key(|need| need.id);
    all
}

#[tokio::test]
async fn needs_are_stated_joined_put_together_and_become_a_course_in_one_step() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let asking = school.browser(ASKING).await;
        asking.submit("/needs", &NEED).await;
        let alike = with(
            &NEED,
            &[
                ("topic", "怎样编写团体标准"),
                ("details", "标准起草中结构和条款表述常出问题"),
                ("headcount", "2"),
            ],
        );
        asking.submit("/needs", &alike).await;
        let unlike = [
            ("topic", "标准英文版翻译"),
            ("details", "术语如何统一，怎样校对译文"),
            ("domains", "英文版；翻译"),
            ("audience", "翻译人员"),
            ("headcount", "1"),
        ];
        asking.submit("/needs", &unlike).await;
        let all = needs(&school).await;

        let other = school.browser(OTHER).await;
        let page = other.read("/needs").await;
        assert!(page.contains("团体标准编写规则") && page.contains("1 个单位"));
        let name = expert_pool::units::get(school.app.ctx.store.read(), school.asking)
            .await
            .unwrap()
            .name;
        assert!(!page.contains(&name), "members see numbers, not names");
        let join = format!("/needs/{}/join", all[0].id);
        let text = refused(other.post(&join, &[("headcount", "很多")]).await).await;
        assert!(
            text.contains("value=\"很多\"") && text.contains("headcount"),
            "{text}"
        );
        other.submit(&join, &[("headcount", "4")]).await;
        other.submit(&join, &[("headcount", "5")]).await;
        let voices = need_voice::Entity::find()
            .all(school.app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(voices.len(), 1, "a unit joins once");
        assert_eq!(voices[0].headcount, 5);
        let own = format!("/needs/{}/join", all[1].id);
        refused(asking.post(&own, &[("headcount", "2")]).await).await;
        let foreign = format!("/needs/{}/edit", all[0].id);
        assert_eq!(other.get(&foreign).await.status(), StatusCode::NOT_FOUND);

        let group = school.browser(GROUP).await;
        let page = group.read("/demand").await;
        assert!(page.contains(&name), "the group sees names");
        assert!(page.contains("归为 2 组"), "{page}");
        let ids = [all[0].id.to_string(), all[1].id.to_string()];
        let one: [(&str, &str); 1] = [("need", ids[0].as_str())];
        let text = refused(group.post("/demand/course", &one).await).await;
        assert!(text.contains("这组需求刚有变动"), "half a cluster is none");
        let both = [("need", ids[0].as_str()), ("need", ids[1].as_str())];
        let to = group.submit("/demand/course", &both).await;
        let row = course::Entity::find()
            .all(school.app.ctx.store.read())
            .await
            .unwrap()
            .remove(0);
        assert_eq!(to, format!("/courses/{}/edit?done=saved", row.id));
        assert_eq!(id_in(&to), row.id.0);
        assert_eq!(row.title, "团体标准编写规则");
        assert_eq!(row.number, "KC-2026-001");
        let parts = course_part::Entity::find()
            .all(school.app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(parts.len(), 1);
        let states: Vec<_> = needs(&school).await.iter().map(|need| need.state).collect();
        assert_eq!(
            states,
            [NeedState::Planned, NeedState::Planned, NeedState::Open]
        );
        refused(group.post("/demand/course", &both).await).await;
        let text = refused(
            asking
                .post(&format!("/needs/{}/withdraw", all[0].id), &[])
                .await,
        )
        .await;
        assert!(text.contains("已列入课程"), "{text}");
    }
}

#[tokio::test]
async fn a_need_that_others_joined_goes_on_without_its_first_unit() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let asking = school.browser(ASKING).await;
        asking.submit("/needs", &NEED).await;
        let id = needs(&school).await[0].id;
        let other = school.browser(OTHER).await;
        other
            .submit(&format!("/needs/{id}/join"), &[("headcount", "4")])
            .await;
        asking.submit(&format!("/needs/{id}/withdraw"), &[]).await;
        let need = needs(&school).await.remove(0);
        assert_eq!(
            (need.state, need.unit_id, need.headcount),
            (NeedState::Open, school.other, 4)
        );
        other.submit(&format!("/needs/{id}/withdraw"), &[]).await;
        assert_eq!(needs(&school).await[0].state, NeedState::Withdrawn);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_need_is_said_at_its_field_and_nothing_is_lost() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let asking = school.browser(ASKING).await;
        let wrong = with(
            &NEED,
            &[
                ("topic", ""),
                ("domains", "99.999"),
                ("headcount", "0"),
                ("wished", "2026-08"),
            ],
        );
        let text = refused(asking.post("/needs", &wrong).await).await;
        for said in [
            "有 4 处要改，其余内容已保留",
            "没有找到编号“99.999”",
            "2026年8月已过",
            "按 GB/T 1.1 起草团体标准",
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
        assert!(needs(&school).await.is_empty());
        let group = school.browser(GROUP).await;
        assert_eq!(
            group.get("/needs/new").await.status(),
            StatusCode::NOT_FOUND
        );
    }
}
