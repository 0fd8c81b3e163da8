//! The meeting as an entry for the expert's calendar.

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use entity::assignment::AssignmentState;

use super::question;
use crate::{
    foundation::{
        calendar::{self, Party},
        context::Context,
        error::{Error, Result},
    },
    panels::matter::{Attendance, Matter},
};

/// `GET /i/{token}/calendar`: the meeting as a file for the expert's calendar.
///
/// # Errors
/// [`Error::NotFound`] before acceptance and without a meeting.
pub async fn calendar(State(ctx): State<Context>, Path(token): Path<String>) -> Result<Response> {
    let question = question(&ctx, &token).await?;
    if question.assignment.state != AssignmentState::Accepted {
        return Err(Error::NotFound);
    }
    let panel = &question.panel;
    let (Some(from), Some(to)) = (panel.meeting_from, panel.meeting_to) else {
        return Err(Error::NotFound);
    };
    let entry = Attendance {
        assignment: question.assignment.id,
        sequence: panel.calendar_sequence,
        from,
        to,
        cancelled: false,
    };
    let event = Matter::for_mail(panel).event(&entry, ctx.now(), ctx.zone());
    let office = Party {
        name: ctx.config.office.issuer.clone(),
        address: ctx.config.mail.from_address.clone(),
    };
    let text = calendar::feed(&question.panel.number, &office, &[event]);
    Ok((
        [
            (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
            (
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"meeting.ics\"",
            ),
        ],
        text,
    )
        .into_response())
}
