//! How the work of a panel stands: who has filed, who is late, who leads.

use chrono::NaiveDate;
use entity::{
    consultation::{self, ConsultationState},
    opinion,
};
use sea_orm::ConnectionTrait;

use super::{
    opinion::{count, newest, opinions},
    rules,
    votes::Count,
};
use crate::{
    foundation::{context::Context, error::Result, ui::dates},
    panels::{self, Member},
};

/// Members of a panel with their opinions.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    /// Members, in the order of their rank.
    pub members: Vec<Member>,
    /// All versions of all opinions, oldest first.
    pub opinions: Vec<opinion::Model>,
    /// Until when they file; none where nothing is awaited.
    pub due: Option<NaiveDate>,
    /// How a review stands.
    pub count: Count,
}

impl Progress {
    /// Reads it; empty before there is a panel.
    pub async fn of<C: ConnectionTrait>(
        db: &C,
        ctx: &Context,
        row: &consultation::Model,
    ) -> Result<Self> {
        let Some(panel) = row.panel_id else {
            return Ok(Self::default());
        };
        let members = panels::members(db, panel).await?;
        let opinions = opinions(db, row.id).await?;
        Ok(Self {
            count: count(row, &opinions, &members),
            due: due(ctx, row),
            members,
            opinions,
        })
    }

    /// The newest opinion of a member.
    pub fn newest(&self, member: &Member) -> Option<&opinion::Model> {
        newest(&self.opinions, std::slice::from_ref(member))
            .into_iter()
            .next()
            .flatten()
    }

    /// Members who have not filed.
    pub fn missing(&self) -> Vec<&Member> {
        self.members
            .iter()
            .filter(|member| self.newest(member).is_none())
            .collect()
    }

    /// Who files the common conclusion: the 组长, or the only expert of a panel of one.
    pub fn head(&self, row: &consultation::Model) -> Option<&Member> {
        match self.members.as_slice() {
            [only] if row.demand == 1 => Some(only),
            members => members.iter().find(|member| member.assignment.head),
        }
    }

    /// Whether `member` files the common conclusion.
    pub fn leads(&self, row: &consultation::Model, member: &Member) -> bool {
        self.head(row)
            .is_some_and(|head| head.assignment.id == member.assignment.id)
    }

    /// Whether the work is late on `today`.
    pub fn late(&self, today: NaiveDate) -> bool {
        self.due.is_some_and(|due| due < today)
    }
}

/// The day until which the experts file; in answer to a question, as many working days after it.
fn due(ctx: &Context, row: &consultation::Model) -> Option<NaiveDate> {
    use ConsultationState::*;
    let days = ctx.config.panels.opinion_working_days;
    let calendar = ctx.calendar();
    match row.state {
        Accepted | Standing | Working => {
            rules::opinions_by(row.meeting_date, row.wanted_by, days, &calendar)
        }
        // Nothing else changes the row while the question stands.
        AskedAgain => {
            let asked = dates::local_date(row.updated_at, ctx.zone());
            rules::opinions_by(Some(asked), None, days, &calendar)
        }
        Draft | Submitted | Returned | Refused | Concluded | Closed | Withdrawn => None,
    }
}
