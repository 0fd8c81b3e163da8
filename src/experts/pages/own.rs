//! `/my`: the expert's own page.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    expert,
    expert::ExpertState,
    ids::{AbsenceId, ConsentId, InterestId},
};

use super::{
    papers::{self, Place},
    view::{self, ConsentView, ProfileView},
};
use crate::{
    accounts::{Action, Actor, Desk, Owner},
    experts::{Duties, Histories, HistoryLine, keep, pool, profile::Profile, store},
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        ui::{
            Form, Shell, Submission, Tag, dates,
            form::{Choice, choices},
            page, page_with_status,
        },
    },
    people::{self, AddressBooks},
};

#[derive(Template)]
#[template(path = "experts/templates/own.html")]
struct OwnPage {
    shell: Shell,
    form: Form,
    profile: ProfileView,
    state: Tag,
    living: bool,
    mobile: String,
    email: String,
    open: Vec<Work>,
    past: Vec<Work>,
    absences: Vec<Kept>,
    interests: Vec<Kept>,
    interest_kinds: Vec<Choice>,
    consents: Vec<ConsentView>,
    /// Whether announcements name the expert.
    shown: bool,
    has_engagement: bool,
}

struct Work {
    number: String,
    title: String,
    role: String,
    state: &'static str,
    when: String,
    note: String,
}

struct Kept {
    id: String,
    text: String,
}

#[derive(Template)]
#[template(path = "experts/templates/own_profile.html")]
struct ProfilePage {
    shell: Shell,
    form: Form,
    name: String,
    min_keywords: usize,
}

/// `GET /my`
///
/// # Errors
/// [`Error::NotFound`] for people who never were engaged.
pub async fn show(
    State(ctx): State<Context>,
    State(histories): State<Histories>,
    desk: Desk,
) -> Result<Response> {
    let row = own_row(&ctx, &desk.actor).await?;
    let form = limits_form(&row);
    render(&ctx, &histories, desk, form).await
}

fn limits_form(row: &expert::Model) -> Form {
    Form::new(
        crate::foundation::ui::Fields::default()
            .with("max_open", row.max_open)
            .with("max_year", row.max_year),
    )
}

async fn own_row(ctx: &Context, actor: &Actor) -> Result<expert::Model> {
    actor.require(Action::OwnExpertPage, &Owner::person(actor.person))?;
    keep::own(ctx.store.read(), actor.person).await
}

async fn render(
    ctx: &Context,
    histories: &Histories,
    desk: Desk,
    mut form: Form,
) -> Result<Response> {
    let db = ctx.store.read();
    let row = own_row(ctx, &desk.actor).await?;
    let expert = pool::get(db, row.id).await?;
    for name in ["max_open", "max_year"] {
        if !form.fields.has(name) {
            let limit = limits_form(&row).fields.text(name).to_owned();
            form.fields = form.fields.with(name, limit);
        }
    }
    let status = if form.errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let lines = histories.of(ctx, row.id).await?;
    let (open, past): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.to.is_none());
    let work = |lines: Vec<HistoryLine>| lines.into_iter().map(|line| work(line, ctx)).collect();
    let template = OwnPage {
        shell: desk.shell,
        profile: ProfileView::of(&row, &expert.person, expert.unit.as_ref()),
        state: view::state_tag(row.state),
        living: matches!(row.state, ExpertState::Engaged | ExpertState::Suspended),
        mobile: expert.person.mobile.clone().unwrap_or_default(),
        email: expert.person.email.clone().unwrap_or_default(),
        open: work(open),
        past: work(past),
        absences: keep::absences(db, row.id)
            .await?
            .into_iter()
            .filter(|absence| absence.to_date >= ctx.today())
            .map(|absence| Kept {
                id: absence.id.to_string(),
                text: [
                    view::term(Some(absence.from_date), Some(absence.to_date)),
                    absence.note,
                ]
                .join(" ")
                .trim_end()
                .to_owned(),
            })
            .collect(),
        interests: expert.interests.iter().map(kept_interest).collect(),
        interest_kinds: choices(keep::INTERESTS),
        consents: view::consents(people::consents::of(db, row.person_id).await?, ctx),
        shown: keep::is_shown(db, row.person_id).await?,
        has_engagement: row.engagement_number.is_some(),
        form,
    };
    Ok(page_with_status(status, &template))
}

fn kept_interest(row: &entity::expert_interest::Model) -> Kept {
    let kind = keep::INTERESTS
        .iter()
        .find(|(kind, _)| *kind == row.kind)
        .map_or("其他", |(_, word)| word);
    let mut text = format!("{}：{kind}", row.organisation);
    if !row.note.is_empty() {
        text.push_str(&format!("，{}", row.note));
    }
    if let Some(until) = row.until_date {
        text.push_str(&format!("，至{}", dates::full_day(until)));
    }
    Kept {
        id: row.id.to_string(),
        text,
    }
}

fn work(line: HistoryLine, ctx: &Context) -> Work {
    let day = |instant| dates::full_day(dates::local_date(instant, ctx.zone()));
    Work {
        when: match line.to {
            Some(to) => format!("{}至{}", day(line.from), day(to)),
            None => format!("{}起", day(line.from)),
        },
        number: line.number,
        title: line.title,
        role: line.role,
        state: line.state,
        note: line.note,
    }
}

