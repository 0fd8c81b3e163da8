//! `/recommendations`: what waits for a decision, and for whom.

use askama::Template;
use axum::{extract::State, response::Response};
use entity::{expert::ExpertState, ids::ExpertId};

use super::view;
use crate::{
    accounts::{Action, Desk, Owner},
    experts::{recommend, store},
    foundation::{
        context::Context,
        error::Result,
        files,
        texts::Label,
        ui::{Shell, Tag, dates, page},
    },
};

#[derive(Template)]
#[template(path = "experts/templates/recommendations.html")]
struct RecommendationsPage {
    shell: Shell,
    deciding: usize,
    rows: Vec<Line>,
}

struct Line {
    id: ExpertId,
    name: String,
    sample: bool,
    guest: bool,
    about: String,
    by: String,
    kind: &'static str,
    sent: String,
    state: Tag,
    next: String,
    waits: bool,
}

/// `GET /recommendations`
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for visitors who may not see the whole pool.
pub async fn list(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    desk.actor.require(Action::ReadExperts, &Owner::ALLIANCE)?;
    let may_decide = desk
        .actor
        .require(Action::DecideRecommendation, &Owner::ALLIANCE)
        .is_ok();
    let db = ctx.store.read();
    let units = view::unit_names(db).await?;
    let states = [
        ExpertState::Recommended,
        ExpertState::Approved,
        ExpertState::Returned,
    ];
    let mut rows = Vec::new();
    let mut deciding = 0;
    for (row, person) in store::in_states(db, &states, None).await? {
        let scanned = row.guest
            || !ctx.config.pool.stamped_form_required
            || !files::list(db, recommend::stamped_form(row.id))
                .await?
                .is_empty();
        let open = row.state == ExpertState::Recommended;
        deciding += usize::from(open);
        let unit = row.unit_id.and_then(|id| units.get(&id));
        rows.push(Line {
            id: row.id,
            name: person.name,
            sample: person.sample,
            guest: row.guest,
            about: if row.guest {
                row.affiliation.clone()
            } else {
                row.position.clone()
            },
            by: if row.guest {
                "秘书处（特邀）".to_owned()
            } else {
                unit.map(|unit| unit.name.clone()).unwrap_or_default()
            },
            kind: row.kind.zh(),
            sent: row
                .recommended_at
                .map(|at| dates::moment(at, ctx.zone()))
                .unwrap_or_default(),
            state: view::state_tag(row.state),
            next: match row.state {
                ExpertState::Approved => "等本人确认".to_owned(),
                ExpertState::Returned => format!("等单位补正：{}", row.decision_note),
                _ if !scanned => "缺盖章的推荐表扫描件".to_owned(),
                _ if row.first_approved_by.is_some() => "等第二位审批人".to_owned(),
                _ => "审批".to_owned(),
            },
            waits: open && may_decide,
        });
    }
    rows.sort_by_key(|line| !line.waits);
    Ok(page(&RecommendationsPage {
        shell: desk.shell,
        deciding,
        rows,
    }))
}
