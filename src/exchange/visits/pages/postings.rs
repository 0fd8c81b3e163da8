//! `/exchange/offers…`, `/exchange/wishes…`: what units offer and ask for.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{VisitOfferId, VisitWishId},
    visit_offer::PostingState,
    visit_wish,
};

use super::{
    list::{met_by, posting_tag, used},
    view::{lines, name, own_units, sees_all},
};
use crate::{
    accounts::{Action, Desk, Owner},
    exchange::{
        named::Named,
        visits::{
            postings,
            postings::{OfferFiling, WishFiling},
            store,
        },
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        ui::{Form, Html, Shell, Submission, Tag, dates, domain_labels, page_with_status},
    },
    panels::texts,
    people, units,
};

#[derive(Template)]
#[template(path = "exchange/templates/offer_form.html")]
struct OfferForm {
    shell: Shell,
    form: Form,
    action: String,
    back: String,
    heading: &'static str,
}

#[derive(Template)]
#[template(path = "exchange/templates/wish_form.html")]
struct WishForm {
    shell: Shell,
    form: Form,
    action: String,
    back: String,
    heading: &'static str,
}

#[derive(Template)]
#[template(path = "exchange/templates/posting.html")]
struct PostingPage {
    shell: Shell,
    form: Form,
    base: String,
    kind: &'static str,
    number: String,
    title: String,
    unit: String,
    tag: Tag,
    facts: Vec<(&'static str, String)>,
    text: Vec<String>,
    people: Vec<Html>,
    visits: Vec<(String, String)>,
    may_change: bool,
    may_close: bool,
}

/// `GET /exchange/offers/new`
///
/// # Errors
/// Not found for people who are no contact.
pub async fn new_offer(desk: Desk) -> Result<Response> {
    desk.actor.unit()?;
    Ok(offer_form(desk, None, Form::default(), StatusCode::OK))
}

/// `POST /exchange/offers`
///
/// # Errors
/// As [`new_offer`].
pub async fn post_new_offer(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let unit = desk.actor.unit()?;
    desk.actor
        .require(Action::FileExchange, &Owner::unit(unit))?;
    let mut errors = FieldErrors::default();
    let filing = OfferFiling::read(&fields, ctx.today(), &mut errors);
    let done = match errors.into_result(()) {
        Ok(()) => postings::file_offer(&ctx, unit, desk.actor.person, &filing).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => Ok(to(&format!("/exchange/offers/{id}?done=saved"))),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            Ok(offer_form(
                desk,
                None,
                form,
                StatusCode::UNPROCESSABLE_ENTITY,
            ))
        }
    }
}

/// `GET /exchange/offers/{id}/edit`
///
/// # Errors
/// Not found for what is foreign.
pub async fn edit_offer(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitOfferId>,
) -> Result<Response> {
    let row = store::offer(ctx.store.read(), id).await?;
    desk.actor
        .require(Action::FileExchange, &Owner::unit(row.unit_id))?;
    let fields = OfferFiling::of(&row).fields().with("version", row.version);
    Ok(offer_form(
        desk,
        Some(id),
        Form::new(fields),
        StatusCode::OK,
    ))
}

/// `POST /exchange/offers/{id}/edit`
///
/// # Errors
/// Not found for what is foreign.
pub async fn post_edit_offer(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitOfferId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let row = store::offer(ctx.store.read(), id).await?;
    desk.actor
        .require(Action::FileExchange, &Owner::unit(row.unit_id))?;
    let mut errors = FieldErrors::default();
    let filing = OfferFiling::read(&fields, ctx.today(), &mut errors);
    let version = fields.text("version").parse().unwrap_or(0);
    let done = match errors.into_result(()) {
        Ok(()) => postings::change_offer(&ctx, id, desk.actor.person, &filing, version).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(to(&format!("/exchange/offers/{id}?done=saved"))),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(offer_form(desk, Some(id), form, status))
        }
    }
}

fn offer_form(desk: Desk, id: Option<VisitOfferId>, form: Form, status: StatusCode) -> Response {
    let (action, back, heading) = match id {
        None => (
            "/exchange/offers".to_owned(),
            "/exchange?tab=offers".to_owned(),
            "提供互访名额",
        ),
        Some(id) => (
            format!("/exchange/offers/{id}/edit"),
            format!("/exchange/offers/{id}"),
            "修改互访名额",
        ),
    };
    page_with_status(
        status,
        &OfferForm {
            form,
            action,
            back,
            heading,
            shell: desk.shell,
        },
    )
}

