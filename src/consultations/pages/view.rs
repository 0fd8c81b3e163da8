//! Parts that several pages show: files, opinions, the conclusion.

use entity::{consultation, ids::PersonId, opinion};

use crate::{
    consultations::{
        opinion::{opinion_files, verdict},
        progress::Progress,
    },
    foundation::{
        context::Context,
        error::Result,
        files,
        texts::Label,
        ui::{FileLink, Tag, dates, lines},
    },
    panels::Member,
};

/// A version of an opinion.
#[derive(Clone, Debug)]
pub(super) struct OpinionView {
    pub name: String,
    pub sample: bool,
    pub unit: String,
    pub head: bool,
    pub verdict: Option<Tag>,
    pub lines: Vec<String>,
    pub version: i32,
    pub when: String,
    pub files: Vec<FileLink>,
}

impl OpinionView {
    /// How `member` said it; files below the page `base`.
    pub async fn of(
        ctx: &Context,
        opinion: &opinion::Model,
        member: &Member,
        base: &str,
    ) -> Result<Self> {
        let files = files::list(ctx.store.read(), opinion_files(opinion.id)).await?;
        let expert = &member.expert;
        Ok(Self {
            name: expert.person.name.clone(),
            sample: expert.person.sample,
            unit: expert.unit_name.clone(),
            head: member.assignment.head,
            verdict: opinion.verdict.map(verdict_tag),
            lines: lines(&opinion.text),
            version: opinion.version,
            when: dates::moment(opinion.filed_at, ctx.zone()),
            files: FileLink::all(&files, base),
        })
    }

    /// The newest opinion of each member who has filed, but for `without`.
    pub async fn newest(
        ctx: &Context,
        progress: &Progress,
        without: Option<PersonId>,
        base: &str,
    ) -> Result<Vec<Self>> {
        let mut views = Vec::new();
        for member in &progress.members {
            if Some(member.expert.person.id) == without {
                continue;
            }
            if let Some(opinion) = progress.newest(member) {
                views.push(Self::of(ctx, opinion, member, base).await?);
            }
        }
        Ok(views)
    }
}

fn verdict_tag(verdict: opinion::Verdict) -> Tag {
    let class = match verdict {
        opinion::Verdict::Agree => "ok",
        opinion::Verdict::AgreeAfterChanges => "wait",
        opinion::Verdict::Disagree => "bad",
    };
    Tag {
        class,
        word: verdict.zh(),
    }
}

/// The common conclusion.
#[derive(Clone, Debug)]
pub(super) struct Conclusion {
    pub verdict: Option<Tag>,
    pub lines: Vec<String>,
    pub when: String,
}

impl Conclusion {
    /// The conclusion of a request that has one.
    pub fn of(ctx: &Context, row: &consultation::Model) -> Option<Self> {
        let at = row.concluded_at?;
        Some(Self {
            verdict: row
                .conclusion_verdict
                .as_deref()
                .and_then(verdict)
                .map(verdict_tag),
            lines: lines(&row.conclusion),
            when: dates::moment(at, ctx.zone()),
        })
    }
}
