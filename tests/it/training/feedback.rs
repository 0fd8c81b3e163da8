//! What people thought of a run, and settling it.

use std::sync::Arc;

use entity::{
    course_run::RunState, feedback, ids::CourseRunId, lesson, lesson_rating, role_grant::Role,
    training_need,
};
use expert_pool::{
    experts::History,
    panels,
    training::{self, feedback::RatedLectures},
    units,
};
use reqwest::StatusCode;
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};

use crate::support::{
    app::TestApp,
    databases::databases,
    expert::engage,
    held::held,
    outbox::{link, mails},
    training::{ASKING, GROUP, NEED, School, refused},
};

/// Ratings of both lessons and of the run.
const RATED: [(&str, &str); 6] = [
    ("content_0", "5"),
    ("teaching_0", "4"),
    ("note_0", "案例很实用"),
    ("content_1", "3"),
    ("teaching_1", "3"),
    ("overall", "4"),
];

async fn ask(school: &School, number: usize) -> String {
    link(
        &school.app,
        "training.feedback",
        &format!("trainee{number}@example.org"),
    )
    .await
}

async fn counts(school: &School) -> (u64, u64) {
    let db = school.app.ctx.store.read();
    (
        feedback::Entity::find().count(db).await.unwrap(),
        lesson_rating::Entity::find().count(db).await.unwrap(),
    )
}

#[tokio::test]
async fn whoever_came_is_asked_once_and_nobody_is_named() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let run = held(&school).await;
        let told = async |number: usize| {
            let address = format!("trainee{number}@example.org");
            mails(&school.app, "training.feedback", &address)
                .await
                .len()
        };
        assert_eq!((told(1).await, told(4).await, told(5).await), (1, 1, 0));

        let visitor = school.app.visitor();
        let path = ask(&school, 1).await;
        let text = visitor.read(&path).await;
        assert!(
            text.contains("方之涵") && !text.contains(" checked"),
            "{text}"
        );
        let text = refused(visitor.post(&path, &[("note_0", "很好")]).await).await;
        assert!(
            text.contains("有 5 处要改") && text.contains("很好"),
            "{text}"
        );
        let out = RATED.map(|(name, value)| (name, if name == "overall" { "6" } else { value }));
        refused(visitor.post(&path, &out).await).await;
        visitor.submit(&path, &RATED).await;
        visitor.submit(&path, &RATED).await;
        assert_eq!(counts(&school).await, (1, 2));
        // Who was at one lesson is asked about that one.
        let text = visitor.read(&ask(&school, 4).await).await;
        assert!(
            text.contains("content_0") && !text.contains("content_1"),
            "{text}"
        );
        // A certificate's or an enrolment's link opens nothing here.
        let own = link(&school.app, "registration.enrolled", "trainee1@example.org").await;
        let other = own.replacen("/r/", "/f/", 1);
        assert_eq!(visitor.get(&other).await.status(), StatusCode::NOT_FOUND);

        let text = school
            .browser(GROUP)
            .await
            .read(&format!("/trainings/{run}/feedback"))
            .await;
        for said in ["案例很实用", "讲授评价最低，3.0 分", "<svg", "看数据表"] {
            assert!(text.contains(said), "{said} in {text}");
        }
        assert!(!text.contains("学员乙"), "{text}");
    }
}

#[tokio::test]
async fn a_lecturer_sees_figures_once_three_have_answered() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let run = held(&school).await;
        let (person, _) = school
            .app
            .add_account("方之涵", "fang@example.org", Role::Handler, None)
            .await;
        let expert = engage(&school.app, person).await;
        let taught = school.lessons(run).await.remove(0);
        let tx = school.app.ctx.store.begin().await.unwrap();
        lesson::Entity::update(lesson::ActiveModel {
            lecturer_expert: Set(Some(expert)),
            ..taught.into()
        })
        .exec(tx.db())
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let history = RatedLectures(Arc::new(panels::AssignmentHistory));
        let visitor = school.app.visitor();
        for number in 1..=3 {
            let lines = history.of(&school.app.ctx, expert).await.unwrap();
            assert_eq!(lines.len(), 0, "after {} answers", number - 1);
            let path = ask(&school, number).await;
            visitor.submit(&path, &RATED).await;
        }
        let lines = history.of(&school.app.ctx, expert).await.unwrap();
        assert_eq!(
            lines[0].note,
            "讲授 4.0 分，内容 5.0 分，满分 5 分（3 人评价）"
        );
    }
}

#[tokio::test]
async fn a_settled_run_is_closed_and_its_figures_can_be_taken_along() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        school.browser(ASKING).await.submit("/needs", &NEED).await;
        let run = held(&school).await;
        planned(&school, run).await;
        let group = school.browser(GROUP).await;
        let page = format!("/trainings/{run}/settlement");
        let text = group.read(&page).await;
        for said in ["28<small>人·学时", "已满足", "还差 2 人"] {
            assert!(text.contains(said), "{said} in {text}");
        }
        let list = async |name: &str| {
            let answer = group.get(&format!("{page}/{name}")).await;
            assert_eq!(answer.status(), StatusCode::OK, "{name}");
            answer.bytes().await.unwrap()
        };
        let csv = String::from_utf8(list("people.csv").await.to_vec()).unwrap();
        assert!(csv.contains("学员己") && csv.contains("出勤学时"), "{csv}");
        assert!(list("units.xlsx").await.starts_with(b"PK"));
        list("needs.csv").await;
        for wrong in ["people.pdf", "people", "others.csv"] {
            let answer = group.get(&format!("{page}/{wrong}")).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{wrong}");
        }
        let path = ask(&school, 1).await;
        let waits = "已办班，请登记成绩、发给证书，然后结班";
        assert!(group.read("/home").await.contains(waits));
        group.submit(&format!("/trainings/{run}/settle"), &[]).await;
        assert!(!group.read("/home").await.contains(waits));
        assert_eq!(state(&school, run).await, RunState::Settled);
        refused(group.post(&format!("/trainings/{run}/settle"), &[]).await).await;
        let marks = [("list", "学员乙 90")];
        refused(group.post(&format!("/trainings/{run}/marks"), &marks).await).await;
        let visitor = school.app.visitor();
        assert!(visitor.read(&path).await.contains("评价已经结束"));
        let answer = visitor.post(&path, &RATED).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(counts(&school).await, (0, 0));
    }
}

/// The stated need, joined by another unit, is answered by the run's course.
async fn planned(school: &School, run: CourseRunId) {
    let app = &school.app;
    let db = app.ctx.store.read();
    let need = training_need::Entity::find()
        .one(db)
        .await
        .unwrap()
        .unwrap();
    let other = units::contacts(db, school.other).await.unwrap();
    let tx = app.ctx.store.begin().await.unwrap();
    let by = other[0].person.id;
    training::join(&tx, need.id, school.other, by, 2, "")
        .await
        .unwrap();
    let course = school.run(run).await.course_id;
    training::answer(&tx, course, &[need.id]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn state(school: &School, run: CourseRunId) -> RunState {
    school.run(run).await.state
}
