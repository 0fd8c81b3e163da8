//! `/panels/{id}`: one panel for the secretariat: its places, who was asked and what they said, and
//! what can be done about an empty place.

mod place;
mod steps;

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use entity::{
    assignment::{self, AssignmentState},
    ids::{ExpertId, PanelId},
    panel::{self, PanelState},
};
use sea_orm::ConnectionTrait;

use place::{Place, Seen};

use super::{
    invitation_list,
    matching::{record_of, recused},
    matter::Matter,
    owners::Owners,
    papers::PanelPaper,
    race, replace,
    rules::Board,
    seats::{Seats, members, seats},
    store, timing,
};
use crate::{
    accounts::{
        Action, Desk,
        policy::{self, Owner},
    },
    experts::{self, PoolExpert},
    foundation::{
        context::Context,
        error::Result,
        ui::{Shell, Tag, page_with_status},
    },
};

pub use steps::{post_ask_again, post_ask_next, post_head, post_race, post_release};

#[derive(Template)]
#[template(path = "panels/templates/panel.html")]
struct PanelPage {
    shell: Shell,
    id: PanelId,
    matter: Matter,
    matter_href: Option<String>,
    state: Tag,
    seats: Seats,
    facts: Vec<(&'static str, String)>,
    rounds: u32,
    racing: bool,
    places: Vec<Place>,
    recused: Vec<(String, String)>,
    next: Option<Next>,
    reserves: usize,
    urgent_hours: u32,
    prepares: bool,
    asks: bool,
    waits_for_approval: bool,
    goes_on: bool,
    papers: Vec<(String, &'static str)>,
}

/// Who would be asked next.
struct Next {
    expert: ExpertId,
    name: String,
    sample: bool,
    unit: String,
    reason: String,
}

fn tag(state: PanelState) -> Tag {
    let (class, word) = match state {
        PanelState::Open => ("info", "未到齐"),
        PanelState::Standing => ("ok", "已到齐"),
        PanelState::Closed => ("", "已结束"),
        PanelState::Withdrawn => ("", "已撤回"),
    };
    Tag { class, word }
}

/// `GET /panels/{id}`
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`].
pub async fn show(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<PanelId>,
) -> Result<Response> {
    panel_page(&ctx, &owners, desk, id, StatusCode::OK).await
}

async fn panel_page(
    ctx: &Context,
    owners: &Owners,
    desk: Desk,
    id: PanelId,
    status: StatusCode,
) -> Result<Response> {
    desk.actor.require(Action::ReadPanels, &Owner::ALLIANCE)?;
    let db = ctx.store.read();
    let row = store::get(db, id).await?;
    let assignments = store::assignments(db, &[id]).await?;
    let lines = invitation_list::of_panel(db, id).await?;
    let experts = known(ctx, &assignments).await?;
    let board = Board::of(row.demand, &assignments);
    let prepares = policy::allows(&desk.actor, Action::PrepareRun, &Owner::ALLIANCE);
    let approves = policy::allows(&desk.actor, Action::ApproveRun, &Owner::ALLIANCE);
    let waits_for_approval = ctx.config.panels.approve_replacements;
    let goes_on = matches!(row.state, PanelState::Open | PanelState::Standing);
    let asked_before = !assignments.is_empty();
    let next = if asked_before && board.free() > 0 && goes_on {
        next(ctx, &row).await?
    } else {
        None
    };
    let reserves = if next.is_some() && prepares {
        race::reserves(db, id).await?.len()
    } else {
        0
    };
    let seen = Seen {
        panel: &row,
        assignments: &assignments,
        lines: &lines,
        experts: &experts,
    };
    let mut places: Vec<Place> = assignments
        .iter()
        .map(|one| Place::of(ctx, &seen, one))
        .collect();
    let recused = if goes_on {
        recused_members(ctx, &row, &assignments, &experts).await?
    } else {
        Vec::new()
    };
    places.sort_by_key(|place| place.off);
    let matter = Matter::of(&row);
    let page = PanelPage {
        shell: desk.shell,
        id,
        matter_href: owners.href(&row),
        state: tag(row.state),
        seats: seats(db, &[id]).await?.remove(&id).unwrap_or_default(),
        facts: matter
            .lines(ctx.zone())
            .into_iter()
            .filter(|(label, value)| !value.is_empty() && !matches!(*label, "事项" | "编号"))
            .collect(),
        matter,
        rounds: timing::rounds_left(ctx, &row)?,
        racing: board.racing,
        places,
        recused,
        next,
        reserves,
        urgent_hours: ctx.config.panels.urgent_office_hours,
        prepares: prepares && goes_on,
        asks: goes_on
            && if waits_for_approval {
                approves
            } else {
                prepares
            },
        waits_for_approval,
        goes_on,
        papers: papers(db, &row).await?,
    };
    Ok(page_with_status(status, &page))
}

/// Papers of the panel as it stands: (path, name).
async fn papers<C: ConnectionTrait>(
    db: &C,
    row: &panel::Model,
) -> Result<Vec<(String, &'static str)>> {
    let mut papers: Vec<_> = PanelPaper::of(row, members(db, row.id).await?.len())
        .into_iter()
        .map(|paper| {
            (
                format!("/panels/{}/papers/{}", row.id, paper.name()),
                paper.title(row),
            )
        })
        .collect();
    if let Some(run) = record_of(db, row.id).await? {
        papers.push((format!("/runs/{run}/papers/{}", row.id), "专家遴选记录"));
    }
    Ok(papers)
}

/// Members who have to be recused from the matter as it is now: (name, why).
async fn recused_members(
    ctx: &Context,
    panel: &panel::Model,
    assignments: &[assignment::Model],
    experts: &HashMap<ExpertId, PoolExpert>,
) -> Result<Vec<(String, String)>> {
    let members: Vec<_> = assignments
        .iter()
        .filter(|row| row.state == AssignmentState::Accepted)
        .map(|row| row.expert_id)
        .collect();
    let recused = recused(ctx.store.read(), ctx, panel.id, &members).await?;
    Ok(members
        .iter()
        .filter_map(|id| {
            Some((
                experts.get(id)?.person.name.clone(),
                recused.get(id)?.clone(),
            ))
        })
        .collect())
}

async fn known(
    ctx: &Context,
    assignments: &[assignment::Model],
) -> Result<HashMap<ExpertId, PoolExpert>> {
    let ids: Vec<_> = assignments.iter().map(|row| row.expert_id).collect();
    let experts = experts::by_ids(ctx.store.read(), &ids).await?;
    Ok(experts.into_iter().map(|one| (one.id, one)).collect())
}

async fn next(ctx: &Context, row: &panel::Model) -> Result<Option<Next>> {
    let Some(chosen) = replace::next(ctx, row).await? else {
        return Ok(None);
    };
    let expert = experts::get(ctx.store.read(), chosen.expert).await?;
    Ok(Some(Next {
        expert: chosen.expert,
        name: expert.person.name,
        sample: expert.person.sample,
        unit: expert.unit_name,
        reason: chosen.reason,
    }))
}
