//! Writing a request, handing it in, and what the secretariat does with it.

use entity::{
    consultation::{self, ConsultationState},
    panel_recusal::{self, RecusalRule},
    unit_contact::{self, ContactState},
};
use reqwest::StatusCode;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::support::{
    databases::databases,
    requests::{ADVICE, Office, file_of, id_of, refused, upload, with},
};

#[tokio::test]
async fn bad_input_is_said_at_its_field_and_nothing_is_lost() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let unit = office.unit().await;
        let bad = with(
            &ADVICE,
            &[
                ("purpose", "technical_review"),
                ("demand", "4"),
                ("meeting_date", "2026-10-04"),
                ("domains", "99.999"),
                ("drafting_units", "中国电子会"),
                ("standard_number", "T/CIE"),
                ("wishes", "林岚"),
            ],
        );
        let file: (&str, &[u8]) = ("送审稿.docx", b"PK\x03\x04 draft");
        let text = refused(upload(&unit, "/consultations", &bad, &[file]).await).await;
        for said in [
            "有 6 处要改，其余内容已保留",
            "技术审查会请填 5、7 人",
            "10月4日（周日）是国庆节假期。最近的工作日是9月30日（周三）和10月8日（周四）。",
            "没有找到编号“99.999”",
            "没有找到“中国电子会”。是“中国电子学会”",
            "请写希望邀请“林岚”的理由",
            "value=\"2026-10-04\"",
            "value=\"99.999\"",
            "冷却液电导率限值有两种意见，请给出结论。",
            "送审稿.docx",
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
        let rows = all(&office).await;
        assert_eq!(rows.len(), 1, "the draft is kept");
        assert_eq!(rows[0].state, ConsultationState::Draft);
        let id = rows[0].id;
        let file = file_of(&office.stage.app, id.0).await;

        let version = version_in(&text);
        let good = with(&ADVICE, &[("version", version.as_str())]);
        let to = unit
            .submit(&format!("/consultations/{id}/edit"), &good)
            .await;
        assert_eq!(to, format!("/consultations/{id}?done=sent"));
        let row = office.row(id).await;
        assert_eq!(row.number.as_deref(), Some("ZX-2026-0001"));
        assert!(row.submitted_at.is_some());
        let page = unit.read(&format!("/consultations/{id}")).await;
        assert!(page.contains("送审稿.docx") && page.contains("已提交"));
        let loaded = unit
            .get(&format!("/consultations/{id}/files/{}", file.id))
            .await;
        assert_eq!(loaded.bytes().await.unwrap().as_ref(), b"PK\x03\x04 draft");
        assert_eq!(office.stage.mails("consultations.received").await.len(), 1);
    }
}

#[tokio::test]
async fn a_day_too_soon_for_answers_is_refused_with_the_earliest() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        office.stage.app.set_time("2026-09-14 15:00");
        let unit = office.unit().await;
        let soon = with(
            &ADVICE,
            &[("meeting_date", "2026-09-15"), ("meeting_half", "morning")],
        );
        let text = refused(unit.post("/consultations", &soon).await).await;
        assert!(
            text.contains("到9月15日专家来不及答复，最早请选9月16日（周三）。"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn drafts_are_the_units_own_and_get_a_number_when_handed_in() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let unit = office.unit().await;
        let draft = [("title", "量子随机数发生器检测方法"), ("do", "save")];
        let to = unit.submit("/consultations", &draft).await;
        let id = id_of(&to);
        let edit = format!("/consultations/{id}/edit");
        assert_eq!(to, format!("{edit}?done=saved"));
        assert!(unit.read(&edit).await.contains("量子随机数发生器检测方法"));
        assert_eq!(office.row(id).await.number, None);

        let desk = office.desk().await;
        for path in [format!("/consultations/{id}"), edit.clone()] {
            assert_eq!(desk.get(&path).await.status(), StatusCode::NOT_FOUND);
        }
        assert!(
            !desk
                .read("/consultations?tab=all")
                .await
                .contains("量子随机数")
        );
        assert!(
            unit.read("/consultations?tab=drafts")
                .await
                .contains("量子随机数")
        );

        let odd = [
            ("title", "量子"),
            ("meeting_date", "明天"),
            ("version", "1"),
            ("do", "save"),
        ];
        let text = refused(unit.post(&edit, &odd).await).await;
        assert!(
            text.contains("value=\"明天\""),
            "what a draft cannot keep is said"
        );

        // Somebody else saved meanwhile.
        let text = refused(unit.post(&edit, &odd).await).await;
        assert!(text.contains("这件申请刚被改过"), "{text}");

        let version = office.row(id).await.version.to_string();
        let whole = with(&ADVICE, &[("version", version.as_str())]);
        unit.submit(&edit, &whole).await;
        assert_eq!(office.row(id).await.number.as_deref(), Some("ZX-2026-0001"));
        let next = office.file(&ADVICE).await;
        assert_eq!(
            office.row(next).await.number.as_deref(),
            Some("ZX-2026-0002")
        );
    }
}

