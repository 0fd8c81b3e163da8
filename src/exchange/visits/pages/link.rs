//! `/v/{token}`: a visitor's own page on a phone.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    visit::{self, VisitState},
    visitor,
};

use super::visit::{Shown, show_terms};
use crate::{
    accounts::{Visitor, pages::link_ended},
    exchange::visits::{
        link::{self, OnTheWay},
        report,
        return_home::{self, Return},
        rules, store,
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        links::Links,
        ui::{Fields, Form, Shell, Submission, Tag, dates, page_with_status},
    },
    people, units,
};

#[derive(Template)]
#[template(path = "exchange/templates/visitor.html")]
struct VisitorPage {
    shell: Shell,
    form: Form,
    path: String,
    row: visit::Model,
    person: String,
    sample: bool,
    tag: Tag,
    sending: String,
    host: String,
    terms: Shown,
    true_days: String,
    report_due: String,
    reported: Option<i32>,
    confirms: bool,
    reports: bool,
    travels: bool,
    departed: String,
    arrived: String,
}

struct Place {
    row: visit::Model,
    me: visitor::Model,
    path: String,
}

async fn place(ctx: &Context, token: &str) -> Result<Place> {
    let read = Links::read(token).ok_or(Error::NotFound)?;
    let (me, row) = link::open(ctx.store.read(), &ctx.links, &read).await?;
    Ok(Place {
        row,
        me,
        path: format!("/v/{token}"),
    })
}

/// `GET /v/{token}`
///
/// # Errors
/// [`Error::NotFound`] for a link that was never given out; one that has ended has a page that says so.
pub async fn show_link(
    State(ctx): State<Context>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response> {
    match place(&ctx, &token).await {
        Ok(place) => render(&ctx, visitor, place, Form::default(), StatusCode::OK).await,
        Err(error) => link_ended(visitor.shell, error, ("/", "打开首页")),
    }
}

/// `POST /v/{token}/return`
///
/// # Errors
/// As [`show_link`].
pub async fn post_link_return(
    State(ctx): State<Context>,
    Path(token): Path<String>,
    visitor: Visitor,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let place = place(&ctx, &token).await?;
    let mut errors = FieldErrors::default();
    let told = Return::read(&fields, ctx.today(), &mut errors);
    let done = match errors.into_result(told) {
        Ok(Some(told)) => {
            return_home::confirm_return(&ctx, place.row.id, place.me.person_id, &told).await
        }
        Ok(None) => Err(Error::NotFound),
        Err(error) => Err(error),
    };
    lead_on(&ctx, visitor, place, fields, done, "confirmed").await
}

/// `POST /v/{token}/report`
///
/// # Errors
/// As [`show_link`].
pub async fn post_link_report(
    State(ctx): State<Context>,
    Path(token): Path<String>,
    visitor: Visitor,
    submission: Submission,
) -> Result<Response> {
    let place = place(&ctx, &token).await?;
    let mut errors = FieldErrors::default();
    let text = submission.fields.required("report", 10_000, &mut errors);
    let uploads = submission.uploads("files");
    let done = match errors.into_result(text) {
        Ok(text) => {
            report::file_report(&ctx, place.row.id, place.me.person_id, &text, &uploads).await
        }
        Err(error) => Err(error),
    };
    lead_on(&ctx, visitor, place, submission.fields, done, "recorded").await
}

/// `POST /v/{token}/way`: departure or arrival, where the office has switched it on.
///
/// # Errors
/// As [`show_link`].
pub async fn post_on_the_way(
    State(ctx): State<Context>,
    Path(token): Path<String>,
    visitor: Visitor,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let place = place(&ctx, &token).await?;
    let what = match fields.text("what") {
        "departed" => OnTheWay::Departed,
        "arrived" => OnTheWay::Arrived,
        _ => return Err(Error::NotFound),
    };
    let done = link::tell(&ctx, place.row.id, place.me.id, what).await;
    lead_on(&ctx, visitor, place, fields, done, "recorded").await
}

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
    render(ctx, visitor, place, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn render(
    ctx: &Context,
    visitor: Visitor,
    place: Place,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let Place { row, me, path } = place;
    let db = ctx.store.read();
    let all = store::terms(db, row.id).await?;
    let terms = store::find_terms(&all, row.agreed_version).ok_or(Error::NotFound)?;
    let person = people::get(db, me.person_id).await?;
    let today = ctx.today();
    let begun = row.state == VisitState::Agreed && terms.from_date <= today;
    let told = |at: Option<chrono::DateTime<chrono::Utc>>| {
        at.map(|at| dates::moment(at, ctx.zone()))
            .unwrap_or_default()
    };
    let shown = VisitorPage {
        tag: rules::tag(row.state),
        sending: units::get(db, row.sending_unit_id).await?.name,
        host: units::get(db, row.host_unit_id).await?.name,
        terms: show_terms(terms),
        true_days: match (row.left_on, row.back_on) {
            (Some(left), Some(back)) => dates::days(left, back),
            _ => String::new(),
        },
        report_due: row
            .report_due
            .map(dates::day_and_weekday)
            .unwrap_or_default(),
        reported: store::reports(db, row.id)
            .await?
            .first()
            .map(|newest| newest.version),
        confirms: begun,
        reports: matches!(row.state, VisitState::Returned | VisitState::Reported)
            || form.fields.has("report"),
        travels: ctx.config.exchange.travel_links && row.state == VisitState::Agreed,
        departed: told(me.departed_at),
        arrived: told(me.arrived_at),
        person: person.name,
        sample: person.sample,
        form,
        path,
        row,
        shell: visitor.shell,
    };
    Ok(page_with_status(status, &shown))
}
