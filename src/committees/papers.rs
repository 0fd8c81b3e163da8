//! Documents about a committee: its founding, its end.

use entity::{
    committee::{CommitteeKind, CommitteeState},
    committee_unit::UnitPart,
};

use super::store::Full;
use crate::foundation::{
    config::OfficeConfig,
    documents::{Block, Column, Paper, Words},
    texts::Label,
    ui::dates,
};

/// 关于成立……的通知; none before it is founded.
pub(super) fn founding(full: &Full, office: &OfficeConfig) -> Option<Paper> {
    let row = &full.row;
    let (number, on) = (row.founding_number.clone()?, row.founded_on?);
    let name = &row.name;
    let article = match row.kind {
        CommitteeKind::Committee => "专门委员会",
        CommitteeKind::WorkingGroup => "项目工作组",
    };
    let mut blocks = vec![
        Block::Flat("各成员单位：".into()),
        Block::Paragraph(
            format!(
                "根据工作需要，{}，决定成立{}{article}“{name}”，自{}起开展工作。",
                row.founding_basis.trim_end_matches('。'),
                office.name,
                dates::full_day(on)
            )
            .into(),
        ),
        Block::Heading("一、主要任务".into()),
        Block::Paragraph(row.task.as_str().into()),
        Block::Heading("二、组织单位".into()),
        units_table(full),
    ];
    if !full.people.is_empty() {
        blocks.push(Block::Heading("三、组成人员".into()));
        blocks.push(people_table(full));
    }
    if let Some(until) = row.until {
        let text = format!(
            "本工作组的工作期限到{}，届时自行结束。",
            dates::full_day(until)
        );
        blocks.push(Block::Paragraph(text.into()));
    }
    blocks.push(Block::Paragraph("其他成员单位可以申请参加。".into()));
    blocks.push(seal(office, dates::full_day(on)));
    Some(Paper {
        issuer: Some(office.issuer.clone()),
        number: Some(number),
        title: format!("关于成立{name}的通知").into(),
        blocks,
    })
}

/// 关于撤销……的通知; none for what goes on, and for a group that ended by itself.
pub(super) fn ending(full: &Full, office: &OfficeConfig) -> Option<Paper> {
    let row = &full.row;
    if row.state != CommitteeState::Ended {
        return None;
    }
    let (number, on) = (row.ending_number.clone()?, row.ended_on?);
    Some(Paper {
        issuer: Some(office.issuer.clone()),
        number: Some(number),
        title: format!("关于撤销{}的通知", row.name).into(),
        blocks: vec![
            Block::Flat("各成员单位：".into()),
            Block::Paragraph(
                format!(
                    "{}，决定撤销{}{}“{}”，其工作到{}结束，各项职务同时终止。",
                    row.end_reason.trim_end_matches('。'),
                    office.name,
                    row.kind.zh(),
                    row.name,
                    dates::full_day(on)
                )
                .into(),
            ),
            Block::Paragraph("感谢各有关单位和各位委员的工作。".into()),
            seal(office, dates::full_day(on)),
        ],
    })
}

fn units_table(full: &Full) -> Block {
    let runs = full
        .admitted()
        .filter(|one| one.row.part != UnitPart::Participant);
    Block::Table {
        label: "组织单位".into(),
        columns: vec![Column::fixed("职责", 6), Column::free("单位")],
        rows: runs
            .map(|one| {
                vec![
                    Words::from(one.row.part.zh()),
                    Words::from(one.unit.name.as_str()),
                ]
            })
            .collect(),
    }
}

fn people_table(full: &Full) -> Block {
    Block::Table {
        label: "组成人员".into(),
        columns: vec![
            Column::fixed("职务", 6),
            Column::fixed("姓名", 6),
            Column::free("单位"),
        ],
        rows: full
            .people
            .iter()
            .map(|one| {
                let name = Words::from(one.person.name.as_str());
                let name = if one.person.sample {
                    name.example()
                } else {
                    name
                };
                let unit = [one.unit.as_str(), one.row.position.as_str()]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join("，");
                vec![Words::from(one.row.office.zh()), name, Words::from(unit)]
            })
            .collect(),
    }
}

/// Issuer, who seals for it, and the date.
pub(super) fn seal(office: &OfficeConfig, date: String) -> Block {
    Block::Seal {
        issuer: office.issuer.clone(),
        agent: Some(office.seal_line.clone()).filter(|line| !line.is_empty()),
        date,
    }
}
