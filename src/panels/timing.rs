//! Deadlines of a panel by the office's calendar and the configuration.

use chrono::{DateTime, NaiveDate, Utc};
use entity::panel;

use super::{deadlines, facts::Meeting};
use crate::foundation::{
    calendar::{OfficeClock, Reckoned, WorkingCalendar},
    context::Context,
    error::Result,
};

/// The office's clock over `calendar`.
pub(super) fn office<'a>(ctx: &Context, calendar: &'a WorkingCalendar) -> Result<OfficeClock<'a>> {
    ctx.office(calendar)
}

/// The instant by which the panel has to be complete, if any.
pub(super) fn limit(ctx: &Context, panel: &panel::Model) -> Result<Option<DateTime<Utc>>> {
    let calendar = ctx.calendar();
    let office = office(ctx, &calendar)?;
    Ok(deadlines::limit(
        &office,
        panel.meeting_from,
        panel.wanted_by,
    ))
}

/// Until when an answer to a question asked at `asked` counts.
pub(super) fn cutoff(
    ctx: &Context,
    panel: &panel::Model,
    asked: DateTime<Utc>,
    race: bool,
) -> Result<Reckoned<DateTime<Utc>>> {
    cutoff_by(ctx, &ctx.calendar(), panel, asked, race)
}

/// The same by another calendar, for example one that is being imported.
pub(super) fn cutoff_by(
    ctx: &Context,
    calendar: &WorkingCalendar,
    panel: &panel::Model,
    asked: DateTime<Utc>,
    race: bool,
) -> Result<Reckoned<DateTime<Utc>>> {
    let office = office(ctx, calendar)?;
    let limit = deadlines::limit(&office, panel.meeting_from, panel.wanted_by);
    let config = &ctx.config.panels;
    Ok(if race {
        deadlines::urgent_cutoff(&office, asked, config.urgent_office_hours, limit)
    } else {
        deadlines::cutoff(&office, asked, config.answer_working_days, limit)
    })
}

/// How many more times an empty place of the panel can be asked for, one after the other.
pub(super) fn rounds_left(ctx: &Context, panel: &panel::Model) -> Result<u32> {
    let calendar = ctx.calendar();
    let office = office(ctx, &calendar)?;
    let limit = deadlines::limit(&office, panel.meeting_from, panel.wanted_by);
    let days = ctx.config.panels.answer_working_days;
    Ok(deadlines::rounds_left(&office, ctx.now(), days, limit))
}

/// How many times a place can be asked for, one after the other, before a meeting, or else before the
/// end of the day on which an answer is wanted: for a request that is still being written.
///
/// # Errors
/// When the configured office hours do not fit together.
pub fn rounds_before(
    ctx: &Context,
    meeting: Option<Meeting>,
    wanted_by: Option<NaiveDate>,
) -> Result<u32> {
    let calendar = ctx.calendar();
    let office = office(ctx, &calendar)?;
    let limit = deadlines::limit(&office, meeting.map(|meeting| meeting.from), wanted_by);
    let days = ctx.config.panels.answer_working_days;
    Ok(deadlines::rounds_left(&office, ctx.now(), days, limit))
}
