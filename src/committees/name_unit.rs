//! The secretariat names the units that run a committee, and releases units.

use entity::{
    committee::CommitteeKind,
    committee_unit::{self, UnitPart, UnitStanding},
    ids::{CommitteeId, CommitteeUnitId, UnitId},
};
use sea_orm::ActiveValue::Set;

use super::{
    appoint,
    rules::{self, Place},
    store::{self, Full},
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
        texts::Label,
    },
    units,
};

/// Gives a unit a part in a committee. A new lead takes the place of the former one, which goes on as
/// one of those who run it.
///
/// # Errors
/// Refusals of the field `unit`; `committees.ended`, and the defect that the change would make.
pub async fn name_unit(
    ctx: &Context,
    actor: &Actor,
    id: CommitteeId,
    unit: UnitId,
    part: UnitPart,
) -> Result<()> {
    actor.require(Action::ManageCommittees, &Owner::committee(id))?;
    let tx = ctx.store.begin().await?;
    let (full, unit) = locked(&tx, id, unit).await?;
    let place = store::place(&unit, part);
    rules::may_take(&place, full.row.state).map_err(at_unit)?;
    let before = full.places();
    let after = with(&before, place);
    rules::may_change(full.row.kind, full.row.state, &before, &after).map_err(at_unit)?;
    if part == UnitPart::Lead {
        for lead in full
            .admitted()
            .filter(|one| one.row.part == UnitPart::Lead && one.unit.id != unit.id)
        {
            set_part(&tx, lead.row.id, UnitPart::Organiser).await?;
        }
    }
    let known = store::unit_row(tx.db(), id, unit.id).await?;
    let open =
        known.filter(|row| matches!(row.standing, UnitStanding::Applied | UnitStanding::Admitted));
    match open {
        Some(row) => {
            store::update_unit(
                &tx,
                committee_unit::ActiveModel {
                    id: Set(row.id),
                    part: Set(part),
                    standing: Set(UnitStanding::Admitted),
                    decided_by: Set(Some(actor.person)),
                    decided_at: Set(Some(tx.now())),
                    ..Default::default()
                },
            )
            .await?;
        }
        None => {
            store::insert_unit(
                &tx,
                committee_unit::ActiveModel {
                    id: Set(tx.id()),
                    committee_id: Set(id),
                    unit_id: Set(unit.id),
                    part: Set(part),
                    standing: Set(UnitStanding::Admitted),
                    reason: Set(String::new()),
                    applied_by: Set(None),
                    applied_at: Set(tx.now()),
                    decided_by: Set(Some(actor.person)),
                    decided_at: Set(Some(tx.now())),
                    decision_note: Set(String::new()),
                    left_on: Set(None),
                },
            )
            .await?;
        }
    }
    let said = format!("{}：{}", part.zh(), unit.name);
    store::note(&tx, id, Some(actor.person), "committees.unit_named", &said).await?;
    tx.commit().await
}

/// Releases a unit, with the reason. Its people's offices end.
///
/// # Errors
/// `form.required` without a reason; `committees.ended`, and the defect that the release would make.
pub async fn release_unit(
    ctx: &Context,
    actor: &Actor,
    id: CommitteeId,
    unit: CommitteeUnitId,
    reason: &str,
) -> Result<()> {
    actor.require(Action::ManageCommittees, &Owner::committee(id))?;
    if reason.is_empty() {
        return Err(Error::Invalid(FieldErrors::at(
            "release_reason",
            Refusal::new("form.required"),
        )));
    }
    let tx = ctx.store.begin().await?;
    store::lock(&tx, id).await?;
    let full = store::full(tx.db(), id).await?;
    let gone = full.admitted().find(|one| one.row.id == unit);
    let gone = gone.ok_or(Error::NotFound)?.clone();
    let before = full.places();
    let after: Vec<_> = before
        .iter()
        .filter(|place| place.unit != gone.unit.id)
        .cloned()
        .collect();
    rules::may_change(full.row.kind, full.row.state, &before, &after)
        .map_err(|refusal| instead(refusal, full.row.kind, &gone.unit.name))?;
    leave(&tx, ctx, &full, &gone, actor.person, reason).await?;
    tx.commit().await
}

/// Takes a unit out of the committee, and its people out of their offices.
pub(super) async fn leave(
    tx: &WriteTx,
    ctx: &Context,
    full: &Full,
    gone: &store::UnitRow,
    by: entity::ids::PersonId,
    reason: &str,
) -> Result<()> {
    store::update_unit(
        tx,
        committee_unit::ActiveModel {
            id: Set(gone.row.id),
            standing: Set(UnitStanding::Left),
            decision_note: Set(reason.to_owned()),
            left_on: Set(Some(ctx.today())),
            ..Default::default()
        },
    )
    .await?;
    for person in full
        .people
        .iter()
        .filter(|one| one.row.unit_id == gone.unit.id)
    {
        appoint::end_within(tx, &person.row, ctx.today(), "所在单位退出").await?;
    }
    let said = format!("{}：{reason}", gone.unit.name);
    store::note(tx, full.row.id, Some(by), "committees.unit_gone", &said).await?;
    Ok(())
}

async fn locked(
    tx: &WriteTx,
    id: CommitteeId,
    unit: UnitId,
) -> Result<(Full, entity::unit::Model)> {
    // The unit first: a change of its standing takes turns with this.
    let unit = units::lock(tx, unit).await?;
    store::lock(tx, id).await?;
    Ok((store::full(tx.db(), id).await?, unit))
}

async fn set_part(tx: &WriteTx, id: CommitteeUnitId, part: UnitPart) -> Result<()> {
    store::update_unit(
        tx,
        committee_unit::ActiveModel {
            id: Set(id),
            part: Set(part),
            ..Default::default()
        },
    )
    .await
}

/// The places as they are once `new` is one of them.
fn with(before: &[Place], new: Place) -> Vec<Place> {
    let mut after: Vec<_> = before
        .iter()
        .filter(|place| place.unit != new.unit)
        .cloned()
        .collect();
    if new.part == UnitPart::Lead {
        for place in &mut after {
            if place.part == UnitPart::Lead {
                place.part = UnitPart::Organiser;
            }
        }
    }
    after.push(new);
    after
}

fn at_unit(refusal: Refusal) -> Error {
    Error::Invalid(FieldErrors::at("unit", refusal))
}

/// Says what has to come first, instead of what would be missing.
fn instead(refusal: Refusal, kind: CommitteeKind, unit: &str) -> Refusal {
    if matches!(
        refusal.code,
        "committees.no_lead" | "committees.few_organisers"
    ) {
        Refusal::new("committees.name_another")
            .with("unit", unit)
            .with("kind", kind.zh())
            .with("least", rules::least_organisers(kind))
    } else {
        refusal
    }
}
