//! Rows of this body.

use entity::{
    council_term,
    expert::{self, ExpertState},
    expert_change,
    ids::{ExpertChangeId, ExpertId, PersonId, UnitId},
    person, unit,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::rules::{self, Step};
use crate::{
    accounts::audit,
    foundation::{
        error::{Error, Result},
        store::WriteTx,
    },
    people, units,
};

/// One expert's row.
pub(super) async fn find<C: ConnectionTrait>(db: &C, id: ExpertId) -> Result<expert::Model> {
    expert::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// One expert's row, locked until the write ends.
pub(super) async fn lock(tx: &WriteTx, id: ExpertId) -> Result<expert::Model> {
    expert::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

/// The present council term, locked: whoever sends a recommendation or adds an expert waits here for
/// the other, so that no two units get the same person. Then the unit, for its seats.
pub(super) async fn lock_seats(
    tx: &WriteTx,
    today: chrono::NaiveDate,
    unit: Option<UnitId>,
) -> Result<(council_term::Model, Option<unit::Model>)> {
    let term = units::current_term(tx.db(), today).await?;
    council_term::Entity::find_by_id(term.id)
        .lock_exclusive()
        .one(tx.db())
        .await?;
    let unit = match unit {
        None => None,
        Some(id) => Some(
            unit::Entity::find_by_id(id)
                .lock_exclusive()
                .one(tx.db())
                .await?
                .ok_or(Error::NotFound)?,
        ),
    };
    Ok((term, unit))
}

/// Experts in `states` with their people, in the order in which they were made.
pub(super) async fn in_states<C: ConnectionTrait>(
    db: &C,
    states: &[ExpertState],
    unit: Option<UnitId>,
) -> Result<Vec<(expert::Model, person::Model)>> {
    let mut query = expert::Entity::find()
        .filter(expert::Column::State.is_in(states.iter().copied()))
        .order_by_asc(expert::Column::CreatedAt)
        .order_by_asc(expert::Column::Id);
    if let Some(unit) = unit {
        query = query.filter(expert::Column::UnitId.eq(unit));
    }
    with_people(db, query.all(db).await?).await
}

/// How many experts, guests left out, are in a state, of one unit or of all.
pub(super) async fn count<C: ConnectionTrait>(
    db: &C,
    state: ExpertState,
    unit: Option<UnitId>,
) -> Result<u64> {
    let mut query = expert::Entity::find()
        .filter(expert::Column::State.eq(state))
        .filter(expert::Column::Guest.eq(false));
    if let Some(unit) = unit {
        query = query.filter(expert::Column::UnitId.eq(unit));
    }
    Ok(query.count(db).await?)
}

/// All experts of a unit in any state, newest first.
pub(super) async fn of_unit<C: ConnectionTrait>(
    db: &C,
    unit: UnitId,
) -> Result<Vec<(expert::Model, person::Model)>> {
    let rows = expert::Entity::find()
        .filter(expert::Column::UnitId.eq(unit))
        .filter(expert::Column::Guest.eq(false))
        .order_by_desc(expert::Column::CreatedAt)
        .order_by_desc(expert::Column::Id)
        .all(db)
        .await?;
    with_people(db, rows).await
}

/// All rows of a person, newest first.
pub(super) async fn of_person<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
) -> Result<Vec<expert::Model>> {
    Ok(expert::Entity::find()
        .filter(expert::Column::PersonId.eq(person))
        .order_by_desc(expert::Column::CreatedAt)
        .order_by_desc(expert::Column::Id)
        .all(db)
        .await?)
}

pub(super) async fn with_people<C: ConnectionTrait>(
    db: &C,
    rows: Vec<expert::Model>,
) -> Result<Vec<(expert::Model, person::Model)>> {
    let ids: Vec<_> = rows.iter().map(|row| row.person_id).collect();
    let people = people::by_ids(db, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let person = people
                .get(&row.person_id)
                .cloned()
                .ok_or_else(|| Error::internal(format!("expert {} has no person", row.id)))?;
            Ok((row, person))
        })
        .collect()
}

/// Adds a row.
pub(super) async fn insert(tx: &WriteTx, row: expert::ActiveModel) -> Result<()> {
    expert::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

/// Changes columns of a row.
pub(super) async fn update(
    tx: &WriteTx,
    id: ExpertId,
    columns: expert::ActiveModel,
) -> Result<expert::Model> {
    Ok(expert::Entity::update(expert::ActiveModel {
        id: Set(id),
        updated_at: Set(tx.now()),
        ..columns
    })
    .exec(tx.db())
    .await?)
}

/// A step that was taken.
pub(super) struct Taken {
    /// The row after it.
    pub row: expert::Model,
    /// Rises with each change of this expert: the generation of mails about it.
    pub ordinal: i32,
}

/// Takes a step: the new state together with `columns`, a line of the record, an entry of the audit
/// trail.
pub(super) async fn take(
    tx: &WriteTx,
    row: &expert::Model,
    step: Step,
    by: Option<PersonId>,
    reason: &str,
    columns: expert::ActiveModel,
) -> Result<Taken> {
    let state = rules::next(row.state, step)?;
    let updated = update(
        tx,
        row.id,
        expert::ActiveModel {
            state: Set(state),
            ..columns
        },
    )
    .await?;
    let ordinal = note(tx, row.id, state, by, reason).await?;
    audit::record(
        tx,
        audit::Entry {
            actor: by,
            action: action(step),
            subject_kind: "expert",
            subject_id: Some(row.id.0),
            details: serde_json::json!({ "from": row.state, "to": state, "reason": reason }),
        },
    )
    .await?;
    Ok(Taken {
        row: updated,
        ordinal,
    })
}

/// Adds a line to the record of an expert; gives how many there are now.
pub(super) async fn note(
    tx: &WriteTx,
    id: ExpertId,
    state: ExpertState,
    by: Option<PersonId>,
    reason: &str,
) -> Result<i32> {
    expert_change::Entity::insert(expert_change::ActiveModel {
        id: Set(tx.id::<ExpertChangeId>()),
        expert_id: Set(id),
        state: Set(state),
        at: Set(tx.now()),
        by_person: Set(by),
        reason: Set(reason.to_owned()),
    })
    .exec_without_returning(tx.db())
    .await?;
    let count = expert_change::Entity::find()
        .filter(expert_change::Column::ExpertId.eq(id))
        .count(tx.db())
        .await?;
    i32::try_from(count).map_err(Error::internal)
}

/// The record of an expert, oldest first.
pub(super) async fn changes<C: ConnectionTrait>(
    db: &C,
    id: ExpertId,
) -> Result<Vec<expert_change::Model>> {
    Ok(expert_change::Entity::find()
        .filter(expert_change::Column::ExpertId.eq(id))
        .order_by_asc(expert_change::Column::At)
        .order_by_asc(expert_change::Column::Id)
        .all(db)
        .await?)
}

fn action(step: Step) -> &'static str {
    match step {
        Step::Send => "experts.send",
        Step::Withdraw => "experts.withdraw",
        Step::Return => "experts.return",
        Step::Approve => "experts.approve",
        Step::Accept => "experts.accept",
        Step::Decline => "experts.decline",
        Step::Suspend => "experts.suspend",
        Step::Resume => "experts.resume",
        Step::Renew => "experts.renew",
        Step::End => "experts.end",
        Step::Expire => "experts.expire",
    }
}
