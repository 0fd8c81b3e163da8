//! Reading the trail.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use entity::{audit_entry, person};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use crate::{
    foundation::{error::Result, search::SearchQuery},
    people,
};

/// Entries on a page.
pub(in crate::accounts) const PAGE: u64 = 50;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub(in crate::accounts) struct Filter {
    /// Name of who acted, as typed.
    pub person: String,
    /// Code of what was done.
    pub action: String,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}

/// A page of entries, newest first, and how many there are in all.
pub(in crate::accounts) async fn list<C: ConnectionTrait>(
    db: &C,
    filter: &Filter,
    zone: Tz,
    page: u64,
) -> Result<(Vec<audit_entry::Model>, u64)> {
    let mut found = Condition::all();
    if let Some(query) = SearchQuery::of(&filter.person) {
        let named = person::Entity::find()
            .select_only()
            .column(person::Column::Id)
            .filter(people::found_by(&query))
            .into_query();
        found = found.add(audit_entry::Column::ActorPerson.in_subquery(named));
    }
    if !filter.action.is_empty() {
        found = found.add(audit_entry::Column::Action.eq(&filter.action));
    }
    if let Some(from) = filter.from.and_then(|day| midnight(day, zone)) {
        found = found.add(audit_entry::Column::At.gte(from));
    }
    let end = filter.to.and_then(|day| day.checked_add_days(Days::new(1)));
    if let Some(end) = end.and_then(|day| midnight(day, zone)) {
        found = found.add(audit_entry::Column::At.lt(end));
    }
    let query = audit_entry::Entity::find().filter(found);
    let total = query.clone().count(db).await?;
    let rows = query
        .order_by_desc(audit_entry::Column::At)
        .order_by_desc(audit_entry::Column::Id)
        .offset(page.saturating_sub(1) * PAGE)
        .limit(PAGE)
        .all(db)
        .await?;
    Ok((rows, total))
}

/// Codes that occur, for the choice on the page.
pub(in crate::accounts) async fn actions<C: ConnectionTrait>(db: &C) -> Result<Vec<String>> {
    Ok(audit_entry::Entity::find()
        .select_only()
        .column(audit_entry::Column::Action)
        .distinct()
        .order_by_asc(audit_entry::Column::Action)
        .into_tuple()
        .all(db)
        .await?)
}

/// The instant at which a day begins in `zone`.
fn midnight(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    zone.from_local_datetime(&day.and_time(NaiveTime::MIN))
        .earliest()
        .map(|local| local.to_utc())
}
