//! Papers about an expert: 推荐表 to be stamped by the unit, 聘任同意书 to be signed by whoever reads no
//! mail, 聘书.

use entity::{
    council_term,
    expert::{self, ExpertKind},
    person, unit,
};

use super::{
    consent_texts::{self, ConsentText},
    profile::domain_labels,
};
use crate::foundation::{
    config::OfficeConfig,
    documents::{Block, Field, Paper, Words},
    texts::Label,
    ui::dates,
};

/// What papers are about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The expert.
    pub row: &'a expert::Model,
    /// The person.
    pub person: &'a person::Model,
    /// Who recommends; none for a guest from outside.
    pub unit: Option<&'a unit::Model>,
    /// The office.
    pub office: &'a OfficeConfig,
}

impl About<'_> {
    fn name(&self) -> Words {
        let name = Words::from(self.person.name.as_str());
        if self.person.sample {
            name.example()
        } else {
            name
        }
    }

    fn works_at(&self) -> &str {
        if self.row.affiliation.is_empty() {
            self.unit.map_or("", |unit| &unit.name)
        } else {
            &self.row.affiliation
        }
    }
}

/// 推荐表: what the unit typed, with places to sign and stamp.
pub fn nomination(about: &About<'_>) -> Paper {
    let row = about.row;
    let works = or_none(super::pool::texts(&row.works).join("\n"));
    let keywords = super::pool::texts(&row.keywords).join("；");
    let domains = domain_labels(&row.domains).join("；");
    let boxes = [ExpertKind::Technical, ExpertKind::Standardization]
        .map(|kind| {
            let mark = if kind == row.kind { "☑" } else { "□" };
            format!("{mark} {}", kind.zh())
        })
        .join("　");
    let email = about.person.email.as_deref().unwrap_or_default();
    let mobile = about.person.mobile.as_deref().unwrap_or_default();
    Paper {
        issuer: None,
        number: None,
        title: format!("{}\n标准化专家库专家推荐表", about.office.name).into(),
        blocks: vec![
            Block::Form {
                title: Words::default(),
                rows: vec![
                    vec![
                        Field {
                            label: "姓名".into(),
                            content: about.name(),
                        },
                        Field::new("类别", &boxes),
                    ],
                    vec![
                        Field::new("工作单位", about.works_at()),
                        Field::new("职务", &row.position),
                    ],
                    vec![
                        Field::new("职称", &row.title),
                        Field::new("工作语种", &row.languages),
                    ],
                    vec![Field::new("邮箱", email), Field::new("手机", mobile)],
                ],
            },
            Block::Heading("领域和关键词".into()),
            Block::Paragraph(domains.into()),
            Block::Paragraph(keywords.into()),
            Block::Heading("代表成果".into()),
            Block::Paragraph(works.into()),
            Block::Heading("简介".into()),
            Block::Paragraph(row.bio.as_str().into()),
            Block::Form {
                title: Words::default(),
                rows: vec![
                    vec![Field::new(
                        "单位意见",
                        "\n\n　　　　　　　　　　（盖章）　　　年　　月　　日",
                    )],
                    vec![Field::new(
                        "联盟意见",
                        "\n\n　　　　　　　　　　　　　　　　年　　月　　日",
                    )],
                ],
            },
            Block::Note("推荐单位盖章后扫描上传。聘任须经本人通过邮件中的链接同意后生效。".into()),
        ],
    }
}

fn or_none(text: String) -> String {
    if text.is_empty() {
        "无".to_owned()
    } else {
        text
    }
}

/// 聘任同意书 for those who answer on paper: the same words as behind the link, to be signed.
pub fn consent(about: &About<'_>, term: &council_term::Model) -> Paper {
    // Whoever is engaged already and signs for the next term signs to its end.
    let until = about
        .row
        .engaged_to
        .filter(|last| *last >= term.from_date)
        .unwrap_or(term.to_date);
    let heading = |text: &str| Block::Heading(text.into());
    let mut blocks = vec![
        Block::Form {
            title: Words::default(),
            rows: vec![
                vec![
                    Field {
                        label: "姓名".into(),
                        content: about.name(),
                    },
                    Field::new("类别", about.row.kind.zh()),
                ],
                vec![
                    Field::new("工作单位", about.works_at()),
                    Field::new("聘期", &format!("至{}", dates::full_day(until))),
                ],
            ],
        },
        heading("聘任和职责"),
        Block::Paragraph(
            format!(
                "{}（第 {} 届理事会）拟聘您为标准化专家库专家，以您本人同意为准。",
                about.office.name, term.number
            )
            .into(),
        ),
    ];
    let paragraphs =
        |lines: Vec<String>| lines.into_iter().map(|line| Block::Paragraph(line.into()));
    blocks.extend(paragraphs(consent_texts::duties(about.office)));
    for text in ConsentText::ALL {
        blocks.push(heading(text.title()));
        blocks.extend(paragraphs(text.paragraphs(about.office)));
    }
    blocks.push(heading("本人答复"));
    blocks.push(Block::Paragraph(
        "□ 同意受聘，并同意以上三份文本。　　□ 不同意。".into(),
    ));
    blocks.push(Block::Sign("本人（签名）：＿＿＿＿＿＿".into()));
    blocks.push(Block::Sign("　　　　年　　月　　日".into()));
    blocks.push(Block::Note(
        format!(
            "文本版本 {}。签字后请交秘书处（{}），由秘书处记录并保存扫描件，与通过链接答复的效力相同。",
            consent_texts::VERSION,
            about.office.phone
        )
        .into(),
    ));
    Paper {
        title: format!("{}\n专家聘任同意书", about.office.name).into(),
        blocks,
        ..Paper::default()
    }
}

/// 聘书; none before the engagement.
pub fn engagement(about: &About<'_>) -> Option<Paper> {
    let row = about.row;
    let number = row.engagement_number.clone()?;
    let (from, to) = (row.engaged_from?, row.engaged_to?);
    let what = if row.guest {
        "特邀专家"
    } else {
        "标准化专家库专家"
    };
    let kind = row.kind.zh();
    Some(Paper {
        issuer: Some(about.office.issuer.clone()),
        number: Some(number),
        title: "聘　书".into(),
        blocks: vec![
            Block::Flat(about.name().and(" 老师：")),
            Block::Paragraph(
                format!(
                    "兹聘请您担任{}{what}（{kind}类），聘期自{}至{}。",
                    about.office.name,
                    dates::full_day(from),
                    dates::full_day(to)
                )
                .into(),
            ),
            Block::Paragraph("特发此证。".into()),
            Block::Seal {
                issuer: about.office.issuer.clone(),
                agent: Some(about.office.seal_line.clone()).filter(|line| !line.is_empty()),
                date: dates::full_day(from),
            },
        ],
    })
}
