//! What an expert was asked for and does, when something happens to the expert: an engagement that stops, an
//! address that was wrong, an answer on paper, a second thought.

use entity::{
    assignment::AssignmentState,
    consent,
    consultation::ConsultationState,
    expert::{self, ExpertState},
    ids::{ExpertId, PanelId},
    invitation::DeclineReason,
    panel::PanelState,
    role_grant::Role,
};
use expert_pool::{
    experts,
    people::{self, NewPerson},
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::support::{
    app::{Browser, TestApp},
    databases::databases,
    expert::expert_of,
    outbox::{link, mails},
    panels::{no, yes},
    requests::{ADVICE, Office, file_of, refused, upload_as},
};

const CONTACT: &str = "contact@example.org";

async fn approver(app: &TestApp) -> Browser {
    app.add_account("沈行", "approver@example.org", Role::Approver, None)
        .await;
    app.signed_in("approver@example.org").await
}

async fn step(browser: &Browser, expert: ExpertId, step: &str) {
    let fields = [("step", step), ("reason", "本人调离")];
    browser
        .submit(&format!("/experts/{expert}/steps"), &fields)
        .await;
}

/// Another panel that only asks: nobody has answered.
async fn waiting_panel(office: &Office, expert: usize) -> PanelId {
    let facts = office.stage.facts(1).await;
    let meeting = Some(office.stage.meeting("2026-10-20"));
    let panel = office
        .stage
        .open(expert_pool::panels::PanelFacts { meeting, ..facts })
        .await;
    office.stage.app.advance(chrono::Duration::minutes(1));
    office.stage.ask(panel, &[expert], false).await;
    panel
}

#[tokio::test]
async fn whoever_leaves_is_released_from_everything_and_replaced() {
    for how in ["end", "suspend"] {
        for database in databases().await {
            let office = Office::open(database, 4).await;
            let stage = &office.stage;
            let id = office.seated(&ADVICE, &[0, 1]).await;
            let waiting = waiting_panel(&office, 0).await;
            let leaving = stage.experts[0];
            let approver = approver(&stage.app).await;
            let page = approver.read(&format!("/experts/{}", leaving.id)).await;
            assert!(page.contains("还有 2 项邀请或任务没有办完"), "{page}");
            step(&approver, leaving.id, how).await;

            let panel = office.panel(id).await;
            let rows = stage.assignments(panel).await;
            let left = rows.iter().find(|row| row.expert_id == leaving.id).unwrap();
            assert_eq!(left.state, AssignmentState::Released);
            assert!(
                left.refill && left.end_note.contains("本人调离"),
                "{left:?}"
            );
            assert_eq!(stage.panel(panel).await.state, PanelState::Open);
            assert_eq!(office.state(id).await, ConsultationState::Accepted);
            let asked = stage.assignments(waiting).await;
            assert_eq!(asked[0].state, AssignmentState::Released);
            assert!(stage.asked(0).await.invitation.closed_at.is_some());

            // The expert is told of each, the unit that asks of the empty place, with who goes on.
            let released = mails(&stage.app, "panels.released", "expert0@example.org").await;
            assert!(!released.is_empty());
            let told = mails(&stage.app, "panels.reopened", CONTACT).await;
            assert_eq!(told.len(), 1);
            let facts = told[0].facts.to_string();
            assert!(
                facts.contains("专家B") && !facts.contains("专家A"),
                "{facts}"
            );
            assert_eq!(
                link(&stage.app, "panels.reopened", CONTACT).await,
                format!("/consultations/{id}")
            );

            office.run("panels.replacements").await;
            let rows = stage.assignments(panel).await;
            let next = rows.last().unwrap();
            assert_eq!(next.state, AssignmentState::Invited);
            assert_ne!(next.expert_id, leaving.id);
            assert!(rows.iter().all(|row| !row.refill));
        }
    }
}

#[tokio::test]
async fn a_term_that_ends_lets_begun_work_be_finished() {
    for database in databases().await {
        let office = Office::open(database, 4).await;
        let stage = &office.stage;
        let id = office.seated(&ADVICE, &[0, 1]).await;
        let waiting = waiting_panel(&office, 0).await;
        let tx = stage.ctx().store.begin().await.unwrap();
        for expert in &stage.experts[..2] {
            expert::Entity::update(expert::ActiveModel {
                id: sea_orm::ActiveValue::Set(expert.id),
                engaged_to: sea_orm::ActiveValue::Set("2026-09-30".parse().ok()),
                ..Default::default()
            })
            .exec(tx.db())
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        // The meeting was on the 28th; the other one is still to come.
        stage.app.set_time("2026-10-09 09:00");
        office.run("experts.end_terms").await;
        let expert = experts::get(stage.ctx().store.read(), stage.experts[0].id)
            .await
            .unwrap();
        assert_eq!(expert.state, ExpertState::Expired);
        let members = office.members(id).await;
        assert_eq!(members.len(), 2, "both finish what they began");
        let asked = stage.assignments(waiting).await;
        assert_eq!(asked[0].state, AssignmentState::Released);
        assert_eq!(asked[0].end_note, "聘期届满");
    }
}

#[tokio::test]
async fn a_corrected_address_gets_new_links_and_the_old_ones_fail() {
    for database in databases().await {
        let office = Office::open(database, 4).await;
        let stage = &office.stage;
        office.seated(&ADVICE, &[0, 1]).await;
        let work = office.work(0).await;
        let waiting = waiting_panel(&office, 0).await;
        let question = stage.link(0).await;
        let visitor = stage.app.visitor();
        for path in [&work, &question] {
            assert_eq!(visitor.get(path).await.status(), StatusCode::OK, "{path}");
        }

        let desk = office.desk().await;
        let path = format!("/experts/{}/contact", stage.experts[0].id);
        let text = refused(desk.post(&path, &[("email", "new@example.org")]).await).await;
        assert!(
            text.contains("怎样得知的") && text.contains("new@example.org"),
            "{text}"
        );
        let taken = [("email", "expert1@example.org"), ("source", "来电")];
        let text = refused(desk.post(&path, &taken).await).await;
        assert!(text.contains("一位专家只能由一个单位推荐"), "{text}");
        let fields = [("email", "new@example.org"), ("source", "9月14日本人来电")];
        desk.submit(&path, &fields).await;

        for path in [&work, &question] {
            let status = visitor.get(path).await.status();
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        }
        let question = link(&stage.app, "panels.invitation", "new@example.org").await;
        assert_eq!(
            question,
            stage.link(0).await,
            "the mail carries the link that counts"
        );
        let work = link(&stage.app, "panels.new_link", "new@example.org").await;
        for path in [&work, &question] {
            assert_eq!(visitor.get(path).await.status(), StatusCode::OK, "{path}");
        }
        // An answer by the new link counts; sent once more, the link changes again.
        let handler = office.desk().await;
        let invitation = stage.asked(0).await.invitation.id;
        handler
            .submit(&format!("/invitations/{invitation}/resend"), &[])
            .await;
        let resent = link(&stage.app, "panels.invitation", "new@example.org").await;
        assert_ne!(resent, question);
        stage.answer(0, yes()).await.unwrap();
        let rows = stage.assignments(waiting).await;
        assert_eq!(rows[0].state, AssignmentState::Accepted);

        // Another number leaves the links as they are.
        let fields = [("mobile", "13900001234"), ("source", "来电")];
        desk.submit(&path, &fields).await;
        assert_eq!(visitor.get(&work).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn somebody_who_left_a_panel_is_asked_again_with_a_reason() {
    for database in databases().await {
        let office = Office::open(database, 3).await;
        let stage = &office.stage;
        let panel = stage.open(stage.facts(2).await).await;
        stage.ask(panel, &[0, 1], false).await;
        stage.answer(0, no(DeclineReason::Time)).await.unwrap();
        stage.answer(1, no(DeclineReason::Interest)).await.unwrap();
        let rows = stage.assignments(panel).await;
        let desk = office.desk().await;
        let base = format!("/panels/{panel}");
        let page = desk.read(&base).await;
        assert!(page.contains("再次邀请专家A"), "{page}");
        assert!(!page.contains("再次邀请专家B"), "an interest stays one");

        let path = format!("{base}/ask-again");
        let former = rows[0].id.to_string();
        let text = refused(desk.post(&path, &[("assignment", &former)]).await).await;
        assert!(text.contains("理由") || text.contains("原因"), "{text}");
        let recused = rows[1].id.to_string();
        let fields = [("assignment", recused.as_str()), ("reason", "再试")];
        let text = refused(desk.post(&path, &fields).await).await;
        assert!(text.contains("回避"), "{text}");

        // The newest place is known by its instant.
        stage.app.advance(chrono::Duration::minutes(1));
        let fields = [("assignment", former.as_str()), ("reason", "时间已调开")];
        desk.submit(&path, &fields).await;
        let rows = stage.assignments(panel).await;
        let again = rows.last().unwrap();
        assert_eq!(again.expert_id, stage.experts[0].id);
        assert_eq!(again.state, AssignmentState::Invited);
        assert!(
            again.reason.contains("再次邀请：时间已调开"),
            "{}",
            again.reason
        );
        let text = refused(desk.post(&path, &fields).await).await;
        assert!(text.contains("已在本组或者正等答复"), "{text}");
        stage.answer(0, yes()).await.unwrap();
        let invited = mails(&stage.app, "panels.invitation", "expert0@example.org").await;
        assert_eq!(invited.len(), 2);
    }
}

/// An approved nominee without an address.
async fn nominee(app: &TestApp) -> ExpertId {
    let tx = app.ctx.store.begin().await.unwrap();
    let person = people::add(
        &tx,
        NewPerson {
            name: "沈知行".to_owned(),
            email: None,
            mobile: Some("13800001111".to_owned()),
            sample: true,
        },
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    expert_of(app, person, None, ExpertState::Approved).await
}

#[tokio::test]
async fn a_nominee_without_mail_confirms_on_paper() {
    for database in databases().await {
        let office = Office::open(database, 1).await;
        let app = &office.stage.app;
        let id = nominee(app).await;
        let desk = office.desk().await;
        let base = format!("/experts/{id}");
        let page = desk.read(&base).await;
        assert!(
            page.contains("本人没有邮箱") && page.contains("记录书面答复"),
            "{page}"
        );
        let paper = desk.read(&format!("{base}/papers/consent")).await;
        let (_, sheets) = paper.split_once("<main id=\"main\">").unwrap();
        let (sheets, _) = sheets.split_once("</main>").unwrap();
        insta::assert_snapshot!("consent", sheets.trim());

        let path = format!("{base}/paper-answer");
        let bare = [("answer", "yes"), ("signed_on", "2026-09-15"), ("how", "")];
        let text = refused(desk.post(&path, &bare).await).await;
        for wrong in ["不能晚于今天", "扫描件"] {
            assert!(text.contains(wrong), "{wrong} in {text}");
        }
        let fields = [
            ("answer", "yes"),
            ("signed_on", "2026-09-11"),
            ("how", "挂号信原件"),
        ];
        let scan: (&str, &[u8]) = ("同意书.pdf", b"%PDF-1.7 signed");
        let answer = upload_as(&desk, &path, &fields, "scan", &[scan]).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let row = expert::Entity::find_by_id(id)
            .one(app.ctx.store.read())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row.state, ExpertState::Engaged);
        assert_eq!(row.engaged_from, Some(app.ctx.today()));
        let consents = consent::Entity::find()
            .filter(consent::Column::PersonId.eq(row.person_id))
            .all(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(consents.len(), 3);
        assert!(consents.iter().all(|consent| consent.channel == "paper"));
        let page = desk.read(&base).await;
        for said in [
            "书面答复，2026年9月11日签字；挂号信原件",
            "何静宜",
            "本人签字扫描件",
        ] {
            assert!(page.contains(said), "{said} in {page}");
        }
        let file = file_of(app, id.0).await;
        let scan = desk.get(&format!("{base}/scan/{}", file.id)).await;
        assert_eq!(scan.bytes().await.unwrap(), "%PDF-1.7 signed");
        let twice = upload_as(&desk, &path, &fields, "scan", &[("b.pdf", b"%PDF-1.7")]).await;
        assert!(refused(twice).await.contains("情况已有变化"));

        // A no needs no scan, and ends it.
        let other = {
            let tx = app.ctx.store.begin().await.unwrap();
            let new = NewPerson {
                name: "林岚".to_owned(),
                mobile: Some("13800002222".to_owned()),
                ..NewPerson::default()
            };
            let person = people::add(&tx, new).await.unwrap();
            tx.commit().await.unwrap();
            expert_of(app, person, None, ExpertState::Approved).await
        };
        let fields = [
            ("answer", "no"),
            ("signed_on", "2026-09-14"),
            ("how", "来函"),
        ];
        desk.submit(&format!("/experts/{other}/paper-answer"), &fields)
            .await;
        let page = desk.read(&format!("/experts/{other}")).await;
        assert!(page.contains("本人未同意"), "{page}");
    }
}

#[tokio::test]
async fn a_requester_who_does_not_confirm_is_reminded_and_the_office_sees_it() {
    for database in databases().await {
        let office = Office::open(database, 2).await;
        let id = office.seated(&ADVICE, &[0, 1]).await;
        office.lead(id, 0).await;
        office.stage.app.set_time("2026-09-29 10:00");
        office.run("consultations.begin").await;
        office.opine(0, "").await;
        office.conclude(0, "").await;
        assert_eq!(office.state(id).await, ConsultationState::Concluded);
        let app = &office.stage.app;
        let reminded = async || mails(app, "consultations.confirm_due", CONTACT).await.len();
        app.set_time("2026-09-30 09:20");
        assert_eq!(office.run("consultations.confirmations").await, 0);
        // The holiday from 1 to 7 October does not count.
        app.set_time("2026-10-09 09:20");
        assert_eq!(office.run("consultations.confirmations").await, 1);
        assert_eq!(office.run("consultations.confirmations").await, 0);
        app.set_time("2026-10-12 09:20");
        office.run("consultations.confirmations").await;
        assert_eq!(reminded().await, 1, "the same reminder goes once");
        assert_eq!(
            link(app, "consultations.confirm_due", CONTACT).await,
            format!("/consultations/{id}")
        );
        let home = office.desk().await.read("/home").await;
        assert!(home.contains("申请单位还没有确认"), "{home}");
        let unit = office.unit().await;
        unit.submit(&format!("/consultations/{id}/confirm"), &[("rating", "4")])
            .await;
        app.set_time("2026-11-09 09:20");
        assert_eq!(office.run("consultations.confirmations").await, 0);
        let home = office.desk().await.read("/home").await;
        assert!(!home.contains("申请单位还没有确认"));
    }
}
