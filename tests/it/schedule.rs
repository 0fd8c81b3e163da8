//! Jobs by the clock: once over all instances, again after a crash, caught up only while it is worth it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration as Wait,
};

use chrono::Duration;
use entity::schedule_slot::{self, SlotState};
use expert_pool::foundation::{
    context::{Boxed, Context},
    error::{Error, Result},
    mail::{About, Housekeeping, Letter, LetterDesk, Options, Queued, Recipient, Template, outbox},
    schedule::{CatchUp, Job, Outcome, Rule, Schedule, Slot, forget, run_again, tick},
};
use sea_orm::{EntityTrait, QueryOrder};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::support::{
    app::{TestApp, shanghai},
    databases::databases,
};

/// What a run of the test's job does.
#[derive(Clone, Copy, Debug)]
enum Does {
    Succeed,
    Fail,
    Panic,
    /// Never ends by itself.
    Hang,
}

struct Daily {
    name: &'static str,
    catch_up: CatchUp,
    does: Does,
    runs: Arc<AtomicUsize>,
}

impl Job for Daily {
    fn rule(&self) -> Rule {
        Rule {
            name: self.name,
            label: "测试",
            cron: "0 30 8 * * *",
            catch_up: self.catch_up,
            max_age: Duration::hours(6),
        }
    }

    fn run<'a>(&'a self, _: &'a Context, slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            self.runs.fetch_add(1, Ordering::SeqCst);
            match self.does {
                Does::Succeed => Ok(Outcome::handled(usize::try_from(slot.attempt).unwrap())),
                Does::Fail => Err(Error::internal("the other side is away")),
                Does::Panic => panic!("a mistake"),
                Does::Hang => std::future::pending().await,
            }
        })
    }
}

fn daily(catch_up: CatchUp, does: Does) -> (Schedule, Arc<AtomicUsize>) {
    let runs = Arc::<AtomicUsize>::default();
    let job = Daily {
        name: "test.daily",
        catch_up,
        does,
        runs: runs.clone(),
    };
    let schedule = Schedule::new(vec![Arc::new(job)], chrono_tz::Asia::Shanghai).unwrap();
    (schedule, runs)
}

async fn ledger(app: &TestApp) -> Vec<schedule_slot::Model> {
    schedule_slot::Entity::find()
        .order_by_asc(schedule_slot::Column::DueAt)
        .all(app.ctx.store.read())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_slot_fires_once_over_all_instances() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (schedule, runs) = daily(CatchUp::Latest, Does::Succeed);
        app.set_time("2026-09-14 08:29");
        assert_eq!(tick(&app.ctx, &schedule).await.unwrap(), []);
        for day in 14..=16 {
            app.set_time(&format!("2026-09-{day} 08:30"));
            let instances = [(); 4].map(|()| tick(&app.ctx, &schedule));
            for ran in futures_util::future::join_all(instances).await {
                ran.unwrap();
            }
        }
        assert_eq!(runs.load(Ordering::SeqCst), 3);
        // The clock is set back and comes again: nothing repeats.
        app.set_time("2026-09-14 08:31");
        tick(&app.ctx, &schedule).await.unwrap();
        app.set_time("2026-09-16 09:00");
        tick(&app.ctx, &schedule).await.unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 3);
        let rows = ledger(&app).await;
        assert_eq!(rows.len(), 3);
        assert!(
            rows.iter()
                .all(|row| row.state == SlotState::Done && row.handled == 1)
        );
        assert_eq!(rows[0].due_at, shanghai("2026-09-14 08:30"));
    }
}

#[tokio::test]
async fn a_failed_job_is_tried_three_times_and_again_when_somebody_says_so() {
    for does in [Does::Fail, Does::Panic] {
        for database in databases().await {
            let app = TestApp::start(database).await;
            let (schedule, runs) = daily(CatchUp::None, does);
            app.set_time("2026-09-14 08:30");
            for (minutes, state) in [
                (0, SlotState::Running),
                (1, SlotState::Running),
                (5, SlotState::Failed),
            ] {
                assert_eq!(
                    tick(&app.ctx, &schedule).await.unwrap().len(),
                    usize::from(minutes == 0)
                );
                app.advance(Duration::minutes(minutes));
                if minutes > 0 {
                    assert_eq!(tick(&app.ctx, &schedule).await.unwrap()[0].state, state);
                }
            }
            app.advance(Duration::hours(1));
            assert_eq!(tick(&app.ctx, &schedule).await.unwrap(), []);
            assert_eq!(runs.load(Ordering::SeqCst), 3);
            let row = ledger(&app).await.remove(0);
            assert_eq!((row.state, row.attempts), (SlotState::Failed, 3));
            assert!(row.note.contains(match does {
                Does::Fail => "the other side is away",
                _ => "panicked",
            }));

            let tx = app.ctx.store.begin().await.unwrap();
            run_again(&tx, row.id).await.unwrap();
            assert!(
                run_again(&tx, row.id).await.is_err(),
                "it is waiting to run"
            );
            tx.commit().await.unwrap();
            assert_eq!(tick(&app.ctx, &schedule).await.unwrap().len(), 1);
            assert_eq!(runs.load(Ordering::SeqCst), 4);
        }
    }
}

