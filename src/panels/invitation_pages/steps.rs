//! What the secretariat does with a question: remind, send again, record an answer.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{FileId, InvitationId},
    invitation::Channel,
};

use super::{detail::detail_page, refusals};
use crate::{
    accounts::{Action, Desk, policy::Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        files,
        ui::{Form, Submission, download},
    },
    panels::{
        answer::Given,
        answer_pages::reason,
        disown, invitation_list,
        owners::Owners,
        record_answer::{self, Recorded, read_answer},
        remind, replace,
        rules::Effect,
    },
};

/// `POST /invitations/{id}/remind`
///
/// # Errors
/// As [`remind::remind`].
pub async fn post_remind(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<InvitationId>,
) -> Result<Response> {
    let done = remind::remind(&ctx, &desk.actor, id).await;
    lead_on(&ctx, desk, id, done, "reminded").await
}

/// `POST /invitations/{id}/resend`
///
/// # Errors
/// As [`disown::resend`].
pub async fn post_resend(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<InvitationId>,
) -> Result<Response> {
    let done = disown::resend(&ctx, &desk.actor, id).await;
    lead_on(&ctx, desk, id, done, "invited").await
}

/// Back to the question's page, with what was refused on top of it.
async fn lead_on(
    ctx: &Context,
    mut desk: Desk,
    id: InvitationId,
    done: Result<()>,
    word: &str,
) -> Result<Response> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/invitations/{id}?done={word}")).into_response()),
        Err(error) => {
            let errors = error.into_form_errors()?;
            desk.shell.notice = Some(refusals(&errors));
            let mut response = detail_page(ctx, desk, id, Form::default()).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}

/// `POST /invitations/{id}/record`
///
/// # Errors
/// As [`record_answer::record_answer`].
pub async fn post_record(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<InvitationId>,
    submission: Submission,
) -> Result<Response> {
    let fields = &submission.fields;
    let mut errors = FieldErrors::default();
    let answer = fields.choice("answer", &mut errors, read_answer);
    let channel = fields.choice("channel", &mut errors, |word| match word {
        "phone" => Some(Channel::Phone),
        "paper" => Some(Channel::Paper),
        _ => None,
    });
    let note = fields.optional("note", 300, &mut errors);
    let more = fields.optional("more", 300, &mut errors);
    let suggestion = fields.optional("suggestion", 60, &mut errors);
    let scans = submission.uploads("scan");
    if scans.len() > ctx.config.files.max_files {
        errors.add(
            "scan",
            Refusal::new("file.too_many").with("max", ctx.config.files.max_files),
        );
    }
    let result = match (answer, channel) {
        (Some(answer), Some(channel)) if errors.is_empty() => {
            let declines = answer == entity::invitation::Answer::Decline;
            let recorded = Recorded {
                given: Given {
                    answer,
                    clear: fields.has("clear"),
                    pledged: fields.has("secret"),
                    reason: declines.then(|| reason(fields.text("reason"))).flatten(),
                    note: more,
                    suggestion,
                },
                channel,
                note,
                scans,
            };
            record_answer::record_answer(&ctx, &owners, &desk.actor, id, &recorded).await
        }
        _ => Err(Error::Invalid(errors)),
    };
    match result {
        Ok(effect) => {
            if effect == Effect::Leave {
                let panel = invitation_list::one(ctx.store.read(), id).await?.panel.id;
                replace::replace(&ctx, &owners, panel).await?;
            }
            Ok(Redirect::to(&format!("/invitations/{id}?done=recorded")).into_response())
        }
        Err(error) => {
            let form = Form::refused(submission.fields.clone(), error.into_form_errors()?);
            detail_page(&ctx, desk, id, form).await
        }
    }
}

/// `GET /invitations/{id}/scans/{file}`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn scan(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, file)): Path<(InvitationId, FileId)>,
) -> Result<Response> {
    desk.actor.require(Action::ReadPanels, &Owner::ALLIANCE)?;
    let (row, bytes) = files::read(ctx.store.read(), record_answer::scans(id), file).await?;
    Ok(download(&row.name, &row.media_type, bytes))
}
