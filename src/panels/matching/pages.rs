//! `/panels`, `/runs` and the page of a run with its buttons.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{ExpertId, PanelId, RunId},
    matching_run::RunMode,
};
use uuid::Uuid;

use super::{
    adjust::{Adjustment, adjust},
    approve::{approve, give_back},
    compare::{Comparison, compare},
    draw_view,
    hand_in::hand_in,
    lists::{self, Listed, PanelRow, RunRow},
    record::record,
    run_match::{covered, run_match},
    store,
    view::{RunView, view},
};
use crate::{
    accounts::{Action, Actor, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        ui::{
            AskedPaper, Fields, Form, Shell, Submission, download,
            form::{Choice, choices},
            page, page_with_status,
        },
    },
};

/// Longest note or reason.
const NOTE: usize = 500;

#[derive(Template)]
#[template(path = "panels/templates/runs.html")]
struct RunsPage {
    shell: Shell,
    list: Listed<RunRow>,
    lead: String,
    prepares: bool,
}

#[derive(Template)]
#[template(path = "panels/templates/panels.html")]
struct PanelsPage {
    shell: Shell,
    form: Form,
    list: Listed<PanelRow>,
    lead: String,
    prepares: bool,
    modes: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "panels/templates/run.html")]
struct RunPage {
    shell: Shell,
    form: Form,
    run: RunView,
    decisions: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "panels/templates/compare.html")]
struct ComparePage {
    shell: Shell,
    id: RunId,
    comparison: Comparison,
}

fn prepares(actor: &Actor) -> bool {
    policy::allows(actor, Action::PrepareRun, &Owner::ALLIANCE)
}

fn page_number(query: &Fields) -> u64 {
    query.text("page").parse().unwrap_or(1)
}

/// `GET /runs`
///
/// # Errors
/// When the database fails.
pub async fn show_runs(State(ctx): State<Context>, desk: Desk, query: Fields) -> Result<Response> {
    desk.actor.require(Action::ReadPanels, &Owner::ALLIANCE)?;
    let list = lists::runs(&ctx, &desk.actor, query.text("tab"), page_number(&query)).await?;
    let waiting = list.tabs.iter().find(|tab| tab.word == "waiting");
    let lead = match waiting.map_or(0, |tab| tab.count) {
        0 => "没有待审批的匹配。".to_owned(),
        count => format!("{count} 次匹配待审批。"),
    };
    Ok(page(&RunsPage {
        prepares: prepares(&desk.actor),
        shell: desk.shell,
        list,
        lead,
    }))
}

/// `GET /panels`
///
/// # Errors
/// When the database fails.
pub async fn show_panels(
    State(ctx): State<Context>,
    desk: Desk,
    query: Fields,
) -> Result<Response> {
    desk.actor.require(Action::ReadPanels, &Owner::ALLIANCE)?;
    let page_of = panels_page(&ctx, desk, Form::new(query)).await?;
    Ok(page(&page_of))
}

async fn panels_page(ctx: &Context, desk: Desk, form: Form) -> Result<PanelsPage> {
    let list = lists::panels(ctx, form.fields.text("tab"), page_number(&form.fields)).await?;
    let open = store::open_panels(ctx.store.read()).await?.len();
    Ok(PanelsPage {
        prepares: prepares(&desk.actor),
        shell: desk.shell,
        form,
        list,
        lead: match open {
            0 => "没有需要招请专家的专家组。".to_owned(),
            count => format!("{count} 个专家组还在招请专家。"),
        },
        modes: choices(MODES.map(|(_, word, label)| (word, label))),
    })
}

/// Ways to choose, by their word in a form.
const MODES: [(RunMode, &str, &str); 3] = [
    (RunMode::Best, "best", "择优：相关度之和最大"),
    (RunMode::Fair, "fair", "均衡：先照顾最难配的专家组"),
    (RunMode::Draw, "draw", "随机抽取：在合格专家中抽取，可复核"),
];

