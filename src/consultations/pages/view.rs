//! Parts that several pages show: files, opinions, the conclusion.

use entity::{consultation, file, ids::PersonId, opinion};

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
        ui::{Tag, dates},
    },
    panels::Member,
};

/// A file to load.
#[derive(Clone, Debug)]
pub(super) struct FileLink {
    pub href: String,
    pub name: String,
    pub size: String,
}

impl FileLink {
    /// Links to files below the page `base`.
    pub fn all(files: &[file::Model], base: &str) -> Vec<Self> {
        files
            .iter()
            .map(|file| Self {
                href: format!("{base}/files/{}", file.id),
                name: file.name.clone(),
                size: size(file.size),
            })
            .collect()
    }
}

/// 640 KB, 2.1 MB
fn size(bytes: i64) -> String {
    let kilo = (bytes + 1023) / 1024;
    if kilo < 1024 {
        format!("{} KB", kilo.max(1))
    } else {
        format!("{}.{} MB", kilo / 1024, kilo % 1024 * 10 / 1024)
    }
}

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

/// Paragraphs of a text.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_say_them() {
        for (bytes, said) in [
            (1, "1 KB"),
            (640 * 1024, "640 KB"),
            (2_202_010, "2.1 MB"),
            (10 * 1024 * 1024, "10.0 MB"),
        ] {
            assert_eq!(size(bytes), said);
        }
    }
}
