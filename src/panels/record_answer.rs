//! The secretariat records an answer that was given by phone or on paper: who, when, how, and the
//! paper itself.

use entity::{
    ids::{FileId, InvitationId},
    invitation::{Answer, Channel},
};

use super::{
    answer::{Given, How, answer_in},
    owners::Owners,
    rules::Effect,
};
use crate::{
    accounts::{Action, Actor, policy::Owner},
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        files::{self, Upload},
    },
};

/// An answer to be recorded.
#[derive(Clone, Debug)]
pub struct Recorded<'a> {
    /// What the expert said.
    pub given: Given,
    /// Phone or paper.
    pub channel: Channel,
    /// When and how, in words; required.
    pub note: String,
    /// Scans of the paper.
    pub scans: Vec<&'a Upload>,
}

/// Whose the scans of a recorded answer are.
pub fn scans(id: InvitationId) -> files::Owner {
    files::Owner {
        kind: "invitation",
        id: id.0,
        part: "scan",
    }
}

/// Records the answer. It counts as long as the place was not given away, also after the cut-off;
/// the declarations have to be made on the phone or on the paper too.
///
/// # Errors
/// As [`super::answer::answer`]; the fields `channel`, `note` and `scan`.
pub async fn record_answer(
    ctx: &Context,
    owners: &Owners,
    actor: &Actor,
    id: InvitationId,
    recorded: &Recorded<'_>,
) -> Result<Effect> {
    actor.require(Action::PrepareRun, &Owner::ALLIANCE)?;
    let mut errors = FieldErrors::default();
    if !matches!(recorded.channel, Channel::Phone | Channel::Paper) {
        errors.add("channel", Refusal::new("form.choose"));
    }
    if recorded.note.trim().is_empty() {
        errors.add("note", Refusal::new("panels.record_note_missing"));
    }
    for scan in &recorded.scans {
        if let Err(refusal) = files::check(scan, &ctx.config.files) {
            errors.add("scan", refusal);
        }
    }
    errors.into_result(())?;
    let tx = ctx.store.begin().await?;
    let how = How::Recorded {
        by: actor.person,
        channel: recorded.channel,
        note: recorded.note.trim().to_owned(),
    };
    let effect = answer_in(&tx, ctx, owners, id, &recorded.given, &how).await?;
    for scan in &recorded.scans {
        let _: FileId = files::keep(&tx, scans(id), scan, &ctx.config.files).await?;
    }
    tx.commit().await?;
    Ok(effect)
}

/// Whether the answer of a recorded form was a yes.
pub fn read_answer(word: &str) -> Option<Answer> {
    match word {
        "accept" => Some(Answer::Accept),
        "decline" => Some(Answer::Decline),
        _ => None,
    }
}
