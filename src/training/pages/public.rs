//! `/training`: what anybody may read about runs that are announced.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use entity::{
    course_run::{self, RunState},
    ids::CourseRunId,
};

use super::{run_papers::printed, view::days};
use crate::{
    accounts::Visitor,
    foundation::{
        context::Context,
        error::{Error, Result},
        ui::{Shell, Tag, page},
    },
    registration::{self, Phase, pages::enrol_href},
    training::{
        decide::{self, Crowd},
        notice::Notice,
        rules, seats, store,
    },
};

struct Line {
    href: String,
    title: String,
    when: String,
    place: String,
    audience: String,
    said: String,
    tag: Tag,
}

#[derive(Template)]
#[template(path = "training/templates/public_list.html")]
struct PublicList {
    shell: Shell,
    rows: Vec<Line>,
}

/// `GET /training`
///
/// # Errors
/// When the service itself fails.
pub async fn public_list(State(ctx): State<Context>, visitor: Visitor) -> Result<Response> {
    let db = ctx.store.read();
    let mut all = store::runs(db, &[RunState::Published, RunState::Closed]).await?;
    all.retain(|run| run.ends_at.is_some_and(|end| end > ctx.now()));
    all.sort_by_key(|run| run.starts_at);
    let mut rows = Vec::new();
    for run in all {
        let crowd = decide::crowd(&seats::participants(&ctx, &run).await?);
        let course = store::course(db, run.course_id).await?;
        rows.push(Line {
            href: format!("/training/{}", run.id),
            title: seats::full_title(&run.title, run.ordinal),
            when: days(&run)?,
            place: seats::place_of(db, &run).await?,
            audience: course.audience,
            said: availability(&ctx, &run, crowd),
            tag: rules::tag(run.state),
        });
    }
    Ok(page(&PublicList {
        rows,
        shell: visitor.shell,
    }))
}

/// Whether there are seats, in words.
fn availability(ctx: &Context, run: &course_run::Model, crowd: Crowd) -> String {
    let closes = Notice::until(run.closes_at, ctx.zone());
    let left = run.capacity - crowd.enrolled;
    if run.state != RunState::Published {
        "报名已截止".to_owned()
    } else if run.opens_at.is_some_and(|at| at > ctx.now()) {
        format!("{}开始报名", Notice::until(run.opens_at, ctx.zone()))
    } else if left > 0 && crowd.waiting == 0 {
        format!("余 {left} 席，报名到{closes}")
    } else {
        format!("已报满，可以候补，报名到{closes}")
    }
}

#[derive(Template)]
#[template(path = "training/templates/public_run.html")]
struct PublicRun {
    shell: Shell,
    notice: Notice,
    name: String,
    tag: Tag,
    said: String,
    lessons: Vec<(String, String, i32, String)>,
    fee: String,
    certificate: String,
    closes: String,
    enrol: Option<String>,
    open_form: Option<String>,
    off: Option<String>,
    signed_in: bool,
}

/// A run that the public may know of: announced, also when it was called off afterwards.
async fn announced(ctx: &Context, id: CourseRunId) -> Result<course_run::Model> {
    let row = store::run(ctx.store.read(), id).await?;
    if row.published_at.is_none() {
        return Err(Error::NotFound);
    }
    Ok(row)
}

/// `GET /training/{id}`
///
/// # Errors
/// Not found before it is announced.
pub async fn public_run(
    State(ctx): State<Context>,
    visitor: Visitor,
    Path(id): Path<CourseRunId>,
) -> Result<Response> {
    let row = announced(&ctx, id).await?;
    let db = ctx.store.read();
    let crowd = decide::crowd(&seats::participants(&ctx, &row).await?);
    let registration = seats::registration_id(&row)?;
    let open =
        registration::phase(&registration::get(db, registration).await?, ctx.now()) == Phase::Open;
    let off = (row.state == RunState::Cancelled).then(|| row.reason.clone());
    let notice = Notice::of(db, &ctx, row).await?;
    let run = &notice.run;
    Ok(page(&PublicRun {
        name: notice.name(),
        tag: rules::tag(run.state),
        said: availability(&ctx, run, crowd),
        lessons: notice
            .lessons
            .iter()
            .map(|one| {
                (
                    Notice::time(one),
                    one.title.clone(),
                    one.hours,
                    notice.named_lecturer(one),
                )
            })
            .collect(),
        fee: notice.fee(),
        certificate: notice.certificate(),
        closes: Notice::until(run.closes_at, ctx.zone()),
        enrol: open.then(|| enrol_href(&visitor, registration)).flatten(),
        open_form: (open && run.open_form).then(|| format!("/join/{registration}")),
        off,
        signed_in: visitor.actor.is_some(),
        notice,
        shell: visitor.shell,
    }))
}

/// `GET /training/{id}/{paper}`: `notice` and `notice.docx`.
///
/// # Errors
/// Not found before it is announced.
pub async fn public_paper(
    State(ctx): State<Context>,
    visitor: Visitor,
    Path((id, name)): Path<(CourseRunId, String)>,
) -> Result<Response> {
    let row = announced(&ctx, id).await?;
    let back = format!("/training/{id}");
    printed(&ctx, row, &name, visitor.shell, back.clone(), &back).await
}
