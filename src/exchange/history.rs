//! The history of a matter as its page shows it.

use super::events::{self, Matter};
use crate::{
    foundation::{
        context::Context,
        error::Result,
        texts::{Language, said},
        ui::dates,
    },
    people,
};

/// A line of the history.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub what: &'static str,
    pub note: String,
    pub who: String,
    pub sample: bool,
    pub when: String,
}

/// All lines of a matter.
pub(super) async fn of(ctx: &Context, matter: Matter) -> Result<Vec<Line>> {
    let db = ctx.store.read();
    let rows = events::of(db, matter).await?;
    let ids: Vec<_> = rows.iter().filter_map(|row| row.by_person).collect();
    let people = people::by_ids(db, &ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let person = row.by_person.and_then(|id| people.get(&id));
            Line {
                what: said(&row.code, Language::Chinese).unwrap_or("办理"),
                note: row.note,
                who: person.map_or_else(String::new, |person| person.name.clone()),
                sample: person.is_some_and(|person| person.sample),
                when: dates::moment(row.at, ctx.zone()),
            }
        })
        .collect())
}
