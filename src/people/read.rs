//! Finding people.

use std::collections::HashMap;

use entity::{ids::PersonId, person};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::foundation::{
    error::{Error, Result},
    search::{self, SearchQuery},
    store::WriteTx,
};

/// One person.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, id: PersonId) -> Result<person::Model> {
    person::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// Several people by id; ids that are not there are left out.
///
/// # Errors
/// When the database fails.
pub async fn by_ids<C: ConnectionTrait>(
    db: &C,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, person::Model>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(person::Entity::find()
        .filter(person::Column::Id.is_in(ids.iter().copied()))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect())
}

/// One person who is not erased, locked until the write ends: commitments and contact data of the
/// same person take turns.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn lock(tx: &WriteTx, id: PersonId) -> Result<person::Model> {
    person::Entity::find_by_id(id)
        .filter(person::Column::ErasedAt.is_null())
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

/// People who may be the same human as the one described: the same address or mobile number (both
/// in the form of [`super::contact_data`]). A hint for a person to decide, newest first.
///
/// # Errors
/// When the database fails.
pub async fn duplicates<C: ConnectionTrait>(
    db: &C,
    email: Option<&str>,
    mobile: Option<&str>,
) -> Result<Vec<person::Model>> {
    let mut same = Condition::any();
    if let Some(email) = email {
        same = same.add(person::Column::Email.eq(email));
    }
    if let Some(mobile) = mobile {
        same = same.add(person::Column::Mobile.eq(mobile));
    }
    if same.is_empty() {
        return Ok(Vec::new());
    }
    Ok(person::Entity::find()
        .filter(same)
        .filter(person::Column::ErasedAt.is_null())
        .order_by_desc(person::Column::CreatedAt)
        .order_by_desc(person::Column::Id)
        .all(db)
        .await?)
}

/// People whose name contains what was typed, in characters, pinyin or initials.
pub fn found_by(query: &SearchQuery) -> Condition {
    search::found_by(
        query,
        person::Column::NameNormal,
        person::Column::NamePinyin,
        person::Column::NameInitials,
    )
}
