use chrono::{DateTime, Utc};
use entity::{
    ids::{PersonId, UnitId, VisitOfferId, VisitWishId},
    visit_offer::{self, PostingState},
    visit_wish,
};
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::{exchange::visits::balance::Balance, foundation::config::Config};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

fn unit(number: u128) -> UnitId {
    UnitId(Uuid::from_u128(number))
}

fn offer(number: u128, of: u128, title: &str, keywords: &[&str]) -> OfferFacts {
    OfferFacts {
        row: visit_offer::Model {
            id: VisitOfferId(Uuid::from_u128(number)),
            number: format!("ME-2026-{number:04}"),
            unit_id: unit(of),
            filed_by: PersonId(Uuid::nil()),
            state: PostingState::Open,
            title: title.to_owned(),
            description: title.to_owned(),
            domains: json!([]),
            keywords: json!(keywords),
            from_date: day(10, 12),
            to_date: day(11, 30),
            rounds: 1,
            places: 2,
            place: "北京".to_owned(),
            mentor_name: "某老师".to_owned(),
            mentor_phone: String::new(),
            cost: "自理".to_owned(),
            insurance: "派出单位".to_owned(),
            secrecy: String::new(),
            created_at: DateTime::<Utc>::UNIX_EPOCH,
            updated_at: DateTime::<Utc>::UNIX_EPOCH,
            closed_at: None,
            version: 1,
        },
        left: 1,
    }
}

fn wish(number: u128, of: u128, title: &str, keywords: &[&str]) -> WishFacts {
    WishFacts {
        row: visit_wish::Model {
            id: VisitWishId(Uuid::from_u128(number)),
            number: format!("XQ-2026-{number:04}"),
            unit_id: unit(of),
            filed_by: PersonId(Uuid::nil()),
            state: PostingState::Open,
            title: title.to_owned(),
            description: title.to_owned(),
            domains: json!([]),
            keywords: json!(keywords),
            from_date: day(10, 1),
            to_date: day(11, 30),
            days: 5,
            group_name: String::new(),
            created_at: DateTime::<Utc>::UNIX_EPOCH,
            updated_at: DateTime::<Utc>::UNIX_EPOCH,
            closed_at: None,
            version: 1,
        },
        people: vec![PersonId(Uuid::from_u128(900 + number))],
        busy: Vec::new(),
    }
}

fn paired(facts: &Facts) -> Pairing {
    let config = Config::load(None).unwrap();
    pair(
        facts,
        day(9, 14),
        WorkingCalendar::china(),
        &config.exchange,
        &config.matching,
    )
    .unwrap()
}

#[test]
fn the_unit_that_received_less_goes_first_where_both_fit_alike() {
    let mut facts = Facts {
        offers: vec![offer(1, 1, "液冷系统验收与标准编制", &["液冷系统"])],
        wishes: vec![
            wish(1, 2, "学习液冷系统验收", &["液冷系统"]),
            wish(2, 3, "学习液冷系统验收", &["液冷系统"]),
        ],
        ..Facts::default()
    };
    let received = Balance {
        given: 0,
        received: 3,
    };
    facts.balances.insert(unit(2), received);
    let pairing = paired(&facts);
    assert_eq!(pairing.proposals.len(), 1);
    assert_eq!(pairing.proposals[0].wish, 1);
    assert_eq!(pairing.unmet, [(0, Unmet::Taken(1))]);
    // And the other way round.
    facts.balances.insert(
        unit(3),
        Balance {
            received: 9,
            given: 0,
        },
    );
    assert_eq!(paired(&facts).proposals[0].wish, 0);
}

#[test]
fn what_is_missing_is_told_apart() {
    let mut busy = wish(3, 2, "学习液冷系统验收", &["液冷系统"]);
    busy.busy = vec![(day(10, 1), day(11, 30))];
    let mut many = wish(4, 2, "学习液冷系统验收", &["液冷系统"]);
    many.people = (0..3).map(|n| PersonId(Uuid::from_u128(n))).collect();
    let facts = Facts {
        offers: vec![offer(1, 1, "液冷系统验收与标准编制", &["液冷系统"])],
        wishes: vec![
            wish(1, 1, "学习液冷系统验收", &["液冷系统"]),
            wish(2, 2, "茶叶感官审评", &["茶叶"]),
            busy,
            many,
        ],
        ..Facts::default()
    };
    let pairing = paired(&facts);
    assert!(pairing.proposals.is_empty());
    assert_eq!(
        pairing.unmet,
        [
            (0, Unmet::NoOffers),
            (1, Unmet::NoDomain),
            (2, Unmet::NoDays(1)),
            (3, Unmet::NoDays(1)),
        ]
    );
}

#[test]
fn a_pair_that_was_declined_is_not_proposed_again() {
    let mut facts = Facts {
        offers: vec![offer(1, 1, "液冷系统验收与标准编制", &["液冷系统"])],
        wishes: vec![wish(2, 2, "学习液冷系统验收", &["液冷系统"])],
        ..Facts::default()
    };
    let days = paired(&facts).proposals[0].days;
    assert_eq!(days, (day(10, 12), day(10, 16)));
    facts
        .declined
        .insert((facts.offers[0].row.id, facts.wishes[0].row.id));
    assert!(paired(&facts).proposals.is_empty());
}
