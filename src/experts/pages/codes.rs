//! `/codes?q=`: suggestions while a code is typed; `/codes/find`: the same search as a page.

use askama::Template;
use axum::{Json, response::Response};
use serde::Serialize;

use crate::{
    accounts::Visitor,
    foundation::{
        classification::{DomainCode, System, search_codes},
        ui::{Fields, Shell, page},
    },
};

/// Suggestions shown at once.
const LIMIT: usize = 12;

/// A code to choose.
#[derive(Clone, Debug, Serialize)]
pub struct Suggestion {
    /// The code as it is typed into the form.
    value: &'static str,
    /// The code with its name.
    label: String,
}

/// `GET /codes?q=` answers with a list of `{value, label}`, the best first.
pub async fn codes(query: Fields) -> Json<Vec<Suggestion>> {
    Json(
        search_codes(query.text("q"), LIMIT)
            .into_iter()
            .map(|code| Suggestion {
                value: code.code(),
                label: code.label(),
            })
            .collect(),
    )
}

/// Codes on the page of the search.
const MOST: usize = 40;

#[derive(Template)]
#[template(path = "experts/templates/codes.html")]
struct CodesPage {
    shell: Shell,
    words: String,
    rows: Vec<CodeRow>,
    most: usize,
}

struct CodeRow {
    code: &'static str,
    system: &'static str,
    label: String,
    above: String,
}

impl CodeRow {
    fn of(code: DomainCode) -> Self {
        let label = |code: DomainCode| {
            let label = code.label();
            label
                .strip_prefix(code.code())
                .map_or(label.clone(), |name| name.trim().to_owned())
        };
        Self {
            code: code.code(),
            system: match code.system() {
                System::Ics => "ICS",
                System::Ccs => "CCS",
            },
            label: label(code),
            above: code.parent().map(|above| above.label()).unwrap_or_default(),
        }
    }
}

/// `GET /codes/find?q=`
pub async fn find_codes(visitor: Visitor, query: Fields) -> Response {
    let words = query.text("q").to_owned();
    page(&CodesPage {
        shell: visitor.shell,
        rows: search_codes(&words, MOST)
            .into_iter()
            .map(CodeRow::of)
            .collect(),
        words,
        most: MOST,
    })
}
