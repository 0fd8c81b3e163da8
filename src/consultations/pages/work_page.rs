//! The page behind a work link, as it stands for one member.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use entity::{
    consultation::{self, ConsultationState},
    file,
    ids::ConsultationId,
    opinion::{self, Verdict},
};
use sea_orm::{ActiveEnum, Iterable};

use super::view::{Conclusion, OpinionView};
use crate::{
    accounts::Visitor,
    consultations::{
        draft::attachments,
        opinion::{MOST_FILES, takes_opinions, waiting_files},
        progress::Progress,
        rules::{self, Step},
        store,
    },
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        files::{self, Owner},
        links::{Links, Token},
        texts::{Label, Language, sentence},
        ui::{
            FileLink, Form, Shell, dates,
            form::{Choice, choices},
            lines, page_with_status,
        },
    },
    panels::{self, Work, matter::Matter, pledge},
};

#[derive(Template)]
#[template(path = "consultations/templates/work.html")]
struct WorkPage {
    shell: Shell,
    form: Form,
    path: String,
    person: String,
    sample: bool,
    matter: Matter,
    day: String,
    hours: String,
    due: String,
    late: bool,
    ended: bool,
    open: bool,
    review: bool,
    leads: bool,
    alone: bool,
    question: Option<Vec<String>>,
    conclusion: Option<Conclusion>,
    text: Vec<String>,
    pledge: Option<&'static [&'static str]>,
    files: Vec<FileLink>,
    mine: Option<OpinionView>,
    former: Vec<OpinionView>,
    waiting: Vec<FileLink>,
    files_hint: String,
    opens_opinion: bool,
    opinions: Vec<OpinionView>,
    missing: Vec<String>,
    votes: String,
    needed: usize,
    not_yet: Option<String>,
    verdicts: Vec<Choice>,
}

/// What a work link opens, read anew.
pub(super) struct Place {
    pub token: Token,
    pub work: Work,
    pub row: consultation::Model,
    pub path: String,
}

impl Place {
    /// Reads it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that was not given out or is revoked.
    pub async fn read(ctx: &Context, token: &str) -> Result<Self> {
        let path = format!("/w/{token}");
        let token = Links::read(token).ok_or(Error::NotFound)?;
        let db = ctx.store.read();
        let work = panels::member_by_work_token(db, &ctx.links, &token).await?;
        if work.panel.owner_kind != "consultation" {
            return Err(Error::NotFound);
        }
        let row = store::get(db, ConsultationId(work.panel.owner_id)).await?;
        Ok(Self {
            token,
            work,
            row,
            path,
        })
    }

    /// Whether the member may see what is confidential.
    pub async fn is_trusted(&self, ctx: &Context) -> Result<bool> {
        let person = self.work.member.assignment.person_id;
        Ok(!self.row.confidential
            || pledge::is_given(ctx.store.read(), person, self.work.panel.id).await?)
    }
}

