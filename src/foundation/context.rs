//! What every use case is given: the store, the clock, the configuration and the keys of links.
//! Cheap to clone.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{
    calendar::{self, OfficeClock, OfficeHours, WorkingCalendar},
    config::Config,
    error::{Error, Result},
    links::Links,
    platform::Platform,
    store::Store,
};

/// A future in a box, for traits that are kept as objects.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The service as its use cases see it.
#[derive(Clone, Debug)]
pub struct Context {
    /// The database.
    pub store: Store,
    /// The configuration.
    pub config: Arc<Config>,
    /// Keys of links.
    pub links: Arc<Links>,
    /// When the workers of this instance last looked for work.
    pub pulse: Arc<Pulse>,
    calendar: Arc<RwLock<KnownDays>>,
}

/// The calendar as it was last read, and the import that it knows of.
#[derive(Clone, Debug)]
struct KnownDays {
    calendar: Arc<WorkingCalendar>,
    imported_at: Option<DateTime<Utc>>,
}

impl KnownDays {
    async fn read(store: &Store) -> Result<Self> {
        let imported_at = calendar::last_import(store.read()).await?;
        Ok(Self {
            calendar: Arc::new(calendar::kept(store.read()).await?),
            imported_at,
        })
    }
}

/// When the workers of this instance last looked for work; for those who watch over it, never for decisions.
#[derive(Debug, Default)]
pub struct Pulse {
    mail: AtomicI64,
    schedule: AtomicI64,
}

impl Pulse {
    /// The last look into the outbox.
    pub fn mail(&self) -> Option<DateTime<Utc>> {
        felt(&self.mail)
    }

    /// The last look at the schedule.
    pub fn schedule(&self) -> Option<DateTime<Utc>> {
        felt(&self.schedule)
    }

    /// The outbox is looked into at `now`.
    pub fn beat_mail(&self, now: DateTime<Utc>) {
        self.mail.store(now.timestamp_micros(), Ordering::Relaxed);
    }

    /// The schedule is looked at at `now`.
    pub fn beat_schedule(&self, now: DateTime<Utc>) {
        self.schedule
            .store(now.timestamp_micros(), Ordering::Relaxed);
    }
}

/// Zero stands for never.
fn felt(beat: &AtomicI64) -> Option<DateTime<Utc>> {
    match beat.load(Ordering::Relaxed) {
        0 => None,
        micros => DateTime::from_timestamp_micros(micros),
    }
}

impl Context {
    /// Puts the parts together and reads the calendar.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn new(store: Store, config: Config, links: Links) -> Result<Self> {
        let known = KnownDays::read(&store).await?;
        Ok(Self {
            store,
            config: Arc::new(config),
            links: Arc::new(links),
            pulse: Arc::default(),
            calendar: Arc::new(RwLock::new(known)),
        })
    }

    /// The working days as they are known now.
    pub fn calendar(&self) -> Arc<WorkingCalendar> {
        let known = self.calendar.read();
        known
            .unwrap_or_else(PoisonError::into_inner)
            .calendar
            .clone()
    }

    /// Reads the calendar again if days were imported since, here or by another instance.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn follow_calendar(&self) -> Result<()> {
        let last = calendar::last_import(self.store.read()).await?;
        let known = self
            .calendar
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .imported_at;
        if last != known {
            let fresh = KnownDays::read(&self.store).await?;
            *self
                .calendar
                .write()
                .unwrap_or_else(PoisonError::into_inner) = fresh;
        }
        Ok(())
    }

    /// Office and quiet hours by the configuration; what is due on a day is due when the office
    /// closes.
    pub fn office_hours(&self) -> OfficeHours {
        let office = &self.config.office;
        OfficeHours {
            zone: self.zone(),
            open: office.day_start.0,
            close: office.day_end.0,
            due: office.day_end.0,
            quiet_from: office.quiet_from.0,
            quiet_until: office.quiet_until.0,
        }
    }

    /// The office's clock over `calendar`, which is [`Self::calendar`] in most cases.
    ///
    /// # Errors
    /// When the configured office hours do not fit together.
    pub fn office<'a>(&self, calendar: &'a WorkingCalendar) -> Result<OfficeClock<'a>> {
        OfficeClock::new(calendar, self.office_hours()).map_err(Error::internal)
    }

    /// Clock and randomness.
    pub fn platform(&self) -> &Platform {
        self.store.platform()
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.platform().now()
    }

    /// The zone in which days, deadlines and pages are meant.
    pub fn zone(&self) -> Tz {
        self.config.office.time_zone.0
    }

    /// Today in that zone.
    pub fn today(&self) -> NaiveDate {
        self.now().with_timezone(&self.zone()).date_naive()
    }

    /// The year of today, for numbers.
    pub fn year(&self) -> i32 {
        self.today().year()
    }
}
