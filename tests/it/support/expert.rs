//! Experts, made in the database directly.

use entity::{
    expert::{self, ExpertKind, ExpertState},
    ids::{ExpertId, PersonId, UnitId},
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::app::TestApp;

/// Makes a person an engaged guest expert.
pub async fn engage(app: &TestApp, person: PersonId) -> ExpertId {
    expert_of(app, person, None, ExpertState::Engaged).await
}

/// Makes a person an expert in `state`; without a unit, a guest.
pub async fn expert_of(
    app: &TestApp,
    person: PersonId,
    unit: Option<UnitId>,
    state: ExpertState,
) -> ExpertId {
    let tx = app.ctx.store.begin().await.unwrap();
    let id: ExpertId = tx.id();
    expert::Entity::insert(expert::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        unit_id: Set(unit),
        affiliation: Set(String::new()),
        kind: Set(ExpertKind::Technical),
        guest: Set(unit.is_none()),
        guest_reason: Set(String::new()),
        state: Set(state),
        position: Set(String::new()),
        title: Set(String::new()),
        domains: Set(json!([])),
        keywords: Set(json!([])),
        works: Set(json!([])),
        bio: Set(String::new()),
        languages: Set(String::new()),
        max_open: Set(2),
        max_year: Set(6),
        term_id: Set(None),
        engagement_number: Set(None),
        engaged_from: Set(Some(app.ctx.today())),
        engaged_to: Set(None),
        link_generation: Set(1),
        recommended_by: Set(None),
        recommended_at: Set(None),
        first_approved_by: Set(None),
        decided_by: Set(None),
        decided_at: Set(None),
        decision_note: Set(String::new()),
        exception_note: Set(String::new()),
        ended_on: Set(None),
        end_reason: Set(String::new()),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
    })
    .exec_without_returning(tx.db())
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}
