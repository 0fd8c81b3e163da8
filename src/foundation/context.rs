//! What every use case is given: the store, the clock, the configuration and the keys of links.
//! Cheap to clone.

use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{config::Config, links::Links, platform::Platform, store::Store};

/// The service as its use cases see it.
#[derive(Clone, Debug)]
pub struct Context {
    /// The database.
    pub store: Store,
    /// The configuration.
    pub config: Arc<Config>,
    /// Keys of links.
    pub links: Arc<Links>,
}

impl Context {
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
