//! 结班统计: what a run came to, for people, units and needs; and the step that closes it for good.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use entity::{
    course_run,
    enrolment::EnrolmentState,
    ids::{CourseRunId, PersonId, UnitId},
};
use sea_orm::ActiveValue::Set;

use super::{
    certificates::{Standing, roster},
    events, rules,
    rules::Step,
    seats, store,
};
use crate::{
    foundation::{context::Context, error::Result},
    registration::Participant,
    units,
};

/// A unit in figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct UnitLine {
    /// Unit as written; empty for people without.
    pub name: String,
    /// People with a seat.
    pub people: usize,
    /// Of them, those who never came.
    pub absent: usize,
    /// 学时 of all.
    pub hours: i32,
    /// Valid and other certificates.
    pub certificates: usize,
}

/// A need in figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NeedLine {
    /// What was asked for.
    pub topic: String,
    /// By which unit.
    pub unit: String,
    /// For how many people.
    pub wanted: i32,
    /// How many of the unit came.
    pub came: i32,
}

impl NeedLine {
    /// People of the unit for whom the need stays open.
    pub fn missing(&self) -> i32 {
        (self.wanted - self.came).max(0)
    }
}

/// How long people waited for a seat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Waiting {
    /// People who ever stood in the queue.
    pub queued: usize,
    /// Of them, those who never got a seat.
    pub in_vain: usize,
    /// The median wait of the others.
    pub median: Option<TimeDelta>,
    /// The longest.
    pub longest: Option<TimeDelta>,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub(super) struct Settlement {
    /// Everybody with a seat.
    pub people: Vec<Standing>,
    /// Their units, by name.
    pub units: Vec<UnitLine>,
    /// The queue.
    pub waiting: Waiting,
    /// What was asked for.
    pub needs: Vec<NeedLine>,
}

impl Settlement {
    /// Of `run` as it stands.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(ctx: &Context, run: &course_run::Model) -> Result<Self> {
        let people = roster(ctx.store.read(), run, ctx.now()).await?;
        let everybody = seats::participants(ctx, run).await?;
        Ok(Self {
            units: by_unit(&people),
            waiting: waiting(&everybody),
            needs: needs(ctx, run, &people).await?,
            people,
        })
    }

    /// 学时 of everybody.
    pub fn hours(&self) -> i32 {
        self.people.iter().map(|one| one.hours).sum()
    }

    /// People who never came.
    pub fn absent(&self) -> usize {
        self.people.iter().filter(|one| one.hours == 0).count()
    }
}

fn by_unit(people: &[Standing]) -> Vec<UnitLine> {
    let mut units: BTreeMap<&str, UnitLine> = BTreeMap::new();
    for one in people {
        let line = units.entry(&one.who.unit_name).or_default();
        line.name.clone_from(&one.who.unit_name);
        line.people += 1;
        line.absent += usize::from(one.hours == 0);
        line.hours += one.hours;
        line.certificates += usize::from(one.certificate.is_some());
    }
    units.into_values().collect()
}

fn waiting(everybody: &[Participant]) -> Waiting {
    let mut waits: Vec<_> = everybody.iter().filter_map(|one| one.waited).collect();
    waits.sort();
    let in_vain = everybody
        .iter()
        .filter(|one| {
            matches!(
                one.state,
                EnrolmentState::Waiting | EnrolmentState::Offered | EnrolmentState::Lapsed
            )
        })
        .count();
    Waiting {
        queued: waits.len() + in_vain,
        in_vain,
        median: waits.get(waits.len() / 2).copied(),
        longest: waits.last().copied(),
    }
}

async fn needs(
    ctx: &Context,
    run: &course_run::Model,
    people: &[Standing],
) -> Result<Vec<NeedLine>> {
    let db = ctx.store.read();
    let needs = store::needs_of(db, run.course_id).await?;
    let ids: Vec<_> = needs.iter().map(|need| need.id).collect();
    let voices = store::voices(db, &ids).await?;
    let mut lines = Vec::new();
    for need in &needs {
        let own = (need.unit_id, need.headcount);
        let joined = voices
            .iter()
            .filter(|voice| voice.need_id == need.id)
            .map(|voice| (voice.unit_id, voice.headcount));
        for (unit, wanted) in std::iter::once(own).chain(joined) {
            lines.push(NeedLine {
                topic: need.topic.clone(),
                unit: units::get(db, unit).await?.name,
                wanted,
                came: came(people, unit),
            });
        }
    }
    Ok(lines)
}

