use chrono::{DateTime, Utc};
use serde_json::json;

use super::*;
use crate::foundation::{
    config::Config,
    links::Links,
    mail::{Block, Letter, LetterDesk},
};

/// The letter of a mail as the registry makes it from kept facts.
fn letter_of(kind: &str, more: serde_json::Value) -> Letter {
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
    let mut facts = json!({
        "facts": {
            "id": Uuid::nil(),
            "number": "HF-2026-0001",
            "title": "学习液冷系统验收和团体标准的实施评价方法",
            "sending": "中国电子学会",
            "host": "中国制冷学会",
            "people": ["顾清和", "卓然"],
            "from": "2026-10-12",
            "to": "2026-10-16",
            "place": "北京市海淀区",
        }
    });
    let more = more.as_object().unwrap().clone();
    facts.as_object_mut().unwrap().extend(more);
    let mut registry = Registry::default();
    register(&mut registry);
    registry.letter(kind, &facts, &desk).unwrap()
}

#[test]
fn every_notice_is_a_whole_letter_that_leads_to_the_visit() {
    for (kind, label) in notices::KINDS {
        let letter = letter_of(kind, json!({ "lines": ["派出单位：人员出差"] }));
        let subject = &letter.subject;
        assert!(subject.chars().count() <= 40, "{subject}");
        assert!(
            subject.ends_with("：学习液冷系统验收和团体标准的实施评价方法"),
            "{subject}"
        );
        assert!((2..=6).contains(&label.chars().count()), "{label}");
        let (_, url) = letter.action.unwrap();
        assert!(
            url.starts_with("https://pool.example.org/exchange/visits/0"),
            "{url}"
        );
        let Block::Facts(rows) = &letter.blocks[1] else {
            panic!("{kind} tells no facts");
        };
        assert!(rows.contains(&("时间".to_owned(), "10月12日–16日".to_owned())));
        assert!(rows.contains(&("人员".to_owned(), "顾清和、卓然".to_owned())));
    }
}

fn to_a_visitor(cancelled: bool) -> Letter {
    let link = json!({ "subject": Uuid::nil(), "person": Uuid::nil(), "generation": 1 });
    letter_of(
        "exchange.visitor",
        json!({
            "link": link, "sequence": 2, "cancelled": cancelled,
            "tasks": "跟班学习验收流程", "mentor": "卫老师，010-0000 0000", "secrecy": "不带出图纸",
        }),
    )
}

#[test]
fn visitors_get_their_days_their_mentor_and_their_link() {
    let letter = to_a_visitor(false);
    let (_, url) = letter.action.as_ref().unwrap();
    assert!(url.starts_with("https://pool.example.org/v/"));
    insta::assert_debug_snapshot!(
        "visitor",
        (&letter.subject, &letter.blocks, &letter.calendar)
    );
    let cancelled = to_a_visitor(true);
    assert_eq!(cancelled.action, None);
    let (before, after) = (letter.calendar.unwrap(), cancelled.calendar.unwrap());
    assert_eq!(before.uid, after.uid, "the entry itself is taken back");
}

#[test]
fn reminders_name_the_day() {
    let link = json!({ "subject": Uuid::nil(), "person": Uuid::nil(), "generation": 1 });
    let said = |what: &str| {
        let more = json!({ "link": link, "what": what, "due": "2026-11-06" });
        format!("{:?}", letter_of("exchange.visitor_reminder", more).blocks)
    };
    assert!(said("return").contains("同行一人确认即可"));
    assert!(said("report_soon").contains("11月6日（周五）前提交"));
    assert!(said("report_late").contains("期限是11月6日（周五）"));
}
