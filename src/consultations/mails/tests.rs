use chrono::{DateTime, Utc};
use entity::ids::PersonId;

use super::{at_work::Work, *};
use crate::{
    foundation::{
        config::Config,
        links::Links,
        mail::{Letter, LetterDesk},
    },
    panels::mails::Key,
};

/// The letter of a mail as the registry makes it from kept facts.
fn letter<T: Template>(facts: serde_json::Value) -> Letter {
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
    let letter = registry.letter(T::KIND, &facts, &desk).unwrap();
    assert!(letter.subject.chars().count() <= 40, "{}", letter.subject);
    assert!((2..=6).contains(&T::LABEL.chars().count()), "{}", T::LABEL);
    letter
}

fn request(title: &str) -> Request {
    Request {
        id: ConsultationId(Uuid::nil()),
        number: "ZX-2026-0001".to_owned(),
        title: title.to_owned(),
    }
}

fn of_unit<T: Template>(more: serde_json::Value) -> Letter {
    let mut facts = serde_json::json!({ "request": request("液冷验收规范审查") });
    facts
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let letter = letter::<T>(facts);
    assert!(letter.subject.ends_with("：液冷验收规范审查"));
    let (_, url) = letter.action.as_ref().unwrap();
    assert!(url.starts_with("https://pool.example.org/consultations/0"));
    letter
}

fn of_expert<T: Template>(more: serde_json::Value) -> Letter {
    let work = Work {
        request: request(""),
        link: Key {
            subject: Uuid::nil(),
            person: PersonId(Uuid::nil()),
            generation: 1,
        },
    };
    let mut facts = serde_json::json!({ "work": work });
    facts
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    letter::<T>(facts)
}

#[test]
fn units_are_told_and_led_to_their_request() {
    let none = serde_json::json!({});
    let said = |letter: Letter| format!("{:?}", letter.blocks);
    let day = serde_json::json!({ "take_in_by": "2026-09-16" });
    assert!(said(of_unit::<Received>(day)).contains("9月16日（周三）前受理"));
    let reason = serde_json::json!({ "reason": "请补写起草单位。" });
    assert!(said(of_unit::<Returned>(reason.clone())).contains("请补写起草单位。补充后"));
    assert!(said(of_unit::<Refused>(reason)).contains("理由是：请补写起草单位。有疑问"));
    assert!(said(of_unit::<Accepted>(none.clone())).contains("已受理"));
    let promised = said(of_unit::<Accepted>(
        serde_json::json!({ "commitment": "ab12" }),
    ));
    assert!(promised.contains("抽取承诺是 ab12。请留存此信"));
    let first = said(of_unit::<Concluded>(serde_json::json!({ "questions": 0 })));
    let again = said(of_unit::<Concluded>(serde_json::json!({ "questions": 1 })));
    assert!(first.contains("可以追问") && again.contains("已答复贵单位的追问"));
    let concluded = serde_json::json!({ "concluded": "2026-09-16" });
    assert!(said(of_unit::<ConfirmDue>(concluded)).contains("9月16日提交的结论还没有确认"));
    assert!(said(of_unit::<Closed>(none)).contains("办结"));
}

#[test]
fn experts_get_their_link_and_no_title_of_what_is_confidential() {
    let none = serde_json::json!({});
    let due = serde_json::json!({ "due": "2026-09-16" });
    for letter in [
        of_expert::<OpinionDue>(due.clone()),
        of_expert::<OpinionLate>(due.clone()),
        of_expert::<ConclusionDue>(due),
        of_expert::<AskedAgain>(none.clone()),
    ] {
        assert!(letter.subject.ends_with("：ZX-2026-0001（保密事项）"));
        let (_, url) = letter.action.unwrap();
        assert!(url.starts_with("https://pool.example.org/w/"));
    }
    let thanks = of_expert::<Thanks>(none);
    assert_eq!(thanks.action, None, "there is nothing more to do");
}
