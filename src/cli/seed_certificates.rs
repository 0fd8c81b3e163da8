//! The demonstration's held run: who came, what they reached, their certificates and answers.

use entity::{
    attendance::{self, AttendanceHow},
    certificate,
    ids::{AttendanceId, CourseRunId, PersonId, RegistrationId},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    foundation::{context::Context, error::Result},
    registration,
    training::{
        certificates,
        feedback::{self, Answer, Rating},
    },
};

/// Everybody came to nearly everything, as people do: one in six was away on the last sitting, one in
/// nine never came.
pub(super) async fn note_attendance(ctx: &Context, registration: RegistrationId) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let sittings = registration::sittings(tx.db(), registration).await?;
    for (place, one) in registration::participants(tx.db(), registration, tx.now())
        .await?
        .iter()
        .enumerate()
    {
        let away = match place {
            _ if place % 9 == 8 => sittings.len(),
            _ if place % 6 == 4 => 1,
            _ => 0,
        };
        for sitting in sittings.iter().take(sittings.len() - away) {
            attendance::Entity::insert(attendance::ActiveModel {
                id: Set(tx.id::<AttendanceId>()),
                sitting_id: Set(sitting.id),
                enrolment_id: Set(one.enrolment),
                present: Set(true),
                how: Set(AttendanceHow::Staff),
                at: Set(sitting.from_at),
                by_person: Set(None),
                reason: Set(String::new()),
            })
            .exec_without_returning(tx.db())
            .await?;
        }
    }
    tx.commit().await
}

/// Marks, certificates for those who passed, one of them replaced and one revoked.
pub(super) async fn certify(
    ctx: &Context,
    by: PersonId,
    run: CourseRunId,
    registration: RegistrationId,
) -> Result<()> {
    let people = registration::participants(ctx.store.read(), registration, ctx.now()).await?;
    let marks = people
        .iter()
        .filter(|one| !one.attended.is_empty())
        .enumerate()
        .map(|(place, one)| {
            let mark = 58 + i32::try_from(place * 17 % 42).unwrap_or_default();
            (one.enrolment, Some(mark))
        })
        .collect();
    let marks = certificates::Marks(marks);
    certificates::note_marks(ctx, run, by, &marks).await?;
    certificates::issue(ctx, run, by).await?;
    let issued = certificate::Entity::find()
        .filter(certificate::Column::RunId.eq(run))
        .order_by_asc(certificate::Column::Number)
        .all(ctx.store.read())
        .await?;
    if let [first, second, ..] = issued.as_slice() {
        let kept = (first.name.as_str(), first.unit_name.as_str());
        let why = "单位名称按公章更正（示例）";
        certificates::reissue(ctx, first.id, by, kept, why).await?;
        let why = "本人申请放弃（示例）";
        certificates::revoke(ctx, second.id, by, why).await?;
    }
    Ok(())
}

/// Words that some of them leave.
const NOTES: [&str; 6] = [
    "案例讲得很实用，回去就能用",
    "",
    "希望多留时间答疑",
    "",
    "",
    "讲义能不能课前发",
];

/// What nearly everybody thought who came.
pub(super) async fn rate(
    ctx: &Context,
    run: CourseRunId,
    registration: RegistrationId,
) -> Result<()> {
    let db = ctx.store.read();
    let people = registration::participants(db, registration, ctx.now()).await?;
    let sittings = registration::sittings(db, registration).await?;
    let tx = ctx.store.begin().await?;
    for (place, who) in feedback::asked(people).iter().enumerate() {
        if place % 5 == 3 {
            continue;
        }
        let points =
            |step: usize| 5 - i32::from((place + step).is_multiple_of(3)) - i32::from(step == 2);
        let lessons = sittings
            .iter()
            .enumerate()
            .filter(|(_, sitting)| who.attended.contains(&sitting.id))
            .map(|(step, sitting)| Rating {
                lesson: sitting.owner_ref.into(),
                content: points(step),
                teaching: points(step + 1),
                note: NOTES[(place + step) % NOTES.len()].to_owned(),
            })
            .collect();
        let answer = Answer {
            overall: points(0),
            note: NOTES[(place + 3) % NOTES.len()].to_owned(),
            lessons,
        };
        feedback::answer(&tx, run, who.enrolment, &answer).await?;
    }
    tx.commit().await
}
