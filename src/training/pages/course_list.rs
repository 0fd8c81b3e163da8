//! `/courses`: what is taught.

use askama::Template;
use axum::{extract::State, response::Response};
use entity::course::CourseState;

use crate::{
    accounts::{Action, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::Result,
        texts::Label,
        ui::{Shell, Tag, page},
    },
    training::{make_run, rules, store},
};

struct Line {
    href: String,
    number: String,
    title: String,
    audience: String,
    hours: i32,
    runs: usize,
    next: String,
    regular: String,
    tag: Tag,
}

#[derive(Template)]
#[template(path = "training/templates/courses.html")]
struct CoursesPage {
    shell: Shell,
    rows: Vec<Line>,
    manages: bool,
}

/// A course's state as a word with a shape.
pub(super) fn tag(state: CourseState) -> Tag {
    let class = match state {
        CourseState::Draft => "",
        CourseState::Offered => "ok",
        CourseState::Retired => "",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// `GET /courses`
///
/// # Errors
/// When the service itself fails.
pub async fn list_courses(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    let db = ctx.store.read();
    let mut rows = Vec::new();
    for course in store::courses(db).await? {
        let parts = store::parts(db, course.id).await?;
        let runs = store::runs_of(db, course.id).await?;
        let next = runs
            .iter()
            .filter(|run| rules::may_change(run.state).is_ok())
            .filter(|run| run.starts_at.is_some_and(|at| at > ctx.now()))
            .min_by_key(|run| run.starts_at);
        rows.push(Line {
            href: format!("/courses/{}", course.id),
            next: match next {
                Some(run) => format!(
                    "{}，{}",
                    make_run::short_name(run, ctx.zone()),
                    run.state.zh()
                ),
                None => "未安排".to_owned(),
            },
            hours: parts.iter().map(|part| part.hours).sum(),
            runs: runs.len(),
            regular: if course.recurrence.is_some() {
                "定期"
            } else {
                ""
            }
            .to_owned(),
            tag: tag(course.state),
            number: course.number,
            title: course.title,
            audience: course.audience,
        });
    }
    Ok(page(&CoursesPage {
        rows,
        manages: manages(&desk),
        shell: desk.shell,
    }))
}

/// Whether the visitor may do everything of training.
pub(super) fn manages(desk: &Desk) -> bool {
    policy::allows(&desk.actor, Action::ManageTraining, &Owner::ALLIANCE)
}
