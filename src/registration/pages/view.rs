//! How a registration and its people stand on pages.

use entity::{
    enrolment::EnrolmentState, ids::RegistrationId, registration, registration::RegistrationState,
};

use crate::{
    foundation::{
        context::Context,
        error::Result,
        texts::Label,
        ui::{Tag, dates},
    },
    registration::{facts::zone, matter, rules, rules::Phase, store},
};

/// The words and shape of an enrolment's state.
pub(super) fn state_tag(state: EnrolmentState) -> Tag {
    let class = match state {
        EnrolmentState::Enrolled => "ok",
        EnrolmentState::AwaitingUnit | EnrolmentState::Offered => "wait",
        EnrolmentState::Waiting => "info",
        EnrolmentState::Cancelled | EnrolmentState::Lapsed | EnrolmentState::Refused => "",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// The words and shape of a registration's phase.
pub(super) fn phase_tag(row: &registration::Model, phase: Phase) -> Tag {
    let (class, word) = match phase {
        Phase::Hidden => ("", "未发布"),
        Phase::Before => ("info", "未开始"),
        Phase::Open => ("ok", "报名中"),
        Phase::After => ("wait", "报名截止"),
        Phase::Begun if row.state == RegistrationState::Ended => ("", "已结束"),
        Phase::Begun => ("info", "已开始"),
        Phase::Cancelled => ("bad", "已取消"),
    };
    Tag { class, word }
}

/// A registration in a list or at the head of a page.
pub(super) struct Head {
    pub id: RegistrationId,
    pub title: String,
    pub tag: Tag,
    pub phase: Phase,
    pub time: String,
    pub place: String,
    pub contact: String,
    pub taken: i64,
    pub capacity: i32,
    pub per_unit: Option<i32>,
    pub waiting: i64,
    pub opens: String,
    pub closes: String,
}

impl Head {
    pub async fn of(ctx: &Context, row: &registration::Model) -> Result<Self> {
        let counts = store::counts(ctx.store.read(), row.id).await?;
        let zone = zone(row)?;
        let phase = rules::phase(row, ctx.now());
        Ok(Self {
            id: row.id,
            title: row.title.clone(),
            tag: phase_tag(row, phase),
            phase,
            time: matter::span(row.starts_at, row.ends_at, zone),
            place: row.place.clone(),
            contact: row.contact.clone(),
            taken: counts.taken(),
            capacity: row.capacity,
            per_unit: row.per_unit,
            waiting: counts.at(EnrolmentState::Waiting),
            opens: dates::deadline(row.opens_at, ctx.zone()),
            closes: dates::until(row.closes_at, ctx.zone()),
        })
    }

    /// Seats that nobody has and nobody is offered.
    pub fn left(&self) -> i64 {
        (i64::from(self.capacity) - self.taken).max(0)
    }

    /// Whether people may enrol now.
    pub fn open(&self) -> bool {
        self.phase == Phase::Open
    }
}
