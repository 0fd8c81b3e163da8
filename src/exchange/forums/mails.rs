//! What participants are told of a programme that changed. Enrolment, reminders and moves of the day
//! are told by the registration, speakers by their panels.

use chrono::NaiveDate;
use entity::{
    forum,
    ids::{ExchangeEventId, ForumId},
};
use serde::{Deserialize, Serialize};

use crate::{
    foundation::{
        error::Result,
        mail::{About, Letter, LetterDesk, Options, Recipient, Registry, Template, outbox},
        store::WriteTx,
        ui::dates,
    },
    registration::Participant,
};

/// Makes all mails of forums known.
pub fn register(registry: &mut Registry) {
    registry.register::<ProgrammeChanged>();
}

/// Longest title in a subject line, in characters.
const SUBJECT_TITLE: usize = 20;

/// The programme has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ProgrammeChanged {
    id: ForumId,
    number: String,
    title: String,
    on: NaiveDate,
    place: String,
    lines: Vec<String>,
}

impl Template for ProgrammeChanged {
    const KIND: &'static str = "forum.programme_changed";
    const LABEL: &'static str = "日程变更";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let title: String = if self.title.chars().count() <= SUBJECT_TITLE {
            self.title.clone()
        } else {
            let head: String = self.title.chars().take(SUBJECT_TITLE - 1).collect();
            format!("{head}…")
        };
        Letter::new(
            format!("日程有变化：{title}"),
            format!("{}，您好！", desk.recipient),
        )
        .text("您报名的活动日程有变化，变化如下，其余不变。")
        .list(self.lines.iter().cloned())
        .facts([
            ("编号", self.number.clone()),
            ("名称", self.title.clone()),
            ("日期", dates::day_and_weekday(self.on)),
            ("地点", self.place.clone()),
        ])
        .action(
            "查看日程",
            desk.links.absolute(&format!("/forum/{}", self.id)),
        )
    }
}

/// Tells somebody who has a seat or waits what has changed.
pub(super) async fn changed(
    tx: &WriteTx,
    row: &forum::Model,
    event: ExchangeEventId,
    to: &Participant,
    lines: &[String],
) -> Result<()> {
    let mail = ProgrammeChanged {
        id: row.id,
        number: row.number.clone(),
        title: row.title.clone(),
        on: row.on_date,
        place: row.place.clone(),
        lines: lines.to_vec(),
    };
    let about = About {
        subject: event.0,
        generation: 1,
        cause: format!("{} {}", ProgrammeChanged::LABEL, row.number),
    };
    let to = Recipient {
        person: Some(to.person),
        name: to.name.clone(),
        address: to.email.clone(),
    };
    outbox::enqueue(tx, &to, &about, Options::default(), &mail).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::foundation::{config::Config, links::Links};

    #[test]
    fn the_letter_tells_the_difference_and_leads_to_the_programme() {
        let office = Config::load(None).unwrap().office;
        let key = "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let links = Links::parse(key, "https://pool.example.org").unwrap();
        let desk = LetterDesk {
            links: &links,
            office: &office,
            zone: office.time_zone.0,
            recipient: "周叙白",
            now: DateTime::<Utc>::UNIX_EPOCH,
        };
        let mut registry = Registry::default();
        register(&mut registry);
        let facts = json!({
            "id": Uuid::nil(),
            "number": "LT-2026-001",
            "title": "第一届团体标准实施与评价论坛（北京）",
            "on": "2026-11-20",
            "place": "北京市海淀区示例路 8 号",
            "lines": ["圆桌：10:00–11:00 → 10:00–11:30"],
        });
        let letter = registry
            .letter(ProgrammeChanged::KIND, &facts, &desk)
            .unwrap();
        assert_eq!(
            letter.subject,
            "日程有变化：第一届团体标准实施与评价论坛（北京）"
        );
        let (_, url) = letter.action.as_ref().unwrap();
        assert!(url.starts_with("https://pool.example.org/forum/0"));
        let said = format!("{:?}", letter.blocks);
        assert!(said.contains("10:00–11:00 → 10:00–11:30"), "{said}");
        assert!(said.contains("11月20日（周五）"), "{said}");
    }
}
