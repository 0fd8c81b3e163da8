//! A request that the secretariat refers to a committee: the committee answers itself, or asks for a
//! panel. Whoever referred it hears of that without being known here.

use std::{collections::HashMap, sync::Arc};

use entity::{
    committee::CommitteeState,
    ids::{CommitteeId, PersonId, ReferralId},
    referral::{self, ReferralState},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::{mails, store};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::{Boxed, Context},
        error::{Error, Refusal, Result},
        store::WriteTx,
    },
};

/// What a committee says to a matter that was referred to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It answers itself.
    Answer(String),
    /// It asks for a panel, for this reason.
    Panel(String),
}

/// A body that refers matters to committees.
pub trait Referrer: Send + Sync {
    /// The `owner_kind` of its referrals.
    fn kind(&self) -> &'static str;

    /// Hears what the committee says, in the write that keeps it. It locks its own row first and
    /// refuses what comes too late.
    fn said<'a>(
        &'a self,
        tx: &'a WriteTx,
        ctx: &'a Context,
        referral: &'a referral::Model,
        by: PersonId,
        said: &'a Said,
    ) -> Boxed<'a, Result<()>>;
}

/// All bodies that refer, by kind. Cheap to clone.
#[derive(Clone, Default)]
pub struct Referrers(Arc<HashMap<&'static str, Arc<dyn Referrer>>>);

impl std::fmt::Debug for Referrers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl FromIterator<Arc<dyn Referrer>> for Referrers {
    fn from_iter<T: IntoIterator<Item = Arc<dyn Referrer>>>(all: T) -> Self {
        Self(Arc::new(
            all.into_iter().map(|one| (one.kind(), one)).collect(),
        ))
    }
}

/// A matter to be referred, with what the committee needs to know of it.
#[derive(Clone, Debug)]
pub struct NewReferral {
    /// Which body refers.
    pub owner_kind: &'static str,
    /// What it refers.
    pub owner_id: Uuid,
    /// Number of the matter.
    pub number: String,
    /// Its title.
    pub title: String,
    /// What is asked.
    pub text: String,
    /// Who asks.
    pub asking_name: String,
}

/// Refers a matter to a committee that stands, in the write of whoever refers. Those who act for it are
/// told.
///
/// # Errors
/// `committees.referred_already`, `committees.wrong_state`; [`Error::NotFound`].
pub async fn refer(
    tx: &WriteTx,
    committee: CommitteeId,
    by: PersonId,
    new: &NewReferral,
) -> Result<()> {
    let full = store::full(tx.db(), committee).await?;
    super::rules::may_study(full.row.kind, full.row.state)?;
    if open_of(tx.db(), new.owner_kind, new.owner_id)
        .await?
        .is_some()
    {
        return Err(Refusal::new("committees.referred_already").into());
    }
    let row = referral::Entity::insert(referral::ActiveModel {
        id: Set(tx.id::<ReferralId>()),
        committee_id: Set(committee),
        owner_kind: Set(new.owner_kind.to_owned()),
        owner_id: Set(new.owner_id),
        number: Set(new.number.clone()),
        title: Set(new.title.clone()),
        text: Set(new.text.clone()),
        asking_name: Set(new.asking_name.clone()),
        state: Set(ReferralState::Open),
        note: Set(String::new()),
        referred_by: Set(by),
        created_at: Set(tx.now()),
        decided_by: Set(None),
        decided_at: Set(None),
    })
    .exec_with_returning(tx.db())
    .await?;
    let event = store::note(tx, committee, Some(by), "committees.referred", &new.number).await?;
    mails::to_officers(tx, &full, event, &mails::Referred::of(&full.row, &row)).await
}

/// Takes an open referral back, because the matter was withdrawn.
///
/// # Errors
/// When the database fails.
pub async fn recall(tx: &WriteTx, owner_kind: &str, owner_id: Uuid) -> Result<()> {
    if let Some(open) = open_of(tx.db(), owner_kind, owner_id).await? {
        lock(tx, open.id).await?;
        set(tx, open.id, ReferralState::Recalled, "", None).await?;
    }
    Ok(())
}

/// Asks the committee that answered a matter once more.
///
/// # Errors
/// [`Error::NotFound`] when no committee answered it.
pub async fn ask_again(
    tx: &WriteTx,
    owner_kind: &str,
    owner_id: Uuid,
    by: PersonId,
    question: &str,
) -> Result<()> {
    let last = referral::Entity::find()
        .filter(referral::Column::OwnerKind.eq(owner_kind))
        .filter(referral::Column::OwnerId.eq(owner_id))
        .filter(referral::Column::State.eq(ReferralState::Answered))
        .order_by_desc(referral::Column::CreatedAt)
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    let row = lock(tx, last.id).await?;
    let text = format!("{}\n追问：{question}", row.text);
    let row = referral::Entity::update(referral::ActiveModel {
        id: Set(row.id),
        state: Set(ReferralState::Open),
        text: Set(text),
        ..Default::default()
    })
    .exec(tx.db())
    .await?;
    let full = store::full(tx.db(), row.committee_id).await?;
    let code = "committees.referred_again";
    let event = store::note(tx, row.committee_id, Some(by), code, &row.number).await?;
    mails::to_officers(tx, &full, event, &mails::Referred::of(&full.row, &row)).await
}

/// The open referral of a matter.
///
/// # Errors
/// When the database fails.
pub async fn open_of<C: ConnectionTrait>(
    db: &C,
    owner_kind: &str,
    owner_id: Uuid,
) -> Result<Option<referral::Model>> {
    Ok(referral::Entity::find()
        .filter(referral::Column::OwnerKind.eq(owner_kind))
        .filter(referral::Column::OwnerId.eq(owner_id))
        .filter(referral::Column::State.eq(ReferralState::Open))
        .one(db)
        .await?)
}

/// Committees and groups that stand, to refer something to.
///
/// # Errors
/// When the database fails.
pub async fn standing<C: ConnectionTrait>(db: &C) -> Result<Vec<(CommitteeId, String)>> {
    Ok(store::all(db)
        .await?
        .into_iter()
        .filter(|full| full.row.state == CommitteeState::Standing)
        .map(|full| (full.row.id, full.row.name))
        .collect())
}

/// What was referred to a committee, newest first.
pub(super) async fn of_committee<C: ConnectionTrait>(
    db: &C,
    committee: CommitteeId,
) -> Result<Vec<referral::Model>> {
    Ok(referral::Entity::find()
        .filter(referral::Column::CommitteeId.eq(committee))
        .order_by_desc(referral::Column::CreatedAt)
        .order_by_desc(referral::Column::Id)
        .all(db)
        .await?)
}

/// One referral.
pub(super) async fn get<C: ConnectionTrait>(db: &C, id: ReferralId) -> Result<referral::Model> {
    referral::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// Keeps what the committee says; the matter hears of it in the same write.
///
/// # Errors
/// `committees.referral_closed`, and what the matter refuses.
pub(super) async fn say(
    ctx: &Context,
    referrers: &Referrers,
    actor: &Actor,
    id: ReferralId,
    said: &Said,
) -> Result<()> {
    let known = get(ctx.store.read(), id).await?;
    actor.require(Action::RunCommittee, &Owner::committee(known.committee_id))?;
    let referrer = referrers.0.get(known.owner_kind.as_str()).ok_or_else(|| {
        Error::internal(format!(
            "nobody refers matters of kind {}",
            known.owner_kind
        ))
    })?;
    let tx = ctx.store.begin().await?;
    // The matter locks itself first here as everywhere, then the referral.
    referrer.said(&tx, ctx, &known, actor.person, said).await?;
    if lock(&tx, id).await?.state != ReferralState::Open {
        return Err(Refusal::new("committees.referral_closed").into());
    }
    let (state, note) = match said {
        Said::Answer(text) => (ReferralState::Answered, text),
        Said::Panel(reason) => (ReferralState::Passed, reason),
    };
    set(&tx, id, state, note, Some(actor.person)).await?;
    let code = match said {
        Said::Answer(_) => "committees.referral_answered",
        Said::Panel(_) => "committees.referral_passed",
    };
    store::note(
        &tx,
        known.committee_id,
        Some(actor.person),
        code,
        &known.number,
    )
    .await?;
    tx.commit().await
}

async fn lock(tx: &WriteTx, id: ReferralId) -> Result<referral::Model> {
    referral::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

async fn set(
    tx: &WriteTx,
    id: ReferralId,
    state: ReferralState,
    note: &str,
    by: Option<PersonId>,
) -> Result<()> {
    referral::Entity::update(referral::ActiveModel {
        id: Set(id),
        state: Set(state),
        note: Set(note.to_owned()),
        decided_by: Set(by),
        decided_at: Set(Some(tx.now())),
        ..Default::default()
    })
    .exec(tx.db())
    .await?;
    Ok(())
}
