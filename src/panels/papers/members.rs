//! 专家名单.

use super::{Sitting, matter_lines, name_and_role, post, secrecy};
use crate::{
    foundation::{
        documents::{Block, Column, Paper, Words},
        texts::Label,
    },
    panels::matter::Matter,
};

/// The list of members, under the seal of the office.
pub(super) fn paper(sitting: &Sitting<'_>) -> Paper {
    let mut blocks: Vec<Block> = secrecy(sitting.panel.confidential).into_iter().collect();
    blocks.extend(matter_lines(&Matter::of(sitting.panel), sitting.zone));
    blocks.extend(list(sitting));
    blocks.push(sitting.seal());
    Paper {
        title: "专家名单".into(),
        blocks,
        ..Paper::default()
    }
}

/// The table itself, with a remark where there is a guest.
pub(super) fn list(sitting: &Sitting<'_>) -> Vec<Block> {
    let rows = sitting.members.iter().enumerate().map(|(count, member)| {
        let expert = &member.expert;
        let number = expert.engagement_number.as_deref().unwrap_or("—");
        vec![
            (count + 1).to_string().into(),
            name_and_role(member),
            expert.unit_name.as_str().into(),
            post(expert).into(),
            expert.kind.zh().into(),
            Words::from(number),
        ]
    });
    let mut blocks = vec![Block::Table {
        label: "专家名单".to_owned(),
        columns: vec![
            Column::fixed("序号", 3),
            Column::fixed("姓名", 7),
            Column::free("单位"),
            Column::fixed("职务、职称", 7),
            Column::fixed("类别", 5),
            Column::fixed("聘书编号", 7),
        ],
        rows: rows.collect(),
    }];
    if sitting.members.iter().any(|member| member.expert.guest) {
        blocks.push(Block::Note(
            "特邀专家为专家库以外人员，因库内本领域可用专家不足邀请，回避规则相同。".into(),
        ));
    }
    blocks
}
