//! The way of a run: drafted, announced, moved, held; or called off.

use entity::{
    course_run::{Decision, RunState},
    panel::PanelState,
    registration::RegistrationState,
    run_fee::{self, FeeState},
    training_need::{self, NeedState},
};
use expert_pool::registration::enrol::Outcome;
use reqwest::StatusCode;
use sea_orm::EntityTrait;

use crate::support::{
    app::TestApp,
    databases::databases,
    outbox::mails,
    training::{ASKING, GROUP, HOST, NEED, OTHER, School, refused},
};

#[tokio::test]
async fn a_run_goes_from_draft_to_held_and_everybody_concerned_is_told() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let app = &school.app;
        school.browser(ASKING).await.submit("/needs", &NEED).await;
        let need = training_need::Entity::find()
            .all(app.ctx.store.read())
            .await
            .unwrap()[0]
            .id;
        let group = school.browser(GROUP).await;
        let to = group
            .submit("/demand/course", &[("need", need.to_string().as_str())])
            .await;
        let course = entity::ids::CourseId(crate::support::training::id_in(&to));
        let room = school.room.to_string();
        let fields = crate::support::training::with(
            &crate::support::training::COURSE,
            &[("room", room.as_str()), ("version", "1")],
        );
        group
            .submit(&format!("/courses/{course}/edit"), &fields)
            .await;
        let fields = [("start_day", "2026-10-20"), ("start_time", "09:00")];
        let path = format!("/courses/{course}/runs");
        let text = refused(group.post(&path, &fields).await).await;
        assert!(text.contains("请先开设"), "{text}");
        group
            .submit(&format!("/courses/{course}/state"), &[("to", "offered")])
            .await;

        let run = school.draft(course, "2026-10-20").await;
        let lessons = school.lessons(run).await;
        let times: Vec<_> = lessons
            .iter()
            .map(|one| (one.from_time.to_string(), one.to_time.to_string()))
            .collect();
        assert_eq!(
            times,
            [
                ("09:00:00".to_owned(), "12:00:00".to_owned()),
                ("14:00:00".to_owned(), "17:00:00".to_owned())
            ]
        );
        assert_eq!(mails(app, "training.room_asked", HOST).await.len(), 1);
        let page = format!("/training/{run}");
        assert_eq!(
            app.visitor().get(&page).await.status(),
            StatusCode::NOT_FOUND
        );
        let publish = format!("/trainings/{run}/publish");
        let text = refused(group.post(&publish, &[]).await).await;
        assert!(text.contains("依托单位还没有确认201 教室"), "{text}");
        school.confirm_room(run).await;
        assert_eq!(mails(app, "training.room_answered", GROUP).await.len(), 1);
        group.submit(&publish, &[]).await;
        refused(group.post(&publish, &[]).await).await;

        let row = school.run(run).await;
        assert_eq!(row.state, RunState::Published);
        assert_eq!(row.notice_number.as_deref(), Some("团标联培〔2026〕1号"));
        assert_eq!(mails(app, "training.published", ASKING).await.len(), 1);
        assert_eq!(mails(app, "training.published", OTHER).await.len(), 0);
        let visitor = app.visitor();
        let text = visitor.read(&page).await;
        for said in [
            "团标联培〔2026〕1号",
            "标准结构与编写规则",
            "中国标准化协会专家",
            "每人 1200 元",
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
        assert!(
            visitor
                .read("/training")
                .await
                .contains("团体标准编写与审查实务")
        );
        let paper = visitor.read(&format!("{page}/notice")).await;
        let (_, sheets) = paper.split_once("<main id=\"main\">").expect("a paper");
        let (sheets, _) = sheets.split_once("</main>").expect("a whole page");
        insta::assert_snapshot!("notice", sheets.trim());
        let file = visitor.get(&format!("{page}/notice.docx")).await;
        assert!(file.bytes().await.unwrap().starts_with(b"PK"));
        // The lesson without a named lecturer waits for the match.
        let lessons = school.lessons(run).await;
        assert!(lessons[0].panel_id.is_some() && lessons[1].panel_id.is_none());

        assert_eq!(school.enrol(run, 1..=3).await, vec![Outcome::Enrolled; 3]);
        app.set_time("2026-10-20 18:00");
        let group = school.browser(GROUP).await;
        group.submit(&format!("/trainings/{run}/held"), &[]).await;
        assert_eq!(school.run(run).await.state, RunState::Held);
        assert_eq!(mails(app, "training.held", ASKING).await.len(), 1);
        let need = training_need::Entity::find_by_id(need)
            .one(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(need.unwrap().state, NeedState::Met);
        let panel = lessons[0].panel_id.unwrap();
        let panel = expert_pool::panels::get(app.ctx.store.read(), panel)
            .await
            .unwrap();
        assert_eq!(panel.state, PanelState::Closed);
    }
}

