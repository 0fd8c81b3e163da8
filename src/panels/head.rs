//! 组长: proposed by the secretariat, accepted by the member through a link of their own.

use entity::{
    assignment,
    ids::{AssignmentId, PanelId},
    panel, person,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use serde_json::json;

use super::{
    board::{Locked, recipient},
    mails::{HeadAsked, Key},
    matter::Matter,
    owners::{Owners, PanelEvent},
    questions, rules, store,
};
use crate::{
    accounts::{Action, Actor, audit, policy::Owner},
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        links::{Links, Token},
        mail::{self, About, Options, Template},
        store::WriteTx,
    },
    panels::HEAD,
    people,
};

/// Asks a member to be 组长, in the caller's write. Whoever was asked before and has not accepted is
/// not asked any more; a head who accepted stays until this member accepts.
///
/// # Errors
/// `panels.not_member`, `panels.is_head`, `panels.ended`.
pub async fn ask_head(tx: &WriteTx, _ctx: &Context, id: AssignmentId) -> Result<()> {
    let panel = questions::assignment(tx.db(), id).await?.panel_id;
    let mut locked = Locked::take(tx, panel).await?;
    rules::goes_on(locked.panel.state)?;
    let row = locked.assignment(id)?.clone();
    rules::may_ask_head(&row)?;
    for other in locked.assignments.clone() {
        if other.id != id && other.head_asked && !other.head {
            mail::outbox::cancel(tx, HeadAsked::KIND, other.id.0).await?;
            let unasked = assignment::ActiveModel {
                head_asked: Set(false),
                ..other.into()
            };
            locked.set(tx, unasked).await?;
        }
    }
    let asked = assignment::ActiveModel {
        head_asked: Set(true),
        head_declined_at: Set(None),
        ..row.clone().into()
    };
    locked.set(tx, asked).await?;
    let person = people::get(tx.db(), row.person_id).await?;
    send(tx, &locked.panel, &row, &person).await
}

/// Queues the mail of the question to be 组长; once for each generation of its link.
pub(super) async fn send(
    tx: &WriteTx,
    panel: &panel::Model,
    row: &assignment::Model,
    person: &person::Model,
) -> Result<()> {
    mail::outbox::enqueue(
        tx,
        &recipient(person),
        &About {
            subject: row.id.0,
            generation: row.work_generation,
            cause: format!("请任组长 {}", panel.number),
        },
        Options::default(),
        &HeadAsked {
            matter: Matter::for_mail(panel),
            link: key(row),
        },
    )
    .await?;
    Ok(())
}

/// The secretariat asks a member of the panel to be 组长.
///
/// # Errors
/// As [`ask_head`]; [`Error::NotFound`] for a member of another panel.
pub async fn propose(ctx: &Context, actor: &Actor, panel: PanelId, id: AssignmentId) -> Result<()> {
    actor.require(Action::HandleConsultation, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    Locked::take(&tx, panel).await?.assignment(id)?;
    ask_head(&tx, ctx, id).await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "panels.ask_head",
            subject_kind: "assignment",
            subject_id: Some(id.0),
            details: json!({}),
        },
    )
    .await?;
    tx.commit().await
}

/// What the link to be 组长 stands for.
fn key(row: &assignment::Model) -> Key {
    Key {
        subject: row.id.0,
        person: row.person_id,
        generation: row.work_generation,
    }
}

/// The question to be 组长 that a link opens.
pub(super) struct HeadQuestion {
    pub assignment: assignment::Model,
    pub panel: panel::Model,
    pub person: person::Model,
}

/// Reads the question behind a link.
///
/// # Errors
/// [`Error::NotFound`] for anything but a link given out to somebody who is still a member.
pub(super) async fn by_link<C: ConnectionTrait>(
    db: &C,
    links: &Links,
    token: &Token,
) -> Result<HeadQuestion> {
    let assignment = questions::assignment(db, AssignmentId(token.subject)).await?;
    if !links.verify(token, &key(&assignment).target(HEAD)) {
        return Err(Error::NotFound);
    }
    Ok(HeadQuestion {
        panel: store::get(db, assignment.panel_id).await?,
        person: people::get(db, assignment.person_id).await?,
        assignment,
    })
}

/// The member says whether they will be 组长. The same answer again changes nothing.
///
/// # Errors
/// `panels.head_closed` when another was asked meanwhile; `panels.ended`; [`Error::NotFound`] when
/// the link was revoked.
pub async fn answer_head(
    ctx: &Context,
    owners: &Owners,
    id: AssignmentId,
    generation: i32,
    accepts: bool,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let panel = questions::assignment(tx.db(), id).await?.panel_id;
    let mut locked = Locked::take(&tx, panel).await?;
    rules::goes_on(locked.panel.state)?;
    let row = locked.assignment(id)?.clone();
    if row.work_generation != generation {
        return Err(Error::NotFound);
    }
    if row.head == accepts && (accepts || row.head_declined_at.is_some()) {
        return Ok(());
    }
    if !row.head_asked {
        return Err(Refusal::new("panels.head_closed").into());
    }
    if accepts {
        let former = locked.assignments.iter().find(|one| one.head).cloned();
        if let Some(former) = former {
            let stood_down = assignment::ActiveModel {
                head: Set(false),
                head_asked: Set(false),
                ..former.into()
            };
            locked.set(&tx, stood_down).await?;
        }
    }
    let (person, was_head) = (row.person_id, row.head);
    let declined = (!accepts).then(|| tx.now());
    let answered = assignment::ActiveModel {
        head: Set(accepts),
        head_asked: Set(accepts),
        head_declined_at: Set(declined),
        ..row.into()
    };
    locked.set(&tx, answered).await?;
    let event = match (accepts, was_head) {
        (true, _) => Some(PanelEvent::HeadAccepted(person)),
        (false, true) => Some(PanelEvent::Changed),
        (false, false) => None,
    };
    if let Some(event) = event {
        owners.tell(&tx, ctx, &locked.panel, event).await?;
    }
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(person),
            action: "panels.head",
            subject_kind: "assignment",
            subject_id: Some(id.0),
            details: json!({ "accepts": accepts }),
        },
    )
    .await?;
    tx.commit().await
}
