//! Papers of a visit: 派出函 of the unit that sends, 接收函 of the unit that hosts.

use chrono::NaiveDate;
use entity::{visit, visit_terms};

use super::visitors::VisitorPerson;
use crate::foundation::{
    documents::{Block, Column, Paper, Words},
    ui::dates,
};

/// What the papers are about.
#[derive(Clone, Copy, Debug)]
pub(super) struct About<'a> {
    pub visit: &'a visit::Model,
    pub terms: &'a visit_terms::Model,
    pub people: &'a [VisitorPerson],
    pub sending: &'a str,
    pub host: &'a str,
    pub today: NaiveDate,
}

impl About<'_> {
    fn days(&self) -> String {
        format!(
            "{}至{}",
            dates::full_day(self.terms.from_date),
            dates::full_day(self.terms.to_date)
        )
    }

    fn count(&self) -> String {
        match self.people {
            [only] => only.person.name.clone(),
            [first, ..] => format!("{}等 {} 人", first.person.name, self.people.len()),
            [] => String::new(),
        }
    }

    fn list(&self) -> Block {
        let name = |one: &VisitorPerson| {
            let words = Words::from(one.person.name.as_str());
            if one.person.sample {
                words.example()
            } else {
                words
            }
        };
        Block::Table {
            label: "人员名单".to_owned(),
            columns: vec![
                Column::fixed("序号", 3),
                Column::fixed("姓名", 7),
                Column::free("职务"),
            ],
            rows: self
                .people
                .iter()
                .zip(1..)
                .map(|(one, number): (_, i32)| {
                    vec![
                        number.to_string().into(),
                        name(one),
                        one.visitor.position.as_str().into(),
                    ]
                })
                .collect(),
        }
    }

    /// Costs, insurance, secrecy and, for a visit abroad, its number.
    fn conditions(&self) -> Vec<Block> {
        let terms = self.terms;
        let abroad = if terms.abroad {
            format!("因公出国（境）批件号：{}", terms.approval_number)
        } else {
            String::new()
        };
        [
            ("费用：", terms.cost.as_str()),
            ("保险：", terms.insurance.as_str()),
            ("保密：", terms.secrecy.as_str()),
            ("", abroad.as_str()),
        ]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(label, text)| Block::Paragraph(format!("{label}{text}").into()))
        .collect()
    }

    fn mentor(&self) -> String {
        let terms = self.terms;
        if terms.mentor_phone.is_empty() {
            terms.mentor_name.clone()
        } else {
            format!("{}（{}）", terms.mentor_name, terms.mentor_phone)
        }
    }

    fn paper(&self, issuer: &str, title: &str, to: &str, body: Vec<Block>) -> Paper {
        let mut blocks = vec![Block::Flat(format!("{to}：").into())];
        blocks.extend(body);
        blocks.push(Block::Seal {
            issuer: issuer.to_owned(),
            agent: None,
            date: dates::full_day(self.today),
        });
        blocks.push(Block::Note(
            format!(
                "人才互访编号 {}，条件第 {} 版，双方已同意。",
                self.visit.number, self.terms.version
            )
            .into(),
        ));
        Paper {
            issuer: Some(issuer.to_owned()),
            number: None,
            title: title.into(),
            blocks,
        }
    }
}

/// 派出函, from the sending unit to the host.
pub(super) fn sending_letter(about: &About<'_>) -> Paper {
    let heading = |text: &str| Block::Heading(text.into());
    let mut body = vec![
        Block::Paragraph(
            format!(
                "根据双方同意的人才互访安排，我单位派{}于{}到贵单位，请予接待。",
                about.count(),
                about.days()
            )
            .into(),
        ),
        heading("一、人员"),
        about.list(),
        heading("二、任务"),
        Block::Paragraph(about.terms.tasks.as_str().into()),
        heading("三、有关条件"),
    ];
    body.extend(about.conditions());
    about.paper(about.sending, "人才互访派出函", about.host, body)
}

/// 接收函, from the host to the sending unit.
pub(super) fn host_letter(about: &About<'_>) -> Paper {
    let heading = |text: &str| Block::Heading(text.into());
    let mut body = vec![
        Block::Paragraph(
            format!(
                "根据双方同意的人才互访安排，我单位同意接收贵单位{}于{}来访。",
                about.count(),
                about.days()
            )
            .into(),
        ),
        heading("一、人员"),
        about.list(),
        heading("二、地点和带教"),
        Block::Paragraph(
            format!(
                "地点：{}。带教老师：{}。",
                about.terms.place,
                about.mentor()
            )
            .into(),
        ),
        heading("三、有关条件"),
    ];
    body.extend(about.conditions());
    about.paper(about.host, "人才互访接收函", about.sending, body)
}

#[cfg(test)]
mod tests;
