//! What each unit has given and received.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use entity::ids::UnitId;
use sea_orm::ConnectionTrait;

use super::store;
use crate::foundation::error::Result;

/// Visits of a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Visits that the unit hosted.
    pub given: i64,
    /// Visits on which it sent people.
    pub received: i64,
}

/// Balances of all units that have any, over the last `years` years.
///
/// # Errors
/// When the database fails.
pub(super) async fn all<C: ConnectionTrait>(
    db: &C,
    today: NaiveDate,
    years: i32,
) -> Result<HashMap<UnitId, Balance>> {
    let since = today.with_year(today.year() - years).unwrap_or(today);
    let mut balances: HashMap<UnitId, Balance> = HashMap::new();
    for (sending, host) in store::made_since(db, since).await? {
        balances.entry(sending).or_default().received += 1;
        balances.entry(host).or_default().given += 1;
    }
    Ok(balances)
}
