//! `/w/{token}`: where an expert works on a request, from acceptance to closing: what is asked, the
//! papers, the own opinion, and for the 组长 the opinions of the others and the common conclusion.
//! Which body a link leads to is found by `panels`.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::ids::FileId;
use serde_json::json;

use super::{
    files::one_of,
    work_page::{Place, render},
};
use crate::{
    accounts::{Visitor, audit},
    consultations::{
        conclude,
        draft::attachments,
        opinion::{
            NewOpinion, at_work, file_opinion, keep_file, opinion_files, verdict, waiting_files,
        },
        progress::Progress,
        rules,
    },
    foundation::{
        context::{Boxed, Context},
        error::{Error, FieldErrors, Refusal, Result},
        files,
        ui::{Fields, Form, Submission, download},
    },
    panels::{WorkSite, pledge},
};

/// The work pages of consultations.
#[derive(Clone, Copy, Debug)]
pub struct ConsultationWork;

impl WorkSite for ConsultationWork {
    fn kind(&self) -> &'static str {
        "consultation"
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
            let place = Place::read(ctx, token).await?;
            match step {
                "" => post_opinion(ctx, place, visitor, submission).await,
                "conclusion" => post_conclusion(ctx, place, visitor, submission.fields).await,
                "pledge" => post_pledge(ctx, place, visitor, submission.fields).await,
                _ => Err(Error::NotFound),
            }
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
        Box::pin(remove_file(ctx, visitor, token, file, submission))
    }
}

/// `POST /w/{token}`: files an opinion.
async fn post_opinion(
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
    let review = rules::is_review(place.row.purpose);
    let new = NewOpinion::read(&submission.fields, review, &mut errors);
    let done = async {
        let new = errors.into_result(new)?;
        file_opinion(ctx, &place.token, &new).await
    };
    let done = done.await;
    lead_on(ctx, visitor, place, submission.fields, done, "opinion").await
}

/// `POST /w/{token}/conclusion`
async fn post_conclusion(
    ctx: &Context,
    place: Place,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let text = fields.required("conclusion", 8_000, &mut errors);
    let verdict = verdict(fields.text("conclusion_verdict"));
    if verdict.is_none() && rules::is_review(place.row.purpose) {
        let refusal = Refusal::new("consultations.verdict_needed");
        errors.add("conclusion_verdict", refusal);
    }
    let done = async {
        let text = errors.into_result(text)?;
        conclude::conclude(ctx, &place.token, verdict, &text).await
    };
    let done = done.await;
    lead_on(ctx, visitor, place, fields, done, "concluded").await
}

/// `POST /w/{token}/pledge`: gives the 保密承诺 for a matter that became confidential later.
async fn post_pledge(
    ctx: &Context,
    place: Place,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response> {
    let given = fields.has("secret");
    let done = async {
        if !given {
            let refusal = Refusal::new("consultations.pledge_first");
            return Err(Error::Invalid(FieldErrors::at("secret", refusal)));
        }
        let tx = ctx.store.begin().await?;
        let (_, work) = at_work(ctx, &tx, &place.token).await?;
        let person = work.member.assignment.person_id;
        pledge::give(&tx, person, work.panel.id, "link").await?;
        tx.commit().await
    };
    let done = done.await;
    lead_on(ctx, visitor, place, fields, done, "pledged").await
}

/// `GET /w/{token}/files/{file}`: an attachment, a file of one's own, and for the 组长 the files of
/// all opinions. Loading an attachment is recorded.
async fn load(ctx: &Context, token: &str, file: FileId, recorded: bool) -> Result<Response> {
    let place = Place::read(ctx, token).await?;
    if !place.work.goes_on() || !place.is_trusted(ctx).await? {
        return Err(Error::NotFound);
    }
    let member = &place.work.member;
    let progress = Progress::of(ctx.store.read(), ctx, &place.row).await?;
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
    let (file, bytes) = one_of(ctx, &owners, file).await?;
    if recorded {
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
async fn remove_file(
    ctx: &Context,
    visitor: Visitor,
    token: &str,
    file: FileId,
    submission: Submission,
) -> Result<Response> {
    let place = Place::read(ctx, token).await?;
    let tx = ctx.store.begin().await?;
    let owner = waiting_files(place.work.member.assignment.id);
    files::remove(&tx, owner, file).await?;
    tx.commit().await?;
    // The button stands inside the form of the opinion: what is typed there stays.
    let form = Form::new(submission.fields);
    render(ctx, visitor, place, form, StatusCode::OK).await
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
