//! Somebody who was asked for a panel, as a row of its page.

use std::collections::HashMap;

use entity::{
    assignment::{self, AssignmentState},
    ids::{AssignmentId, ExpertId, InvitationId},
    invitation::DeclineReason,
    panel::{self, PanelState},
};

use crate::{
    experts::PoolExpert,
    foundation::{
        context::Context,
        texts::Label,
        ui::{Tag, dates},
    },
    panels::{
        invitation_list::Line,
        invitation_pages::{may_record, state_tag},
        rules::{self, Board},
    },
};

/// Somebody who was asked.
pub(super) struct Place {
    pub id: AssignmentId,
    pub invitation: Option<InvitationId>,
    pub name: String,
    pub sample: bool,
    pub unit: String,
    pub state: Tag,
    pub head: &'static str,
    pub when: String,
    pub note: String,
    pub round: String,
    pub reason: String,
    pub off: bool,
    pub may_head: bool,
    pub may_release: bool,
    pub may_record: bool,
    pub may_ask_again: bool,
}

/// What the rows of a page are made from.
pub(super) struct Seen<'a> {
    pub panel: &'a panel::Model,
    pub assignments: &'a [assignment::Model],
    pub lines: &'a [Line],
    pub experts: &'a HashMap<ExpertId, PoolExpert>,
}

impl Place {
    pub fn of(ctx: &Context, seen: &Seen<'_>, row: &assignment::Model) -> Self {
        let Seen {
            panel,
            assignments,
            lines,
            experts,
        } = seen;
        let zone = ctx.zone();
        let line = lines.iter().rev().find(|line| line.assignment.id == row.id);
        let question = line.map(|line| &line.invitation);
        let when = match (question.and_then(|one| one.answered_at), question) {
            (Some(at), Some(one)) => {
                let how = one.channel.map_or("", |channel| channel.zh());
                format!("{} 答复，{how}", dates::moment(at, zone))
            }
            (None, Some(one)) => format!("{} 截止", dates::moment(one.cutoff_at, zone)),
            _ => String::new(),
        };
        let reason = question.and_then(|one| one.decline_reason);
        let serving = matches!(
            row.state,
            AssignmentState::Invited | AssignmentState::Accepted
        );
        let goes_on = matches!(panel.state, PanelState::Open | PanelState::Standing);
        let expert = experts.get(&row.expert_id);
        Self {
            id: row.id,
            invitation: question.map(|one| one.id),
            name: expert
                .map(|one| one.person.name.clone())
                .unwrap_or_default(),
            sample: expert.is_some_and(|one| one.person.sample),
            unit: expert.map(|one| one.unit_name.clone()).unwrap_or_default(),
            state: state_tag(row.state),
            head: if row.head {
                "组长"
            } else if row.head_asked {
                "已请任组长，待答复"
            } else if row.head_declined_at.is_some() {
                "谢绝任组长"
            } else {
                ""
            },
            when,
            note: reason.map_or_else(|| row.end_note.clone(), |reason| reason.zh().to_owned()),
            round: match (row.race, row.wave) {
                (true, _) => "加急".to_owned(),
                (false, 1) => "第一轮".to_owned(),
                (false, wave) => format!("第 {wave} 轮补邀"),
            },
            reason: row.reason.clone(),
            off: !serving && row.state != AssignmentState::Done,
            may_head: goes_on
                && row.state == AssignmentState::Accepted
                && !row.head
                && !row.head_asked,
            may_release: goes_on && serving,
            may_record: goes_on
                && row.state == AssignmentState::Invited
                && line.is_some_and(|line| may_record(ctx, line)),
            may_ask_again: goes_on
                && Board::of(panel.demand, *assignments).free() > 0
                && reason != Some(DeclineReason::Interest)
                && is_last(row, assignments)
                && rules::may_ask_again(row, assignments).is_ok(),
        }
    }
}

/// Whether it is the last time that the expert was asked.
fn is_last(row: &assignment::Model, all: &[assignment::Model]) -> bool {
    let mut of_expert = all
        .iter()
        .rev()
        .filter(|one| one.expert_id == row.expert_id);
    of_expert.next().is_some_and(|one| one.id == row.id)
}
