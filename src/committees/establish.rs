//! A committee is founded: it takes one standing council unit as lead and enough council units.

use chrono::{Datelike, NaiveDate};
use entity::{committee, ids::CommitteeId};
use sea_orm::ActiveValue::Set;

use super::{
    mails,
    rules::{self, Step},
    store,
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        numbers,
        store::WriteTx,
        texts::Label,
        ui::dates,
    },
};

/// Founds a committee or group on a day, by a decision. All its units are told.
///
/// # Errors
/// Every defect, at the form as a whole; refusals of the fields `on` and `basis`;
/// `committees.wrong_state`.
pub async fn establish(
    ctx: &Context,
    actor: &Actor,
    id: CommitteeId,
    on: NaiveDate,
    basis: &str,
) -> Result<()> {
    actor.require(Action::ManageCommittees, &Owner::committee(id))?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let state = rules::next(row.kind, row.state, Step::Found)?;
    let full = store::full(tx.db(), id).await?;
    let mut errors = FieldErrors::default();
    for defect in full.defects() {
        errors.add("", defect);
    }
    check_decision(ctx, on, basis, &mut errors);
    errors.into_result(())?;
    let number = document_number(&tx, on.year()).await?;
    let row = store::update(
        &tx,
        committee::ActiveModel {
            id: Set(id),
            state: Set(state),
            founded_on: Set(Some(on)),
            founding_basis: Set(basis.to_owned()),
            founding_number: Set(Some(number)),
            ..Default::default()
        },
    )
    .await?;
    let said = format!("{}，{basis}", dates::full_day(on));
    let event = store::note(&tx, id, Some(actor.person), "committees.founded", &said).await?;
    mails::to_all(&tx, &full, event, &mails::Founded::of(&row)).await?;
    tx.commit().await
}

/// A working group becomes a committee; it keeps its units, people, studies and history.
///
/// # Errors
/// Every defect that it has as a committee; refusals of the fields `on` and `basis`;
/// `committees.wrong_state`; `committees.name_taken` at `name`.
pub async fn promote(
    ctx: &Context,
    actor: &Actor,
    id: CommitteeId,
    name: &str,
    on: NaiveDate,
    basis: &str,
) -> Result<()> {
    actor.require(Action::ManageCommittees, &Owner::committee(id))?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let state = rules::next(row.kind, row.state, Step::Promote)?;
    let full = store::full(tx.db(), id).await?;
    let mut errors = FieldErrors::default();
    for defect in rules::defects(committee::CommitteeKind::Committee, &full.places()) {
        errors.add("", defect);
    }
    check_decision(ctx, on, basis, &mut errors);
    let all = store::all(tx.db()).await?;
    if all
        .iter()
        .any(|one| one.row.id != id && one.row.name == name)
    {
        let refusal = Refusal::new("committees.name_taken").with("name", name);
        errors.add("name", refusal);
    }
    errors.into_result(())?;
    let former = row.name.clone();
    let kind = row.kind;
    let number = document_number(&tx, on.year()).await?;
    let row = store::update(
        &tx,
        committee::ActiveModel {
            id: Set(id),
            kind: Set(committee::CommitteeKind::Committee),
            state: Set(state),
            name: Set(name.to_owned()),
            alias: Set(former.clone()),
            parent_id: Set(None),
            until: Set(None),
            founded_on: Set(Some(on)),
            founding_basis: Set(basis.to_owned()),
            founding_number: Set(Some(number)),
            ..Default::default()
        },
    )
    .await?;
    let said = format!("{}“{former}”升格为“{name}”，{basis}", kind.zh());
    let event = store::note(&tx, id, Some(actor.person), "committees.promoted", &said).await?;
    mails::to_all(&tx, &full, event, &mails::Promoted::of(&row, &former)).await?;
    tx.commit().await
}

/// 团标联〔2026〕1号: documents of founding and dissolving share one row of numbers a year.
pub(super) async fn document_number(tx: &WriteTx, year: i32) -> Result<String> {
    let number = numbers::next(tx, "committee_document", year).await?;
    Ok(format!("团标联〔{year}〕{number}号"))
}

/// Notes what is wrong with the day of a decision, or that it is not said which.
pub(super) fn check_decision(ctx: &Context, on: NaiveDate, basis: &str, errors: &mut FieldErrors) {
    if on > ctx.today() {
        errors.add("on", Refusal::new("units.not_yet"));
    }
    if basis.is_empty() {
        errors.add("basis", Refusal::new("form.required"));
    }
}

/// The one field of a decision that has to be there before anything is looked at.
pub(super) fn day_needed() -> Error {
    Error::Invalid(FieldErrors::at("on", Refusal::new("form.required")))
}
