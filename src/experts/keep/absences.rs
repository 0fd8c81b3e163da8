//! Days on which an expert is away.

use chrono::{Days, NaiveDate};
use entity::{
    expert_absence,
    ids::{AbsenceId, ExpertId},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use serde_json::json;

use super::{few, found, lock_own, noted};
use crate::{
    accounts::Actor,
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        ui::Fields,
    },
};

/// Longest absence in days.
const MAX_ABSENCE: u64 = 366;

/// Notes days on which the expert is away.
///
/// # Errors
/// Refusals of the fields `from`, `to`, `note`; `experts.too_many_lines`.
pub async fn add_absence(ctx: &Context, actor: &Actor, fields: &Fields) -> Result<()> {
    let mut errors = FieldErrors::default();
    let from = required_date(fields, "from", &mut errors);
    let to = required_date(fields, "to", &mut errors);
    let note = fields.optional("note", 60, &mut errors);
    if let (Some(from), Some(to)) = (from, to) {
        if to < from {
            errors.add("to", Refusal::new("experts.absence_order"));
        } else if to < ctx.today() {
            errors.add("to", Refusal::new("experts.absence_past"));
        } else if from
            .checked_add_days(Days::new(MAX_ABSENCE))
            .is_none_or(|most| most < to)
        {
            errors.add(
                "to",
                Refusal::new("experts.absence_long").with("max", MAX_ABSENCE),
            );
        }
    }
    errors.into_result(())?;
    let (Some(from), Some(to)) = (from, to) else {
        return Err(Error::NotFound);
    };
    let tx = ctx.store.begin().await?;
    let row = lock_own(&tx, actor).await?;
    let count = expert_absence::Entity::find()
        .filter(expert_absence::Column::ExpertId.eq(row.id))
        .count(tx.db())
        .await?;
    few(count)?;
    expert_absence::Entity::insert(expert_absence::ActiveModel {
        id: Set(tx.id::<AbsenceId>()),
        expert_id: Set(row.id),
        from_date: Set(from),
        to_date: Set(to),
        note: Set(note),
    })
    .exec_without_returning(tx.db())
    .await?;
    noted(
        &tx,
        actor,
        &row,
        "experts.absence",
        json!({ "from": from, "to": to }),
    )
    .await?;
    tx.commit().await
}

/// Takes an absence away.
///
/// # Errors
/// [`Error::NotFound`] when it is not the actor's.
pub async fn remove_absence(ctx: &Context, actor: &Actor, id: AbsenceId) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = lock_own(&tx, actor).await?;
    let gone = expert_absence::Entity::delete_many()
        .filter(expert_absence::Column::Id.eq(id))
        .filter(expert_absence::Column::ExpertId.eq(row.id))
        .exec(tx.db())
        .await?;
    found(gone.rows_affected)?;
    noted(&tx, actor, &row, "experts.absence_removed", json!({})).await?;
    tx.commit().await
}

/// Absences of an expert with their notes, the next first.
pub(in super::super) async fn absences<C: ConnectionTrait>(
    db: &C,
    expert: ExpertId,
) -> Result<Vec<expert_absence::Model>> {
    Ok(expert_absence::Entity::find()
        .filter(expert_absence::Column::ExpertId.eq(expert))
        .order_by_asc(expert_absence::Column::FromDate)
        .all(db)
        .await?)
}

fn required_date(fields: &Fields, name: &str, errors: &mut FieldErrors) -> Option<NaiveDate> {
    let date = fields.date(name, errors);
    if date.is_none() && errors.of(name).is_none() {
        errors.add(name, Refusal::new("form.required"));
    }
    date
}
