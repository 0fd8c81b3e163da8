//! Whether an expert wants to be named where anybody reads: in announcements of what they teach. The
//! consent to serve in the pool does not cover it, and nothing else depends on it.

use std::collections::HashSet;

use entity::{
    consent, expert,
    ids::{ExpertId, PersonId},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{lock_own, noted, own};
use crate::{
    accounts::{Action, Actor, Owner},
    experts::consent_texts::VERSION,
    foundation::{context::Context, error::Result},
    people::consents,
};

/// The purpose under which the consent is kept.
const SHOWN: &str = "shown";

/// Agrees to be named, or no longer; the latter also once the engagement is over. The same again changes
/// nothing.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for people who never were engaged;
/// `experts.engagement_over`.
pub async fn set_shown(ctx: &Context, actor: &Actor, shown: bool) -> Result<()> {
    let tx = ctx.store.begin().await?;
    actor.require(Action::OwnExpertPage, &Owner::person(actor.person))?;
    let row = if shown {
        lock_own(&tx, actor).await?
    } else {
        own(tx.db(), actor.person).await?
    };
    if shown {
        consents::give(&tx, actor.person, SHOWN, VERSION, None, "account").await?;
    } else {
        for given in consents::of(tx.db(), actor.person).await? {
            if given.purpose == SHOWN {
                consents::withdraw(&tx, given.id).await?;
            }
        }
    }
    noted(
        &tx,
        actor,
        &row,
        "experts.set_shown",
        json!({ "shown": shown }),
    )
    .await?;
    tx.commit().await
}

/// Whether the person agrees to be named.
///
/// # Errors
/// When the database fails.
pub async fn is_shown<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<bool> {
    let given = consents::of(db, person).await?;
    Ok(given
        .iter()
        .any(|row| row.purpose == SHOWN && row.withdrawn_at.is_none()))
}

/// Which of `experts` agree to be named.
///
/// # Errors
/// When the database fails.
pub async fn shown<C: ConnectionTrait>(db: &C, experts: &[ExpertId]) -> Result<HashSet<ExpertId>> {
    let rows = expert::Entity::find()
        .filter(expert::Column::Id.is_in(experts.iter().copied()))
        .all(db)
        .await?;
    let given: HashSet<PersonId> = consent::Entity::find()
        .filter(consent::Column::PersonId.is_in(rows.iter().map(|row| row.person_id)))
        .filter(consent::Column::Purpose.eq(SHOWN))
        .filter(consent::Column::WithdrawnAt.is_null())
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.person_id)
        .collect();
    Ok(rows
        .into_iter()
        .filter(|row| given.contains(&row.person_id))
        .map(|row| row.id)
        .collect())
}
