//! The expert pool, matching and training service of the 团体标准化发展联盟.
//!
//! A folder is a body of the alliance; the order from upper to lower, and who may know whom, is in
//! `docs/architecture.md` and held by a test.

pub mod accounts;
pub mod cli;
pub mod committees;
pub mod consultations;
pub mod exchange;
pub mod experts;
pub mod foundation;
pub mod menu;
pub mod operations;
pub mod overview;
pub mod panels;
pub mod people;
pub mod registration;
pub mod router;
pub mod training;
pub mod units;

use std::{io::Write, os::unix::fs::OpenOptionsExt, path::Path, sync::Arc};

use accounts::{Faces, Passwords, table};
use axum::Router;
use foundation::{
    config::{Config, MailTransport},
    context::Context,
    error::{Error, Result},
    links::Links,
    mail::{self, Mailbox, Registry, Signer, Smtp, Transport},
    platform::Platform,
    schedule::{self, Job, Schedule},
    store::Store,
};
use panels::{Owners, PanelOwner, WorkSite, WorkSites};
use registration::RegistrationOwner;
use router::AppState;
use tokio::sync::watch;
use units::{Figures, Seats};

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
    /// Bodies that have seats to enrol for.
    pub seat_owners: registration::Owners,
    /// Mail and schedule.
    pub workers: Workers,
}

/// What works beside the pages: mail and schedule.
#[derive(Clone)]
pub struct Workers {
    ctx: Context,
    /// Every kind of mail.
    pub mails: Arc<Registry>,
    /// Everything that happens by the clock.
    pub schedule: Arc<Schedule>,
    /// Where mails go; none leaves them in the outbox.
    pub transport: Option<Arc<dyn Transport>>,
}

impl std::fmt::Debug for Workers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Workers")
    }
}

impl Workers {
    /// Works until told to stop; what is under way is finished first.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let jobs = schedule::run(self.ctx.clone(), &self.schedule, stop.clone());
        match &self.transport {
            Some(transport) => {
                let mail = mail::run(self.ctx.clone(), &self.mails, &**transport, stop);
                tokio::join!(jobs, mail);
            }
            None => jobs.await,
        }
    }
}

impl App {
    /// Opens the database, migrates it, and puts the service together. Nothing runs yet.
    ///
    /// # Errors
    /// When the database, the secret file or the configuration does not serve.
    pub async fn build(config: Config, platform: Platform) -> Result<Self> {
        Self::build_with(config, platform, Further::default()).await
    }

    /// [`Self::build`] with further bodies that open panels and registrations.
    ///
    /// # Errors
    /// As [`Self::build`].
    pub async fn build_with(config: Config, platform: Platform, further: Further) -> Result<Self> {
        let mut owners = further.panels;
        owners.push(Arc::new(consultations::Consultations));
        owners.push(Arc::new(committees::studies::Studies));
        owners.push(Arc::new(exchange::forums::Talks));
        owners.push(Arc::new(training::Lectures));
        let mut seat_owners = further.registrations;
        seat_owners.push(Arc::new(exchange::forums::ForumSeats));
        seat_owners.push(Arc::new(training::CourseRuns));
        let seat_owners: registration::Owners = seat_owners.into_iter().collect();
        let store = Store::open(&config.database, platform).await?;
        store.migrate().await?;
        let links = read_keys(&config, store.platform())?;
        let ctx = Context::new(store, config, links).await?;
        let tx = ctx.store.begin().await?;
        units::found(&tx, ctx.today(), ctx.config.pool.council_term_years).await?;
        committees::found(&tx).await?;
        ctx.links.recognise(&tx).await?;
        tx.commit().await?;
        let mut mails = mails();
        mails.sign_with(Signer::read(&ctx.config.mail)?);
        let owners: Owners = owners.into_iter().collect();
        let faces = faces(&seat_owners);
        let mut jobs = jobs(&owners, &seat_owners);
        jobs.push(Arc::new(overview::Digest {
            sources: faces.home.clone(),
        }));
        jobs.extend(operations::jobs(&ctx.config));
        let workers = Workers {
            mails: Arc::new(mails),
            schedule: Arc::new(Schedule::new(jobs, ctx.zone())?),
            transport: transport(&ctx.config)?,
            ctx: ctx.clone(),
        };
        operations::backup::settle(&ctx, &workers.schedule).await?;
        let state = AppState {
            mails: workers.mails.clone(),
            schedule: workers.schedule.clone(),
            passwords: Passwords::new(&ctx.config.accounts, ctx.platform())?,
            menu: menu::OfficeMenu::shared(faces.home.clone()),
            histories: experts::Histories(Some(Arc::new(training::feedback::RatedLectures(
                Arc::new(panels::AssignmentHistory),
            )))),
            duties: duties(&owners),
            addresses: addresses(),
            owners: owners.clone(),
            seat_owners: seat_owners.clone(),
            faces,
            sites: sites(),
            referrers: referrers(),
            seats: Seats(Arc::new(experts::ToldBelow)),
            figures: figures(),
            ctx: ctx.clone(),
        };
        let (router, table) = router::build(state)?;
        Ok(Self {
            router,
            table,
            ctx,
            owners,
            seat_owners,
            workers,
        })
    }
}

