//! The calendar kept in the database: the built-in days at first, then what the secretariat imports
//! when the arrangement of another year is announced.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::working_day_exception::{self, DayKind as KeptKind};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};

use super::working_days::{DayKind, SpecialDay, WorkingCalendar};
use crate::foundation::{error::Result, store::WriteTx};

/// The calendar as the database has it; the built-in one while nothing was imported.
///
/// # Errors
/// When the database fails.
pub async fn kept<C: ConnectionTrait>(db: &C) -> Result<WorkingCalendar> {
    let rows = working_day_exception::Entity::find().all(db).await?;
    let imported = rows.into_iter().map(|row| SpecialDay {
        date: row.date,
        kind: match row.kind {
            KeptKind::Holiday => DayKind::Holiday,
            KeptKind::Workday => DayKind::Workday,
        },
        name: row.name,
    });
    let built_in = WorkingCalendar::china().days().cloned();
    Ok(WorkingCalendar::of_years(built_in.chain(imported)))
}

/// When days were last imported, if ever.
///
/// # Errors
/// When the database fails.
pub async fn last_import<C: ConnectionTrait>(db: &C) -> Result<Option<DateTime<Utc>>> {
    Ok(working_day_exception::Entity::find()
        .select_only()
        .column_as(working_day_exception::Column::ImportedAt.max(), "last")
        .into_tuple()
        .one(db)
        .await?
        .flatten())
}

/// Takes in `days`; a day that is known already is replaced. With the first of January among them they
/// are the arrangement of that whole year, and replace whatever was imported for it.
///
/// # Errors
/// When the database fails.
pub async fn import_days(tx: &WriteTx, days: &[SpecialDay]) -> Result<()> {
    for new_year in days.iter().filter(|day| day.date.ordinal() == 1) {
        let Some(last) = NaiveDate::from_ymd_opt(new_year.date.year(), 12, 31) else {
            continue;
        };
        working_day_exception::Entity::delete_many()
            .filter(working_day_exception::Column::Date.between(new_year.date, last))
            .exec(tx.db())
            .await?;
    }
    for day in days {
        working_day_exception::Entity::delete_many()
            .filter(working_day_exception::Column::Date.eq(day.date))
            .exec(tx.db())
            .await?;
        working_day_exception::Entity::insert(working_day_exception::ActiveModel {
            date: Set(day.date),
            kind: Set(match day.kind {
                DayKind::Holiday => KeptKind::Holiday,
                DayKind::Workday => KeptKind::Workday,
            }),
            name: Set(day.name.clone()),
            imported_at: Set(tx.now()),
        })
        .exec_without_returning(tx.db())
        .await?;
    }
    Ok(())
}
