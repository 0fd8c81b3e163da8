//! Everything at once: faults of the server and deaths of the worker.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
};

use chrono::Duration;
use entity::mail::MailState;
use tokio::sync::Notify;

use crate::support::{
    databases::databases,
    smtp::{Act, At, Sink},
};

use super::*;

/// A generator for faults and kills that repeats by its seed.
fn dice(seed: u64, words: &[&str]) -> u64 {
    use sha2::{Digest, Sha256};
    let mut digest = Sha256::new().chain_update(seed.to_be_bytes());
    for word in words {
        digest.update(word.as_bytes());
        digest.update([0]);
    }
    u64::from_be_bytes(digest.finalize()[..8].try_into().unwrap())
}

/// Where a worker dies, in the mail at which its turn has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Point {
    /// It holds the lease and has not called the server yet.
    Leased,
    /// The server has heard this much and is about to answer.
    Heard(At),
    /// The server has answered and nothing is recorded yet.
    Answered,
    /// So many awaits of the record, and of what follows it, have begun.
    Recording(u64),
}

impl Point {
    fn of(roll: u64) -> Self {
        match roll % 20 {
            0..3 => Self::Leased,
            3 => Self::Heard(At::Connect),
            4 => Self::Heard(At::Mail),
            5..7 => Self::Heard(At::Rcpt),
            7 => Self::Heard(At::Data),
            8..12 => Self::Heard(At::Content),
            12..15 => Self::Answered,
            awaits => Self::Recording(awaits - 14),
        }
    }
}

/// The fate of the present worker: at which mail and point it dies.
struct Fate {
    /// Mails that it still sends before its last.
    mails: AtomicUsize,
    point: Mutex<Option<Point>>,
    strikes: Notify,
    awaits_left: Mutex<Option<u64>>,
}

impl Fate {
    /// Whether the worker dies here.
    fn is(&self, here: Point) -> bool {
        self.mails.load(Ordering::SeqCst) == 0 && *self.point.lock().unwrap() == Some(here)
    }

    fn strike(&self) {
        *self.point.lock().unwrap() = None;
        self.strikes.notify_one();
    }

    /// Runs `work` until it ends or its fate strikes; whether it was struck.
    async fn rules(&self, work: impl Future<Output = ()>) -> bool {
        let mut work = std::pin::pin!(work);
        let mut struck = std::pin::pin!(self.strikes.notified());
        std::future::poll_fn(|context| {
            // Asked first: nothing more is done once it has struck.
            if struck.as_mut().poll(context).is_ready() {
                return Poll::Ready(true);
            }
            if let Some(left) = self.awaits_left.lock().unwrap().as_mut() {
                match left.checked_sub(1) {
                    Some(fewer) => *left = fewer,
                    None => return Poll::Ready(true),
                }
            }
            work.as_mut().poll(context).map(|()| false)
        })
        .await
    }
}

/// A transport that tells the fate how far the mail has come.
struct Fated<'f> {
    fate: &'f Fate,
    inner: Smtp,
}

impl Transport for Fated<'_> {
    fn send<'a>(&'a self, mail: &'a Outgoing) -> Boxed<'a, Result<String, Failure>> {
        Box::pin(async move {
            if self.fate.is(Point::Leased) {
                self.fate.strike();
                std::future::pending::<()>().await;
            }
            let answer = self.inner.send(mail).await;
            if self.fate.is(Point::Answered) {
                self.fate.strike();
                std::future::pending::<()>().await;
            }
            let last = self.fate.mails.load(Ordering::SeqCst) == 0;
            let mut point = self.fate.point.lock().unwrap();
            match *point {
                Some(Point::Recording(awaits)) if last => {
                    *self.fate.awaits_left.lock().unwrap() = Some(awaits);
                    *point = None;
                }
                _ if last => {
                    // The server did not come to the chosen point with this mail: the next one, then.
                }
                _ => {
                    self.fate.mails.fetch_sub(1, Ordering::SeqCst);
                }
            }
            drop(point);
            answer
        })
    }
}

