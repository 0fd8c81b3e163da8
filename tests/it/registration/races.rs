//! Decisions about one registration at the same moment, on both databases.

use std::sync::Arc;

use entity::{enrolment::EnrolmentState as State, seat_offer::OfferState};
use expert_pool::registration::{answer_offer, by_hand, enrol, enrol::Outcome};
use futures_util::future::join_all;

use crate::support::{
    databases::databases,
    seats::{Hall, person},
};

/// How often each race is run: another interleaving each time.
const ROUNDS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_who_come_at_once_fill_the_seats_exactly_and_queue_in_order() {
    for database in databases().await {
        let hall = Arc::new(Hall::open(database, 5).await);
        let arrivals = (1..=24).map(|number| {
            let hall = hall.clone();
            tokio::spawn(async move { hall.enrol([number]).await.remove(0) })
        });
        let outcomes: Vec<_> = join_all(arrivals)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        let seats = outcomes
            .iter()
            .filter(|one| **one == Outcome::Enrolled)
            .count();
        assert_eq!(seats, 5);
        let mut places: Vec<_> = outcomes
            .iter()
            .filter_map(|one| match one {
                Outcome::Waiting(place) => Some(*place),
                _ => None,
            })
            .collect();
        places.sort_unstable();
        assert_eq!(places, (1..=19).collect::<Vec<_>>());
        let all = hall.all().await;
        let arrivals: Vec<_> = all.iter().map(|row| row.arrival).collect();
        assert_eq!(arrivals, (1..=24).collect::<Vec<_>>());
        let first = all.iter().take(5).all(|row| row.state == State::Enrolled);
        assert!(first, "seats go to those who came first");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_list_sent_twice_at_once_enrols_everybody_once() {
    for database in databases().await {
        let hall = Arc::new(Hall::open(database, 10).await);
        let rows: Vec<_> = (1..=4).map(person).collect();
        let sent = (0..2).map(|_| {
            let (hall, rows) = (hall.clone(), rows.clone());
            tokio::spawn(async move {
                let owners = &hall.app.seat_owners;
                enrol::enrol(
                    hall.ctx(),
                    owners,
                    &hall.contact,
                    hall.id,
                    hall.unit,
                    &rows,
                    false,
                )
                .await
                .unwrap()
            })
        });
        let outcomes: Vec<_> = join_all(sent)
            .await
            .into_iter()
            .flat_map(Result::unwrap)
            .collect();
        let count = |wanted: &Outcome| outcomes.iter().filter(|one| *one == wanted).count();
        assert_eq!(count(&Outcome::Enrolled), 4);
        assert_eq!(count(&Outcome::Already(State::Enrolled)), 4);
        assert_eq!(hall.all().await.len(), 4);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_offer_is_taken_or_lapses_and_never_both() {
    for database in databases().await {
        let hall = Arc::new(Hall::open(database, 1).await);
        hall.enrol(1..=ROUNDS + 1).await;
        hall.leave(hall.of(1).await.id).await.unwrap();
        for round in 2..=ROUNDS {
            let row = hall.of(round).await;
            assert_eq!(row.state, State::Offered, "round {round}");
            let offer = hall.offers().await.pop().unwrap();
            // A moment before the end: whoever comes first decides, by the clock of the write.
            hall.app
                .clock
                .set(offer.until - chrono::Duration::microseconds(1));
            let (taker, clock) = (hall.clone(), hall.clone());
            let take = tokio::spawn(async move { taker.answer(row.id, true).await });
            let lapse = tokio::spawn(async move {
                clock.app.clock.set(offer.until);
                answer_offer::lapse_offers(clock.ctx()).await
            });
            let (taken, lapsed) = (take.await.unwrap(), lapse.await.unwrap().unwrap());
            let row = hall.of(round).await;
            let offer = hall
                .offers()
                .await
                .into_iter()
                .find(|offer| offer.enrolment_id == row.id)
                .unwrap();
            if taken.is_ok() {
                assert_eq!(
                    (row.state, offer.state),
                    (State::Enrolled, OfferState::Taken)
                );
                assert_eq!(lapsed, 0);
                hall.leave(row.id).await.unwrap();
            } else {
                assert_eq!(
                    (row.state, offer.state),
                    (State::Lapsed, OfferState::Lapsed)
                );
                assert_eq!(lapsed, 1);
            }
            let seated = hall.states().await;
            let held = seated
                .iter()
                .filter(|state| matches!(state, State::Enrolled | State::Offered))
                .count();
            assert_eq!(held, 1, "one seat, whoever has it");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn cancelling_while_the_group_promotes_leaves_no_seat_twice_and_none_lost() {
    for database in databases().await {
        let hall = Arc::new(Hall::open(database, 1).await);
        hall.enrol(1..=2 + ROUNDS).await;
        for seated in 1..=ROUNDS {
            let next = hall
                .all()
                .await
                .into_iter()
                .find(|row| matches!(row.state, State::Waiting | State::Offered))
                .unwrap();
            let leaving = hall.of(seated).await.id;
            let (one, other) = (hall.clone(), hall.clone());
            let leave = tokio::spawn(async move { one.leave(leaving).await });
            let give = tokio::spawn(async move {
                let owners = &other.app.seat_owners;
                by_hand::give_seat(other.ctx(), owners, &other.group, next.id).await
            });
            leave.await.unwrap().unwrap();
            let given = give.await.unwrap();
            let after = hall.all().await;
            let held: Vec<_> = after
                .iter()
                .filter(|row| matches!(row.state, State::Enrolled | State::Offered))
                .collect();
            assert_eq!(held.len(), 1, "one seat, whoever has it");
            assert_eq!(held[0].id, next.id);
            if given.is_err() {
                hall.answer(next.id, true).await.unwrap();
            }
        }
    }
}
