//! What the training group is told by the clock.

use chrono::NaiveDate;
use entity::{course, course_run, role_grant::Role};
use serde::{Deserialize, Serialize};

use super::{RunMatter, about, recipient};
use crate::{
    accounts::roles,
    foundation::{
        error::Result,
        mail::{Letter, LetterDesk, Options, Queued, Template, outbox},
        store::WriteTx,
        ui::dates,
    },
};

/// The recurrence has drafted a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Drafted {
    pub(super) run: RunMatter,
    /// What is odd about its days, in words.
    pub(super) warnings: Vec<String>,
}

impl Template for Drafted {
    const KIND: &'static str = "training.drafted";
    const LABEL: &'static str = "新一期草稿";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let letter = Letter::new(
            format!("请安排新一期：{}", self.run.short()),
            format!("{}，您好！", desk.recipient),
        )
        .text("按课程设定的周期，新一期培训班的草稿已备好。请核对日程、教室和报名时间后发布，需要时可以改期。")
        .facts(self.run.facts());
        let letter = if self.warnings.is_empty() {
            letter
        } else {
            letter.text("请留意：").list(self.warnings.clone())
        };
        letter.action(
            "核对并发布",
            desk.links.absolute(&format!("/trainings/{}", self.run.id)),
        )
    }
}

/// Too few people on the day of the decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct DecisionDue {
    pub(super) run: RunMatter,
    pub(super) enrolled: i32,
    pub(super) least: i32,
}

impl Template for DecisionDue {
    const KIND: &'static str = "training.decision_due";
    const LABEL: &'static str = "开班决定";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("请决定是否开班：{}", self.run.short()),
            format!("{}，您好！", desk.recipient),
        )
        .text(format!(
            "今天是决定是否开班的日子。已报名 {} 人，不到开班人数 {} 人。请决定按期开班、并入他期或取消。",
            self.enrolled, self.least
        ))
        .facts(self.run.facts())
        .action("去决定", desk.links.absolute(&format!("/trainings/{}", self.run.id)))
    }
}

/// No run for half a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Pause {
    pub(super) course: String,
    pub(super) last: Option<NaiveDate>,
    pub(super) path: String,
}

impl Template for Pause {
    const KIND: &'static str = "training.pause";
    const LABEL: &'static str = "久未办班";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let since = match self.last {
            Some(day) => format!("上一期在{}", dates::full_day(day)),
            None => "至今还没有办过".to_owned(),
        };
        Letter::new(
            "课程半年没有办班".to_owned(),
            format!("{}，您好！", desk.recipient),
        )
        .text(format!(
            "“{}”半年没有办班，也没有安排新一期，{since}。请安排新一期，或者停开这门课程。",
            self.course
        ))
        .action("查看课程", desk.links.absolute(&self.path))
    }
}

/// Tells everybody of the training group; returns how many mails are new.
async fn tell<T: Template>(
    tx: &WriteTx,
    subject: uuid::Uuid,
    generation: i32,
    number: &str,
    mail: &T,
) -> Result<usize> {
    let mut queued = 0;
    for person in roles::people_with(tx.db(), Role::Training).await? {
        let mut about = about(subject, T::LABEL, number);
        about.generation = generation;
        let added =
            outbox::enqueue(tx, &recipient(&person), &about, Options::default(), mail).await?;
        queued += usize::from(matches!(added, Queued::New(_)));
    }
    Ok(queued)
}

/// The recurrence has drafted `run`.
pub(in super::super) async fn drafted(
    tx: &WriteTx,
    run: &course_run::Model,
    warnings: Vec<String>,
) -> Result<usize> {
    let mail = Drafted {
        run: RunMatter::of(tx.db(), run).await?,
        warnings,
    };
    tell(tx, run.id.0, 1, &run.number, &mail).await
}

/// `run` has too few people.
pub(in super::super) async fn decision_due(
    tx: &WriteTx,
    run: &course_run::Model,
    enrolled: i32,
) -> Result<usize> {
    let mail = DecisionDue {
        run: RunMatter::of(tx.db(), run).await?,
        enrolled,
        least: run.least,
    };
    tell(tx, run.id.0, 1, &run.number, &mail).await
}

/// `course` was not held for too long; said once each month.
pub(in super::super) async fn pause(
    tx: &WriteTx,
    course: &course::Model,
    last: Option<NaiveDate>,
    month: i32,
) -> Result<usize> {
    let mail = Pause {
        course: course.title.clone(),
        last,
        path: format!("/courses/{}", course.id),
    };
    tell(tx, course.id.0, month, &course.number, &mail).await
}
