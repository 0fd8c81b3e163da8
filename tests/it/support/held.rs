//! A course run that is over.

use entity::{
    attendance::{self, AttendanceHow},
    enrolment,
    ids::{AttendanceId, CourseRunId},
    sitting,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::training::{GROUP, School};

/// A run that is over; of five people, three came to all of it, one to half, one never.
pub async fn held(school: &School) -> CourseRunId {
    let course = school.course(&[]).await;
    let run = school.published(course, "2026-10-20").await;
    school.enrol(run, 1..=5).await;
    school.app.set_time("2026-10-20 18:00");
    let people = people(school, run).await;
    let db = school.app.ctx.store.read();
    let sittings = sitting::Entity::find()
        .filter(sitting::Column::RegistrationId.eq(people[0].registration_id))
        .order_by_asc(sitting::Column::FromAt)
        .all(db)
        .await
        .unwrap();
    let tx = school.app.ctx.store.begin().await.unwrap();
    for (place, one) in people.iter().enumerate().take(4) {
        for sitting in sittings.iter().take(if place == 3 { 1 } else { 2 }) {
            attendance::Entity::insert(attendance::ActiveModel {
                id: Set(tx.id::<AttendanceId>()),
                sitting_id: Set(sitting.id),
                enrolment_id: Set(one.id),
                present: Set(true),
                how: Set(AttendanceHow::Staff),
                at: Set(sitting.from_at),
                by_person: Set(None),
                reason: Set(String::new()),
            })
            .exec_without_returning(tx.db())
            .await
            .unwrap();
        }
    }
    tx.commit().await.unwrap();
    let group = school.browser(GROUP).await;
    group.submit(&format!("/trainings/{run}/held"), &[]).await;
    run
}

/// Everybody who enrolled, in the order of arrival.
pub async fn people(school: &School, run: CourseRunId) -> Vec<enrolment::Model> {
    let registration = school.run(run).await.registration_id.unwrap();
    enrolment::Entity::find()
        .filter(enrolment::Column::RegistrationId.eq(registration))
        .order_by_asc(enrolment::Column::Arrival)
        .all(school.app.ctx.store.read())
        .await
        .unwrap()
}
