//! What stands on the record.

use chrono::{DateTime, Utc};
use entity::{
    ids::{ExpertId, PersonId},
    matching_run::RunState,
};

use super::{
    super::{
        draw_view::DrawBlock,
        report::LeftOut,
        view,
        words::{self, decimal},
    },
    Facts,
};
use crate::{
    foundation::{
        documents::{Block, Column, Field, Paper, Words},
        texts::Label,
        ui::dates,
    },
    panels::papers,
};

impl Facts<'_> {
    /// The whole record.
    pub(super) fn paper(&self) -> Paper {
        let mut blocks: Vec<Block> = papers::secrecy(self.panel.confidential)
            .into_iter()
            .collect();
        blocks.extend(self.head());
        blocks.push(heading("一、方式和范围"));
        blocks.extend(self.method().into_iter().map(paragraph));
        blocks.extend(self.draw.into_iter().flat_map(drawn));
        blocks.push(heading("二、拟请专家"));
        blocks.extend(self.chosen());
        blocks.push(heading("三、备选专家"));
        blocks.extend(self.reserves());
        blocks.push(heading("四、回避和未入选"));
        blocks.extend(self.left_out());
        blocks.push(heading("五、人工调整"));
        blocks.extend(self.adjusted());
        if self.run.state == RunState::Approved {
            blocks.push(heading("六、邀请结果"));
            blocks.extend(self.outcome());
        }
        blocks.push(self.signatures());
        blocks.push(Block::Note(
            format!(
                "匹配 {}，依据摘要 {}。名单、原因和次序与系统中的匹配记录一致。",
                self.run.number, self.run.facts_digest
            )
            .into(),
        ));
        Paper {
            title: "专家遴选记录".into(),
            blocks,
            ..Paper::default()
        }
    }

    fn head(&self) -> Vec<Block> {
        let panel = self.panel;
        let least = [
            ("技术类", panel.min_technical),
            ("标准化类", panel.min_standardization),
        ]
        .into_iter()
        .filter(|(_, least)| *least > 0)
        .map(|(kind, least)| format!("{kind}至少 {least} 人"));
        let mut wanted = vec![format!("{} 人", panel.demand)];
        wanted.extend(least);
        wanted.push(format!("同一单位至多 {} 人", panel.max_per_unit));
        [
            ("编号", panel.number.clone()),
            (
                "匹配编号",
                format!("{}（{}）", self.run.number, self.run.state.zh()),
            ),
            ("事项", panel.title.clone()),
            ("申请单位", panel.asking_name.clone()),
            ("目的", panel.purpose.clone()),
            ("人数要求", wanted.join("，")),
            (
                "经办",
                self.step(
                    Some((self.run.prepared_by, self.run.prepared_at)),
                    &self.run.hand_in_note,
                ),
            ),
            (
                "审批",
                self.step(
                    self.run.decided_by.zip(self.run.decided_at),
                    &self.run.decision_note,
                ),
            ),
            ("例外", self.run.exception_note.clone()),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| Block::Flat(format!("{label}：{value}").into()))
        .collect()
    }

    /// Who took a step, when, and what they wrote.
    fn step(&self, by: Option<(PersonId, DateTime<Utc>)>, note: &str) -> String {
        let Some((person, at)) = by else {
            return "未审批".to_owned();
        };
        let person = self.people.get(&person).map(view::plain);
        let note = match note {
            "" => String::new(),
            note => format!("，说明：{note}"),
        };
        format!(
            "{}，{}{note}",
            person.unwrap_or_default(),
            dates::full_moment(at, self.zone)
        )
    }

    fn method(&self) -> Vec<String> {
        vec![
            format!("方式：{}。", view::mode_words(self.run.mode)),
            format!(
                "在聘专家 {} 人，其中相关并可参加本组的 {} 人；与另外 {} 个专家组同时匹配。{}",
                self.report.experts,
                self.kept.qualified,
                self.report.panels.len().saturating_sub(1),
                view::proof(self.run)
            ),
        ]
    }

    fn chosen(&self) -> Vec<Block> {
        let chosen = self.choices.iter().filter(|one| !one.reserve);
        let rows: Vec<Vec<Words>> = chosen
            .map(|one| {
                let remark = match (one.standing, one.pinned) {
                    (true, _) => "此前已邀请",
                    (false, true) => "人工锁定",
                    (false, false) => "",
                };
                let mut row = self.person_cells(one.expert_id);
                row.push(decimal(i64::from(one.relevance)).into());
                row.push(one.reason.as_str().into());
                row.push(remark.into());
                row
            })
            .collect();
        let mut blocks = vec![match rows.is_empty() {
            true => paragraph("没有拟请的专家。".to_owned()),
            false => Block::Table {
                label: "拟请专家".to_owned(),
                columns: vec![
                    Column::fixed("姓名", 6),
                    Column::fixed("单位", 8),
                    Column::fixed("类别", 4),
                    Column::fixed("相关度", 4),
                    Column::free("理由"),
                    Column::fixed("说明", 5),
                ],
                rows,
            },
        }];
        if let Some(shortage) = &self.kept.shortage {
            let cause = words::shortage(shortage, self.names, self.zone);
            blocks.push(paragraph(format!("空缺 {} 席：{cause}", shortage.places)));
        }
        blocks
    }

    fn reserves(&self) -> Vec<Block> {
        let reserves: Vec<String> = self
            .choices
            .iter()
            .filter(|one| one.reserve)
            .map(|one| {
                format!(
                    "{}（{}）",
                    self.names.expert(one.expert_id),
                    decimal(i64::from(one.relevance))
                )
            })
            .collect();
        vec![paragraph(if reserves.is_empty() {
            "没有备选专家。".to_owned()
        } else {
            format!("按次序：{}。", reserves.join("、"))
        })]
    }

    fn left_out(&self) -> Vec<Block> {
        let row = |one: &LeftOut| {
            let why = words::why(&one.why, self.names, self.zone);
            let mut row = self.person_cells(one.expert);
            row.push(why.label.into());
            row.push(why.detail.into());
            row
        };
        let mut blocks = vec![if self.kept.left_out.is_empty() {
            paragraph("没有须回避的专家，也没有够相关而未入选的专家。".to_owned())
        } else {
            Block::Table {
                label: "回避和未入选".to_owned(),
                columns: vec![
                    Column::fixed("姓名", 6),
                    Column::fixed("单位", 8),
                    Column::fixed("类别", 4),
                    Column::fixed("原因", 5),
                    Column::free("依据"),
                ],
                rows: self.kept.left_out.iter().map(row).collect(),
            }
        }];
        if self.kept.others > 0 {
            let others = self.kept.others;
            blocks.push(Block::Note(
                format!("另有 {others} 人相关度更低，未列出；须回避的专家全部列出。").into(),
            ));
        }
        blocks
    }

    fn adjusted(&self) -> Vec<Block> {
        if self.adjustments.is_empty() {
            return vec![paragraph("没有人工锁定或排除。".to_owned())];
        }
        self.adjustments
            .iter()
            .map(|one| {
                let by = self.people.get(&one.by_person).map(view::plain);
                let reason = match one.reason.as_str() {
                    "" => String::new(),
                    reason => format!("，理由：{reason}"),
                };
                let gone = match one.revoked_at {
                    Some(_) => "，后已解除",
                    None => "",
                };
                paragraph(format!(
                    "{}{}{reason}（{}，{}{gone}）。",
                    one.kind.zh(),
                    self.names.expert(one.expert_id),
                    by.unwrap_or_default(),
                    dates::full_moment(one.created_at, self.zone)
                ))
            })
            .collect()
    }

    fn outcome(&self) -> Vec<Block> {
        let rows: Vec<Vec<Words>> = self
            .asked
            .iter()
            .map(|one| {
                let round = match (one.race, one.wave) {
                    (true, _) => "加急".to_owned(),
                    (false, wave) => format!("第 {wave} 轮"),
                };
                let expert = self.experts.get(&one.expert_id);
                vec![
                    expert.map(papers::name).unwrap_or_default(),
                    round.into(),
                    dates::full_moment(one.created_at, self.zone).into(),
                    one.state.zh().into(),
                    one.end_note.as_str().into(),
                ]
            })
            .collect();
        vec![Block::Table {
            label: "邀请结果".to_owned(),
            columns: vec![
                Column::fixed("姓名", 6),
                Column::fixed("轮次", 5),
                Column::fixed("邀请时间", 9),
                Column::fixed("结果", 6),
                Column::free("说明"),
            ],
            rows,
        }]
    }

    /// Name, unit, kind.
    fn person_cells(&self, id: ExpertId) -> Vec<Words> {
        match self.experts.get(&id) {
            Some(expert) => vec![
                papers::name(expert),
                expert.unit_name.as_str().into(),
                words::kind(expert.kind).into(),
            ],
            None => vec!["（已删除）".into(), Words::default(), Words::default()],
        }
    }

    fn signatures(&self) -> Block {
        let sign = |label| Field::new(label, "\n\n　　　　年　　月　　日");
        Block::Form {
            title: Words::default(),
            rows: vec![
                vec![sign("经办人")],
                vec![sign("监督人")],
                vec![sign("审批人")],
            ],
        }
    }
}

