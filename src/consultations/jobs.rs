//! What consultations do by the clock: begin the work when the meeting has been, and remind experts of
//! what is due, and requesters of a conclusion that waits for them.

use std::sync::Arc;

use chrono::{Datelike, Duration, NaiveDate};
use entity::{
    consultation::{self, ConsultationState},
    ids::ConsultationId,
};
use sea_orm::ActiveValue::Set;

use super::{
    events::{self, note},
    mails,
    progress::Progress,
    rules::{self, Nudge, Step},
    store,
};
use crate::{
    foundation::{
        context::{Boxed, Context},
        error::Result,
        mail::{Queued, Template},
        schedule::{CatchUp, Job, Outcome, Rule, Slot},
        store::WriteTx,
        ui::dates,
    },
    panels::{self, Member},
};

/// The jobs of this body.
pub fn jobs() -> Vec<Arc<dyn Job>> {
    vec![
        Arc::new(Begin),
        Arc::new(Reminders),
        Arc::new(Confirmations),
    ]
}

/// The experts write their opinions once the meeting has been.
struct Begin;

impl Job for Begin {
    fn rule(&self) -> Rule {
        Rule {
            name: "consultations.begin",
            label: "会后办理",
            cron: "0 */10 * * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(7),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let standing = [ConsultationState::Standing];
            let mut begun = 0;
            for row in store::in_states(ctx.store.read(), &standing).await? {
                begun += usize::from(begin(ctx, row.id).await?);
            }
            Ok(Outcome::handled(begun))
        })
    }
}

/// Goes on to the work when the meeting is over; returns whether it did.
async fn begin(ctx: &Context, id: ConsultationId) -> Result<bool> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let Some(panel) = row.panel_id else {
        return Ok(false);
    };
    let meeting_to = panels::get(tx.db(), panel).await?.meeting_to;
    let Ok(state) = rules::next(row.state, Step::Begin) else {
        return Ok(false);
    };
    if meeting_to.is_some_and(|to| to > tx.now()) {
        return Ok(false);
    }
    let mut next: consultation::ActiveModel = row.into();
    next.state = Set(state);
    next.updated_at = Set(tx.now());
    let row = store::update(&tx, next).await?;
    note(&tx, &row, None, events::BEGUN, "").await?;
    tx.commit().await?;
    Ok(true)
}

/// Reminds experts of opinions, and the 组长 of the conclusion.
struct Reminders;

impl Job for Reminders {
    fn rule(&self) -> Rule {
        Rule {
            name: "consultations.reminders",
            label: "意见提醒",
            cron: "0 10 9 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(1),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let today = dates::local_date(slot.due_at, ctx.zone());
            if !ctx.calendar().is_working_day(today) {
                return Ok(Outcome::default());
            }
            let at_work = [
                ConsultationState::Standing,
                ConsultationState::Working,
                ConsultationState::AskedAgain,
            ];
            let mut queued = 0;
            for row in store::in_states(ctx.store.read(), &at_work).await? {
                queued += remind(ctx, row.id, today).await?;
            }
            Ok(Outcome::handled(queued))
        })
    }
}

/// Reminds requesters who have not confirmed a conclusion.
struct Confirmations;

impl Job for Confirmations {
    fn rule(&self) -> Rule {
        Rule {
            name: "consultations.confirmations",
            label: "确认提醒",
            cron: "0 20 9 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(1),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let today = dates::local_date(slot.due_at, ctx.zone());
            if !ctx.calendar().is_working_day(today) {
                return Ok(Outcome::default());
            }
            let concluded = [ConsultationState::Concluded];
            let mut queued = 0;
            for row in store::in_states(ctx.store.read(), &concluded).await? {
                queued += remind_of_conclusion(ctx, row.id, today).await?;
            }
            Ok(Outcome::handled(queued))
        })
    }
}

/// Reminds the contacts of one unit; each reminder of a conclusion goes out once.
async fn remind_of_conclusion(
    ctx: &Context,
    id: ConsultationId,
    today: NaiveDate,
) -> Result<usize> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let (ConsultationState::Concluded, Some(at)) = (row.state, row.concluded_at) else {
        return Ok(0);
    };
    let concluded = dates::local_date(at, ctx.zone());
    let reminders = &ctx.config.panels.confirm_reminders;
    let Some(days) = rules::confirmation_due(concluded, today, reminders, &ctx.calendar()) else {
        return Ok(0);
    };
    // A conclusion in answer to a question is waited for anew.
    let number = row.questions * 1_000 + i32::try_from(days).unwrap_or(999).min(999);
    let mail = mails::ConfirmDue::of(&row, concluded);
    let queued = mails::remind_unit(&tx, &row, number, &mail).await?;
    tx.commit().await?;
    Ok(queued)
}

/// Reminds the experts of one request; the same reminder for the same day goes out once.
async fn remind(ctx: &Context, id: ConsultationId, today: NaiveDate) -> Result<usize> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let progress = Progress::of(tx.db(), ctx, &row).await?;
    let Some(due) = progress.due else {
        return Ok(0);
    };
    let Some(nudge) = rules::nudge(due, today, &ctx.calendar()) else {
        return Ok(0);
    };
    let mut queued = 0;
    // A question asked again is answered by the conclusion; who filed before need not file again.
    let asked_again = row.state == ConsultationState::AskedAgain;
    for member in progress.missing().into_iter().filter(|_| !asked_again) {
        queued += remind_member(&tx, &row, member, due, nudge).await?;
    }
    if let Some(head) = progress.head(&row)
        && nudge == Nudge::Late
    {
        let mail = mails::ConclusionDue::of(&row, head, due);
        queued += sent(to(&tx, &row, head, due, &mail).await?);
    }
    tx.commit().await?;
    Ok(queued)
}

async fn remind_member(
    tx: &WriteTx,
    row: &consultation::Model,
    member: &Member,
    due: NaiveDate,
    nudge: Nudge,
) -> Result<usize> {
    let queued = match nudge {
        Nudge::Soon => {
            let mail = mails::OpinionDue::of(row, member, due);
            to(tx, row, member, due, &mail).await?
        }
        Nudge::Late => {
            let mail = mails::OpinionLate::of(row, member, due);
            to(tx, row, member, due, &mail).await?
        }
    };
    Ok(sent(queued))
}

/// A day that moves is reminded of anew: the day numbers the reminders of an assignment.
async fn to<T: Template>(
    tx: &WriteTx,
    row: &consultation::Model,
    member: &Member,
    due: NaiveDate,
    mail: &T,
) -> Result<Queued> {
    let number = due.num_days_from_ce();
    mails::to_expert(tx, row, member.assignment.id.0, number, member, mail).await
}

fn sent(queued: Queued) -> usize {
    usize::from(matches!(queued, Queued::New(_)))
}