#[tokio::test]
async fn a_known_run_moves_with_a_reason_and_a_higher_sequence() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let app = &school.app;
        let course = school.course(&[]).await;
        let run = school.published(course, "2026-10-20").await;
        school.enrol(run, 1..=3).await;
        let later = [("on_0", "2026-10-22"), ("on_1", "2026-10-22")];
        let text = refused(school.change(run, &later).await).await;
        assert!(
            text.contains("改时间或地点会通知全体学员和讲师，请写明原因。"),
            "{text}"
        );
        let lower = refused(
            school
                .change(run, &[("capacity", "2"), ("least", "1")])
                .await,
        )
        .await;
        assert!(
            lower.contains("学员丁"),
            "who would lose a seat is named: {lower}"
        );
        assert_eq!(school.run(run).await.capacity, 20, "nothing was changed");

        let before = registration(&school, run).await.calendar_sequence;
        let reason = ("reason", "讲师临时出差");
        let answer = school.change(run, &[later[0], later[1], reason]).await;
        assert_eq!(
            answer.status(),
            StatusCode::SEE_OTHER,
            "{}",
            answer.text().await.unwrap()
        );
        let after = registration(&school, run).await;
        assert!(after.calendar_sequence > before);
        assert_eq!(after.starts_at, school.run(run).await.starts_at.unwrap());
        let moved = mails(app, "registration.moved", "trainee1@example.org").await;
        assert_eq!(moved.len(), 1);
        // The host is asked about the new day, and what was there before is given back.
        let states: Vec<_> = school
            .bookings(run)
            .await
            .iter()
            .map(|one| one.state)
            .collect();
        use entity::room_booking::BookingState::{Asked, Released};
        assert_eq!(states, [Released, Released, Asked, Asked]);

        let stale = school
            .change(run, &[("version", "1"), ("capacity", "30")])
            .await;
        assert!(refused(stale).await.contains("刚被别人改过"));
    }
}

async fn registration(
    school: &School,
    run: entity::ids::CourseRunId,
) -> entity::registration::Model {
    let id = school.run(run).await.registration_id.unwrap();
    expert_pool::registration::get(school.app.ctx.store.read(), id)
        .await
        .unwrap()
}

