//! A committee ends: dissolved by a decision, or by itself on the last day of a dated group.

use chrono::{Datelike, NaiveDate};
use entity::{
    committee,
    ids::{CommitteeId, PersonId},
};
use sea_orm::ActiveValue::Set;

use super::{
    appoint,
    establish::{check_decision, document_number},
    mails,
    rules::{self, Step},
    store, studies,
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        store::WriteTx,
        ui::dates,
    },
};

/// Days before the last day of a group on which its people are reminded.
const REMINDERS: [i64; 2] = [30, 7];

/// Dissolves a committee or group by a decision. Offices end, open applications with them; groups
/// that belong to it and studies that go on have to be settled first.
///
/// # Errors
/// Refusals of the fields `on` and `basis`; `committees.wrong_state`, `committees.has_groups`,
/// `committees.has_studies`.
pub async fn dissolve(
    ctx: &Context,
    actor: &Actor,
    id: CommitteeId,
    on: NaiveDate,
    basis: &str,
) -> Result<()> {
    actor.require(Action::ManageCommittees, &Owner::committee(id))?;
    let mut errors = FieldErrors::default();
    check_decision(ctx, on, basis, &mut errors);
    errors.into_result(())?;
    let tx = ctx.store.begin().await?;
    end(&tx, ctx, id, Some(actor.person), on, basis).await?;
    tx.commit().await
}

/// Ends every dated group whose last day lies before `today`; gives how many. A group whose studies
/// go on stays until they are settled, and the secretariat sees it.
///
/// # Errors
/// When the database fails; what was ended before stays ended.
pub async fn expire(ctx: &Context, today: NaiveDate) -> Result<usize> {
    let mut ended = 0;
    for row in store::dated(ctx.store.read()).await? {
        let Some(until) = row.until.filter(|until| *until < today) else {
            continue;
        };
        if studies::going_on(ctx.store.read(), row.id).await? > 0 {
            continue;
        }
        let tx = ctx.store.begin().await?;
        end(&tx, ctx, row.id, None, until, "期限届满，自行结束").await?;
        tx.commit().await?;
        ended += 1;
    }
    Ok(ended)
}

/// Tells the people of a dated group 30 and 7 days ahead that it ends. Gives how many groups.
///
/// # Errors
/// When the database fails.
pub async fn remind(ctx: &Context, today: NaiveDate) -> Result<usize> {
    let mut reminded = 0;
    for row in store::dated(ctx.store.read()).await? {
        let left = row.until.map(|until| (until - today).num_days());
        let Some(days) = left.and_then(|left| rules::reminder(&REMINDERS, left)) else {
            continue;
        };
        let tx = ctx.store.begin().await?;
        let full = store::full(tx.db(), row.id).await?;
        let mail = mails::EndsSoon::of(&full.row);
        mails::to_all_numbered(&tx, &full, i32::try_from(days).unwrap_or(0), &mail).await?;
        tx.commit().await?;
        reminded += 1;
    }
    Ok(reminded)
}

async fn end(
    tx: &WriteTx,
    ctx: &Context,
    id: CommitteeId,
    by: Option<PersonId>,
    on: NaiveDate,
    reason: &str,
) -> Result<()> {
    let row = store::lock(tx, id).await?;
    let state = rules::next(row.kind, row.state, Step::End)?;
    let full = store::full(tx.db(), id).await?;
    let groups: Vec<_> = store::all(tx.db())
        .await?
        .into_iter()
        .filter(|one| one.row.parent_id == Some(id) && rules::goes_on(one.row.state).is_ok())
        .map(|one| one.row.name)
        .collect();
    if !groups.is_empty() {
        return Err(Refusal::new("committees.has_groups")
            .with("groups", groups.join("、"))
            .into());
    }
    let open = studies::going_on(tx.db(), id).await?;
    if open > 0 {
        return Err(Refusal::new("committees.has_studies")
            .with("count", open)
            .into());
    }
    // Who ends by itself needs no document.
    let number = match by {
        Some(_) => Some(document_number(tx, on.year()).await?),
        None => None,
    };
    let row = store::update(
        tx,
        committee::ActiveModel {
            id: Set(id),
            state: Set(state),
            ended_on: Set(Some(on)),
            ending_number: Set(number),
            end_reason: Set(reason.to_owned()),
            ..Default::default()
        },
    )
    .await?;
    for person in &full.people {
        appoint::end_within(tx, &person.row, ctx.today(), "委员会或工作组已结束").await?;
    }
    let said = format!("{}，{reason}", dates::full_day(on));
    let event = store::note(tx, id, by, "committees.dissolved", &said).await?;
    mails::to_all(tx, &full, event, &mails::Ended::of(&row)).await
}
