//! What is to be brought: added, and brought.

use chrono::NaiveDate;
use entity::{
    deliverable,
    ids::{CooperationId, DeliverableId, PersonId, UnitId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

use super::{file::Due, mails, matter, rules, store};
use crate::{
    exchange::events,
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
    },
};

/// Adds something that is to be brought.
///
/// # Errors
/// `cooperation.not_now`; `cooperation.due_outside` at the field `deliverable`.
pub(super) async fn add(ctx: &Context, id: CooperationId, by: PersonId, due: &Due) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    rules::goes_on(row.state)?;
    rules::check_due(due.on, row.from_date, row.to_date)
        .map_err(|refusal| Error::Invalid(FieldErrors::at("deliverable", refusal)))?;
    let new = deliverable::ActiveModel {
        id: Set(tx.id()),
        cooperation_id: Set(id),
        title: Set(due.title.clone()),
        unit_id: Set(due.unit),
        due_on: Set(due.on),
        delivered_on: Set(None),
        delivered_by: Set(None),
        note: Set(String::new()),
    }
    .insert(tx.db())
    .await?;
    let code = "cooperation.deliverable_added";
    let event = events::note(&tx, matter(id), Some(by), code, &new.title).await?;
    let facts = mails::Facts::of(tx.db(), &row).await?;
    let lines = [mails::due_line(&new)];
    mails::to_unit::<mails::DeliverableAdded>(&tx, &facts, due.unit, (event.0, 1), &lines).await?;
    tx.commit().await
}

/// Notes that something was brought, by its unit or the lead.
///
/// # Errors
/// `cooperation.not_now`, `cooperation.delivered`; [`Error::NotFound`] for other units.
pub(super) async fn deliver(
    ctx: &Context,
    id: CooperationId,
    deliverable: DeliverableId,
    units: &[UnitId],
    by: PersonId,
    note: &str,
    today: NaiveDate,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    rules::goes_on(row.state)?;
    let due = deliverable::Entity::find_by_id(deliverable)
        .one(tx.db())
        .await?
        .filter(|due| due.cooperation_id == id)
        .ok_or(Error::NotFound)?;
    if !units.contains(&due.unit_id) && !units.contains(&row.lead_unit_id) {
        return Err(Error::NotFound);
    }
    if let Some(day) = due.delivered_on {
        return Err(Refusal::new("cooperation.delivered")
            .with("title", &due.title)
            .with("day", crate::foundation::ui::dates::day(day))
            .into());
    }
    let title = due.title.clone();
    let mut next: deliverable::ActiveModel = due.into();
    next.delivered_on = Set(Some(today));
    next.delivered_by = Set(Some(by));
    next.note = Set(note.to_owned());
    next.update(tx.db()).await?;
    let event = events::note(&tx, matter(id), Some(by), "cooperation.brought", &title).await?;
    let facts = mails::Facts::of(tx.db(), &row).await?;
    let lead = row.lead_unit_id;
    mails::to_unit::<mails::Delivered>(&tx, &facts, lead, (event.0, 1), &[title]).await?;
    tx.commit().await
}
