//! The expert pool, matching and training service of the 团体标准化发展联盟.
//!
//! A folder is a body of the alliance; the order from upper to lower, and who may know whom, is in
//! `docs/architecture.md` and held by a test.

pub mod accounts;
pub mod cli;
pub mod consultations;
pub mod experts;
pub mod foundation;
pub mod menu;
pub mod panels;
pub mod people;
pub mod router;
pub mod units;

use std::{io::Write, os::unix::fs::OpenOptionsExt, path::Path, sync::Arc};

use accounts::{Faces, Passwords, table};
use axum::Router;
use foundation::{
    config::Config,
    context::Context,
    error::{Error, Result},
    links::Links,
    mail,
    platform::Platform,
    schedule::Job,
    store::Store,
};
use panels::{Owners, PanelOwner};
use router::AppState;
use units::Seats;

/// The service, put together: its pages, and what its workers need.
#[derive(Debug)]
pub struct App {
    /// Pages and API.
    pub router: Router,
    /// The table of routes with their guards.
    pub table: Vec<table::Entry>,
    /// What use cases and workers are given.
    pub ctx: Context,
    /// Bodies that open panels.
    pub owners: Owners,
}

impl App {
    /// Opens the database, migrates it, and puts the service together. Nothing runs yet.
    ///
    /// # Errors
    /// When the database, the secret file or the configuration does not serve.
    pub async fn build(config: Config, platform: Platform) -> Result<Self> {
        Self::build_with(config, platform, Vec::new()).await
    }

    /// [`Self::build`] with further bodies that open panels.
    ///
    /// # Errors
    /// As [`Self::build`].
    pub async fn build_with(
        config: Config,
        platform: Platform,
        mut owners: Vec<Arc<dyn PanelOwner>>,
    ) -> Result<Self> {
        owners.push(Arc::new(consultations::Consultations));
        let store = Store::open(&config.database, platform).await?;
        store.migrate().await?;
        let links = read_keys(&config, store.platform())?;
        let ctx = Context::new(store, config, links).await?;
        let tx = ctx.store.begin().await?;
        units::found(&tx, ctx.today(), ctx.config.pool.council_term_years).await?;
        tx.commit().await?;
        let owners: Owners = owners.into_iter().collect();
        let state = AppState {
            passwords: Passwords::new(&ctx.config.accounts, ctx.platform())?,
            menu: menu::OfficeMenu::shared(),
            histories: experts::Histories::default(),
            owners: owners.clone(),
            faces: faces(),
            seats: Seats(Arc::new(experts::ToldBelow)),
            ctx: ctx.clone(),
        };
        let (router, table) = router::build(state)?;
        Ok(Self {
            router,
            table,
            ctx,
            owners,
        })
    }
}

/// What bodies tell accounts.
fn faces() -> Faces {
    Faces {
        home: Arc::new([
            Arc::new(consultations::ConsultationsHome),
            Arc::new(panels::QuestionsHome),
            Arc::new(experts::ExpertsHome),
            Arc::new(units::UnitsHome),
        ]),
        experts: Arc::new(experts::ToldBelow),
        inviters: Arc::new([Arc::new(units::Contacts)]),
    }
}

/// Every kind of mail of the service.
pub fn mails() -> mail::Registry {
    let mut registry = mail::Registry::default();
    accounts::mails::register(&mut registry);
    experts::mails::register(&mut registry);
    panels::mails::register(&mut registry);
    consultations::mails::register(&mut registry);
    registry
}

/// Everything that happens by the clock; `owners` hear of their panels.
pub fn jobs(owners: &Owners) -> Vec<Arc<dyn Job>> {
    let mut jobs = accounts::jobs::jobs();
    jobs.extend(experts::jobs());
    jobs.extend(panels::jobs::jobs(owners));
    jobs.extend(consultations::jobs::jobs());
    jobs
}

/// Reads the keys of links; a missing file is made with a new key, readable by its owner only.
fn read_keys(config: &Config, platform: &Platform) -> Result<Links> {
    let path = Path::new(&config.server.secret_file);
    if !path.exists() {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?
            .write_all(Links::new_key(platform, 'a').as_bytes())?;
    }
    let lines = std::fs::read_to_string(path)
        .map_err(|error| Error::internal(format!("{}: {error}", path.display())))?;
    Links::parse(&lines, &config.server.public_url)
}
