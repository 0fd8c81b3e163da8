//! What this body puts on home pages.

use entity::ids::UnitId;

use super::{cooperation, visits};
use crate::{
    accounts::{Actor, Due, HomeSource, Standing},
    foundation::{
        context::{Boxed, Context},
        error::Result,
    },
};

/// Visits and joint projects that wait for somebody.
#[derive(Clone, Copy, Debug)]
pub struct ExchangeHome;

impl HomeSource for ExchangeHome {
    fn due<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let mut lines = visits::due(ctx, actor).await?;
            lines.extend(cooperation::due(ctx, actor).await?);
            Ok(lines)
        })
    }

    fn standing<'a>(
        &'a self,
        ctx: &'a Context,
        actor: &'a Actor,
        unit: UnitId,
    ) -> Boxed<'a, Result<Vec<Standing>>> {
        Box::pin(visits::standing(ctx, actor, unit))
    }
}
