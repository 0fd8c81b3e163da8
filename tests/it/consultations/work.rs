//! Experts at work: opinions, the common conclusion, questions, and the end.

use entity::{
    assignment::AssignmentState, audit_entry, consultation::ConsultationState, mail::MailState,
    panel::PanelState,
};
use expert_pool::accounts::grants;
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::support::{
    databases::databases,
    outbox::{link, mails},
    requests::{ADVICE, Office, handed_in, id_of, refused, upload, with},
};

/// A review in writing by three experts.
fn review() -> Vec<(&'static str, &'static str)> {
    with(
        &ADVICE,
        &[
            ("purpose", "written_review"),
            ("demand", "3"),
            ("form", "none"),
            ("meeting_date", ""),
            ("meeting_half", ""),
            ("wanted_by", "2026-09-23"),
        ],
    )
}

#[tokio::test]
async fn opinions_have_versions_and_keep_their_files() {
    for database in databases().await {
        let office = Office::open(database, 3).await;
        let id = office.seated(&review(), &[0, 1, 2]).await;
        assert_eq!(office.state(id).await, ConsultationState::Working);
        let path = office.work(0).await;
        let visitor = office.stage.app.visitor();
        let page = visitor.read(&path).await;
        assert!(
            page.contains("写意见") && page.contains("9月23日（周三）前"),
            "{page}"
        );

        let file: (&str, &[u8]) = ("逐条意见.docx", b"PK\x03\x04 first");
        let text = refused(upload(&visitor, &path, &[("text", "")], &[file]).await).await;
        assert!(text.contains("请选择同意、修改后同意或不同意"));
        assert!(text.contains("逐条意见.docx"), "the file is kept");
        let first = [("verdict", "agree"), ("text", "第一稿意见")];
        let to = visitor.submit(&path, &first).await;
        assert_eq!(to, format!("{path}?done=opinion"));
        let second = [("verdict", "disagree"), ("text", "第二稿意见")];
        visitor.submit(&path, &second).await;
        let page = visitor.read(&path).await;
        for said in [
            "第二稿意见",
            "第 2 稿",
            "以前各稿（1）",
            "第一稿意见",
            "逐条意见.docx",
        ] {
            assert!(page.contains(said), "{said} in {page}");
        }

        let desk = office
            .desk()
            .await
            .read(&format!("/consultations/{id}"))
            .await;
        assert!(desk.contains("第二稿意见") && !desk.contains("第一稿意见"));
        assert!(desk.contains("不同意 1，未提交 2"), "{desk}");
        let unit = office
            .unit()
            .await
            .read(&format!("/consultations/{id}"))
            .await;
        assert!(
            !unit.contains("第二稿意见"),
            "the requester sees it with the conclusion"
        );

        let six: Vec<(&str, &[u8])> = vec![("a.txt", b"a"); 6];
        let text = refused(upload(&visitor, &path, &second, &six).await).await;
        assert!(text.contains("最多 5 个"), "{text}");
    }
}

