//! A unit proposes other terms, before or after both have agreed. Its own approval is given with the
//! proposal; what was agreed holds until the other unit approves, too.

use entity::{
    ids::{PersonId, VisitId},
    visit,
    visit_terms::{self, TermsState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::json;

use super::{
    agree::locked,
    approve::approve_for,
    difference, mails, matter,
    rules::{self, Side, Step},
    store,
    terms::{self, Terms},
    unit_of, visitors,
};
use crate::{
    exchange::{events, named::Named},
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
    },
};

/// Other terms, as a unit proposes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// The terms.
    pub terms: Terms,
    /// Who is to go, when the sending unit says so; otherwise the same as before.
    pub(in crate::exchange) people: Option<Vec<Named>>,
    /// Why.
    pub reason: String,
    /// The version of the terms that the form showed.
    pub shown: i32,
}

/// Proposes other terms.
///
/// # Errors
/// A conflict when the terms were changed since they were shown; `exchange.not_now`;
/// `exchange.no_change`; refusals of the field `people`.
pub async fn amend(
    ctx: &Context,
    id: VisitId,
    side: Side,
    by: PersonId,
    amendment: &Amendment,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let (visit, newest) = locked(&tx, id).await?;
    rules::next(visit.state, Step::Amend, &visit.number)?;
    if newest.version != amendment.shown {
        return Err(Error::Conflict(Refusal::new("exchange.terms_changed")));
    }
    let named = match &amendment.people {
        Some(people) => visitors::named_for(&tx, id, people).await?,
        None => terms::named(&newest),
    };
    let before = visitors::names(&visitors::of_terms(tx.db(), &newest).await?);
    let mut row = visit_terms::ActiveModel {
        id: Set(tx.id()),
        visit_id: Set(id),
        version: Set(newest.version + 1),
        state: Set(TermsState::Pending),
        visitors: Set(json!(named)),
        reason: Set(amendment.reason.clone()),
        proposed_by: Set(Some(by)),
        proposed_unit: Set(Some(unit_of(&visit, side))),
        proposed_at: Set(tx.now()),
        sending_by: Set(None),
        sending_at: Set(None),
        host_by: Set(None),
        host_at: Set(None),
        ..Default::default()
    };
    amendment.terms.set(&mut row);
    approve_for(&mut row, side, by, tx.now());
    let terms = row.insert(tx.db()).await?;
    let after = visitors::names(&visitors::of_terms(tx.db(), &terms).await?);
    let lines = difference::between(&Terms::of(&newest), &amendment.terms, &before, &after);
    if lines.is_empty() {
        return Err(Refusal::new("exchange.no_change").into());
    }
    if newest.state == TermsState::Pending {
        let mut past: visit_terms::ActiveModel = newest.into();
        past.state = Set(TermsState::Replaced);
        store::update_terms(&tx, past).await?;
    }
    let note = format!("{}。理由：{}", lines.join("；"), amendment.reason);
    let event = events::note(&tx, matter(id), Some(by), "exchange.amended", &note).await?;
    let facts = mails::Facts::of(tx.db(), &visit, &terms).await?;
    let other = unit_of(&visit, side.other());
    let mut told = lines;
    told.push(format!("理由：{}", amendment.reason));
    mails::to_unit::<mails::Amended>(&tx, &facts, other, event, &told).await?;
    let mut next: visit::ActiveModel = visit.into();
    next.updated_at = Set(tx.now());
    store::update(&tx, next).await?;
    tx.commit().await
}
