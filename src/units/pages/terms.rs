//! `/terms`: the council terms.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    accounts::{Action, Desk, Owner},
    foundation::{
        context::Context,
        error::{FieldErrors, Result},
        ui::{Form, Shell, Submission, dates, page, page_with_status},
    },
    units::{begin_term, read},
};

#[derive(Template)]
#[template(path = "units/templates/terms.html")]
struct TermsPage {
    shell: Shell,
    form: Form,
    rows: Vec<Row>,
    years: i32,
}

struct Row {
    number: i32,
    from: String,
    to: String,
    state: &'static str,
}

async fn terms_page(ctx: &Context, desk: Desk, form: Form) -> Result<TermsPage> {
    desk.actor.require(Action::ManageUnits, &Owner::ALLIANCE)?;
    let db = ctx.store.read();
    let today = ctx.today();
    let current = read::current_term(db, today).await?;
    let rows = read::terms(db)
        .await?
        .into_iter()
        .map(|term| Row {
            number: term.number,
            from: dates::full_day(term.from_date),
            to: dates::full_day(term.to_date),
            state: match () {
                () if term.id == current.id && term.to_date < today => "届满，待换届",
                () if term.id == current.id => "本届",
                () if term.from_date > today => "下一届",
                () => "已结束",
            },
        })
        .collect();
    Ok(TermsPage {
        shell: desk.shell,
        form,
        rows,
        years: ctx.config.pool.council_term_years,
    })
}

/// `GET /terms`
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for people who may not keep units.
pub async fn show(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    Ok(page(&terms_page(&ctx, desk, Form::default()).await?))
}

/// `POST /terms`
///
/// # Errors
/// As [`show`].
pub async fn post(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let from = fields.date("from", &mut errors);
    if errors.is_empty() {
        fields.required("from", 10, &mut errors);
    }
    let begun = async {
        match errors.into_result(from)? {
            Some(from) => begin_term(&ctx, &desk.actor, from).await,
            None => Ok(()),
        }
    };
    match begun.await {
        Ok(()) => Ok(Redirect::to("/terms?done=saved").into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let shown = terms_page(&ctx, desk, form).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
    }
}
