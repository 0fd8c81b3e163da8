//! What contacts, the group and visitors do on the pages.

use entity::enrolment::EnrolmentState as State;
use expert_pool::registration::{Facts, Question, QuestionKind, enrol::Outcome};
use reqwest::{StatusCode, multipart};

use crate::support::{
    databases::databases,
    outbox::{link, mails},
    seats::{CONTACT, GROUP, Hall, facts, person},
};

fn with_room() -> Facts {
    Facts {
        questions: vec![Question {
            key: "room".to_owned(),
            label: "住宿".to_owned(),
            kind: QuestionKind::Choice,
            choices: vec!["单间".to_owned(), "不住".to_owned()],
            required: true,
        }],
        ..facts(3)
    }
}

#[tokio::test]
async fn a_contact_types_a_list_and_nothing_of_a_bad_row_is_lost() {
    for database in databases().await {
        let hall = Hall::open_with(database, &with_room(), |_| {}).await;
        let contact = hall.app.signed_in(CONTACT).await;
        let path = format!("/registrations/{}/enrol", hall.id);
        let answer = contact
            .post(
                &path,
                &[
                    ("name_1", "沈知行"),
                    ("phone_1", "138 1234 5678"),
                    ("q_room_1", "单间"),
                    ("name_2", "顾南乔"),
                    ("phone_2", "1390000"),
                    ("q_room_2", ""),
                    ("do", "enrol"),
                ],
            )
            .await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.text().await.unwrap();
        assert!(page.contains("<li>沈知行：有名额</li>"), "{page}");
        assert!(
            !page.contains("value=\"沈知行\""),
            "a taken row leaves the form"
        );
        for kept in ["value=\"顾南乔\"", "value=\"1390000\"", "请回答“住宿”"] {
            assert!(page.contains(kept), "{kept} is not on {page}");
        }
        contact
            .submit(
                &path,
                &[
                    ("name_1", "顾南乔"),
                    ("phone_1", "13900000009"),
                    ("q_room_1", "不住"),
                    ("do", "enrol"),
                ],
            )
            .await;
        let list = contact.read(&format!("/registrations/{}", hall.id)).await;
        for text in ["沈知行", "住宿：单间", "顾南乔", "住宿：不住"] {
            assert!(list.contains(text), "{text} is not on {list}");
        }
    }
}

#[tokio::test]
async fn an_uploaded_list_is_looked_at_before_it_counts() {
    for database in databases().await {
        let hall = Hall::open(database, 1).await;
        hall.enrol([7]).await;
        let contact = hall.app.signed_in(CONTACT).await;
        let path = format!("/registrations/{}/enrol", hall.id);
        let csv = "姓名,手机,职务\n学员七,13900000007,工程师\n沈知行,13812345678,主任\n沈知行,13812345678,主任\n王五,4.40301E+17,\n";
        let form = multipart::Form::new().text("do", "enrol").part(
            "file",
            multipart::Part::bytes(csv.as_bytes().to_vec()).file_name("名单.csv"),
        );
        let answer = contact
            .client()
            .post(contact.address(&path))
            .header("sec-fetch-site", "same-origin")
            .multipart(form)
            .send()
            .await
            .unwrap();
        let page = answer.text().await.unwrap();
        for text in [
            "还没有报名",
            "已在名单中（已报名），不重复",
            "候补第 1 位",
            "与第 2 行是同一人",
            "第 5 行：",
        ] {
            assert!(page.contains(text), "{text} is not on {page}");
        }
        assert_eq!(hall.all().await.len(), 1, "looking changes nothing");
    }
}

#[tokio::test]
async fn the_same_name_with_another_number_is_asked_about() {
    for database in databases().await {
        let hall = Hall::open(database, 5).await;
        hall.enrol([1]).await;
        let mut namesake = person(2);
        namesake.name = person(1).name;
        let Outcome::Refused(errors) = hall.enrol_rows(&[namesake.clone()]).await.remove(0) else {
            panic!("a namesake is asked about");
        };
        assert_eq!(errors.of("name").unwrap().code, "registration.same_name");
        namesake.sure = true;
        assert_eq!(hall.enrol_rows(&[namesake]).await, [Outcome::Enrolled]);
        // A known number under another name is not taken for the same human.
        let mut other = person(1);
        other.name = "学员乙".to_owned();
        let Outcome::Refused(errors) = hall.enrol_rows(&[other]).await.remove(0) else {
            panic!("a number belongs to one person");
        };
        assert!(errors.of("phone").is_some() || errors.of("email").is_some());
    }
}

