//! Numbers for people (engagements, consultations, runs, papers): a counter a kind and year, taken
//! under a lock and never used twice.

use entity::yearly_counter;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::{
    error::{Error, Refusal, Result},
    store::WriteTx,
};

/// Takes the next number of `kind` in `year`, beginning with 1. A write that is taken back gives
/// its number back; a committed one is never given again.
///
/// # Errors
/// A refusal after 9,999 numbers in a year.
pub async fn next(tx: &WriteTx, kind: &'static str, year: i32) -> Result<i32> {
    begin(tx, kind, year).await?;
    let row = yearly_counter::Entity::find_by_id((kind.to_owned(), year))
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or_else(|| Error::internal("the counter's row has gone"))?;
    let number = row.last + 1;
    if number > 9_999 {
        return Err(Refusal::new("number.exhausted").with("year", year).into());
    }
    yearly_counter::Entity::update(yearly_counter::ActiveModel {
        last: Set(number),
        ..row.into()
    })
    .exec(tx.db())
    .await?;
    Ok(number)
}

/// Notes that `number` was given outside of this service, so that [`next`] goes on behind it.
///
/// # Errors
/// When the database fails.
pub async fn given(tx: &WriteTx, kind: &'static str, year: i32, number: i32) -> Result<()> {
    begin(tx, kind, year).await?;
    yearly_counter::Entity::update_many()
        .col_expr(yearly_counter::Column::Last, Expr::value(number))
        .filter(yearly_counter::Column::Kind.eq(kind))
        .filter(yearly_counter::Column::Year.eq(year))
        .filter(yearly_counter::Column::Last.lt(number))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Makes the counter of a kind and year, where there is none.
async fn begin(tx: &WriteTx, kind: &'static str, year: i32) -> Result<()> {
    let fresh = yearly_counter::ActiveModel {
        kind: Set(kind.to_owned()),
        year: Set(year),
        last: Set(0),
    };
    yearly_counter::Entity::insert(fresh)
        .on_conflict(
            OnConflict::columns([yearly_counter::Column::Kind, yearly_counter::Column::Year])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}
