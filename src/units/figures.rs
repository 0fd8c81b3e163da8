//! What bodies count for a report on a period. A body implements [`FigureSource`]; `lib.rs` registers it.
//! A figure is the things that it counts, so the list behind a figure never differs from it.

use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use entity::ids::UnitId;

use crate::foundation::{
    calendar::local_to_utc,
    context::{Boxed, Context},
    error::Result,
};

/// Days of a report, both included; the last is not before the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Period {
    /// From a day to a day, if in that order.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Option<Self> {
        (from <= to).then_some(Self { from, to })
    }

    /// Whether the day lies in it.
    pub fn has(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// Its first instant, and the first instant after it, on clocks in `zone`.
    pub fn instants(&self, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
        let midnight = |day: NaiveDate| local_to_utc(day.and_time(NaiveTime::MIN), zone);
        (midnight(self.from), midnight(self.to + Days::new(1)))
    }

    /// The period before it, as long: whole months before whole months, otherwise as many days.
    pub fn former(&self) -> Self {
        let to = self.from - Days::new(1);
        let months = self.whole_months();
        let from = match months {
            Some(months) => self.from - Months::new(months),
            None => self.from - Days::new(self.days()),
        };
        Self { from, to }
    }

    fn days(&self) -> u64 {
        u64::try_from((self.to - self.from).num_days() + 1).unwrap_or(1)
    }

    /// How many whole months it is, if it is made of such.
    fn whole_months(&self) -> Option<u32> {
        let after = self.to + Days::new(1);
        if self.from.day() != 1 || after.day() != 1 {
            return None;
        }
        let number = |day: NaiveDate| day.year() * 12 + day.month0().cast_signed();
        u32::try_from(number(after) - number(self.from)).ok()
    }
}

/// A thing that is counted, a line of the list behind a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is, with its number.
    pub title: String,
    /// Its page, if it has one.
    pub href: Option<String>,
    /// The unit that it counts for.
    pub unit: Option<UnitId>,
    /// The day on which it counts.
    pub on: NaiveDate,
}

/// Something counted over a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Stable name within the service, for addresses: `recommended`.
    pub key: &'static str,
    /// What is counted: 推荐专家.
    pub label: &'static str,
    /// Its measure word: 位, 项, 人次.
    pub measure: &'static str,
    /// Whether it is counted for each council unit.
    pub by_unit: bool,
    /// The things, in order of their days.
    pub items: Vec<Item>,
}

/// A body that counts.
pub trait FigureSource: Send + Sync {
    /// Its figures over a period, always the same ones in the same order.
    fn figures<'a>(&'a self, ctx: &'a Context, period: Period) -> Boxed<'a, Result<Vec<Figure>>>;
}

/// Every body that counts, in the order of the report.
#[derive(Clone)]
pub struct Figures(pub Arc<[Arc<dyn FigureSource>]>);

impl std::fmt::Debug for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Figures({})", self.0.len())
    }
}

impl Figures {
    /// All figures over a period.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(&self, ctx: &Context, period: Period) -> Result<Vec<Figure>> {
        let mut all = Vec::new();
        for source in self.0.iter() {
            all.extend(source.figures(ctx, period).await?);
        }
        for figure in &mut all {
            figure.items.sort_by_key(|item| item.on);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, to: &str) -> Period {
        Period::new(from.parse().unwrap(), to.parse().unwrap()).unwrap()
    }

    #[test]
    fn the_former_period_is_as_long_in_months_or_in_days() {
        for (of, former) in [
            (("2026-01-01", "2026-06-30"), ("2025-07-01", "2025-12-31")),
            (("2026-01-01", "2026-12-31"), ("2025-01-01", "2025-12-31")),
            (("2024-03-01", "2024-03-31"), ("2024-02-01", "2024-02-29")),
            (("2026-09-14", "2026-09-14"), ("2026-09-13", "2026-09-13")),
            (("2026-01-05", "2026-01-14"), ("2025-12-26", "2026-01-04")),
        ] {
            assert_eq!(period(of.0, of.1).former(), period(former.0, former.1));
        }
    }

    #[test]
    fn a_period_holds_both_its_days_and_no_instant_more() {
        let one = period("2026-09-14", "2026-09-15");
        assert!(one.has(one.from) && one.has(one.to));
        assert!(!one.has(one.to + Days::new(1)));
        let (begin, end) = one.instants(Tz::Asia__Shanghai);
        assert_eq!(begin.to_rfc3339(), "2026-09-13T16:00:00+00:00");
        assert_eq!(end.to_rfc3339(), "2026-09-15T16:00:00+00:00");
        assert_eq!(Period::new(one.to, one.from), None);
    }
}