#[tokio::test]
async fn a_contact_sees_the_own_people_only_and_acts_for_them() {
    for database in databases().await {
        let hall = Hall::open(database, 1).await;
        let other = expert_pool::units::all(hall.ctx().store.read())
            .await
            .unwrap()[5]
            .id;
        hall.enrol_by(&hall.group, other, &[person(1)])
            .await
            .unwrap();
        hall.enrol([2]).await;
        let contact = hall.app.signed_in(CONTACT).await;
        let path = format!("/registrations/{}", hall.id);
        let page = contact.read(&path).await;
        assert!(
            page.contains("学员二") && !page.contains("学员一"),
            "{page}"
        );
        assert!(page.contains("候补第一位"));
        let foreign = format!("{path}/people/{}", hall.of(1).await.id);
        let answer = contact.post(&foreign, &[("do", "cancel")]).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert_eq!(
            contact.get(&format!("{path}/export")).await.status(),
            StatusCode::NOT_FOUND
        );

        let group = hall.app.signed_in(GROUP).await;
        group
            .submit(&foreign, &[("do", "cancel"), ("note", "来电取消")])
            .await;
        let own = format!("{path}/people/{}", hall.of(2).await.id);
        contact.submit(&own, &[("do", "take")]).await;
        assert_eq!(hall.states().await, [State::Cancelled, State::Enrolled]);
        let file = group.get(&format!("{path}/export")).await;
        assert!(file.bytes().await.unwrap().starts_with(b"PK"));
    }
}

#[tokio::test]
async fn after_the_closing_nothing_is_offered_by_itself_and_the_group_offers_two_hours() {
    for database in databases().await {
        let hall = Hall::open(database, 1).await;
        hall.enrol(1..=2).await;
        hall.app.set_time("2026-10-13 10:00");
        let group = hall.app.signed_in(GROUP).await;
        let path = format!("/registrations/{}/people", hall.id);
        let (first, second) = (hall.of(1).await.id, hall.of(2).await.id);
        let full = group
            .post(&format!("{path}/{second}"), &[("do", "offer")])
            .await;
        assert_eq!(full.status(), StatusCode::UNPROCESSABLE_ENTITY);
        group
            .submit(&format!("{path}/{first}"), &[("do", "cancel")])
            .await;
        assert_eq!(hall.states().await, [State::Cancelled, State::Waiting]);
        group
            .submit(&format!("{path}/{second}"), &[("do", "offer")])
            .await;
        let offer = hall.offers().await.remove(0);
        assert_eq!(offer.until - offer.made_at, chrono::Duration::hours(2));
        hall.app.set_time("2026-10-20 09:00");
        let group = hall.app.signed_in(GROUP).await;
        let begun = group
            .post(&format!("{path}/{second}"), &[("do", "give")])
            .await;
        assert!(begun.text().await.unwrap().contains("活动已经开始"));
    }
}

