//! `/home`: what waits for the visitor, from all bodies in one list, and how things stand for the
//! visitor's units.

use askama::Template;
use axum::{extract::State, response::Response};

use crate::{
    accounts::{
        Desk, Due, Faces,
        faces::{self, Standing},
    },
    foundation::{
        context::Context,
        error::Result,
        ui::{Shell, dates, page},
    },
};

#[derive(Template)]
#[template(path = "accounts/templates/home.html")]
struct HomePage {
    shell: Shell,
    rows: Vec<Row>,
    late: usize,
    units: Vec<Vec<Standing>>,
}

struct Row {
    due: Due,
    until: Option<String>,
}

/// `GET /home`
///
/// # Errors
/// When the service itself fails.
pub async fn show(
    State(ctx): State<Context>,
    State(faces): State<Faces>,
    desk: Desk,
) -> Result<Response> {
    let all = faces::due(&faces.home, &ctx, &desk.actor).await?;
    let late = all.iter().filter(|due| due.late).count();
    let rows = all
        .into_iter()
        .map(|due| Row {
            until: due.due.map(|at| dates::deadline(at, ctx.zone())),
            due,
        })
        .collect();
    let mut units = Vec::new();
    for unit in desk.actor.units() {
        let mut lines = Vec::new();
        for source in faces.home.iter() {
            lines.extend(source.standing(&ctx, &desk.actor, unit).await?);
        }
        units.push(lines);
    }
    Ok(page(&HomePage {
        shell: desk.shell,
        rows,
        late,
        units,
    }))
}
