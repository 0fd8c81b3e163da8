use chrono::{DateTime, Utc};
use entity::{
    enrolment::EnrolmentState,
    ids::{EnrolmentId, PersonId},
};
use uuid::Uuid;

use super::*;
use crate::{
    foundation::{
        calendar::Status,
        config::Config,
        links::Links,
        mail::{Block, Letter},
    },
    registration::matter::{Entry, Part},
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn matter() -> Matter {
    let part = |label: &str, from: &str, to: &str| Part {
        label: label.to_owned(),
        from: at(from),
        to: at(to),
        place: String::new(),
    };
    Matter {
        title: "团体标准编写实务培训班（第3期）".to_owned(),
        from: at("2026-10-20T01:00:00Z"),
        to: at("2026-10-20T08:30:00Z"),
        place: "示例路 8 号 301 教室".to_owned(),
        zone: "Asia/Shanghai".to_owned(),
        contact: "周老师 010-12345678".to_owned(),
        sittings: vec![
            part("起草", "2026-10-20T01:00:00Z", "2026-10-20T04:00:00Z"),
            part("讲评", "2026-10-20T05:30:00Z", "2026-10-20T08:30:00Z"),
        ],
    }
}

fn key() -> Key {
    Key {
        subject: Uuid::nil(),
        person: PersonId(Uuid::nil()),
        generation: 1,
        name: "季晚晴".to_owned(),
    }
}

fn entry(cancelled: bool) -> Entry {
    Entry {
        enrolment: EnrolmentId(Uuid::nil()),
        sequence: 4,
        cancelled,
    }
}

/// The letter of a mail as the registry makes it from kept facts.
fn letter<T: Template>(mail: &T, recipient: &str) -> Letter {
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
        recipient,
        now: DateTime::<Utc>::UNIX_EPOCH,
    };
    let mut registry = Registry::default();
    register(&mut registry);
    let facts = serde_json::to_value(mail).unwrap();
    let letter = registry.letter(T::KIND, &facts, &desk).unwrap();
    assert!(letter.subject.chars().count() <= 40, "{}", letter.subject);
    assert!((2..=6).contains(&T::LABEL.chars().count()), "{}", T::LABEL);
    assert!(letter.action.is_some(), "{} leads nowhere", T::KIND);
    letter
}

/// A letter as its lines.
fn lines(letter: &Letter) -> Vec<String> {
    let mut lines = vec![letter.subject.clone(), letter.greeting.clone()];
    for block in &letter.blocks {
        match block {
            Block::Text(text) => lines.push(text.clone()),
            Block::Facts(facts) => {
                lines.extend(
                    facts
                        .iter()
                        .map(|(label, value)| format!("{label}｜{value}")),
                );
            }
            Block::List(items) => lines.extend(items.iter().map(|item| format!("- {item}"))),
        }
    }
    if let Some((label, url)) = &letter.action {
        let path = url.split('/').take(4).collect::<Vec<_>>().join("/");
        lines.push(format!("[{label}] {path}"));
    }
    lines
}

const FACTS: [&str; 4] = [
    "名称｜团体标准编写实务培训班（第3期）",
    "时间｜10月20日（周二）09:00–16:30",
    "地点｜示例路 8 号 301 教室",
    "联系人｜周老师 010-12345678",
];

