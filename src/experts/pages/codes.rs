//! `/codes?q=`: suggestions while a code is typed.

use axum::Json;
use serde::Serialize;

use crate::foundation::{classification::search_codes, ui::Fields};

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
