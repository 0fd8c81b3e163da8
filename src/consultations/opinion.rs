//! An expert files an opinion; a later one is a new version, the former ones stay.

use entity::{
    consultation::{self, ConsultationState},
    ids::{ConsultationId, OpinionId},
    opinion::{self, Verdict},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};

use super::{
    events::{self, note},
    rules, store,
};
use crate::{
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        files::{self, Owner, Upload},
        ui::Fields,
    },
    panels::Member,
};

/// Most files of one opinion.
const MOST_FILES: usize = 5;

/// Where the files of an opinion are kept.
pub(super) fn opinion_files(id: OpinionId) -> Owner {
    Owner {
        kind: "opinion",
        id: id.0,
        part: "file",
    }
}

/// What an expert files.
#[derive(Clone, Debug)]
pub(super) struct NewOpinion {
    pub verdict: Option<Verdict>,
    pub text: String,
}

impl NewOpinion {
    /// Reads it from the form.
    pub fn read(fields: &Fields, review: bool) -> Result<Self, Error> {
        let mut errors = FieldErrors::default();
        let text = fields.required("text", 8_000, &mut errors);
        let verdict = verdict(fields.text("verdict"));
        if review && verdict.is_none() {
            errors.add("verdict", Refusal::new("consultations.verdict_needed"));
        }
        errors.into_result(Self {
            verdict: verdict.filter(|_| review),
            text,
        })
    }
}

/// A verdict by the word that a form sends.
pub(super) fn verdict(word: &str) -> Option<Verdict> {
    sea_orm::ActiveEnum::try_from_value(&word.to_owned()).ok()
}

/// Keeps the opinion of `member` as its newest version, with its files.
pub(super) async fn file_opinion(
    ctx: &Context,
    id: ConsultationId,
    member: &Member,
    new: &NewOpinion,
    uploads: &[&Upload],
) -> Result<()> {
    if uploads.len() > MOST_FILES {
        return Err(Refusal::new("file.too_many").with("max", MOST_FILES).into());
    }
    for upload in uploads {
        files::check(upload, &ctx.config.files)?;
    }
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    if !takes_opinions(row.state) {
        return Err(Refusal::new("consultations.work_closed").into());
    }
    let former = opinions(tx.db(), id)
        .await?
        .into_iter()
        .filter(|opinion| opinion.assignment_id == member.assignment.id)
        .map(|opinion| opinion.version)
        .max()
        .unwrap_or(0);
    let opinion: OpinionId = tx.id();
    opinion::Entity::insert(opinion::ActiveModel {
        id: Set(opinion),
        consultation_id: Set(id),
        assignment_id: Set(member.assignment.id),
        person_id: Set(member.expert.person.id),
        version: Set(former + 1),
        verdict: Set(new.verdict),
        text: Set(new.text.clone()),
        filed_at: Set(tx.now()),
    })
    .exec_without_returning(tx.db())
    .await?;
    for upload in uploads {
        files::keep(&tx, opinion_files(opinion), upload, &ctx.config.files).await?;
    }
    let version = if former == 0 {
        String::new()
    } else {
        format!("第 {} 稿", former + 1)
    };
    note(
        &tx,
        &row,
        Some(member.expert.person.id),
        events::OPINION,
        &version,
    )
    .await?;
    tx.commit().await
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
) -> rules::Count {
    let verdicts: Vec<_> = newest(all, members)
        .into_iter()
        .flatten()
        .filter_map(|opinion| opinion.verdict)
        .collect();
    rules::Count::of(
        &verdicts,
        members.len().max(usize::try_from(row.demand).unwrap_or(0)),
    )
}