#[tokio::test]
async fn a_conclusion_is_carried_by_its_share_and_closed_by_the_requester() {
    for database in databases().await {
        let office = Office::open(database, 3).await;
        let id = office.seated(&review(), &[0, 1, 2]).await;
        let visitor = office.stage.app.visitor();
        let other = format!("{}/conclusion", office.work(1).await);
        let fields = [
            ("conclusion_verdict", "agree"),
            ("conclusion", "同意报批。"),
        ];
        let text = refused(visitor.post(&other, &fields).await).await;
        assert!(text.contains("共同结论由组长填写"), "{text}");
        assert!(
            office
                .desk()
                .await
                .read("/home")
                .await
                .contains("专家组没有组长")
        );

        office.lead(id, 0).await;
        let head = office.work(0).await;
        let conclusion = format!("{head}/conclusion");
        let text = refused(visitor.post(&conclusion, &fields).await).await;
        assert!(text.contains("还没有专家提交意见"), "{text}");
        office.opine(0, "agree").await;
        office.opine(1, "agree").await;
        office.opine(2, "agree_after_changes").await;
        let page = visitor.read(&head).await;
        assert!(
            page.contains("同意 2，修改后同意 1，不同意 0，未提交 0"),
            "{page}"
        );
        assert!(page.contains("须有 3 人赞成"), "{page}");
        let text = refused(visitor.post(&conclusion, &fields).await).await;
        assert!(text.contains("有 2 人，专家组共 3 人，不到 75%"), "{text}");
        assert!(text.contains("同意报批。"), "what was typed is kept");
        office.conclude(0, "agree_after_changes").await;
        assert_eq!(office.state(id).await, ConsultationState::Concluded);
        assert_eq!(office.stage.mails("consultations.concluded").await.len(), 1);

        let unit = office.unit().await;
        let path = format!("/consultations/{id}");
        let page = unit.read(&path).await;
        for said in [
            "建议按修改后的第 6 章报批",
            "修改后同意",
            "确认结论并办结",
            "还可追问 2 次",
        ] {
            assert!(page.contains(said), "{said} in {page}");
        }
        assert!(
            page.contains("指标可行"),
            "opinions come with the conclusion"
        );
        for left in [1, 0] {
            let ask = format!("{path}/ask");
            unit.submit(&ask, &[("question", "限值依据是什么？")]).await;
            assert_eq!(office.state(id).await, ConsultationState::AskedAgain);
            assert!(visitor.read(&head).await.contains("限值依据是什么？"));
            office.conclude(0, "agree_after_changes").await;
            assert!(unit.read(&path).await.contains(&match left {
                0 => "追问次数已用完".to_owned(),
                left => format!("还可追问 {left} 次"),
            }));
        }
        let text = refused(
            unit.post(&format!("{path}/ask"), &[("question", "再问")])
                .await,
        )
        .await;
        assert!(text.contains("追问最多 2 次"), "{text}");
        assert_eq!(
            office.stage.mails("consultations.asked_again").await.len(),
            6
        );

        let confirm = format!("{path}/confirm");
        let text = refused(unit.post(&confirm, &[("rating_note", "很有帮助")]).await).await;
        assert!(
            text.contains("请评 1 到 5 分") && text.contains("很有帮助"),
            "{text}"
        );
        unit.submit(&confirm, &[("rating", "5"), ("rating_note", "很有帮助")])
            .await;
        let row = office.row(id).await;
        assert_eq!(
            (row.state, row.rating),
            (ConsultationState::Closed, Some(5))
        );
        let panel = office.panel(id).await;
        assert_eq!(office.stage.panel(panel).await.state, PanelState::Closed);
        assert_eq!(
            office.stage.asked(0).await.assignment.state,
            AssignmentState::Done
        );
        assert_eq!(office.stage.mails("consultations.thanks").await.len(), 3);
        assert!(visitor.read(&head).await.contains("这件事已办结"));
        let late = refused(
            visitor
                .post(&head, &[("verdict", "agree"), ("text", "迟")])
                .await,
        )
        .await;
        assert!(late.contains("已经办结，不能再提交"), "{late}");
    }
}

#[tokio::test]
async fn experts_are_reminded_once_of_each_day_that_is_due() {
    for database in databases().await {
        let office = Office::open(database, 3).await;
        let id = office.seated(&review(), &[0, 1, 2]).await;
        office.lead(id, 0).await;
        office.opine(1, "agree").await;
        let reminders = "consultations.reminders";
        office.stage.app.set_time("2026-09-21 09:10");
        assert_eq!(office.run(reminders).await, 0, "two working days before");
        office.stage.app.set_time("2026-09-22 09:10");
        assert_eq!(office.run(reminders).await, 2);
        assert_eq!(office.run(reminders).await, 0, "again, for a broken run");
        office.stage.app.set_time("2026-09-24 09:10");
        assert_eq!(
            office.run(reminders).await,
            3,
            "two opinions and the conclusion"
        );
        assert_eq!(
            office.stage.mails("consultations.opinion_late").await.len(),
            2
        );
        assert_eq!(
            office
                .stage
                .mails("consultations.conclusion_due")
                .await
                .len(),
            1
        );
        let desk = office.desk().await;
        assert!(
            desk.read("/home")
                .await
                .contains("2 位专家的意见逾期，原定9月23日")
        );
        assert!(
            desk.read(&format!("/consultations/{id}"))
                .await
                .contains("逾期未交")
        );
        for mail in office.stage.mails("consultations.opinion_due").await {
            assert_eq!(mail.state, MailState::Ready);
        }
    }
}

