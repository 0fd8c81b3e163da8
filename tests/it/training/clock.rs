//! Regular courses, long pauses, and bases on other clocks.

use chrono::Duration;
use entity::course_run::{self, RunState};
use sea_orm::EntityTrait;

use crate::support::{
    app::TestApp,
    databases::databases,
    outbox::mails,
    training::{COURSE, GROUP, School, add_room, base_at, id_in, refused, with},
};

async fn runs(school: &School) -> Vec<course_run::Model> {
    let mut all = course_run::Entity::find()
        .all(school.app.ctx.store.read())
        .await
        .unwrap();
    all.sort_by_key(|run| run.ordinal);
    all
}

#[tokio::test]
async fn the_next_runs_of_a_regular_course_are_drafted_in_good_time_and_once() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let app = &school.app;
        let course = school.course(&[]).await;
        let path = format!("/courses/{course}/regular");
        let group = school.browser(GROUP).await;
        for (rule, said) in [
            ("0 0 9 30 Feb *", "今后不会再有"),
            ("0 0 9,14 * * Mon", "一天有 2 次"),
            ("0 0 9 ? * 1", "请写英文缩写"),
            ("每月", "没有读懂“每月”"),
        ] {
            let text = refused(
                group
                    .post(&path, &[("rule", rule), ("lead_days", "30")])
                    .await,
            )
            .await;
            assert!(text.contains(said), "{said} in {text}");
        }
        // Saturday 10 October 2026 is worked in exchange.
        let fields = [("rule", "0 0 9 10 4,10 *"), ("lead_days", "30")];
        group.submit(&path, &fields).await;
        assert!(
            group
                .read(&format!("/courses/{course}"))
                .await
                .contains("2026年10月10日周六 09:00，10月10日（周六）调休上班")
        );

        app.set_time("2026-09-14 12:00");
        app.work().await;
        assert_eq!(runs(&school).await.len(), 1, "within thirty days");
        app.set_time("2026-09-15 12:00");
        app.work().await;
        let drafts = runs(&school).await;
        assert_eq!(drafts.len(), 1, "once");
        assert_eq!(
            (drafts[0].state, drafts[0].created_by),
            (RunState::Draft, None)
        );
        assert_eq!(drafts[0].room_id, Some(school.room));
        let mail = app.mails_to(GROUP).pop().unwrap();
        assert!(
            mail.text.contains("10月10日（周六）调休上班"),
            "{}",
            mail.text
        );
        app.set_time("2027-03-12 12:00");
        app.work().await;
        assert_eq!(runs(&school).await.len(), 2);
    }
}

#[tokio::test]
async fn half_a_year_without_a_run_is_pointed_out_each_month() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let app = &school.app;
        let course = school.course(&[]).await;
        for (time, told) in [
            ("2026-10-01 10:00", 0),
            ("2027-04-01 10:00", 1),
            ("2027-04-02 10:00", 1),
            ("2027-05-01 10:00", 2),
        ] {
            app.set_time(time);
            app.work().await;
            assert_eq!(
                mails(app, "training.pause", GROUP).await.len(),
                told,
                "{time}"
            );
        }
        let group = school.browser(GROUP).await;
        assert!(group.read("/home").await.contains("半年没有办班"));
        let run = school.draft(course, "2027-06-15").await;
        assert!(
            !group.read("/home").await.contains("半年没有办班"),
            "{run} is planned"
        );
    }
}

#[tokio::test]
async fn a_base_abroad_keeps_its_clocks_through_daylight_saving() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let app = &school.app;
        let group = school.browser(GROUP).await;
        let host = expert_pool::units::get(app.ctx.store.read(), school.host)
            .await
            .unwrap()
            .name;
        let berlin = [
            ("name", "柏林培训点"),
            ("zone", "Europe/Berlin"),
            ("valid_until", ""),
        ];
        let base = base_at(&group, &host, &berlin).await;
        let room = add_room(app, &group, base, "Saal 1", "60")
            .await
            .to_string();
        let fields = with(&COURSE, &[("room", room.as_str())]);
        let course = entity::ids::CourseId(id_in(&group.submit("/courses", &fields).await));
        group
            .submit(&format!("/courses/{course}/state"), &[("to", "offered")])
            .await;
        // Clocks go back on Sunday 25 October 2026: the day before and the day after.
        let run = school.draft(course, "2026-10-24").await;
        let moved = [
            ("on_1", "2026-10-26"),
            ("from_1", "09:00"),
            ("to_1", "12:00"),
        ];
        let answer = school.change(run, &moved).await;
        assert!(
            answer.status().is_redirection(),
            "{}",
            answer.text().await.unwrap()
        );
        let lessons = school.lessons(run).await;
        let instants: Vec<_> = lessons.iter().map(|one| one.from_at.to_rfc3339()).collect();
        assert_eq!(
            instants,
            ["2026-10-24T07:00:00+00:00", "2026-10-26T08:00:00+00:00"]
        );
        assert_eq!(lessons[0].zone, "Europe/Berlin");
        assert_eq!(lessons[0].to_at - lessons[0].from_at, Duration::hours(3));
        school.confirm_room(run).await;
        group
            .submit(&format!("/trainings/{run}/publish"), &[])
            .await;
        let page = app.visitor().read(&format!("/training/{run}")).await;
        assert!(
            page.contains("Europe/Berlin 当地时间") && page.contains("09:00–12:00"),
            "{page}"
        );
    }
}