/// `POST /runs`: matches the panels ticked, or all.
///
/// # Errors
/// When the service itself fails.
pub async fn post_runs(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let ticked: Vec<PanelId> = fields
        .all("panel")
        .into_iter()
        .filter_map(|id| Uuid::parse_str(id).ok().map(PanelId))
        .collect();
    let all = fields.text("scope") == "all";
    let mode = MODES
        .iter()
        .find(|(_, word, _)| *word == fields.text("mode"))
        .map_or(RunMode::Best, |(mode, ..)| *mode);
    let outcome = if ticked.is_empty() && !all {
        Err(Refusal::new("panels.nothing_ticked").into())
    } else {
        let panels = if all { &[] } else { ticked.as_slice() };
        run_match(&ctx, &desk.actor, panels, mode).await
    };
    match outcome {
        Ok(id) => Ok(Redirect::to(&format!("/runs/{id}?done=matched")).into_response()),
        Err(error) => {
            let errors = error.into_form_errors()?;
            let form = Form::refused(fields, errors);
            let page_of = panels_page(&ctx, desk, form).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page_of))
        }
    }
}

/// `GET /runs/{id}`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show_run(
    State(ctx): State<Context>,
    Path(id): Path<RunId>,
    desk: Desk,
) -> Result<Response> {
    desk.actor.require(Action::ReadPanels, &Owner::ALLIANCE)?;
    Ok(page(&run_page(&ctx, id, desk, Form::default()).await?))
}

async fn run_page(ctx: &Context, id: RunId, desk: Desk, form: Form) -> Result<RunPage> {
    let run = view(ctx, &desk.actor, id).await?;
    let hint = if run.vacant == 0 {
        String::new()
    } else {
        format!("空缺的 {} 席不影响其他席位", run.vacant)
    };
    let choice = |value: &str, label: String, hint: &str| Choice {
        value: value.to_owned(),
        label,
        hint: hint.to_owned(),
    };
    let approve = format!("批准，发出 {} 封邀请", run.proposed);
    Ok(RunPage {
        shell: desk.shell,
        form,
        run,
        decisions: vec![
            choice("approve", approve, &hint),
            choice("return", "退回经办".to_owned(), "须写理由"),
        ],
    })
}

