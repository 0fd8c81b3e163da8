//! What has to be held every year, and until when.

use chrono::NaiveDate;
use entity::meeting::MeetingKind;
use sea_orm::{ConnectionTrait, Iterable};

use super::{rules, store};
use crate::{
    foundation::{context::Context, error::Result},
    units,
};

/// A meeting that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Duty {
    pub kind: MeetingKind,
    pub due: NaiveDate,
}

/// Until when assembly and council have to meet next; a meeting that is called counts.
pub(super) async fn duties<C: ConnectionTrait>(db: &C, ctx: &Context) -> Result<Vec<Duty>> {
    let term = units::current_term(db, ctx.today()).await?;
    let mut all = Vec::new();
    for kind in MeetingKind::iter() {
        let last = store::last(db, kind).await?.map(|row| row.date);
        if let Some(due) = rules::due(kind, last, term.from_date) {
            all.push(Duty { kind, due });
        }
    }
    Ok(all)
}
