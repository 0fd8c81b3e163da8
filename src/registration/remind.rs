//! Reminding those who have seats three and one working days before the first sitting.

use std::collections::HashMap;

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
        calendar::{OfficeClock, REMINDERS_AHEAD, reminder, reminder_day, reminder_number},
        context::Context,
        error::Result,
        mail::{About, Addressed, Options, enqueue_all},
        store::WriteTx,
    },
    people,
};

/// Reminds everybody who is due, on working days only. Days are reckoned anew at each run, so what
/// moved is reminded of at its new time; what is past or cancelled is not, nor is somebody told whose
/// seat was given after the day had come. Returns the number of mails queued.
///
/// # Errors
/// When the database fails.
pub async fn remind(ctx: &Context) -> Result<usize> {
    let calendar = ctx.calendar();
    if !calendar.is_working_day(ctx.today()) {
        return Ok(0);
    }
    let office = ctx.office(&calendar)?;
    let ahead = registration::Entity::find()
        .filter(
            registration::Column::State.is_in([RegistrationState::Open, RegistrationState::Closed]),
        )
        .filter(registration::Column::StartsAt.gt(ctx.now()))
        .all(ctx.store.read())
        .await?;
    let mut queued = 0;
    for row in ahead {
        let first = reminder_day(&office, office.date(row.starts_at), REMINDERS_AHEAD[0]);
        if first > ctx.today() {
            continue;
        }
        let tx = ctx.store.begin().await?;
        let locked = Locked::take(&tx, row.id).await?;
        queued += remind_one(&tx, &office, &locked).await?;
        tx.commit().await?;
    }
    Ok(queued)
}

async fn remind_one(tx: &WriteTx, office: &OfficeClock<'_>, locked: &Locked) -> Result<usize> {
    let start = locked.row.starts_at;
    let seated = store::standing_at(tx.db(), locked.row.id, &[EnrolmentState::Enrolled]).await?;
    let mut ids: Vec<PersonId> = seated.iter().map(|row| row.person_id).collect();
    ids.extend(seated.iter().filter_map(|row| row.by_person));
    let people: HashMap<PersonId, person::Model> = people::by_ids(tx.db(), &ids).await?;
    let matter = locked.matter();
    let mut letters = Vec::with_capacity(seated.len());
    for row in &seated {
        let since = row.enrolled_at.unwrap_or(row.arrived_at);
        let (Some(person), Some(ahead)) = (
            people.get(&row.person_id),
            reminder(office, tx.now(), start, since),
        ) else {
            continue;
        };
        let contact = row.by_person.and_then(|id| people.get(&id));
        letters.push(Addressed {
            to: mails::recipient(row, person, contact),
            about: About {
                subject: row.id.0,
                generation: reminder_number(office.date(start), ahead),
                cause: format!("开班提醒 {}", matter.short_title()),
            },
            options: Options {
                expires_at: Some(start),
                ..Options::default()
            },
            template: mails::Reminder {
                matter: matter.clone(),
                link: Key::of(row, &person.name),
            },
        });
    }
    enqueue_all(tx, &letters).await
}