/// Two hundred mails through a server that refuses, cuts and forgets to answer, and workers that are
/// killed in the middle of a send at every point of it, sixty times: nothing is lost, copies are
/// the same bytes, and there are not more of them than answers and workers lost.
#[tokio::test]
async fn drill_with_faults_and_kills() {
    const MAILS: u128 = 200;
    const KILLS: usize = 60;
    for (seed, database) in (1_u64..).zip(databases().await) {
        let lost_answers = Arc::new(AtomicUsize::new(0));
        let fate = Arc::new(Fate {
            mails: AtomicUsize::new(0),
            point: Mutex::new(None),
            strikes: Notify::new(),
            awaits_left: Mutex::new(None),
        });
        let sink = {
            let (lost_answers, fate) = (lost_answers.clone(), fate.clone());
            Sink::start(move |at, to, times| {
                if fate.is(Point::Heard(at)) {
                    fate.strike();
                }
                let roll = dice(seed, &[&format!("{at:?}"), to, &times.to_string()]) % 100;
                match (at, roll) {
                    (At::Connect, 0..3) => Act::Cut,
                    (At::Mail, 0..2) => Act::Reply("421 4.3.2 closing"),
                    (At::Rcpt, 0..4) => Act::Reply("450 4.2.1 busy"),
                    (At::Content, 0..4) => Act::Reply("451 4.3.0 try again"),
                    (At::Content, 4..7) => Act::Cut,
                    (At::Content, 7..12) => {
                        lost_answers.fetch_add(1, Ordering::SeqCst);
                        Act::KeepAndCut
                    }
                    (At::Content, 12..15) => Act::SayAndCut,
                    _ => Act::Well,
                }
            })
            .await
        };
        let app = service(database, sink.port, |config| {
            config.office.quiet_until = config.office.quiet_from
        })
        .await;
        for number in 0..MAILS {
            queued(&app.ctx, &format!("n{number}@example.org"), number).await;
        }
        let mut kills = HashMap::<Point, usize>::new();
        let mut rounds = 0_u64;
        let registry = registry();
        loop {
            let dead: usize = kills.values().sum();
            let point =
                (dead < KILLS).then(|| Point::of(dice(seed, &["point", &dead.to_string()])));
            let mails = dice(seed, &["mails", &dead.to_string()]) % 3;
            // A worker connects with its first mail.
            let first = matches!(point, Some(Point::Heard(At::Connect)));
            let mails = if first {
                0
            } else {
                usize::try_from(mails).unwrap()
            };
            fate.mails.store(mails, Ordering::SeqCst);
            *fate.point.lock().unwrap() = point;
            *fate.awaits_left.lock().unwrap() = None;
            rounds += 1;
            let transport = Fated {
                fate: &fate,
                inner: smtp(&app),
            };
            let work = async {
                loop {
                    match try_execute(&app.ctx, &registry, &transport).await.unwrap() {
                        Step::Idle | Step::Closed(_) => break,
                        Step::Tried(..) | Step::Fenced(_) => {}
                    }
                }
            };
            if fate.rules(work).await {
                *kills
                    .entry(point.expect("only a chosen worker dies"))
                    .or_default() += 1;
                // The next worker comes at once; what the dead one held is rescued later.
                continue;
            }
            app.advance(Duration::seconds(app.ctx.config.mail.lease_seconds + 1));
            let rows = mail::Entity::find()
                .all(app.ctx.store.read())
                .await
                .unwrap();
            if rows.iter().all(|row| row.state == MailState::Sent) {
                break;
            }
            assert!(rounds < 5_000, "the mails do not get through");
        }
        let mut copies: HashMap<String, Vec<Vec<u8>>> = HashMap::new();
        for mail in sink.kept() {
            copies.entry(mail.to).or_default().push(mail.bytes);
        }
        assert_eq!(copies.len() as u128, MAILS, "every mail has arrived");
        assert!(
            copies
                .values()
                .flat_map(|same| same.windows(2))
                .all(|pair| pair[0] == pair[1]),
            "copies are the same bytes"
        );
        let extra = sink.kept().len() - copies.len();
        let lost = lost_answers.load(Ordering::SeqCst);
        let dead: usize = kills.values().sum();
        println!("seed {seed}: {dead} workers killed, {lost} answers lost, {extra} copies");
        assert_eq!(dead, KILLS, "every worker chosen to die has died in a send");
        assert!(kills.len() >= 9, "at every point of a send: {kills:?}");
        // A worker that dies before the content is heard makes no copy.
        let late: usize = kills
            .iter()
            .filter(|(point, _)| !matches!(point, Point::Leased))
            .filter(|(point, _)| !matches!(point, Point::Heard(at) if *at != At::Content))
            .map(|(_, times)| times)
            .sum();
        assert!(
            extra <= lost + late,
            "{extra} copies, {lost} answers lost, {late} late deaths"
        );
    }
}
