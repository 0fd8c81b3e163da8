//! Everything at once: faults of the server and deaths of the worker.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
};

use chrono::Duration;
use entity::mail::MailState;

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

/// Drops `work` where it stands after so many polls, wherever that is; whether it was dropped before
/// it ended.
async fn dies(work: impl Future<Output = ()>, life: u64) -> bool {
    let mut work = std::pin::pin!(work);
    let mut left = life;
    std::future::poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(true);
        }
        left -= 1;
        work.as_mut().poll(context).map(|()| false)
    })
    .await
}

/// Two hundred mails through a server that refuses, cuts and forgets to answer, and a worker that is
/// killed at any point, again and again: nothing is lost, copies are the same bytes, and there are
/// not more of them than answers and workers lost.
#[tokio::test]
async fn drill_with_faults_and_kills() {
    const MAILS: u128 = 200;
    const KILLS: usize = 60;
    for (seed, database) in (1_u64..).zip(databases().await) {
        let lost_answers = Arc::new(AtomicUsize::new(0));
        let sink = {
            let lost_answers = lost_answers.clone();
            Sink::start(move |at, to, times| {
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
        let mut kills = 0;
        let mut rounds = 0_u64;
        loop {
            let smtp = smtp(&app);
            let life = if kills < KILLS {
                1 + dice(seed, &["life", &rounds.to_string()]) % 150
            } else {
                u64::MAX
            };
            rounds += 1;
            let registry = registry();
            let work = async {
                loop {
                    match try_execute(&app.ctx, &registry, &smtp).await.unwrap() {
                        Step::Idle | Step::Closed(_) => break,
                        Step::Tried(..) | Step::Fenced(_) => {}
                    }
                }
            };
            let killed = dies(work, life).await;
            kills += usize::from(killed);
            if killed {
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
        let explained = lost_answers.load(Ordering::SeqCst) + kills;
        println!(
            "seed {seed}: {kills} workers killed, {} answers lost, {extra} copies",
            lost_answers.load(Ordering::SeqCst)
        );
        assert!(extra <= explained, "{extra} copies, {explained} explained");
        assert!(
            kills >= KILLS / 2,
            "only {kills} workers were killed on the way"
        );
    }
}
