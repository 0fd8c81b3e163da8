//! Papers of a meeting: 会议通知 with 回执, 签到表, 纪要.

use chrono::NaiveDate;
use entity::{meeting, meeting_unit::Reply};

use super::{super::papers::seal, store::Invited};
use crate::foundation::{
    config::OfficeConfig,
    documents::{Block, Column, Field, Paper, Words},
    texts::Label,
    ui::{dates, lines},
};

/// 10月20日（周二）9:00–12:00
pub(super) fn time(row: &meeting::Model) -> String {
    format!(
        "{}{}–{}",
        dates::day_and_weekday(row.date),
        row.from_time.format("%-H:%M"),
        row.to_time.format("%-H:%M")
    )
}

/// 会议通知 with 回执; none before the units are told.
pub(super) fn notice(row: &meeting::Model, office: &OfficeConfig) -> Option<Paper> {
    row.called_at?;
    let mut blocks = vec![
        Block::Flat("各有关单位：".into()),
        Block::Paragraph(
            format!(
                "兹定于{}召开{}（{}），请派代表参加。",
                time(row),
                row.title,
                row.kind.zh()
            )
            .into(),
        ),
        Block::Heading("一、时间和地点".into()),
        Block::Paragraph(
            format!("{}年{}，{}。", row.date.format("%Y"), time(row), row.place).into(),
        ),
        Block::Heading("二、议程".into()),
    ];
    blocks.extend(
        lines(&row.agenda)
            .into_iter()
            .zip(1..)
            .map(|(line, number)| Block::Paragraph(format!("（{number}）{line}").into())),
    );
    blocks.push(Block::Heading("三、回执".into()));
    blocks.push(Block::Paragraph(
        format!(
            "请在{}前网上填写回执，或填好下页回执寄回。联系电话：{}。",
            dates::day_and_weekday(row.reply_by),
            office.phone
        )
        .into(),
    ));
    blocks.push(seal(office, dates::full_day(called_on(row, office))));
    blocks.push(Block::PageBreak);
    blocks.push(Block::Title("回　执".into()));
    blocks.push(Block::Form {
        title: Words::default(),
        rows: vec![
            vec![Field::new("会议", &row.title), Field::new("单位", "")],
            vec![
                Field::new("是否参加", "□ 参加　□ 请假"),
                Field::new("参会人", ""),
            ],
            vec![Field::new("职务", ""), Field::new("手机", "")],
        ],
    });
    blocks.push(Block::Sign("（盖章）　　　　年　　月　　日".into()));
    Some(Paper {
        issuer: Some(office.issuer.clone()),
        number: Some(row.number.clone()),
        title: format!("关于召开{}的通知", row.title).into(),
        blocks,
    })
}

/// The day on which a notice is dated.
fn called_on(row: &meeting::Model, office: &OfficeConfig) -> NaiveDate {
    dates::local_date(row.called_at.unwrap_or(row.created_at), office.time_zone.0)
}

/// 签到表: everybody who ought to come, with who was announced.
pub(super) fn sign_in(row: &meeting::Model, invited: &[Invited]) -> Option<Paper> {
    row.called_at?;
    Some(Paper {
        issuer: None,
        number: None,
        title: format!("{}签到表", row.title).into(),
        blocks: vec![
            Block::Flat(format!("时间：{}　地点：{}", time(row), row.place).into()),
            Block::Flat(format!("应到 {} 个单位，实到　　　个", invited.len()).into()),
            Block::Table {
                label: "签到".into(),
                columns: vec![
                    Column::fixed("序号", 4),
                    Column::free("单位"),
                    Column::fixed("参会人", 6),
                    Column::fixed("手机", 8),
                    Column::fixed("签字", 8),
                ],
                rows: invited
                    .iter()
                    .zip(1..)
                    .map(|(one, number)| {
                        let absent = one.row.reply == Some(Reply::Absent);
                        let name = if absent {
                            "请假"
                        } else {
                            &one.row.attendee_name
                        };
                        vec![
                            Words::from(number.to_string()),
                            Words::from(one.unit.name.as_str()),
                            Words::from(name),
                            Words::default(),
                            Words::default(),
                        ]
                    })
                    .collect(),
            },
        ],
    })
}

/// 纪要; none before they are sent.
pub(super) fn minutes(
    row: &meeting::Model,
    invited: &[Invited],
    office: &OfficeConfig,
) -> Option<Paper> {
    let at = row.minuted_at?;
    let came: Vec<_> = names(invited, |one| one.row.attended == Some(true));
    let absent: Vec<_> = names(invited, |one| one.row.attended != Some(true));
    let mut blocks = vec![Block::Paragraph(
        format!(
            "{}年{}，{}在{}召开。应到 {} 个单位，实到 {} 个。",
            row.date.format("%Y"),
            time(row),
            row.title,
            row.place,
            invited.len(),
            came.len()
        )
        .into(),
    )];
    blocks.extend(
        lines(&row.minutes)
            .into_iter()
            .map(|line| Block::Paragraph(line.into())),
    );
    blocks.push(Block::Flat(format!("出席：{}", listed(&came)).into()));
    if !absent.is_empty() {
        blocks.push(Block::Flat(format!("缺席：{}", listed(&absent)).into()));
    }
    let date = dates::full_day(dates::local_date(at, office.time_zone.0));
    blocks.push(seal(office, date));
    Some(Paper {
        issuer: Some(office.issuer.clone()),
        number: Some(row.number.clone()),
        title: format!("{}纪要", row.title).into(),
        blocks,
    })
}

fn names(invited: &[Invited], is: impl Fn(&Invited) -> bool) -> Vec<&str> {
    invited
        .iter()
        .filter(|one| is(one))
        .map(|one| one.unit.name.as_str())
        .collect()
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() {
        "无".to_owned()
    } else {
        names.join("、")
    }
}
