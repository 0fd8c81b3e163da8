use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

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
        recipient: "周叙白",
        now: DateTime::<Utc>::UNIX_EPOCH,
    };
    let which = Which {
        id: CommitteeId(Uuid::nil()),
        name: "国际标准化委员会".to_owned(),
    };
    let mut facts = serde_json::json!({ "which": which });
    facts
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let mut registry = Registry::default();
    register(&mut registry);
    let letter = registry.letter(T::KIND, &facts, &desk).unwrap();
    assert!(letter.subject.chars().count() <= 40, "{}", letter.subject);
    assert!((2..=6).contains(&T::LABEL.chars().count()), "{}", T::LABEL);
    let (_, url) = letter.action.as_ref().unwrap();
    assert!(url.starts_with("https://pool.example.org/committees/0"));
    letter
}

fn said(letter: &Letter) -> String {
    format!("{} {:?}", letter.subject, letter.blocks)
}

#[test]
fn everybody_is_told_of_founding_promotion_and_end() {
    let day = NaiveDate::from_ymd_opt(2026, 9, 20).unwrap();
    let founded = letter::<Founded>(serde_json::json!({
        "kind": "专门委员会", "on": day, "basis": "理事会第一次会议决定", "number": "团标联〔2026〕1号",
    }));
    let text = said(&founded);
    assert!(text.contains("国际标准化委员会已成立"), "{text}");
    assert!(text.contains("2026年9月20日起开展工作") && text.contains("团标联〔2026〕1号"));
    let promoted =
        letter::<Promoted>(serde_json::json!({ "former": "国际工作组", "basis": "决定" }));
    assert!(said(&promoted).contains("项目工作组“国际工作组”已升格为专门委员会"));
    let ended = letter::<Ended>(serde_json::json!({
        "kind": "项目工作组", "on": day, "reason": "期限届满，自行结束", "number": null,
    }));
    let text = said(&ended);
    assert!(
        text.contains("到2026年9月20日结束") && !text.contains("文号"),
        "{text}"
    );
    let soon = letter::<EndsSoon>(serde_json::json!({ "until": day }));
    assert!(said(&soon).contains("届时自行结束"));
}

#[test]
fn units_and_people_are_told_what_concerns_them() {
    let applied = letter::<Applied>(serde_json::json!({ "unit": "中国水利学会" }));
    assert!(said(&applied).contains("中国水利学会申请参加"));
    let none = serde_json::json!({});
    assert!(said(&letter::<Admitted>(none)).contains("已成为“国际标准化委员会”的参加单位"));
    let refused = letter::<NotAdmitted>(serde_json::json!({ "reason": "本届名额已满。" }));
    assert!(said(&refused).contains("理由是：本届名额已满。以后"));
    let appointed = letter::<Appointed>(serde_json::json!({
        "office": "主任委员", "from": "2026-09-14", "to": "2028-09-13",
    }));
    assert!(said(&appointed).contains("主任委员，任期自2026年9月14日至2028年9月13日"));
}
