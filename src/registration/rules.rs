//! Who gets a seat, who waits, and what may happen when. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    enrolment::EnrolmentState,
    ids::UnitId,
    registration::{self, RegistrationState},
};

use super::facts::{Facts, NewSitting};
use crate::foundation::{
    calendar::{OfficeClock, Reckoned},
    error::Refusal,
    search::normalise,
};

/// What can be done with a registration at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A draft, not shown to anybody.
    Hidden,
    /// Published; enrolment begins later.
    Before,
    /// People enrol, and freed seats are offered.
    Open,
    /// People no longer enrol; seats are filled by hand.
    After,
    /// It has begun, or is over: nothing changes any more but attendance.
    Begun,
    /// It will not take place.
    Cancelled,
}

/// The phase of a registration at `now`: by its state and its clock, so that nothing depends on how
/// soon a job comes around.
pub fn phase(row: &registration::Model, now: DateTime<Utc>) -> Phase {
    match row.state {
        RegistrationState::Draft => Phase::Hidden,
        RegistrationState::Cancelled => Phase::Cancelled,
        RegistrationState::Ended => Phase::Begun,
        _ if now >= row.starts_at => Phase::Begun,
        RegistrationState::Closed => Phase::After,
        RegistrationState::Open if now >= row.closes_at => Phase::After,
        RegistrationState::Open if now < row.opens_at => Phase::Before,
        RegistrationState::Open => Phase::Open,
    }
}

/// Whether people may enrol.
///
/// # Errors
/// Why not, by the phase.
pub fn may_enrol(phase: Phase) -> Result<(), Refusal> {
    Err(Refusal::new(match phase {
        Phase::Open => return Ok(()),
        Phase::Hidden | Phase::Before => "registration.not_open_yet",
        Phase::After => "registration.closed",
        Phase::Begun => "registration.begun",
        Phase::Cancelled => "registration.cancelled",
    }))
}

/// Whether a person may give up or be taken off.
///
/// # Errors
/// Why not, by the phase.
pub fn may_leave(phase: Phase) -> Result<(), Refusal> {
    match phase {
        Phase::Begun => Err(Refusal::new("registration.begun")),
        Phase::Cancelled => Err(Refusal::new("registration.cancelled")),
        Phase::Hidden | Phase::Before | Phase::Open | Phase::After => Ok(()),
    }
}

/// Whether a freed seat may be offered or given by a person of the group.
///
/// # Errors
/// Why not, by the phase.
pub fn may_fill_by_hand(phase: Phase) -> Result<(), Refusal> {
    match phase {
        Phase::Open | Phase::After => Ok(()),
        Phase::Hidden | Phase::Before => Err(Refusal::new("registration.not_open_yet")),
        Phase::Begun => Err(Refusal::new("registration.begun")),
        Phase::Cancelled => Err(Refusal::new("registration.cancelled")),
    }
}

/// Whether the facts and the sittings fit together.
///
/// # Errors
/// A refusal that names what does not.
pub fn check(facts: &Facts, sittings: &[NewSitting]) -> Result<(), Refusal> {
    if facts.capacity < 1 {
        return Err(Refusal::new("registration.no_seats"));
    }
    if facts.per_unit.is_some_and(|most| most < 1) {
        return Err(Refusal::new("registration.no_seats_per_unit"));
    }
    if facts.closes_at <= facts.opens_at {
        return Err(Refusal::new("registration.window"));
    }
    if let Some(wrong) = sittings.iter().find(|one| one.to <= one.from) {
        return Err(Refusal::new("registration.sitting_span").with("label", &wrong.label));
    }
    let first = sittings.iter().map(|one| one.from).min();
    if first.is_some_and(|first| first < facts.closes_at) {
        return Err(Refusal::new("registration.closes_after_start"));
    }
    Ok(())
}

/// Whose seats count together: a unit's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UnitKey {
    /// A unit of the alliance.
    Unit(UnitId),
    /// Another one, by its name.
    Named(String),
    /// A person without a unit: no limit.
    Nobody,
}

impl UnitKey {
    /// The key of a unit as an enrolment names it.
    pub fn of(unit: Option<UnitId>, name: &str) -> Self {
        match unit {
            Some(unit) => Self::Unit(unit),
            None if name.trim().is_empty() => Self::Nobody,
            None => Self::Named(normalise(name)),
        }
    }
}

/// How many people of which unit stand where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(Vec<(UnitKey, EnrolmentState, i64)>);

/// Seats in all and for each unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Seats.
    pub capacity: i32,
    /// Most of one unit.
    pub per_unit: Option<i32>,
}

impl Limits {
    /// The limits of a registration.
    pub fn of(row: &registration::Model) -> Self {
        Self {
            capacity: row.capacity,
            per_unit: row.per_unit,
        }
    }
}

/// What an arrival gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// A seat.
    Seat,
    /// A place in the queue: everything is taken, or kept for those who wait.
    QueueFull,
    /// A place in the queue: the unit has all the seats it may have.
    QueueUnit,
}

impl FromIterator<(UnitKey, EnrolmentState, i64)> for Counts {
    fn from_iter<T: IntoIterator<Item = (UnitKey, EnrolmentState, i64)>>(rows: T) -> Self {
        Self(rows.into_iter().collect())
    }
}

/// Whether a state holds a seat.
pub fn holds_seat(state: EnrolmentState) -> bool {
    matches!(state, EnrolmentState::Enrolled | EnrolmentState::Offered)
}

