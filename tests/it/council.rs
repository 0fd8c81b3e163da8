//! Assembly, council and its terms, over HTTP.

use entity::{
    expert::{self, ExpertState},
    expert_renewal,
    ids::{ExpertId, MeetingId, UnitId},
    mail,
    meeting::{self, MeetingState},
    role_grant::Role,
    unit::Tier,
};
use expert_pool::{experts::renew, people, units};
use reqwest::StatusCode;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, Iterable, QueryFilter};

use crate::support::{
    app::Browser,
    databases::databases,
    expert::expert_of,
    requests::{Office, refused, upload_as, with},
};

const MEETING: [(&str, &str); 8] = [
    ("kind", "council"),
    ("title", "第一届理事会第二次会议"),
    ("date", "2026-10-20"),
    ("from_time", "09:00"),
    ("to_time", "12:00"),
    ("place", "中国科技会堂"),
    ("agenda", "审议工作报告\n表决常务理事单位"),
    ("reply_by", "2026-10-13"),
];

async fn planned(desk: &Browser) -> MeetingId {
    let to = desk.submit("/meetings/new", &MEETING).await;
    let id = to
        .trim_start_matches("/meetings/")
        .split('?')
        .next()
        .unwrap();
    MeetingId(id.parse().unwrap())
}

async fn row(office: &Office, id: MeetingId) -> meeting::Model {
    meeting::Entity::find_by_id(id)
        .one(office.stage.ctx().store.read())
        .await
        .unwrap()
        .unwrap()
}

async fn unit(office: &Office, place: usize) -> UnitId {
    units::all(office.stage.ctx().store.read()).await.unwrap()[place].id
}

async fn told(office: &Office, kind: &str) -> usize {
    mail::Entity::find()
        .filter(mail::Column::Kind.eq(kind))
        .all(office.stage.ctx().store.read())
        .await
        .unwrap()
        .len()
}

const COMING: [(&str, &str); 3] = [
    ("reply", "coming"),
    ("attendee_name", "周叙白"),
    ("attendee_position", "标准化部主任"),
];

