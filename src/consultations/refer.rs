//! A request is referred to a committee, which answers itself or asks for a panel.

use entity::{
    consultation,
    ids::{CommitteeId, ConsultationId, PersonId},
    referral,
};
use sea_orm::ActiveValue::Set;

use super::{
    events::{self, note},
    handle::second_hand,
    mails,
    rules::{self, Step},
    store,
};
use crate::{
    committees::{self, NewReferral, Referrer, Said},
    foundation::{
        context::{Boxed, Context},
        error::{Refusal, Result},
        store::WriteTx,
    },
    units,
};

/// Refers a request that waits to be taken in; confidential ones stay with the secretariat.
///
/// # Errors
/// `consultations.not_now`, `consultations.confidential_stays`, and what the committee refuses.
pub async fn refer(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    committee: CommitteeId,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    rules::next(row.state, Step::Answer)?;
    second_hand(ctx, &tx, &row, by).await?;
    if row.confidential {
        return Err(Refusal::new("consultations.confidential_stays").into());
    }
    let unit = units::get(tx.db(), row.unit_id).await?;
    let new = NewReferral {
        owner_kind: Referred.kind(),
        owner_id: id.0,
        number: row.number.clone().unwrap_or_default(),
        title: row.title.clone(),
        text: row.description.clone(),
        asking_name: unit.name,
    };
    committees::refer(&tx, committee, by, &new).await?;
    let name = committees::get(tx.db(), committee).await?.name;
    note(&tx, &row, Some(by), events::REFERRED, &name).await?;
    tx.commit().await
}

/// Refuses while a committee has the request.
///
/// # Errors
/// `consultations.referred`
pub(super) async fn not_referred(tx: &WriteTx, row: &consultation::Model) -> Result<()> {
    let open = committees::open_of(tx.db(), Referred.kind(), row.id.0).await?;
    match open {
        Some(open) => {
            let name = committees::get(tx.db(), open.committee_id).await?.name;
            Err(Refusal::new("consultations.referred")
                .with("committee", name)
                .into())
        }
        None => Ok(()),
    }
}

/// Consultations as matters that are referred.
#[derive(Clone, Copy, Debug)]
pub struct Referred;

impl Referrer for Referred {
    fn kind(&self) -> &'static str {
        "consultation"
    }

    fn said<'a>(
        &'a self,
        tx: &'a WriteTx,
        _ctx: &'a Context,
        referral: &'a referral::Model,
        by: PersonId,
        said: &'a Said,
    ) -> Boxed<'a, Result<()>> {
        Box::pin(async move {
            let row = store::lock(tx, ConsultationId(referral.owner_id)).await?;
            match said {
                Said::Answer(text) => answered(tx, row, by, text).await,
                Said::Panel(reason) => {
                    note(tx, &row, Some(by), events::PANEL_WANTED, reason).await?;
                    Ok(())
                }
            }
        })
    }
}

async fn answered(tx: &WriteTx, row: consultation::Model, by: PersonId, text: &str) -> Result<()> {
    let state = rules::next(row.state, Step::Answer)?;
    let mut next: consultation::ActiveModel = row.into();
    next.state = Set(state);
    next.conclusion = Set(text.to_owned());
    next.conclusion_by = Set(Some(by));
    next.concluded_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    let row = store::update(tx, next).await?;
    let event = note(tx, &row, Some(by), events::ANSWERED, text).await?;
    mails::to_unit(tx, &row, event, &mails::Concluded::of(&row)).await
}

/// The request was withdrawn: the committee has nothing to answer any more.
pub(super) async fn recall(tx: &WriteTx, id: ConsultationId) -> Result<()> {
    committees::recall(tx, Referred.kind(), id.0).await
}

/// Asks the committee that answered once more.
pub(super) async fn ask_again(
    tx: &WriteTx,
    row: &consultation::Model,
    by: PersonId,
    question: &str,
) -> Result<()> {
    committees::ask_again(tx, Referred.kind(), row.id.0, by, question).await
}