#[tokio::test]
async fn what_is_queued_for_an_expert_who_changes_the_sign_in_address_leads_somewhere() {
    for database in databases().await {
        let office = Office::open(database, 3).await;
        let app = &office.stage.app;
        office.seated(&review(), &[0, 1, 2]).await;
        app.set_time("2026-09-22 09:10");
        office.run("consultations.reminders").await;
        let due = "consultations.opinion_due";
        let (old, new) = ("expert0@example.org", "new@example.org");
        let former = link(app, due, old).await;
        let visitor = app.visitor();
        assert_eq!(visitor.get(&former).await.status(), StatusCode::OK);

        let expert = office.stage.experts[0].person;
        let tx = office.stage.ctx().store.begin().await.unwrap();
        grants::open(&tx, expert, old).await.unwrap();
        tx.commit().await.unwrap();
        let desk = office.desk().await;
        let answer = desk
            .post(&format!("/people/{expert}/address"), &[("email", new)])
            .await;
        assert_eq!(answer.status(), StatusCode::OK);
        let confirm = link(app, "accounts.address_to_confirm", new).await;
        visitor.send_form(&confirm).await;

        assert!(
            mails(app, due, old).await.is_empty(),
            "it goes to the new address"
        );
        let present = link(app, due, new).await;
        assert_ne!(present, former);
        assert_eq!(visitor.get(&present).await.status(), StatusCode::OK);
        assert_eq!(visitor.get(&former).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(mails(app, "panels.new_link", new).await.len(), 1);
        // The others have theirs as before.
        let other = link(app, due, "expert1@example.org").await;
        assert_eq!(visitor.get(&other).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn confidential_papers_are_for_those_who_gave_the_pledge() {
    for database in databases().await {
        let office = Office::open(database, 2).await;
        let app = &office.stage.app;
        let (id, file) = handed_in(app, office.asking).await;
        office.take_in(id).await;
        office.seat(id, &[0, 1]).await;
        let (visitor, path) = (app.visitor(), office.work(0).await);
        let load = format!("{path}/files/{file}");
        let loaded = || async {
            audit_entry::Entity::find()
                .filter(audit_entry::Column::Action.eq("consultations.file_loaded"))
                .count(office.stage.ctx().store.read())
                .await
                .unwrap()
        };
        assert_eq!(visitor.get(&load).await.status(), StatusCode::OK);
        assert_eq!(loaded().await, 1);

        let version = office.row(id).await.version.to_string();
        let secret = with(
            &ADVICE,
            &[("confidential", "1"), ("version", version.as_str())],
        );
        let edit = format!("/consultations/{id}/edit");
        office.unit().await.submit(&edit, &secret).await;
        assert_eq!(visitor.get(&load).await.status(), StatusCode::NOT_FOUND);
        let page = visitor.read(&path).await;
        assert!(
            page.contains("先作出保密承诺") && !page.contains("送审稿.pdf"),
            "{page}"
        );
        let pledge = format!("{path}/pledge");
        let text = refused(visitor.post(&pledge, &[]).await).await;
        assert!(text.contains("请先同意保密承诺"), "{text}");
        visitor.submit(&pledge, &[("secret", "1")]).await;
        let head = visitor
            .client()
            .head(visitor.address(&load))
            .send()
            .await
            .unwrap();
        assert_eq!(head.status(), StatusCode::OK);
        assert_eq!(loaded().await, 1, "nothing was loaded");
        assert_eq!(
            visitor.get(&load).await.bytes().await.unwrap().as_ref(),
            b"%PDF-1.7"
        );
        assert_eq!(loaded().await, 2);
        let other = format!("{}/files/{file}", office.work(1).await);
        assert_eq!(visitor.get(&other).await.status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn one_expert_alone_concludes_after_the_meeting() {
    for database in databases().await {
        let office = Office::open(database, 1).await;
        let fields = with(&ADVICE, &[("demand", "1")]);
        let to = office.unit().await.submit("/consultations", &fields).await;
        let id = id_of(&to);
        office.take_in(id).await;
        office.seat(id, &[0]).await;
        let (visitor, path) = (office.stage.app.visitor(), office.work(0).await);
        visitor.submit(&path, &[("text", "会前意见")]).await;
        let conclusion = format!("{path}/conclusion");
        let fields = [("conclusion", "会前结论")];
        let text = refused(visitor.post(&conclusion, &fields).await).await;
        assert!(text.contains("会议还没有开"), "{text}");
        office.stage.app.set_time("2026-09-28 16:00");
        let page = visitor.read(&path).await;
        assert!(
            page.contains("会前意见</textarea>"),
            "the opinion is offered as the conclusion"
        );
        visitor
            .submit(&conclusion, &[("conclusion", "会上议定的结论")])
            .await;
        assert_eq!(office.state(id).await, ConsultationState::Concluded);
        let page = office
            .unit()
            .await
            .read(&format!("/consultations/{id}"))
            .await;
        assert!(page.contains("会上议定的结论"));
    }
}
