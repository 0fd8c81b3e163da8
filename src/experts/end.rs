//! An engagement pauses, goes on, ends, or reaches the end of its term.

use chrono::NaiveDate;
use entity::{
    expert::{self, ExpertState},
    ids::ExpertId,
};
use sea_orm::ActiveValue::Set;

use super::{
    Duties, Stop, decide, mails,
    mails::News,
    renew,
    rules::Step,
    store::{self, Taken},
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::Context,
        error::{Error, Result},
        store::WriteTx,
        ui::Fields,
    },
    people,
};

/// Suspends, resumes or ends an engagement by decision of the secretariat, with a reason. Expert and
/// unit are told; whoever is suspended or leaves is released from all duties in the same write.
///
/// # Errors
/// `form.required` without a reason, `experts.wrong_state`.
pub async fn decide(
    ctx: &Context,
    duties: &Duties,
    actor: &Actor,
    id: ExpertId,
    step: Step,
    fields: &Fields,
) -> Result<()> {
    actor.require(Action::DecideRecommendation, &Owner::ALLIANCE)?;
    let (news, stop) = match step {
        Step::Suspend => (News::Suspended, Some(Stop::Suspended)),
        Step::Resume => (News::Resumed, None),
        Step::End => (News::Ended, Some(Stop::Ended)),
        _ => return Err(Error::NotFound),
    };
    let reason = decide::reason(fields)?;
    let (tx, row) = duties.lock(ctx, id).await?;
    let columns = match step {
        Step::End => ending(ctx.today(), &reason),
        _ => expert::ActiveModel::default(),
    };
    let taken = store::take(&tx, &row, step, Some(actor.person), &reason, columns).await?;
    tell(&tx, &taken, news, &reason).await?;
    if let Some(stop) = stop {
        duties.release(&tx, ctx, &taken.row, stop, &reason).await?;
    }
    tx.commit().await
}

/// Ends the engagement of `row` today, inside the write of another use case that began with
/// [`Duties::lock`].
pub(super) async fn leave(
    tx: &WriteTx,
    ctx: &Context,
    duties: &Duties,
    row: &expert::Model,
    reason: &str,
) -> Result<()> {
    let by = Some(row.person_id);
    let columns = ending(ctx.today(), reason);
    let taken = store::take(tx, row, Step::End, by, reason, columns).await?;
    tell(tx, &taken, News::Ended, reason).await?;
    duties
        .release(tx, ctx, &taken.row, Stop::Ended, reason)
        .await
}

fn ending(day: NaiveDate, reason: &str) -> expert::ActiveModel {
    expert::ActiveModel {
        ended_on: Set(Some(day)),
        end_reason: Set(reason.to_owned()),
        ..Default::default()
    }
}

async fn tell(tx: &WriteTx, taken: &Taken, news: News, reason: &str) -> Result<()> {
    let person = people::get(tx.db(), taken.row.person_id).await?;
    mails::tell_expert(tx, taken, &person, news, reason).await?;
    mails::tell_unit(tx, taken, &person, news, reason).await
}

/// Ends all engagements whose last day lies before `today`; gives how many.
///
/// # Errors
/// When the database fails; what was ended before stays ended.
pub async fn expire(ctx: &Context, duties: &Duties, today: NaiveDate) -> Result<usize> {
    let states = [ExpertState::Engaged, ExpertState::Suspended];
    let over = |row: &expert::Model| row.engaged_to.is_some_and(|last| last < today);
    let mut ended = 0;
    for (row, _) in store::in_states(ctx.store.read(), &states, None).await? {
        if !over(&row) {
            continue;
        }
        let (tx, row) = duties.lock(ctx, row.id).await?;
        if states.contains(&row.state) && over(&row) {
            let none = expert::ActiveModel::default();
            let taken = store::take(&tx, &row, Step::Expire, None, "聘期届满", none).await?;
            tell(&tx, &taken, News::Expired, "").await?;
            duties
                .release(&tx, ctx, &taken.row, Stop::Expired, "")
                .await?;
            tx.commit().await?;
            ended += 1;
        }
    }
    Ok(ended)
}

/// Reminds of terms that end; each reminder of `days` goes once. Gives how many experts were
/// looked at for one.
///
/// # Errors
/// When the database fails.
pub async fn remind(ctx: &Context, today: NaiveDate) -> Result<usize> {
    let states = [ExpertState::Engaged, ExpertState::Suspended];
    let mut reminded = 0;
    for (row, _) in store::in_states(ctx.store.read(), &states, None).await? {
        let left = row.engaged_to.map(|last| (last - today).num_days());
        let Some(days) = left.and_then(|left| due(&ctx.config.pool.term_reminders_days, left))
        else {
            continue;
        };
        let tx = ctx.store.begin().await?;
        // Where the next term is known, the question whether to stay takes the place of the reminder.
        if !renew::ask(&tx, row.id, days).await? {
            let days = i32::try_from(days).map_err(Error::internal)?;
            mails::remind_of_term(&tx, row.id, days).await?;
        }
        tx.commit().await?;
        reminded += 1;
    }
    Ok(reminded)
}

/// Which of the reminders counts when `left` days are left: the nearest that has come. One that was
/// missed because nothing ran is thus still sent, but not several at once.
fn due(reminders: &[i64], left: i64) -> Option<i64> {
    let come = reminders.iter().copied().filter(|days| left <= *days);
    come.min().filter(|_| left >= 0)
}

#[cfg(test)]
mod tests {
    use super::due;

    #[test]
    fn the_nearest_reminder_that_has_come_is_due() {
        let days = [60, 30, 7];
        let table = [
            (61, None),
            (60, Some(60)),
            (31, Some(60)),
            (30, Some(30)),
            (8, Some(30)),
            (7, Some(7)),
            (0, Some(7)),
            (-1, None),
        ];
        for (left, expected) in table {
            assert_eq!(due(&days, left), expected, "{left} days left");
        }
    }
}
