//! 专家意见表: a sheet for each expert, with what was filed by the link, to be signed.

use entity::opinion;

use super::{Facts, boxes, standard};
use crate::{
    consultations::opinion::opinion_files,
    foundation::{
        documents::{Block, Field, Paper},
        error::Result,
        files,
        texts::Label,
        ui::dates,
    },
    panels::{
        Member,
        papers::{name_and_role, post, secrecy},
    },
};

/// Lines to write on by hand.
const LINES: &str = "\n\n\n\n\n\n\n\n\n\n";

/// All forms, one sheet each.
pub(super) async fn paper(facts: &Facts<'_>) -> Result<Paper> {
    let mut blocks = Vec::new();
    for member in &facts.progress.members {
        let opinion = facts.progress.newest(member);
        if opinion.is_none() && !facts.blanks {
            continue;
        }
        if !blocks.is_empty() {
            blocks.push(Block::PageBreak);
        }
        blocks.push(Block::Title("专家意见表".into()));
        blocks.extend(secrecy(facts.row.confidential));
        blocks.extend(head(facts, member));
        blocks.extend(body(facts, opinion).await?);
        blocks.push(Block::Sign("专家（签名）：＿＿＿＿＿＿".into()));
        blocks.push(Block::Sign("　　年　　月　　日".into()));
    }
    Ok(Paper {
        blocks,
        ..Paper::default()
    })
}

fn head(facts: &Facts<'_>, member: &Member) -> Vec<Block> {
    let row = facts.row;
    let expert = &member.expert;
    let standard = standard(row);
    let subject = if standard.is_empty() {
        Field::new("事项", &row.title)
    } else {
        Field::new("标准", &standard)
    };
    vec![
        Block::Form {
            title: "".into(),
            rows: vec![
                vec![
                    Field::new("编号", facts.number()),
                    Field::new("目的", row.purpose.zh()),
                ],
                vec![
                    Field {
                        label: "专家".to_owned(),
                        content: name_and_role(member),
                    },
                    Field::new("类别", expert.kind.zh()),
                ],
                vec![
                    Field::new("单位", &expert.unit_name),
                    Field::new("职务、职称", &post(expert)),
                ],
            ],
        },
        Block::Form {
            title: "".into(),
            rows: vec![vec![subject], vec![Field::new("申请单位", &facts.unit)]],
        },
    ]
}

async fn body(facts: &Facts<'_>, opinion: Option<&opinion::Model>) -> Result<Vec<Block>> {
    let mut blocks = Vec::new();
    if facts.is_review() {
        let chosen = opinion.and_then(|opinion| opinion.verdict);
        blocks.push(Block::Heading("审查意见".into()));
        blocks.push(Block::Paragraph(boxes(chosen).into()));
    }
    blocks.push(Block::Heading("意见和依据".into()));
    let Some(opinion) = opinion else {
        blocks.push(Block::Paragraph(LINES.into()));
        return Ok(blocks);
    };
    let lines = opinion.text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty());
    blocks.extend(lines.map(|line| Block::Paragraph(line.into())));
    let files = files::list(facts.ctx.store.read(), opinion_files(opinion.id)).await?;
    if !files.is_empty() {
        let names: Vec<_> = files.into_iter().map(|file| file.name).collect();
        blocks.push(Block::Paragraph(
            format!("附件：{}。", names.join("、")).into(),
        ));
    }
    let version = match opinion.version {
        1 => String::new(),
        version => format!("，第 {version} 稿"),
    };
    let when = dates::full_moment(opinion.filed_at, facts.ctx.zone());
    blocks.push(Block::Note(
        format!("本人于 {when} 通过工作链接提交{version}。").into(),
    ));
    Ok(blocks)
}
