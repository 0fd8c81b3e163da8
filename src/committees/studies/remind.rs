//! Reminders of milestones: those who are due, then who leads the committee, then the secretariat.

use chrono::{Datelike, NaiveDate};
use entity::{
    ids::StudyId,
    study::{self, StudyState},
    study_milestone,
};

use super::{
    mails,
    rules::{self, Told},
    store,
};
use crate::{
    foundation::{context::Context, error::Result, store::WriteTx},
    panels::{self, Member},
};

/// Reminds of everything that is due on `today`; the same reminder for the same day goes out once.
/// Gives how many studies were looked at for one.
///
/// # Errors
/// When the database fails.
pub(super) async fn remind(ctx: &Context, today: NaiveDate) -> Result<usize> {
    if !ctx.calendar().is_working_day(today) {
        return Ok(0);
    }
    let mut reminded = 0;
    for row in store::in_states(ctx.store.read(), &[StudyState::Working]).await? {
        reminded += usize::from(of_study(ctx, row.id, today).await?);
    }
    Ok(reminded)
}

async fn of_study(ctx: &Context, id: StudyId, today: NaiveDate) -> Result<bool> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let milestones = store::milestones(tx.db(), id).await?;
    let Some(due) = rules::current(&milestones).filter(|_| row.state == StudyState::Working) else {
        return Ok(false);
    };
    let told = rules::told(due.due_on, today, &ctx.calendar());
    for who in &told {
        tell(&tx, ctx, &row, due, *who).await?;
    }
    tx.commit().await?;
    Ok(!told.is_empty())
}

async fn tell(
    tx: &WriteTx,
    ctx: &Context,
    row: &study::Model,
    due: &study_milestone::Model,
    who: Told,
) -> Result<()> {
    // A day that moves is reminded of anew: the day numbers the reminders of a milestone.
    let number = due.due_on.num_days_from_ce();
    match who {
        Told::MembersSoon => {
            for member in due_members(tx, row).await? {
                let mail = mails::ReportDue::of(row, due, &member);
                mails::to_member(tx, row, due.id.0, number, &member, &mail).await?;
            }
            Ok(())
        }
        Told::MembersLate => {
            for member in due_members(tx, row).await? {
                let mail = mails::ReportLate::of(row, due, &member);
                mails::to_member(tx, row, due.id.0, number, &member, &mail).await?;
            }
            Ok(())
        }
        Told::Lead => {
            mails::to_lead(tx, row, due.id.0, number, &mails::LeadTold::of(row, due)).await
        }
        Told::Secretariat => {
            let mail = mails::SecretariatTold::of(row, due);
            mails::to_secretariat(tx, ctx, row, due.id.0, number, &mail).await
        }
    }
}

/// Who is due: the 组长 where there is one, otherwise everybody.
async fn due_members(tx: &WriteTx, row: &study::Model) -> Result<Vec<Member>> {
    let Some(panel) = row.panel_id else {
        return Ok(Vec::new());
    };
    let members = panels::members(tx.db(), panel).await?;
    let head: Vec<_> = members
        .iter()
        .filter(|member| member.assignment.head)
        .cloned()
        .collect();
    Ok(if head.is_empty() { members } else { head })
}
