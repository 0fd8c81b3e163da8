use chrono_tz::Tz;
use entity::{invitation::Answer, panel::MeetingForm};

use super::*;
use crate::{
    foundation::{
        config::Config,
        links::Links,
        mail::{Block, Letter, Template},
    },
    panels::{
        ANSWER, WORK,
        matter::{Attendance, Matter},
    },
};

fn matter(confidential: bool) -> Matter {
    Matter {
        number: "ZX-2026-0134".into(),
        purpose: "技术审查会".into(),
        title: if confidential {
            String::new()
        } else {
            "数据中心液冷系统工程验收规范".into()
        },
        standard: if confidential {
            String::new()
        } else {
            "数据中心液冷系统 T/CIE 227—2026".into()
        },
        asking_name: if confidential {
            String::new()
        } else {
            "中国电子学会".into()
        },
        demand: 5,
        confidential,
        form: MeetingForm::OnSite,
        meeting: Some((
            "2026-09-28T06:00:00Z".parse().unwrap(),
            "2026-09-28T09:00:00Z".parse().unwrap(),
        )),
        half: "下午".into(),
        place: "北京市海淀区示例路 8 号".into(),
        wanted_by: None,
        duties: "会前看稿，到会讨论".into(),
        fee: "市内交通由申请单位承担".into(),
        contact_name: "何静宜".into(),
        contact_phone: "010-0000 0000".into(),
    }
}

fn key() -> Key {
    Key {
        subject: Uuid::from_u128(5),
        person: Uuid::from_u128(6).into(),
        generation: 1,
    }
}

fn entry(cancelled: bool) -> Option<Attendance> {
    Some(Attendance {
        assignment: Uuid::from_u128(7).into(),
        sequence: 4,
        from: at("2026-09-28T06:00:00Z"),
        to: at("2026-09-28T09:00:00Z"),
        cancelled,
    })
}

fn at(text: &str) -> chrono::DateTime<chrono::Utc> {
    text.parse().unwrap()
}

/// The letter as it comes out of the outbox: through the registry and JSON.
fn letter<T: Template>(template: &T) -> Letter {
    let config = Config::load(None).unwrap();
    let links = Links::parse(
        "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "https://pool.example.org",
    )
    .unwrap();
    let mut registry = Registry::default();
    register(&mut registry);
    let facts = serde_json::to_value(template).unwrap();
    registry
        .letter(
            T::KIND,
            &facts,
            &LetterDesk {
                links: &links,
                office: &config.office,
                zone: Tz::Asia__Shanghai,
                recipient: "沈知行",
                now: at("2026-09-15T02:00:00Z"),
            },
        )
        .unwrap()
}

fn words(letter: &Letter) -> String {
    let mut words = vec![letter.subject.clone(), letter.greeting.clone()];
    for block in &letter.blocks {
        match block {
            Block::Text(text) => words.push(text.clone()),
            Block::Facts(facts) => {
                words.extend(
                    facts
                        .iter()
                        .map(|(label, value)| format!("{label} {value}")),
                );
            }
            Block::List(items) => words.extend(items.clone()),
        }
    }
    words.join("\n")
}

fn invitation(confidential: bool) -> Invitation {
    Invitation {
        matter: matter(confidential),
        link: key(),
        cutoff: at("2026-09-18T09:00:00Z"),
        provisional: false,
        race: false,
    }
}

#[test]
fn an_invitation_says_enough_to_decide() {
    let letter = letter(&invitation(false));
    let words = words(&letter);
    for fact in [
        "邀请：数据中心液冷系统工程验收规范",
        "9月18日（周五）17:00",
        "时间 9月28日（周一）下午 14:00–17:00",
        "地点 北京市海淀区示例路 8 号",
        "申请单位为中国电子学会",
        "何静宜，010-0000 0000",
    ] {
        assert!(words.contains(fact), "{fact} is not in\n{words}");
    }
    let (_, url) = letter.action.unwrap();
    assert!(url.starts_with("https://pool.example.org/i/"));
    assert!(
        letter.calendar.is_none(),
        "nothing is in the calendar before acceptance"
    );
}

#[test]
fn a_confidential_invitation_tells_no_content() {
    let words = words(&letter(&invitation(true)));
    assert!(!words.contains("液冷") && !words.contains("电子学会"));
    assert!(words.contains("本事项须保密") && words.contains("9月28日（周一）下午"));
}

#[test]
fn the_calendar_is_asked_after_acceptance_and_taken_back_after_a_change_of_mind() {
    let receipt = |answer, cancelled| Receipt {
        matter: matter(false),
        link: key(),
        answer,
        at: at("2026-09-16T02:24:00Z"),
        recorded: false,
        race: false,
        cutoff: at("2026-09-18T09:00:00Z"),
        attendance: entry(cancelled),
    };
    let accepted = letter(&receipt(Answer::Accept, false));
    assert_eq!(accepted.subject, "回执：您已答复能参加");
    let event = accepted.calendar.unwrap();
    assert_eq!(event.status, crate::foundation::calendar::Status::Confirmed);
    assert_eq!(event.url, None, "calendars are shared, links are not");
    let declined = letter(&receipt(Answer::Decline, true));
    let gone = declined.calendar.unwrap();
    assert_eq!(gone.status, crate::foundation::calendar::Status::Cancelled);
    assert_eq!(gone.uid, event.uid);
}