/// The page with `form` as it was typed, what was said before filled in.
pub(super) async fn render(
    ctx: &Context,
    visitor: Visitor,
    place: Place,
    mut form: Form,
    status: StatusCode,
) -> Result<Response> {
    let trusted = place.is_trusted(ctx).await?;
    let Place {
        work, row, path, ..
    } = place;
    let db = ctx.store.read();
    let goes_on = work.goes_on();
    let shown = goes_on && trusted;
    let open = goes_on && takes_opinions(row.state);
    let (member, panel) = (&work.member, &work.panel);
    let progress = Progress::of(db, ctx, &row).await?;
    let leads = progress.leads(&row, member);
    let own: Vec<_> = progress
        .opinions
        .iter()
        .filter(|opinion| opinion.assignment_id == member.assignment.id)
        .collect();
    let alone = leads && progress.members.len() == 1;
    let opens_opinion = ["text", "verdict", "files"]
        .iter()
        .any(|name| form.fields.has(name) || form.errors.of(name).is_some());
    fill(&mut form, &row, own.last().copied(), alone);
    let (mut mine, mut former) = (None, Vec::new());
    if shown {
        for opinion in own.iter().rev() {
            let view = OpinionView::of(ctx, opinion, member, &path).await?;
            if mine.is_none() {
                mine = Some(view);
            } else {
                former.push(view);
            }
        }
    }
    let opinions = if shown && leads {
        let person = member.assignment.person_id;
        OpinionView::newest(ctx, &progress, Some(person), &path).await?
    } else {
        Vec::new()
    };
    let matter = Matter::of(panel);
    let asked_again = row.state == ConsultationState::AskedAgain;
    let page = WorkPage {
        person: member.expert.person.name.clone(),
        sample: member.expert.person.sample,
        day: matter.day(ctx.zone()),
        hours: matter.hours(ctx.zone()),
        due: progress.due.map_or_else(String::new, |due| {
            format!("{}前", dates::day_and_weekday(due))
        }),
        late: progress.late(ctx.today()),
        ended: !goes_on,
        open,
        review: rules::is_review(row.purpose),
        leads,
        alone,
        question: asked_again.then(|| lines(&row.question_text)),
        conclusion: Conclusion::of(ctx, &row),
        text: lines(&row.description),
        pledge: (!trusted).then_some(pledge::PLEDGE),
        files: FileLink::all(&listed(ctx, attachments(row.id), shown).await?, &path),
        mine,
        former,
        waiting: FileLink::all(
            &listed(ctx, waiting_files(member.assignment.id), shown).await?,
            &path,
        ),
        files_hint: format!(
            "最多 {MOST_FILES} 个，每个不超过 {} MB。",
            ctx.config.files.max_mb
        ),
        opens_opinion,
        opinions,
        missing: progress
            .missing()
            .iter()
            .map(|member| member.expert.person.name.clone())
            .collect(),
        votes: progress.count.words(),
        needed: progress.count.needed(ctx.config.panels.review_share),
        not_yet: not_yet(ctx, &row, &work, &progress),
        verdicts: choices(Verdict::iter().map(|verdict| (verdict.to_value(), verdict.zh()))),
        matter,
        path,
        form,
        shell: visitor.shell,
    };
    Ok(page_with_status(status, &page))
}

async fn listed(ctx: &Context, owner: Owner, shown: bool) -> Result<Vec<file::Model>> {
    if shown {
        files::list(ctx.store.read(), owner).await
    } else {
        Ok(Vec::new())
    }
}

/// Fills in what was said before, but nothing over what was just typed.
fn fill(form: &mut Form, row: &consultation::Model, mine: Option<&opinion::Model>, alone: bool) {
    let text = mine.map_or("", |opinion| opinion.text.as_str());
    let verdict = mine.and_then(|opinion| opinion.verdict);
    let verdict = verdict
        .map(|verdict| verdict.to_value())
        .unwrap_or_default();
    // One expert alone has said it all in the opinion.
    let conclusion = if row.conclusion.is_empty() && alone {
        text
    } else {
        row.conclusion.as_str()
    };
    let former = row.conclusion_verdict.as_deref().unwrap_or_default();
    for (name, value) in [
        ("text", text),
        ("verdict", verdict.as_str()),
        ("conclusion", conclusion),
        ("conclusion_verdict", former),
    ] {
        if !form.fields.has(name) {
            form.fields = std::mem::take(&mut form.fields).with(name, value);
        }
    }
}

/// Why the conclusion cannot be filed yet, in words.
fn not_yet(
    ctx: &Context,
    row: &consultation::Model,
    work: &Work,
    progress: &Progress,
) -> Option<String> {
    let refusal = if row.state == ConsultationState::Accepted {
        Refusal::new("consultations.panel_incomplete")
    } else if let Err(refusal) = rules::next(row.state, Step::Conclude)
        .and_then(|_| rules::may_conclude(work.panel.meeting_from, ctx.now()))
    {
        refusal
    } else if progress.opinions.is_empty() {
        Refusal::new("consultations.opinions_missing")
    } else {
        return None;
    };
    Some(sentence(&refusal, Language::Chinese))
}