#[tokio::test]
async fn a_council_meets_with_notice_replies_attendance_and_minutes() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let app = &office.stage.app;
        let desk = office.desk().await;
        let wrong = with(
            &MEETING,
            &[("reply_by", "2026-10-20"), ("from_time", "早上")],
        );
        let page = refused(desk.post("/meetings/new", &wrong).await).await;
        assert!(page.contains("如 09:00") && page.contains("中国科技会堂"));
        let wrong = with(&MEETING, &[("reply_by", "2026-10-20")]);
        let page = refused(desk.post("/meetings/new", &wrong).await).await;
        assert!(page.contains("早于开会的 10月20日"));
        let id = planned(&desk).await;
        let contact = office.unit().await;
        let path = format!("/meetings/{id}");
        let answer = contact.get(&path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "nobody is told yet");
        let member = unit(&office, 5).await;
        let fields = [("tier", "member"), ("on", "2026-09-14"), ("reason", "x")];
        desk.submit(&format!("/units/{member}/tier"), &fields).await;
        desk.submit(&format!("{path}/call"), &[]).await;
        let page = desk.read(&path).await;
        assert!(page.contains("应到 42 个单位"), "43 founding units but one");
        assert_eq!(told(&office, "meetings.called").await, 1);
        app.work().await;
        let mails = app.mails_to("contact@example.org");
        assert!(
            mails
                .iter()
                .any(|mail| mail.subject.contains("第一届理事会第二次会议"))
        );
        assert!(
            contact
                .read("/home")
                .await
                .contains("请在10月13日（周二）前填回执")
        );

        let reply = format!("{path}/reply");
        let page = refused(contact.post(&reply, &[("reply", "coming")]).await).await;
        assert!(page.contains("id=\"attendee_name\""));
        contact.submit(&reply, &COMING).await;
        assert!(contact.read(&path).await.contains("参加，周叙白"));
        contact
            .submit(&reply, &[("reply", "absent"), ("reply_note", "出差")])
            .await;
        contact.submit(&reply, &COMING).await;
        assert!(desk.read(&path).await.contains("回执参加 1 个"));
        let notice = contact.read(&format!("{path}/papers/notice")).await;
        for said in [
            "关于召开第一届理事会第二次会议的通知",
            "回　执",
            "□ 参加",
            "（1）审议工作报告",
        ] {
            assert!(notice.contains(said), "{said}");
        }
        let sheet = contact.get(&format!("{path}/papers/sign-in")).await;
        assert_eq!(
            sheet.status(),
            StatusCode::NOT_FOUND,
            "names are for the secretariat"
        );
        let sheet = desk.read(&format!("{path}/papers/sign-in")).await;
        assert!(sheet.contains("周叙白") && sheet.contains("应到 42 个单位"));

        // Moved: told again, and the calendar follows.
        let moved = with(&MEETING, &[("date", "2026-10-22")]);
        desk.submit(&format!("{path}/edit"), &moved).await;
        assert_eq!(
            (
                told(&office, "meetings.moved").await,
                row(&office, id).await.sequence
            ),
            (1, 1)
        );
        let early = [("came", "x")];
        let page = refused(desk.post(&format!("{path}/attendance"), &early).await).await;
        assert!(page.contains("会议还没有开始"));
        app.set_time("2026-10-22 13:00");
        let (desk, contact) = (office.desk().await, office.unit().await);
        let page = refused(contact.post(&reply, &COMING).await).await;
        assert!(page.contains("会议已开始"));
        let all = units::all(office.stage.ctx().store.read()).await.unwrap();
        let came: Vec<_> = all[..3].iter().map(|unit| unit.id.to_string()).collect();
        let fields: Vec<_> = came.iter().map(|unit| ("came", unit.as_str())).collect();
        desk.submit(&format!("{path}/attendance"), &fields).await;
        assert_eq!(row(&office, id).await.state, MeetingState::Held);
        assert!(desk.read(&path).await.contains("实到 3 个"));
        let page = refused(
            desk.post(&format!("{path}/minutes"), &[("minutes", "")])
                .await,
        )
        .await;
        assert!(page.contains("id=\"minutes\""));
        let minutes = [("minutes", "会议审议通过工作报告。")];
        desk.submit(&format!("{path}/minutes"), &minutes).await;
        assert_eq!(told(&office, "meetings.minuted").await, 1);
        let paper = contact.read(&format!("{path}/papers/minutes")).await;
        for said in [
            "应到 42 个单位，实到 3 个",
            "会议审议通过工作报告",
            "出席：中国标准化协会",
        ] {
            assert!(paper.contains(said), "{said}: {paper}");
        }
        let cancel = refused(
            desk.post(&format!("{path}/cancel"), &[("cancel_reason", "x")])
                .await,
        );
        assert!(cancel.await.contains("不能这样办理"));
    }
}

#[tokio::test]
async fn yearly_meetings_are_due_and_those_who_come_are_reminded() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let app = &office.stage.app;
        let job = "committees.council_reminders";
        office.run(job).await;
        assert_eq!(told(&office, "meetings.duty_due").await, 0);
        let desk = office.desk().await;
        let id = planned(&desk).await;
        desk.submit(&format!("/meetings/{id}/call"), &[]).await;
        app.set_time("2026-10-12 10:00");
        office.run(job).await;
        office.run(job).await;
        assert_eq!(told(&office, "meetings.reply_wanted").await, 1);
        office
            .unit()
            .await
            .submit(&format!("/meetings/{id}/reply"), &COMING)
            .await;
        app.set_time("2026-10-15 10:00");
        office.run(job).await;
        assert_eq!(told(&office, "meetings.near").await, 1);
        app.set_time("2026-10-19 10:00");
        office.run(job).await;
        office.run(job).await;
        assert_eq!(told(&office, "meetings.near").await, 2);
        // The assembly is due a year after the term began, the council a year after it met.
        app.set_time("2027-07-16 10:00");
        office.run(job).await;
        office.run(job).await;
        assert_eq!(told(&office, "meetings.duty_due").await, 1);
        let home = office.desk().await.read("/home").await;
        assert!(
            home.contains("召开全体成员大会") && home.contains("最晚2027年9月14日"),
            "{home}"
        );
        app.set_time("2027-09-20 10:00");
        office.run(job).await;
        assert_eq!(
            told(&office, "meetings.duty_due").await,
            3,
            "late, and the council's turn"
        );
    }
}

