//! The figures of a period beside those of the former one, and a row for each council unit.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use entity::{
    ids::UnitId,
    unit::{self, Tier},
};

use crate::{
    foundation::{context::Context, error::Result},
    units::{self, Figure, Figures, Item, Period},
};

/// A figure with its number in the former period.
#[derive(Clone, Debug)]
pub(super) struct Compared {
    pub figure: Figure,
    pub former: usize,
}

impl Compared {
    /// The change in words: `多 3`, `少 1`, `持平`.
    pub fn change(&self) -> String {
        let now = self.figure.items.len();
        match now.cmp(&self.former) {
            std::cmp::Ordering::Greater => format!("多 {}", now - self.former),
            std::cmp::Ordering::Less => format!("少 {}", self.former - now),
            std::cmp::Ordering::Equal => "持平".to_owned(),
        }
    }

    /// How many things of the figure are this unit's.
    fn of_unit(&self, unit: UnitId) -> usize {
        let items = self.figure.items.iter();
        items.filter(|item| item.unit == Some(unit)).count()
    }
}

/// A row of the table of units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UnitRow {
    /// The unit; none for all others together.
    pub unit: Option<UnitId>,
    /// Its name.
    pub name: String,
    /// Numbers, in the order of [`Report::columns`].
    pub counts: Vec<usize>,
}

/// Everything that a report says.
#[derive(Clone, Debug)]
pub(super) struct Report {
    pub period: Period,
    pub figures: Vec<Compared>,
    pub units: Vec<UnitRow>,
}

impl Report {
    /// Counts.
    pub async fn of(ctx: &Context, figures: &Figures, period: Period) -> Result<Self> {
        let now = figures.of(ctx, period).await?;
        let former = figures.of(ctx, period.former()).await?;
        let figures: Vec<_> = now
            .into_iter()
            .zip(former)
            .map(|(figure, former)| Compared {
                figure,
                former: former.items.len(),
            })
            .collect();
        let units = units::all(ctx.store.read()).await?;
        Ok(Self {
            period,
            units: unit_rows(&units, &figures),
            figures,
        })
    }

    /// Figures that are counted for each unit, the columns of its table.
    pub fn columns(&self) -> impl Iterator<Item = &Compared> {
        by_unit(&self.figures)
    }

    /// The figure of a key.
    pub fn figure(&self, key: &str) -> Option<&Compared> {
        self.figures.iter().find(|one| one.figure.key == key)
    }
}

fn by_unit(figures: &[Compared]) -> impl Iterator<Item = &Compared> {
    figures.iter().filter(|one| one.figure.by_unit)
}

/// A row for each council unit, in the order in which they joined, and one for what is left, so that
/// every column adds up to its figure.
fn unit_rows(units: &[unit::Model], figures: &[Compared]) -> Vec<UnitRow> {
    let council = units
        .iter()
        .filter(|unit| unit.left_on.is_none() && unit.tier != Tier::Member);
    let mut rows: Vec<_> = council
        .map(|unit| UnitRow {
            unit: Some(unit.id),
            name: unit.name.clone(),
            counts: by_unit(figures).map(|one| one.of_unit(unit.id)).collect(),
        })
        .collect();
    let left = by_unit(figures)
        .enumerate()
        .map(|(column, one)| {
            let listed: usize = rows.iter().map(|row| row.counts[column]).sum();
            one.figure.items.len() - listed
        })
        .collect();
    rows.push(UnitRow {
        unit: None,
        name: "其他单位和个人".to_owned(),
        counts: left,
    });
    rows
}

/// How many things fell into each month of the period, months without any included.
pub(super) fn by_month(period: Period, items: &[Item]) -> Vec<(String, usize)> {
    let key = |day: NaiveDate| (day.year(), day.month());
    let mut months: BTreeMap<_, usize> = period
        .from
        .iter_days()
        .take_while(|day| *day <= period.to)
        .map(|day| (key(day), 0))
        .collect();
    for item in items {
        *months.entry(key(item.on)).or_default() += 1;
    }
    let years = period.from.year() != period.to.year();
    months
        .into_iter()
        .map(|((year, month), count)| match years {
            true => (format!("{year}-{month:02}"), count),
            false => (format!("{month}月"), count),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(day: &str) -> Item {
        Item {
            title: String::new(),
            href: None,
            unit: None,
            on: day.parse().unwrap(),
        }
    }

    #[test]
    fn months_without_anything_are_shown() {
        let period = Period::new("2026-07-01".parse().unwrap(), "2026-09-30".parse().unwrap());
        let items = [item("2026-07-03"), item("2026-09-01"), item("2026-09-30")];
        let counted = by_month(period.unwrap(), &items);
        let shown: Vec<_> = counted
            .iter()
            .map(|(month, count)| (month.as_str(), *count))
            .collect();
        assert_eq!(shown, [("7月", 1), ("8月", 0), ("9月", 2)]);
    }

    #[test]
    fn a_change_is_said_in_words() {
        let change = |now: usize, former| {
            let figure = Figure {
                key: "filed",
                label: "咨询申请",
                measure: "项",
                by_unit: false,
                items: vec![item("2026-07-03"); now],
            };
            Compared { figure, former }.change()
        };
        assert_eq!(change(5, 2), "多 3");
        assert_eq!(change(1, 2), "少 1");
        assert_eq!(change(2, 2), "持平");
    }
}
