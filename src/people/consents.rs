//! Consents: a row for each person, purpose and version of the text, given and withdrawn.

use entity::{
    consent,
    ids::{ConsentId, PersonId},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::read;
use crate::foundation::{
    error::{Error, Result},
    store::WriteTx,
};

/// Notes that a person agreed to a version of a text: to `purpose` as a whole, or for one `matter`.
/// Agreeing again to the same changes nothing. `channel` is `link`, `paper` or `account`.
///
/// # Errors
/// [`Error::NotFound`] for an unknown or erased person.
pub async fn give(
    tx: &WriteTx,
    person: PersonId,
    purpose: &str,
    version: &str,
    matter: Option<Uuid>,
    channel: &str,
) -> Result<ConsentId> {
    read::lock(tx, person).await?;
    let standing = of(tx.db(), person).await?.into_iter().find(|row| {
        row.withdrawn_at.is_none()
            && row.purpose == purpose
            && row.version == version
            && row.matter_id == matter
    });
    if let Some(row) = standing {
        return Ok(row.id);
    }
    let id: ConsentId = tx.id();
    consent::Entity::insert(consent::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        purpose: Set(purpose.to_owned()),
        version: Set(version.to_owned()),
        matter_id: Set(matter),
        given_at: Set(tx.now()),
        channel: Set(channel.to_owned()),
        withdrawn_at: Set(None),
    })
    .exec_without_returning(tx.db())
    .await?;
    Ok(id)
}

/// Takes a consent back; what was done under it stays done. Twice changes nothing.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn withdraw(tx: &WriteTx, consent: ConsentId) -> Result<()> {
    let row = consent::Entity::find_by_id(consent)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    if row.withdrawn_at.is_none() {
        consent::Entity::update(consent::ActiveModel {
            withdrawn_at: Set(Some(tx.now())),
            ..row.into()
        })
        .exec(tx.db())
        .await?;
    }
    Ok(())
}

/// All consents of a person, newest first, withdrawn ones included.
///
/// # Errors
/// When the database fails.
pub async fn of<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<Vec<consent::Model>> {
    Ok(consent::Entity::find()
        .filter(consent::Column::PersonId.eq(person))
        .order_by_desc(consent::Column::GivenAt)
        .order_by_desc(consent::Column::Id)
        .all(db)
        .await?)
}
