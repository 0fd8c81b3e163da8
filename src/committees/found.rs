//! The committees and groups of the founding text, without leads: what they miss is shown.

use chrono::Duration;
use entity::{
    committee::{self, CommitteeKind, CommitteeState},
    ids::CommitteeId,
};
use sea_orm::{ActiveEnum, ActiveValue::Set, EntityTrait, PaginatorTrait};
use serde::Deserialize;

use crate::foundation::{
    error::{Error, Result},
    store::WriteTx,
};

/// Names and tasks as the founding text gives them; see `data/PROVENANCE.md`.
const FOUNDING: &str = include_str!("data/committees.csv");

#[derive(Deserialize)]
struct Row {
    kind: String,
    name: String,
    alias: String,
    task: String,
}

/// Writes down the seven committees and three groups where there is none yet.
///
/// # Errors
/// When the database fails.
pub async fn found(tx: &WriteTx) -> Result<()> {
    if committee::Entity::find().count(tx.db()).await? > 0 {
        return Ok(());
    }
    let rows = csv::Reader::from_reader(FOUNDING.as_bytes()).into_deserialize();
    for (place, row) in (0..).zip(rows) {
        let row: Row = row.map_err(Error::internal)?;
        committee::Entity::insert(committee::ActiveModel {
            // The order of the founding text is the order of the list.
            created_at: Set(tx.now() + Duration::microseconds(place)),
            alias: Set(row.alias),
            ..blank(
                tx,
                CommitteeKind::try_from_value(&row.kind)?,
                &row.name,
                &row.task,
            )
        })
        .exec_without_returning(tx.db())
        .await?;
    }
    Ok(())
}

/// A committee that is being prepared.
pub(super) fn blank(
    tx: &WriteTx,
    kind: CommitteeKind,
    name: &str,
    task: &str,
) -> committee::ActiveModel {
    committee::ActiveModel {
        id: Set(tx.id::<CommitteeId>()),
        kind: Set(kind),
        name: Set(name.to_owned()),
        alias: Set(String::new()),
        task: Set(task.to_owned()),
        state: Set(CommitteeState::Preparing),
        parent_id: Set(None),
        founded_on: Set(None),
        until: Set(None),
        founding_number: Set(None),
        founding_basis: Set(String::new()),
        ended_on: Set(None),
        ending_number: Set(None),
        end_reason: Set(String::new()),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_committees_and_three_groups_are_named() {
        let rows: Vec<Row> = csv::Reader::from_reader(FOUNDING.as_bytes())
            .deserialize()
            .collect::<Result<_, _>>()
            .unwrap();
        let count = |kind: &str| rows.iter().filter(|row| row.kind == kind).count();
        assert_eq!((count("committee"), count("working_group")), (7, 3));
        assert!(rows.iter().all(|row| !row.task.is_empty()));
    }
}
