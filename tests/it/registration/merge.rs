//! Two registrations become one: who stood in the one stands in the other, in order.

use entity::{
    commitment,
    enrolment::{self, EnrolmentState as State},
    ids::{EnrolmentId, RegistrationId},
    registration::RegistrationState,
};
use expert_pool::{
    foundation::mail::ReadMail,
    registration::{self as seats, Carried, Facts, Merge, NewSitting, enrol},
};
use icalendar::{Calendar, Component};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::support::{
    app::shanghai,
    databases::databases,
    outbox::{link, mails},
    seats::{Hall, facts, open, person, refusal, sittings},
};

/// Another registration with so many seats, on a day.
async fn other(hall: &Hall, capacity: i32, day: &str) -> RegistrationId {
    let facts = Facts {
        title: "团体标准编写实务培训班（第4期）".to_owned(),
        ..facts(capacity)
    };
    open(hall.ctx(), &facts, &elsewhere(day), 2).await
}

/// Sittings that are not those of the hall.
fn elsewhere(day: &str) -> Vec<NewSitting> {
    let mut all = sittings(day);
    for sitting in &mut all {
        sitting.owner_ref = uuid::Uuid::from_u128(sitting.owner_ref.as_u128() + 10);
    }
    all
}

async fn enrol_into(hall: &Hall, id: RegistrationId, numbers: &[usize]) {
    let rows: Vec<_> = numbers.iter().copied().map(person).collect();
    let owners = &hall.app.seat_owners;
    enrol::enrol(
        hall.ctx(),
        owners,
        &hall.contact,
        id,
        hall.unit,
        &rows,
        false,
    )
    .await
    .unwrap();
}

async fn merge(
    hall: &Hall,
    into: RegistrationId,
) -> expert_pool::foundation::error::Result<Carried> {
    let tx = hall.ctx().store.begin().await?;
    let both = Merge {
        from: hall.id,
        into,
        reason: "人数不足",
    };
    let by = hall.group.person;
    let carried = seats::merge(&tx, hall.ctx(), &hall.app.seat_owners, by, both).await?;
    seats::cancel(&tx, hall.id, Some(by), "人数不足").await?;
    tx.commit().await?;
    Ok(carried)
}

/// Everybody of a registration in the order of arrival.
async fn all(hall: &Hall, id: RegistrationId) -> Vec<enrolment::Model> {
    enrolment::Entity::find()
        .filter(enrolment::Column::RegistrationId.eq(id))
        .order_by_asc(enrolment::Column::Arrival)
        .all(hall.ctx().store.read())
        .await
        .unwrap()
}

/// The mail that tells somebody of the merge.
fn told_of(hall: &Hall, number: usize) -> ReadMail {
    hall.app
        .mails_to(&format!("trainee{number}@example.org"))
        .into_iter()
        .find(|mail| mail.text.contains("不再举办"))
        .expect("they are told")
}

/// Method, UID and SEQUENCE of the one event of a mail.
fn entry(mail: &ReadMail) -> (String, String, u32) {
    let calendar: Calendar = mail.calendar.as_deref().unwrap().parse().unwrap();
    let event = calendar.events().next().unwrap();
    (
        calendar.property_value("METHOD").unwrap().to_owned(),
        event.get_uid().unwrap().to_owned(),
        event.get_sequence().unwrap(),
    )
}