fn came(people: &[Standing], unit: UnitId) -> i32 {
    let there = people
        .iter()
        .filter(|one| one.who.unit == Some(unit) && one.hours > 0)
        .count();
    i32::try_from(there).unwrap_or(i32::MAX)
}

/// A wait in words: 3 天, 5 小时.
pub(super) fn wait_words(wait: TimeDelta) -> String {
    if wait.num_days() > 0 {
        format!("{} 天", wait.num_days())
    } else {
        format!("{} 小时", wait.num_hours())
    }
}

/// Settles a run: marks and answers stay as they are from now on.
///
/// # Errors
/// `training.not_now` unless the run is over.
pub async fn settle(ctx: &Context, id: CourseRunId, by: PersonId) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock_run(&tx, id).await?;
    let state = rules::next(row.state, Step::Settle)?;
    let row = store::update_run(
        &tx,
        course_run::ActiveModel {
            state: Set(state),
            settled_at: Set(Some(tx.now())),
            updated_at: Set(tx.now()),
            ..row.into()
        },
    )
    .await?;
    events::note(&tx, &row, Some(by), events::SETTLED, "").await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use uuid::Uuid;

    use super::*;
    use crate::training::certificates::Verdict;

    fn participant(state: EnrolmentState, waited: Option<i64>) -> Participant {
        Participant {
            enrolment: Uuid::nil().into(),
            person: Uuid::nil().into(),
            name: "学员".to_owned(),
            email: None,
            phone: String::new(),
            unit: None,
            unit_name: "甲单位".to_owned(),
            position: String::new(),
            state,
            arrival: 1,
            arrived_at: DateTime::<Utc>::UNIX_EPOCH,
            enrolled_at: None,
            waited: waited.map(TimeDelta::hours),
            answers: Default::default(),
            attended: Vec::new(),
            held: 2,
        }
    }

    fn standing(hours: i32) -> Standing {
        Standing {
            who: participant(EnrolmentState::Enrolled, None),
            hours,
            total: 8,
            mark: None,
            verdict: Verdict::Absent,
            certificate: None,
        }
    }

    #[test]
    fn units_are_summed_up() {
        let units = by_unit(&[standing(8), standing(0), standing(4)]);
        assert_eq!(
            units,
            [UnitLine {
                name: "甲单位".to_owned(),
                people: 3,
                absent: 1,
                hours: 12,
                certificates: 0
            }]
        );
    }

    #[test]
    fn the_queue_is_told_with_those_who_waited_in_vain() {
        use EnrolmentState::{Cancelled, Enrolled, Lapsed};
        let all = [
            participant(Enrolled, None),
            participant(Enrolled, Some(2)),
            participant(Cancelled, Some(30)),
            participant(Enrolled, Some(50)),
            participant(EnrolmentState::Waiting, None),
            participant(Lapsed, None),
        ];
        let queue = waiting(&all);
        assert_eq!((queue.queued, queue.in_vain), (5, 2));
        assert_eq!(queue.median.map(wait_words).as_deref(), Some("1 天"));
        assert_eq!(queue.longest.map(wait_words).as_deref(), Some("2 天"));
        assert_eq!(waiting(&[]), Waiting::default());
        assert_eq!(wait_words(TimeDelta::hours(5)), "5 小时");
    }

    #[test]
    fn a_need_stays_open_for_those_who_did_not_come() {
        let line = |wanted, came| NeedLine {
            topic: String::new(),
            unit: String::new(),
            wanted,
            came,
        };
        assert_eq!(line(3, 1).missing(), 2);
        assert_eq!(line(3, 5).missing(), 0);
    }
}