#[tokio::test]
async fn a_seat_in_the_standing_council_takes_application_nomination_and_vote() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let app = &office.stage.app;
        let (desk, contact) = (office.desk().await, office.unit().await);
        let apply = [("text", "牵头国际标准化工作")];
        let page = refused(contact.post("/standing-council", &apply).await).await;
        assert!(page.contains("贵单位还没有牵头") && page.contains("还没有牵头"));
        let committee = expert_pool::committees::all(office.stage.ctx().store.read())
            .await
            .unwrap()[1]
            .id;
        let lead = office.asking.to_string();
        let fields = [("unit", lead.as_str()), ("part", "lead")];
        desk.submit(&format!("/committees/{committee}/units/new"), &fields)
            .await;
        assert!(
            contact
                .read("/standing-council")
                .await
                .contains("贵单位牵头“国际标准化委员会”")
        );
        contact.submit("/standing-council", &apply).await;
        let page = refused(contact.post("/standing-council", &apply).await).await;
        assert!(page.contains("正在办理"));
        // The unit may take it back, and apply again.
        let own = contact.read("/standing-council").await;
        let withdraw = action(&own, "/withdraw");
        assert!(!desk.read("/standing-council").await.contains("/withdraw"));
        contact.submit(&withdraw, &[]).await;
        let page = refused(contact.post(&withdraw, &[]).await).await;
        assert!(page.contains("已撤回"), "{page}");
        contact.submit("/standing-council", &apply).await;
        let page = desk.read("/standing-council").await;
        let nominate = action(&page, "/nominate");
        let id = nominate.split('/').nth(2).unwrap().to_owned();
        let page = refused(desk.post(&nominate, &[("do", "yes")]).await).await;
        assert!(page.contains(&format!("id=\"nomination-{id}\"")));
        let field = format!("nomination-{id}");
        let said = [("do", "yes"), (field.as_str(), "秘书处提名")];
        desk.submit(&nominate, &said).await;

        let meeting = planned(&desk).await;
        desk.submit(&format!("/meetings/{meeting}/call"), &[]).await;
        app.set_time("2026-10-20 13:00");
        let desk = office.desk().await;
        let vote = format!("/standing-council/{id}/vote");
        let held = meeting.to_string();
        let votes = |ayes: &'static str, noes: &'static str| {
            [
                ("meeting", held.as_str()),
                ("ayes", ayes),
                ("noes", noes),
                ("abstained", "0"),
            ]
        };
        let page = refused(desk.post(&vote, &votes("2", "1")).await).await;
        assert!(page.contains("还没有登记实到"));
        let all = units::all(office.stage.ctx().store.read()).await.unwrap();
        let came: Vec<_> = all[..3].iter().map(|unit| unit.id.to_string()).collect();
        let fields: Vec<_> = came.iter().map(|unit| ("came", unit.as_str())).collect();
        desk.submit(&format!("/meetings/{meeting}/attendance"), &fields)
            .await;
        let page = refused(desk.post(&vote, &votes("3", "1")).await).await;
        assert!(page.contains("共 4 票，多于实到的 3 个单位"));
        desk.submit(&vote, &votes("2", "1")).await;
        let unit = units::get(office.stage.ctx().store.read(), office.asking)
            .await
            .unwrap();
        assert_eq!(unit.tier, Tier::StandingCouncil);
        let history = units::tier_history(office.stage.ctx().store.read(), office.asking)
            .await
            .unwrap();
        assert!(
            history[0]
                .reason
                .contains("应到 43，实到 3，赞成 2、反对 1、弃权 0")
        );
        assert_eq!(told(&office, "meetings.voted").await, 1);
        let page = refused(desk.post(&vote, &votes("2", "1")).await).await;
        assert!(page.contains("已当选"));
    }
}