/// Whether a state is one of a person who still is, or may come to be, part of it.
pub fn stands(state: EnrolmentState) -> bool {
    matches!(
        state,
        EnrolmentState::AwaitingUnit
            | EnrolmentState::Enrolled
            | EnrolmentState::Waiting
            | EnrolmentState::Offered
    )
}

impl Counts {
    fn sum(&self, of: impl Fn(&UnitKey, EnrolmentState) -> bool) -> i64 {
        self.0
            .iter()
            .filter(|(key, state, _)| of(key, *state))
            .map(|(_, _, count)| count)
            .sum()
    }

    /// People in a state.
    pub fn at(&self, state: EnrolmentState) -> i64 {
        self.sum(|_, one| one == state)
    }

    /// Seats that are taken or kept for somebody.
    pub fn taken(&self) -> i64 {
        self.sum(|_, state| holds_seat(state))
    }

    /// Seats of one unit that are taken or kept.
    pub fn taken_by(&self, key: &UnitKey) -> i64 {
        self.sum(|one, state| one == key && holds_seat(state))
    }

    /// Seats that nobody has and nobody is offered.
    pub fn free(&self, limits: Limits) -> i64 {
        (i64::from(limits.capacity) - self.taken()).max(0)
    }

    /// Whether the unit may have no further seat.
    pub fn unit_full(&self, limits: Limits, key: &UnitKey) -> bool {
        *key != UnitKey::Nobody
            && limits
                .per_unit
                .is_some_and(|most| self.taken_by(key) >= i64::from(most))
    }

    /// What a newcomer of the unit gets. A free seat belongs to those who wait and may take it
    /// before it belongs to anybody who comes later.
    pub fn admit(&self, limits: Limits, key: &UnitKey) -> Admission {
        if self.unit_full(limits, key) {
            return Admission::QueueUnit;
        }
        let queue = self
            .0
            .iter()
            .filter(|(other, state, _)| {
                *state == EnrolmentState::Waiting && !self.unit_full(limits, other)
            })
            .map(|(_, _, count)| count)
            .sum::<i64>();
        if self.free(limits) > queue {
            Admission::Seat
        } else {
            Admission::QueueFull
        }
    }

    /// The first of `queue`, in the order of arrival, whose unit may have a further seat.
    pub fn next<'a, T>(
        &self,
        limits: Limits,
        queue: &'a [T],
        key: impl Fn(&T) -> UnitKey,
    ) -> Option<&'a T> {
        if self.free(limits) == 0 {
            return None;
        }
        queue.iter().find(|one| !self.unit_full(limits, &key(one)))
    }

    /// Counts one person of the unit from one state to another.
    pub fn moved(&mut self, key: &UnitKey, from: EnrolmentState, to: EnrolmentState) {
        for (state, change) in [(from, -1), (to, 1)] {
            match self
                .0
                .iter_mut()
                .find(|(known, at, _)| known == key && *at == state)
            {
                Some((_, _, count)) => *count += change,
                None => self.0.push((key.clone(), state, change)),
            }
        }
    }
}

/// Something that happens to an enrolment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A seat is kept for the person.
    Offer,
    /// The person takes the seat kept.
    Take,
    /// The group gives a seat by hand.
    Give,
    /// The person does not want the seat kept.
    Decline,
    /// The time of the offer ran out.
    Lapse,
    /// The person gives up or is taken off.
    Cancel,
    /// The unit agrees; what follows is decided by the seats.
    Approve,
    /// The unit does not agree.
    Refuse,
}

/// The state after a step; an approved person first joins the queue.
///
/// # Errors
/// `registration.no_offer` where no seat is kept, `registration.not_waiting`,
/// `registration.not_awaiting`, `registration.not_standing` otherwise.
pub fn next(state: EnrolmentState, step: Step) -> Result<EnrolmentState, Refusal> {
    use EnrolmentState as S;
    Ok(match (step, state) {
        (Step::Offer, S::Waiting) => S::Offered,
        (Step::Take, S::Offered) | (Step::Give, S::Waiting | S::Offered) => S::Enrolled,
        (Step::Decline, S::Offered) => S::Cancelled,
        (Step::Lapse, S::Offered) => S::Lapsed,
        (Step::Cancel, state) if stands(state) => S::Cancelled,
        (Step::Approve, S::AwaitingUnit) => S::Waiting,
        (Step::Refuse, S::AwaitingUnit) => S::Refused,
        (Step::Take | Step::Decline | Step::Lapse, _) => {
            return Err(Refusal::new("registration.no_offer"));
        }
        (Step::Offer | Step::Give, _) => return Err(Refusal::new("registration.not_waiting")),
        (Step::Approve | Step::Refuse, _) => {
            return Err(Refusal::new("registration.not_awaiting"));
        }
        (Step::Cancel, _) => return Err(Refusal::new("registration.not_standing")),
    })
}

/// How long a freed seat is kept, in office time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferSpans {
    /// While people enrol.
    pub usual: TimeDelta,
    /// By hand after the closing.
    pub late: TimeDelta,
}

/// Until when a freed seat is kept; never past the start.
pub fn offer_until(
    office: &OfficeClock<'_>,
    spans: OfferSpans,
    now: DateTime<Utc>,
    phase: Phase,
    starts_at: DateTime<Utc>,
) -> Reckoned<DateTime<Utc>> {
    let span = if phase == Phase::Open {
        spans.usual
    } else {
        spans.late
    };
    let until = office.add_office_hours(now, span);
    if starts_at < until.value {
        Reckoned {
            value: starts_at,
            provisional: false,
        }
    } else {
        until
    }
}

#[cfg(test)]
mod tests;
