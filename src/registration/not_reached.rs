//! A registration begins: whoever still waits is told that no seat came free.

use std::collections::HashMap;

use chrono::TimeDelta;
use entity::{
    enrolment::EnrolmentState,
    ids::PersonId,
    person,
    registration::{self, RegistrationState},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    board::Locked,
    mails::{self, Key},
    store,
};
use crate::{
    foundation::{
        context::Context,
        error::Result,
        mail::{About, Addressed, Options, enqueue_all},
        store::WriteTx,
    },
    people,
};

/// How long after the begin it is still worth telling.
const LATEST: TimeDelta = TimeDelta::days(1);

/// Tells those who wait where something has begun; each once, however often this runs. Returns the
/// number of mails queued.
///
/// # Errors
/// When the database fails.
pub async fn tell_not_reached(ctx: &Context) -> Result<usize> {
    let begun = registration::Entity::find()
        .filter(registration::Column::State.is_in([
            RegistrationState::Open,
            RegistrationState::Closed,
            RegistrationState::Ended,
        ]))
        .filter(registration::Column::StartsAt.lte(ctx.now()))
        .filter(registration::Column::StartsAt.gt(ctx.now() - LATEST))
        .all(ctx.store.read())
        .await?;
    let mut queued = 0;
    for row in begun {
        let tx = ctx.store.begin().await?;
        let locked = Locked::take(&tx, row.id).await?;
        queued += tell_waiting(&tx, &locked).await?;
        tx.commit().await?;
    }
    Ok(queued)
}

async fn tell_waiting(tx: &WriteTx, locked: &Locked) -> Result<usize> {
    let waiting = store::standing_at(tx.db(), locked.row.id, &[EnrolmentState::Waiting]).await?;
    let mut ids: Vec<PersonId> = waiting.iter().map(|row| row.person_id).collect();
    ids.extend(waiting.iter().filter_map(|row| row.by_person));
    let people: HashMap<PersonId, person::Model> = people::by_ids(tx.db(), &ids).await?;
    let matter = locked.matter();
    let letters: Vec<_> = waiting
        .iter()
        .filter_map(|row| {
            let person = people.get(&row.person_id)?;
            let contact = row.by_person.and_then(|id| people.get(&id));
            Some(Addressed {
                to: mails::recipient(row, person, contact),
                about: About {
                    subject: row.id.0,
                    generation: row.rounds,
                    cause: format!("候补未轮到 {}", matter.short_title()),
                },
                options: Options {
                    expires_at: Some(locked.row.starts_at + LATEST),
                    ..Options::default()
                },
                template: mails::NotReached {
                    matter: matter.clone(),
                    link: Key::of(row, &person.name),
                },
            })
        })
        .collect();
    enqueue_all(tx, &letters).await
}
