//! 培训班通知 with its 报名回执: the same facts as the page and as the paper.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{course, course_run, ids::ExpertId, lesson};
use sea_orm::ConnectionTrait;

use super::{publish::zone_of, rules, run_questions::questions_of, seats, store};
use crate::{
    experts::keep,
    foundation::{
        config::OfficeConfig,
        context::Context,
        documents::{Block, Column, Field, Paper, Words},
        error::Result,
        ui::dates,
    },
};

/// Everything that the notice says.
#[derive(Clone, Debug)]
pub(super) struct Notice {
    /// The run.
    pub run: course_run::Model,
    /// Its course.
    pub course: course::Model,
    /// Its lessons in order of time.
    pub lessons: Vec<lesson::Model>,
    /// Where.
    pub place: String,
    /// The clocks of the lessons.
    pub zone: Tz,
    /// Whether the clocks are not the office's: then they are named.
    pub abroad: bool,
    /// Experts who agree to be named where anybody reads.
    shown: HashSet<ExpertId>,
}

impl Notice {
    /// The notice of `run` as it stands now.
    pub async fn of<C: ConnectionTrait>(
        db: &C,
        ctx: &Context,
        run: course_run::Model,
    ) -> Result<Self> {
        let zone = zone_of(&run)?;
        let lessons = store::lessons(db, run.id).await?;
        let experts: Vec<_> = lessons
            .iter()
            .filter_map(|lesson| lesson.lecturer_expert)
            .collect();
        Ok(Self {
            course: store::course(db, run.course_id).await?,
            shown: keep::shown(db, &experts).await?,
            lessons,
            place: seats::place_of(db, &run).await?,
            zone,
            abroad: zone != ctx.zone(),
            run,
        })
    }

    /// 团体标准编写与审查实务（第 3 期）
    pub fn name(&self) -> String {
        seats::full_title(&self.run.title, self.run.ordinal)
    }

    /// Total 学时.
    pub fn hours(&self) -> i32 {
        self.lessons.iter().map(|lesson| lesson.hours).sum()
    }

    /// From the first day to the last, in words.
    pub fn days(&self) -> String {
        let days = self.lessons.iter().map(|lesson| lesson.on_date);
        let clocks = if self.abroad {
            format!("，{} 当地时间", self.zone.name())
        } else {
            String::new()
        };
        match (days.clone().min(), days.max()) {
            (Some(first), Some(last)) if first == last => {
                format!("{}{clocks}", dates::full_day(first))
            }
            (Some(first), Some(last)) => {
                format!("{}至{}{clocks}", dates::full_day(first), dates::day(last))
            }
            _ => "待定".to_owned(),
        }
    }

