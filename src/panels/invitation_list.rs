//! Questions as the secretariat looks at them: what waits, what went wrong on the way, what was
//! answered.

use std::collections::HashMap;

use entity::{
    assignment::{self, AssignmentState},
    ids::{AssignmentId, InvitationId, PanelId, PersonId},
    invitation,
    mail::{self, MailState},
    panel, person,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::LikeExpr,
};

use super::mails::{Invitation, Redated};
use crate::{
    foundation::{
        error::Result,
        mail::{Template, reply_in_words},
        search::{LIKE_ESCAPE, SearchQuery, like_contains},
    },
    people,
};

/// Which questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    /// Without an answer.
    Waiting,
    /// Without an answer, and the mail did not arrive or reached the wrong person.
    Attention,
    /// Answered.
    Answered,
    /// All.
    All,
}

impl Tab {
    /// All tabs with their value in the address and their word.
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Waiting, "", "待答复"),
        (Self::Attention, "attention", "要处理"),
        (Self::Answered, "answered", "已答复"),
        (Self::All, "all", "全部"),
    ];

    /// The tab that an address names; the first for anything else.
    pub fn read(value: &str) -> Self {
        Self::ALL
            .iter()
            .find(|(_, known, _)| *known == value)
            .map_or(Self::Waiting, |(tab, _, _)| *tab)
    }
}

/// A question in the list.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub invitation: invitation::Model,
    pub assignment: assignment::Model,
    pub panel: panel::Model,
    pub person: person::Model,
    /// State of the mail that carries the question, and what the server said, in words.
    pub mail: Option<(MailState, String)>,
}

impl Line {
    /// Whether the expert may not have got the question.
    pub fn needs_attention(&self) -> bool {
        self.invitation.disowned_at.is_some()
            || matches!(
                self.mail,
                Some((
                    MailState::Failed | MailState::Suppressed | MailState::Unknown,
                    _
                ))
            )
    }
}

/// A page of questions, the nearest cut-off first, and how many there are in all.
pub(super) async fn page<C: ConnectionTrait>(
    db: &C,
    tab: Tab,
    query: &str,
    page: u64,
    size: u64,
) -> Result<(Vec<Line>, u64)> {
    let found = select(tab, query);
    if tab == Tab::Attention {
        // Whether a mail failed is in another table; open questions are few.
        let mut lines = complete(db, found.all(db).await?).await?;
        lines.retain(Line::needs_attention);
        let total = lines.len() as u64;
        let from = usize::try_from(page * size).unwrap_or(usize::MAX);
        let lines = lines
            .into_iter()
            .skip(from)
            .take(usize::try_from(size).unwrap_or(50));
        return Ok((lines.collect(), total));
    }
    let total = found.clone().count(db).await?;
    let rows = found.limit(size).offset(page * size).all(db).await?;
    Ok((complete(db, rows).await?, total))
}

/// How many questions a tab holds.
pub(super) async fn count<C: ConnectionTrait>(db: &C, tab: Tab) -> Result<u64> {
    if tab == Tab::Attention {
        return Ok(page(db, tab, "", 0, 0).await?.1);
    }
    Ok(select(tab, "").count(db).await?)
}

fn select(tab: Tab, query: &str) -> sea_orm::Select<invitation::Entity> {
    let mut found = invitation::Entity::find()
        .join(
            JoinType::InnerJoin,
            invitation::Entity::belongs_to(assignment::Entity)
                .from(invitation::Column::AssignmentId)
                .to(assignment::Column::Id)
                .into(),
        )
        .join(
            JoinType::InnerJoin,
            invitation::Entity::belongs_to(panel::Entity)
                .from(invitation::Column::PanelId)
                .to(panel::Column::Id)
                .into(),
        )
        .join(
            JoinType::InnerJoin,
            invitation::Entity::belongs_to(person::Entity)
                .from(invitation::Column::PersonId)
                .to(person::Column::Id)
                .into(),
        );
    found = match tab {
        Tab::Waiting | Tab::Attention => found
            .filter(invitation::Column::ClosedAt.is_null())
            .filter(invitation::Column::Answer.is_null())
            .filter(assignment::Column::State.eq(AssignmentState::Invited))
            .order_by_asc(invitation::Column::CutoffAt),
        Tab::Answered => found
            .filter(invitation::Column::Answer.is_not_null())
            .order_by_desc(invitation::Column::AnsweredAt),
        Tab::All => found.order_by_desc(invitation::Column::AskedAt),
    };
    found = found.order_by_asc(invitation::Column::Id);
    let Some(search) = SearchQuery::of(query) else {
        return found;
    };
    let like = || LikeExpr::new(like_contains(query.trim())).escape(LIKE_ESCAPE);
    found.filter(
        Condition::any()
            .add(people::found_by(&search))
            .add(panel::Column::Number.like(like()))
            .add(panel::Column::Title.like(like())),
    )
}

/// The questions of a panel, oldest first.
pub(super) async fn of_panel<C: ConnectionTrait>(db: &C, panel: PanelId) -> Result<Vec<Line>> {
    let rows = super::questions::of_panel(db, panel).await?;
    complete(db, rows).await
}

/// One question.
pub(super) async fn one<C: ConnectionTrait>(db: &C, id: InvitationId) -> Result<Line> {
    let row = super::questions::get(db, id).await?;
    complete(db, vec![row])
        .await?
        .pop()
        .ok_or(crate::foundation::error::Error::NotFound)
}

async fn complete<C: ConnectionTrait>(db: &C, rows: Vec<invitation::Model>) -> Result<Vec<Line>> {
    let persons: Vec<PersonId> = rows.iter().map(|row| row.person_id).collect();
    let people = people::by_ids(db, &persons).await?;
    let panels: HashMap<PanelId, panel::Model> = panel::Entity::find()
        .filter(panel::Column::Id.is_in(rows.iter().map(|row| row.panel_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let assignments: HashMap<AssignmentId, assignment::Model> = assignment::Entity::find()
        .filter(assignment::Column::Id.is_in(rows.iter().map(|row| row.assignment_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let mut mails: HashMap<_, _> = mail::Entity::find()
        .filter(mail::Column::Kind.is_in([Invitation::KIND, Redated::KIND]))
        .filter(mail::Column::SubjectId.is_in(rows.iter().map(|row| row.id.0)))
        .order_by_asc(mail::Column::CreatedAt)
        .order_by_asc(mail::Column::Generation)
        .all(db)
        .await?
        .into_iter()
        .map(|row| {
            (
                row.subject_id,
                (
                    row.state,
                    reply_in_words(row.last_reply.as_deref().unwrap_or_default()),
                ),
            )
        })
        .collect();
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Line {
                assignment: assignments.get(&row.assignment_id)?.clone(),
                panel: panels.get(&row.panel_id)?.clone(),
                person: people.get(&row.person_id)?.clone(),
                mail: mails.remove(&row.id.0),
                invitation: row,
            })
        })
        .collect())
}
