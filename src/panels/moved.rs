//! An expert has another mail address: links sent to the former one fail, and the new address gets
//! what is still open.

use entity::{
    assignment::{self, AssignmentState},
    ids::PersonId,
    invitation, person,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    board::{Locked, recipient},
    head, invite,
    mails::{HeadAsked, Invitation, Key, MeetingReminder, NewLink, Notice, Redated, Reminder},
    matter::Matter,
    notify, questions, store,
};
use crate::{
    foundation::{
        context::{Boxed, Context},
        error::Result,
        mail::{self, About, Options, Renewed, Template},
        store::WriteTx,
    },
    panels::{ANSWER, WORK},
    people::AddressBook,
};

/// Links to questions and to work.
#[derive(Clone, Copy, Debug)]
pub struct PanelLinks;

impl AddressBook for PanelLinks {
    fn hold<'a>(&'a self, tx: &'a WriteTx, person: PersonId) -> Boxed<'a, Result<()>> {
        Box::pin(async move {
            for row in open(tx, person).await? {
                store::lock(tx, row.panel_id).await?;
            }
            Ok(())
        })
    }

    fn moved<'a>(
        &'a self,
        tx: &'a WriteTx,
        _: &'a Context,
        person: &'a person::Model,
    ) -> Boxed<'a, Result<()>> {
        Box::pin(async move {
            for row in open(tx, person.id).await? {
                let mut locked = Locked::take(tx, row.panel_id).await?;
                let row = locked.assignment(row.id)?.clone();
                renew(tx, &mut locked, row, person).await?;
            }
            Ok(())
        })
    }
}

/// Where links of the person still lead to something to be done, or to an answer that can be changed;
/// in the order of panels.
async fn open(tx: &WriteTx, person: PersonId) -> Result<Vec<assignment::Model>> {
    let alive = [
        AssignmentState::Invited,
        AssignmentState::Accepted,
        AssignmentState::Declined,
    ];
    Ok(assignment::Entity::find()
        .filter(assignment::Column::PersonId.eq(person))
        .filter(assignment::Column::State.is_in(alive))
        .order_by_asc(assignment::Column::PanelId)
        .order_by_asc(assignment::Column::Id)
        .all(tx.db())
        .await?)
}

/// New generations of the links of one place, and the mail that carries them.
async fn renew(
    tx: &WriteTx,
    locked: &mut Locked,
    row: assignment::Model,
    person: &person::Model,
) -> Result<()> {
    let question = questions::standing(tx.db(), row.id).await?;
    let question = match question {
        Some(question) => Some(ask_anew(tx, question).await?),
        None => None,
    };
    let waits = question
        .as_ref()
        .filter(|question| question.answer.is_none() && question.cutoff_at > tx.now());
    if let (AssignmentState::Invited, Some(question)) = (row.state, waits) {
        let cause = format!("邮箱更正 {}", locked.panel.number);
        return invite::send(tx, &locked.panel, &row, question, person, &cause).await;
    }
    if row.state != AssignmentState::Accepted {
        return match question {
            Some(question) => tell(tx, locked, person, Links::Answer(&question)).await,
            None => Ok(()),
        };
    }
    for kind in [Notice::KIND, MeetingReminder::KIND, HeadAsked::KIND] {
        mail::outbox::cancel(tx, kind, row.id.0).await?;
    }
    let renewed = assignment::ActiveModel {
        work_generation: Set(row.work_generation + 1),
        ..row.clone().into()
    };
    locked.set(tx, renewed).await?;
    let row = locked.assignment(row.id)?.clone();
    relink(tx, notify::work_key(&row)).await?;
    if row.head_asked && !row.head {
        head::send(tx, &locked.panel, &row, person).await?;
    }
    tell(tx, locked, person, Links::Work(&row)).await
}

/// The question with a link of a new generation; its mails that have not left are taken back.
async fn ask_anew(tx: &WriteTx, question: invitation::Model) -> Result<invitation::Model> {
    for kind in [Invitation::KIND, Redated::KIND, Reminder::KIND] {
        mail::outbox::cancel(tx, kind, question.id.0).await?;
    }
    let generation = question.generation + 1;
    let question = questions::set(
        tx,
        invitation::ActiveModel {
            generation: Set(generation),
            disowned_at: Set(None),
            ..question.into()
        },
    )
    .await?;
    let link = questions::key(&question);
    relink(tx, link).await?;
    Ok(question)
}

/// Mails of whichever body that have not left carry the link as it is now.
async fn relink(tx: &WriteTx, link: Key) -> Result<()> {
    let renewed = Renewed {
        subject: link.subject,
        person: link.person,
        generation: link.generation,
    };
    mail::relink(tx, &[link.person], renewed).await
}

/// Which link the person gets.
enum Links<'a> {
    /// To see and change the answer.
    Answer(&'a invitation::Model),
    /// To work.
    Work(&'a assignment::Model),
}

async fn tell(
    tx: &WriteTx,
    locked: &Locked,
    person: &person::Model,
    links: Links<'_>,
) -> Result<()> {
    let (link, purpose) = match links {
        Links::Answer(question) => (questions::key(question), ANSWER),
        Links::Work(row) => (notify::work_key(row), WORK),
    };
    mail::outbox::enqueue(
        tx,
        &recipient(person),
        &About {
            subject: link.subject,
            generation: link.generation,
            cause: format!("邮箱更正 {}", locked.panel.number),
        },
        Options::default(),
        &NewLink {
            matter: Matter::for_mail(&locked.panel),
            link,
            work: purpose == WORK,
        },
    )
    .await?;
    Ok(())
}
