//! Finding units, terms and contacts.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    council_term,
    ids::{ContactId, PersonId, UnitId},
    person, tier_change, unit,
    unit_contact::{self, ContactState},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};

use crate::{
    foundation::{
        error::{Error, Result},
        search::{self, SearchKey, SearchQuery, normalise},
        store::WriteTx,
    },
    people,
};

/// A contact with the person behind.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactPerson {
    /// The hat.
    pub contact: unit_contact::Model,
    /// The person.
    pub person: person::Model,
}

/// One unit.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, id: UnitId) -> Result<unit::Model> {
    unit::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// All units in the order in which they joined, those that left included.
///
/// # Errors
/// When the database fails.
pub async fn all<C: ConnectionTrait>(db: &C) -> Result<Vec<unit::Model>> {
    Ok(unit::Entity::find()
        .order_by_asc(unit::Column::CreatedAt)
        .order_by_asc(unit::Column::Id)
        .all(db)
        .await?)
}

/// The unit of a name as people write it: full or short, in any width and spacing. The full name
/// of one unit goes before the short name of another.
///
/// # Errors
/// When the database fails.
pub async fn by_name<C: ConnectionTrait>(db: &C, name: &str) -> Result<Option<unit::Model>> {
    let wanted = normalise(name);
    if wanted.is_empty() {
        return Ok(None);
    }
    let units = all(db).await?;
    let full = units.iter().find(|unit| normalise(&unit.name) == wanted);
    let found = full.or_else(|| {
        units
            .iter()
            .find(|unit| normalise(&unit.short_name) == wanted)
    });
    Ok(found.cloned())
}

/// The council term of `today`: the newest that has begun. It stands until the next one begins, also
/// after its last day.
///
/// # Errors
/// [`Error::NotFound`] when no term has begun.
pub async fn current_term<C: ConnectionTrait>(
    db: &C,
    today: NaiveDate,
) -> Result<council_term::Model> {
    council_term::Entity::find()
        .filter(council_term::Column::FromDate.lte(today))
        .order_by_desc(council_term::Column::FromDate)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// The unit that runs the secretariat.
///
/// # Errors
/// When the database fails.
pub async fn secretariat<C: ConnectionTrait>(db: &C) -> Result<Option<unit::Model>> {
    Ok(unit::Entity::find()
        .filter(unit::Column::Secretariat.eq(true))
        .one(db)
        .await?)
}

/// Contacts of a unit who have not left, those invited included, in the order of their invitation.
///
/// # Errors
/// When the database fails.
pub async fn contacts<C: ConnectionTrait>(db: &C, unit: UnitId) -> Result<Vec<ContactPerson>> {
    let rows = unit_contact::Entity::find()
        .filter(unit_contact::Column::UnitId.eq(unit))
        .filter(unit_contact::Column::State.ne(ContactState::Closed))
        .order_by_asc(unit_contact::Column::CreatedAt)
        .order_by_asc(unit_contact::Column::Id)
        .all(db)
        .await?;
    with_people(db, rows).await
}

/// Adds the people to contacts, keeping their order.
pub(super) async fn with_people<C: ConnectionTrait>(
    db: &C,
    rows: Vec<unit_contact::Model>,
) -> Result<Vec<ContactPerson>> {
    let ids: Vec<_> = rows.iter().map(|row| row.person_id).collect();
    let people: HashMap<_, _> = people::by_ids(db, &ids).await?;
    rows.into_iter()
        .map(|contact| {
            let person = people
                .get(&contact.person_id)
                .cloned()
                .ok_or_else(|| Error::internal(format!("contact {} has no person", contact.id)))?;
            Ok(ContactPerson { contact, person })
        })
        .collect()
}

/// Units whose full or short name contains what was typed, in characters, pinyin or initials.
pub fn found_by(query: &SearchQuery) -> Condition {
    search::found_by(
        query,
        unit::Column::NameNormal,
        unit::Column::NamePinyin,
        unit::Column::NameInitials,
    )
}

/// A unit's standing in the course of time, newest first.
///
/// # Errors
/// When the database fails.
pub async fn tier_history<C: ConnectionTrait>(
    db: &C,
    unit: UnitId,
) -> Result<Vec<tier_change::Model>> {
    Ok(tier_change::Entity::find()
        .filter(tier_change::Column::UnitId.eq(unit))
        .order_by_desc(tier_change::Column::OnDate)
        .order_by_desc(tier_change::Column::CreatedAt)
        .all(db)
        .await?)
}

/// Contacts of a unit who have left, the last one first.
pub(super) async fn former_contacts<C: ConnectionTrait>(
    db: &C,
    unit: UnitId,
) -> Result<Vec<ContactPerson>> {
    let rows = unit_contact::Entity::find()
        .filter(unit_contact::Column::UnitId.eq(unit))
        .filter(unit_contact::Column::State.eq(ContactState::Closed))
        .order_by_desc(unit_contact::Column::ClosedAt)
        .all(db)
        .await?;
    with_people(db, rows).await
}

/// How many open contacts each unit has; units without any are left out.
pub(super) async fn contact_counts<C: ConnectionTrait>(db: &C) -> Result<HashMap<UnitId, usize>> {
    let rows: Vec<UnitId> = unit_contact::Entity::find()
        .select_only()
        .column(unit_contact::Column::UnitId)
        .filter(unit_contact::Column::State.ne(ContactState::Closed))
        .into_tuple()
        .all(db)
        .await?;
    let mut counts = HashMap::new();
    for unit in rows {
        *counts.entry(unit).or_default() += 1;
    }
    Ok(counts)
}

/// All council terms, newest first.
///
/// # Errors
/// When the database fails.
pub async fn terms<C: ConnectionTrait>(db: &C) -> Result<Vec<council_term::Model>> {
    Ok(council_term::Entity::find()
        .order_by_desc(council_term::Column::Number)
        .all(db)
        .await?)
}

/// Invited contacts who are this person have come.
pub(super) async fn set_active(tx: &WriteTx, person: PersonId) -> Result<()> {
    unit_contact::Entity::update_many()
        .col_expr(
            unit_contact::Column::State,
            Expr::value(ContactState::Active),
        )
        .filter(unit_contact::Column::PersonId.eq(person))
        .filter(unit_contact::Column::State.eq(ContactState::Invited))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Name of the person behind a contact.
pub(super) async fn contact_name(tx: &WriteTx, id: ContactId) -> Result<String> {
    let contact = unit_contact::Entity::find_by_id(id)
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    Ok(people::get(tx.db(), contact.person_id).await?.name)
}

/// Names and what they are found by.
pub(super) fn search_columns(name: &str, short_name: &str) -> unit::ActiveModel {
    let [full, short] = [name, short_name].map(SearchKey::of);
    let both = |full: String, short: String| format!("{full} {short}").trim_end().to_owned();
    unit::ActiveModel {
        name: Set(name.to_owned()),
        short_name: Set(short_name.to_owned()),
        name_normal: Set(both(full.normal, short.normal)),
        name_pinyin: Set(both(full.pinyin, short.pinyin)),
        name_initials: Set(both(full.initials, short.initials)),
        ..Default::default()
    }
}