#[tokio::test]
async fn seats_go_on_as_far_as_they_are_free_and_the_rest_wait_in_order() {
    for database in databases().await {
        let hall = Hall::open(database, 3).await;
        hall.enrol(1..=5).await;
        let into = other(&hall, 4, "2026-11-17").await;
        // One of the first is there already.
        enrol_into(&hall, into, &[7, 2]).await;
        let before: Vec<_> = all(&hall, hall.id).await;
        hall.app.work().await;
        let former = entry(&hall.app.mails_to("trainee1@example.org")[0]);
        let own = link(&hall.app, "registration.enrolled", "trainee1@example.org").await;

        let carried = merge(&hall, into).await.unwrap();
        let id = |place: usize| -> EnrolmentId { before[place].id };
        assert_eq!(carried.seated, [id(0), id(2)]);
        assert_eq!(carried.waiting, [id(3), id(4)]);
        let now = all(&hall, into).await;
        let states: Vec<_> = now.iter().map(|row| row.state).collect();
        assert_eq!(
            states,
            [
                State::Enrolled,
                State::Enrolled,
                State::Enrolled,
                State::Enrolled,
                State::Waiting,
                State::Waiting
            ]
        );
        let order: Vec<_> = now[2..].iter().map(|row| row.id).collect();
        assert_eq!(order, [id(0), id(2), id(3), id(4)]);
        let left = all(&hall, hall.id).await;
        assert_eq!(left.len(), 1, "who stands in the other one stays behind");
        assert_eq!((left[0].id, left[0].state), (id(1), State::Cancelled));
        let row = seats::get(hall.ctx().store.read(), hall.id).await.unwrap();
        assert_eq!(row.state, RegistrationState::Cancelled);

        // Each is told once.
        for number in [1, 3, 4, 5] {
            let address = format!("trainee{number}@example.org");
            assert_eq!(
                mails(&hall.app, "registration.merged", &address)
                    .await
                    .len(),
                1
            );
            assert!(
                mails(&hall.app, "registration.cancelled", &address)
                    .await
                    .is_empty()
            );
        }
        let cancelled = mails(&hall.app, "registration.cancelled", "trainee2@example.org").await;
        assert_eq!(cancelled.len(), 1);
        hall.app.work().await;
        let told = told_of(&hall, 1);
        assert!(
            told.text.contains("第3期）不再举办") && told.text.contains("名额已确定"),
            "{}",
            told.text
        );
        let moved = entry(&told);
        assert_eq!((moved.0.as_str(), &moved.1), ("REQUEST", &former.1));
        assert!(moved.2 > former.2, "{former:?} {moved:?}");
        let waits = told_of(&hall, 5);
        assert!(waits.text.contains("排在候补第 2 位"), "{}", waits.text);
        assert!(waits.calendar.is_none());
        // The link of before opens the seat of now.
        let page = hall.app.visitor().read(&own).await;
        assert!(page.contains("第4期"), "{page}");

        // The former time is free again, and the new one taken.
        let of = now[2].person_id;
        let mut days: Vec<_> = commitment::Entity::find()
            .filter(commitment::Column::PersonId.eq(of))
            .all(hall.ctx().store.read())
            .await
            .unwrap()
            .into_iter()
            .map(|one| one.from_at)
            .collect();
        days.sort();
        assert_eq!(
            days,
            [shanghai("2026-11-17 09:00"), shanghai("2026-11-17 13:30")]
        );
    }
}

#[tokio::test]
async fn a_seat_that_is_lost_leaves_the_calendar_and_a_clash_is_told() {
    for database in databases().await {
        let hall = Hall::open(database, 2).await;
        hall.enrol(1..=2).await;
        let into = other(&hall, 1, "2026-11-17").await;
        let third = open(hall.ctx(), &facts(2), &elsewhere_again("2026-11-17"), 3).await;
        enrol_into(&hall, third, &[1]).await;
        let carried = merge(&hall, into).await.unwrap();
        assert_eq!((carried.seated.len(), carried.waiting.len()), (1, 1));
        let now = all(&hall, into).await;
        assert!(now[0].clash.contains("第3期"), "{:?}", now[0].clash);
        hall.app.work().await;
        let lost = told_of(&hall, 2);
        assert_eq!(entry(&lost).0, "CANCEL");
        let clash = told_of(&hall, 1);
        assert!(clash.text.contains("与已有安排冲突"), "{}", clash.text);
        assert_eq!(entry(&clash).0, "REQUEST");
    }
}

/// Sittings of a third one.
fn elsewhere_again(day: &str) -> Vec<NewSitting> {
    let mut all = elsewhere(day);
    for sitting in &mut all {
        sitting.owner_ref = uuid::Uuid::from_u128(sitting.owner_ref.as_u128() + 10);
    }
    all
}

#[tokio::test]
async fn nothing_is_carried_into_one_that_takes_nobody_in() {
    for database in databases().await {
        let hall = Hall::open(database, 2).await;
        hall.enrol([1]).await;
        let into = other(&hall, 5, "2026-11-17").await;
        let tx = hall.ctx().store.begin().await.unwrap();
        seats::close(&tx, into).await.unwrap();
        tx.commit().await.unwrap();
        let no = refusal(merge(&hall, into).await.map(|_| ()));
        assert_eq!(no.code, "registration.closed");
        assert_eq!(
            hall.states().await,
            [State::Enrolled],
            "nothing has changed"
        );
    }
}
