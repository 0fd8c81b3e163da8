//! A unit says whether it takes part, and who works for it.

use entity::{
    cooperation::{self, CooperationState},
    cooperation_person,
    cooperation_unit::{self, PartState},
    ids::{CooperationId, PersonId, UnitId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{mails, matter, rules, store};
use crate::{
    exchange::{
        events,
        named::{self, Named},
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
    },
};

/// Answers for a unit that was asked. With the second unit the project runs; without anybody left to
/// ask it falls.
///
/// # Errors
/// `cooperation.not_now`, `cooperation.answered`, `exchange.reason_needed` for a refusal without one.
pub async fn answer(
    ctx: &Context,
    id: CooperationId,
    unit: UnitId,
    by: PersonId,
    joins: bool,
    note: &str,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    rules::goes_on(row.state)?;
    let mut parts = store::parts(tx.db(), id).await?;
    let part = parts
        .iter_mut()
        .find(|part| part.unit_id == unit)
        .ok_or(Error::NotFound)?;
    if part.state != PartState::Asked {
        return Err(Refusal::new("cooperation.answered").into());
    }
    if !joins && note.is_empty() {
        let refusal = Refusal::new("exchange.reason_needed");
        return Err(Error::Invalid(FieldErrors::at("note", refusal)));
    }
    part.state = if joins {
        PartState::Joined
    } else {
        PartState::Declined
    };
    let mut next: cooperation_unit::ActiveModel = part.clone().into();
    next.state = Set(part.state);
    next.note = Set(note.to_owned());
    next.answered_by = Set(Some(by));
    next.answered_at = Set(Some(tx.now()));
    next.update(tx.db()).await?;
    let states: Vec<_> = parts.iter().map(|part| part.state).collect();
    let before = row.state;
    let state = rules::standing(&states);
    let mut next: cooperation::ActiveModel = row.into();
    next.state = Set(state);
    if state == CooperationState::Dropped {
        next.ended_at = Set(Some(tx.now()));
    }
    next.updated_at = Set(tx.now());
    let row = next.update(tx.db()).await?;
    let code = if joins {
        "cooperation.joined"
    } else {
        "cooperation.declined"
    };
    let event = events::note(&tx, matter(id), Some(by), code, note).await?;
    let facts = mails::Facts::of(tx.db(), &row).await?;
    let lead = row.lead_unit_id;
    if joins {
        mails::to_unit::<mails::Joined>(&tx, &facts, lead, (event.0, 1), &[]).await?;
    } else {
        let told = [note.to_owned()];
        mails::to_unit::<mails::NotJoined>(&tx, &facts, lead, (event.0, 1), &told).await?;
    }
    if before != state && state == CooperationState::Running {
        begin(&tx, &row, &parts, &facts).await?;
    }
    tx.commit().await
}

/// Tells everybody that the project runs.
async fn begin(
    tx: &WriteTx,
    row: &cooperation::Model,
    parts: &[cooperation_unit::Model],
    facts: &mails::Facts,
) -> Result<()> {
    let event = events::note(tx, matter(row.id), None, "cooperation.running", "").await?;
    for part in parts.iter().filter(|part| part.state == PartState::Joined) {
        mails::to_unit::<mails::Running>(tx, facts, part.unit_id, (event.0, 1), &[]).await?;
    }
    mails::to_group::<mails::RunningForGroup>(tx, facts, (event.0, 1)).await
}

/// Names who works for a unit, instead of those named before.
///
/// # Errors
/// `cooperation.not_now`, `cooperation.not_joined`; refusals of the field `people`.
pub(super) async fn name_people(
    ctx: &Context,
    id: CooperationId,
    unit: UnitId,
    by: PersonId,
    people: &[Named],
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    rules::goes_on(row.state)?;
    let parts = store::parts(tx.db(), id).await?;
    if !parts
        .iter()
        .any(|part| part.unit_id == unit && part.state == PartState::Joined)
    {
        return Err(Refusal::new("cooperation.not_joined").into());
    }
    cooperation_person::Entity::delete_many()
        .filter(cooperation_person::Column::CooperationId.eq(id))
        .filter(cooperation_person::Column::UnitId.eq(unit))
        .exec(tx.db())
        .await?;
    let mut taken: Vec<_> = store::people(tx.db(), id)
        .await?
        .iter()
        .map(|row| row.person_id)
        .collect();
    let mut names = Vec::new();
    for named in people {
        let person = named::person(&tx, "people", named).await?;
        if taken.contains(&person) {
            let refusal = Refusal::new("exchange.named_twice").with("name", &named.name);
            return Err(Error::Invalid(FieldErrors::at("people", refusal)));
        }
        taken.push(person);
        names.push(named.name.clone());
        cooperation_person::Entity::insert(cooperation_person::ActiveModel {
            id: Set(tx.id()),
            cooperation_id: Set(id),
            person_id: Set(person),
            unit_id: Set(unit),
            task: Set(named.position.clone()),
        })
        .exec_without_returning(tx.db())
        .await?;
    }
    let code = "cooperation.people_named";
    events::note(&tx, matter(id), Some(by), code, &names.join("、")).await?;
    tx.commit().await
}