#[tokio::test]
async fn a_rollover_ends_whom_nobody_renewed_and_deletes_nobody() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let app = &office.stage.app;
        let ctx = office.stage.ctx();
        let term = units::current_term(ctx.store.read(), ctx.today())
            .await
            .unwrap();
        // One in every state, and two more who are engaged.
        let states = ExpertState::iter().chain([ExpertState::Engaged, ExpertState::Engaged]);
        let mut all = Vec::new();
        for (number, state) in states.enumerate() {
            let email = format!("roll{number}@example.org");
            let (person, _) = app.add_account("专家", &email, Role::Training, None).await;
            let unit = unit(&office, number + 1).await;
            let id = expert_of(app, person, Some(unit), state).await;
            set_end(&office, id, term.to_date).await;
            all.push((id, state));
        }
        let [.., declines, stays] = all.as_slice() else {
            unreachable!("there are twelve")
        };
        let suspended = all
            .iter()
            .find(|one| one.1 == ExpertState::Suspended)
            .unwrap();
        app.set_time("2028-08-14 10:00");
        office.run("experts.remind_of_terms").await;
        assert_eq!(
            told(&office, "experts.renewal_asked").await,
            0,
            "the next term is unknown"
        );
        office
            .desk()
            .await
            .submit("/terms", &[("from", "2028-09-14")])
            .await;
        office.run("experts.remind_of_terms").await;
        office.run("experts.remind_of_terms").await;
        assert_eq!(
            told(&office, "experts.renewal_asked").await,
            4,
            "engaged and suspended"
        );
        office.run("committees.council_reminders").await;
        assert_eq!(
            told(&office, "meetings.term_ends").await,
            2,
            "the one contact, the secretariat"
        );
        assert!(
            office
                .desk()
                .await
                .read("/home")
                .await
                .contains("4 位专家还没有答复续聘")
        );

        let visitor = app.visitor();
        let path = link_of(&office, stays.0).await;
        let page = visitor.read(&path).await;
        assert!(page.contains("请确认是否续聘") && page.contains("2030年9月13日"));
        let page = refused(visitor.post(&path, &[("answer", "yes")]).await).await;
        assert!(page.contains("请确认资料仍然正确"));
        let yes = [
            ("answer", "yes"),
            ("pool", "1"),
            ("secrecy", "1"),
            ("integrity", "1"),
            ("profile", "1"),
        ];
        answer(&visitor, &path, &yes).await;
        let renewed = expert(&office, stays.0).await;
        let again = visitor.post(&path, &yes).await;
        assert_eq!(
            again.status(),
            StatusCode::OK,
            "the page says where things stand"
        );
        assert_eq!(
            expert(&office, stays.0).await,
            renewed,
            "a yes is given once"
        );
        assert_eq!(renewed.engaged_to.unwrap().to_string(), "2030-09-13");
        assert_eq!(renewed.state, ExpertState::Engaged);
        assert!(visitor.read(&path).await.contains("您已同意续聘"));
        let other = app.visitor();
        let path = link_of(&office, declines.0).await;
        answer(&other, &path, &[("answer", "no"), ("reason", "退休")]).await;
        let paused = app.visitor();
        let path = link_of(&office, suspended.0).await;
        answer(&paused, &path, &yes).await;
        let kept = expert_renewal::Entity::find()
            .all(ctx.store.read())
            .await
            .unwrap();
        assert_eq!(kept.len(), 3);

        app.set_time("2028-09-13 10:00");
        office.run("experts.end_terms").await;
        assert_eq!(
            expert(&office, declines.0).await.state,
            ExpertState::Engaged,
            "the last day"
        );
        app.set_time("2028-09-14 10:00");
        assert_eq!(office.run("experts.end_terms").await, 2);
        for (id, before) in &all {
            let after = expert(&office, *id).await.state;
            let stays = *id == stays.0 || *id == suspended.0;
            let ends = *before == ExpertState::Engaged && !stays;
            let expected = if ends { ExpertState::Expired } else { *before };
            assert_eq!(after, expected, "{before:?}");
        }
        assert_eq!(
            expert::Entity::find()
                .all(ctx.store.read())
                .await
                .unwrap()
                .len(),
            all.len()
        );
        let now = units::current_term(ctx.store.read(), ctx.today())
            .await
            .unwrap();
        assert_eq!(now.number, 2);
        // Tiers and units are what they were.
        let units = units::all(ctx.store.read()).await.unwrap();
        assert!(units.len() == 43 && units.iter().all(|unit| unit.tier == Tier::Council));
    }
}

