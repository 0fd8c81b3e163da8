//! 审查结论 of a review, 咨询结论 otherwise: what the panel came to, the votes, and who signs.

use chrono::{DateTime, Utc};
use entity::{consultation, opinion::Verdict, panel};

use super::{Facts, standard};
use crate::{
    consultations::{opinion::verdict, rules},
    foundation::{
        documents::{Block, Column, Paper, Words},
        texts::Label,
        ui::dates,
    },
    panels::{
        matter::Matter,
        papers::{matter_lines, name_and_role, post, seal, secrecy},
    },
};

/// Place to sign by hand.
const ROOM: &str = "\n\n";

/// What the paper is called.
pub(super) fn title(row: &consultation::Model) -> &'static str {
    if rules::is_review(row.purpose) {
        "审查结论"
    } else {
        "咨询结论"
    }
}

/// The conclusion under the seal of the office.
pub(super) fn paper(facts: &Facts<'_>, panel: &panel::Model) -> Paper {
    let row = facts.row;
    let zone = facts.ctx.zone();
    let mut blocks: Vec<Block> = secrecy(row.confidential).into_iter().collect();
    blocks.extend(matter_lines(&Matter::of(panel), zone));
    blocks.push(heading("一、经过"));
    blocks.push(Block::Paragraph(course(facts).into()));
    blocks.push(heading("二、结论"));
    if let Some(verdict) = row.conclusion_verdict.as_deref().and_then(verdict) {
        blocks.push(Block::Paragraph(carried(facts, verdict).into()));
    }
    let lines = row.conclusion.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty());
    blocks.extend(lines.map(|line| Block::Paragraph(line.into())));
    blocks.push(heading("三、专家组"));
    blocks.push(members(facts));
    if let Some(text) = confirmed(facts) {
        blocks.push(heading("四、申请单位意见"));
        blocks.push(Block::Paragraph(text.into()));
    }
    let day = |at: DateTime<Utc>| dates::local_date(at, zone);
    blocks.push(seal(
        &facts.ctx.config.office,
        row.concluded_at.map_or(facts.ctx.today(), day),
    ));
    Paper {
        title: title(row).into(),
        blocks,
        ..Paper::default()
    }
}

fn heading(text: &str) -> Block {
    Block::Heading(text.into())
}

fn course(facts: &Facts<'_>) -> String {
    let row = facts.row;
    let members = &facts.progress.members;
    let filed = members
        .iter()
        .filter(|member| facts.progress.newest(member).is_some())
        .count();
    let subject = match standard(row) {
        standard if standard.is_empty() => format!("“{}”", row.title),
        standard => standard,
    };
    let head = facts
        .progress
        .head(row)
        .map(|head| format!("，组长为{}", head.expert.person.name))
        .unwrap_or_default();
    format!(
        "受{}委托，专家组就{subject}进行{}。专家组共 {} 人{head}，{filed} 人提交书面意见。",
        facts.unit,
        match row.purpose {
            consultation::Purpose::Other => "咨询",
            purpose => purpose.zh().trim_end_matches('会'),
        },
        members.len()
    )
}

/// The verdict with the votes that carry it.
fn carried(facts: &Facts<'_>, verdict: Verdict) -> String {
    let count = facts.progress.count;
    let share = facts.ctx.config.panels.review_share;
    format!(
        "{}。表决：{}；专家组 {} 人，按 {:.0}% 计须 {} 人赞成。",
        verdict.zh(),
        count.words(),
        count.experts(),
        share * 100.0,
        count.needed(share)
    )
}

fn members(facts: &Facts<'_>) -> Block {
    let review = facts.is_review();
    let mut members: Vec<_> = facts.progress.members.iter().collect();
    members.sort_by_key(|member| !member.assignment.head);
    let rows = members.into_iter().enumerate().map(|(count, member)| {
        let opinion = facts.progress.newest(member);
        let said = match opinion {
            None => "未提交",
            Some(opinion) => opinion.verdict.map_or("已提交", Label::zh),
        };
        let mut row: Vec<Words> = vec![
            (count + 1).to_string().into(),
            name_and_role(member),
            member.expert.unit_name.as_str().into(),
            post(&member.expert).into(),
        ];
        row.extend(review.then(|| said.into()));
        row.push(ROOM.into());
        row
    });
    let mut columns = vec![
        Column::fixed("序号", 3),
        Column::fixed("姓名", 7),
        Column::free("单位"),
        Column::fixed("职务、职称", 7),
    ];
    columns.extend(review.then(|| Column::fixed("意见", 5)));
    columns.push(Column::fixed("签名", 7));
    Block::Table {
        label: "专家组".to_owned(),
        columns,
        rows: rows.collect(),
    }
}

/// That the requester has confirmed; nothing before.
fn confirmed(facts: &Facts<'_>) -> Option<String> {
    let row = facts.row;
    row.rating?;
    let at = row.closed_at?;
    Some(format!(
        "{}于 {} 确认本结论。",
        facts.unit,
        dates::full_day(dates::local_date(at, facts.ctx.zone()))
    ))
}
