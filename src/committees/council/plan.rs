//! A meeting is planned, and moved: those who were told are told again.

use chrono::{NaiveDate, NaiveTime};
use entity::{
    ids::MeetingId,
    meeting::{self, MeetingKind, MeetingState},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    events, mails,
    rules::{self, Step},
    store,
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        calendar::local_to_utc,
        context::Context,
        error::{Error, FieldErrors, Result},
        numbers,
        texts::Label,
    },
    units,
};

/// A meeting as typed.
#[derive(Clone, Debug)]
pub struct NewMeeting {
    /// Which kind; it is settled once the meeting is planned.
    pub kind: MeetingKind,
    /// Title, at most 80 characters.
    pub title: String,
    /// The day.
    pub date: NaiveDate,
    /// Start on that day.
    pub from: NaiveTime,
    /// End on that day.
    pub to: NaiveTime,
    /// Where.
    pub place: String,
    /// What is on, a line each.
    pub agenda: String,
    /// Last day to answer.
    pub reply_by: NaiveDate,
}

impl NewMeeting {
    fn check(&self, ctx: &Context) -> Result<()> {
        rules::check_time(self.date, (self.from, self.to), self.reply_by, ctx.today())
            .map_err(|(field, refusal)| Error::Invalid(FieldErrors::at(field, refusal)))
    }

    /// Writes it into `row`; the zone of the office is kept with it, so that a change of the
    /// configuration moves no meeting.
    fn set(&self, ctx: &Context, row: &mut meeting::ActiveModel) {
        let at = |time| local_to_utc(self.date.and_time(time), ctx.zone());
        row.title = Set(self.title.clone());
        row.date = Set(self.date);
        row.from_time = Set(self.from);
        row.to_time = Set(self.to);
        row.zone = Set(ctx.zone().name().to_owned());
        row.starts_at = Set(at(self.from));
        row.ends_at = Set(at(self.to));
        row.place = Set(self.place.clone());
        row.agenda = Set(self.agenda.clone());
        row.reply_by = Set(self.reply_by);
    }
}

/// Plans a meeting of the present term; nobody is told yet.
///
/// # Errors
/// Refusals of the fields `date`, `to_time` and `reply_by`.
pub async fn plan(ctx: &Context, actor: &Actor, new: &NewMeeting) -> Result<MeetingId> {
    actor.require(Action::ManageMeetings, &Owner::ALLIANCE)?;
    new.check(ctx)?;
    let tx = ctx.store.begin().await?;
    let term = units::current_term(tx.db(), ctx.today()).await?;
    let year = ctx.year();
    let number = numbers::next(&tx, "meeting", year).await?;
    let id: MeetingId = tx.id();
    let mut row = meeting::ActiveModel {
        id: Set(id),
        number: Set(format!("HY-{year}-{number:03}")),
        kind: Set(new.kind),
        state: Set(MeetingState::Draft),
        term_id: Set(term.id),
        sequence: Set(0),
        minutes: Set(String::new()),
        minuted_at: Set(None),
        called_at: Set(None),
        note: Set(String::new()),
        created_by: Set(actor.person),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        ..Default::default()
    };
    new.set(ctx, &mut row);
    meeting::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    events::record(&tx, actor.person, "meetings.planned", id.0, new.kind.zh()).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a meeting that has not been held. Where the units were told and day, hours or place differ,
/// they are told again and their calendars follow.
///
/// # Errors
/// As [`plan`], and `meetings.not_now`.
pub(super) async fn change(
    ctx: &Context,
    actor: &Actor,
    id: MeetingId,
    new: &NewMeeting,
) -> Result<()> {
    actor.require(Action::ManageMeetings, &Owner::ALLIANCE)?;
    new.check(ctx)?;
    let tx = ctx.store.begin().await?;
    let former = store::lock(&tx, id).await?;
    rules::next(former.state, Step::Change)?;
    let told = former.state == MeetingState::Called;
    let mut row = meeting::ActiveModel {
        id: Set(id),
        sequence: Set(former.sequence + i32::from(told)),
        ..Default::default()
    };
    new.set(ctx, &mut row);
    let row = store::update(&tx, row).await?;
    let moved = (former.starts_at, former.ends_at, &former.place)
        != (row.starts_at, row.ends_at, &row.place);
    if told && moved {
        mails::to_all(&tx, &row, row.sequence, &mails::Moved::of(&row)).await?;
    }
    events::record(&tx, actor.person, "meetings.changed", id.0, &row.title).await?;
    tx.commit().await
}