/// After something was kept: back to the page, or the page again with what is wrong.
async fn after(
    ctx: &Context,
    histories: &Histories,
    desk: Desk,
    fields: crate::foundation::ui::Fields,
    kept: Result<()>,
) -> Result<Response> {
    match kept {
        Ok(()) => Ok(Redirect::to("/my?done=saved").into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render(ctx, histories, desk, form).await
        }
    }
}

/// `POST /my/absences`
///
/// # Errors
/// [`Error::NotFound`] for people who never were engaged.
pub async fn post_absence(
    State(ctx): State<Context>,
    State(histories): State<Histories>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let kept = keep::add_absence(&ctx, &desk.actor, &fields).await;
    after(&ctx, &histories, desk, fields, kept).await
}

/// `POST /my/absences/{id}/remove`
///
/// # Errors
/// [`Error::NotFound`] for absences of others.
pub async fn remove_absence(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<AbsenceId>,
) -> Result<Redirect> {
    keep::remove_absence(&ctx, &desk.actor, id).await?;
    Ok(Redirect::to("/my?done=saved"))
}

/// `POST /my/limits`
///
/// # Errors
/// [`Error::NotFound`] for people who never were engaged.
pub async fn post_limits(
    State(ctx): State<Context>,
    State(histories): State<Histories>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let kept = keep::set_limits(&ctx, &desk.actor, &fields).await;
    after(&ctx, &histories, desk, fields, kept).await
}

/// `POST /my/interests`
///
/// # Errors
/// [`Error::NotFound`] for people who never were engaged.
pub async fn post_interest(
    State(ctx): State<Context>,
    State(histories): State<Histories>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let kept = keep::add_interest(&ctx, &desk.actor, &fields).await;
    after(&ctx, &histories, desk, fields, kept).await
}

/// `POST /my/interests/{id}/remove`
///
/// # Errors
/// [`Error::NotFound`] for interests of others.
pub async fn remove_interest(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<InterestId>,
) -> Result<Redirect> {
    keep::remove_interest(&ctx, &desk.actor, id).await?;
    Ok(Redirect::to("/my?done=saved"))
}

/// `POST /my/shown`: `do` is `show` or `hide`.
///
/// # Errors
/// [`Error::NotFound`] for people who never were engaged.
pub async fn post_shown(
    State(ctx): State<Context>,
    State(histories): State<Histories>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let kept = match fields.text("do") {
        "show" => keep::set_shown(&ctx, &desk.actor, true).await,
        "hide" => keep::set_shown(&ctx, &desk.actor, false).await,
        _ => Err(Refusal::new("form.choose").into()),
    };
    after(&ctx, &histories, desk, fields, kept).await
}

/// `POST /my/consents/{id}/withdraw`
///
/// # Errors
/// [`Error::NotFound`] for consents of others.
pub async fn post_consent(
    State(ctx): State<Context>,
    State(duties): State<Duties>,
    State(histories): State<Histories>,
    desk: Desk,
    Path(id): Path<ConsentId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let kept = keep::withdraw_consent(&ctx, &duties, &desk.actor, id, &fields).await;
    after(&ctx, &histories, desk, fields, kept).await
}

/// `GET /my/profile`
///
/// # Errors
/// [`Error::NotFound`] for people who never were engaged.
pub async fn show_profile(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    let row = own_row(&ctx, &desk.actor).await?;
    let person = people::get(ctx.store.read(), row.person_id).await?;
    Ok(page(&ProfilePage {
        shell: desk.shell,
        form: Form::new(Profile::of(&row, &person).fields()),
        name: person.name,
        min_keywords: ctx.config.pool.min_keywords,
    }))
}

/// `POST /my/profile`
///
/// # Errors
/// [`Error::NotFound`] for people who never were engaged.
pub async fn post_profile(
    State(ctx): State<Context>,
    State(books): State<AddressBooks>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    match keep::correct(&ctx, &books, &desk.actor, &fields).await {
        Ok(()) => Ok(Redirect::to("/my?done=saved").into_response()),
        Err(error) => {
            let errors = error.into_form_errors()?;
            Ok(page_with_status(
                StatusCode::UNPROCESSABLE_ENTITY,
                &ProfilePage {
                    shell: desk.shell,
                    form: Form::refused(fields, errors),
                    name: desk.actor.name.clone(),
                    min_keywords: ctx.config.pool.min_keywords,
                },
            ))
        }
    }
}

/// `GET /my/papers/{paper}`: the own letter of engagement.
///
/// # Errors
/// [`Error::NotFound`] for other papers.
pub async fn paper(
    State(ctx): State<Context>,
    desk: Desk,
    Path(name): Path<String>,
) -> Result<Response> {
    let row = own_row(&ctx, &desk.actor).await?;
    let row = store::find(ctx.store.read(), row.id).await?;
    if !name.starts_with("engagement") {
        return Err(Error::NotFound);
    }
    let place = Place {
        back: "/my".to_owned(),
        folder: "/my/papers".to_owned(),
    };
    papers::answer(&ctx, desk.shell, &row, &name, place).await
}
