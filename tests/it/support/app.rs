//! The service as a test sees it: on a port, with a clock moved by hand and secrets from a seed.

use std::{net::SocketAddr, sync::Arc};

use chrono::{DateTime, Duration, NaiveDateTime, TimeZone, Utc};
use entity::{
    account,
    ids::{AccountId, GrantId, PersonId, SessionId, UnitId},
    person,
    role_grant::{self, Role},
};
use expert_pool::{
    App, Further, Workers,
    accounts::{Actor, Grant, table},
    foundation::{
        config::Config,
        context::Context,
        mail::{ReadMail, Step, read, try_execute},
        platform::{ManualClock, Platform, SeededRandom},
        schedule::tick,
        search::SearchKey,
    },
    panels::Owners,
    registration,
};
use reqwest::{Client, Response, StatusCode, redirect::Policy};
use sea_orm::{ActiveValue::Set, EntityTrait};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};
use uuid::Uuid;

use super::databases::TestDatabase;

/// Password of everybody who can sign in to a test's service.
pub const PASSWORD: &str = "correct horse 电池 staple";

/// A service on a free port, over a database of its own.
pub struct TestApp {
    /// What use cases are given.
    pub ctx: Context,
    /// The clock of the service; it stands until it is moved.
    pub clock: Arc<ManualClock>,
    /// Every route with its guard.
    pub table: Vec<table::Entry>,
    /// Bodies that open panels.
    pub owners: Owners,
    /// Bodies that have seats to enrol for.
    pub seat_owners: registration::Owners,
    /// Mail and schedule; they work when a test says so ([`TestApp::work`]).
    pub workers: Workers,
    /// Address, without a slash at the end.
    pub url: String,
    server: JoinHandle<()>,
    folder: TempDir,
    _database: TestDatabase,
}

impl TestApp {
    /// A service on Monday 2026-09-14 at 10:00 in Shanghai.
    pub async fn start(database: TestDatabase) -> Self {
        Self::start_with(database, |_| {}).await
    }

    /// The same at another local time.
    pub async fn start_at(database: TestDatabase, local: &str) -> Self {
        Self::start_whole(database, local, |_| {}, Further::default()).await
    }

    /// The same with another configuration.
    pub async fn start_with(database: TestDatabase, configure: impl FnOnce(&mut Config)) -> Self {
        Self::start_owned(database, configure, Further::default()).await
    }

    /// The same with further bodies that open panels and registrations.
    pub async fn start_owned(
        database: TestDatabase,
        configure: impl FnOnce(&mut Config),
        further: Further,
    ) -> Self {
        Self::start_whole(database, "2026-09-14 10:00", configure, further).await
    }

