//! Rooms: hours, seats, and that nobody takes one twice.

use entity::room_booking::BookingState;
use reqwest::StatusCode;

use crate::support::{
    app::TestApp,
    databases::databases,
    outbox::mails,
    training::{ASKING, GROUP, HOST, School, base_at, refused},
};

#[tokio::test]
async fn a_run_has_to_fit_its_room() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let course = school.course(&[]).await;
        let run = school.draft(course, "2026-10-20").await;
        let early = [("from_0", "08:00"), ("to_0", "11:30")];
        let text = refused(school.change(run, &early).await).await;
        assert!(
            text.contains("“标准结构与编写规则”不在201 教室的开放时间 08:30–18:00 之内"),
            "{text}"
        );
        assert!(text.contains("value=\"08:00\""), "what was typed is kept");
        let text = refused(school.change(run, &[("capacity", "41")]).await).await;
        assert!(text.contains("201 教室只有 40 座，不够 41 人"), "{text}");
        let late = [
            ("on_0", "2027-03-02"),
            ("on_1", "2027-03-02"),
            ("closes", "2027-02-20"),
            ("decide_on", ""),
        ];
        let text = refused(school.change(run, &late).await).await;
        assert!(text.contains("有效期到2027年2月28日为止"), "{text}");
        let twice = [("from_1", "10:00"), ("to_1", "13:00")];
        let text = refused(school.change(run, &twice).await).await;
        assert!(text.contains("时间重叠"), "{text}");
        let short = [("to_0", "11:00")];
        let text = refused(school.change(run, &short).await).await;
        assert!(text.contains("4 学时要 180 分钟"), "{text}");
        assert_eq!(school.run(run).await.version, 1, "nothing was changed");
    }
}

#[tokio::test]
async fn a_room_is_taken_once_however_many_ask_at_a_time() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let course = school.course(&[]).await;
        // Both drafts lie on other days; then both want the same.
        let one = school.draft(course, "2026-10-20").await;
        let other = school.draft(course, "2026-10-27").await;
        let day = [("on_0", "2026-11-03"), ("on_1", "2026-11-03")];
        let (first, second) = tokio::join!(school.change(one, &day), school.change(other, &day));
        let mut answers = [first.status(), second.status()];
        answers.sort();
        assert_eq!(
            answers,
            [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY]
        );
        let lost = if first.status() == StatusCode::SEE_OTHER {
            second
        } else {
            first
        };
        let text = lost.text().await.unwrap();
        assert!(
            text.contains("201 教室在 11月3日 09:00 至 11月3日 12:00 已由“团体标准编写与审查实务"),
            "{text}"
        );

        let third = school.draft(course, "2026-11-03").await;
        assert_eq!(
            school.run(third).await.room_id,
            None,
            "a draft goes without a taken room"
        );
        let page = school
            .browser(GROUP)
            .await
            .read(&format!("/trainings/{third}"))
            .await;
        assert!(page.contains("没有空，请另选教室"), "{page}");
    }
}

#[tokio::test]
async fn the_host_answers_for_its_own_rooms_only() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let app = &school.app;
        let course = school.course(&[]).await;
        let run = school.draft(course, "2026-10-20").await;
        let booking = school.bookings(run).await[0].id;
        let path = format!("/bookings/{booking}/answer");
        let foreign = school.browser(ASKING).await;
        assert_eq!(
            foreign.post(&path, &[("answer", "yes")]).await.status(),
            StatusCode::NOT_FOUND
        );
        let host = school.browser(HOST).await;
        assert!(host.read("/home").await.contains("请确认能否提供"));
        let text = refused(host.post(&path, &[("answer", "no")]).await).await;
        assert!(text.contains("请写明不能提供的原因"), "{text}");
        host.submit(&path, &[("answer", "no"), ("host_note", "当天有会议")])
            .await;
        let states = |bookings: Vec<entity::room_booking::Model>| -> Vec<_> {
            bookings.iter().map(|one| one.state).collect()
        };
        assert_eq!(
            states(school.bookings(run).await),
            [BookingState::Declined; 2]
        );
        assert_eq!(mails(app, "training.room_answered", GROUP).await.len(), 1);
        let group = school.browser(GROUP).await;
        assert!(
            group
                .read(&format!("/trainings/{run}"))
                .await
                .contains("当天有会议")
        );

        // Another base of another unit is not theirs.
        let name = expert_pool::units::get(app.ctx.store.read(), school.other)
            .await
            .unwrap()
            .name;
        base_at(&group, &name, &[("name", "上海培训基地")]).await;
        assert!(!host.read("/bookings").await.contains("上海培训基地"));
        let text = refused(
            group
                .post(
                    "/bases",
                    &[
                        ("name", "某基地"),
                        ("host", "没有的单位"),
                        ("zone", "Mars/Base"),
                    ],
                )
                .await,
        )
        .await;
        assert!(
            text.contains("没有找到“没有的单位”") && text.contains("“Mars/Base”不是时区"),
            "{text}"
        );
    }
}
