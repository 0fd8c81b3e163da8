//! Everybody of a run with 学时, mark and certificate.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{certificate, course_run, enrolment::EnrolmentState, ids::SittingId};
use sea_orm::ConnectionTrait;

use super::{
    rules::{self, Bar, Verdict},
    store,
};
use crate::{
    foundation::error::Result,
    registration::{self, Participant},
    training,
};

/// Somebody with a seat.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The person.
    pub who: Participant,
    /// 学时 attended.
    pub hours: i32,
    /// 学时 of the run.
    pub total: i32,
    /// The mark, once typed.
    pub mark: Option<i32>,
    /// Whether a certificate is earned.
    pub verdict: Verdict,
    /// The newest certificate, in whatever state.
    pub certificate: Option<certificate::Model>,
}

impl Standing {
    /// Attendance in percent, rounded down.
    pub fn percent(&self) -> i32 {
        if self.total == 0 {
            0
        } else {
            self.hours * 100 / self.total
        }
    }
}

/// Everybody who has a seat in `run`, in the order of arrival.
///
/// # Errors
/// When the database fails.
pub async fn roster<C: ConnectionTrait>(
    db: &C,
    run: &course_run::Model,
    now: DateTime<Utc>,
) -> Result<Vec<Standing>> {
    let Some(registration) = run.registration_id else {
        return Ok(Vec::new());
    };
    let course = training::store::course(db, run.course_id).await?;
    let bar = Bar {
        attendance_percent: course.attendance_percent,
        min_mark: course.min_mark,
    };
    let lessons = training::store::lessons(db, run.id).await?;
    let total = lessons.iter().map(|lesson| lesson.hours).sum();
    let hours: HashMap<SittingId, i32> = registration::sittings(db, registration)
        .await?
        .into_iter()
        .filter_map(|sitting| {
            let lesson = lessons.iter().find(|one| one.id.0 == sitting.owner_ref)?;
            Some((sitting.id, lesson.hours))
        })
        .collect();
    let marks = store::marks(db, run.id).await?;
    let mut newest = HashMap::new();
    for row in store::of_run(db, run.id).await? {
        newest.insert(row.enrolment_id, row);
    }
    Ok(registration::participants(db, registration, now)
        .await?
        .into_iter()
        .filter(|who| who.state == EnrolmentState::Enrolled)
        .map(|who| {
            let attended = who.attended.iter().filter_map(|id| hours.get(id)).sum();
            let mark = marks.get(&who.enrolment).map(|row| row.mark);
            Standing {
                hours: attended,
                total,
                mark,
                verdict: rules::judge(attended, total, mark, bar),
                certificate: newest.remove(&who.enrolment),
                who,
            }
        })
        .collect())
}
