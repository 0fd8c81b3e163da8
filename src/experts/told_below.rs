//! What bodies below ask about experts through their traits.

use std::collections::HashMap;

use entity::{
    expert::{self, ExpertState},
    ids::{PersonId, UnitId},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::rules;
use crate::{
    accounts::ExpertDirectory,
    foundation::{context::Boxed, context::Context, error::Result},
    units::SeatSource,
};

/// States of an expert who was engaged once: such a person has a page of their own.
const ENGAGED_ONCE: [ExpertState; 4] = [
    ExpertState::Engaged,
    ExpertState::Suspended,
    ExpertState::Ended,
    ExpertState::Expired,
];
/// The experts, as `accounts` and `units` know them.
#[derive(Clone, Copy, Debug)]
pub struct ToldBelow;

impl ExpertDirectory for ToldBelow {
    fn is_expert<'a>(&'a self, ctx: &'a Context, person: PersonId) -> Boxed<'a, Result<bool>> {
        Box::pin(async move {
            let count = expert::Entity::find()
                .filter(expert::Column::PersonId.eq(person))
                .filter(expert::Column::State.is_in(ENGAGED_ONCE))
                .count(ctx.store.read())
                .await?;
            Ok(count > 0)
        })
    }
}

impl SeatSource for ToldBelow {
    fn used<'a>(&'a self, ctx: &'a Context) -> Boxed<'a, Result<HashMap<UnitId, u32>>> {
        Box::pin(async move {
            let rows = expert::Entity::find()
                .filter(expert::Column::Guest.eq(false))
                .filter(expert::Column::State.is_in(rules::SEATED))
                .all(ctx.store.read())
                .await?;
            let mut used = HashMap::new();
            for unit in rows.into_iter().filter_map(|row| row.unit_id) {
                *used.entry(unit).or_default() += 1;
            }
            Ok(used)
        })
    }
}
