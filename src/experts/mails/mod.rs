//! Mails about recommendation and engagement.

mod engagement;
mod recommendation;
mod send;

use entity::{
    expert,
    ids::{ExpertId, PersonId},
};
use serde::{Deserialize, Serialize};

use super::engage;
use crate::foundation::{
    links::Target,
    mail::{LetterDesk, Registry},
};

pub use engagement::{TermEnding, TermEndingUnit, ToExpert};
pub use recommendation::{Confirm, ToUnit};
pub(super) use send::{ask_to_confirm, cancel_confirm, remind_of_term, tell_expert, tell_unit};

/// Adds the kinds of mail of this body.
pub fn register(registry: &mut Registry) {
    registry.register::<Confirm>();
    registry.register::<ToUnit>();
    registry.register::<ToExpert>();
    registry.register::<TermEnding>();
    registry.register::<TermEndingUnit>();
}

/// What happened to a recommendation or engagement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// 退回补正
    Returned,
    /// 已通过，待本人确认
    Approved,
    /// 本人谢绝
    Declined,
    /// 已聘任
    Engaged,
    /// 中止
    Suspended,
    /// 恢复
    Resumed,
    /// 已解聘或退出
    Ended,
    /// 届满
    Expired,
}

/// A personal link, to be signed when the mail is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkFacts {
    expert: ExpertId,
    person: PersonId,
    generation: i32,
}

impl LinkFacts {
    fn of(row: &expert::Model) -> Self {
        Self {
            expert: row.id,
            person: row.person_id,
            generation: row.link_generation,
        }
    }

    fn url(&self, desk: &LetterDesk<'_>) -> String {
        desk.links.url(&Target {
            purpose: engage::LINK,
            subject: self.expert.0,
            person: self.person.0,
            generation: self.generation,
        })
    }
}

#[cfg(test)]
mod tests;