#[tokio::test]
async fn a_run_whose_instance_is_gone_is_taken_over() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (hangs, _) = daily(CatchUp::None, Does::Hang);
        app.set_time("2026-09-14 08:30");
        // Dropped where it stands, as if the process were killed.
        let killed = tokio::time::timeout(Wait::from_millis(300), tick(&app.ctx, &hangs)).await;
        assert!(killed.is_err());
        let (works, runs) = daily(CatchUp::None, Does::Succeed);
        app.advance(Duration::seconds(59));
        assert_eq!(tick(&app.ctx, &works).await.unwrap(), []);
        app.advance(Duration::seconds(1));
        let ran = tick(&app.ctx, &works).await.unwrap();
        assert_eq!(
            ran[0].due_at,
            shanghai("2026-09-14 08:30"),
            "the slot is the old one"
        );
        let row = ledger(&app).await.remove(0);
        assert_eq!(
            (row.state, row.attempts, row.handled),
            (SlotState::Done, 2, 2)
        );
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn what_passed_while_nothing_ran_is_caught_up_by_its_rule() {
    for (catch_up, hours, expected) in [
        (CatchUp::Latest, 2, SlotState::Done),
        (CatchUp::Latest, 7, SlotState::Missed),
        (CatchUp::None, 2, SlotState::Missed),
    ] {
        for database in databases().await {
            let app = TestApp::start(database).await;
            let (schedule, runs) = daily(catch_up, Does::Succeed);
            // Before the rule was ever seen here, nothing was promised.
            app.set_time("2026-09-13 23:00");
            assert_eq!(tick(&app.ctx, &schedule).await.unwrap(), []);
            app.set_time("2026-09-14 08:31");
            tick(&app.ctx, &schedule).await.unwrap();
            // Three days of standstill: of several slots only the latest counts.
            app.set_time("2026-09-17 08:30");
            app.advance(Duration::hours(hours));
            for _ in 0..2 {
                tick(&app.ctx, &schedule).await.unwrap();
            }
            let rows = ledger(&app).await;
            assert_eq!(rows.len(), 2);
            assert_eq!(
                (rows[1].due_at, rows[1].state),
                (shanghai("2026-09-17 08:30"), expected)
            );
            let ran = 1 + usize::from(expected == SlotState::Done);
            assert_eq!(runs.load(Ordering::SeqCst), ran);
        }
    }
}

#[test]
fn two_jobs_of_one_name_are_refused() {
    let job = || -> Arc<dyn Job> {
        Arc::new(Daily {
            name: "test.daily",
            catch_up: CatchUp::None,
            does: Does::Succeed,
            runs: Arc::default(),
        })
    };
    assert!(Schedule::new(vec![job(), job()], chrono_tz::UTC).is_err());
}

#[derive(Serialize, Deserialize)]
struct Note {
    text: String,
}

impl Template for Note {
    const KIND: &'static str = "test.note";
    const LABEL: &'static str = "便函";

    fn letter(&self, _: &LetterDesk<'_>) -> Letter {
        Letter::new(self.text.clone(), "您好！")
    }
}

#[tokio::test]
async fn facts_of_ended_mails_are_blanked_after_their_time() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let tx = app.ctx.store.begin().await.unwrap();
        let mut ids = Vec::new();
        for (subject, address) in [(1, None), (2, Some("a@example.org".to_owned()))] {
            let to = Recipient {
                person: None,
                name: "沈知行".into(),
                address,
            };
            let about = About {
                subject: Uuid::from_u128(subject),
                generation: 0,
                cause: "测试".into(),
            };
            let note = Note {
                text: "私事".into(),
            };
            let queued = outbox::enqueue(&tx, &to, &about, Options::default(), &note).await;
            let Queued::New(id) = queued.unwrap() else {
                panic!("queued once")
            };
            ids.push(id);
        }
        tx.commit().await.unwrap();
        let schedule =
            Schedule::new(vec![Arc::new(Housekeeping)], chrono_tz::Asia::Shanghai).unwrap();
        for (days, blanked) in [(29, 0), (31, 1), (32, 0)] {
            app.set_time("2026-09-14 03:30");
            app.advance(Duration::days(days));
            tick(&app.ctx, &schedule).await.unwrap();
            assert_eq!(
                ledger(&app).await.last().unwrap().handled,
                blanked,
                "after {days} days"
            );
        }
        let mails = entity::mail::Entity::find()
            .all(app.ctx.store.read())
            .await
            .unwrap();
        for mail in mails {
            let ended = mail.id == ids[0];
            assert_eq!(
                mail.facts == serde_json::json!({}),
                ended,
                "what still waits is kept"
            );
        }
    }
}

#[tokio::test]
async fn old_runs_go_and_the_newest_of_a_rule_stays() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (schedule, runs) = daily(CatchUp::Latest, Does::Succeed);
        for day in 14..=16 {
            app.set_time(&format!("2026-09-{day} 08:30"));
            tick(&app.ctx, &schedule).await.unwrap();
        }
        app.set_time("2026-12-20 08:00");
        let tx = app.ctx.store.begin().await.unwrap();
        assert_eq!(forget(&tx).await.unwrap(), 2);
        tx.commit().await.unwrap();
        assert_eq!(ledger(&app).await[0].due_at, shanghai("2026-09-16 08:30"));
        app.set_time("2026-09-16 08:31");
        tick(&app.ctx, &schedule).await.unwrap();
        assert_eq!(
            runs.load(Ordering::SeqCst),
            3,
            "what was dealt with stays so"
        );
    }
}
