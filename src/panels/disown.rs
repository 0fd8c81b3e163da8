//! A mail reached the wrong person: the link dies, nothing counts as an answer, and the secretariat
//! sends the question anew once it has the right address.

use entity::{ids::InvitationId, invitation};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    board::Locked,
    invite,
    mails::{Invitation, Misdirected, Reminder},
    matter::Matter,
    questions::{self, Question},
    rules, timing,
};
use crate::{
    accounts::{Action, Actor, audit, policy::Owner},
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        mail::{self, About, Options, Recipient, Template},
        store::WriteTx,
    },
    people::mask,
};

/// Whoever opened the link says that it was not meant for them. The link of this `generation` is
/// revoked and the secretariat is told.
///
/// # Errors
/// [`Error::NotFound`] when the link was revoked before.
pub async fn disown(ctx: &Context, id: InvitationId, generation: i32) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let panel = questions::get(tx.db(), id).await?.panel_id;
    Locked::take(&tx, panel).await?;
    let question = Question::get(tx.db(), id).await?;
    if question.invitation.generation != generation {
        return Err(Error::NotFound);
    }
    let row = questions::set(
        &tx,
        invitation::ActiveModel {
            generation: Set(generation + 1),
            disowned_at: Set(Some(tx.now())),
            ..question.invitation.clone().into()
        },
    )
    .await?;
    mail::outbox::cancel(&tx, Reminder::KIND, id.0).await?;
    tell_secretariat(&tx, ctx, &question, row.generation).await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: None,
            action: "panels.disown",
            subject_kind: "invitation",
            subject_id: Some(id.0),
            details: json!({}),
        },
    )
    .await?;
    tx.commit().await
}

async fn tell_secretariat(
    tx: &WriteTx,
    ctx: &Context,
    question: &Question,
    generation: i32,
) -> Result<()> {
    let config = &ctx.config.mail;
    let address = if config.reply_to.is_empty() {
        &config.from_address
    } else {
        &config.reply_to
    };
    mail::outbox::enqueue(
        tx,
        &Recipient {
            person: None,
            name: ctx.config.office.issuer.clone(),
            address: Some(address.clone()),
        },
        &About {
            subject: question.invitation.id.0,
            generation,
            cause: format!("邮件转错 {}", question.panel.number),
        },
        Options::default(),
        &Misdirected {
            expert: question.person.name.clone(),
            address: question
                .person
                .email
                .as_deref()
                .map(mask::email)
                .unwrap_or_default(),
            matter: Matter::for_mail(&question.panel),
            path: format!("/invitations/{}", question.invitation.id),
        },
    )
    .await?;
    Ok(())
}

/// Sends a question that still stands once more with a new link, to the address that the person has
/// now; links sent before are dead. Who never had a fair chance to answer gets a new cut-off.
///
/// # Errors
/// `panels.question_closed`, `panels.late`.
pub async fn resend(ctx: &Context, actor: &Actor, id: InvitationId) -> Result<()> {
    actor.require(Action::PrepareRun, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let panel = questions::get(tx.db(), id).await?.panel_id;
    let locked = Locked::take(&tx, panel).await?;
    let question = Question::get(tx.db(), id).await?;
    let (row, place) = (question.invitation, question.assignment);
    let asked = rules::Question::of(&place, &row, false, tx.now());
    if asked.closed {
        return Err(Refusal::new("panels.question_closed").into());
    }
    if asked.late {
        return Err(Refusal::new("panels.late").into());
    }
    for kind in [Invitation::KIND, Reminder::KIND] {
        mail::outbox::cancel(&tx, kind, id.0).await?;
    }
    let due = timing::cutoff(ctx, &locked.panel, tx.now(), place.race)?;
    let extends = row.disowned_at.is_some() && !place.race && due.value > row.cutoff_at;
    let (cutoff, provisional) = if extends {
        (due.value, due.provisional)
    } else {
        (row.cutoff_at, row.provisional)
    };
    let generation = row.generation + 1;
    let row = questions::set(
        &tx,
        invitation::ActiveModel {
            generation: Set(generation),
            disowned_at: Set(None),
            cutoff_at: Set(cutoff),
            provisional: Set(provisional),
            ..row.into()
        },
    )
    .await?;
    let cause = format!("重新发送 {}", locked.panel.number);
    invite::send(&tx, &locked.panel, &place, &row, &question.person, &cause).await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "panels.resend",
            subject_kind: "invitation",
            subject_id: Some(id.0),
            details: json!({}),
        },
    )
    .await?;
    tx.commit().await
}
