//! A member applies to take part in a committee, is admitted or not, and may leave.

use entity::{
    committee_unit::{self, UnitPart, UnitStanding},
    ids::{CommitteeId, CommitteeUnitId, UnitId},
};
use sea_orm::ActiveValue::Set;

use super::{
    mails, name_unit, rules,
    store::{self, UnitRow},
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
    },
    units,
};

/// Applies for `unit` to take part. Those who act for the committee are told.
///
/// # Errors
/// Refusals of the field `reason`; `committees.ended`, `committees.takes_part`, `committees.applied`,
/// `committees.unit_left`.
pub async fn apply(
    ctx: &Context,
    actor: &Actor,
    id: CommitteeId,
    unit: UnitId,
    reason: &str,
) -> Result<()> {
    actor.require(Action::JoinCommittee, &Owner::unit(unit))?;
    let tx = ctx.store.begin().await?;
    let unit = units::lock(&tx, unit).await?;
    let row = store::lock(&tx, id).await?;
    let known = store::unit_row(tx.db(), id, unit.id).await?;
    rules::may_apply(row.state, known.map(|known| known.standing))?;
    rules::may_take(&store::place(&unit, UnitPart::Participant), row.state)?;
    let application: CommitteeUnitId = tx.id();
    store::insert_unit(
        &tx,
        committee_unit::ActiveModel {
            id: Set(application),
            committee_id: Set(id),
            unit_id: Set(unit.id),
            part: Set(UnitPart::Participant),
            standing: Set(UnitStanding::Applied),
            reason: Set(reason.to_owned()),
            applied_by: Set(Some(actor.person)),
            applied_at: Set(tx.now()),
            decided_by: Set(None),
            decided_at: Set(None),
            decision_note: Set(String::new()),
            left_on: Set(None),
        },
    )
    .await?;
    let by = Some(actor.person);
    let event = store::note(&tx, id, by, "committees.unit_applied", &unit.name).await?;
    let full = store::full(tx.db(), id).await?;
    mails::to_officers(&tx, &full, event, &mails::Applied::of(&full.row, &unit)).await?;
    tx.commit().await
}

/// Admits the unit of an application, or does not, with the reason. Its contacts are told.
///
/// # Errors
/// A refusal of the field `refuse_reason`; `committees.decided`.
pub async fn decide(
    ctx: &Context,
    actor: &Actor,
    id: CommitteeId,
    application: CommitteeUnitId,
    admit: bool,
    reason: &str,
) -> Result<()> {
    actor.require(Action::RunCommittee, &Owner::committee(id))?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    rules::goes_on(row.state)?;
    let known = store::unit_by_id(tx.db(), application).await?;
    if known.committee_id != id {
        return Err(Error::NotFound);
    }
    if known.standing != UnitStanding::Applied {
        return Err(Refusal::new("committees.decided").into());
    }
    if !admit && reason.is_empty() {
        return Err(Error::Invalid(FieldErrors::at(
            "refuse_reason",
            Refusal::new("form.required"),
        )));
    }
    let unit = units::get(tx.db(), known.unit_id).await?;
    if admit {
        rules::may_take(&store::place(&unit, UnitPart::Participant), row.state)?;
    }
    store::update_unit(
        &tx,
        committee_unit::ActiveModel {
            id: Set(application),
            standing: Set(if admit {
                UnitStanding::Admitted
            } else {
                UnitStanding::Refused
            }),
            decided_by: Set(Some(actor.person)),
            decided_at: Set(Some(tx.now())),
            decision_note: Set(reason.to_owned()),
            ..Default::default()
        },
    )
    .await?;
    let (code, said) = if admit {
        ("committees.unit_admitted", unit.name.clone())
    } else {
        (
            "committees.unit_refused",
            format!("{}：{reason}", unit.name),
        )
    };
    let event = store::note(&tx, id, Some(actor.person), code, &said).await?;
    if admit {
        mails::to_unit(&tx, &row, unit.id, event, &mails::Admitted::of(&row)).await?;
    } else {
        let mail = mails::NotAdmitted::of(&row, reason);
        mails::to_unit(&tx, &row, unit.id, event, &mail).await?;
    }
    tx.commit().await
}

/// A participant leaves, or takes its application back.
///
/// # Errors
/// `committees.runs_it` for units that run it; [`Error::NotFound`] for a unit that has no part in it.
pub async fn withdraw(ctx: &Context, actor: &Actor, id: CommitteeId, unit: UnitId) -> Result<()> {
    actor.require(Action::JoinCommittee, &Owner::unit(unit))?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    rules::goes_on(row.state)?;
    let full = store::full(tx.db(), id).await?;
    let own = full.units.iter().find(|one| one.unit.id == unit);
    let own: UnitRow = own.ok_or(Error::NotFound)?.clone();
    rules::may_leave(own.row.part)?;
    let reason = if own.row.standing == UnitStanding::Applied {
        "撤回申请"
    } else {
        "单位自行退出"
    };
    name_unit::leave(&tx, ctx, &full, &own, actor.person, reason).await?;
    tx.commit().await
}