#[test]
fn a_cut_off_put_off_names_both_days() {
    let moved = |confidential| CutoffMoved {
        matter: matter(confidential),
        link: key(),
        before: at("2026-12-31T09:00:00Z"),
        cutoff: at("2027-01-04T09:00:00Z"),
        provisional: false,
    };
    let open = words(&letter(&moved(false)));
    assert!(open.starts_with("答复期限顺延到1月4日"), "{open}");
    assert!(
        open.contains("由原定的 12月31日（周四）17:00 顺延到 1月4日（周一）17:00"),
        "{open}"
    );
    assert!(!words(&letter(&moved(true))).contains("液冷"));
}

#[test]
fn the_asking_unit_is_told_who_goes_on_and_that_nothing_is_asked_of_it() {
    let told = letter(&Reopened {
        matter: matter(false),
        members: vec!["林岚（组长），中国标准化协会".into()],
        path: Some("/consultations/1".into()),
    });
    assert_eq!(told.subject, "专家变动：数据中心液冷系统工程验收规范");
    let said = words(&told);
    for part in [
        "沈知行：您好！",
        "专家组有专家不能继续参加，秘书处正按次序补请",
        "贵单位不需要办理什么",
        "继续参加的专家：",
        "林岚（组长），中国标准化协会",
        "编号 ZX-2026-0134",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let (label, url) = told.action.unwrap();
    assert_eq!(label, "查看进展");
    assert_eq!(url, "https://pool.example.org/consultations/1");
    let secret = letter(&Reopened {
        matter: matter(true),
        members: Vec::new(),
        path: None,
    });
    let said = words(&secret);
    assert!(
        !said.contains("液冷") && !said.contains("继续参加的专家"),
        "{said}"
    );
    assert!(secret.action.is_none());
}

#[test]
fn a_corrected_address_gets_the_link_that_counts() {
    let mail = |work| NewLink {
        matter: matter(false),
        link: key(),
        work,
    };
    for (work, label, path) in [
        (true, "资料与意见", WORK.path),
        (false, "查看答复", ANSWER.path),
    ] {
        let told = letter(&mail(work));
        assert_eq!(told.subject, "链接已更新：数据中心液冷系统工程验收规范");
        let said = words(&told);
        assert!(said.contains("发到原邮箱的链接不能再用"), "{said}");
        assert!(said.contains("您原来的答复照旧有效"), "{said}");
        let (button, url) = told.action.unwrap();
        assert_eq!(button, label);
        assert!(
            url.starts_with(&format!("https://pool.example.org{path}")),
            "{url}"
        );
    }
}

#[test]
fn every_kind_makes_a_letter_of_one_subject_line() {
    let members = vec!["林岚（组长），中国通信标准化协会".to_owned()];
    let released = |ending| Released {
        matter: matter(false),
        ending,
        reason: "申请单位撤回".into(),
        attendance: entry(true),
    };
    let letters = [
        letter(&Invitation {
            provisional: true,
            race: true,
            ..invitation(false)
        }),
        letter(&Reminder {
            matter: matter(false),
            link: key(),
            cutoff: at("2026-09-18T09:00:00Z"),
            provisional: false,
        }),
        letter(&CutoffMoved {
            matter: matter(false),
            link: key(),
            before: at("2026-09-18T09:00:00Z"),
            cutoff: at("2026-09-21T09:00:00Z"),
            provisional: false,
        }),
        letter(&Redated {
            matter: matter(false),
            before: "9月25日（周五）下午".into(),
            reason: "会场另有安排".into(),
            link: key(),
            cutoff: at("2026-09-18T09:00:00Z"),
            provisional: false,
            attendance: entry(false),
        }),
        letter(&HeadAsked {
            matter: matter(true),
            link: key(),
        }),
        letter(&Seated {
            matter: matter(false),
            link: key(),
            attendance: entry(false),
        }),
        letter(&released(Ending::Filled)),
        letter(&released(Ending::Released)),
        letter(&released(Ending::Withdrawn)),
        letter(&FactsChanged {
            matter: matter(false),
            changes: vec![("地点".into(), "302 室".into(), "305 室".into())],
            reason: String::new(),
            attendance: entry(false),
        }),
        letter(&Notice {
            matter: matter(false),
            link: key(),
            members: members.clone(),
        }),
        letter(&MeetingReminder {
            matter: matter(false),
            link: key(),
        }),
        letter(&Complete {
            matter: matter(false),
            members,
            path: Some("/consultations/1".into()),
        }),
        letter(&Misdirected {
            expert: "林岚".into(),
            address: "l***@example.cn".into(),
            matter: matter(false),
            path: "/invitations/1".into(),
        }),
    ];
    for letter in letters {
        assert!(
            !letter.subject.contains('\n') && letter.subject.chars().count() <= 40,
            "{}",
            letter.subject
        );
        assert!(!letter.blocks.is_empty() && !letter.greeting.is_empty());
    }
}
