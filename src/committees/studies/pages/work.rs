//! `/w/{token}` of a study: what is asked, until when, what was filed so far, and the form for what is
//! due now.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{FileId, StudyId},
    study::{self, StudyState},
};
use serde_json::json;

use super::{
    super::{
        report::{MOST_FILES, file_report, keep_file, report_files, waiting_files},
        rules, store,
    },
    parts::{MilestoneView, milestones},
};
use crate::{
    accounts::{Visitor, audit},
    foundation::{
        context::{Boxed, Context},
        error::{Error, FieldErrors, Result},
        files,
        links::{Links, Token},
        ui::{FileLink, Form, Shell, Submission, download, lines, page_with_status},
    },
    panels::{self, Work, WorkSite, matter::Matter},
};

/// The work pages of studies.
#[derive(Clone, Copy, Debug)]
pub struct StudyWork;

impl WorkSite for StudyWork {
    fn kind(&self) -> &'static str {
        "study"
    }

    fn show<'a>(
        &'a self,
        ctx: &'a Context,
        visitor: Visitor,
        token: &'a str,
    ) -> Boxed<'a, Result<Response>> {
        Box::pin(async move {
            let place = Place::read(ctx, token).await?;
            render(ctx, visitor, place, Form::default(), StatusCode::OK).await
        })
    }

    fn post<'a>(
        &'a self,
        ctx: &'a Context,
        visitor: Visitor,
        token: &'a str,
        step: &'a str,
        submission: Submission,
    ) -> Boxed<'a, Result<Response>> {
        Box::pin(async move {
            if !step.is_empty() {
                return Err(Error::NotFound);
            }
            let place = Place::read(ctx, token).await?;
            post_report(ctx, place, visitor, submission).await
        })
    }

    fn load<'a>(
        &'a self,
        ctx: &'a Context,
        token: &'a str,
        file: FileId,
        recorded: bool,
    ) -> Boxed<'a, Result<Response>> {
        Box::pin(load(ctx, token, file, recorded))
    }

    fn remove_file<'a>(
        &'a self,
        ctx: &'a Context,
        visitor: Visitor,
        token: &'a str,
        file: FileId,
        submission: Submission,
    ) -> Boxed<'a, Result<Response>> {
        Box::pin(async move {
            let place = Place::read(ctx, token).await?;
            let tx = ctx.store.begin().await?;
            let owner = waiting_files(place.work.member.assignment.id);
            files::remove(&tx, owner, file).await?;
            tx.commit().await?;
            // The button stands inside the form of the report: what is typed there stays.
            let form = Form::new(submission.fields);
            render(ctx, visitor, place, form, StatusCode::OK).await
        })
    }
}

#[derive(Template)]
#[template(path = "committees/templates/study_work.html")]
struct WorkPage {
    shell: Shell,
    form: Form,
    path: String,
    person: String,
    sample: bool,
    matter: Matter,
    head: bool,
    ended: bool,
    /// Whether something can be filed.
    open: bool,
    /// Whether the committee is looking at what was filed.
    waits: bool,
    question: Vec<String>,
    /// What was sent when nothing could be filed any more: shown, so that it is not lost.
    typed: Vec<String>,
    members: Vec<String>,
    milestones: Vec<MilestoneView>,
    waiting: Vec<FileLink>,
    files_hint: String,
}

impl WorkPage {
    /// What is due now.
    fn due(&self) -> Option<&MilestoneView> {
        self.milestones.iter().find(|one| one.current)
    }
}

/// What a work link opens, read anew.
struct Place {
    token: Token,
    work: Work,
    row: study::Model,
    path: String,
}

impl Place {
    async fn read(ctx: &Context, token: &str) -> Result<Self> {
        let path = format!("/w/{token}");
        let token = Links::read(token).ok_or(Error::NotFound)?;
        let db = ctx.store.read();
        let work = panels::member_by_work_token(db, &ctx.links, &token).await?;
        let row = store::get(db, StudyId(work.panel.owner_id)).await?;
        Ok(Self {
            token,
            work,
            row,
            path,
        })
    }
}

async fn post_report(
    ctx: &Context,
    place: Place,
    visitor: Visitor,
    submission: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    for upload in submission.uploads("files") {
        match keep_file(ctx, &place.token, upload).await {
            Ok(()) => {}
            Err(Error::Refused(refusal)) => errors.add("files", refusal),
            Err(error) => return Err(error),
        }
    }
    let text = submission.fields.required("text", 8_000, &mut errors);
    let done = async {
        let text = errors.into_result(text)?;
        file_report(ctx, &place.token, &text).await
    };
    match done.await {
        Ok(_) => Ok(Redirect::to(&format!("{}?done=sent", place.path)).into_response()),
        Err(error) => {
            let form = Form::refused(submission.fields, error.into_form_errors()?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            render(ctx, visitor, place, form, status).await
        }
    }
}

/// A file of a report of the panel, or one of one's own that is not filed yet. Loading is recorded.
async fn load(ctx: &Context, token: &str, file: FileId, recorded: bool) -> Result<Response> {
    let place = Place::read(ctx, token).await?;
    if !place.work.goes_on() {
        return Err(Error::NotFound);
    }
    let db = ctx.store.read();
    let assignment = &place.work.member.assignment;
    let mut owners = vec![waiting_files(assignment.id)];
    let reports = store::reports(db, place.row.id).await?;
    owners.extend(reports.iter().map(|report| report_files(report.id)));
    for owner in owners {
        let (file, bytes) = match files::read(db, owner, file).await {
            Ok(found) => found,
            Err(Error::NotFound) => continue,
            Err(error) => return Err(error),
        };
        if recorded {
            let tx = ctx.store.begin().await?;
            audit::record(
                &tx,
                audit::Entry {
                    actor: Some(assignment.person_id),
                    action: "studies.file_loaded",
                    subject_kind: "study",
                    subject_id: Some(place.row.id.0),
                    details: json!({ "file": file.id }),
                },
            )
            .await?;
            tx.commit().await?;
        }
        return Ok(download(&file.name, &file.media_type, bytes));
    }
    Err(Error::NotFound)
}

async fn render(
    ctx: &Context,
    visitor: Visitor,
    place: Place,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let Place {
        work, row, path, ..
    } = place;
    let db = ctx.store.read();
    let goes_on = work.goes_on() && !rules::has_ended(row.state);
    let open = goes_on && rules::takes_reports(row.state);
    let waiting = if goes_on {
        files::list(db, waiting_files(work.member.assignment.id)).await?
    } else {
        Vec::new()
    };
    let members = panels::members(db, work.panel.id).await?;
    let page = WorkPage {
        person: work.member.expert.person.name.clone(),
        sample: work.member.expert.person.sample,
        head: work.member.assignment.head,
        ended: !goes_on,
        open,
        waits: row.state == StudyState::Review,
        question: lines(&row.question),
        typed: lines(form.fields.text("text")),
        members: members
            .iter()
            .map(|member| {
                format!(
                    "{}（{}）",
                    member.expert.person.name, member.expert.unit_name
                )
            })
            .collect(),
        milestones: if goes_on {
            milestones(ctx, row.id, open, &path).await?
        } else {
            Vec::new()
        },
        waiting: FileLink::all(&waiting, &path),
        files_hint: format!(
            "最多 {MOST_FILES} 个，每个不超过 {} MB。",
            ctx.config.files.max_mb
        ),
        matter: Matter::of(&work.panel),
        path,
        form,
        shell: visitor.shell,
    };
    Ok(page_with_status(status, &page))
}
