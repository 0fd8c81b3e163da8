//! What the host of a base is told, and what it answers.

use entity::{
    course_run,
    ids::{CourseRunEventId, PersonId},
    room,
};
use serde::{Deserialize, Serialize};

use super::{RunMatter, about, recipient};
use crate::{
    foundation::{
        error::Result,
        mail::{Letter, LetterDesk, Options, Template, outbox},
        store::WriteTx,
    },
    people,
    training::{book::HostAnswer, store},
    units,
};

/// A room is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct RoomAsked {
    pub(super) run: RunMatter,
    pub(super) base: String,
    pub(super) room: String,
    pub(super) people: i32,
    /// Each lesson's time, in words.
    pub(super) times: Vec<String>,
}

impl Template for RoomAsked {
    const KIND: &'static str = "training.room_asked";
    const LABEL: &'static str = "教室预订";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("请确认教室：{}", self.run.short()),
            format!("{}，您好！", desk.recipient),
        )
        .text(format!(
            "培训工作组希望使用贵单位{}的{}，请确认能否提供。",
            self.base, self.room
        ))
        .facts([
            ("培训班", self.run.name()),
            ("人数", format!("{} 人以内", self.people)),
        ])
        .list(self.times.clone())
        .action("确认或说明不能提供", desk.links.absolute("/bookings"))
    }
}

/// A room is not needed any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct RoomReturned {
    pub(super) run: RunMatter,
    pub(super) room: String,
    pub(super) reason: String,
}

impl Template for RoomReturned {
    const KIND: &'static str = "training.room_returned";
    const LABEL: &'static str = "退订教室";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let reason = if self.reason.is_empty() {
            String::new()
        } else {
            format!("原因是：{}。", self.reason.trim_end_matches('。'))
        };
        Letter::new(
            format!("退订教室：{}", self.run.short()),
            format!("{}，您好！", desk.recipient),
        )
        .text(format!(
            "培训工作组为这期培训班预订的{}不再需要，已退订。{reason}谢谢贵单位的支持。",
            self.room
        ))
        .facts([("培训班", self.run.name())])
    }
}

/// The host has answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct RoomAnswered {
    pub(super) run: RunMatter,
    pub(super) room: String,
    pub(super) yes: bool,
    pub(super) note: String,
}

impl Template for RoomAnswered {
    const KIND: &'static str = "training.room_answered";
    const LABEL: &'static str = "教室答复";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let (subject, text) = if self.yes {
            ("教室已确认", format!("依托单位已确认提供{}。", self.room))
        } else {
            (
                "教室不能提供",
                format!(
                    "依托单位不能提供{}，原因是：{}。请另选教室或改期。",
                    self.room,
                    self.note.trim_end_matches('。')
                ),
            )
        };
        Letter::new(
            format!("{subject}：{}", self.run.short()),
            format!("{}，您好！", desk.recipient),
        )
        .text(text)
        .facts(self.run.facts())
        .action(
            "查看培训班",
            desk.links.absolute(&format!("/trainings/{}", self.run.id)),
        )
    }
}

/// Tells the contacts of the unit that hosts `room`.
async fn to_host<T: Template>(
    tx: &WriteTx,
    run: &course_run::Model,
    room: &room::Model,
    generation: i32,
    mail: &T,
) -> Result<()> {
    let base = store::base(tx.db(), room.base_id).await?;
    for contact in units::contacts(tx.db(), base.host_unit_id).await? {
        let mut about = about(run.id.0, T::LABEL, &run.number);
        about.generation = generation;
        outbox::enqueue(
            tx,
            &recipient(&contact.person),
            &about,
            Options::default(),
            mail,
        )
        .await?;
    }
    Ok(())
}

/// Asks the host for a room; what was asked before and has not left is replaced.
pub(in super::super) async fn ask_for_room(
    tx: &WriteTx,
    run: &course_run::Model,
    room: &room::Model,
) -> Result<()> {
    outbox::cancel(tx, RoomAsked::KIND, run.id.0).await?;
    let base = store::base(tx.db(), room.base_id).await?;
    let times = store::lessons(tx.db(), run.id)
        .await?
        .iter()
        .map(|lesson| {
            let day = crate::foundation::ui::dates::day_and_weekday(lesson.on_date);
            let (from, to) = (
                lesson.from_time.format("%H:%M"),
                lesson.to_time.format("%H:%M"),
            );
            format!("{day} {from}–{to}")
        })
        .collect();
    let mail = RoomAsked {
        run: RunMatter::of(tx.db(), run).await?,
        base: base.name,
        room: room.name.clone(),
        people: run.capacity,
        times,
    };
    to_host(tx, run, room, run.version, &mail).await
}

/// Tells the host that a room is not needed.
pub(in super::super) async fn give_room_back(
    tx: &WriteTx,
    run: &course_run::Model,
    room: &room::Model,
    reason: &str,
) -> Result<()> {
    let unsent = outbox::cancel(tx, RoomAsked::KIND, run.id.0).await?;
    if unsent > 0 {
        return Ok(());
    }
    let mail = RoomReturned {
        run: RunMatter::of(tx.db(), run).await?,
        room: room.name.clone(),
        reason: reason.to_owned(),
    };
    to_host(tx, run, room, run.version, &mail).await
}

/// Tells whoever asked what the host answered.
pub(in super::super) async fn room_answered(
    tx: &WriteTx,
    run: &course_run::Model,
    room: &room::Model,
    answer: &HostAnswer,
    event: CourseRunEventId,
) -> Result<()> {
    let asked: Option<PersonId> = store::bookings(tx.db(), run.id)
        .await?
        .iter()
        .find_map(|booking| booking.asked_by)
        .or(run.created_by);
    let Some(person) = asked else {
        return Ok(());
    };
    let person = people::get(tx.db(), person).await?;
    let mail = RoomAnswered {
        run: RunMatter::of(tx.db(), run).await?,
        room: room.name.clone(),
        yes: answer.yes,
        note: answer.note.clone(),
    };
    let about = about(event.0, RoomAnswered::LABEL, &run.number);
    outbox::enqueue(tx, &recipient(&person), &about, Options::default(), &mail).await?;
    Ok(())
}
