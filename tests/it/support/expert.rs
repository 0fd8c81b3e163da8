//! An engaged expert, made in the database directly.

use entity::{
    expert::{self, ExpertKind, ExpertState},
    ids::{ExpertId, PersonId},
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::app::TestApp;

/// Makes a person an engaged guest expert.
pub async fn engage(app: &TestApp, person: PersonId) {
    let tx = app.ctx.store.begin().await.unwrap();
    expert::Entity::insert(expert::ActiveModel {
        id: Set(tx.id::<ExpertId>()),
        person_id: Set(person),
        unit_id: Set(None),
        affiliation: Set(String::new()),
        kind: Set(ExpertKind::Technical),
        guest: Set(true),
        guest_reason: Set(String::new()),
        state: Set(ExpertState::Engaged),
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
}