/// Who refers matters to committees.
fn referrers() -> committees::Referrers {
    let all: [Arc<dyn committees::Referrer>; 1] = [Arc::new(consultations::Referred)];
    all.into_iter().collect()
}

/// Bodies beyond those of the service that open panels and registrations, for tests.
#[derive(Clone, Default)]
pub struct Further {
    /// Bodies that open panels.
    pub panels: Vec<Arc<dyn PanelOwner>>,
    /// Bodies that have seats to enrol for.
    pub registrations: Vec<Arc<dyn RegistrationOwner>>,
}

impl std::fmt::Debug for Further {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Further")
            .field("panels", &self.panels.len())
            .field("registrations", &self.registrations.len())
            .finish()
    }
}

/// Where members of panels work, by the body that asked for the panel.
fn sites() -> WorkSites {
    let sites: [Arc<dyn WorkSite>; 2] = [
        Arc::new(consultations::pages::ConsultationWork),
        Arc::new(committees::studies::pages::StudyWork),
    ];
    sites.into_iter().collect()
}

/// What bodies tell accounts.
fn faces(seat_owners: &registration::Owners) -> Faces {
    Faces {
        home: Arc::new([
            Arc::new(units::UnitsHome),
            Arc::new(consultations::ConsultationsHome),
            Arc::new(committees::CommitteesHome),
            Arc::new(exchange::ExchangeHome),
            Arc::new(training::TrainingHome),
            Arc::new(registration::RegistrationsHome(seat_owners.clone())),
            Arc::new(panels::matching::RunsHome),
            Arc::new(panels::QuestionsHome),
            Arc::new(experts::ExpertsHome),
            Arc::new(operations::OperationsHome),
        ]),
        experts: Arc::new(experts::ToldBelow),
        inviters: Arc::new([Arc::new(units::Contacts)]),
    }
}

/// What bodies count for a report, in its order.
fn figures() -> Figures {
    Figures(Arc::new([
        Arc::new(experts::ExpertFigures),
        Arc::new(consultations::ConsultationFigures),
        Arc::new(panels::PanelFigures),
        Arc::new(committees::CommitteeFigures),
        Arc::new(training::TrainingFigures),
        Arc::new(exchange::ExchangeFigures),
    ]))
}

/// What ends with the engagement of an expert.
fn duties(owners: &Owners) -> experts::Duties {
    experts::Duties(Some(Arc::new(panels::PanelDuties(owners.clone()))))
}

/// Who sends personal links by mail.
fn addresses() -> people::AddressBooks {
    people::AddressBooks(Arc::new([
        Arc::new(panels::PanelLinks),
        Arc::new(registration::EnrolmentLinks),
        Arc::new(experts::ExpertLinks),
    ]))
}

/// Every kind of mail of the service.
pub fn mails() -> mail::Registry {
    let mut registry = mail::Registry::default();
    accounts::mails::register(&mut registry);
    experts::mails::register(&mut registry);
    panels::mails::register(&mut registry);
    committees::register(&mut registry);
    registration::mails::register(&mut registry);
    training::mails::register(&mut registry);
    consultations::mails::register(&mut registry);
    exchange::register_mails(&mut registry);
    overview::register(&mut registry);
    registry
}

/// Everything that happens by the clock; owners hear of their panels and registrations.
pub fn jobs(owners: &Owners, seat_owners: &registration::Owners) -> Vec<Arc<dyn Job>> {
    let mut jobs = accounts::jobs::jobs();
    jobs.extend(experts::jobs(&duties(owners)));
    jobs.extend(panels::jobs::jobs(owners));
    jobs.extend(committees::jobs());
    jobs.extend(registration::jobs::jobs(seat_owners));
    jobs.extend(training::jobs());
    jobs.extend(consultations::jobs::jobs());
    jobs.extend(exchange::jobs());
    jobs.push(Arc::new(mail::Housekeeping));
    jobs
}

/// The way for mails to leave, by the configuration.
fn transport(config: &Config) -> Result<Option<Arc<dyn Transport>>> {
    Ok(match config.mail.transport {
        MailTransport::Mailbox => Some(Arc::new(Mailbox::open(Path::new(&config.mail.mailbox))?)),
        MailTransport::Smtp => Some(Arc::new(Smtp::new(&config.mail, &config.server.public_url))),
        MailTransport::None => None,
    })
}

/// Reads the keys of links; a missing file is made with a new key, readable by its owner only.
pub(crate) fn read_keys(config: &Config, platform: &Platform) -> Result<Links> {
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
