//! Queries of committees, their units, people and history.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    committee::{self, CommitteeState},
    committee_event, committee_person,
    committee_unit::{self, UnitStanding},
    ids::{CommitteeEventId, CommitteeId, CommitteePersonId, CommitteeUnitId, PersonId, UnitId},
    person, unit,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::json;

use super::rules::{self, Place};
use crate::{
    accounts::audit,
    foundation::{
        error::{Error, Refusal, Result},
        store::WriteTx,
    },
    people, units,
};

/// A committee with its units and people.
#[derive(Clone, Debug)]
pub(super) struct Full {
    pub row: committee::Model,
    /// Units that applied or take part, lead first.
    pub units: Vec<UnitRow>,
    /// People whose office has not ended, chair first.
    pub people: Vec<PersonRow>,
}

/// A unit in a committee.
#[derive(Clone, Debug)]
pub(super) struct UnitRow {
    pub row: committee_unit::Model,
    pub unit: unit::Model,
}

/// A person with an office.
#[derive(Clone, Debug)]
pub(super) struct PersonRow {
    pub row: committee_person::Model,
    pub person: person::Model,
    pub unit: String,
}

impl Full {
    /// Units that take part.
    pub fn admitted(&self) -> impl Iterator<Item = &UnitRow> {
        self.units
            .iter()
            .filter(|one| one.row.standing == UnitStanding::Admitted)
    }

    /// The same as the rules see them.
    pub fn places(&self) -> Vec<Place> {
        self.admitted()
            .map(|one| place(&one.unit, one.row.part))
            .collect()
    }

    /// In what it falls short; nothing where it has ended.
    pub fn defects(&self) -> Vec<Refusal> {
        if self.row.state == CommitteeState::Ended {
            Vec::new()
        } else {
            rules::defects(self.row.kind, &self.places())
        }
    }
}

/// A unit in a part, as the rules see it.
pub(super) fn place(unit: &unit::Model, part: committee_unit::UnitPart) -> Place {
    Place {
        unit: unit.id,
        name: unit.name.clone(),
        part,
        tier: unit.tier,
        gone: unit.left_on.is_some(),
    }
}

