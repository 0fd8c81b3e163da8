//! What an expert keeps of the own page: days away, how much to take on, interests, profile,
//! consents.

mod absences;
mod consents;
mod interests;
mod profile;
mod shown;

use entity::{
    expert::{self, ExpertState},
    ids::PersonId,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use serde_json::json;

use super::store;
use crate::{
    accounts::{Action, Actor, Owner, audit},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
        ui::Fields,
    },
};

pub(super) use absences::absences;
pub use absences::{add_absence, remove_absence};
pub use consents::withdraw_consent;
pub use interests::{INTERESTS, add_interest, remove_interest};
pub use profile::correct;
pub use shown::{is_shown, set_shown, shown};

/// Most spans of absence kept for one expert, and most interests.
const MAX_LINES: u64 = 50;

/// The states in which an expert keeps the page.
const KEEPING: [ExpertState; 2] = [ExpertState::Engaged, ExpertState::Suspended];

/// The expert that a person is: the living engagement, otherwise the newest row that ever was one.
///
/// # Errors
/// [`Error::NotFound`] for people who never were engaged.
pub async fn own<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<expert::Model> {
    let rows = store::of_person(db, person).await?;
    let living = rows.iter().find(|row| KEEPING.contains(&row.state));
    living
        .or_else(|| rows.iter().find(|row| row.engagement_number.is_some()))
        .cloned()
        .ok_or(Error::NotFound)
}

/// The own row, locked, while the engagement lives.
async fn lock_own(tx: &WriteTx, actor: &Actor) -> Result<expert::Model> {
    actor.require(Action::OwnExpertPage, &Owner::person(actor.person))?;
    let id = own(tx.db(), actor.person).await?.id;
    let row = store::lock(tx, id).await?;
    if KEEPING.contains(&row.state) {
        Ok(row)
    } else {
        Err(Refusal::new("experts.engagement_over").into())
    }
}

async fn noted(
    tx: &WriteTx,
    actor: &Actor,
    row: &expert::Model,
    action: &'static str,
    details: serde_json::Value,
) -> Result<()> {
    audit::record(
        tx,
        audit::Entry {
            actor: Some(actor.person),
            action,
            subject_kind: "expert",
            subject_id: Some(row.id.0),
            details,
        },
    )
    .await?;
    Ok(())
}

/// Sets how much the expert takes on.
///
/// # Errors
/// Refusals of `max_open` (0–20) and `max_year` (0–99).
pub async fn set_limits(ctx: &Context, actor: &Actor, fields: &Fields) -> Result<()> {
    let mut errors = FieldErrors::default();
    let mut number = |name, max| {
        let given = fields.number(name, 0, max, &mut errors);
        if given.is_none() && errors.of(name).is_none() {
            errors.add(name, Refusal::new("form.required"));
        }
        given.unwrap_or_default()
    };
    let (open, year) = (number("max_open", 20), number("max_year", 99));
    errors.into_result(())?;
    let tx = ctx.store.begin().await?;
    let row = lock_own(&tx, actor).await?;
    store::update(
        &tx,
        row.id,
        expert::ActiveModel {
            max_open: Set(open),
            max_year: Set(year),
            ..Default::default()
        },
    )
    .await?;
    noted(
        &tx,
        actor,
        &row,
        "experts.limits",
        json!({ "open": open, "year": year }),
    )
    .await?;
    tx.commit().await
}

fn few(count: u64) -> Result<()> {
    if count < MAX_LINES {
        Ok(())
    } else {
        Err(Refusal::new("experts.too_many_lines")
            .with("max", MAX_LINES)
            .into())
    }
}

fn found(rows: u64) -> Result<()> {
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}