#[tokio::test]
async fn an_answer_about_another_term_is_recorded_from_paper_and_by_phone() {
    for database in databases().await {
        let office = Office::open(database, 2).await;
        let app = &office.stage.app;
        let ctx = office.stage.ctx();
        let [stays, leaves] = [office.stage.experts[0].id, office.stage.experts[1].id];
        let term = units::current_term(ctx.store.read(), ctx.today())
            .await
            .unwrap();
        for id in [stays, leaves] {
            set_end(&office, id, term.to_date).await;
        }
        app.set_time("2028-08-14 10:00");
        let desk = office.desk().await;
        let path = format!("/experts/{stays}/renewal");
        let answer = [
            ("answer", "yes"),
            ("signed_on", "2028-08-11"),
            ("how", "挂号信原件"),
        ];
        let page = desk.read(&format!("/experts/{stays}")).await;
        assert!(!page.contains("记录续聘答复"), "the next term is unknown");
        let scan: (&str, &[u8]) = ("同意书.pdf", b"%PDF-1.7 signed");
        let early = upload_as(&desk, &path, &answer, "scan", &[scan]).await;
        assert!(refused(early).await.contains("没有待答复的续聘"));

        desk.submit("/terms", &[("from", "2028-09-14")]).await;
        let page = desk.read(&format!("/experts/{stays}")).await;
        assert!(page.contains("记录续聘答复"), "{page}");
        let paper = desk.read(&format!("/experts/{stays}/papers/consent")).await;
        assert!(paper.contains("2030年9月13日"), "{paper}");
        let page = refused(desk.post(&path, &answer).await).await;
        assert!(page.contains("扫描件"), "a yes needs the signature");
        let kept = upload_as(&desk, &path, &answer, "scan", &[scan]).await;
        assert_eq!(kept.status(), StatusCode::SEE_OTHER);
        let row = expert(&office, stays).await;
        assert_eq!(row.engaged_to.unwrap().to_string(), "2030-09-13");
        let consents = people::consents::of(ctx.store.read(), row.person_id)
            .await
            .unwrap();
        assert!(consents.len() == 3 && consents.iter().all(|one| one.channel == "paper"));
        let page = desk.read(&format!("/experts/{stays}")).await;
        assert!(
            page.contains("挂号信原件") && page.contains("本人签字扫描件"),
            "{page}"
        );

        // A no needs no scan, and ends nothing before the last day.
        let no = [
            ("answer", "no"),
            ("signed_on", "2028-08-14"),
            ("how", "本人来电"),
        ];
        desk.submit(&format!("/experts/{leaves}/renewal"), &no)
            .await;
        assert_eq!(expert(&office, leaves).await.state, ExpertState::Engaged);
        let answers = expert_renewal::Entity::find()
            .all(ctx.store.read())
            .await
            .unwrap();
        assert!(answers.len() == 2 && answers.iter().all(|one| one.channel == "paper"));
        app.set_time("2028-09-14 10:00");
        assert_eq!(office.run("experts.end_terms").await, 1);
        assert_eq!(expert(&office, leaves).await.state, ExpertState::Expired);
    }
}

async fn expert(office: &Office, id: ExpertId) -> expert::Model {
    expert::Entity::find_by_id(id)
        .one(office.stage.ctx().store.read())
        .await
        .unwrap()
        .unwrap()
}

async fn set_end(office: &Office, id: ExpertId, last: chrono::NaiveDate) {
    let tx = office.stage.ctx().store.begin().await.unwrap();
    expert::Entity::update(expert::ActiveModel {
        id: Set(id),
        engaged_to: Set(Some(last)),
        ..Default::default()
    })
    .exec(tx.db())
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

async fn link_of(office: &Office, id: ExpertId) -> String {
    let row = expert(office, id).await;
    office.stage.ctx().links.path(&renew::target(&row))
}

/// Answers as a browser does that kept the page's cookie.
async fn answer(browser: &Browser, path: &str, fields: &[(&str, &str)]) {
    let page = browser.read(path).await;
    let proof = page
        .split("name=\"proof\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned();
    let all: Vec<_> = fields
        .iter()
        .copied()
        .chain([("proof", proof.as_str())])
        .collect();
    browser.submit(path, &all).await;
}

/// The first path on a page that ends so.
fn action(page: &str, ending: &str) -> String {
    page.split("action=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .find(|path| path.ends_with(ending))
        .expect("a form with such a path")
        .to_owned()
}
