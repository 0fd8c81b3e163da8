//! Reminders: three and one working days before, anew after a move, and never for what is over.

use expert_pool::registration::{self as seats, remind::remind};

use crate::support::{
    databases::databases,
    outbox::mails,
    seats::{Hall, facts},
};

async fn reminded(hall: &Hall, number: usize) -> usize {
    mails(
        &hall.app,
        "registration.reminder",
        &format!("trainee{number}@example.org"),
    )
    .await
    .len()
}

#[tokio::test]
async fn people_are_reminded_twice_and_anew_when_it_moves() {
    for database in databases().await {
        let hall = Hall::open(database, 3).await;
        hall.enrol(1..=4).await;
        // Tuesday 20 October: three working days before is Thursday 15, one is Monday 19.
        hall.app.set_time("2026-10-14 09:00");
        assert_eq!(remind(hall.ctx()).await.unwrap(), 0);
        hall.app.set_time("2026-10-15 09:00");
        assert_eq!(
            remind(hall.ctx()).await.unwrap(),
            3,
            "who waits is not reminded"
        );
        assert_eq!(remind(hall.ctx()).await.unwrap(), 0, "never twice");
        hall.leave(hall.of(1).await.id).await.unwrap();
        hall.change(&facts(3), "2026-10-27").await.unwrap();
        hall.app.set_time("2026-10-19 09:00");
        assert_eq!(
            remind(hall.ctx()).await.unwrap(),
            0,
            "not at the former time"
        );
        hall.app.set_time("2026-10-22 09:00");
        assert_eq!(remind(hall.ctx()).await.unwrap(), 2);
        hall.app.set_time("2026-10-24 09:00");
        assert_eq!(remind(hall.ctx()).await.unwrap(), 0, "a Saturday");
        hall.app.set_time("2026-10-26 09:00");
        assert_eq!(remind(hall.ctx()).await.unwrap(), 2);
        assert_eq!((reminded(&hall, 1).await, reminded(&hall, 2).await), (1, 3));
        hall.app.set_time("2026-10-27 09:30");
        assert_eq!(remind(hall.ctx()).await.unwrap(), 0, "it has begun");
    }
}

#[tokio::test]
async fn nobody_is_reminded_of_what_was_cancelled_or_joined_late() {
    for database in databases().await {
        let hall = Hall::open(database, 3).await;
        hall.enrol([1]).await;
        let tx = hall.ctx().store.begin().await.unwrap();
        seats::cancel(&tx, hall.id, None, "讲师有事").await.unwrap();
        tx.commit().await.unwrap();
        hall.app.set_time("2026-10-15 09:00");
        assert_eq!(remind(hall.ctx()).await.unwrap(), 0);
    }
    for database in databases().await {
        let mut late = facts(3);
        late.closes_at = crate::support::app::shanghai("2026-10-20 08:00");
        let hall = Hall::open_with(database, &late, |_| {}).await;
        hall.app.set_time("2026-10-15 14:00");
        hall.enrol([1]).await;
        hall.app.set_time("2026-10-16 09:00");
        assert_eq!(
            remind(hall.ctx()).await.unwrap(),
            0,
            "joined on the day of the reminder"
        );
        hall.app.set_time("2026-10-19 09:00");
        assert_eq!(remind(hall.ctx()).await.unwrap(), 1);
    }
}
