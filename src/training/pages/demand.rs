//! `/demand`: what the units ask for, put together, against the experts who could teach it.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::ids::NeedId;

use super::needs::{stated_on, wished};
use crate::{
    accounts::{Action, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::Result,
        texts::Label,
        ui::{Form, Shell, Submission, Tag, domain_labels, page_with_status},
    },
    panels::Verdict,
    training::{demand, plan_course},
    units,
};

struct Need {
    id: NeedId,
    topic: String,
    details: String,
    who: String,
    stated: String,
}

struct Cluster {
    topic: String,
    why: String,
    people: i32,
    units: usize,
    wished: String,
    teachers: usize,
    kinds: String,
    verdict: Option<Tag>,
    needs: Vec<Need>,
}

#[derive(Template)]
#[template(path = "training/templates/demand.html")]
struct DemandPage {
    shell: Shell,
    form: Form,
    clusters: Vec<Cluster>,
    manages: bool,
    total: usize,
}

/// `GET /demand`
///
/// # Errors
/// When the service itself fails.
pub async fn show_demand(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    render(&ctx, desk, Form::default(), StatusCode::OK).await
}

async fn render(ctx: &Context, desk: Desk, form: Form, status: StatusCode) -> Result<Response> {
    let names: HashMap<_, _> = units::all(ctx.store.read())
        .await?
        .into_iter()
        .map(|unit| (unit.id, unit.name))
        .collect();
    let mut clusters = Vec::new();
    for one in demand::open(ctx).await? {
        let coverage = demand::teachers(ctx, &one).await?;
        let name = |unit| names.get(unit).cloned().unwrap_or_default();
        let needs = one
            .needs
            .iter()
            .map(|need| {
                let joined = one.voices.iter().filter(|voice| voice.need_id == need.id);
                let rest: Vec<_> = joined
                    .map(|voice| format!("{} {} 人", name(&voice.unit_id), voice.headcount))
                    .collect();
                let first = format!("{} {} 人", name(&need.unit_id), need.headcount);
                Need {
                    id: need.id,
                    topic: need.topic.clone(),
                    details: need.details.clone(),
                    who: std::iter::once(first)
                        .chain(rest)
                        .collect::<Vec<_>>()
                        .join("；"),
                    stated: stated_on(ctx, need),
                }
            })
            .collect();
        clusters.push(Cluster {
            topic: one.topic().to_owned(),
            why: why(&one),
            people: one.people,
            units: one.units.len(),
            wished: one.wished_by.map(wished).unwrap_or_default(),
            teachers: coverage.suitable.total(),
            kinds: format!(
                "技术 {} 人，标准化 {} 人",
                coverage.suitable.technical, coverage.suitable.standardization
            ),
            verdict: coverage.verdict.map(verdict),
            needs,
        });
    }
    Ok(page_with_status(
        status,
        &DemandPage {
            total: clusters.iter().map(|one| one.needs.len()).sum(),
            manages: policy::allows(&desk.actor, Action::ManageTraining, &Owner::ALLIANCE),
            clusters,
            form,
            shell: desk.shell,
        },
    ))
}

/// Why these needs stand together.
fn why(one: &demand::Demand) -> String {
    let mut shared = Vec::new();
    let labels = domain_labels(&one.domains);
    if !labels.is_empty() {
        shared.push(format!("领域 {}", labels.join("；")));
    }
    if !one.words.is_empty() {
        shared.push(format!("都提到 {}", one.words.join("、")));
    }
    match (one.needs.len(), shared.is_empty()) {
        (1, _) => "单独一项，暂没有相近的需求".to_owned(),
        (_, true) => "文字相近".to_owned(),
        (_, false) => shared.join("；"),
    }
}

fn verdict(verdict: Verdict) -> Tag {
    let class = match verdict {
        Verdict::Ample => "ok",
        Verdict::Tight => "wait",
        Verdict::Short => "bad",
    };
    Tag {
        class,
        word: verdict.zh(),
    }
}

/// `POST /demand/course`: makes a course of the needs that are named.
///
/// # Errors
/// Not found for who may not.
pub async fn post_course_from_needs(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageTraining, &Owner::ALLIANCE)?;
    let needs: Vec<NeedId> = fields
        .all("need")
        .into_iter()
        .filter_map(|id| id.parse().ok())
        .collect();
    match plan_course::from_needs(&ctx, desk.actor.person, &needs).await {
        Ok(course) => {
            Ok(Redirect::to(&format!("/courses/{course}/edit?done=saved")).into_response())
        }
        Err(error) => {
            let refused = Form::refused(fields, error.into_form_errors()?);
            render(&ctx, desk, refused, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