#[tokio::test]
async fn too_few_people_are_decided_about_and_a_merged_run_takes_its_people_over() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let app = &school.app;
        school.browser(ASKING).await.submit("/needs", &NEED).await;
        let course = school.course(&[]).await;
        let run = school.published(course, "2026-10-20").await;
        let next = school.published(course, "2026-11-17").await;
        let registration_of = school.run(run).await.registration_id.unwrap();
        school.enrol(run, 1..=2).await;
        app.set_time("2026-10-13 09:00");
        app.work().await;
        let due = mails(app, "training.decision_due", GROUP).await;
        assert_eq!(
            due.len(),
            1,
            "of the run that is near, and not of the other"
        );
        let group = school.browser(GROUP).await;
        let page = group.read(&format!("/trainings/{run}")).await;
        assert!(page.contains("不到开班人数 3 人，请决定"), "{page}");
        assert!(group.read("/home").await.contains("不到开班人数"));

        let fees = run_fee::Entity::find()
            .all(app.ctx.store.read())
            .await
            .unwrap();
        let paid = [
            ("fee_state", "paid"),
            ("fee", "1200"),
            ("on_date", "2026-09-14"),
            ("invoice_number", "24112000000012345678"),
        ];
        let path = format!("/trainings/{run}/fees/{}", fees[0].enrolment_id);
        group.submit(&path, &paid).await;

        let path = format!("/trainings/{run}/cancel");
        let text = refused(group.post(&path, &[("cancel_reason", "")]).await).await;
        assert!(text.contains("取消或并入他期"), "{text}");
        let wrong = run.to_string();
        let fields = [
            ("cancel_reason", "人数不足"),
            ("merge_into", wrong.as_str()),
        ];
        let text = refused(group.post(&path, &fields).await).await;
        assert!(text.contains("只能并入同一课程"), "{text}");
        let target = next.to_string();
        let fields = [
            ("cancel_reason", "人数不足"),
            ("merge_into", target.as_str()),
        ];
        group.submit(&path, &fields).await;

        let row = school.run(run).await;
        assert_eq!(row.state, RunState::Cancelled);
        assert_eq!(
            (row.decision, row.merged_into),
            (Some(Decision::Merge), Some(next))
        );
        let seats = expert_pool::registration::get(app.ctx.store.read(), registration_of)
            .await
            .unwrap();
        assert_eq!(seats.state, RegistrationState::Cancelled);
        assert_eq!(
            mails(app, "registration.merged", "trainee1@example.org")
                .await
                .len(),
            1
        );
        assert!(
            mails(app, "registration.cancelled", "trainee1@example.org")
                .await
                .is_empty()
        );
        assert_eq!(mails(app, "training.room_returned", HOST).await.len(), 1);
        app.work().await;
        let mail = app.mails_to("trainee1@example.org").pop().unwrap();
        assert!(mail.text.contains("名额已确定"), "{}", mail.text);
        let told = app.mails_to(ASKING);
        let goes = format!("/training/{next}");
        assert!(
            told.iter()
                .any(|mail| mail.text.contains("随之转入") && mail.text.contains(&goes)),
            "{told:?}"
        );
        // What was paid goes with them, and what is owed is the fee of the other run.
        let fees = run_fee::Entity::find()
            .all(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(fees.len(), 2);
        assert!(fees.iter().all(|fee| fee.run_id == next));
        assert_eq!(
            fees.iter()
                .filter(|fee| fee.state == FeeState::Paid)
                .count(),
            1
        );
        let page = group.read(&format!("/trainings/{next}/fees")).await;
        assert!(page.contains("24112000000012345678"), "{page}");
        let public = app.visitor().read(&format!("/training/{run}")).await;
        assert!(public.contains("这一期已取消"));
    }
}

#[tokio::test]
async fn fees_are_facts_with_a_day_and_a_list_for_the_finance_office() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let app = &school.app;
        let course = school.course(&[]).await;
        let run = school.published(course, "2026-10-20").await;
        school.enrol(run, 1..=2).await;
        let fees = run_fee::Entity::find()
            .all(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(fees.len(), 2);
        assert!(
            fees.iter()
                .all(|fee| fee.state == FeeState::Due && fee.amount_fen == 120_000)
        );
        let group = school.browser(GROUP).await;
        let path = format!("/trainings/{run}/fees/{}", fees[0].enrolment_id);
        let text = refused(
            group
                .post(&path, &[("fee_state", "paid"), ("fee", "1200")])
                .await,
        )
        .await;
        assert!(text.contains("请填缴费或退费的日期。"), "{text}");
        let paid = [
            ("fee_state", "paid"),
            ("fee", "1200"),
            ("on_date", "2026-09-14"),
            ("invoice_number", "24112000000012345678"),
        ];
        group.submit(&path, &paid).await;
        let fees = run_fee::Entity::find()
            .all(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(
            fees.iter()
                .filter(|fee| fee.state == FeeState::Paid)
                .count(),
            1
        );
        let page = group.read(&format!("/trainings/{run}/fees")).await;
        assert!(page.contains("24112000000012345678"));
        let file = group
            .get(&format!("/trainings/{run}/fees.xlsx"))
            .await
            .bytes()
            .await
            .unwrap();
        let sheet = expert_pool::foundation::sheets::read(
            &file,
            &expert_pool::foundation::sheets::Limits::default(),
        )
        .unwrap();
        assert_eq!(sheet.rows.len(), 2, "{sheet:?}");
        let other = school.published(course, "2026-11-17").await;
        let foreign = format!("/trainings/{other}/fees/{}", fees[0].enrolment_id);
        assert_eq!(
            group.post(&foreign, &paid).await.status(),
            StatusCode::NOT_FOUND
        );
    }
}
