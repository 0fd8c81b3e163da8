use chrono::{DateTime, Utc};
use entity::{
    ids::{PersonId, UnitId, VisitId, VisitOfferId, VisitTermsId, VisitWishId, VisitorId},
    person,
    visit::VisitState,
    visit_terms::TermsState,
    visitor,
};
use serde_json::json;
use uuid::Uuid;

use super::*;

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

fn visit() -> visit::Model {
    visit::Model {
        id: VisitId(Uuid::nil()),
        number: "HF-2026-0001".to_owned(),
        offer_id: VisitOfferId(Uuid::nil()),
        wish_id: VisitWishId(Uuid::nil()),
        sending_unit_id: UnitId(Uuid::nil()),
        host_unit_id: UnitId(Uuid::nil()),
        state: VisitState::Agreed,
        title: "学习液冷系统的验收方法".to_owned(),
        reasons: json!([]),
        agreed_version: Some(2),
        calendar_sequence: 1,
        left_on: None,
        back_on: None,
        returned_at: None,
        report_due: None,
        end_note: String::new(),
        ended_by_unit: None,
        closed_at: None,
        created_at: DateTime::<Utc>::UNIX_EPOCH,
        updated_at: DateTime::<Utc>::UNIX_EPOCH,
    }
}

fn terms() -> visit_terms::Model {
    visit_terms::Model {
        id: VisitTermsId(Uuid::nil()),
        visit_id: VisitId(Uuid::nil()),
        version: 2,
        state: TermsState::Agreed,
        from_date: day(10, 12),
        to_date: day(10, 16),
        tasks: "跟班学习验收试验的组织和记录。".to_owned(),
        place: "北京市海淀区示例路 8 号".to_owned(),
        mentor_name: "卫老师".to_owned(),
        mentor_phone: "010-0000 0000".to_owned(),
        cost: "差旅由派出单位承担，食宿由接收单位承担".to_owned(),
        insurance: "派出单位购买意外险".to_owned(),
        secrecy: String::new(),
        abroad: true,
        approval_number: "外事〔2026〕12号".to_owned(),
        visitors: json!([]),
        reason: String::new(),
        proposed_by: None,
        proposed_unit: None,
        proposed_at: DateTime::<Utc>::UNIX_EPOCH,
        sending_by: None,
        sending_at: None,
        host_by: None,
        host_at: None,
    }
}

fn goes(name: &str, position: &str, sample: bool) -> VisitorPerson {
    VisitorPerson {
        visitor: visitor::Model {
            id: VisitorId(Uuid::nil()),
            visit_id: VisitId(Uuid::nil()),
            person_id: PersonId(Uuid::nil()),
            position: position.to_owned(),
            generation: 1,
            coming: true,
            departed_at: None,
            arrived_at: None,
        },
        person: person::Model {
            id: PersonId(Uuid::nil()),
            name: name.to_owned(),
            name_normal: name.to_owned(),
            name_pinyin: String::new(),
            name_initials: String::new(),
            email: None,
            mobile: None,
            sample,
            erased_at: None,
            created_at: DateTime::<Utc>::UNIX_EPOCH,
            updated_at: DateTime::<Utc>::UNIX_EPOCH,
        },
    }
}

#[test]
fn both_letters_name_the_people_the_days_and_the_conditions() {
    let (visit, terms) = (visit(), terms());
    let people = [
        goes("顾清和", "标准化工程师", true),
        goes("卓然", "工程师", false),
    ];
    let about = About {
        visit: &visit,
        terms: &terms,
        people: &people,
        sending: "中国电子学会",
        host: "中国制冷学会",
        today: day(9, 21),
    };
    let conditions = [
        "费用：差旅由派出单位承担，食宿由接收单位承担",
        "保险：派出单位购买意外险",
        "因公出国（境）批件号：外事〔2026〕12号",
        "条件第 2 版，双方已同意",
        "标准化工程师",
        "2026年9月21日",
    ];
    let sent = sending_letter(&about);
    let html = sent.to_html();
    let own = [
        "人才互访派出函",
        "中国制冷学会：",
        "我单位派顾清和等 2 人于2026年10月12日至2026年10月16日到贵单位",
        "跟班学习验收试验的组织和记录。",
    ];
    for words in own.iter().chain(&conditions) {
        assert!(html.contains(words), "{words} in {html}");
    }
    assert!(
        !html.contains("保密："),
        "what was not asked for is left out"
    );
    let hosted = host_letter(&about);
    let html = hosted.to_html();
    let own = [
        "人才互访接收函",
        "中国电子学会：",
        "同意接收贵单位顾清和等 2 人于",
        "带教老师：卫老师（010-0000 0000）",
    ];
    for words in own.iter().chain(&conditions) {
        assert!(html.contains(words), "{words} in {html}");
    }
    assert!(sent.to_docx().is_ok() && hosted.to_docx().is_ok());
}
