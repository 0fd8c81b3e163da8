//! An expert's answer, by the link or recorded by the secretariat.

use entity::{
    assignment::{self, AssignmentState},
    ids::{InvitationId, PersonId},
    invitation::{self, Answer, Channel, DeclineReason},
    panel,
    panel_recusal::RecusalRule,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    board::{Locked, recipient},
    facts::NewRecusal,
    mails::Receipt,
    matter::{Attendance, Matter},
    owners::Owners,
    part, pledge, questions,
    rules::{self, Effect, Question},
    store,
};
use crate::{
    accounts::audit,
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        mail::{self, About, Options},
        store::WriteTx,
        ui::dates,
    },
    people,
};

/// What the expert says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Yes or no.
    pub answer: Answer,
    /// States that there is no interest; needed to accept.
    pub clear: bool,
    /// Gives the 保密承诺; needed to accept a confidential matter.
    pub pledged: bool,
    /// Why not.
    pub reason: Option<DeclineReason>,
    /// More about it.
    pub note: String,
    /// A colleague suggested.
    pub suggestion: String,
}

/// How the answer came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// By the link of this generation.
    Link {
        /// Generation of the link that was verified.
        generation: i32,
    },
    /// By phone or on paper, recorded by the secretariat.
    Recorded {
        /// Who recorded it.
        by: PersonId,
        /// Phone or paper.
        channel: Channel,
        /// When and how it was given, in words.
        note: String,
    },
}

/// Takes the answer. The same answer again changes nothing; a changed one counts until the cut-off.
///
/// # Errors
/// Refusals of [`rules::answer`]; `people.taken` when the expert's time is promised elsewhere;
/// fields `clear` and `secret` when a declaration is missing; [`Error::NotFound`] for a link that
/// was revoked meanwhile.
pub async fn answer(
    ctx: &Context,
    owners: &Owners,
    id: InvitationId,
    given: &Given,
    how: &How,
) -> Result<Effect> {
    let tx = ctx.store.begin().await?;
    let effect = answer_in(&tx, ctx, owners, id, given, how).await?;
    tx.commit().await?;
    Ok(effect)
}

/// [`answer`] in the caller's write.
pub(super) async fn answer_in(
    tx: &WriteTx,
    ctx: &Context,
    owners: &Owners,
    id: InvitationId,
    given: &Given,
    how: &How,
) -> Result<Effect> {
    let panel = questions::get(tx.db(), id).await?.panel_id;
    let mut locked = Locked::take(tx, panel).await?;
    let question = questions::get(tx.db(), id).await?;
    if let How::Link { generation } = how
        && *generation != question.generation
    {
        return Err(Error::NotFound);
    }
    let place = locked.assignment(question.assignment_id)?.clone();
    let recused = store::recused_by_answer(tx.db(), panel, place.expert_id).await?;
    let mut asked = Question::of(&place, &question, recused, tx.now());
    // What is told by phone counts as long as the place was not given away.
    asked.late &= matches!(how, How::Link { .. });
    asked.closed |= rules::goes_on(locked.panel.state).is_err();
    let effect = rules::answer(&locked.board(), &asked, given.answer, given.reason)?;
    if effect == Effect::Unchanged {
        return Ok(effect);
    }
    check_declarations(&locked.panel, given)?;
    let attendance = match effect {
        Effect::Take => seat(tx, ctx, &mut locked, &place).await?,
        Effect::Offer => {
            offer(tx, ctx, &mut locked, &place).await?;
            None
        }
        Effect::Leave | Effect::Unchanged => {
            let attendance = leave(tx, &mut locked, &place).await?;
            if given.reason == Some(DeclineReason::Interest) && !recused {
                recuse(tx, &locked.panel, &place, &given.note).await?;
            }
            attendance
        }
    };
    let question = keep(tx, &locked.panel, question, given, how).await?;
    send_receipt(tx, &locked.panel, &place, &question, attendance).await?;
    locked.settle(tx, ctx, owners).await?;
    let by = match how {
        How::Link { .. } => place.person_id,
        How::Recorded { by, .. } => *by,
    };
    audit::record(
        tx,
        audit::Entry {
            actor: Some(by),
            action: "panels.answer",
            subject_kind: "invitation",
            subject_id: Some(id.0),
            details: json!({ "answer": given.answer, "reason": given.reason, "channel": question.channel }),
        },
    )
    .await?;
    Ok(effect)
}

/// An acceptance needs its declarations.
fn check_declarations(panel: &panel::Model, given: &Given) -> Result<()> {
    let mut errors = FieldErrors::default();
    if given.answer == Answer::Accept {
        if !given.clear {
            errors.add("clear", Refusal::new("panels.statement_missing"));
        }
        if panel.confidential && !given.pledged {
            errors.add("secret", Refusal::new("panels.pledge_missing"));
        }
    }
    errors.into_result(())
}

/// Gives the place to the expert for good: the meeting's time is theirs, and an entry goes into the
/// calendar.
pub(super) async fn seat(
    tx: &WriteTx,
    ctx: &Context,
    locked: &mut Locked,
    place: &assignment::Model,
) -> Result<Option<Attendance>> {
    if let (Some(from), Some(to)) = (locked.panel.meeting_from, locked.panel.meeting_to) {
        people::commitments::take(
            tx,
            ctx.zone(),
            people::commitments::Span {
                person: place.person_id,
                from,
                to,
                source_kind: "panel",
                source_id: place.id.0,
                label: format!("{} {}", locked.panel.purpose, locked.panel.number),
            },
        )
        .await?;
    }
    locked
        .set(
            tx,
            assignment::ActiveModel {
                state: Set(AssignmentState::Accepted),
                refill: Set(false),
                ended_at: Set(None),
                end_note: Set(String::new()),
                ..place.clone().into()
            },
        )
        .await?;
    locked.entry(tx, place.id, false).await
}

