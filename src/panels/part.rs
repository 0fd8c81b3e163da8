//! Ending the place of an expert who was asked or had accepted: by the secretariat, because the
//! matter was withdrawn, or because another was taken.

use entity::{
    assignment::{self, AssignmentState},
    ids::AssignmentId,
};
use sea_orm::ActiveValue::Set;

use super::{
    board::{Locked, recipient},
    mails::{Ending, HeadAsked, MeetingReminder, Notice, Released},
    matter::{Attendance, Matter},
    questions,
};
use crate::{
    foundation::{
        error::Result,
        mail::{self, About, Options, Template},
        store::WriteTx,
    },
    people,
};

/// How a place ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parting<'a> {
    /// Where the assignment stands afterwards.
    pub state: AssignmentState,
    /// What the expert is told; nothing when `None`.
    pub ending: Option<Ending>,
    /// Why, in words.
    pub note: &'a str,
    /// Whether the place is to be asked for again.
    pub refill: bool,
}

/// Ends the place: closes its question, frees the expert's time, revokes the work link, takes the
/// meeting out of the calendar, and tells the expert unless the question never reached them.
pub(super) async fn part(
    tx: &WriteTx,
    locked: &mut Locked,
    id: AssignmentId,
    parting: Parting<'_>,
) -> Result<()> {
    let row = locked.assignment(id)?.clone();
    let had_accepted = row.state == AssignmentState::Accepted;
    let knows = questions::close(tx, id).await?;
    let attendance = give_back(tx, locked, &row).await?;
    let generation = row.work_generation + 1;
    let person = row.person_id;
    locked
        .set(
            tx,
            assignment::ActiveModel {
                state: Set(parting.state),
                ended_at: Set(Some(tx.now())),
                end_note: Set(parting.note.to_owned()),
                refill: Set(parting.refill),
                head: Set(false),
                head_asked: Set(false),
                work_generation: Set(generation),
                ..row.into()
            },
        )
        .await?;
    let Some(ending) = parting.ending.filter(|_| knows || had_accepted) else {
        return Ok(());
    };
    let person = people::get(tx.db(), person).await?;
    mail::outbox::enqueue(
        tx,
        &recipient(&person),
        &About {
            subject: id.0,
            generation,
            cause: format!("人选变动 {}", locked.panel.number),
        },
        Options::default(),
        &Released {
            matter: Matter::for_mail(&locked.panel),
            ending,
            reason: parting.note.to_owned(),
            attendance,
        },
    )
    .await?;
    Ok(())
}

/// Frees the time that an acceptance took and takes back what is queued for the member. Returns the
/// cancelled calendar entry when there was an acceptance.
pub(super) async fn give_back(
    tx: &WriteTx,
    locked: &mut Locked,
    row: &assignment::Model,
) -> Result<Option<Attendance>> {
    if row.state != AssignmentState::Accepted {
        return Ok(None);
    }
    people::commitments::release(tx, row.id.0).await?;
    for kind in [Notice::KIND, MeetingReminder::KIND, HeadAsked::KIND] {
        mail::outbox::cancel(tx, kind, row.id.0).await?;
    }
    locked.entry(tx, row.id, true).await
}
