//! The programme as it is typed, a line each: `09:00-09:40，题目，报告人`. Pure.

use chrono::NaiveTime;
use entity::forum_item;

use crate::foundation::{
    error::{FieldErrors, Refusal},
    ui::Fields,
};

/// What stands for "an expert of the pool is to speak".
pub(super) const BY_MATCH: &str = "邀请专家";
/// Most parts of a programme.
const MOST: usize = 60;

/// A part of a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Begin.
    pub from: NaiveTime,
    /// End.
    pub to: NaiveTime,
    /// What it is.
    pub title: String,
    /// Whether an expert of the pool is to speak.
    pub wants_speaker: bool,
    /// Who speaks, when named.
    pub speaker: String,
}

impl Part {
    /// What a row says.
    pub(super) fn of(row: &forum_item::Model) -> Self {
        Self {
            from: row.from_time,
            to: row.to_time,
            title: row.title.clone(),
            wants_speaker: row.wants_speaker,
            speaker: if row.wants_speaker {
                String::new()
            } else {
                row.speaker.clone()
            },
        }
    }

    /// The line as it is typed.
    pub(super) fn line(&self) -> String {
        let who = if self.wants_speaker {
            BY_MATCH
        } else {
            &self.speaker
        };
        [span(self.from, self.to).as_str(), &self.title, who]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("，")
    }

    fn read(line: &str) -> Option<Self> {
        let mut parts = line.splitn(3, ['，', ',']).map(str::trim);
        let (times, title) = (parts.next()?, parts.next()?);
        let who = parts.next().unwrap_or_default();
        let times = times.replace('：', ":");
        let (from, to) = times.split_once(['-', '–', '—', '~', '至'])?;
        let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
        if title.is_empty() || title.chars().count() > 80 || who.chars().count() > 60 {
            return None;
        }
        Some(Self {
            from: time(from)?,
            to: time(to)?,
            title: title.to_owned(),
            wants_speaker: who == BY_MATCH,
            speaker: if who == BY_MATCH {
                String::new()
            } else {
                who.to_owned()
            },
        })
    }
}

/// 09:00–09:40
pub(super) fn span(from: NaiveTime, to: NaiveTime) -> String {
    format!("{}–{}", from.format("%H:%M"), to.format("%H:%M"))
}

/// Reads the field `programme`; what is wrong with a line is noted there. Parts come back in order of
/// time.
pub(super) fn read(fields: &Fields, errors: &mut FieldErrors) -> Vec<Part> {
    let lines = fields.lines("programme");
    let mut parts: Vec<Part> = Vec::new();
    if lines.is_empty() {
        errors.add("programme", Refusal::new("form.required"));
    } else if lines.len() > MOST {
        errors.add(
            "programme",
            Refusal::new("forum.too_many").with("max", MOST),
        );
    }
    for line in lines {
        match Part::read(&line) {
            Some(part) if part.to <= part.from => {
                errors.add(
                    "programme",
                    Refusal::new("forum.backwards").with("line", line),
                );
            }
            Some(part) if parts.iter().any(|known| known.title == part.title) => {
                let refusal = Refusal::new("forum.title_twice").with("title", part.title);
                errors.add("programme", refusal);
            }
            Some(part) => parts.push(part),
            None => errors.add("programme", Refusal::new("forum.line").with("line", line)),
        }
    }
    parts.sort_by_key(|part| (part.from, part.to));
    for pair in parts.windows(2) {
        if pair[1].from < pair[0].to {
            errors.add(
                "programme",
                Refusal::new("forum.overlap")
                    .with("one", &pair[0].title)
                    .with("other", &pair[1].title),
            );
        }
    }
    parts
}

/// What a new programme changes, a line each; parts are known by their title.
pub(super) fn difference(before: &[Part], after: &[Part]) -> Vec<String> {
    let mut lines = Vec::new();
    for new in after {
        match before.iter().find(|old| old.title == new.title) {
            None => lines.push(format!("新增：{} {}", span(new.from, new.to), new.title)),
            Some(old) => {
                let (was, is) = (span(old.from, old.to), span(new.from, new.to));
                if was != is {
                    lines.push(format!("{}：{was} → {is}", new.title));
                }
                if old.speaker != new.speaker && !new.speaker.is_empty() {
                    lines.push(format!("{}：报告人 {}", new.title, new.speaker));
                }
            }
        }
    }
    for old in before {
        if !after.iter().any(|new| new.title == old.title) {
            lines.push(format!("取消：{} {}", span(old.from, old.to), old.title));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> (Vec<Part>, Vec<&'static str>) {
        let mut errors = FieldErrors::default();
        let parts = read(&Fields::default().with("programme", text), &mut errors);
        let codes = errors.iter().map(|(_, refusal)| refusal.code).collect();
        (parts, codes)
    }

    #[test]
    fn lines_are_read_as_they_are_typed_and_come_back() {
        let (parts, faults) = typed(
            "10：00-10:40，标准实施评价，邀请专家\n09:00–09:30，致辞，彭望舒\n10:40-11:00，茶歇",
        );
        assert_eq!(faults, Vec::<&str>::new());
        assert_eq!(parts[0].speaker, "彭望舒");
        assert!(parts[1].wants_speaker && !parts[2].wants_speaker);
        assert_eq!(parts[1].line(), "10:00–10:40，标准实施评价，邀请专家");
        assert_eq!(parts[2].line(), "10:40–11:00，茶歇");
    }

    #[test]
    fn faults_are_named_line_by_line() {
        let (_, faults) = typed(
            "上午，致辞\n10:00-09:00，倒着\n09:00-10:00，甲\n09:30-10:30，乙\n11:00-12:00，甲",
        );
        assert_eq!(
            faults,
            [
                "forum.line",
                "forum.backwards",
                "forum.title_twice",
                "forum.overlap"
            ]
        );
        assert_eq!(typed("").1, ["form.required"]);
    }

    #[test]
    fn only_what_differs_is_told() {
        let (before, _) = typed("09:00-09:30，致辞，彭望舒\n09:30-10:00，茶歇\n10:00-11:00，圆桌");
        let (after, _) = typed("09:00-09:30，致辞，何静宜\n10:00-11:30，圆桌\n11:30-12:00，总结");
        assert_eq!(
            difference(&before, &after),
            [
                "致辞：报告人 何静宜",
                "圆桌：10:00–11:00 → 10:00–11:30",
                "新增：11:30–12:00 总结",
                "取消：09:30–10:00 茶歇",
            ]
        );
        assert!(difference(&before, &before).is_empty());
    }
}
