//! The mail of this body.

use chrono::{DateTime, Utc};
use entity::ids::PersonId;
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{Due, digest},
    foundation::{
        mail::{Letter, LetterDesk, Registry, Template},
        ui::dates,
    },
};

/// Most lines of a digest; the others are on the page.
const MOST: usize = 15;

/// Adds the templates.
pub fn register(registry: &mut Registry) {
    registry.register::<Weekly>();
}

/// Something that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    title: String,
    why: String,
    until: Option<DateTime<Utc>>,
    late: bool,
}

impl From<Due> for Line {
    fn from(due: Due) -> Self {
        Self {
            title: due.title,
            why: due.why,
            until: due.due,
            late: due.late,
        }
    }
}

/// 每周提要: what waits for somebody who acts for a unit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Weekly {
    /// Who reads it.
    pub person: PersonId,
    /// What waits, the most pressing first; never empty.
    pub lines: Vec<Line>,
}

impl Template for Weekly {
    const KIND: &'static str = "overview.weekly";
    const LABEL: &'static str = "每周提要";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let all = self.lines.len();
        let late = self.lines.iter().filter(|line| line.late).count();
        let mut count = format!("现在有 {all} 件事等您办理");
        if late > 0 {
            count.push_str(&format!("，其中 {late} 件已超期或很急"));
        }
        let mut items: Vec<_> = self
            .lines
            .iter()
            .take(MOST)
            .map(|line| line.in_words(desk))
            .collect();
        if all > MOST {
            items.push(format!("另有 {} 件，见待办页", all - MOST));
        }
        Letter::new(
            format!("每周提要：{all} 件事等您办理"),
            format!("{}，您好！", desk.recipient),
        )
        .text(format!("{count}："))
        .list(items)
        .action("查看待办", desk.links.absolute("/home"))
        .optional(desk.links.url(&digest::target(self.person)))
    }
}

impl Line {
    fn in_words(&self, desk: &LetterDesk<'_>) -> String {
        let Self { title, why, .. } = self;
        let until = match self.until {
            Some(at) => format!("（{}截止）", dates::deadline(at, desk.zone)),
            None => String::new(),
        };
        let mark = if self.late { "【急】" } else { "" };
        format!("{mark}{title}：{why}{until}")
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use uuid::Uuid;

    use super::*;
    use crate::foundation::{config::Config, links::Links, mail};

    fn links() -> Links {
        let key = "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        Links::parse(key, "https://pool.example.org").unwrap()
    }

    fn letter(lines: Vec<Line>) -> Letter {
        let office = Config::load(None).unwrap().office;
        let links = links();
        let desk = LetterDesk {
            links: &links,
            office: &office,
            zone: office.time_zone.0,
            recipient: "周叙白",
            now: DateTime::<Utc>::UNIX_EPOCH,
        };
        let person = PersonId(Uuid::nil());
        let mail = Weekly { person, lines };
        let mut registry = Registry::default();
        register(&mut registry);
        let facts = serde_json::to_value(&mail).unwrap();
        registry.letter(Weekly::KIND, &facts, &desk).unwrap()
    }

    fn line(title: &str, late: bool) -> Line {
        Line {
            title: title.to_owned(),
            why: "请审批互访条件".to_owned(),
            until: late.then(|| Utc.with_ymd_and_hms(2026, 9, 18, 9, 0, 0).unwrap()),
            late,
        }
    }

    #[test]
    fn a_digest_says_how_much_waits_what_and_until_when() {
        let lines = vec![
            line("互访 HF-2026-0001", true),
            line("推荐专家：卓然", false),
        ];
        let letter = letter(lines);
        assert_eq!(letter.subject, "每周提要：2 件事等您办理");
        let stop = links().url(&digest::target(PersonId(Uuid::nil())));
        assert_eq!(letter.unsubscribe.as_deref(), Some(stop.as_str()));
        let said = mail::text(&letter, &Config::load(None).unwrap().office);
        insta::assert_snapshot!("weekly", said.replace(&stop, "[停发]"));
    }

    #[test]
    fn a_long_digest_ends_with_what_is_left_out() {
        let letter = letter((0..20).map(|_| line("互访", false)).collect());
        let Some(mail::Block::List(items)) = letter.blocks.get(1) else {
            panic!("a list");
        };
        assert_eq!(items.len(), MOST + 1);
        assert_eq!(items[MOST], "另有 5 件，见待办页");
    }
}