pub(super) async fn get<C: ConnectionTrait>(db: &C, id: CommitteeId) -> Result<committee::Model> {
    committee::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// The row, locked until the write ends: everything about one committee takes turns.
pub(super) async fn lock(tx: &WriteTx, id: CommitteeId) -> Result<committee::Model> {
    committee::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

/// A committee with its units and people.
pub(super) async fn full<C: ConnectionTrait>(db: &C, id: CommitteeId) -> Result<Full> {
    let row = get(db, id).await?;
    let mut all = with_all(db, vec![row]).await?;
    all.pop().ok_or(Error::NotFound)
}

/// All committees with their units and people, in the order of the list.
pub(super) async fn all<C: ConnectionTrait>(db: &C) -> Result<Vec<Full>> {
    let rows = committee::Entity::find()
        .order_by_asc(committee::Column::CreatedAt)
        .order_by_asc(committee::Column::Id)
        .all(db)
        .await?;
    with_all(db, rows).await
}

async fn with_all<C: ConnectionTrait>(db: &C, rows: Vec<committee::Model>) -> Result<Vec<Full>> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let known: HashMap<_, _> = units::all(db)
        .await?
        .into_iter()
        .map(|unit| (unit.id, unit))
        .collect();
    let mut all: Vec<_> = rows
        .into_iter()
        .map(|row| Full {
            row,
            units: Vec::new(),
            people: Vec::new(),
        })
        .collect();
    let mut taking = committee_unit::Entity::find()
        .filter(committee_unit::Column::CommitteeId.is_in(ids.iter().copied()))
        .filter(
            committee_unit::Column::Standing.is_in([UnitStanding::Applied, UnitStanding::Admitted]),
        )
        .order_by_asc(committee_unit::Column::AppliedAt)
        .order_by_asc(committee_unit::Column::Id)
        .all(db)
        .await?;
    taking.sort_by_key(|row| row.part);
    for row in taking {
        let full = all.iter_mut().find(|full| full.row.id == row.committee_id);
        if let (Some(full), Some(unit)) = (full, known.get(&row.unit_id)) {
            full.units.push(UnitRow {
                unit: unit.clone(),
                row,
            });
        }
    }
    let mut serving = committee_person::Entity::find()
        .filter(committee_person::Column::CommitteeId.is_in(ids))
        .filter(committee_person::Column::EndedOn.is_null())
        .order_by_asc(committee_person::Column::CreatedAt)
        .all(db)
        .await?;
    serving.sort_by_key(|row| row.office);
    let ids: Vec<_> = serving.iter().map(|row| row.person_id).collect();
    let people = people::by_ids(db, &ids).await?;
    for row in serving {
        let full = all.iter_mut().find(|full| full.row.id == row.committee_id);
        if let (Some(full), Some(person)) = (full, people.get(&row.person_id)) {
            full.people.push(PersonRow {
                person: person.clone(),
                unit: known
                    .get(&row.unit_id)
                    .map_or_else(String::new, |unit| unit.name.clone()),
                row,
            });
        }
    }
    Ok(all)
}

pub(super) async fn update(tx: &WriteTx, row: committee::ActiveModel) -> Result<committee::Model> {
    Ok(committee::Entity::update(committee::ActiveModel {
        updated_at: Set(tx.now()),
        ..row
    })
    .exec(tx.db())
    .await?)
}

/// The newest row of a unit in a committee, whatever became of it.
pub(super) async fn unit_row<C: ConnectionTrait>(
    db: &C,
    committee: CommitteeId,
    unit: UnitId,
) -> Result<Option<committee_unit::Model>> {
    Ok(committee_unit::Entity::find()
        .filter(committee_unit::Column::CommitteeId.eq(committee))
        .filter(committee_unit::Column::UnitId.eq(unit))
        .order_by_desc(committee_unit::Column::AppliedAt)
        .order_by_desc(committee_unit::Column::Id)
        .one(db)
        .await?)
}

pub(super) async fn unit_by_id<C: ConnectionTrait>(
    db: &C,
    id: CommitteeUnitId,
) -> Result<committee_unit::Model> {
    committee_unit::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

pub(super) async fn insert_unit(tx: &WriteTx, row: committee_unit::ActiveModel) -> Result<()> {
    committee_unit::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn update_unit(tx: &WriteTx, row: committee_unit::ActiveModel) -> Result<()> {
    committee_unit::Entity::update(row).exec(tx.db()).await?;
    Ok(())
}

pub(super) async fn person_by_id<C: ConnectionTrait>(
    db: &C,
    id: CommitteePersonId,
) -> Result<committee_person::Model> {
    committee_person::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// Offices whose last day lies before `today` and that have not ended.
pub(super) async fn overdue_offices<C: ConnectionTrait>(
    db: &C,
    today: NaiveDate,
) -> Result<Vec<committee_person::Model>> {
    Ok(committee_person::Entity::find()
        .filter(committee_person::Column::EndedOn.is_null())
        .filter(committee_person::Column::ToDate.lt(today))
        .all(db)
        .await?)
}

/// Groups with a last day that have not ended.
pub(super) async fn dated<C: ConnectionTrait>(db: &C) -> Result<Vec<committee::Model>> {
    Ok(committee::Entity::find()
        .filter(committee::Column::State.ne(CommitteeState::Ended))
        .filter(committee::Column::Until.is_not_null())
        .all(db)
        .await?)
}

/// What happened in a committee, newest first.
pub(super) async fn events<C: ConnectionTrait>(
    db: &C,
    id: CommitteeId,
) -> Result<Vec<committee_event::Model>> {
    Ok(committee_event::Entity::find()
        .filter(committee_event::Column::CommitteeId.eq(id))
        .order_by_desc(committee_event::Column::At)
        .order_by_desc(committee_event::Column::Id)
        .all(db)
        .await?)
}

/// Notes that `code` happened, in the history and in the audit trail. Mails about it are about this
/// event, so each of them is sent once.
pub(super) async fn note(
    tx: &WriteTx,
    committee: CommitteeId,
    by: Option<PersonId>,
    code: &'static str,
    text: &str,
) -> Result<CommitteeEventId> {
    let id: CommitteeEventId = tx.id();
    committee_event::Entity::insert(committee_event::ActiveModel {
        id: Set(id),
        committee_id: Set(committee),
        at: Set(tx.now()),
        by_person: Set(by),
        code: Set(code.to_owned()),
        note: Set(text.to_owned()),
    })
    .exec_without_returning(tx.db())
    .await?;
    audit::record(
        tx,
        audit::Entry {
            actor: by,
            action: code,
            subject_kind: "committee",
            subject_id: Some(committee.0),
            details: json!({ "note": text }),
        },
    )
    .await?;
    Ok(id)
}
