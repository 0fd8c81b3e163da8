//! Reminders: of yearly meetings that are due, of answers that are missing, of a meeting that is near,
//! of a term that ends.

use chrono::{Datelike, NaiveDate};
use entity::{
    council_term,
    ids::MeetingId,
    meeting::{self, MeetingState},
    meeting_unit::Reply,
};

use super::{super::rules::reminder, duties::duties, mails, store};
use crate::{
    foundation::{
        context::Context,
        error::{Error, Result},
    },
    units,
};

/// Days ahead on which the secretariat is reminded of a yearly meeting.
const DUTY_REMINDERS: [i64; 3] = [60, 30, 7];
/// Working days ahead on which those who come are reminded of a meeting, the nearest first.
const MEETING_REMINDERS: [i32; 2] = [1, 3];
/// Working days before the last day to answer on which those who have not are reminded.
const REPLY_REMINDER: i32 = 2;

/// Reminds of everything that is due on `today`; each reminder goes out once. Gives how many were
/// looked at.
///
/// # Errors
/// When the database fails.
pub(super) async fn remind(ctx: &Context, today: NaiveDate) -> Result<usize> {
    let term = match units::current_term(ctx.store.read(), today).await {
        Ok(term) => term,
        // What was due the day before the founding is caught up in its first hours.
        Err(Error::NotFound) => return Ok(0),
        Err(error) => return Err(error),
    };
    Ok(of_duties(ctx, &term, today).await?
        + of_term(ctx, &term, today).await?
        + of_meetings(ctx, today).await?)
}

async fn of_duties(ctx: &Context, term: &council_term::Model, today: NaiveDate) -> Result<usize> {
    let mut reminded = 0;
    for duty in duties(ctx.store.read(), ctx).await? {
        let left = (duty.due - today).num_days();
        // Once more when it was missed.
        let Some(days) = reminder(&DUTY_REMINDERS, left).or((left < 0).then_some(0)) else {
            continue;
        };
        let tx = ctx.store.begin().await?;
        // The day and the reminder number it; both kinds have mails of their own subject.
        let number = duty.due.num_days_from_ce() * 4 + place(days);
        mails::of_duty(&tx, ctx, term.id, number, duty).await?;
        tx.commit().await?;
        reminded += 1;
    }
    Ok(reminded)
}

/// Which of the reminders it is.
fn place(days: i64) -> i32 {
    DUTY_REMINDERS
        .iter()
        .position(|one| *one == days)
        .and_then(|at| i32::try_from(at).ok())
        .unwrap_or(3)
}

/// 换届: contacts of all units and the secretariat hear that the term ends.
async fn of_term(ctx: &Context, term: &council_term::Model, today: NaiveDate) -> Result<usize> {
    let left = (term.to_date - today).num_days();
    let Some(days) = reminder(&ctx.config.pool.term_reminders_days, left) else {
        return Ok(0);
    };
    let followed = units::terms(ctx.store.read())
        .await?
        .into_iter()
        .find(|other| other.number == term.number + 1);
    let tx = ctx.store.begin().await?;
    let mail = mails::TermEnds::of(term, followed.as_ref());
    mails::of_term(&tx, ctx, term.id, i32::try_from(days).unwrap_or(0), &mail).await?;
    tx.commit().await?;
    Ok(1)
}

async fn of_meetings(ctx: &Context, today: NaiveDate) -> Result<usize> {
    if !ctx.calendar().is_working_day(today) {
        return Ok(0);
    }
    let mut reminded = 0;
    for row in store::all(ctx.store.read()).await? {
        if row.state == MeetingState::Called && row.starts_at > ctx.now() {
            reminded += usize::from(of_meeting(ctx, row.id, today).await?);
        }
    }
    Ok(reminded)
}

async fn of_meeting(ctx: &Context, id: MeetingId, today: NaiveDate) -> Result<bool> {
    let calendar = ctx.calendar();
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    if row.state != MeetingState::Called {
        return Ok(false);
    }
    let answers = calendar
        .add_working_days(row.reply_by, -REPLY_REMINDER)
        .value;
    let asks = (answers..=row.reply_by).contains(&today);
    let near = MEETING_REMINDERS
        .into_iter()
        .find(|days| today >= calendar.add_working_days(row.date, -days).value);
    // A meeting that is moved is reminded of at its new time.
    let number = |days: i32| row.sequence * 10 + days;
    for one in store::invited(tx.db(), id).await? {
        let unit = one.unit.id;
        match (one.row.reply, near) {
            (None, _) if asks => {
                let mail = mails::ReplyWanted::of(&row);
                mails::to_unit_numbered(&tx, unit, id.0, number(0), &mail).await?;
            }
            (Some(Reply::Coming), Some(days)) => {
                let mail = mails::MeetingNear::of(&row, &one.row.attendee_name);
                mails::to_unit_numbered(&tx, unit, id.0, number(days), &mail).await?;
            }
            _ => {}
        }
    }
    tx.commit().await?;
    Ok(asks || near.is_some())
}

/// Whether a meeting is still to come.
pub(super) fn is_ahead(row: &meeting::Model, today: NaiveDate) -> bool {
    row.state == MeetingState::Called && row.date >= today
}
