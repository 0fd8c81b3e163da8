use chrono::NaiveDate;
use uuid::Uuid;

use super::*;
use crate::foundation::{
    config::Config,
    links::Links,
    mail::{Block, Letter, Template},
};

fn letter(template: &impl Template) -> Letter {
    let config = Config::load(None).unwrap();
    let key = format!("a:{}", "A".repeat(43));
    let links = Links::parse(&key, "https://pool.example.org").unwrap();
    let mut registry = Registry::default();
    register(&mut registry);
    let facts = serde_json::to_value(template).unwrap();
    let desk = LetterDesk {
        links: &links,
        office: &config.office,
        zone: config.office.time_zone.0,
        recipient: "沈知行",
        now: "2026-09-14T02:00:00Z".parse().unwrap(),
    };
    fn kind<T: Template>(_: &T) -> &'static str {
        T::KIND
    }
    registry.letter(kind(template), &facts, &desk).unwrap()
}

fn link() -> LinkFacts {
    LinkFacts {
        expert: ExpertId(Uuid::from_u128(1)),
        person: PersonId(Uuid::from_u128(2)),
        generation: 1,
    }
}

#[test]
fn the_question_carries_the_personal_link_and_no_answer() {
    let letter = letter(&Confirm {
        link: link(),
        unit: Some("中国电子学会".into()),
        term: 1,
        until: NaiveDate::from_ymd_opt(2028, 9, 13).unwrap(),
    });
    let (label, url) = letter.action.unwrap();
    assert_eq!(label, "查看并答复");
    assert!(url.starts_with("https://pool.example.org/e/"));
    assert!(letter.subject.chars().count() <= 40, "{}", letter.subject);
    let facts = letter.blocks.iter().find_map(|block| match block {
        Block::Facts(facts) => Some(facts),
        _ => None,
    });
    assert!(
        facts
            .unwrap()
            .iter()
            .any(|(_, value)| value.contains("2028年9月13日"))
    );
}

#[test]
fn every_news_has_its_own_letter() {
    let all = [
        News::Returned,
        News::Approved,
        News::Declined,
        News::Engaged,
        News::Suspended,
        News::Resumed,
        News::Ended,
        News::Expired,
    ];
    let mut subjects = std::collections::HashSet::new();
    for news in all {
        let letter = letter(&ToUnit {
            expert: ExpertId(Uuid::from_u128(1)),
            name: "沈知行".into(),
            news,
            reason: "缺盖章页".into(),
            number: None,
            until: None,
        });
        assert!(letter.subject.contains("沈知行"));
        assert!(subjects.insert(letter.subject));
        assert!(
            letter
                .blocks
                .contains(&Block::Facts(vec![("说明".into(), "缺盖章页".into())]))
        );
    }
}

#[test]
fn the_expert_is_told_number_and_term() {
    let engaged = letter(&ToExpert {
        link: link(),
        news: News::Engaged,
        reason: String::new(),
        number: Some("团标联聘〔2026〕001号".into()),
        from: NaiveDate::from_ymd_opt(2026, 9, 14),
        until: NaiveDate::from_ymd_opt(2028, 9, 13),
    });
    assert!(engaged.blocks.contains(&Block::Facts(vec![
        ("聘书编号".into(), "团标联聘〔2026〕001号".into()),
        ("聘期".into(), "2026年9月14日至2028年9月13日".into()),
    ])));
    let until = NaiveDate::from_ymd_opt(2026, 11, 13).unwrap();
    let ending = letter(&TermEnding {
        link: link(),
        until,
    });
    assert!(matches!(&ending.blocks[0], Block::Text(text) if text.contains("还有 60 天")));
    let unit = letter(&TermEndingUnit {
        expert: ExpertId(Uuid::from_u128(1)),
        name: "沈知行".into(),
        until,
    });
    assert!(unit.subject.contains("2026年11月13日"));
}
