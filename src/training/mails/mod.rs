//! Mails of training: to the contacts of units that asked or that host a base, to the
//! group, and to people who took part.

mod bases;
mod group;
mod people;
mod units;

use entity::{course_run, ids::CourseRunId, person};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

pub(super) use bases::{ask_for_room, give_room_back, room_answered};
pub(super) use group::{decision_due, drafted, pause};
pub(super) use people::{ask_for_feedback, certificate_issued, certificate_revoked};
pub(super) use units::{cancelled, held, published};

use super::{publish::zone_of, seats};
use crate::foundation::{
    error::Result,
    mail::{About, Recipient, Registry},
    ui::dates,
};

/// Makes all mails of this body known.
pub fn register(registry: &mut Registry) {
    registry.register::<units::Published>();
    registry.register::<units::Held>();
    registry.register::<units::Cancelled>();
    registry.register::<bases::RoomAsked>();
    registry.register::<bases::RoomReturned>();
    registry.register::<bases::RoomAnswered>();
    registry.register::<group::Drafted>();
    registry.register::<group::DecisionDue>();
    registry.register::<group::Pause>();
    registry.register::<people::CertificateIssued>();
    registry.register::<people::CertificateRevoked>();
    registry.register::<people::FeedbackAsked>();
}

/// Longest title in a subject line, in characters: mail programs cut longer ones.
const SUBJECT_TITLE: usize = 18;

/// Which run a mail is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RunMatter {
    /// The run.
    pub id: CourseRunId,
    /// Its number.
    pub number: String,
    /// Title of the course.
    pub title: String,
    /// 第×期
    pub ordinal: i32,
    /// Days, in words.
    pub when: String,
    /// Place, in words.
    pub place: String,
}

impl RunMatter {
    /// Of this run.
    pub async fn of<C: ConnectionTrait>(db: &C, run: &course_run::Model) -> Result<Self> {
        let zone = zone_of(run)?;
        let day = |at| dates::day_and_weekday(dates::local_date(at, zone));
        let when = match (run.starts_at, run.ends_at) {
            (Some(from), Some(to)) if day(from) == day(to) => day(from),
            (Some(from), Some(to)) => format!("{}至{}", day(from), day(to)),
            _ => String::new(),
        };
        Ok(Self {
            id: run.id,
            number: run.number.clone(),
            title: run.title.clone(),
            ordinal: run.ordinal,
            when,
            place: seats::place_of(db, run).await?,
        })
    }

    /// The title with its 期.
    pub fn name(&self) -> String {
        seats::full_title(&self.title, self.ordinal)
    }

    /// What stands in the subject line.
    pub fn short(&self) -> String {
        let title = if self.title.chars().count() <= SUBJECT_TITLE {
            self.title.clone()
        } else {
            let head: String = self.title.chars().take(SUBJECT_TITLE - 1).collect();
            format!("{head}…")
        };
        format!("{title}（第 {} 期）", self.ordinal)
    }

    /// The facts of a letter.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("培训班", self.name()),
            ("时间", self.when.clone()),
            ("地点", self.place.clone()),
            ("编号", self.number.clone()),
        ]
    }
}

fn recipient(person: &person::Model) -> Recipient {
    Recipient {
        person: Some(person.id),
        name: person.name.clone(),
        address: person.email.clone(),
    }
}

fn about(subject: uuid::Uuid, label: &str, number: &str) -> About {
    About {
        subject,
        generation: 1,
        cause: format!("{label} {number}"),
    }
}

#[cfg(test)]
mod tests;
