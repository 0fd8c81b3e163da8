//! Calendar parts and feeds, read by an independent reader and followed through move and cancel.

use expert_pool::{
    foundation::mail::ReadMail,
    registration::{self as seats, Facts},
};
use icalendar::{Calendar, Component};
use reqwest::StatusCode;

use crate::support::{
    databases::databases,
    outbox::link,
    seats::{CONTACT, Hall, facts, open, sittings},
};

/// Method, UID, SEQUENCE and start of the one event of a mail.
fn entry(mail: &ReadMail) -> (String, String, u32, String) {
    let calendar: Calendar = mail.calendar.as_deref().unwrap().parse().unwrap();
    let events: Vec<_> = calendar.events().collect();
    assert_eq!(events.len(), 1);
    let event = events[0];
    (
        calendar.property_value("METHOD").unwrap().to_owned(),
        event.get_uid().unwrap().to_owned(),
        event.get_sequence().unwrap(),
        event.property_value("DTSTART").unwrap().to_owned(),
    )
}

async fn mailed(hall: &Hall, number: usize) -> Vec<ReadMail> {
    hall.app.work().await;
    hall.app.mails_to(&format!("trainee{number}@example.org"))
}

#[tokio::test]
async fn an_entry_keeps_its_uid_and_rises_through_move_cancel_and_return() {
    for database in databases().await {
        let hall = Hall::open(database, 2).await;
        hall.enrol(1..=2).await;
        let first = entry(&mailed(&hall, 1).await[0]);
        assert_eq!(
            (first.0.as_str(), first.3.as_str()),
            ("REQUEST", "20261020T090000")
        );
        hall.change(&facts(2), "2026-10-22").await.unwrap();
        let moved = mailed(&hall, 1).await.pop().unwrap();
        assert!(
            moved.text.contains("改为“10月22日（周四）09:00–16:30”"),
            "{}",
            moved.text
        );
        let second = entry(&moved);
        assert_eq!(
            (second.0.as_str(), second.3.as_str()),
            ("REQUEST", "20261022T090000")
        );
        hall.leave(hall.of(1).await.id).await.unwrap();
        let third = entry(&mailed(&hall, 1).await.pop().unwrap());
        assert_eq!(third.0, "CANCEL");
        hall.enrol([1]).await;
        let fourth = entry(&mailed(&hall, 1).await.pop().unwrap());
        assert_eq!(fourth.0, "REQUEST");
        let tx = hall.ctx().store.begin().await.unwrap();
        seats::cancel(&tx, hall.id, None, "报名人数不足")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let called_off = mailed(&hall, 1).await.pop().unwrap();
        assert!(called_off.text.contains("报名人数不足"));
        let last = entry(&called_off);
        assert_eq!(last.0, "CANCEL");
        let all = [&first, &second, &third, &fourth, &last];
        assert!(all.iter().all(|one| one.1 == first.1), "{all:?}");
        let rising = all.windows(2).all(|pair| pair[0].2 < pair[1].2);
        assert!(rising, "{all:?}");
    }
}

#[tokio::test]
async fn whoever_moves_into_another_promise_keeps_the_seat_and_is_told() {
    for database in databases().await {
        let hall = Hall::open(database, 2).await;
        hall.enrol([1]).await;
        let other = Facts {
            title: "另一个班".to_owned(),
            ..facts(2)
        };
        let mut elsewhere = sittings("2026-10-22");
        for sitting in &mut elsewhere {
            sitting.owner_ref = uuid::Uuid::from_u128(sitting.owner_ref.as_u128() + 10);
        }
        let there = open(hall.ctx(), &other, &elsewhere, 2).await;
        let outcomes = seats::enrol::enrol(
            hall.ctx(),
            &hall.app.seat_owners,
            &hall.contact,
            there,
            hall.unit,
            &[crate::support::seats::person(1)],
            false,
        )
        .await
        .unwrap();
        assert_eq!(outcomes, [seats::enrol::Outcome::Enrolled]);
        hall.change(&facts(2), "2026-10-22").await.unwrap();
        assert!(hall.of(1).await.clash.contains("另一个班"));
        let mail = mailed(&hall, 1).await.pop().unwrap();
        assert!(mail.text.contains("与已有安排冲突"), "{}", mail.text);
        // And nobody is enrolled into a time that is promised.
        let third = open(hall.ctx(), &facts(2), &moved_by(&elsewhere, 100), 3).await;
        let refused = seats::enrol::enrol(
            hall.ctx(),
            &hall.app.seat_owners,
            &hall.contact,
            third,
            hall.unit,
            &[crate::support::seats::person(1)],
            false,
        )
        .await
        .unwrap();
        let seats::enrol::Outcome::Refused(errors) = &refused[0] else {
            panic!("{refused:?}");
        };
        assert_eq!(errors.iter().next().unwrap().1.code, "people.taken");
    }
}

fn moved_by(sittings: &[seats::NewSitting], by: u128) -> Vec<seats::NewSitting> {
    let mut all = sittings.to_vec();
    for sitting in &mut all {
        sitting.owner_ref = uuid::Uuid::from_u128(sitting.owner_ref.as_u128() + by);
    }
    all
}

#[tokio::test]
async fn a_feed_has_each_sitting_says_when_nothing_changed_and_ends_when_renewed() {
    for database in databases().await {
        let hall = Hall::open(database, 2).await;
        hall.enrol([1]).await;
        let visitor = hall.app.visitor();
        let own = link(&hall.app, "registration.enrolled", "trainee1@example.org").await;
        let address = feed(&visitor.read(&own).await);
        let answer = visitor.get(&address).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["cache-control"], "private, max-age=900");
        let tag = answer.headers()["etag"].clone();
        let calendar: Calendar = answer.text().await.unwrap().parse().unwrap();
        let shown: Vec<_> = calendar
            .events()
            .map(|event| {
                (
                    event.get_uid().unwrap().to_owned(),
                    event.get_sequence().unwrap(),
                )
            })
            .collect();
        assert_eq!(shown.len(), 2);
        hall.app.advance(chrono::Duration::hours(1));
        let again = visitor
            .client()
            .get(&address)
            .header("if-none-match", tag.clone())
            .send()
            .await
            .unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);

        hall.change(&facts(2), "2026-10-22").await.unwrap();
        let moved: Calendar = visitor.read(&address).await.parse().unwrap();
        for (event, (uid, sequence)) in moved.events().zip(&shown) {
            assert_eq!(event.get_uid(), Some(uid.as_str()));
            assert_eq!(event.get_sequence(), Some(sequence + 1));
        }
        let contact = hall.app.signed_in(CONTACT).await;
        let units = feed(&contact.read("/registrations").await);
        let text = visitor.read(&units).await.replace("\r\n ", "");
        assert!(text.contains("参加人员（1 人）：学员一"), "{text}");

        visitor.submit(&format!("{own}/feed"), &[]).await;
        assert_eq!(visitor.get(&address).await.status(), StatusCode::NOT_FOUND);
        let fresh = feed(&visitor.read(&own).await);
        assert_ne!(fresh, address);
        assert_eq!(visitor.get(&fresh).await.status(), StatusCode::OK);
        assert_eq!(visitor.get(&units).await.status(), StatusCode::OK);
    }
}

/// The address of the feed on a page.
fn feed(page: &str) -> String {
    let start = page
        .find("/cal/")
        .unwrap_or_else(|| panic!("no feed on {page}"));
    let begin = page[..start].rfind('"').unwrap() + 1;
    page[begin..].split('"').next().unwrap().to_owned()
}
