use chrono::{DateTime, Utc};
use entity::ids::CourseRunId;
use uuid::Uuid;

use super::{bases::*, group::*, people::*, units::*, *};
use crate::foundation::{
    config::Config,
    links::Links,
    mail::{LetterDesk, Template, text},
};

fn matter() -> RunMatter {
    RunMatter {
        id: CourseRunId(Uuid::nil()),
        number: "PX-2026-003".to_owned(),
        title: "团体标准编写与审查实务".to_owned(),
        ordinal: 3,
        when: "10月20日（周二）至10月21日（周三）".to_owned(),
        place: "中关村培训基地 201 教室（北京市海淀区）".to_owned(),
    }
}

/// The letter of a mail in plain text, as the registry makes it from kept facts.
fn said<T: Template>(mail: &T) -> String {
    let office = Config::load(None).unwrap().office;
    let links = Links::parse(
        "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "https://pool.example.org",
    )
    .unwrap();
    let desk = LetterDesk {
        links: &links,
        office: &office,
        zone: office.time_zone.0,
        recipient: "周叙白",
        now: DateTime::<Utc>::UNIX_EPOCH,
    };
    let mut registry = Registry::default();
    register(&mut registry);
    let facts = serde_json::to_value(mail).unwrap();
    let letter = registry.letter(T::KIND, &facts, &desk).unwrap();
    assert!(letter.subject.chars().count() <= 40, "{}", letter.subject);
    assert!((2..=6).contains(&T::LABEL.chars().count()), "{}", T::LABEL);
    format!("{}\n\n{}", letter.subject, text(&letter, &office))
}

#[test]
fn units_that_asked_are_told() {
    let closes_at = "2026-10-13T09:00:00Z".parse().unwrap();
    let published = Published {
        run: matter(),
        closes_at,
        fee_fen: 120_000,
        capacity: 50,
    };
    insta::assert_snapshot!("published", said(&published));
    insta::assert_snapshot!("held", said(&Held { run: matter() }));
    let cancelled = Cancelled {
        run: matter(),
        reason: "报名人数不足。".to_owned(),
    };
    insta::assert_snapshot!("cancelled", said(&cancelled));
}

#[test]
fn hosts_are_asked_and_their_answer_comes_back() {
    let asked = RoomAsked {
        run: matter(),
        base: "中关村培训基地".to_owned(),
        room: "201 教室".to_owned(),
        people: 50,
        times: vec!["10月20日（周二） 09:00–12:00".to_owned()],
    };
    insta::assert_snapshot!("room_asked", said(&asked));
    let returned = RoomReturned {
        run: matter(),
        room: "201 教室".to_owned(),
        reason: "改为线上".to_owned(),
    };
    insta::assert_snapshot!("room_returned", said(&returned));
    let answered = |yes: bool| RoomAnswered {
        run: matter(),
        room: "201 教室".to_owned(),
        yes,
        note: if yes {
            String::new()
        } else {
            "当天有会议".to_owned()
        },
    };
    insta::assert_snapshot!("room_confirmed", said(&answered(true)));
    insta::assert_snapshot!("room_declined", said(&answered(false)));
}

#[test]
fn people_get_their_certificates() {
    let paper = Paper {
        run: matter(),
        subject: Uuid::nil(),
        person: Uuid::nil().into(),
        title: "结业证书".to_owned(),
        number: "TBL-PX-2026-0003-0042-4".to_owned(),
        name: "周叙白".to_owned(),
    };
    let issued = |again: bool| CertificateIssued {
        paper: paper.clone(),
        again,
    };
    insta::assert_snapshot!("certificate", said(&issued(false)));
    insta::assert_snapshot!("certificate_again", said(&issued(true)));
    let revoked = CertificateRevoked {
        paper: paper.clone(),
        reason: "发错了人。".to_owned(),
    };
    insta::assert_snapshot!("certificate_revoked", said(&revoked));
    let asked = FeedbackAsked {
        run: matter(),
        subject: Uuid::nil(),
        person: Uuid::nil().into(),
        generation: 1,
    };
    insta::assert_snapshot!("feedback", said(&asked));
}

#[test]
fn the_group_is_told_by_the_clock() {
    let drafted = Drafted {
        run: matter(),
        warnings: vec!["10月10日（周六）调休上班".to_owned()],
    };
    insta::assert_snapshot!("drafted", said(&drafted));
    let due = DecisionDue {
        run: matter(),
        enrolled: 12,
        least: 20,
    };
    insta::assert_snapshot!("decision_due", said(&due));
    let pause = Pause {
        course: "团体标准编写与审查实务".to_owned(),
        last: Some("2026-03-01".parse().unwrap()),
        path: "/courses/0".to_owned(),
    };
    insta::assert_snapshot!("pause", said(&pause));
}
