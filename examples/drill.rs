//! The mail drill with the real program: mails leave through a server that refuses, cuts and forgets to
//! answer, while instances of the service are killed (SIGKILL) at random moments and started again. Run by
//! `scripts/drill`; what must hold is in `docs/operations.md`. Unlike the drill among the tests it takes its
//! time, and where the kills fall is up to the machine.

#[path = "../tests/it/support/smtp.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod smtp;

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    process::{Child, Command, ExitCode, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use clap::Parser;
use entity::mail::{self, MailState};
use expert_pool::{
    App,
    accounts::mails::RoleGiven,
    foundation::{
        config::{Config, MailTls, MailTransport},
        context::Context,
        error::Result,
        mail::{About, Options, Recipient, channel, outbox},
        platform::{Platform, Stopwatch},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use sha2::{Digest, Sha256};
use smtp::{Act, At, Sink};
use uuid::Uuid;

/// Which drill.
#[derive(Parser)]
struct Drill {
    /// Mails that are queued.
    #[arg(long, default_value_t = 2_000)]
    mails: usize,
    /// Times that an instance is killed.
    #[arg(long, default_value_t = 20)]
    kills: usize,
    /// Instances of the service at once; more than one needs PostgreSQL.
    #[arg(long, default_value_t = 1)]
    instances: usize,
    /// Decides faults and moments.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Database; a new SQLite file when left out.
    #[arg(long)]
    database: Option<String>,
    /// The program.
    #[arg(long, default_value = "target/debug/expert-pool")]
    program: PathBuf,
}

impl Drill {
    /// A number that repeats by the seed.
    fn dice(&self, words: &[&str]) -> u64 {
        let mut digest = Sha256::new().chain_update(self.seed.to_be_bytes());
        for word in words {
            digest.update(word.as_bytes());
            digest.update([0]);
        }
        digest.finalize()[..8]
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// An instance of the program, as the configuration has it.
    fn start(&self, config: &Config) -> std::io::Result<Child> {
        let mail = &config.mail;
        Command::new(&self.program)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("EXPERT_POOL__DATABASE__URL", config.database.url.reveal())
            .env(
                "EXPERT_POOL__SERVER__SECRET_FILE",
                &config.server.secret_file,
            )
            .env("EXPERT_POOL__MAIL__TRANSPORT", "smtp")
            .env("EXPERT_POOL__MAIL__HOST", &mail.host)
            .env("EXPERT_POOL__MAIL__PORT", mail.port.to_string())
            .env("EXPERT_POOL__MAIL__TLS", "none")
            .env("EXPERT_POOL__MAIL__PER_MINUTE", mail.per_minute.to_string())
            .env("EXPERT_POOL__MAIL__PER_DAY", mail.per_day.to_string())
            .env(
                "EXPERT_POOL__MAIL__PER_DOMAIN_MINUTE",
                mail.per_domain_minute.to_string(),
            )
            .env("EXPERT_POOL__OFFICE__QUIET_FROM", "08:30")
            .env("EXPERT_POOL__LOG__FILTER", "off")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
    }
}

/// Who holds a lease just now.
async fn leases(ctx: &Context) -> Result<HashSet<Uuid>> {
    let rows = mail::Entity::find()
        .filter(mail::Column::State.eq(MailState::Leased))
        .all(ctx.store.read())
        .await?;
    Ok(rows.iter().filter_map(|row| row.lease_token).collect())
}

/// Lets time pass for what waits: deferred mails, the way to the server, and the leases of the dead.
async fn pass_time(ctx: &Context, dead: &HashSet<Uuid>) -> Result<()> {
    let now = ctx.store.now().await?;
    let tx = ctx.store.begin().await?;
    channel::open(&tx).await?;
    mail::Entity::update_many()
        .filter(mail::Column::State.is_in([MailState::Deferred, MailState::Ready]))
        .filter(mail::Column::NotBefore.gt(now))
        .col_expr(mail::Column::NotBefore, Expr::value(now))
        .exec(tx.db())
        .await?;
    mail::Entity::update_many()
        .filter(mail::Column::LeaseToken.is_in(dead.iter().copied()))
        .col_expr(mail::Column::LeasedUntil, Expr::value(now))
        .exec(tx.db())
        .await?;
    tx.wake_workers();
    tx.commit().await
}

async fn queue(ctx: &Context, count: usize) -> Result<()> {
    let given = RoleGiven {
        capacity: "经办".into(),
    };
    let tx = ctx.store.begin().await?;
    for number in 0..count {
        let to = Recipient {
            person: None,
            name: "沈知行".into(),
            address: Some(format!("n{number}@d{}.example.org", number % 7)),
        };
        let about = About {
            subject: tx.id(),
            generation: 0,
            cause: "drill".into(),
        };
        outbox::enqueue(&tx, &to, &about, Options::default(), &given).await?;
    }
    tx.commit().await
}

/// The server: a fifth of all conversations goes wrong somewhere.
async fn server(drill: &Arc<Drill>, lost_answers: &Arc<AtomicUsize>) -> Sink {
    let (drill, lost_answers) = (drill.clone(), lost_answers.clone());
    Sink::start(move |at, to, times| {
        let roll = drill.dice(&[&format!("{at:?}"), to, &times.to_string()]) % 100;
        match (at, roll) {
            (At::Connect, 0..3) => Act::Cut,
            (At::Mail, 0..2) => Act::Reply("421 4.3.2 closing"),
            (At::Rcpt, 0..4) => Act::Reply("450 4.2.1 busy"),
            (At::Content, 0..4) => Act::Reply("451 4.3.0 try again"),
            (At::Content, 4..7) => Act::Cut,
            (At::Content, 7..9) => {
                lost_answers.fetch_add(1, Ordering::SeqCst);
                Act::KeepAndCut
            }
            (At::Content, 9..12) => Act::SayAndCut,
            _ => Act::Well,
        }
    })
    .await
}

/// Kills instances until enough have died and everything is sent; how many of them held a mail.
async fn kill(drill: &Drill, ctx: &Context) -> Result<usize> {
    let mut running = Vec::new();
    for _ in 0..drill.instances {
        running.push(drill.start(&ctx.config)?);
    }
    let (mut kills, mut held, mut rounds) = (0, 0, 0_u64);
    let mut dead = HashSet::new();
    loop {
        rounds += 1;
        let wait = 300 + drill.dice(&["wait", &rounds.to_string()]) % 700;
        tokio::time::sleep(Duration::from_millis(wait)).await;
        if kills < drill.kills {
            let which = kills % drill.instances;
            running[which].kill()?;
            running[which].wait()?;
            let before = leases(ctx).await?;
            running[which] = drill.start(&ctx.config)?;
            // What the others hold is recorded in the meantime; what is left was the dead one's.
            tokio::time::sleep(Duration::from_millis(250)).await;
            let after = leases(ctx).await?;
            let orphaned: HashSet<_> = before.intersection(&after).copied().collect();
            held += orphaned.difference(&dead).count();
            dead.extend(orphaned);
            kills += 1;
        }
        pass_time(ctx, &dead).await?;
        let open = mail::Entity::find()
            .filter(mail::Column::State.ne(MailState::Sent))
            .one(ctx.store.read())
            .await?;
        if open.is_none() {
            break;
        }
    }
    for mut child in running {
        child.kill()?;
        child.wait()?;
    }
    println!("kills {kills}, of which {held} held a mail");
    Ok(held)
}

async fn run(drill: Arc<Drill>) -> Result<bool> {
    let folder = tempfile::tempdir()?;
    let lost_answers = Arc::new(AtomicUsize::new(0));
    let sink = server(&drill, &lost_answers).await;
    let mut config = Config::load(None)
        .map_err(|error| expert_pool::foundation::error::Error::internal(error.to_string()))?;
    config.database.url = drill
        .database
        .clone()
        .unwrap_or_else(|| format!("sqlite:{}", folder.path().join("drill.sqlite").display()))
        .into();
    config.server.secret_file = folder.path().join("secret.key").display().to_string();
    config.mail.transport = MailTransport::Smtp;
    config.mail.host = "127.0.0.1".into();
    config.mail.port = sink.port;
    config.mail.tls = MailTls::None;
    config.mail.per_minute = 1_000_000;
    config.mail.per_day = 1_000_000;
    config.mail.per_domain_minute = 1_000_000;
    let ctx = App::build(config, Platform::system()).await?.ctx;
    queue(&ctx, drill.mails).await?;
    let watch = Stopwatch::start();
    let held = kill(&drill, &ctx).await?;
    let seconds = watch.elapsed().as_secs_f64();

    let kept = sink.kept();
    let mut copies: HashMap<&str, Vec<&[u8]>> = HashMap::new();
    for mail in &kept {
        copies.entry(&mail.to).or_default().push(&mail.bytes);
    }
    let lost = drill.mails - copies.len();
    let changed = copies
        .values()
        .flat_map(|same| same.windows(2))
        .filter(|pair| pair[0] != pair[1])
        .count();
    let more = kept.len() - copies.len();
    let unanswered = lost_answers.load(Ordering::SeqCst);
    let unexplained = more.saturating_sub(unanswered);
    println!(
        "| database | instances | mails | kills (holding a mail) | lost | copies | answers lost | copies by kills | changed | seconds |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    println!(
        "| {} | {} | {} | {} ({held}) | {lost} | {more} | {unanswered} | {unexplained} | {changed} | {seconds:.0} |",
        ctx.store.kind(),
        drill.instances,
        drill.mails,
        drill.kills,
    );
    Ok(lost == 0 && changed == 0 && unexplained <= held)
}

#[tokio::main]
async fn main() -> ExitCode {
    let drill = Arc::new(Drill::parse());
    match run(drill).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("the drill failed");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