/// `GET /exchange/offers/{id}`: open offers are for all units to see, closed ones for the own.
///
/// # Errors
/// Not found for what is foreign.
pub async fn show_offer(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitOfferId>,
) -> Result<Response> {
    offer_page(&ctx, desk, id, Form::default(), StatusCode::OK).await
}

async fn offer_page(
    ctx: &Context,
    desk: Desk,
    id: VisitOfferId,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let db = ctx.store.read();
    let row = store::offer(db, id).await?;
    let own = own_units(&desk.actor).contains(&row.unit_id);
    let all = sees_all(&desk.actor);
    let open = row.state == PostingState::Open;
    if !own && !all && !open {
        return Err(Error::NotFound);
    }
    let visits = store::of_postings(db, &[id], &[]).await?;
    let mut facts = vec![
        ("时间", dates::days(row.from_date, row.to_date)),
        (
            "名额",
            format!(
                "{} 批，每批最多 {} 人；已安排 {} 批",
                row.rounds,
                row.places,
                used(&visits, id)
            ),
        ),
        ("地点", row.place.clone()),
        ("带教老师", row.mentor_name.clone()),
        ("费用", row.cost.clone()),
        ("保险", row.insurance.clone()),
        ("保密", row.secrecy.clone()),
        ("领域", domains(&row.domains, &row.keywords)),
    ];
    if own || all {
        facts.insert(4, ("带教电话", row.mentor_phone.clone()));
    }
    let shown = PostingPage {
        base: format!("/exchange/offers/{id}"),
        kind: "名额",
        unit: units::get(db, row.unit_id).await?.name,
        tag: posting_tag(row.state),
        text: lines(&row.description),
        people: Vec::new(),
        visits: visits
            .iter()
            .filter(|_| own || all)
            .map(|visit| {
                (
                    format!("/exchange/visits/{}", visit.id),
                    visit.number.clone(),
                )
            })
            .collect(),
        may_change: own && open,
        may_close: own && open,
        number: row.number,
        title: row.title,
        facts: filled(facts),
        form,
        shell: desk.shell,
    };
    Ok(page_with_status(status, &shown))
}

/// `POST /exchange/offers/{id}/close`
///
/// # Errors
/// Not found for what is foreign.
pub async fn post_close_offer(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitOfferId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let row = store::offer(ctx.store.read(), id).await?;
    desk.actor
        .require(Action::FileExchange, &Owner::unit(row.unit_id))?;
    match postings::close_offer(&ctx, id, Some(desk.actor.person)).await {
        Ok(()) => Ok(to(&format!("/exchange/offers/{id}?done=closed"))),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            offer_page(&ctx, desk, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `GET /exchange/wishes/new`
///
/// # Errors
/// Not found for people who are no contact.
pub async fn new_wish(desk: Desk) -> Result<Response> {
    desk.actor.unit()?;
    Ok(wish_form(desk, None, Form::default(), StatusCode::OK))
}

/// `POST /exchange/wishes`
///
/// # Errors
/// As [`new_wish`].
pub async fn post_new_wish(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let unit = desk.actor.unit()?;
    desk.actor
        .require(Action::FileExchange, &Owner::unit(unit))?;
    let mut errors = FieldErrors::default();
    let filing = WishFiling::read(&fields, ctx.today(), &mut errors);
    let done = match errors.into_result(()) {
        Ok(()) => postings::file_wish(&ctx, unit, desk.actor.person, &filing).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => Ok(to(&format!("/exchange/wishes/{id}?done=sent"))),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            Ok(wish_form(
                desk,
                None,
                form,
                StatusCode::UNPROCESSABLE_ENTITY,
            ))
        }
    }
}

/// `GET /exchange/wishes/{id}/edit`
///
/// # Errors
/// Not found for what is foreign.
pub async fn edit_wish(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitWishId>,
) -> Result<Response> {
    let row = own_wish(&ctx, &desk, id).await?;
    let mut filing = WishFiling::of(&row);
    filing.people = named(&ctx, id).await?;
    let fields = filing.fields().with("version", row.version);
    Ok(wish_form(desk, Some(id), Form::new(fields), StatusCode::OK))
}

/// `POST /exchange/wishes/{id}/edit`
///
/// # Errors
/// Not found for what is foreign.
pub async fn post_edit_wish(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitWishId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    own_wish(&ctx, &desk, id).await?;
    let mut errors = FieldErrors::default();
    let filing = WishFiling::read(&fields, ctx.today(), &mut errors);
    let version = fields.text("version").parse().unwrap_or(0);
    let done = match errors.into_result(()) {
        Ok(()) => postings::change_wish(&ctx, id, desk.actor.person, &filing, version).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(to(&format!("/exchange/wishes/{id}?done=saved"))),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(wish_form(desk, Some(id), form, status))
        }
    }
}

async fn own_wish(ctx: &Context, desk: &Desk, id: VisitWishId) -> Result<visit_wish::Model> {
    let row = store::wish(ctx.store.read(), id).await?;
    desk.actor
        .require(Action::FileExchange, &Owner::unit(row.unit_id))?;
    Ok(row)
}

async fn named(ctx: &Context, id: VisitWishId) -> Result<Vec<Named>> {
    let db = ctx.store.read();
    let rows = store::wish_people(db, &[id]).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.person_id).collect();
    let people = people::by_ids(db, &ids).await?;
    Ok(rows
        .iter()
        .filter_map(|row| Some(Named::of(people.get(&row.person_id)?, &row.position)))
        .collect())
}

