//! An expert files an opinion; a later one is a new version, the former ones stay.

use entity::{
    consultation::{self, ConsultationState},
    ids::{AssignmentId, ConsultationId, OpinionId},
    opinion::{self, Verdict},
};
use sea_orm::{
    ActiveEnum, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder,
};

use super::{
    events::{self, note},
    store,
    votes::Count,
};
use crate::{
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        files::{self, Owner, Upload},
        links::Token,
        store::WriteTx,
        ui::Fields,
    },
    panels::{self, Member, Work},
};

/// Most files of one opinion.
pub(super) const MOST_FILES: usize = 5;

/// Where the files of an opinion are kept.
pub(super) fn opinion_files(id: OpinionId) -> Owner {
    Owner {
        kind: "opinion",
        id: id.0,
        part: "file",
    }
}

/// Where files wait that were uploaded for an opinion which is not filed yet.
pub(super) fn waiting_files(id: AssignmentId) -> Owner {
    Owner {
        kind: "assignment",
        id: id.0,
        part: "opinion",
    }
}

/// What an expert files.
#[derive(Clone, Debug)]
pub struct NewOpinion {
    /// For a review.
    pub verdict: Option<Verdict>,
    /// The opinion.
    pub text: String,
}

impl NewOpinion {
    /// Reads it from the form; a review needs a verdict.
    pub(super) fn read(fields: &Fields, review: bool, errors: &mut FieldErrors) -> Self {
        let text = fields.required("text", 8_000, errors);
        let verdict = verdict(fields.text("verdict")).filter(|_| review);
        if review && verdict.is_none() {
            errors.add("verdict", Refusal::new("consultations.verdict_needed"));
        }
        Self { verdict, text }
    }
}

/// A verdict by the word that a form sends.
pub(super) fn verdict(word: &str) -> Option<Verdict> {
    Verdict::try_from_value(&word.to_owned()).ok()
}

/// Keeps a file for the opinion that is being written, so that it stays whatever else is refused.
pub(super) async fn keep_file(ctx: &Context, token: &Token, upload: &Upload) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let (_, work) = at_work(ctx, &tx, token).await?;
    let owner = waiting_files(work.member.assignment.id);
    if files::list(tx.db(), owner).await?.len() >= MOST_FILES {
        return Err(Refusal::new("file.too_many").with("max", MOST_FILES).into());
    }
    files::keep(&tx, owner, upload, &ctx.config.files).await?;
    tx.commit().await
}

/// Keeps the opinion of the member whose link this is as their newest version, with the files that
/// were uploaded for it.
///
/// # Errors
/// A refusal when the panel takes no opinions now; not found for a link that leads nowhere.
pub async fn file_opinion(ctx: &Context, token: &Token, new: &NewOpinion) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let (row, work) = at_work(ctx, &tx, token).await?;
    let Member { assignment, expert } = work.member;
    let former = opinions(tx.db(), row.id)
        .await?
        .into_iter()
        .filter(|opinion| opinion.assignment_id == assignment.id)
        .map(|opinion| opinion.version)
        .max()
        .unwrap_or(0);
    let opinion: OpinionId = tx.id();
    opinion::Entity::insert(opinion::ActiveModel {
        id: Set(opinion),
        consultation_id: Set(row.id),
        assignment_id: Set(assignment.id),
        person_id: Set(expert.person.id),
        version: Set(former + 1),
        verdict: Set(new.verdict),
        text: Set(new.text.clone()),
        filed_at: Set(tx.now()),
    })
    .exec_without_returning(tx.db())
    .await?;
    files::hand_over(&tx, waiting_files(assignment.id), opinion_files(opinion)).await?;
    let version = if former == 0 {
        String::new()
    } else {
        format!("第 {} 稿", former + 1)
    };
    note(&tx, &row, Some(expert.person.id), events::OPINION, &version).await?;
    tx.commit().await
}

/// The matter and the member behind a work link, the matter locked.
///
/// # Errors
/// `consultations.work_closed` when nothing can be filed any more.
pub(super) async fn at_work(
    ctx: &Context,
    tx: &WriteTx,
    token: &Token,
) -> Result<(consultation::Model, Work)> {
    let panel = panels::member_by_work_token(tx.db(), &ctx.links, token)
        .await?
        .panel;
    let row = store::lock(tx, ConsultationId(panel.owner_id)).await?;
    // Read again: the member may have left before the lock was taken.
    let work = panels::member_by_work_token(tx.db(), &ctx.links, token).await?;
    if work.goes_on() && takes_opinions(row.state) {
        Ok((row, work))
    } else {
        Err(Refusal::new("consultations.work_closed").into())
    }
}

/// Whether experts may still file.
pub(super) fn takes_opinions(state: ConsultationState) -> bool {
    matches!(
        state,
        ConsultationState::Accepted
            | ConsultationState::Standing
            | ConsultationState::Working
            | ConsultationState::AskedAgain
    )
}

/// All versions of all opinions, oldest first.
pub(super) async fn opinions<C: ConnectionTrait>(
    db: &C,
    id: ConsultationId,
) -> Result<Vec<opinion::Model>> {
    Ok(opinion::Entity::find()
        .filter(opinion::Column::ConsultationId.eq(id))
        .order_by_asc(opinion::Column::FiledAt)
        .order_by_asc(opinion::Column::Version)
        .all(db)
        .await?)
}

/// The newest opinion of each member, in the order of the members.
pub(super) fn newest<'a>(
    all: &'a [opinion::Model],
    members: &[Member],
) -> Vec<Option<&'a opinion::Model>> {
    members
        .iter()
        .map(|member| {
            all.iter()
                .filter(|opinion| opinion.assignment_id == member.assignment.id)
                .max_by_key(|opinion| opinion.version)
        })
        .collect()
}

/// How a review stands.
pub(super) fn count(
    row: &consultation::Model,
    all: &[opinion::Model],
    members: &[Member],
) -> Count {
    let verdicts: Vec<_> = newest(all, members)
        .into_iter()
        .flatten()
        .filter_map(|opinion| opinion.verdict)
        .collect();
    Count::of(
        &verdicts,
        members.len().max(usize::try_from(row.demand).unwrap_or(0)),
    )
}