/// The page again with what is wrong: 409 when things changed meanwhile, 422 otherwise.
async fn refused(
    ctx: &Context,
    id: RunId,
    desk: Desk,
    fields: Fields,
    error: Error,
) -> Result<Response> {
    let status = match error {
        Error::Conflict(_) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    Ok(page_with_status(
        status,
        &run_page(ctx, id, desk, form).await?,
    ))
}

/// `POST /runs/{id}/again`
///
/// # Errors
/// [`Error::NotFound`], and when the service itself fails.
pub async fn post_again(
    State(ctx): State<Context>,
    Path(id): Path<RunId>,
    desk: Desk,
) -> Result<Response> {
    match again(&ctx, &desk.actor, id).await {
        Ok(id) => Ok(Redirect::to(&format!("/runs/{id}?done=matched")).into_response()),
        Err(error) => refused(&ctx, id, desk, Fields::default(), error).await,
    }
}

/// Runs the match of an undecided run again.
async fn again(ctx: &Context, actor: &Actor, id: RunId) -> Result<RunId> {
    actor.require(Action::PrepareRun, &Owner::ALLIANCE)?;
    let run = store::run(ctx.store.read(), id).await?;
    if !super::run_match::is_undecided(run.state) {
        return Err(Error::Conflict(
            Refusal::new("panels.decided").with("number", run.number),
        ));
    }
    run_match(ctx, actor, &covered(&run)?, run.mode).await
}

/// `GET /runs/{id}/papers/{panel}`: 专家遴选记录 of one panel, and the same with `.docx`.
///
/// # Errors
/// [`Error::NotFound`] for a panel that the run did not cover.
pub async fn show_record(
    State(ctx): State<Context>,
    Path((id, part)): Path<(RunId, String)>,
    desk: Desk,
) -> Result<Response> {
    desk.actor.require(Action::ReadPanels, &Owner::ALLIANCE)?;
    let asked = AskedPaper::read(&part);
    let panel: Uuid = asked.name.parse().map_err(|_| Error::NotFound)?;
    let back = format!("/runs/{id}");
    let folder = format!("{back}/papers");
    record(&ctx, id, panel.into())
        .await?
        .answer(asked, desk.shell, back, &folder)
}

/// `POST /runs/{id}/adjust`: pins, excludes or releases an expert, and matches again.
///
/// # Errors
/// [`Error::NotFound`], and when the service itself fails.
pub async fn post_adjust(
    State(ctx): State<Context>,
    Path(id): Path<RunId>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    match adjusted(&ctx, &desk.actor, id, &fields).await {
        Ok(id) => Ok(Redirect::to(&format!("/runs/{id}?done=matched")).into_response()),
        Err(error) => refused(&ctx, id, desk, fields, error).await,
    }
}

async fn adjusted(ctx: &Context, actor: &Actor, id: RunId, fields: &Fields) -> Result<RunId> {
    let run = store::run(ctx.store.read(), id).await?;
    if !super::run_match::is_undecided(run.state) {
        return Err(Error::Conflict(
            Refusal::new("panels.decided").with("number", run.number),
        ));
    }
    let panel: PanelId = fields.id("panel").ok_or(Error::NotFound)?;
    let expert: ExpertId = fields.id("expert").ok_or(Error::NotFound)?;
    if !covered(&run)?.contains(&panel) {
        return Err(Error::NotFound);
    }
    let mut errors = FieldErrors::default();
    let reason = fields.optional("reason", NOTE, &mut errors);
    let what = fields.choice("do", &mut errors, |word| match word {
        "pin" => Some(Adjustment::Pin),
        "exclude" => Some(Adjustment::Exclude),
        "release" => Some(Adjustment::Release),
        _ => None,
    });
    errors.into_result(())?;
    let what = what.ok_or(Error::NotFound)?;
    adjust(ctx, actor, panel, expert, what, &reason).await?;
    again(ctx, actor, id).await
}

/// `POST /runs/{id}/hand-in`
///
/// # Errors
/// [`Error::NotFound`], and when the service itself fails.
pub async fn post_hand_in(
    State(ctx): State<Context>,
    Path(id): Path<RunId>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let note = fields.optional("note", NOTE, &mut errors);
    let outcome = match errors.into_result(()) {
        Ok(()) => hand_in(&ctx, &desk.actor, id, &note).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/runs/{id}?done=sent")).into_response()),
        Err(error) => refused(&ctx, id, desk, fields, error).await,
    }
}

/// `POST /runs/{id}/decide`
///
/// # Errors
/// [`Error::NotFound`], and when the service itself fails.
pub async fn post_decide(
    State(ctx): State<Context>,
    Path(id): Path<RunId>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    match decided(&ctx, &desk.actor, id, &fields).await {
        Ok(word) => Ok(Redirect::to(&format!("/runs/{id}?done={word}")).into_response()),
        Err(error) => refused(&ctx, id, desk, fields, error).await,
    }
}

async fn decided(ctx: &Context, actor: &Actor, id: RunId, fields: &Fields) -> Result<&'static str> {
    let mut errors = FieldErrors::default();
    let note = fields.optional("note", NOTE, &mut errors);
    let exception = fields.optional("exception", NOTE, &mut errors);
    let approves = fields.choice("decision", &mut errors, |word| match word {
        "approve" => Some(true),
        "return" => Some(false),
        _ => None,
    });
    if approves == Some(false) && note.is_empty() {
        errors.add("note", Refusal::new("panels.why_return"));
    }
    errors.into_result(())?;
    if approves == Some(true) {
        approve(ctx, actor, id, &note, &exception).await?;
        Ok("approved")
    } else {
        give_back(ctx, actor, id, &note).await?;
        Ok("returned")
    }
}

/// `GET /runs/{id}/draws/{panel}`: the record of an approved draw, to draw again from.
///
/// # Errors
/// [`Error::NotFound`] before the run is approved, and for a panel that did not draw.
pub async fn load_draw(
    State(ctx): State<Context>,
    Path((id, panel)): Path<(RunId, PanelId)>,
    desk: Desk,
) -> Result<Response> {
    desk.actor.require(Action::ReadPanels, &Owner::ALLIANCE)?;
    let (number, record) = draw_view::record(&ctx, id, panel).await?;
    let name = format!("{number} 抽取记录.json");
    Ok(download(&name, "application/json", record))
}

/// `GET /runs/{id}/compare`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show_compare(
    State(ctx): State<Context>,
    Path(id): Path<RunId>,
    desk: Desk,
) -> Result<Response> {
    desk.actor.require(Action::ReadPanels, &Owner::ALLIANCE)?;
    Ok(page(&ComparePage {
        shell: desk.shell,
        id,
        comparison: compare(&ctx, id).await?,
    }))
}
