//! Writing down a committee or group that is to be founded, and correcting what is known of one.

use chrono::NaiveDate;
use entity::{
    committee::{self, CommitteeKind},
    ids::CommitteeId,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{found::blank, rules, store};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
    },
};

/// A committee as typed.
#[derive(Clone, Debug)]
pub struct NewCommittee {
    /// Which kind.
    pub kind: CommitteeKind,
    /// Name, at most 60 characters.
    pub name: String,
    /// What it does, at most 1000 characters.
    pub task: String,
    /// The committee that a group belongs to.
    pub parent: Option<CommitteeId>,
    /// Last day of a dated group.
    pub until: Option<NaiveDate>,
}

/// Writes down a committee or group that is being prepared.
///
/// # Errors
/// Refusals of the fields `name`, `parent` and `until`.
pub async fn create(ctx: &Context, actor: &Actor, new: &NewCommittee) -> Result<CommitteeId> {
    actor.require(Action::ManageCommittees, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    check(&tx, ctx, new, None).await?;
    let row = committee::ActiveModel {
        parent_id: Set(new.parent),
        until: Set(new.until),
        ..blank(&tx, new.kind, &new.name, &new.task)
    };
    let id = committee::Entity::insert(row)
        .exec_with_returning(tx.db())
        .await?
        .id;
    store::note(&tx, id, Some(actor.person), "committees.written", &new.name).await?;
    tx.commit().await?;
    Ok(id)
}

/// Corrects name, task, parent and last day; the kind changes by promotion only.
///
/// # Errors
/// As [`create`], and `committees.ended`.
pub async fn correct(
    ctx: &Context,
    actor: &Actor,
    id: CommitteeId,
    new: &NewCommittee,
) -> Result<()> {
    actor.require(Action::ManageCommittees, &Owner::committee(id))?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    rules::goes_on(row.state)?;
    let new = NewCommittee {
        kind: row.kind,
        ..new.clone()
    };
    check(&tx, ctx, &new, Some(id)).await?;
    store::update(
        &tx,
        committee::ActiveModel {
            id: Set(id),
            name: Set(new.name.clone()),
            task: Set(new.task.clone()),
            parent_id: Set(new.parent),
            until: Set(new.until),
            ..Default::default()
        },
    )
    .await?;
    store::note(&tx, id, Some(actor.person), "committees.changed", &new.name).await?;
    tx.commit().await
}

async fn check(
    tx: &WriteTx,
    ctx: &Context,
    new: &NewCommittee,
    own: Option<CommitteeId>,
) -> Result<()> {
    let mut errors = FieldErrors::default();
    let same = committee::Entity::find()
        .filter(committee::Column::Name.eq(&new.name))
        .one(tx.db())
        .await?;
    if same.is_some_and(|other| Some(other.id) != own) {
        errors.add(
            "name",
            Refusal::new("committees.name_taken").with("name", &new.name),
        );
    }
    if let Err((field, refusal)) =
        rules::check_group(new.kind, new.until, new.parent.is_some(), ctx.today())
    {
        errors.add(field, refusal);
    }
    if let Some(parent) = new.parent {
        let parent = store::get(tx.db(), parent).await.map_err(unknown)?;
        if parent.kind != CommitteeKind::Committee || rules::goes_on(parent.state).is_err() {
            errors.add("parent", Refusal::new("form.choose"));
        }
    }
    errors.into_result(())
}

/// A forged choice is a choice not made.
fn unknown(error: Error) -> Error {
    match error {
        Error::NotFound => Error::Invalid(FieldErrors::at("parent", Refusal::new("form.choose"))),
        other => other,
    }
}
