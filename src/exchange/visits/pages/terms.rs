//! `/exchange/visits/{id}/terms`: other terms, for the approval of the other unit.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{ids::VisitId, visit};

use super::view::{side, side_word};
use crate::{
    accounts::Desk,
    exchange::{
        named::{self, Named},
        visits::{
            amend::{Amendment, amend},
            rules::Side,
            store,
            terms::Terms,
            visitors,
        },
    },
    foundation::{
        context::Context,
        error::{FieldErrors, Result},
        ui::{Fields, Form, Shell, Submission, page_with_status},
    },
};

#[derive(Template)]
#[template(path = "exchange/templates/terms_form.html")]
struct TermsForm {
    shell: Shell,
    form: Form,
    row: visit::Model,
    sends: bool,
}

/// `GET /exchange/visits/{id}/terms`
///
/// # Errors
/// Not found for what is foreign.
pub async fn edit_terms(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitId>,
    query: Fields,
) -> Result<Response> {
    let (row, side) = side(&ctx, &desk, id, query.text("side")).await?;
    let db = ctx.store.read();
    let all = store::terms(db, id).await?;
    let newest = store::newest(&all)?;
    let people: Vec<_> = visitors::of_terms(db, newest)
        .await?
        .iter()
        .map(|one| Named::of(&one.person, &one.visitor.position).line())
        .collect();
    let fields = Terms::of(newest)
        .fields()
        .with("people", people.join("\n"))
        .with("version", newest.version)
        .with("side", side_word(side));
    Ok(page_with_status(
        StatusCode::OK,
        &TermsForm {
            sends: side == Side::Sending,
            form: Form::new(fields),
            row,
            shell: desk.shell,
        },
    ))
}

/// `POST /exchange/visits/{id}/terms`
///
/// # Errors
/// Not found for what is foreign.
pub async fn post_terms(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let (row, side) = side(&ctx, &desk, id, fields.text("side")).await?;
    let mut errors = FieldErrors::default();
    let all = store::terms(ctx.store.read(), id).await?;
    let begun = store::find_terms(&all, row.agreed_version).map(|terms| terms.from_date);
    let terms = Terms::read(&fields, ctx.today(), begun, &mut errors);
    let people = (side == Side::Sending).then(|| named::read(&fields, "people", &mut errors));
    let reason = fields.required("reason", 300, &mut errors);
    let amendment = Amendment {
        terms,
        people,
        reason,
        shown: fields.text("version").parse().unwrap_or(0),
    };
    let done = match errors.into_result(()) {
        Ok(()) => amend(&ctx, id, side, desk.actor.person, &amendment).await,
        Err(error) => Err(error),
    };
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/exchange/visits/{id}?done=sent")).into_response());
    };
    Ok(page_with_status(
        StatusCode::UNPROCESSABLE_ENTITY,
        &TermsForm {
            sends: side == Side::Sending,
            form: Form::refused(fields, error.into_form_errors()?),
            row,
            shell: desk.shell,
        },
    ))
}