#[tokio::test]
async fn a_returned_request_is_completed_under_its_number() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let id = office.file(&ADVICE).await;
        let (page, back) = (
            format!("/consultations/{id}"),
            format!("/consultations/{id}/return"),
        );
        let (unit, desk) = (office.unit().await, office.desk().await);
        assert!(
            desk.read("/home")
                .await
                .contains("受理、退回补充或不予受理")
        );

        let text = refused(desk.post(&back, &[("return_reason", " ")]).await).await;
        assert!(text.contains("id=\"return_reason-e\""), "{text}");
        desk.submit(&back, &[("return_reason", "请补写起草单位。")])
            .await;
        let mails = office.stage.mails("consultations.returned").await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].facts.to_string().contains("请补写起草单位"));
        assert!(unit.read("/home").await.contains("请补写起草单位"));
        assert!(unit.read(&page).await.contains("补充申请"));
        assert_eq!(
            desk.post(&back, &[("return_reason", "又")]).await.status(),
            422
        );

        let version = office.row(id).await.version.to_string();
        let whole = with(
            &ADVICE,
            &[
                ("version", version.as_str()),
                ("drafting_units", "中国水利学会"),
            ],
        );
        unit.submit(&format!("{page}/edit"), &whole).await;
        let row = office.row(id).await;
        assert_eq!(row.number.as_deref(), Some("ZX-2026-0001"));
        assert_eq!(
            (row.state, row.note.as_str()),
            (ConsultationState::Submitted, "")
        );
        assert_eq!(office.stage.mails("consultations.received").await.len(), 2);

        desk.submit(
            &format!("{page}/refuse"),
            &[("refuse_reason", "不属于团体标准事项")],
        )
        .await;
        assert_eq!(office.state(id).await, ConsultationState::Refused);
        assert!(unit.read(&page).await.contains("不属于团体标准事项"));
        assert_eq!(office.stage.mails("consultations.refused").await.len(), 1);
        let text = refused(
            unit.post(&format!("{page}/withdraw"), &[("withdraw_reason", "x")])
                .await,
        )
        .await;
        assert!(text.contains("现在是“不予受理”"));
    }
}

#[tokio::test]
async fn taking_in_opens_a_panel_with_everybody_who_is_recused() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let filed = with(
            &ADVICE,
            &[
                ("drafting_units", "中国水利学会\n东辰半导体有限公司"),
                ("outside", "1"),
                ("drafters", "滕光宇，东辰半导体有限公司"),
                ("recusals", "梁思远"),
            ],
        );
        let id = office.file(&filed).await;
        let desk = office.desk().await;
        let accept = format!("/consultations/{id}/accept");
        let text = refused(desk.post(&accept, &[("domains", "99.999")]).await).await;
        assert!(text.contains("没有找到编号“99.999”"));
        let fields = [("domains", "31.200；液冷系统"), ("urgent", "1")];
        desk.submit(&accept, &fields).await;
        let panel = office.stage.panel(office.panel(id).await).await;
        assert!(panel.urgent);
        assert_eq!(panel.number, "ZX-2026-0001");
        assert_eq!(panel.domains, serde_json::json!(["ics:31.200"]));
        let recusals = panel_recusal::Entity::find()
            .filter(panel_recusal::Column::PanelId.eq(panel.id))
            .all(office.stage.ctx().store.read())
            .await
            .unwrap();
        let mut who: Vec<_> = recusals
            .iter()
            .map(|row| (row.rule, row.name.as_str(), row.unit_id.is_some()))
            .collect();
        who.sort_by_key(|(rule, name, _)| (*rule as u8, (*name).to_owned()));
        assert_eq!(who.len(), 5, "{who:?}");
        for expected in [
            (RecusalRule::DraftingUnit, "中国水利学会", true),
            (RecusalRule::DraftingUnit, "东辰半导体有限公司", false),
            (RecusalRule::Drafter, "滕光宇", false),
            (RecusalRule::Named, "梁思远", false),
        ] {
            assert!(who.contains(&expected), "{expected:?} in {who:?}");
        }
        let own = recusals
            .iter()
            .find(|row| row.rule == RecusalRule::AskingUnit);
        assert_eq!(own.unwrap().unit_id, Some(office.asking));
        assert_eq!(office.stage.mails("consultations.accepted").await.len(), 1);
        let page = desk.read(&format!("/consultations/{id}")).await;
        assert!(page.contains("加急") && page.contains(&format!("/panels/{}", panel.id)));
        assert_eq!(desk.post(&accept, &fields).await.status(), 422, "once");
    }
}

#[tokio::test]
async fn nobody_takes_in_the_request_of_their_own_unit() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let id = office.file(&ADVICE).await;
        let tx = office.stage.ctx().store.begin().await.unwrap();
        unit_contact::Entity::insert(unit_contact::ActiveModel {
            id: Set(tx.id()),
            unit_id: Set(office.asking),
            person_id: Set(office.handler),
            position: Set(String::new()),
            state: Set(ContactState::Active),
            created_at: Set(tx.now()),
            closed_at: Set(None),
            successor_id: Set(None),
        })
        .exec_without_returning(tx.db())
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let desk = office.desk().await;
        for (step, field) in [("accept", "domains"), ("refuse", "refuse_reason")] {
            let path = format!("/consultations/{id}/{step}");
            let text = refused(desk.post(&path, &[(field, "31.200")]).await).await;
            assert!(text.contains("请由秘书处另一位同事办理"), "{text}");
        }
        assert_eq!(office.state(id).await, ConsultationState::Submitted);
    }
}

async fn all(office: &Office) -> Vec<consultation::Model> {
    consultation::Entity::find()
        .all(office.stage.ctx().store.read())
        .await
        .unwrap()
}

/// The version that a form sends back.
fn version_in(text: &str) -> String {
    let at = text.find("name=\"version\" value=\"").unwrap() + "name=\"version\" value=\"".len();
    text[at..].split('"').next().unwrap().to_owned()
}
