//! Random histories of visits: whatever is offered, wished, approved, moved, withdrawn and confirmed,
//! in whatever order, no person is ever in two places.

use chrono::Days;
use entity::{ids::VisitId, visit::VisitState};
use expert_pool::exchange::visits::{self, Side};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::support::{
    databases::TestDatabase,
    exchange::{Exchange, OFFER, WISH},
    requests::with,
};

/// Something that happens.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A person of a unit is to go to another for some days, from a day on.
    Wish {
        person: usize,
        to: usize,
        from: u64,
        days: u64,
    },
    /// A side of a visit approves what waits.
    Approve { visit: usize, sending: bool },
    /// A visit is withdrawn.
    Withdraw { visit: usize },
    /// The days go on.
    Pass { days: u64 },
    /// The return is confirmed, some days earlier than agreed.
    Return { visit: usize, earlier: u64 },
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        3 => (0usize..3, 1usize..3, 1u64..20, 1u64..6)
            .prop_map(|(person, to, from, days)| Event::Wish { person, to, from, days }),
        6 => (0usize..8, any::<bool>())
            .prop_map(|(visit, sending)| Event::Approve { visit, sending }),
        1 => (0usize..8).prop_map(|visit| Event::Withdraw { visit }),
        1 => (1u64..6).prop_map(|days| Event::Pass { days }),
        1 => (0usize..8, 0u64..3).prop_map(|(visit, earlier)| Event::Return { visit, earlier }),
    ];
    prop::collection::vec(event, 8..24)
}

async fn happen(world: &Exchange, made: &mut Vec<VisitId>, event: Event) {
    let ctx = &world.app.ctx;
    let known = |number: usize| made.get(number).copied();
    match event {
        Event::Wish {
            person,
            to,
            from,
            days,
        } => {
            let first = ctx.today() + Days::new(from);
            let last = first + Days::new(days + 6);
            let (first, last, days) = (first.to_string(), last.to_string(), days.to_string());
            let span = [("from_date", first.as_str()), ("to_date", last.as_str())];
            let offer = world.offer(to, &with(&OFFER, &span)).await;
            let mut fields = with(&WISH, &span);
            fields = with(&fields, &[("days", days.as_str())]);
            let name = [
                "甲某，13900000021",
                "乙某，13900000022",
                "丙某，13900000023",
            ][person];
            let wish = world.wish(0, &fields, name).await;
            let pair = visits::ProposedPair {
                offer,
                wish,
                reasons: Vec::new(),
            };
            if let Ok(ids) = visits::propose(ctx, world.group, &[pair]).await {
                made.extend(ids);
            }
        }
        Event::Approve { visit, sending } => {
            let side = if sending { Side::Sending } else { Side::Host };
            if let Some(id) = known(visit) {
                let _ = world.approve(id, side).await;
            }
        }
        Event::Withdraw { visit } => {
            if let Some(id) = known(visit) {
                let by = world.units[0].person;
                let _ = visits::withdraw(ctx, id, Side::Sending, by, "计划有变").await;
            }
        }
        Event::Pass { days } => {
            world
                .app
                .advance(chrono::Duration::days(i64::try_from(days).unwrap()));
        }
        Event::Return { visit, earlier } => {
            if let Some(id) = known(visit) {
                let terms = world.terms(id).await;
                let told = visits::Return {
                    left: terms[0].from_date,
                    back: terms[0].to_date - Days::new(earlier),
                };
                let by = world.units[0].person;
                let _ = visits::confirm_return(ctx, id, by, &told).await;
            }
        }
    }
}

/// Nobody in two places, and everybody's time taken exactly by the visits that stand.
async fn check(world: &Exchange, made: &[VisitId]) {
    let taken = world.taken().await;
    for (number, one) in taken.iter().enumerate() {
        for other in &taken[..number] {
            let apart = one.from_at >= other.to_at || other.from_at >= one.to_at;
            assert!(
                one.person_id != other.person_id || apart,
                "{one:?} and {other:?}"
            );
        }
    }
    for id in made {
        let state = world.visit(*id).await.state;
        let takes = taken.iter().any(|row| row.source_id == id.0);
        match state {
            VisitState::Agreed => assert!(takes, "{id} stands and takes no time"),
            VisitState::Proposed | VisitState::Declined | VisitState::Withdrawn => {
                assert!(!takes, "{id} does not stand and takes time");
            }
            // Somebody who was back before leaving took none.
            VisitState::Returned | VisitState::Reported | VisitState::Closed => {}
        }
    }
}

#[test]
fn no_person_is_ever_in_two_places() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 12,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&events(), |events| {
            runtime.block_on(async {
                let world = Exchange::open(TestDatabase::sqlite()).await;
                let mut made = Vec::new();
                for event in events {
                    happen(&world, &mut made, event).await;
                    check(&world, &made).await;
                }
            });
            Ok(())
        })
        .unwrap();
}