    /// The fee in words.
    pub fn fee(&self) -> String {
        let fee = if self.run.fee_fen == 0 {
            "不收费".to_owned()
        } else {
            format!("每人 {}", rules::yuan(self.run.fee_fen))
        };
        [fee, self.run.fee_free.clone()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("；")
    }

    /// 正文: what the group wrote, or where the course comes from.
    pub fn introduction(&self) -> String {
        if self.run.notice_text.is_empty() {
            format!(
                "根据成员单位提出的培训需求，定于近期举办“{}”培训班。现将有关事项通知如下。",
                self.name()
            )
        } else {
            self.run.notice_text.clone()
        }
    }

    /// What a certificate needs.
    pub fn certificate(&self) -> String {
        let attendance = self.course.attendance_percent;
        match self.course.min_mark {
            Some(mark) => format!("出勤不少于 {attendance}%，考核不低于 {mark} 分的，发给结业证书"),
            None => format!("出勤不少于 {attendance}% 的，发给结业证书"),
        }
    }

    /// When a lesson is: 10月20日（周二）09:00–12:00.
    pub fn time(lesson: &lesson::Model) -> String {
        format!(
            "{} {}–{}",
            dates::day_and_weekday(lesson.on_date),
            lesson.from_time.format("%H:%M"),
            lesson.to_time.format("%H:%M")
        )
    }

    /// Who teaches a lesson, as anybody may read it: by name whoever accepted by an invitation and
    /// agrees to be named, otherwise by the unit.
    pub fn named_lecturer(&self, lesson: &lesson::Model) -> String {
        let agrees = lesson
            .lecturer_expert
            .is_some_and(|expert| self.shown.contains(&expert));
        let accepted = lesson.panel_id.is_some() && !lesson.lecturer_name.is_empty();
        if agrees && accepted {
            Self::lecturer(lesson)
        } else if lesson.lecturer_name.is_empty() || lesson.lecturer_unit.is_empty() {
            "待定".to_owned()
        } else {
            format!("{}专家", lesson.lecturer_unit)
        }
    }

    /// Who teaches a lesson, for those who run it.
    pub fn lecturer(lesson: &lesson::Model) -> String {
        match (lesson.lecturer_name.as_str(), lesson.lecturer_unit.as_str()) {
            ("", _) => "待定".to_owned(),
            (name, "") => name.to_owned(),
            (name, unit) => format!("{name}，{unit}"),
        }
    }

    /// An instant of the window, on the clocks of the office.
    pub fn until(at: Option<DateTime<Utc>>, office: Tz) -> String {
        at.map(|at| dates::deadline(at, office)).unwrap_or_default()
    }
}

/// The paper.
pub(super) fn paper(notice: &Notice, office: &OfficeConfig) -> Paper {
    let run = &notice.run;
    let zone = office.time_zone.0;
    let heading = |text: &str| Block::Heading(text.into());
    let paragraph = |text: String| Block::Paragraph(text.into());
    let issued = run.published_at.map(|at| dates::local_date(at, zone));
    let mut blocks = vec![
        Block::Flat("各成员单位、有关单位：".into()),
        paragraph(notice.introduction()),
        heading("一、时间和地点"),
        paragraph(format!("{}，共 {} 学时。", notice.days(), notice.hours())),
        paragraph(format!(
            "{}。",
            if notice.place.is_empty() {
                "地点待定"
            } else {
                &notice.place
            }
        )),
        heading("二、培训对象"),
        paragraph(format!(
            "{}。",
            notice.course.audience.trim_end_matches('。')
        )),
        heading("三、培训内容和日程"),
        timetable(notice),
        heading("四、报名"),
        paragraph(format!(
            "名额 {} 人{}，报满后可以候补。请于{}前报名：由单位联络员登录系统报名，或填写所附回执发给联系人。",
            run.capacity,
            run.per_unit
                .map(|most| format!("，每单位不超过 {most} 人"))
                .unwrap_or_default(),
            Notice::until(run.closes_at, zone)
        )),
        heading("五、费用"),
        paragraph(format!("{}。", notice.fee().trim_end_matches('。'))),
    ];
    if !run.invoice_note.is_empty() {
        blocks.push(paragraph(format!(
            "开票：{}。",
            run.invoice_note.trim_end_matches('。')
        )));
    }
    blocks.push(heading("六、食宿交通"));
    blocks.push(paragraph(if run.lodging.is_empty() {
        "食宿自理。".to_owned()
    } else {
        run.lodging.clone()
    }));
    blocks.push(heading("七、结业"));
    blocks.push(paragraph(format!("{}。", notice.certificate())));
    blocks.push(heading("八、联系人"));
    blocks.push(paragraph(format!(
        "{}，{}。",
        run.contact_name, run.contact_phone
    )));
    blocks.push(Block::Seal {
        issuer: office.issuer.clone(),
        agent: Some(office.seal_line.clone()).filter(|line| !line.is_empty()),
        date: issued.map_or_else(|| "　　年　　月　　日".to_owned(), dates::full_day),
    });
    blocks.push(Block::PageBreak);
    blocks.extend(reply(notice));
    Paper {
        issuer: Some(office.issuer.clone()),
        number: run.notice_number.clone(),
        title: format!("关于举办“{}”\n培训班的通知", notice.name()).into(),
        blocks,
    }
}

fn timetable(notice: &Notice) -> Block {
    Block::Table {
        label: "日程".to_owned(),
        columns: vec![
            Column::fixed("时间", 9),
            Column::free("内容"),
            Column::fixed("学时", 3),
            Column::fixed("讲师", 9),
        ],
        rows: notice
            .lessons
            .iter()
            .map(|lesson| {
                vec![
                    Words::from(Notice::time(lesson).replacen(' ', "\n", 1)),
                    lesson.title.as_str().into(),
                    lesson.hours.to_string().into(),
                    notice.named_lecturer(lesson).replacen('，', "\n", 1).into(),
                ]
            })
            .collect(),
    }
}

/// 报名回执: for units that do not sign in.
fn reply(notice: &Notice) -> Vec<Block> {
    let mut rows = vec![
        vec![Field::new("单位", ""), Field::new("联系人和手机", "")],
        vec![Field::new("学员姓名", ""), Field::new("职务", "")],
        vec![Field::new("手机", ""), Field::new("邮箱", "")],
    ];
    for question in questions_of(&notice.run) {
        let boxes: Vec<_> = question
            .choices
            .iter()
            .map(|choice| format!("□ {choice}"))
            .collect();
        rows.push(vec![
            Field::new(question.label, &boxes.join("　")),
            Field::default(),
        ]);
    }
    if notice.run.fee_fen > 0 {
        rows.push(vec![
            Field::new("发票抬头", ""),
            Field::new("纳税人识别号", ""),
        ]);
    }
    vec![
        Block::Flat("附件".into()),
        Block::Form {
            title: format!("“{}”培训班报名回执", notice.name()).into(),
            rows,
        },
        Block::Note(
            format!(
                "每位学员一份，{}前发给{}（{}）。",
                notice
                    .run
                    .closes_at
                    .map(|at| dates::day(dates::local_date(at, notice.zone)))
                    .unwrap_or_default(),
                notice.run.contact_name,
                notice.run.contact_phone
            )
            .into(),
        ),
    ]
}