    async fn start_whole(
        database: TestDatabase,
        local: &str,
        configure: impl FnOnce(&mut Config),
        further: Further,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let clock = Arc::new(ManualClock::new(shanghai(local)));
        let mut config = Config::load(None).expect("the defaults are sound");
        config.database.url = database.url().into();
        config.database.connections = 4;
        config.server.public_url.clone_from(&url);
        config.server.secret_file = folder.path().join("secret.key").display().to_string();
        config.mail.mailbox = folder.path().join("mailbox").display().to_string();
        // Hashing is not what these tests are about.
        config.accounts.hash_memory_kib = 64;
        config.accounts.hash_passes = 1;
        configure(&mut config);
        let platform = Platform::new(clock.clone(), Arc::new(SeededRandom::new(7)));
        let app = App::build_with(config, platform, further)
            .await
            .expect("the service starts");
        let (ctx, table, owners, workers) = (app.ctx, app.table, app.owners, app.workers);
        let seat_owners = app.seat_owners;
        let service = app
            .router
            .into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move {
            axum::serve(listener, service)
                .await
                .expect("the service runs");
        });
        Self {
            ctx,
            clock,
            table,
            owners,
            seat_owners,
            workers,
            url,
            server,
            folder,
            _database: database,
        }
    }

    /// Moves the clock to a local time in Shanghai, written `2026-09-14 10:00`.
    pub fn set_time(&self, local: &str) {
        self.clock.set(shanghai(local));
    }

    /// Moves the clock on.
    pub fn advance(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// Runs what is due by the clock and sends what is due to the mailbox, until nothing is.
    pub async fn work(&self) {
        tick(&self.ctx, &self.workers.schedule)
            .await
            .expect("the schedule works");
        let transport = self.workers.transport.as_deref().expect("a transport");
        while let Step::Tried(..) = try_execute(&self.ctx, &self.workers.mails, transport)
            .await
            .expect("the outbox works")
        {}
    }

    /// Mails in the mailbox, in the order of queueing.
    pub fn all_mails(&self) -> Vec<ReadMail> {
        let folder = std::path::Path::new(&self.ctx.config.mail.mailbox);
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .expect("the mailbox is a folder")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        files.sort();
        files
            .into_iter()
            .map(|file| std::fs::read(file).expect("a mail can be read"))
            .map(|bytes| read(&bytes).expect("a mail in the mailbox is one"))
            .collect()
    }

    /// Mails in the mailbox to `address`, in the order of queueing.
    pub fn mails_to(&self, address: &str) -> Vec<ReadMail> {
        let ending = format!("<{address}>");
        let mut mails = self.all_mails();
        mails.retain(|mail| mail.to.ends_with(&ending) || mail.to == address);
        mails
    }

    /// Folder of the service's files.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A person with an account and one role, made in the database directly.
    pub async fn add_account(
        &self,
        name: &str,
        email: &str,
        role: Role,
        unit: Option<UnitId>,
    ) -> (PersonId, AccountId) {
        let hash =
            expert_pool::accounts::Passwords::new(&self.ctx.config.accounts, self.ctx.platform())
                .expect("cheap parameters are allowed")
                .hash(PASSWORD, self.ctx.platform())
                .await
                .expect("hashing works");
        let tx = self.ctx.store.begin().await.expect("a write begins");
        let (person, account): (PersonId, AccountId) = (tx.id(), tx.id());
        let key = SearchKey::of(name);
        person::Entity::insert(person::ActiveModel {
            id: Set(person),
            name: Set(name.to_owned()),
            name_normal: Set(key.normal),
            name_pinyin: Set(key.pinyin),
            name_initials: Set(key.initials),
            email: Set(Some(email.to_owned())),
            mobile: Set(None),
            sample: Set(false),
            erased_at: Set(None),
            created_at: Set(tx.now()),
            updated_at: Set(tx.now()),
        })
        .exec_without_returning(tx.db())
        .await
        .expect("a person");
        account::Entity::insert(account::ActiveModel {
            id: Set(account),
            person_id: Set(person),
            email: Set(email.to_owned()),
            password_hash: Set(Some(hash)),
            disabled_at: Set(None),
            created_at: Set(tx.now()),
        })
        .exec_without_returning(tx.db())
        .await
        .expect("an account");
        role_grant::Entity::insert(role_grant::ActiveModel {
            id: Set(tx.id::<GrantId>()),
            account_id: Set(account),
            role: Set(role),
            unit_id: Set(unit),
            committee_id: Set(None),
            granted_at: Set(tx.now()),
            revoked_at: Set(None),
        })
        .exec_without_returning(tx.db())
        .await
        .expect("a role");
        tx.commit().await.expect("the write is kept");
        (person, account)
    }

    /// A browser with cookies of its own, signed out.
    pub fn visitor(&self) -> Browser {
        Browser {
            client: Client::builder()
                .cookie_store(true)
                .redirect(Policy::none())
                .build()
                .expect("an HTTP client"),
            url: self.url.clone(),
        }
    }

    /// A browser signed in as `email`.
    pub async fn signed_in(&self, email: &str) -> Browser {
        let browser = self.visitor();
        let answer = browser
            .post("/sign-in", &[("email", email), ("password", PASSWORD)])
            .await;
        assert_eq!(
            answer.status(),
            StatusCode::SEE_OTHER,
            "{email} cannot sign in"
        );
        browser
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A browser without scripts: cookies, no redirects followed.
pub struct Browser {
    client: Client,
    url: String,
}

impl Browser {
    /// `GET path`
    pub async fn get(&self, path: &str) -> Response {
        self.client
            .get(self.address(path))
            .send()
            .await
            .expect("an answer")
    }

    /// `GET path`, with its text; the status has to be 200.
    pub async fn read(&self, path: &str) -> String {
        let answer = self.get(path).await;
        let status = answer.status();
        let text = answer.text().await.expect("a text");
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        text
    }

    /// `POST path` with fields; a name may come several times.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.client
            .post(self.address(path))
            .header("sec-fetch-site", "same-origin")
            .form(fields)
            .send()
            .await
            .expect("an answer")
    }

    /// `POST path` that has to lead on (303); gives where.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        let status = answer.status();
        let location = answer
            .headers()
            .get("location")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let text = answer.text().await.expect("a text");
        assert_eq!(status, StatusCode::SEE_OTHER, "{path}: {text}");
        location
    }

    /// Opens a page and sends its form as it stands, hidden fields included; it has to lead on (303).
    pub async fn send_form(&self, path: &str) -> String {
        let fields = hidden_fields(&self.read(path).await);
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (&name[..], &value[..]))
            .collect();
        self.submit(path, &fields).await
    }

    /// The client itself, for requests of other kinds.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The whole address of a path; whole addresses (links in mails) are kept.
    pub fn address(&self, path: &str) -> String {
        if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.url)
        }
    }
}

/// Names and values of the hidden fields of a page, as its form would send them.
pub fn hidden_fields(html: &str) -> Vec<(String, String)> {
    html.split("<input type=\"hidden\" name=\"")
        .skip(1)
        .filter_map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"")?;
            let (value, _) = rest.split_once('"')?;
            Some((name.to_owned(), value.to_owned()))
        })
        .collect()
}

/// An instant from a local time in Shanghai, written `2026-09-14 10:00`.
pub fn shanghai(local: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M")
        .expect("a time like 2026-09-14 10:00");
    chrono_tz::Asia::Shanghai
        .from_local_datetime(&local)
        .single()
        .expect("Shanghai has no gaps now")
        .to_utc()
}

/// Somebody acting in one role, as a use case is told of them.
pub fn acting(person: PersonId, role: Role, unit: Option<UnitId>) -> Actor {
    Actor {
        person,
        account: None,
        session: SessionId(Uuid::nil()),
        name: String::new(),
        sample: false,
        grants: vec![Grant {
            role,
            unit,
            committee: None,
        }],
    }
}