fn wish_form(desk: Desk, id: Option<VisitWishId>, form: Form, status: StatusCode) -> Response {
    let (action, back, heading) = match id {
        None => (
            "/exchange/wishes".to_owned(),
            "/exchange?tab=wishes".to_owned(),
            "申请出访",
        ),
        Some(id) => (
            format!("/exchange/wishes/{id}/edit"),
            format!("/exchange/wishes/{id}"),
            "修改出访申请",
        ),
    };
    page_with_status(
        status,
        &WishForm {
            form,
            action,
            back,
            heading,
            shell: desk.shell,
        },
    )
}

/// `GET /exchange/wishes/{id}`
///
/// # Errors
/// Not found for what is foreign.
pub async fn show_wish(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitWishId>,
) -> Result<Response> {
    wish_page(&ctx, desk, id, Form::default(), StatusCode::OK).await
}

async fn wish_page(
    ctx: &Context,
    desk: Desk,
    id: VisitWishId,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let db = ctx.store.read();
    let row = store::wish(db, id).await?;
    desk.actor
        .require(Action::ReadExchange, &Owner::unit(row.unit_id))?;
    let own = own_units(&desk.actor).contains(&row.unit_id);
    let visits = store::of_postings(db, &[], &[id]).await?;
    let taken = met_by(&visits, id).is_some();
    let rows = store::wish_people(db, &[id]).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.person_id).collect();
    let known = people::by_ids(db, &ids).await?;
    let open = row.state == PostingState::Open;
    let shown = PostingPage {
        base: format!("/exchange/wishes/{id}"),
        kind: "出访申请",
        unit: units::get(db, row.unit_id).await?.name,
        tag: posting_tag(row.state),
        facts: filled(vec![
            (
                "时间",
                format!(
                    "{}之间，{} 天",
                    dates::days(row.from_date, row.to_date),
                    row.days
                ),
            ),
            ("组别", row.group_name.clone()),
            ("领域", domains(&row.domains, &row.keywords)),
        ]),
        text: lines(&row.description),
        people: rows
            .iter()
            .filter_map(|one| {
                let person = known.get(&one.person_id)?;
                let mut html = name(&person.name, person.sample);
                if !one.position.is_empty() {
                    let position = crate::foundation::ui::form::escape(&one.position);
                    html.0.push_str(&format!("，{position}"));
                }
                Some(html)
            })
            .collect(),
        visits: visits
            .iter()
            .map(|visit| {
                (
                    format!("/exchange/visits/{}", visit.id),
                    visit.number.clone(),
                )
            })
            .collect(),
        may_change: own && open && !taken,
        may_close: own && open,
        number: row.number,
        title: row.title,
        form,
        shell: desk.shell,
    };
    Ok(page_with_status(status, &shown))
}

/// `POST /exchange/wishes/{id}/close`
///
/// # Errors
/// Not found for what is foreign.
pub async fn post_close_wish(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitWishId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    own_wish(&ctx, &desk, id).await?;
    match postings::close_wish(&ctx, id, Some(desk.actor.person)).await {
        Ok(()) => Ok(to(&format!("/exchange/wishes/{id}?done=closed"))),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            wish_page(&ctx, desk, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

fn domains(codes: &serde_json::Value, keywords: &serde_json::Value) -> String {
    let mut all = domain_labels(&texts(codes));
    all.extend(texts(keywords));
    all.join("；")
}

fn filled(facts: Vec<(&'static str, String)>) -> Vec<(&'static str, String)> {
    facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

fn to(path: &str) -> Response {
    Redirect::to(path).into_response()
}
