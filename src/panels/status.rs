//! What an expert sees behind the link once there is nothing to answer: what was received, what comes
//! next, and until when it can be changed.

use entity::{
    assignment::AssignmentState,
    invitation::{self, Answer},
    panel::PanelState,
};

use super::{
    board::recipient,
    notify,
    questions::{self, Question},
    rules, seats,
    seats::Seats,
    timing,
};
use crate::{
    foundation::{
        context::Context,
        error::{FieldErrors, Result},
        texts::{Label, Language, sentence},
        ui::dates,
    },
    people::mask,
};

/// A message on top of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// `ok`, `wait`, `bad`, `info`
    pub class: &'static str,
    pub title: String,
    pub text: String,
}

/// A step of what happened and what comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub done: bool,
    pub title: String,
    pub sub: String,
}

/// The state of a question.
#[derive(Clone, Debug)]
pub(super) struct Status {
    /// What was received.
    pub message: Message,
    /// Why what was just sent changed nothing.
    pub refused: Vec<String>,
    /// Places of the panel, for a member.
    pub seats: Option<Seats>,
    /// Address of the work page, for a member.
    pub work: Option<String>,
    /// Whether there is a calendar entry to load.
    pub calendar: bool,
    /// What happened and what comes next.
    pub steps: Vec<Step>,
    /// A newer question to the same expert.
    pub newer: Option<String>,
    /// Until when the answer can be changed; none when it cannot.
    pub until: Option<String>,
    /// Whether an answer that cannot be changed here still matters.
    pub call: bool,
}

impl Status {
    /// Reads what the page needs.
    pub async fn of(
        ctx: &Context,
        question: &Question,
        refused: Option<FieldErrors>,
    ) -> Result<Self> {
        let row = &question.invitation;
        let open = rules::Question::of(&question.assignment, row, false, ctx.now()).is_open();
        let member = question.assignment.state == AssignmentState::Accepted
            && row.closed_at.is_none()
            && matches!(
                question.panel.state,
                PanelState::Open | PanelState::Standing
            );
        let seats = if member {
            seats::seats(ctx.store.read(), &[question.panel.id])
                .await?
                .remove(&question.panel.id)
        } else {
            None
        };
        let newer = newer(ctx, row).await?;
        Ok(Self {
            message: message(ctx, question, newer.is_some()),
            refused: refused
                .iter()
                .flat_map(FieldErrors::iter)
                .map(|(_, refusal)| sentence(refusal, Language::Chinese))
                .collect(),
            seats,
            work: member.then(|| ctx.links.path(&notify::work_target(&question.assignment))),
            calendar: member && question.panel.meeting_from.is_some(),
            steps: if member {
                steps(ctx, question)?
            } else {
                Vec::new()
            },
            until: (open && row.answer.is_some() && newer.is_none())
                .then(|| dates::deadline(row.cutoff_at, ctx.zone())),
            call: !open && member,
            newer,
        })
    }
}

/// The link of a later question that took the place of `row`.
async fn newer(ctx: &Context, row: &invitation::Model) -> Result<Option<String>> {
    if row.closed_at.is_none() {
        return Ok(None);
    }
    let standing = questions::standing(ctx.store.read(), row.assignment_id).await?;
    Ok(standing.filter(|later| later.id != row.id).map(|later| {
        ctx.links
            .path(&questions::key(&later).target(super::ANSWER))
    }))
}

