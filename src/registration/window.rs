//! The end of the window, by the clock.

use entity::registration::{self, RegistrationState};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{
    board::Locked,
    owners::{Owners, RegistrationEvent},
};
use crate::foundation::{context::Context, error::Result};

/// Closes registrations whose window is over and tells their owners. Rules go by the clock anyway;
/// this is for the owners and the lists. Returns how many were closed.
///
/// # Errors
/// When the database fails, and what an owner refuses.
pub async fn close_due(ctx: &Context, owners: &Owners) -> Result<usize> {
    let due = registration::Entity::find()
        .filter(registration::Column::State.eq(RegistrationState::Open))
        .filter(registration::Column::ClosesAt.lte(ctx.now()))
        .all(ctx.store.read())
        .await?;
    let mut closed = 0;
    for row in due {
        let tx = ctx.store.begin().await?;
        let mut locked = Locked::take(&tx, row.id).await?;
        if locked.row.state != RegistrationState::Open || locked.row.closes_at > tx.now() {
            continue;
        }
        locked
            .set(&tx, |row| row.state = Set(RegistrationState::Closed))
            .await?;
        owners
            .tell(&tx, ctx, &locked.row, RegistrationEvent::Closed)
            .await?;
        tx.commit().await?;
        closed += 1;
    }
    Ok(closed)
}
