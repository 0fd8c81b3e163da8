//! What this body puts on home pages.

use super::{cooperation, visits};
use crate::{
    accounts::{Actor, Due, HomeSource},
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
}
