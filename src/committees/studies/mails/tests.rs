use chrono::{DateTime, Utc};
use entity::ids::PersonId;

use super::*;
use crate::foundation::{config::Config, links::Links};

/// The letter of a mail as the registry makes it from kept facts.
fn letter<T: Template>(more: serde_json::Value) -> Letter {
    let office = Config::load(None).unwrap().office;
    let key = "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let links = Links::parse(key, "https://pool.example.org").unwrap();
    let desk = LetterDesk {
        links: &links,
        office: &office,
        zone: office.time_zone.0,
        recipient: "沈知行",
        now: DateTime::<Utc>::UNIX_EPOCH,
    };
    let which = Which {
        id: StudyId(Uuid::nil()),
        number: "YJ-2026-001".to_owned(),
        title: "团体标准国际化路径研究".to_owned(),
    };
    let link = Key {
        subject: Uuid::nil(),
        person: PersonId(Uuid::nil()),
        generation: 1,
    };
    let mut facts = serde_json::json!({
        "which": which,
        "work": Work { which: which.clone(), link },
        "what": "中期报告",
        "due": "2026-09-17",
    });
    facts
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let mut registry = Registry::default();
    register(&mut registry);
    let letter = registry.letter(T::KIND, &facts, &desk).unwrap();
    assert!(letter.subject.chars().count() <= 40, "{}", letter.subject);
    assert!((2..=6).contains(&T::LABEL.chars().count()), "{}", T::LABEL);
    assert!(letter.subject.ends_with("：团体标准国际化路径研究"));
    letter
}

fn said(letter: &Letter) -> String {
    format!("{} {:?}", letter.subject, letter.blocks)
}

#[test]
fn experts_are_led_to_their_work_page_and_thanked_at_the_end() {
    let none = serde_json::json!({});
    for letter in [
        letter::<ReportDue>(none.clone()),
        letter::<ReportLate>(none.clone()),
        letter::<Accepted>(serde_json::json!({ "next": "研究报告", "text": "方法可行" })),
        letter::<GivenBack>(serde_json::json!({ "text": "请补充样本。" })),
    ] {
        let (_, url) = letter.action.as_ref().unwrap();
        assert!(url.starts_with("https://pool.example.org/w/"));
        assert!(letter.greeting.contains("沈知行老师"));
        assert!(said(&letter).contains("中期报告"));
    }
    assert_eq!(letter::<Thanks>(none).action, None, "nothing is left to do");
}

#[test]
fn the_office_is_led_to_the_study() {
    let none = serde_json::json!({});
    for letter in [
        letter::<Standing>(serde_json::json!({ "members": ["沈知行，中国电子学会"] })),
        letter::<Filed>(serde_json::json!({ "version": 2 })),
        letter::<LeadTold>(none.clone()),
        letter::<SecretariatTold>(none),
    ] {
        let (_, url) = letter.action.as_ref().unwrap();
        assert!(url.starts_with("https://pool.example.org/studies/0"));
    }
    let filed = letter::<Filed>(serde_json::json!({ "version": 2 }));
    assert!(said(&filed).contains("中期报告（第 2 稿）"));
}