/// Keeps an acceptance until the race is decided; the time is only looked at, not taken.
async fn offer(
    tx: &WriteTx,
    ctx: &Context,
    locked: &mut Locked,
    place: &assignment::Model,
) -> Result<()> {
    if let (Some(from), Some(to)) = (locked.panel.meeting_from, locked.panel.meeting_to) {
        let clashes = people::commitments::clashing(tx.db(), place.person_id, from, to).await?;
        if let Some(row) = clashes.into_iter().find(|row| row.source_id != place.id.0) {
            return Err(Refusal::new("people.taken")
                .with("label", row.label)
                .with("from", dates::moment(row.from_at, ctx.zone()))
                .with("to", dates::moment(row.to_at, ctx.zone()))
                .into());
        }
    }
    locked
        .set(
            tx,
            assignment::ActiveModel {
                state: Set(AssignmentState::Invited),
                ended_at: Set(None),
                end_note: Set(String::new()),
                ..place.clone().into()
            },
        )
        .await
}

/// Who has an interest is recused from the panel for good.
async fn recuse(
    tx: &WriteTx,
    panel: &panel::Model,
    place: &assignment::Model,
    note: &str,
) -> Result<()> {
    let recusal = NewRecusal {
        rule: RecusalRule::Answered,
        unit: None,
        expert: Some(place.expert_id),
        name: String::new(),
        note: note.to_owned(),
    };
    store::insert_recusals(tx, panel.id, &[recusal]).await
}

/// Gives the place back, or does not take it.
async fn leave(
    tx: &WriteTx,
    locked: &mut Locked,
    place: &assignment::Model,
) -> Result<Option<Attendance>> {
    let attendance = part::give_back(tx, locked, place).await?;
    let accepted = place.state == AssignmentState::Accepted;
    let fell_free = place.refill || (!place.race && store::HOLDING.contains(&place.state));
    locked
        .set(
            tx,
            assignment::ActiveModel {
                state: Set(AssignmentState::Declined),
                ended_at: Set(Some(tx.now())),
                refill: Set(fell_free),
                head: Set(false),
                head_asked: Set(false),
                work_generation: Set(place.work_generation + i32::from(accepted)),
                ..place.clone().into()
            },
        )
        .await?;
    Ok(attendance)
}

/// Writes the answer with its circumstances.
async fn keep(
    tx: &WriteTx,
    panel: &panel::Model,
    question: invitation::Model,
    given: &Given,
    how: &How,
) -> Result<invitation::Model> {
    let (channel, recorded_by, record_note) = match how {
        How::Link { .. } => (Channel::Link, None, String::new()),
        How::Recorded { by, channel, note } => (*channel, Some(*by), note.clone()),
    };
    let accepts = given.answer == Answer::Accept;
    let answers = question.answers + 1;
    let person = question.person_id;
    let seen = question.seen_at.or(Some(tx.now()));
    let mut changed = invitation::ActiveModel {
        seen_at: Set(seen),
        answer: Set(Some(given.answer)),
        answered_at: Set(Some(tx.now())),
        channel: Set(Some(channel)),
        recorded_by: Set(recorded_by),
        record_note: Set(record_note),
        decline_reason: Set(given.reason.filter(|_| !accepts)),
        decline_note: Set(if accepts {
            String::new()
        } else {
            given.note.clone()
        }),
        suggestion: Set(if accepts {
            String::new()
        } else {
            given.suggestion.clone()
        }),
        answers: Set(answers),
        ..question.into()
    };
    if accepts {
        changed.statement_at = Set(Some(tx.now()));
        changed.statement_text = Set(pledge::statement(panel));
        if panel.confidential {
            changed.pledge_version = Set(Some(pledge::PLEDGE_VERSION.to_owned()));
            let by = match channel {
                Channel::Paper => "paper",
                Channel::Phone => "phone",
                Channel::Link | Channel::Schedule => "link",
            };
            pledge::give(tx, person, panel.id, by).await?;
        }
    }
    questions::set(tx, changed).await
}

async fn send_receipt(
    tx: &WriteTx,
    panel: &panel::Model,
    place: &assignment::Model,
    question: &invitation::Model,
    attendance: Option<Attendance>,
) -> Result<()> {
    let (Some(answer), Some(at)) = (question.answer, question.answered_at) else {
        return Ok(());
    };
    let person = people::get(tx.db(), question.person_id).await?;
    mail::outbox::enqueue(
        tx,
        &recipient(&person),
        &About {
            subject: question.id.0,
            generation: question.answers,
            cause: format!(
                "{} {}",
                if question.recorded_by.is_some() {
                    "代录答复"
                } else {
                    "本人答复"
                },
                panel.number
            ),
        },
        Options::default(),
        &Receipt {
            matter: Matter::for_mail(panel),
            link: questions::key(question),
            answer,
            at,
            recorded: question.recorded_by.is_some(),
            race: place.race,
            cutoff: question.cutoff_at,
            attendance,
        },
    )
    .await?;
    Ok(())
}