#[tokio::test]
async fn an_open_form_counts_once_the_address_is_confirmed_and_the_unit_agrees() {
    for database in databases().await {
        let approved = Facts {
            needs_unit_approval: true,
            ..facts(1)
        };
        let hall = Hall::open_with(database, &approved, |_| {}).await;
        let unit = expert_pool::units::get(hall.ctx().store.read(), hall.unit)
            .await
            .unwrap();
        let visitor = hall.app.visitor();
        let form = format!("/join/{}", hall.id);
        let bare = visitor.post(&form, &[("name", "季晚晴")]).await;
        assert_eq!(bare.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bare.text().await.unwrap().contains("value=\"季晚晴\""));
        visitor
            .submit(
                &form,
                &[
                    ("name", "季晚晴"),
                    ("email", "ji@example.org"),
                    ("phone", "13811112222"),
                    ("unit", &unit.name),
                    ("agree", "1"),
                ],
            )
            .await;
        assert!(
            hall.all().await.is_empty(),
            "an unconfirmed address takes no place"
        );
        let confirm = link(&hall.app, "registration.confirm", "ji@example.org").await;
        // A scanner opens the link and sends the form by itself: nothing happens.
        let scanner = hall.app.visitor();
        scanner.read(&confirm).await;
        let sent = hall
            .app
            .visitor()
            .post(&confirm, &[("do", "confirm")])
            .await;
        assert!(sent.text().await.unwrap().contains("请再点一次"));
        assert!(hall.all().await.is_empty());

        let page = visitor.read(&confirm).await;
        let proof = field(&page, "proof");
        let own = visitor
            .submit(&confirm, &[("do", "confirm"), ("proof", &proof)])
            .await;
        assert_eq!(hall.states().await, [State::AwaitingUnit]);
        assert!(visitor.read(&own).await.contains("待单位确认"));
        let again = visitor
            .submit(&confirm, &[("do", "confirm"), ("proof", &proof)])
            .await;
        assert_eq!(again, own, "confirming twice is confirming once");

        let contact = hall.app.signed_in(CONTACT).await;
        let home = contact.read("/home").await;
        assert!(home.contains("1 人自行报名，请同意或不同意"), "{home}");
        let path = format!(
            "/registrations/{}/people/{}",
            hall.id,
            hall.all().await[0].id
        );
        contact.submit(&path, &[("do", "agree")]).await;
        let home = contact.read("/home").await;
        assert!(!home.contains("自行报名"), "{home}");
        assert_eq!(hall.states().await, [State::Enrolled]);
        assert_eq!(
            mails(&hall.app, "registration.enrolled", "ji@example.org")
                .await
                .len(),
            1
        );
        let twice = contact.post(&path, &[("do", "refuse")]).await;
        assert_eq!(twice.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn the_own_link_tells_the_place_takes_the_seat_and_gives_it_back() {
    for database in databases().await {
        let hall = Hall::open(database, 1).await;
        hall.enrol(1..=3).await;
        let visitor = hall.app.visitor();
        let third = link(&hall.app, "registration.waiting", "trainee3@example.org").await;
        let page = visitor.read(&third).await;
        assert!(page.contains("您排在候补第 2 位，前面还有 1 人"), "{page}");

        let first = link(&hall.app, "registration.enrolled", "trainee1@example.org").await;
        let page = visitor.read(&first).await;
        let proof = field(&page, "proof");
        let none = visitor.post(&first, &[("proof", &proof)]).await;
        assert_eq!(
            none.status(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "no default"
        );
        visitor
            .submit(
                &first,
                &[("proof", &proof), ("do", "leave"), ("note", "出差")],
            )
            .await;
        assert!(visitor.read(&first).await.contains("出差"));

        let offer = link(&hall.app, "registration.offer", "trainee2@example.org").await;
        let page = visitor.read(&offer).await;
        assert!(page.contains("9月15日（周二）10:00"), "{page}");
        let proof = field(&page, "proof");
        hall.app.set_time("2026-09-15 10:00");
        let late = visitor
            .post(&offer, &[("proof", &proof), ("do", "take")])
            .await;
        assert_eq!(late.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let text = late.text().await.unwrap();
        assert!(text.contains("已于 9月15日（周二）10:00 到期"), "{text}");
        hall.app.work().await;
        let page = visitor.read(&offer).await;
        assert!(page.contains("重新报名"), "{page}");
        let proof = field(&page, "proof");
        visitor
            .submit(&offer, &[("proof", &proof), ("do", "return")])
            .await;
        assert_eq!(
            hall.states().await,
            [State::Cancelled, State::Offered, State::Waiting],
            "who comes back stands at the end"
        );
    }
}

/// The value of a hidden field.
fn field(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let start = page
        .find(&mark)
        .unwrap_or_else(|| panic!("no {name} on {page}"))
        + mark.len();
    page[start..].split('"').next().unwrap().to_owned()
}
