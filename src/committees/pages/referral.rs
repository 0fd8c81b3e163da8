//! `/referrals/{id}`: a matter that was referred to a committee, and what the committee says to it.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{CommitteeId, ReferralId},
    referral::ReferralState,
};

use super::super::{
    referrals::{self, Referrers, Said},
    store,
};
use crate::{
    accounts::{Action, Desk, Owner},
    foundation::{
        context::Context,
        error::{FieldErrors, Result},
        texts::Label,
        ui::{Form, Shell, Submission, dates, lines, page_with_status},
    },
};

#[derive(Template)]
#[template(path = "committees/templates/referral.html")]
struct ReferralPage {
    shell: Shell,
    form: Form,
    id: ReferralId,
    committee: (CommitteeId, String),
    number: String,
    title: String,
    asking: String,
    text: Vec<String>,
    when: String,
    state: &'static str,
    note: Vec<String>,
    open: bool,
}

impl ReferralPage {
    fn wrong(&self, name: &str) -> bool {
        self.form.errors.of(name).is_some()
    }
}

/// `GET /referrals/{id}`
///
/// # Errors
/// Not found for people who do not act for the committee.
pub async fn show(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ReferralId>,
) -> Result<Response> {
    render(&ctx, desk, id, Form::default(), StatusCode::OK).await
}

/// `POST /referrals/{id}`: `do` is `answer` or `panel`.
///
/// # Errors
/// As [`show`].
pub async fn post(
    State(ctx): State<Context>,
    State(referrers): State<Referrers>,
    desk: Desk,
    Path(id): Path<ReferralId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let said = if fields.text("do") == "panel" {
        Said::Panel(fields.required("panel_reason", 500, &mut errors))
    } else {
        Said::Answer(fields.required("answer", 8_000, &mut errors))
    };
    let done = async {
        let said = errors.into_result(said)?;
        referrals::say(&ctx, &referrers, &desk.actor, id, &said).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/referrals/{id}?done=sent")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render(&ctx, desk, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn render(
    ctx: &Context,
    desk: Desk,
    id: ReferralId,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let db = ctx.store.read();
    let row = referrals::get(db, id).await?;
    desk.actor
        .require(Action::RunCommittee, &Owner::committee(row.committee_id))?;
    let committee = store::get(db, row.committee_id).await?;
    Ok(page_with_status(
        status,
        &ReferralPage {
            id,
            committee: (committee.id, committee.name),
            text: lines(&row.text),
            when: dates::moment(row.created_at, ctx.zone()),
            state: row.state.zh(),
            note: lines(&row.note),
            open: row.state == ReferralState::Open,
            number: row.number,
            title: row.title,
            asking: row.asking_name,
            form,
            shell: desk.shell,
        },
    ))
}
