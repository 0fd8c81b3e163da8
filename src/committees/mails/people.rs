//! What single units and people are told: an application, its result, an office.

use chrono::NaiveDate;
use entity::{committee, ids::ReferralId, referral, unit};
use serde::{Deserialize, Serialize};

use super::Which;
use crate::{
    committees::appoint::NewOfficer,
    foundation::{
        mail::{Letter, LetterDesk, Template},
        texts::Label,
        ui::dates,
    },
};

/// A unit applies to take part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Applied {
    which: Which,
    unit: String,
}

impl Applied {
    /// Of that unit.
    pub fn of(row: &committee::Model, unit: &unit::Model) -> Self {
        Self {
            which: Which::of(row),
            unit: unit.name.clone(),
        }
    }
}

impl Template for Applied {
    const KIND: &'static str = "committees.applied";
    const LABEL: &'static str = "参加申请";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "{}申请参加“{}”，请审核是否接纳。",
            self.unit, self.which.name
        );
        self.which.letter(desk, "收到参加申请", text)
    }
}

/// The unit takes part now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Admitted {
    which: Which,
}

impl Admitted {
    /// In this committee.
    pub fn of(row: &committee::Model) -> Self {
        Self {
            which: Which::of(row),
        }
    }
}

impl Template for Admitted {
    const KIND: &'static str = "committees.admitted";
    const LABEL: &'static str = "接纳通知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!("贵单位已成为“{}”的参加单位。", self.which.name);
        self.which.letter(desk, "接纳贵单位参加", text)
    }
}

/// The unit is not admitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct NotAdmitted {
    which: Which,
    reason: String,
}

impl NotAdmitted {
    /// For this reason.
    pub fn of(row: &committee::Model, reason: &str) -> Self {
        Self {
            which: Which::of(row),
            reason: reason.to_owned(),
        }
    }
}

impl Template for NotAdmitted {
    const KIND: &'static str = "committees.not_admitted";
    const LABEL: &'static str = "未接纳";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "贵单位参加“{}”的申请这次没有接纳，理由是：{}。以后可以再次申请。",
            self.which.name,
            self.reason.trim_end_matches('。')
        );
        self.which.letter(desk, "参加申请的答复", text)
    }
}

/// Somebody has an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Appointed {
    which: Which,
    office: String,
    from: NaiveDate,
    to: NaiveDate,
}

impl Appointed {
    /// As appointed.
    pub fn of(row: &committee::Model, new: &NewOfficer) -> Self {
        Self {
            which: Which::of(row),
            office: new.office.zh().to_owned(),
            from: new.from,
            to: new.to,
        }
    }
}

impl Template for Appointed {
    const KIND: &'static str = "committees.appointed";
    const LABEL: &'static str = "任职通知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "请您担任“{}”{}，任期自{}至{}。",
            self.which.name,
            self.office,
            dates::full_day(self.from),
            dates::full_day(self.to)
        );
        self.which.letter(desk, "任职通知", text)
    }
}

/// A matter is referred to the committee, or asked about once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Referred {
    which: Which,
    id: ReferralId,
    number: String,
    title: String,
    asking: String,
}

impl Referred {
    /// As it was referred.
    pub fn of(row: &committee::Model, referral: &referral::Model) -> Self {
        Self {
            which: Which::of(row),
            id: referral.id,
            number: referral.number.clone(),
            title: referral.title.clone(),
            asking: referral.asking_name.clone(),
        }
    }
}

impl Template for Referred {
    const KIND: &'static str = "committees.referred";
    const LABEL: &'static str = "转交咨询";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "秘书处把一件咨询申请转交“{}”。请委员会答复，或请秘书处组织专家组。",
            self.which.name
        );
        let path = format!("/referrals/{}", self.id);
        self.which
            .letter(desk, "收到转交的咨询", text)
            .facts([
                ("编号", &self.number),
                ("名称", &self.title),
                ("申请单位", &self.asking),
            ])
            .action("查看并答复", desk.links.absolute(&path))
    }
}
