//! A committee plans a study: the question, whom it takes, until when.

use chrono::NaiveDate;
use entity::{
    ids::{CommitteeId, MilestoneId, StudyId},
    study::{self, StudyState},
    study_milestone::{self, MilestoneKind},
};
use sea_orm::{ActiveValue::Set, EntityTrait, prelude::Json};

use super::{
    super::{rules as committee_rules, store as committees},
    events::note,
    rules::{self, Composition},
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::Context,
        error::{FieldErrors, Result},
        numbers,
    },
};

/// A study as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStudy {
    /// Title, at most 80 characters.
    pub title: String,
    /// What is to be found out.
    pub question: String,
    /// Codes like `ics:29.240`.
    pub domains: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Whom it takes.
    pub composition: Composition,
    /// Last days of its milestones, in their order.
    pub days: Vec<(MilestoneKind, NaiveDate)>,
}

/// Writes a study down; its panel is asked for afterwards.
///
/// # Errors
/// Refusals of the fields `demand` and of the last days; `committees.wrong_state` for a committee
/// that does not stand.
pub async fn plan(
    ctx: &Context,
    actor: &Actor,
    committee: CommitteeId,
    new: &NewStudy,
) -> Result<StudyId> {
    actor.require(Action::RunCommittee, &Owner::committee(committee))?;
    let mut errors = FieldErrors::default();
    for wrong in [
        rules::check_numbers(&new.composition),
        rules::check_days(&new.days, &[], ctx.today()),
    ] {
        if let Err((field, refusal)) = wrong {
            errors.add(field, refusal);
        }
    }
    errors.into_result(())?;
    let tx = ctx.store.begin().await?;
    let row = committees::lock(&tx, committee).await?;
    committee_rules::may_study(row.kind, row.state)?;
    let year = ctx.year();
    let number = format!("YJ-{year}-{:03}", numbers::next(&tx, "study", year).await?);
    let id: StudyId = tx.id();
    let row = study::Entity::insert(study::ActiveModel {
        id: Set(id),
        number: Set(number),
        committee_id: Set(committee),
        state: Set(StudyState::Planned),
        title: Set(new.title.clone()),
        question: Set(new.question.clone()),
        domains: Set(Json::from(new.domains.clone())),
        keywords: Set(Json::from(new.keywords.clone())),
        demand: Set(new.composition.demand),
        min_technical: Set(new.composition.min_technical),
        min_standardization: Set(new.composition.min_standardization),
        max_per_unit: Set(new.composition.max_per_unit),
        panel_id: Set(None),
        conclusion: Set(String::new()),
        filed_by: Set(actor.person),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        closed_at: Set(None),
    })
    .exec_with_returning(tx.db())
    .await?;
    for (kind, due_on) in &new.days {
        study_milestone::Entity::insert(study_milestone::ActiveModel {
            id: Set(tx.id::<MilestoneId>()),
            study_id: Set(id),
            kind: Set(*kind),
            due_on: Set(*due_on),
            done_at: Set(None),
        })
        .exec_without_returning(tx.db())
        .await?;
    }
    note(&tx, &row, Some(actor.person), "studies.planned", &new.title).await?;
    tx.commit().await?;
    Ok(id)
}
