//! `/f/{token}`: what somebody thought of a run. `/trainings/{id}/feedback`: all answers in figures.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    course_run::{self, RunState},
    ids::CourseRunId,
};

use super::view::days;
use crate::{
    accounts::{Desk, Visitor},
    foundation::{
        context::Context,
        error::Result,
        ui::{
            Form, Shell, Submission,
            form::{Choice, choices},
            page, page_with_status,
        },
    },
    training::{
        feedback::{self, Answer, Asked, LessonSum, SCALE, Summary, points},
        notice::Notice,
        seats, store,
    },
};

#[derive(Template)]
#[template(path = "training/templates/feedback_form.html")]
struct FormPage {
    shell: Shell,
    form: Form,
    path: String,
    name: String,
    days: String,
    lessons: Vec<(usize, String, String)>,
    scale: Vec<Choice>,
    answered: bool,
    open: bool,
}

/// `GET /f/{token}`
///
/// # Errors
/// Not found for a link that was not given out.
pub async fn show_feedback_form(
    State(ctx): State<Context>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response> {
    let asked = feedback::by_link(&ctx, &token).await?;
    let form = match &asked.before {
        Some(before) => Form::new(before.fields(&asked.lessons)),
        None => Form::default(),
    };
    form_page(visitor, &token, &asked, form, StatusCode::OK)
}

fn form_page(
    visitor: Visitor,
    token: &str,
    asked: &Asked,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let lessons = asked
        .lessons
        .iter()
        .enumerate()
        .map(|(place, lesson)| (place, lesson.title.clone(), Notice::lecturer(lesson)))
        .collect();
    Ok(page_with_status(
        status,
        &FormPage {
            path: format!("/f/{token}"),
            name: seats::full_title(&asked.run.title, asked.run.ordinal),
            days: days(&asked.run)?,
            lessons,
            scale: choices(SCALE.map(|(value, word)| (value, format!("{word}（{value} 分）")))),
            answered: asked.before.is_some(),
            open: asked.open,
            form,
            shell: visitor.shell,
        },
    ))
}

/// `POST /f/{token}`: every rating is chosen, none is preselected.
///
/// # Errors
/// Not found for a link that was not given out.
pub async fn post_feedback(
    State(ctx): State<Context>,
    visitor: Visitor,
    Path(token): Path<String>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let asked = feedback::by_link(&ctx, &token).await?;
    let done = async {
        let answer = Answer::read(&fields, &asked.lessons)?;
        let tx = ctx.store.begin().await?;
        feedback::answer(&tx, asked.run.id, asked.enrolment, &answer).await?;
        tx.commit().await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/f/{token}?done=recorded")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            form_page(
                visitor,
                &token,
                &asked,
                form,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
        }
    }
}

/// A lesson in the picture: where its bars are, and what stands beside them.
struct Bars {
    title: String,
    short: String,
    lecturer: String,
    answers: usize,
    content: String,
    teaching: String,
    content_width: i32,
    teaching_width: i32,
    top: usize,
    notes: Vec<String>,
}

/// Height of a lesson in the picture.
const ROW: usize = 58;
/// Width of five points in the picture.
const FULL: i32 = 300;
/// Longest title in the picture, in characters.
const TITLE: usize = 26;

fn bars((place, sum): (usize, &LessonSum)) -> Bars {
    let short: String = sum.lesson.title.chars().take(TITLE).collect();
    Bars {
        title: sum.lesson.title.clone(),
        short,
        lecturer: Notice::lecturer(&sum.lesson),
        answers: sum.answers,
        content: points(sum.content),
        teaching: points(sum.teaching),
        content_width: sum.content * FULL / 50,
        teaching_width: sum.teaching * FULL / 50,
        top: 24 + place * ROW,
        notes: sum.notes.clone(),
    }
}

/// What the picture shows, said from its figures.
fn finding(summary: &Summary) -> String {
    let mut rated: Vec<_> = summary
        .lessons
        .iter()
        .filter(|one| one.answers > 0)
        .collect();
    rated.sort_by_key(|one| one.teaching);
    match (rated.first(), rated.last()) {
        (Some(low), Some(high)) if high.teaching - low.teaching >= 5 => {
            format!(
                "“{}”讲授评价最低，{} 分",
                low.lesson.title,
                points(low.teaching)
            )
        }
        (Some(low), Some(_)) => format!("各节讲授评价接近，最低 {} 分", points(low.teaching)),
        _ => "还没有收到评价".to_owned(),
    }
}

#[derive(Template)]
#[template(path = "training/templates/feedback.html")]
struct ResultsPage {
    shell: Shell,
    run: course_run::Model,
    name: String,
    asked: usize,
    summary: Summary,
    overall: String,
    finding: String,
    bars: Vec<Bars>,
    height: usize,
    over: bool,
}

/// `GET /trainings/{id}/feedback`
///
/// # Errors
/// Not found for what is not there.
pub async fn show_feedback(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
) -> Result<Response> {
    let db = ctx.store.read();
    let run = store::run(db, id).await?;
    let summary = feedback::summary(db, id).await?;
    let asked = feedback::asked(seats::participants(&ctx, &run).await?).len();
    let bars: Vec<_> = summary.lessons.iter().enumerate().map(bars).collect();
    Ok(page(&ResultsPage {
        name: seats::full_title(&run.title, run.ordinal),
        overall: points(summary.overall),
        finding: finding(&summary),
        height: 12 + bars.len() * ROW,
        over: matches!(run.state, RunState::Held | RunState::Settled),
        asked,
        bars,
        summary,
        run,
        shell: desk.shell,
    }))
}
