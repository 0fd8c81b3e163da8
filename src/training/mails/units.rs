//! What the units are told that asked for a course.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::{
    course_run,
    ids::{CourseId, CourseRunEventId, UnitId},
};
use serde::{Deserialize, Serialize};

use super::{RunMatter, about, recipient};
use crate::{
    foundation::{
        context::Context,
        error::Result,
        mail::{Letter, LetterDesk, Options, Template, outbox},
        store::WriteTx,
        ui::dates,
    },
    training::{rules, store},
    units,
};

/// Units that stated or joined the needs that a course answers.
async fn asked(tx: &WriteTx, course: CourseId) -> Result<BTreeSet<UnitId>> {
    let needs = store::needs_of(tx.db(), course).await?;
    let ids: Vec<_> = needs.iter().map(|need| need.id).collect();
    let voices = store::voices(tx.db(), &ids).await?;
    Ok(needs
        .iter()
        .map(|need| need.unit_id)
        .chain(voices.iter().map(|voice| voice.unit_id))
        .collect())
}

/// Tells the contacts of all units that asked, each once.
async fn tell<T: Template>(
    tx: &WriteTx,
    run: &course_run::Model,
    event: CourseRunEventId,
    mail: &T,
) -> Result<()> {
    for unit in asked(tx, run.course_id).await? {
        for contact in units::contacts(tx.db(), unit).await? {
            let about = about(event.0, T::LABEL, &run.number);
            outbox::enqueue(
                tx,
                &recipient(&contact.person),
                &about,
                Options::default(),
                mail,
            )
            .await?;
        }
    }
    Ok(())
}

fn letter(desk: &LetterDesk<'_>, matter: &RunMatter, subject: &str, text: String) -> Letter {
    Letter::new(
        format!("{subject}：{}", matter.short()),
        format!("{}，您好！", desk.recipient),
    )
    .text(text)
}

/// The run can be enrolled for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Published {
    pub(super) run: RunMatter,
    pub(super) closes_at: DateTime<Utc>,
    pub(super) fee_fen: i32,
    pub(super) capacity: i32,
}

impl Template for Published {
    const KIND: &'static str = "training.published";
    const LABEL: &'static str = "开班通知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text =
            "贵单位提出的培训需求已安排开班，现在可以报名。名额按报名先后确定，报满后可以候补。";
        let fee = if self.fee_fen == 0 {
            "免费".to_owned()
        } else {
            format!("每人 {}", rules::yuan(self.fee_fen))
        };
        letter(desk, &self.run, "开班通知", text.to_owned())
            .facts(self.run.facts())
            .facts([
                ("报名截止", dates::deadline(self.closes_at, desk.zone)),
                ("名额", format!("{} 人", self.capacity)),
                ("费用", fee),
            ])
            .action(
                "查看通知并报名",
                desk.links.absolute(&format!("/training/{}", self.run.id)),
            )
    }
}

/// The run was held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Held {
    pub(super) run: RunMatter,
}

impl Template for Held {
    const KIND: &'static str = "training.held";
    const LABEL: &'static str = "办班完成";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = "贵单位提出的培训需求已经办班。还有别的培训需求，或者希望再办一期，请随时提出。";
        letter(desk, &self.run, "已办班", text.to_owned())
            .facts(self.run.facts())
            .action("提出培训需求", desk.links.absolute("/needs"))
    }
}

/// The run will not take place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Cancelled {
    pub(super) run: RunMatter,
    pub(super) reason: String,
}

impl Template for Cancelled {
    const KIND: &'static str = "training.cancelled";
    const LABEL: &'static str = "取消办班";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "这期培训班不办了，原因是：{}。已报名的学员和讲师都会收到通知。",
            self.reason.trim_end_matches('。')
        );
        letter(desk, &self.run, "取消办班", text)
            .facts(self.run.facts())
            .action("查看培训安排", desk.links.absolute("/training"))
    }
}

/// The run is announced.
pub(in super::super) async fn published(
    ctx: &Context,
    tx: &WriteTx,
    run: &course_run::Model,
    event: CourseRunEventId,
) -> Result<()> {
    let mail = Published {
        run: RunMatter::of(tx.db(), run).await?,
        closes_at: run.closes_at.unwrap_or(ctx.now()),
        fee_fen: run.fee_fen,
        capacity: run.capacity,
    };
    tell(tx, run, event, &mail).await
}

/// The run was held.
pub(in super::super) async fn held(
    tx: &WriteTx,
    run: &course_run::Model,
    event: CourseRunEventId,
) -> Result<()> {
    let mail = Held {
        run: RunMatter::of(tx.db(), run).await?,
    };
    tell(tx, run, event, &mail).await
}

/// The run is called off.
pub(in super::super) async fn cancelled(
    tx: &WriteTx,
    run: &course_run::Model,
    reason: &str,
    event: CourseRunEventId,
) -> Result<()> {
    let mail = Cancelled {
        run: RunMatter::of(tx.db(), run).await?,
        reason: reason.to_owned(),
    };
    tell(tx, run, event, &mail).await
}