/// How the experts were drawn: what was promised and published, the order, everybody's chance.
fn drawn(draw: &DrawBlock) -> Vec<Block> {
    let mut lines = vec![format!(
        "{}抽取承诺（随机数的 SHA-256，受理时公布）：{}。",
        draw.lead, draw.commitment
    )];
    if !draw.words.is_empty() {
        lines.push(format!("申请单位提供的抽取用语：{}。", draw.words));
    }
    lines.push(match &draw.nonce {
        Some(nonce) => format!("随机数：{nonce}。按系统中的抽取记录可以重新抽取核对。"),
        None => "随机数在批准后公布。".to_owned(),
    });
    if !draw.caution.is_empty() {
        lines.push(draw.caution.clone());
    }
    let mut blocks: Vec<Block> = lines.into_iter().map(paragraph).collect();
    let rows = draw.rows.iter().enumerate().map(|(count, row)| {
        vec![
            (count + 1).to_string().into(),
            row.name.0.as_str().into(),
            row.chance.as_str().into(),
            row.result.as_str().into(),
        ]
    });
    blocks.push(Block::Table {
        label: "抽取次序".to_owned(),
        columns: vec![
            Column::fixed("次序", 4),
            Column::free("专家"),
            Column::fixed("被抽中的机会", 8),
            Column::fixed("结果", 7),
        ],
        rows: rows.collect(),
    });
    blocks
}

fn heading(text: &str) -> Block {
    Block::Heading(text.into())
}

fn paragraph(text: String) -> Block {
    Block::Paragraph(text.into())
}
