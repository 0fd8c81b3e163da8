//! `/w/{token}`: where an expert works on a request, from acceptance to closing: what is asked, the
//! papers, the own opinion, and for the 组长 the opinions of the others and the common conclusion.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{Method, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    consultation::{self, ConsultationState},
    ids::{ConsultationId, FileId},
    opinion::Verdict,
};
use sea_orm::{ActiveEnum, Iterable};
use serde_json::json;

use super::{
    files::one_of,
    view::{Conclusion, FileLink, OpinionView, lines},
};
use crate::{
    accounts::{Visitor, audit},
    consultations::{
        conclude,
        draft::attachments,
        opinion::{
            MOST_FILES, NewOpinion, at_work, file_opinion, keep_file, opinion_files,
            takes_opinions, verdict, waiting_files,
        },
        progress::Progress,
        rules::{self, Step},
        store,
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        files,
        links::{Links, Token},
        texts::{Label, Language, sentence},
        ui::{
            Fields, Form, Shell, Submission, dates, download,
            form::{Choice, choices},
            page_with_status,
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
struct Place {
    token: Token,
    work: Work,
    row: consultation::Model,
    path: String,
}

impl Place {
    async fn read(ctx: &Context, token: &str) -> Result<Self> {
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
    async fn is_trusted(&self, ctx: &Context) -> Result<bool> {
        let person = self.work.member.assignment.person_id;
        Ok(!self.row.confidential
            || pledge::is_given(ctx.store.read(), person, self.work.panel.id).await?)
    }
}

/// `GET /w/{token}`
///
/// # Errors
/// [`Error::NotFound`] for a link that was not given out or is revoked.
pub async fn show(
    State(ctx): State<Context>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response> {
    let place = Place::read(&ctx, &token).await?;
    render(&ctx, visitor, place, Form::default(), StatusCode::OK).await
}

/// `POST /w/{token}`: files an opinion.
///
/// # Errors
/// As [`show`].
pub async fn post_opinion(
    State(ctx): State<Context>,
    Path(token): Path<String>,
    visitor: Visitor,
    submission: Submission,
) -> Result<Response> {
    let place = Place::read(&ctx, &token).await?;
    let mut errors = FieldErrors::default();
    for upload in submission.uploads("files") {
        match keep_file(&ctx, &place.token, upload).await {
            Ok(()) => {}
            Err(Error::Refused(refusal)) => errors.add("files", refusal),
            Err(error) => return Err(error),
        }
    }
    let review = rules::is_review(place.row.purpose);
    let new = NewOpinion::read(&submission.fields, review, &mut errors);
    let done = async {
        let new = errors.into_result(new)?;
        file_opinion(&ctx, &place.token, &new).await
    };
    let done = done.await;
    lead_on(&ctx, visitor, place, submission.fields, done, "opinion").await
}

/// `POST /w/{token}/conclusion`
///
/// # Errors
/// As [`show`].
pub async fn post_conclusion(
    State(ctx): State<Context>,
    Path(token): Path<String>,
    visitor: Visitor,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let place = Place::read(&ctx, &token).await?;
    let mut errors = FieldErrors::default();
    let text = fields.required("conclusion", 8_000, &mut errors);
    let verdict = verdict(fields.text("conclusion_verdict"));
    if verdict.is_none() && rules::is_review(place.row.purpose) {
        let refusal = Refusal::new("consultations.verdict_needed");
        errors.add("conclusion_verdict", refusal);
    }
    let done = async {
        let text = errors.into_result(text)?;
        conclude::conclude(&ctx, &place.token, verdict, &text).await
    };
    let done = done.await;
    lead_on(&ctx, visitor, place, fields, done, "concluded").await
}

/// `POST /w/{token}/pledge`: gives the 保密承诺 for a matter that became confidential later.
///
/// # Errors
/// As [`show`].
pub async fn post_pledge(
    State(ctx): State<Context>,
    Path(token): Path<String>,
    visitor: Visitor,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let place = Place::read(&ctx, &token).await?;
    let given = fields.has("secret");
    let done = async {
        if !given {
            let refusal = Refusal::new("consultations.pledge_first");
            return Err(Error::Invalid(FieldErrors::at("secret", refusal)));
        }
        let tx = ctx.store.begin().await?;
        let (_, work) = at_work(&ctx, &tx, &place.token).await?;
        let person = work.member.assignment.person_id;
        pledge::give(&tx, person, work.panel.id, "link").await?;
        tx.commit().await
    };
    let done = done.await;
    lead_on(&ctx, visitor, place, fields, done, "pledged").await
}

/// `GET /w/{token}/files/{file}`: an attachment, a file of one's own, and for the 组长 the files of
/// all opinions. Loading an attachment is recorded.
///
/// # Errors
/// As [`show`].
pub async fn load(
    State(ctx): State<Context>,
    Path((token, file)): Path<(String, FileId)>,
    method: Method,
) -> Result<Response> {
    let place = Place::read(&ctx, &token).await?;
    if !place.work.goes_on() || !place.is_trusted(&ctx).await? {
        return Err(Error::NotFound);
    }
    let member = &place.work.member;
    let progress = Progress::of(ctx.store.read(), &ctx, &place.row).await?;
    let leads = progress.leads(&place.row, member);
    let mut owners = vec![
        attachments(place.row.id),
        waiting_files(member.assignment.id),
    ];
    owners.extend(
        progress
            .opinions
            .iter()
            .filter(|opinion| leads || opinion.assignment_id == member.assignment.id)
            .map(|opinion| opinion_files(opinion.id)),
    );
    let (file, bytes) = one_of(&ctx, &owners, file).await?;
    if method == Method::GET {
        let tx = ctx.store.begin().await?;
        audit::record(
            &tx,
            audit::Entry {
                actor: Some(member.assignment.person_id),
                action: "consultations.file_loaded",
                subject_kind: "consultation",
                subject_id: Some(place.row.id.0),
                details: json!({ "file": file.id }),
            },
        )
        .await?;
        tx.commit().await?;
    }
    Ok(download(&file.name, &file.media_type, bytes))
}

/// `POST /w/{token}/files/{file}/remove`: takes back a file of an opinion that is not filed yet.
///
/// # Errors
/// As [`show`].
pub async fn remove_file(
    State(ctx): State<Context>,
    Path((token, file)): Path<(String, FileId)>,
    visitor: Visitor,
    submission: Submission,
) -> Result<Response> {
    let place = Place::read(&ctx, &token).await?;
    let tx = ctx.store.begin().await?;
    files::remove(&tx, waiting_files(place.work.member.assignment.id), file).await?;
    tx.commit().await?;
    // The button stands inside the form of the opinion: what is typed there stays.
    let form = Form::new(submission.fields);
    render(&ctx, visitor, place, form, StatusCode::OK).await
}

/// Leads back to the page after something was done, or shows it with what was refused.
async fn lead_on(
    ctx: &Context,
    visitor: Visitor,
    place: Place,
    fields: Fields,
    done: Result<()>,
    word: &str,
) -> Result<Response> {
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("{}?done={word}", place.path)).into_response());
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    render(ctx, visitor, place, form, status).await
}

async fn render(
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
    if goes_on && trusted {
        for opinion in own.iter().rev() {
            let view = OpinionView::of(ctx, opinion, member, &path).await?;
            if mine.is_none() {
                mine = Some(view);
            } else {
                former.push(view);
            }
        }
    }
    let opinions = if goes_on && leads {
        let person = member.assignment.person_id;
        OpinionView::newest(ctx, &progress, Some(person), &path).await?
    } else {
        Vec::new()
    };
    let shown = |owner| async move {
        if goes_on && trusted {
            files::list(db, owner).await
        } else {
            Ok(Vec::new())
        }
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
        files: FileLink::all(&shown(attachments(row.id)).await?, &path),
        mine,
        former,
        waiting: FileLink::all(&shown(waiting_files(member.assignment.id)).await?, &path),
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

/// Fills in what was said before, but nothing over what was just typed.
fn fill(
    form: &mut Form,
    row: &consultation::Model,
    mine: Option<&entity::opinion::Model>,
    alone: bool,
) {
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