fn message(ctx: &Context, question: &Question, asked_anew: bool) -> Message {
    let row = &question.invitation;
    let zone = ctx.zone();
    let said = |title: &str, text: String, class| Message {
        class,
        title: title.to_owned(),
        text,
    };
    if asked_anew {
        return said(
            "会议时间有变，请重新答复",
            "您此前的答复不再有效，请按新的时间答复。".to_owned(),
            "wait",
        );
    }
    let answered = row
        .answered_at
        .map(|at| format!("{} 答复", dates::moment(at, zone)))
        .unwrap_or_default();
    let receipt = recipient(&question.person)
        .address
        .map(|address| format!("，回执已发到 {}", mask::email(&address)))
        .unwrap_or_default();
    match (question.assignment.state, row.answer) {
        (AssignmentState::Accepted, _) => {
            said("已收到：您能参加", format!("{answered}{receipt}。"), "ok")
        }
        (AssignmentState::Done, _) => said("这项工作已经完成", "谢谢您的支持。".to_owned(), "ok"),
        (AssignmentState::Invited, Some(Answer::Accept)) => said(
            "已收到：您能参加",
            format!(
                "{answered}{receipt}。本次同时询问了几位专家，{} 确定人选，与答复先后无关。",
                dates::deadline(row.cutoff_at, zone)
            ),
            "wait",
        ),
        (AssignmentState::Declined, _) => {
            let reason = row
                .decline_reason
                .map(|reason| format!("，原因：{}", reason.zh()))
                .unwrap_or_default();
            said(
                "已收到：您不能参加",
                format!("{answered}{reason}{receipt}。谢谢您告诉我们。"),
                "info",
            )
        }
        (AssignmentState::Lapsed, _) | (AssignmentState::Invited, _) => said(
            "答复时间已过",
            format!(
                "截止时间是 {}，没有收到您的答复。如仍愿参加，请打电话给联系人。",
                dates::deadline(row.cutoff_at, zone)
            ),
            "wait",
        ),
        (AssignmentState::Released, _) => {
            let note = &question.assignment.end_note;
            let note = if note.is_empty() {
                String::new()
            } else {
                format!("原因：{note}。")
            };
            if question.panel.state == PanelState::Withdrawn {
                said("这件事已经撤回", format!("{note}不用您再做什么。"), "info")
            } else {
                said(
                    "这次不再劳烦您",
                    format!("{note}谢谢您的支持，今后有相关事项再请教。"),
                    "info",
                )
            }
        }
    }
}

/// What happened and what comes next, for a member.
fn steps(ctx: &Context, question: &Question) -> Result<Vec<Step>> {
    let zone = ctx.zone();
    let row = &question.invitation;
    let panel = &question.panel;
    let calendar = ctx.calendar();
    let office = timing::office(ctx, &calendar)?;
    let stands = panel.state == PanelState::Standing;
    let mut steps = vec![Step {
        done: true,
        title: "您答复能参加".to_owned(),
        sub: row.answered_at.map_or_else(String::new, |at| {
            format!("{}，已声明没有利益关系", dates::moment(at, zone))
        }),
    }];
    let notice = if panel.meeting_from.is_some() {
        "会议通知"
    } else {
        "工作通知"
    };
    let after = office
        .calendar()
        .next_working_day(office.date(row.cutoff_at));
    steps.push(Step {
        done: stands && row.cutoff_at <= ctx.now(),
        title: format!("专家组到齐后，发您{notice}"),
        sub: if row.cutoff_at > ctx.now() {
            format!("预计 {}前", dates::day(after.value))
        } else {
            String::new()
        },
    });
    if let Some(from) = panel.meeting_from {
        steps.push(Step {
            done: from <= ctx.now(),
            title: "参加会议".to_owned(),
            sub: format!(
                "{}，会前 3 个和 1 个工作日各提醒一次",
                dates::moment(from, zone)
            ),
        });
    }
    steps.push(Step {
        done: false,
        title: "写一份意见".to_owned(),
        sub: opinion_due(ctx, question)?,
    });
    Ok(steps)
}

/// Until when an opinion is wanted, in words.
fn opinion_due(ctx: &Context, question: &Question) -> Result<String> {
    let panel = &question.panel;
    let calendar = ctx.calendar();
    let office = timing::office(ctx, &calendar)?;
    if let Some(day) = panel.wanted_by {
        return Ok(format!("{}前，从“资料与意见”进入", dates::day(day)));
    }
    let Some(to) = panel.meeting_to else {
        return Ok("从“资料与意见”进入".to_owned());
    };
    let days = i32::try_from(ctx.config.panels.opinion_working_days).unwrap_or(0);
    let day = office.calendar().add_working_days(office.date(to), days);
    Ok(format!("{}前，从“资料与意见”进入", dates::day(day.value)))
}
