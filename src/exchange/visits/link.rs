//! The link of a visitor: facts of the visit, the confirmation of the return, the report; and, where
//! the office switched it on, departure and arrival.

use entity::{
    ids::{VisitId, VisitorId},
    visit, visitor,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::store;
use crate::foundation::{
    context::Context,
    error::{Error, Refusal, Result},
    links::{Links, Purpose, Target, Token},
};

/// The link of a visitor. Its subject is the visitor's row, its generation the row's.
pub const LINK: Purpose = Purpose {
    label: "exchange.visitor",
    path: "/v/",
};

/// What the link of a visitor stands for.
pub fn target(row: &visitor::Model) -> Target {
    Target {
        purpose: LINK,
        subject: row.id.0,
        person: row.person_id.0,
        generation: row.generation,
    }
}

/// The visitor and the visit that a link opens.
///
/// # Errors
/// `exchange.link_ended` for a link that was given out once; [`Error::NotFound`] for any other.
pub(super) async fn open<C: ConnectionTrait>(
    db: &C,
    links: &Links,
    token: &Token,
) -> Result<(visitor::Model, visit::Model)> {
    let row = visitor::Entity::find_by_id(VisitorId(token.subject))
        .one(db)
        .await?
        .ok_or(Error::NotFound)?;
    if !row.coming || !links.verify(token, &target(&row)) {
        return Err(if was_given(links, token, &row) {
            Refusal::new("exchange.link_ended").into()
        } else {
            Error::NotFound
        });
    }
    let visit = store::visit(db, row.visit_id).await?;
    Ok((row, visit))
}

/// Whether a token opened the visit before: the visit was withdrawn, somebody else goes, or the link went to
/// another address.
fn was_given(links: &Links, token: &Token, row: &visitor::Model) -> bool {
    (0..row.generation).any(|generation| {
        let former = Target {
            generation,
            ..target(row)
        };
        links.verify(token, &former)
    })
}

/// What a visitor tells on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnTheWay {
    /// 已出发
    Departed,
    /// 已到达
    Arrived,
}

/// Notes departure or arrival, once each; where the office has not switched it on, it is refused:
/// where people are is nobody's business by default.
///
/// # Errors
/// `exchange.travel_off`; [`Error::NotFound`] for somebody who does not go.
pub(super) async fn tell(
    ctx: &Context,
    visit: VisitId,
    id: VisitorId,
    what: OnTheWay,
) -> Result<()> {
    if !ctx.config.exchange.travel_links {
        return Err(Refusal::new("exchange.travel_off").into());
    }
    let tx = ctx.store.begin().await?;
    store::lock_visit(&tx, visit).await?;
    let row = visitor::Entity::find_by_id(id)
        .one(tx.db())
        .await?
        .filter(|row| row.coming)
        .ok_or(Error::NotFound)?;
    let mut next: visitor::ActiveModel = row.clone().into();
    match what {
        OnTheWay::Departed => next.departed_at = Set(row.departed_at.or(Some(tx.now()))),
        OnTheWay::Arrived => next.arrived_at = Set(row.arrived_at.or(Some(tx.now()))),
    }
    next.update(tx.db()).await?;
    tx.commit().await
}
