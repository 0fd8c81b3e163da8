//! Spans of a person's time that are taken: nobody is in two places.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    commitment,
    ids::{CommitmentId, PersonId},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::read;
use crate::foundation::{
    error::{Error, Refusal, Result},
    store::WriteTx,
    ui::dates,
};

/// A span of time that something takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Whose time.
    pub person: PersonId,
    /// From, included.
    pub from: DateTime<Utc>,
    /// Until, not included: what begins then does not clash.
    pub to: DateTime<Utc>,
    /// Kind of row that takes it, for example `panel`.
    pub source_kind: &'static str,
    /// The row that takes it.
    pub source_id: Uuid,
    /// In words, for the person and for whoever is refused.
    pub label: String,
}

/// Takes the span, under the lock of the person. What the same source took before is replaced, so
/// that a changed time is just taken again.
///
/// # Errors
/// The refusal `people.taken` with label and time (in `zone`) of what is in the way;
/// `people.no_span` when the span ends before it begins.
pub async fn take(tx: &WriteTx, zone: Tz, span: Span) -> Result<()> {
    if span.to <= span.from {
        return Err(Refusal::new("people.no_span").into());
    }
    read::lock(tx, span.person).await?;
    let clash = clashing(tx.db(), span.person, span.from, span.to)
        .await?
        .into_iter()
        .find(|row| row.source_id != span.source_id);
    if let Some(row) = clash {
        return Err(Error::Conflict(
            Refusal::new("people.taken")
                .with("label", row.label)
                .with("from", dates::moment(row.from_at, zone))
                .with("to", dates::moment(row.to_at, zone)),
        ));
    }
    commitment::Entity::delete_many()
        .filter(commitment::Column::PersonId.eq(span.person))
        .filter(commitment::Column::SourceId.eq(span.source_id))
        .exec(tx.db())
        .await?;
    commitment::Entity::insert(commitment::ActiveModel {
        id: Set(tx.id::<CommitmentId>()),
        person_id: Set(span.person),
        from_at: Set(span.from),
        to_at: Set(span.to),
        source_kind: Set(span.source_kind.to_owned()),
        source_id: Set(span.source_id),
        label: Set(span.label),
    })
    .exec_without_returning(tx.db())
    .await?;
    Ok(())
}

/// Gives back everything that a source took, of all people.
///
/// # Errors
/// When the database fails.
pub async fn release(tx: &WriteTx, source_id: Uuid) -> Result<()> {
    commitment::Entity::delete_many()
        .filter(commitment::Column::SourceId.eq(source_id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Gives back what several sources took of one person's time.
///
/// # Errors
/// When the database fails.
pub async fn release_of(tx: &WriteTx, person: PersonId, sources: &[Uuid]) -> Result<()> {
    commitment::Entity::delete_many()
        .filter(commitment::Column::PersonId.eq(person))
        .filter(commitment::Column::SourceId.is_in(sources.iter().copied()))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// What a person has promised between two instants, in order of time.
///
/// # Errors
/// When the database fails.
pub async fn clashing<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<commitment::Model>> {
    Ok(commitment::Entity::find()
        .filter(commitment::Column::PersonId.eq(person))
        .filter(commitment::Column::FromAt.lt(to))
        .filter(commitment::Column::ToAt.gt(from))
        .order_by_asc(commitment::Column::FromAt)
        .all(db)
        .await?)
}

/// What several people have promised between two instants, in order of time.
///
/// # Errors
/// When the database fails.
pub async fn between<C: ConnectionTrait>(
    db: &C,
    people: &[PersonId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<commitment::Model>> {
    Ok(commitment::Entity::find()
        .filter(commitment::Column::PersonId.is_in(people.iter().copied()))
        .filter(commitment::Column::FromAt.lt(to))
        .filter(commitment::Column::ToAt.gt(from))
        .order_by_asc(commitment::Column::FromAt)
        .order_by_asc(commitment::Column::Id)
        .all(db)
        .await?)
}
