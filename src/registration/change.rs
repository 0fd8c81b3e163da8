//! The owner changes facts or times: seats, reminders, calendars and promises follow, and everybody
//! concerned is told once.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    enrolment::{self, EnrolmentState},
    ids::{RegistrationId, SittingId},
    registration::RegistrationState,
    sitting,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{
    board::{self, Locked, STANDING},
    facts::{Facts, NewSitting},
    mails::{self, Key},
    matter::{self, Matter},
    rules, seats, store,
};
use crate::{
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        mail::{self, Options, Template},
        store::WriteTx,
        texts::{Language, sentence},
    },
    people::{self, commitments},
};

/// Most names in a refusal.
const NAMED: usize = 10;

/// Changes facts and sittings together. A higher capacity offers the new seats to those who wait; a
/// move tells everybody who stands in it, with a higher SEQUENCE. Whoever has promised the new time
/// elsewhere keeps the seat and is told of the clash.
///
/// # Errors
/// `registration.would_lose_seats` with the names when the capacity is below the seats taken;
/// `registration.sitting_attended` when a sitting with attendance is left out; what
/// [`rules::check`] refuses; `registration.cancelled`, `registration.ended`. Nothing is changed then.
pub async fn change(
    tx: &WriteTx,
    ctx: &Context,
    id: RegistrationId,
    facts: &Facts,
    sittings: &[NewSitting],
) -> Result<()> {
    rules::check(facts, sittings)?;
    let mut locked = Locked::take(tx, id).await?;
    match locked.row.state {
        RegistrationState::Cancelled => return Err(Refusal::new("registration.cancelled").into()),
        RegistrationState::Ended => return Err(Refusal::new("registration.ended").into()),
        _ => {}
    }
    refuse_lost_seats(tx, &locked, facts.capacity).await?;
    let before = locked.matter();
    write_sittings(tx, &locked, sittings).await?;
    let (starts_at, ends_at) = span(facts, sittings);
    let mut changed = Ok(());
    locked
        .set(tx, |row| {
            changed = facts.set(row);
            row.starts_at = Set(starts_at);
            row.ends_at = Set(ends_at);
        })
        .await?;
    changed?;
    let former: Vec<_> = std::mem::take(&mut locked.sittings);
    locked.sittings = store::sittings(tx.db(), id).await?;
    let changes = differences(&before, &locked.matter(), ctx);
    if !changes.is_empty() && locked.row.published_at.is_some() {
        locked.next_sequence(tx).await?;
        tell_moved(tx, &locked, &former, &changes).await?;
    }
    seats::fill(tx, ctx, &locked).await?;
    Ok(())
}

/// Changes the sittings only.
///
/// # Errors
/// As [`change`].
pub async fn set_sittings(
    tx: &WriteTx,
    ctx: &Context,
    id: RegistrationId,
    sittings: &[NewSitting],
) -> Result<()> {
    let facts = Facts::of(&store::lock(tx, id).await?)?;
    change(tx, ctx, id, &facts, sittings).await
}

/// From the first sitting to the last; without any, when the window closes.
pub(super) fn span(facts: &Facts, sittings: &[NewSitting]) -> (DateTime<Utc>, DateTime<Utc>) {
    let first = sittings.iter().map(|one| one.from).min();
    let last = sittings.iter().map(|one| one.to).max();
    (
        first.unwrap_or(facts.closes_at),
        last.unwrap_or(facts.closes_at),
    )
}

/// Adds sittings of a new registration.
pub(super) async fn add_sittings(
    tx: &WriteTx,
    id: RegistrationId,
    sittings: &[NewSitting],
) -> Result<()> {
    for new in sittings {
        sitting::Entity::insert(sitting::ActiveModel {
            id: Set(tx.id::<SittingId>()),
            registration_id: Set(id),
            owner_ref: Set(new.owner_ref),
            label: Set(new.label.clone()),
            from_at: Set(new.from),
            to_at: Set(new.to),
            place: Set(new.place.clone()),
            sequence: Set(0),
        })
        .exec_without_returning(tx.db())
        .await?;
    }
    Ok(())
}

/// Refuses a capacity below the seats taken, naming those who came last.
async fn refuse_lost_seats(tx: &WriteTx, locked: &Locked, capacity: i32) -> Result<()> {
    let seated = store::standing_at(
        tx.db(),
        locked.row.id,
        &[EnrolmentState::Enrolled, EnrolmentState::Offered],
    )
    .await?;
    let kept = usize::try_from(capacity).unwrap_or(0);
    if seated.len() <= kept {
        return Ok(());
    }
    let lost: Vec<_> = seated[kept..].iter().map(|row| row.person_id).collect();
    let people = people::by_ids(tx.db(), &lost).await?;
    let names: Vec<_> = lost
        .iter()
        .filter_map(|id| people.get(id))
        .map(|person| person.name.clone())
        .take(NAMED)
        .collect();
    let more = if lost.len() > NAMED {
        format!("等 {} 人", lost.len())
    } else {
        String::new()
    };
    Err(Refusal::new("registration.would_lose_seats")
        .with("capacity", capacity)
        .with("taken", seated.len())
        .with("names", format!("{}{more}", names.join("、")))
        .into())
}

