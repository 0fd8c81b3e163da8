//! Signing in, ticking, correcting; the code on the wall.

use entity::{attendance, attendance::AttendanceHow, sitting};
use expert_pool::registration::{code, sittings};
use reqwest::StatusCode;
use sea_orm::EntityTrait;

use crate::support::{
    databases::databases,
    outbox::link,
    seats::{CONTACT, GROUP, Hall},
};

async fn first_sitting(hall: &Hall) -> sitting::Model {
    sittings(hall.ctx().store.read(), hall.id)
        .await
        .unwrap()
        .remove(0)
}

/// The code as the wall shows it now.
fn digits(hall: &Hall, sitting: &sitting::Model) -> String {
    let key = hall.ctx().links.derived_key("expert-pool attendance code");
    let step = hall.ctx().config.registration.code_seconds;
    code::shown(&key, sitting.id, hall.ctx().now(), step).digits
}

async fn notes(hall: &Hall) -> Vec<attendance::Model> {
    attendance::Entity::find()
        .all(hall.ctx().store.read())
        .await
        .unwrap()
}

#[tokio::test]
async fn people_sign_in_by_link_or_by_name_and_phone_while_the_wall_shows_the_code() {
    for database in databases().await {
        let hall = Hall::open(database, 5).await;
        hall.enrol(1..=3).await;
        let sitting = first_sitting(&hall).await;
        let group = hall.app.signed_in(GROUP).await;
        let wall = format!("/sittings/{}/wall", sitting.id);
        let early = group.read(&wall).await;
        assert!(early.contains("签到从 10月20日 08:30 开始"), "{early}");

        hall.app.set_time("2026-10-20 08:45");
        let group = hall.app.signed_in(GROUP).await;
        let shown = group.read(&wall).await;
        let code = digits(&hall, &sitting);
        assert!(
            shown.contains(&code) && shown.contains("data-refresh"),
            "{shown}"
        );

        let visitor = hall.app.visitor();
        let own = link(&hall.app, "registration.enrolled", "trainee1@example.org").await;
        let page = visitor.read(&own).await;
        assert!(page.contains("现场屏幕上的六位数字"), "{page}");
        let id = sitting.id.to_string();
        let wrong = visitor
            .post(
                &format!("{own}/check-in"),
                &[("sitting", &id), ("code", "000000x")],
            )
            .await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        visitor
            .submit(
                &format!("{own}/check-in"),
                &[("sitting", &id), ("code", &code)],
            )
            .await;
        assert!(visitor.read(&own).await.contains("已签到"));

        let door = format!("/q/{}", sitting.id);
        let fields = |four| [("name", "学员二"), ("four", four), ("code", code.as_str())];
        let wrong = visitor.post(&door, &fields("9999")).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let text = wrong.text().await.unwrap();
        assert!(text.contains("姓名、手机号后四位或六位数字不对"), "{text}");
        assert!(text.contains("value=\"学员二\""), "what was typed is kept");
        let right = visitor.post(&door, &fields("0002")).await;
        assert_eq!(right.status(), StatusCode::OK);
        assert!(right.text().await.unwrap().contains("学员二，已签到"));
        let hows: Vec<_> = notes(&hall).await.iter().map(|note| note.how).collect();
        assert_eq!(hows, [AttendanceHow::Link, AttendanceHow::Phone4]);

        hall.app.set_time("2026-10-20 12:01");
        let late = visitor.post(&door, &fields("0003")).await;
        assert!(late.text().await.unwrap().contains("签到时间已过"));
    }
}

#[tokio::test]
async fn guessing_makes_wait_and_a_right_answer_does_not_pass_meanwhile() {
    for database in databases().await {
        let hall = Hall::open(database, 5).await;
        hall.enrol([1]).await;
        hall.app.set_time("2026-10-20 09:00");
        let sitting = first_sitting(&hall).await;
        let door = format!("/q/{}", sitting.id);
        let visitor = hall.app.visitor();
        for _ in 0..5 {
            visitor
                .post(
                    &door,
                    &[("name", "学员一"), ("four", "0001"), ("code", "wrong")],
                )
                .await;
        }
        let code = digits(&hall, &sitting);
        let answer = visitor
            .post(
                &door,
                &[("name", "学员一"), ("four", "0001"), ("code", &code)],
            )
            .await;
        let text = answer.text().await.unwrap();
        assert!(text.contains("尝试次数太多"), "{text}");
        assert!(notes(&hall).await.is_empty());
    }
}

#[tokio::test]
async fn staff_tick_on_the_day_and_correct_later_with_a_reason() {
    for database in databases().await {
        let hall = Hall::open(database, 5).await;
        hall.enrol(1..=2).await;
        hall.app.set_time("2026-10-20 09:10");
        let sitting = first_sitting(&hall).await;
        let (list, correct) = (
            format!("/sittings/{}/list", sitting.id),
            format!("/sittings/{}/correct", sitting.id),
        );
        let first = hall.of(1).await.id.to_string();
        let group = hall.app.signed_in(GROUP).await;
        let present = [("enrolment", first.as_str()), ("do", "present")];
        group.submit(&list, &present).await;
        group.submit(&list, &present).await;
        assert!(group.read(&list).await.contains("已签到 1/2 人"));

        let contact = hall.app.signed_in(CONTACT).await;
        for path in [&list, &format!("/sittings/{}/papers/sheet", sitting.id)] {
            assert_eq!(contact.get(path).await.status(), StatusCode::NOT_FOUND);
        }
        assert_eq!(
            contact.post(&list, &present).await.status(),
            StatusCode::NOT_FOUND
        );

        hall.app.set_time("2026-10-21 09:00");
        let group = hall.app.signed_in(GROUP).await;
        let late = group
            .post(&list, &[("enrolment", first.as_str()), ("do", "absent")])
            .await;
        assert!(late.text().await.unwrap().contains("请用“更正”"));
        let absent = [("enrolment", first.as_str()), ("do", "absent")];
        let bare = group.post(&correct, &absent).await;
        assert_eq!(bare.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let mut reasoned = absent.to_vec();
        reasoned.push(("reason", "代签"));
        group.submit(&correct, &reasoned).await;
        let notes = notes(&hall).await;
        assert_eq!(notes.len(), 1);
        assert_eq!(
            (notes[0].present, notes[0].how, notes[0].reason.as_str()),
            (false, AttendanceHow::Correction, "代签")
        );

        let sheet = format!("/sittings/{}/papers/sheet", sitting.id);
        let page = group.read(&sheet).await;
        for text in ["签到表", "学员一", "13900000002", "签名"] {
            assert!(page.contains(text), "{text} is not on {page}");
        }
        let file = group.get(&format!("{sheet}.docx")).await;
        assert!(file.bytes().await.unwrap().starts_with(b"PK"));
    }
}
