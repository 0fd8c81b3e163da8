//! `/home`: what waits for the visitor, from all bodies in one list.

use askama::Template;
use axum::{extract::State, response::Response};

use crate::{
    accounts::{Desk, Due, Faces},
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
    let mut all = Vec::new();
    for source in faces.home.iter() {
        all.extend(source.due(&ctx, &desk.actor).await?);
    }
    let late = all.iter().filter(|due| due.late).count();
    let rows = in_order(all)
        .into_iter()
        .map(|due| Row {
            until: due.due.map(|at| dates::deadline(at, ctx.zone())),
            due,
        })
        .collect();
    Ok(page(&HomePage {
        shell: desk.shell,
        rows,
        late,
    }))
}

/// Late ones first, then by limit, then those without one in the order of the bodies.
fn in_order(mut all: Vec<Due>) -> Vec<Due> {
    all.sort_by_key(|due| (!due.late, due.due.is_none(), due.due));
    all
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Duration};

    use super::*;

    #[test]
    fn what_is_late_comes_first_and_what_has_no_limit_last() {
        let due = |title: &str, day: Option<i64>, late| Due {
            title: title.to_owned(),
            href: String::new(),
            why: String::new(),
            due: day.map(|day| DateTime::UNIX_EPOCH + Duration::days(day)),
            late,
        };
        let sorted = in_order(vec![
            due("c", None, false),
            due("b", Some(9), false),
            due("d", None, false),
            due("a", Some(3), false),
            due("late", None, true),
        ]);
        let titles: Vec<_> = sorted.iter().map(|due| due.title.as_str()).collect();
        assert_eq!(titles, ["late", "a", "b", "c", "d"]);
    }
}