/// Brings the sittings to what the owner names: known ones changed, new ones added, others removed.
async fn write_sittings(tx: &WriteTx, locked: &Locked, sittings: &[NewSitting]) -> Result<()> {
    let mut known: HashMap<Uuid, &sitting::Model> = locked
        .sittings
        .iter()
        .map(|row| (row.owner_ref, row))
        .collect();
    let mut added = Vec::new();
    for new in sittings {
        let Some(row) = known.remove(&new.owner_ref) else {
            added.push(new.clone());
            continue;
        };
        let same = row.label == new.label
            && row.from_at == new.from
            && row.to_at == new.to
            && row.place == new.place;
        if !same {
            sitting::Entity::update(sitting::ActiveModel {
                id: Set(row.id),
                label: Set(new.label.clone()),
                from_at: Set(new.from),
                to_at: Set(new.to),
                place: Set(new.place.clone()),
                sequence: Set(row.sequence + 1),
                ..Default::default()
            })
            .exec(tx.db())
            .await?;
        }
    }
    for gone in known.into_values() {
        remove_sitting(tx, gone).await?;
    }
    add_sittings(tx, locked.row.id, &added).await
}

async fn remove_sitting(tx: &WriteTx, row: &sitting::Model) -> Result<()> {
    let attended = entity::attendance::Entity::find()
        .filter(entity::attendance::Column::SittingId.eq(row.id))
        .count(tx.db())
        .await?;
    if attended > 0 {
        return Err(Refusal::new("registration.sitting_attended")
            .with("label", &row.label)
            .into());
    }
    commitments::release(tx, row.id.0).await?;
    sitting::Entity::delete_by_id(row.id).exec(tx.db()).await?;
    Ok(())
}

/// What people have to be told: time and place of the whole and of each sitting.
fn differences(before: &Matter, after: &Matter, ctx: &Context) -> Vec<String> {
    let office = ctx.zone();
    let mut lines = Vec::new();
    for (label, old, new) in [
        ("时间", before.time(office), after.time(office)),
        ("地点", before.place.clone(), after.place.clone()),
    ] {
        if old != new {
            lines.push(format!("{label}由“{old}”改为“{new}”"));
        }
    }
    let parts = |of: &Matter| -> Vec<(String, String)> {
        let zone = of.clock(office);
        of.sittings
            .iter()
            .map(|one| {
                let place = if one.place.is_empty() {
                    String::new()
                } else {
                    format!("，{}", one.place)
                };
                let time = matter::span(one.from, one.to, zone);
                (one.label.clone(), format!("{time}{place}"))
            })
            .collect()
    };
    if lines.is_empty() && parts(before) != parts(after) {
        lines.push("日程有调整，见下面的日程".to_owned());
    }
    lines
}

/// Takes the new times of those who have seats, and tells everybody who stands in it.
async fn tell_moved(
    tx: &WriteTx,
    locked: &Locked,
    former: &[sitting::Model],
    changes: &[String],
) -> Result<()> {
    let standing = store::standing_at(tx.db(), locked.row.id, &STANDING).await?;
    board::lock_people(tx, standing.iter().map(|row| row.person_id)).await?;
    let ids: Vec<_> = standing.iter().map(|row| row.person_id).collect();
    let people = people::by_ids(tx.db(), &ids).await?;
    for row in standing {
        let Some(person) = people.get(&row.person_id) else {
            continue;
        };
        let seated = row.state == EnrolmentState::Enrolled;
        let clash = if seated {
            move_time(tx, locked, former, &row).await?
        } else {
            String::new()
        };
        mail::outbox::cancel(tx, mails::Reminder::KIND, row.id.0).await?;
        let rounds = row.rounds + 1;
        let row = board::set(
            tx,
            enrolment::ActiveModel {
                id: Set(row.id),
                clash: Set(clash.clone()),
                rounds: Set(rounds),
                ..Default::default()
            },
        )
        .await?;
        let matter = locked.matter();
        let letter = mails::Moved {
            link: Key::of(&row, &person.name),
            changes: changes.to_vec(),
            clash,
            entry: seated.then(|| locked.entry(row.id, false)),
            matter: matter.clone(),
        };
        mails::send(tx, &row, person, &matter, Options::default(), &letter).await?;
    }
    Ok(())
}

/// Gives the time of `former` sittings back and takes that of every sitting of `locked`; what clashes is
/// left free and told in words.
pub(super) async fn move_time(
    tx: &WriteTx,
    locked: &Locked,
    former: &[sitting::Model],
    row: &enrolment::Model,
) -> Result<String> {
    let zone = super::facts::zone(&locked.row)?;
    // All are given back first: a sitting may move into the time of another one of the same.
    let sources: Vec<_> = former.iter().map(|sitting| sitting.id.0).collect();
    commitments::release_of(tx, row.person_id, &sources).await?;
    let mut clash = String::new();
    for sitting in &locked.sittings {
        match commitments::take(tx, zone, locked.span(sitting, row.person_id)).await {
            Ok(()) => {}
            Err(Error::Conflict(refusal)) => {
                clash = sentence(
                    &Refusal {
                        code: "registration.clash",
                        facts: refusal.facts,
                    },
                    Language::Chinese,
                );
            }
            Err(other) => return Err(other),
        }
    }
    Ok(clash)
}
