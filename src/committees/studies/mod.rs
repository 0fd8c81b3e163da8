//! 专项研究: a committee asks a question, the engine finds a panel for it together with everything
//! else, and the experts work through plan, interim report and report by their work links. Each of
//! them is looked at by the committee before the next begins; with the report accepted it is closed.

mod ask_panel;
mod change;
mod events;
mod home;
mod jobs;
mod mails;
mod owner;
pub mod pages;
mod plan;
mod remind;
mod report;
mod review;
pub mod rules;
mod store;
mod withdraw;

use entity::ids::{CommitteeId, StudyId};
use sea_orm::ConnectionTrait;

use crate::foundation::{error::Result, mail::Registry, ui::Tag};

pub use ask_panel::ask_panel;
pub(super) use home::due;
pub(super) use jobs::jobs;
pub use owner::Studies;
pub use plan::{NewStudy, plan};
pub use report::{file_report, keep_file};

/// Makes the mails of studies known.
pub(super) fn register(registry: &mut Registry) {
    mails::register(registry);
}

/// A study as its committee's page lists it.
#[derive(Clone, Debug)]
pub(super) struct StudyLine {
    pub id: StudyId,
    pub number: String,
    pub title: String,
    pub tag: Tag,
}

/// The studies of a committee, newest first.
pub(super) async fn of_committee<C: ConnectionTrait>(
    db: &C,
    committee: CommitteeId,
) -> Result<Vec<StudyLine>> {
    Ok(store::of_committees(db, &[committee])
        .await?
        .into_iter()
        .map(|row| StudyLine {
            id: row.id,
            number: row.number,
            title: row.title,
            tag: rules::tag(row.state),
        })
        .collect())
}

/// How many studies of a committee have not ended.
pub(super) async fn going_on<C: ConnectionTrait>(db: &C, committee: CommitteeId) -> Result<usize> {
    Ok(store::of_committees(db, &[committee])
        .await?
        .iter()
        .filter(|row| !rules::has_ended(row.state))
        .count())
}
