//! 会议通知 with the list of experts and 回执; 工作通知 where they do not meet. It goes to many hands,
//! so that of a confidential matter says no more than the mails do.

use entity::panel;

use super::{Sitting, blank, long_time, members};
use crate::{
    foundation::{
        documents::{Block, Field, Paper},
        ui::dates,
    },
    panels::matter::Matter,
};

/// The notice.
pub(super) fn paper(sitting: &Sitting<'_>) -> Paper {
    let matter = Matter::for_mail(sitting.panel);
    let secret = matter.confidential;
    let what = what(&matter);
    let mut blocks = vec![Block::Flat("各位专家、有关单位：".into())];
    blocks.push(Block::Paragraph(
        opening(sitting.panel, &matter, &what).into(),
    ));
    blocks.extend(when(&matter, sitting));
    blocks.extend(content(&matter));
    blocks.push(Block::Heading("三、其他事项".into()));
    let others = others(&matter);
    blocks.extend(others.into_iter().map(|line| Block::Paragraph(line.into())));
    if !secret {
        blocks.push(Block::Flat("　　附件：专家名单".into()));
    }
    blocks.push(sitting.seal());
    blocks.push(Block::PageBreak);
    if !secret {
        blocks.push(Block::Flat("附件".into()));
        blocks.push(Block::Title("专家名单".into()));
        blocks.push(Block::Note(standing(sitting).into()));
        blocks.extend(members::list(sitting));
    }
    if matter.meeting.is_some() {
        blocks.extend(receipt(&matter));
    } else if secret {
        // Nothing stands on the second sheet.
        blocks.pop();
    }
    let verb = if matter.meeting.is_some() {
        "召开"
    } else {
        "开展"
    };
    Paper {
        issuer: Some(sitting.office.issuer.clone()),
        number: Some(format!("编号　{}", matter.number)),
        title: format!("关于{verb}{}{what}的通知", subject(sitting.panel)).into(),
        blocks,
    }
}

/// 技术审查会, 立项评审会, 函审
fn what(matter: &Matter) -> String {
    let purpose = match matter.purpose.as_str() {
        "其他" => "专家咨询",
        purpose => purpose,
    };
    if matter.meeting.is_some() && !purpose.ends_with('会') {
        format!("{purpose}会")
    } else {
        purpose.to_owned()
    }
}

/// The standard or the title in its marks; neither where it is confidential.
fn subject(panel: &panel::Model) -> String {
    if panel.confidential {
        "保密事项".to_owned()
    } else if panel.standard_name.is_empty() {
        format!("“{}”", panel.title)
    } else {
        format!("《{}》", panel.standard_name)
    }
}

fn opening(panel: &panel::Model, matter: &Matter, what: &str) -> String {
    let cause = if matter.asking_name.is_empty() {
        String::new()
    } else {
        format!("根据{}的申请，", matter.asking_name)
    };
    let number = match panel.standard_number.as_str() {
        number if panel.confidential || number.is_empty() => String::new(),
        number => format!("（{number}）"),
    };
    let subject = format!("{}{number}", subject(panel));
    let plan = if matter.meeting.is_some() {
        format!("定于近期召开{subject}{what}")
    } else {
        format!("现开展{subject}{what}")
    };
    format!("{cause}{plan}。有关事项通知如下。")
}

fn when(matter: &Matter, sitting: &Sitting<'_>) -> Vec<Block> {
    match matter.meeting {
        Some((from, _)) => {
            let day = dates::local_date(from, sitting.zone);
            let time = long_time(matter, day, sitting.zone);
            let place = match matter.where_to() {
                place if place.is_empty() => "地点另行通知".to_owned(),
                place => place,
            };
            vec![
                Block::Heading("一、时间和地点".into()),
                Block::Paragraph(format!("{time}，{place}。").into()),
            ]
        }
        None => {
            let by = matter.wanted_by.map_or_else(
                || "请按工作页面上的期限提出书面意见。".to_owned(),
                |day| {
                    let day = dates::full_day_and_weekday(day);
                    format!("请于{day}前提出书面意见。")
                },
            );
            vec![
                Block::Heading("一、期限".into()),
                Block::Paragraph(by.into()),
            ]
        }
    }
}

fn content(matter: &Matter) -> Vec<Block> {
    let head = if matter.meeting.is_some() {
        "二、会议内容"
    } else {
        "二、工作内容"
    };
    let text = match matter.duties.trim_end_matches('。') {
        "" => "内容和材料见邮件中的工作链接。".to_owned(),
        duties => format!("{duties}。材料见邮件中的工作链接。"),
    };
    vec![Block::Heading(head.into()), Block::Paragraph(text.into())]
}

fn others(matter: &Matter) -> Vec<String> {
    let mut lines = Vec::new();
    if !matter.fee.is_empty() {
        lines.push(format!("费用：{}。", matter.fee.trim_end_matches('。')));
    }
    if matter.meeting.is_some() {
        lines.push("请填写回执，会前交联系人；已在邮件链接中答复的，不必再交。".to_owned());
    }
    if matter.confidential {
        lines.push("本事项保密，请按保密承诺办理。".to_owned());
    }
    let contact = matter.contact();
    if !contact.is_empty() {
        lines.push(format!("联系人：{contact}。"));
    }
    lines
}

/// 编号 ZX-2026-0134　·　5 席，到齐于 2026年9月20日
fn standing(sitting: &Sitting<'_>) -> String {
    let (number, members) = (&sitting.panel.number, sitting.members.len());
    match sitting.panel.standing_at {
        Some(at) => {
            let day = dates::full_day(dates::local_date(at, sitting.zone));
            format!("编号 {number}　·　{members} 人，到齐于 {day}")
        }
        None => format!(
            "编号 {number}　·　{} 席，已定 {members} 人",
            sitting.panel.demand
        ),
    }
}

fn receipt(matter: &Matter) -> Vec<Block> {
    vec![
        Block::Form {
            title: "回　执".into(),
            rows: vec![
                blank(["姓名", "单位"]),
                vec![
                    Field::new("手机", ""),
                    Field::new("是否参加", "□ 参加　□ 不参加"),
                ],
                blank(["到达时间", "饮食要求"]),
            ],
        },
        Block::Note(
            format!(
                "编号 {}。会前交联系人，{}。",
                matter.number,
                matter.contact()
            )
            .into(),
        ),
    ]
}
