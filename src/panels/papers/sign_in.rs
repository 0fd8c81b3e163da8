//! 签到表.

use super::{Sitting, matter_lines, name_and_role, post, secrecy};
use crate::{
    foundation::documents::{Block, Column, Paper, Words},
    panels::matter::Matter,
};

/// Lines for people who are no experts: drafters, the asking unit, the office.
const OTHERS: usize = 10;

/// Place to sign by hand.
const ROOM: &str = "\n\n";

/// The list to be signed at the meeting.
pub(super) fn paper(sitting: &Sitting<'_>) -> Paper {
    let mut blocks: Vec<Block> = secrecy(sitting.panel.confidential).into_iter().collect();
    blocks.extend(matter_lines(&Matter::of(sitting.panel), sitting.zone));
    blocks.push(experts(sitting));
    blocks.push(Block::PageBreak);
    blocks.push(Block::Title("签到表（其他参会人员）".into()));
    blocks.push(Block::Note(format!("编号 {}", sitting.panel.number).into()));
    blocks.push(others());
    Paper {
        title: "签到表（专家）".into(),
        blocks,
        ..Paper::default()
    }
}

fn experts(sitting: &Sitting<'_>) -> Block {
    let rows = sitting.members.iter().enumerate().map(|(count, member)| {
        vec![
            (count + 1).to_string().into(),
            name_and_role(member),
            member.expert.unit_name.as_str().into(),
            post(&member.expert).into(),
            Words::from(ROOM),
        ]
    });
    Block::Table {
        label: "专家签到".to_owned(),
        columns: vec![
            Column::fixed("序号", 3),
            Column::fixed("姓名", 7),
            Column::free("单位"),
            Column::fixed("职务、职称", 7),
            Column::fixed("签名", 9),
        ],
        rows: rows.collect(),
    }
}

fn others() -> Block {
    let row = |count: usize| {
        let mut row = vec![Words::default(); 6];
        row[0] = count.to_string().into();
        row[5] = ROOM.into();
        row
    };
    Block::Table {
        label: "其他参会人员签到".to_owned(),
        columns: vec![
            Column::fixed("序号", 3),
            Column::fixed("姓名", 6),
            Column::free("单位"),
            Column::fixed("职务", 6),
            Column::fixed("联系电话", 8),
            Column::fixed("签名", 7),
        ],
        rows: (1..=OTHERS).map(row).collect(),
    }
}
