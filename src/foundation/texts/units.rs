//! Words and sentences of `units`.

use entity::{unit::Tier, unit_contact::ContactState};

use super::{Label, Sentence};

pub(super) const SENTENCES: &[Sentence] = &[];

impl Label for Tier {
    fn zh(self) -> &'static str {
        match self {
            Self::Member => "普通成员单位",
            Self::Council => "理事单位",
            Self::StandingCouncil => "常务理事单位",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Council => "council unit",
            Self::StandingCouncil => "standing council unit",
        }
    }
}

impl Label for ContactState {
    fn zh(self) -> &'static str {
        match self {
            Self::Invited => "已邀请",
            Self::Active => "在任",
            Self::Closed => "已卸任",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Closed => "closed",
        }
    }
}
