//! How states and histories of committees are shown.

use entity::{committee::CommitteeState, ids::PersonId};
use sea_orm::ConnectionTrait;

use crate::{
    foundation::{
        context::Context,
        error::Result,
        texts::{Label, Language, said},
        ui::{Tag, dates},
    },
    people,
};

/// The state as a word with a shape.
pub(super) fn state_tag(state: CommitteeState) -> Tag {
    let class = match state {
        CommitteeState::Preparing => "wait",
        CommitteeState::Standing => "ok",
        CommitteeState::Ended => "",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// Something that happened, before it is said.
#[derive(Clone, Debug)]
pub(super) struct Happened {
    pub at: chrono::DateTime<chrono::Utc>,
    pub by: Option<PersonId>,
    pub code: String,
    pub note: String,
}

/// A line of a history.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub when: String,
    pub who: String,
    pub sample: bool,
    pub what: &'static str,
    pub note: String,
}

/// A history in words, in the order given.
pub(super) async fn history<C: ConnectionTrait>(
    db: &C,
    ctx: &Context,
    events: Vec<Happened>,
) -> Result<Vec<Line>> {
    let ids: Vec<_> = events.iter().filter_map(|event| event.by).collect();
    let people = people::by_ids(db, &ids).await?;
    Ok(events
        .into_iter()
        .map(|event| {
            let person = event.by.and_then(|id| people.get(&id));
            Line {
                when: dates::moment(event.at, ctx.zone()),
                who: person.map(|person| person.name.clone()).unwrap_or_default(),
                sample: person.is_some_and(|person| person.sample),
                what: said(&event.code, Language::Chinese).unwrap_or("办理"),
                note: event.note,
            }
        })
        .collect())
}
