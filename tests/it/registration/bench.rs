//! What seats, reminders and feeds cost at size. Measurements that are run by `scripts/bench-enrol`;
//! what they count is held, the times are printed.

use std::{io::Write as _, time::Duration};

use chrono::TimeDelta;
use entity::{
    enrolment::{self, EnrolmentState as State},
    ids::{EnrolmentId, PersonId, RegistrationId},
    person,
};
use expert_pool::{
    foundation::{config::Config, platform::Stopwatch, search::SearchKey},
    registration::{NewSitting, feeds, feeds::Whose, remind::remind},
};
use futures_util::future::join_all;
use reqwest::StatusCode;
use sea_orm::{ActiveValue::Set, EntityTrait};
use uuid::Uuid;

use crate::support::{
    app::{Browser, shanghai},
    databases::databases,
    outbox::link,
    seats::{Hall, facts, open, sittings},
};

const PEOPLE: usize = 1_000;
const SEATS: usize = 50;

fn say(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// Each visitor comes from a network of their own.
fn many_networks(config: &mut Config) {
    config.server.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    config.database.connections = 16;
    config.database.acquire_seconds = 60;
    config.server.request_seconds = 60;
}

/// Fills in the open form and opens the mailed link: what is left is the button.
async fn ready(hall: &Hall, number: usize) -> (Browser, String, String) {
    let email = format!("visitor{number}@example.org");
    let visitor = hall.app.visitor();
    let name = format!("来客{number}");
    let phone = format!("1370000{number:04}");
    let answer = visitor
        .client()
        .post(visitor.address(&format!("/join/{}", hall.id)))
        .header("sec-fetch-site", "same-origin")
        .header(
            "x-forwarded-for",
            format!("10.1.{}.{}", number / 250, number % 250),
        )
        .form(&[
            ("name", name.as_str()),
            ("email", &email),
            ("phone", &phone),
            ("agree", "1"),
        ])
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let path = link(&hall.app, "registration.confirm", &email).await;
    let page = visitor.read(&path).await;
    let mark = "name=\"proof\" value=\"";
    let start = page.find(mark).unwrap() + mark.len();
    let proof = page[start..].split('"').next().unwrap().to_owned();
    (visitor, path, proof)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "a measurement: scripts/bench-enrol"]
async fn a_thousand_at_once_for_fifty_seats() {
    for database in databases().await {
        let seats = i32::try_from(SEATS).unwrap();
        let hall = Hall::open_with(database, &facts(seats), many_networks).await;
        let mut people = Vec::with_capacity(PEOPLE);
        for number in 0..PEOPLE {
            people.push(ready(&hall, number).await);
        }
        let whole = Stopwatch::start();
        let presses = people.into_iter().map(|(visitor, path, proof)| {
            tokio::spawn(async move {
                let watch = Stopwatch::start();
                let answer = visitor
                    .post(&path, &[("do", "confirm"), ("proof", &proof)])
                    .await;
                (answer.status(), watch.elapsed())
            })
        });
        let mut times = Vec::with_capacity(PEOPLE);
        for press in join_all(presses).await {
            let (status, time) = press.unwrap();
            assert_eq!(
                status,
                StatusCode::SEE_OTHER,
                "nobody is told anything but the place"
            );
            times.push(time);
        }
        let whole = whole.elapsed();
        times.sort();
        let all = hall.all().await;
        assert_eq!(all.len(), PEOPLE);
        for (place, row) in all.iter().enumerate() {
            assert_eq!(usize::try_from(row.arrival).unwrap(), place + 1);
            let state = if place < SEATS {
                State::Enrolled
            } else {
                State::Waiting
            };
            assert_eq!(row.state, state, "place {place}");
        }
        let at = |share: usize| times[PEOPLE * share / 1000 - 1].as_millis();
        say(&format!(
            "{}: {PEOPLE} at once for {SEATS} seats: {SEATS} enrolled, {} waiting in order; p50 {} ms, p99 {} ms, slowest {} ms, all {} ms",
            hall.ctx().store.kind(),
            PEOPLE - SEATS,
            at(500),
            at(990),
            at(1000),
            whole.as_millis(),
        ));
    }
}

const RUNS: usize = 200;
const EACH: usize = 50;

#[tokio::test]
#[ignore = "a measurement: scripts/bench-enrol"]
async fn ten_thousand_reminders_of_one_morning() {
    for database in databases().await {
        let hall = Hall::open(database, 1).await;
        for run in 0..RUNS {
            let mut there = sittings("2026-10-20");
            for sitting in &mut there {
                sitting.owner_ref = Uuid::from_u128(sitting.owner_ref.as_u128() + 10);
            }
            let id = open(hall.ctx(), &facts(50), &there, 100 + run as u128).await;
            seat(&hall, id, run).await;
        }
        hall.app.set_time("2026-10-15 09:00");
        let watch = Stopwatch::start();
        let queued = remind(hall.ctx()).await.unwrap();
        let time = watch.elapsed();
        assert_eq!(queued, RUNS * EACH);
        let watch = Stopwatch::start();
        assert_eq!(remind(hall.ctx()).await.unwrap(), 0, "never twice");
        say(&format!(
            "{}: {queued} reminders computed and queued in {} ms, again (none) in {} ms",
            hall.ctx().store.kind(),
            time.as_millis(),
            watch.elapsed().as_millis(),
        ));
    }
}

/// People with seats, written directly: enrolling is measured elsewhere.
async fn seat(hall: &Hall, id: RegistrationId, run: usize) {
    let tx = hall.ctx().store.begin().await.unwrap();
    let ids: Vec<PersonId> = (0..EACH).map(|_| tx.id()).collect();
    let key = SearchKey::of("学员");
    let people = ids
        .iter()
        .enumerate()
        .map(|(place, person)| person::ActiveModel {
            id: Set(*person),
            name: Set("学员".to_owned()),
            name_normal: Set(key.normal.clone()),
            name_pinyin: Set(key.pinyin.clone()),
            name_initials: Set(key.initials.clone()),
            email: Set(Some(format!("p{run}x{place}@example.org"))),
            mobile: Set(None),
            sample: Set(true),
            erased_at: Set(None),
            created_at: Set(tx.now()),
            updated_at: Set(tx.now()),
        });
    person::Entity::insert_many(people)
        .exec_without_returning(tx.db())
        .await
        .unwrap();
    let rows = ids.iter().enumerate().map(|(place, person)| {
        enrolment::ActiveModel::from(enrolment::Model {
            id: tx.id::<EnrolmentId>(),
            registration_id: id,
            person_id: *person,
            unit_id: None,
            unit_name: String::new(),
            position: String::new(),
            phone: String::new(),
            email: None,
            state: State::Enrolled,
            arrival: i32::try_from(place).unwrap(),
            answers: serde_json::json!({}),
            by_person: None,
            waited: false,
            clash: String::new(),
            generation: 1,
            rounds: 1,
            arrived_at: tx.now(),
            enrolled_at: Some(tx.now()),
            ended_at: None,
            end_note: String::new(),
        })
    });
    enrolment::Entity::insert_many(rows)
        .exec_without_returning(tx.db())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
#[ignore = "a measurement: scripts/bench-enrol"]
async fn a_feed_of_five_hundred_lessons() {
    for database in databases().await {
        let hall = Hall::open(database, 1).await;
        let start = shanghai("2026-10-20 09:00");
        let lessons: Vec<NewSitting> = (0..500)
            .map(|number| NewSitting {
                owner_ref: Uuid::from_u128(1_000 + number),
                label: format!("第 {} 讲 团体标准的结构与起草", number + 1),
                from: start + TimeDelta::hours(i64::try_from(number).unwrap() * 2),
                to: start + TimeDelta::hours(i64::try_from(number).unwrap() * 2 + 1),
                place: "北京市海淀区示例路 8 号 301 教室".to_owned(),
            })
            .collect();
        let id = open(hall.ctx(), &facts(50), &lessons, 2).await;
        seat(&hall, id, 0).await;
        let someone = enrolment::Entity::find()
            .all(hall.ctx().store.read())
            .await
            .unwrap()
            .remove(0);
        let address = feeds::address(hall.ctx(), Whose::Person(someone.person_id))
            .await
            .unwrap();
        let visitor = hall.app.visitor();
        let mut times: Vec<Duration> = Vec::new();
        let mut size = 0;
        for _ in 0..9 {
            let watch = Stopwatch::start();
            let text = visitor.read(&address).await;
            times.push(watch.elapsed());
            size = text.len();
            assert_eq!(text.matches("BEGIN:VEVENT").count(), 500);
        }
        times.sort();
        say(&format!(
            "{}: a feed of 500 lessons ({} kB) in {} ms, slowest of nine {} ms",
            hall.ctx().store.kind(),
            size / 1024,
            times[4].as_millis(),
            times[8].as_millis(),
        ));
    }
}