fn with_facts(head: &[&str], tail: &[&str]) -> Vec<String> {
    [head, &FACTS, tail]
        .concat()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_seat_comes_with_its_calendar_entry() {
    let mail = Enrolled {
        matter: matter(),
        link: key(),
        entry: entry(false),
    };
    let letter = letter(&mail, "季晚晴");
    assert_eq!(
        lines(&letter),
        with_facts(
            &[
                "报名成功：团体标准编写实务培训班（第3期）",
                "季晚晴：您好！",
                "您已报名成功，名额已确定。",
            ],
            &[
                "日程：",
                "- 10月20日（周二）09:00–12:00 起草",
                "- 10月20日（周二）13:30–16:30 讲评",
                "到场签到、查看安排、取消报名都从下面的链接进入，请保留这封邮件。不能参加时请尽早取消，名额会让给候补的人。",
                "[查看报名] https://pool.example.org/r",
            ],
        )
    );
    let event = letter.calendar.unwrap();
    assert_eq!((event.sequence, event.status), (4, Status::Confirmed));
    assert_eq!(event.url, None, "calendars are shared");
}

#[test]
fn whoever_waits_is_told_the_place_and_why() {
    let mail = |unit_full| Waiting {
        matter: matter(),
        link: key(),
        place: 3,
        unit_full,
    };
    let said = lines(&letter(&mail(false), "季晚晴"));
    assert_eq!(said[2], "名额已满，您排在候补第 3 位。");
    let said = lines(&letter(&mail(true), "季晚晴"));
    assert_eq!(
        said[2],
        "每个单位的名额有限，本单位名额已满，您排在候补第 3 位。"
    );
}

#[test]
fn an_offer_says_until_when_and_asks_for_a_choice() {
    let mail = Offer {
        matter: matter(),
        link: key(),
        until: at("2026-09-15T02:00:00Z"),
        provisional: false,
    };
    assert_eq!(
        lines(&letter(&mail, "联络甲")),
        with_facts(
            &[
                "有名额了，请确认：团体标准编写实务培训班（第3期）",
                "联络甲：您好！",
                "贵单位季晚晴在候补名单中，现在空出一个名额，为其保留到 9月15日（周二）10:00。",
            ],
            &[
                "打开链接后选择“参加”或“不参加”再提交，只打开链接不算确认。逾期未确认，名额顺延给下一位。",
                "[查看并确认] https://pool.example.org/r",
            ],
        )
    );
}

#[test]
fn what_moved_is_listed_and_what_ended_leaves_the_calendar() {
    let moved = Moved {
        matter: matter(),
        link: key(),
        changes: vec!["地点由“甲”改为“乙”".to_owned()],
        clash: "10月20日 09:00至10月20日 12:00，评审会".to_owned(),
        entry: Some(entry(false)),
    };
    let said = lines(&letter(&moved, "季晚晴")).join("\n");
    assert!(said.contains("- 地点由“甲”改为“乙”"), "{said}");
    assert!(
        said.contains("新的时间与已有安排冲突：10月20日 09:00"),
        "{said}"
    );
    let left = Left {
        matter: matter(),
        link: key(),
        note: "时间冲突".to_owned(),
        entry: Some(entry(true)),
    };
    let letter_of_left = letter(&left, "季晚晴");
    assert_eq!(letter_of_left.calendar.unwrap().status, Status::Cancelled);
    let cancelled = Cancelled {
        matter: matter(),
        link: key(),
        note: "报名人数不足".to_owned(),
        entry: None,
    };
    let letter = letter(&cancelled, "季晚晴");
    assert!(lines(&letter).contains(&"原因｜报名人数不足".to_owned()));
    assert!(letter.calendar.is_none());
}

#[test]
fn whoever_is_carried_over_is_told_how_they_stand_there() {
    let mail = |state, unit_full, cancelled: Option<bool>| Merged {
        matter: matter(),
        former: Matter {
            title: "团体标准编写实务培训班（第2期）".to_owned(),
            ..matter()
        },
        link: key(),
        state,
        place: 2,
        unit_full,
        clash: String::new(),
        reason: "报名人数不足".to_owned(),
        entry: cancelled.map(entry),
    };
    let letter_of_seat = letter(
        &mail(EnrolmentState::Enrolled, false, Some(false)),
        "联络甲",
    );
    assert_eq!(
        lines(&letter_of_seat),
        with_facts(
            &[
                "报名已转入：团体标准编写实务培训班（第3期）",
                "联络甲：您好！",
                "团体标准编写实务培训班（第2期）不再举办，贵单位季晚晴的报名已转入下列一期，名额已确定。",
            ],
            &[
                "原因｜报名人数不足",
                "日程：",
                "- 10月20日（周二）09:00–12:00 起草",
                "- 10月20日（周二）13:30–16:30 讲评",
                "原来的链接继续有效。不参加这一期的，请从链接取消，名额会让给候补的人。",
                "[查看报名] https://pool.example.org/r",
            ],
        )
    );
    let lost = letter(&mail(EnrolmentState::Waiting, false, Some(true)), "季晚晴");
    let event = lost.calendar.clone().unwrap();
    assert_eq!(event.status, Status::Cancelled);
    assert!(
        event.summary.contains("第2期"),
        "what is taken out is the former one"
    );
    assert!(lines(&lost)[2].ends_with("名额已满，排在候补第 2 位。"));
    let unit = letter(&mail(EnrolmentState::Waiting, true, None), "季晚晴");
    assert!(unit.calendar.is_none());
    assert!(lines(&unit)[2].ends_with("本单位名额已满，排在候补第 2 位。"));
    let awaits = letter(&mail(EnrolmentState::AwaitingUnit, false, None), "季晚晴");
    assert!(lines(&awaits)[2].ends_with("仍待单位确认。"));
}

#[test]
fn a_new_link_says_how_the_person_stands() {
    let mail = NewLink {
        matter: matter(),
        link: key(),
        state: EnrolmentState::Offered,
        until: Some(at("2026-09-15T02:00:00Z")),
        entry: None,
    };
    let said = lines(&letter(&mail, "季晚晴"));
    assert_eq!(
        said[2],
        "这是您报名的新链接，以前邮件里的链接已失效，请用下面的。"
    );
    assert!(
        said.contains(&"保留到｜9月15日（周二）10:00".to_owned()),
        "{said:?}"
    );
}

#[test]
fn the_other_mails_say_one_thing_each() {
    let link = key();
    for (said, expected) in [
        (
            lines(&letter(
                &Lapsed {
                    matter: matter(),
                    link: link.clone(),
                },
                "季晚晴",
            )),
            "为您保留的名额没有在期限内确认，已顺延给下一位候补。",
        ),
        (
            lines(&letter(
                &Refused {
                    matter: matter(),
                    link: link.clone(),
                    note: "当天有评审".to_owned(),
                },
                "季晚晴",
            )),
            "您填写的报名，单位联络员没有同意。如有疑问，请与本单位联络员联系。",
        ),
        (
            lines(&letter(
                &AwaitingUnit {
                    matter: matter(),
                    link: link.clone(),
                    unit: "中国水利学会".to_owned(),
                },
                "季晚晴",
            )),
            "邮箱已确认。本次报名需要中国水利学会的联络员同意，已请他们处理；同意后按您确认邮箱的先后安排名额，另有邮件通知。",
        ),
        (
            lines(&letter(
                &ToApprove {
                    matter: matter(),
                    name: "季晚晴".to_owned(),
                    position: "工程师".to_owned(),
                    path: "/registrations/1".to_owned(),
                },
                "联络甲",
            )),
            "贵单位季晚晴报名参加下列活动，需要贵单位确认后才能安排名额。",
        ),
        (
            lines(&letter(
                &Reminder {
                    matter: matter(),
                    link,
                },
                "季晚晴",
            )),
            "您报名的活动即将开始，请按时到场签到。",
        ),
        (
            lines(&letter(
                &NotReached {
                    matter: matter(),
                    link: key(),
                },
                "季晚晴",
            )),
            "下列活动已经开始，没有空出名额，您的候补到此结束，不必前往。感谢关注，欢迎报名下一次。",
        ),
    ] {
        assert_eq!(said[2], expected);
    }
    let confirm = Confirm {
        matter: matter(),
        secret: "geheim".to_owned(),
        until: at("2026-09-15T02:00:00Z"),
    };
    assert_eq!(
        letter(&confirm, "季晚晴").action.unwrap().1,
        "https://pool.example.org/join/confirm/geheim"
    );
}

#[test]
fn over_several_days_nights_are_not_taken_and_another_zone_is_named() {
    let mut over = matter();
    over.to = at("2026-10-21T08:30:00Z");
    over.zone = "Europe/Berlin".to_owned();
    let office = chrono_tz::Asia::Shanghai;
    assert_eq!(
        over.time(office),
        "10月20日（周二）03:00 至 10月21日（周三）10:30（Europe/Berlin当地时间）"
    );
    let event = over.event(&entry(false), at("2026-09-14T00:00:00Z"), office);
    assert_eq!(
        event.when,
        crate::foundation::calendar::When::Days {
            first: "2026-10-20".parse().unwrap(),
            last: "2026-10-21".parse().unwrap(),
        }
    );
}
