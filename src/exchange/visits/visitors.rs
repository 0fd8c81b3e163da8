//! The people of a visit.

use std::collections::HashMap;

use entity::{
    ids::{PersonId, VisitId, VisitorId},
    person, visit_terms, visitor,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::{store, terms};
use crate::{
    exchange::named::{self, Named},
    foundation::{
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
    },
    people,
};

/// Somebody on a visit, with the person behind.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct VisitorPerson {
    pub visitor: visitor::Model,
    pub person: person::Model,
}

/// The people whom terms name, in the order named.
pub(super) async fn of_terms<C: ConnectionTrait>(
    db: &C,
    terms: &visit_terms::Model,
) -> Result<Vec<VisitorPerson>> {
    let named = terms::named(terms);
    let mut rows: HashMap<VisitorId, visitor::Model> = store::visitors(db, terms.visit_id)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let rows: Vec<_> = named.iter().filter_map(|id| rows.remove(id)).collect();
    with_people(db, rows).await
}

/// Adds the people to visitors, keeping their order.
pub(super) async fn with_people<C: ConnectionTrait>(
    db: &C,
    rows: Vec<visitor::Model>,
) -> Result<Vec<VisitorPerson>> {
    let ids: Vec<PersonId> = rows.iter().map(|row| row.person_id).collect();
    let people = people::by_ids(db, &ids).await?;
    rows.into_iter()
        .map(|visitor| {
            let person = people
                .get(&visitor.person_id)
                .cloned()
                .ok_or_else(|| Error::internal(format!("visitor {} has no person", visitor.id)))?;
            Ok(VisitorPerson { visitor, person })
        })
        .collect()
}

/// Names of people, as lists show them.
pub(super) fn names(people: &[VisitorPerson]) -> Vec<String> {
    people.iter().map(|one| one.person.name.clone()).collect()
}

/// The visitors that typed lines stand for; those not yet named for this visit are added.
///
/// # Errors
/// Refusals of the field `people`.
pub(super) async fn named_for(
    tx: &WriteTx,
    visit: VisitId,
    typed: &[Named],
) -> Result<Vec<VisitorId>> {
    let known = store::visitors(tx.db(), visit).await?;
    let mut all = Vec::with_capacity(typed.len());
    for line in typed {
        let person = named::person(tx, "people", line).await?;
        let visitor = match known.iter().find(|row| row.person_id == person) {
            Some(row) => {
                if row.position != line.position {
                    let mut next: visitor::ActiveModel = row.clone().into();
                    next.position = Set(line.position.clone());
                    next.update(tx.db()).await?;
                }
                row.id
            }
            None => {
                let id: VisitorId = tx.id();
                visitor::Entity::insert(visitor::ActiveModel {
                    id: Set(id),
                    visit_id: Set(visit),
                    person_id: Set(person),
                    position: Set(line.position.clone()),
                    generation: Set(1),
                    coming: Set(false),
                    departed_at: Set(None),
                    arrived_at: Set(None),
                })
                .exec_without_returning(tx.db())
                .await?;
                id
            }
        };
        if all.contains(&visitor) {
            let refusal = Refusal::new("exchange.named_twice").with("name", &line.name);
            return Err(Error::Invalid(FieldErrors::at("people", refusal)));
        }
        all.push(visitor);
    }
    Ok(all)
}

/// Lets exactly these go; links of others end.
pub(super) async fn set_coming(tx: &WriteTx, visit: VisitId, coming: &[VisitorId]) -> Result<()> {
    for row in store::visitors(tx.db(), visit).await? {
        let comes = coming.contains(&row.id);
        if row.coming == comes {
            continue;
        }
        let generation = row.generation + i32::from(!comes);
        let mut next: visitor::ActiveModel = row.into();
        next.coming = Set(comes);
        next.generation = Set(generation);
        next.update(tx.db()).await?;
    }
    Ok(())
}
