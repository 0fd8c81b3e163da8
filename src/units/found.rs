//! The founding of the alliance: its 43 units as the first council.

use chrono::{Duration, Months, NaiveDate};
use entity::{
    council_term,
    ids::{TermId, TierChangeId, UnitId},
    tier_change,
    unit::{self, Tier},
};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use serde::Deserialize;

use super::read::search_columns;
use crate::foundation::{
    error::{Error, Result},
    store::WriteTx,
};

/// Names as the founding text gives them, in its order; see `data/PROVENANCE.md`.
const FOUNDING: &str = include_str!("data/founding_units.csv");
/// The unit that runs the secretariat by the founding text.
const SECRETARIAT: &str = "中国标准化协会";

#[derive(Deserialize)]
struct Row {
    name: String,
    short_name: String,
    scope: String,
}

/// Fills an empty database with the founding units and the first council term, which begins on
/// `today` and lasts `term_years`. Where there is a unit already, nothing happens.
///
/// # Errors
/// When the database fails.
pub async fn found(tx: &WriteTx, today: NaiveDate, term_years: i32) -> Result<()> {
    if unit::Entity::find().count(tx.db()).await? > 0 {
        return Ok(());
    }
    let rows = csv::Reader::from_reader(FOUNDING.as_bytes()).into_deserialize();
    for (place, row) in (0..).zip(rows) {
        let row: Row = row.map_err(Error::internal)?;
        let id: UnitId = tx.id();
        unit::Entity::insert(unit::ActiveModel {
            id: Set(id),
            tier: Set(Tier::Council),
            credit_code: Set(None),
            scope: Set(row.scope),
            secretariat: Set(row.name == SECRETARIAT),
            joined_on: Set(Some(today)),
            left_on: Set(None),
            // The order of the founding text is the order of the list.
            created_at: Set(tx.now() + Duration::microseconds(place)),
            updated_at: Set(tx.now()),
            ..search_columns(&row.name, &row.short_name)
        })
        .exec_without_returning(tx.db())
        .await?;
        tier_change::Entity::insert(tier_change::ActiveModel {
            id: Set(tx.id::<TierChangeId>()),
            unit_id: Set(id),
            tier: Set(Tier::Council),
            on_date: Set(today),
            reason: Set("发起单位，首届理事单位".to_owned()),
            by_person: Set(None),
            created_at: Set(tx.now()),
        })
        .exec_without_returning(tx.db())
        .await?;
    }
    council_term::Entity::insert(council_term::ActiveModel {
        id: Set(tx.id::<TermId>()),
        number: Set(1),
        from_date: Set(today),
        to_date: Set(last_day(today, term_years)?),
    })
    .exec_without_returning(tx.db())
    .await?;
    Ok(())
}

/// The last day of a term of `years` that begins on `from`.
pub(super) fn last_day(from: NaiveDate, years: i32) -> Result<NaiveDate> {
    u32::try_from(years)
        .ok()
        .filter(|years| *years > 0)
        .and_then(|years| from.checked_add_months(Months::new(12 * years)))
        .and_then(|next| next.pred_opt())
        .ok_or_else(|| Error::internal(format!("no term of {years} years begins on {from}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_ends_on_the_day_before_its_anniversary() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(last_day(day(2026, 9, 1), 2).unwrap(), day(2028, 8, 31));
        assert_eq!(last_day(day(2028, 2, 29), 2).unwrap(), day(2030, 2, 27));
        assert!(last_day(day(2026, 9, 1), 0).is_err());
    }

    #[test]
    fn forty_three_units_found_the_alliance_and_one_runs_its_secretariat() {
        let rows: Vec<Row> = csv::Reader::from_reader(FOUNDING.as_bytes())
            .deserialize()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(rows.len(), 43);
        assert_eq!(rows.iter().filter(|row| row.name == SECRETARIAT).count(), 1);
        let mut names: Vec<_> = rows.iter().map(|row| &row.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 43);
    }
}
