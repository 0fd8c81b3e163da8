//! Who gets a seat, who waits, and how freed seats go on.

use entity::{enrolment::EnrolmentState as State, seat_offer::OfferState};
use expert_pool::{
    foundation::error::Error,
    registration::{self as seats, Facts, RegistrationEvent, enrol::Outcome},
    units,
};

use crate::support::{
    app::shanghai,
    databases::databases,
    outbox::mails,
    seats::{Hall, facts, person, refusal},
};

#[tokio::test]
async fn seats_go_in_the_order_of_arrival_and_a_freed_one_is_offered_to_the_first_who_waits() {
    for database in databases().await {
        let hall = Hall::open(database, 2).await;
        let outcomes = hall.enrol(1..=4).await;
        assert_eq!(
            outcomes,
            [
                Outcome::Enrolled,
                Outcome::Enrolled,
                Outcome::Waiting(1),
                Outcome::Waiting(2)
            ]
        );
        let again = hall.enrol([2]).await;
        assert_eq!(again, [Outcome::Already(State::Enrolled)]);

        hall.leave(hall.of(1).await.id).await.unwrap();
        let third = hall.of(3).await;
        assert_eq!(third.state, State::Offered);
        let offers = hall.offers().await;
        assert_eq!(offers.len(), 1);
        // Monday 10:00 and one working day.
        assert_eq!(offers[0].until, shanghai("2026-09-15 10:00"));
        assert_eq!(
            mails(&hall.app, "registration.offer", "trainee3@example.org")
                .await
                .len(),
            1
        );

        hall.answer(third.id, true).await.unwrap();
        hall.answer(third.id, true).await.unwrap();
        assert_eq!(
            hall.states().await,
            [
                State::Cancelled,
                State::Enrolled,
                State::Enrolled,
                State::Waiting
            ]
        );
        let one = hall.of(1).await.id;
        assert_eq!(
            hall.events(),
            [
                RegistrationEvent::Enrolled(one),
                RegistrationEvent::Enrolled(hall.of(2).await.id),
                RegistrationEvent::Left(one),
                RegistrationEvent::Enrolled(third.id),
            ]
        );
    }
}

#[tokio::test]
async fn an_offer_that_lapsed_goes_to_the_next_and_a_late_answer_is_told_so() {
    for database in databases().await {
        let hall = Hall::open(database, 1).await;
        hall.enrol(1..=3).await;
        hall.leave(hall.of(1).await.id).await.unwrap();
        hall.app.set_time("2026-09-15 10:00");
        let second = hall.of(2).await.id;
        let late = refusal(hall.answer(second, true).await);
        assert_eq!(late.code, "registration.offer_lapsed");
        assert_eq!(late.facts[0].1, "9月15日（周二）10:00");
        assert_eq!(
            seats::answer_offer::lapse_offers(hall.ctx()).await.unwrap(),
            1
        );
        assert_eq!(
            hall.states().await,
            [State::Cancelled, State::Lapsed, State::Offered]
        );
        assert_eq!(
            refusal(hall.answer(second, true).await).code,
            "registration.offer_lapsed"
        );
        let states: Vec<_> = hall.offers().await.iter().map(|one| one.state).collect();
        assert_eq!(states, [OfferState::Lapsed, OfferState::Open]);
    }
}

#[tokio::test]
async fn a_higher_capacity_offers_seats_and_a_lower_one_names_who_would_lose_theirs() {
    for database in databases().await {
        let hall = Hall::open(database, 2).await;
        hall.enrol(1..=4).await;
        let no = refusal(hall.change(&facts(1), "2026-10-20").await);
        assert_eq!(no.code, "registration.would_lose_seats");
        assert_eq!(no.facts[2], ("names", "学员二".to_owned()));
        assert_eq!(hall.all().await.len(), 4);
        hall.change(&facts(3), "2026-10-20").await.unwrap();
        assert_eq!(
            hall.states().await,
            [
                State::Enrolled,
                State::Enrolled,
                State::Offered,
                State::Waiting
            ]
        );
    }
}

#[tokio::test]
async fn a_unit_has_no_more_seats_than_allowed_and_does_not_hold_up_the_others() {
    for database in databases().await {
        let limited = Facts {
            per_unit: Some(1),
            ..facts(2)
        };
        let hall = Hall::open_with(database, &limited, |_| {}).await;
        assert_eq!(
            hall.enrol([1, 2]).await,
            [Outcome::Enrolled, Outcome::Waiting(1)]
        );
        let other = units::all(hall.ctx().store.read()).await.unwrap()[5].id;
        let foreign = hall.enrol_by(&hall.contact, other, &[person(3)]).await;
        assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
        let by_group = hall.enrol_by(&hall.group, other, &[person(3)]).await;
        assert_eq!(by_group.unwrap(), [Outcome::Enrolled]);
    }
}
