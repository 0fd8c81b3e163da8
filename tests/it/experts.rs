//! Experts: recommendation, approval, engagement by link, own page, import, terms.

use entity::{
    consent, expert,
    expert::ExpertState,
    ids::{AccountId, ExpertId, PersonId, UnitId},
    mail, person,
    role_grant::Role,
    unit,
};
use expert_pool::{
    accounts::{Actor, Grant},
    experts::{
        consent_texts::ConsentText, decide, end, engage, guest, import::import, jobs, keep,
        recommend, rules::Step,
    },
    foundation::{
        error::{Error, Result},
        files::Upload,
        schedule::Slot,
        ui::Fields,
    },
    units,
};
use reqwest::StatusCode;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::support::{
    app::{Browser, TestApp, shanghai},
    databases::databases,
};

/// Somebody with a role, made in the database too.
async fn somebody(
    app: &TestApp,
    name: &str,
    email: &str,
    role: Role,
    unit: Option<UnitId>,
) -> Actor {
    let (person, account): (PersonId, AccountId) = app.add_account(name, email, role, unit).await;
    Actor {
        person,
        account: Some(account),
        session: uuid::Uuid::from_u128(1).into(),
        name: name.to_owned(),
        sample: false,
        grants: vec![Grant {
            role,
            unit,
            committee: None,
        }],
    }
}

async fn contact(app: &TestApp, unit: &unit::Model, email: &str) -> Actor {
    somebody(app, "周叙白", email, Role::Contact, Some(unit.id)).await
}

async fn approver(app: &TestApp, name: &str) -> Actor {
    somebody(
        app,
        name,
        &format!("{}@example.org", name.len() + app.table.len()),
        Role::Approver,
        None,
    )
    .await
}

/// The unit at `place` of the founding list; the first runs the secretariat.
async fn council_unit(app: &TestApp, place: usize) -> unit::Model {
    units::all(app.ctx.store.read()).await.unwrap()[place].clone()
}

/// A complete form for somebody.
fn form(name: &str, email: &str) -> Fields {
    Fields::default()
        .with("name", name)
        .with("kind", "technical")
        .with("position", "研究室主任")
        .with("title", "研究员")
        .with("email", email)
        .with("domains", "29.240；K44")
        .with("keywords", "输电；配电；继电保护；储能；虚拟电厂")
        .with("bio", "长期从事配电网标准研究。")
}

fn scan() -> Upload {
    Upload {
        name: "推荐表.pdf".into(),
        bytes: b"%PDF-1.7 stamped".to_vec(),
    }
}

async fn draft(app: &TestApp, actor: &Actor, unit: UnitId, fields: &Fields) -> ExpertId {
    recommend::save(&app.ctx, actor, unit, None, fields, Some(&scan()))
        .await
        .unwrap()
}

async fn recommended(
    app: &TestApp,
    actor: &Actor,
    unit: UnitId,
    name: &str,
    email: &str,
) -> ExpertId {
    let id = draft(app, actor, unit, &form(name, email)).await;
    recommend::send(&app.ctx, actor, unit, id).await.unwrap();
    id
}

async fn row(app: &TestApp, id: ExpertId) -> expert::Model {
    expert::Entity::find_by_id(id)
        .one(app.ctx.store.read())
        .await
        .unwrap()
        .unwrap()
}

async fn state(app: &TestApp, id: ExpertId) -> ExpertState {
    row(app, id).await.state
}

/// The link that the person was mailed.
async fn link(app: &TestApp, id: ExpertId) -> String {
    app.ctx.links.path(&engage::target(&row(app, id).await))
}

fn token(link: &str) -> &str {
    link.strip_prefix("/e/").unwrap()
}

/// Somebody who is engaged, all the way.
async fn engaged(app: &TestApp, unit: &unit::Model, name: &str, email: &str) -> ExpertId {
    let by = contact(app, unit, &format!("contact-{email}")).await;
    let id = recommended(app, &by, unit.id, name, email).await;
    let approver = somebody(
        app,
        "彭望舒",
        &format!("approver-{email}"),
        Role::Approver,
        None,
    )
    .await;
    decide::approve(&app.ctx, &approver, id, &Fields::default())
        .await
        .unwrap();
    engage::answer(
        &app.ctx,
        token(&link(app, id).await),
        &engage::Answer::Accept,
    )
    .await
    .unwrap();
    id
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result {
        Err(Error::Refused(refusal) | Error::Conflict(refusal)) => refusal.code.to_owned(),
        Err(Error::Invalid(errors)) => {
            let codes: Vec<_> = errors
                .iter()
                .map(|(field, refusal)| format!("{field}:{}", refusal.code))
                .collect();
            codes.join(" ")
        }
        Err(Error::NotFound) => "not found".to_owned(),
        other => format!("{other:?}"),
    }
}

async fn mails(app: &TestApp, kind: &str) -> Vec<mail::Model> {
    mail::Entity::find()
        .filter(mail::Column::Kind.eq(kind))
        .all(app.ctx.store.read())
        .await
        .unwrap()
}

/// A session as a mailed link starts it.
async fn expert_browser(app: &TestApp, person: PersonId) -> ExpertBrowser {
    let tx = app.ctx.store.begin().await.unwrap();
    let cookie = expert_pool::accounts::start(&tx, &app.ctx.config, person, None, "test", 12)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    ExpertBrowser {
        browser: app.visitor(),
        cookie: format!("{}={}", cookie.name(), cookie.value()),
    }
}

struct ExpertBrowser {
    browser: Browser,
    cookie: String,
}

impl ExpertBrowser {
    async fn get(&self, path: &str) -> (StatusCode, String) {
        let request = self
            .browser
            .client()
            .get(self.browser.address(path))
            .header("cookie", &self.cookie);
        let answer = request.send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let request = self
            .browser
            .client()
            .post(self.browser.address(path))
            .header("cookie", &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .form(fields);
        let answer = request.send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }
}

#[tokio::test]
async fn two_at_once_for_the_last_seat_give_one() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 5).await;
        let by = contact(&app, &unit, "zhou@example.org").await;
        recommended(&app, &by, unit.id, "沈知行", "shen@example.org").await;
        let one = draft(&app, &by, unit.id, &form("林岚", "lin@example.org")).await;
        let two = draft(&app, &by, unit.id, &form("高远图", "gao@example.org")).await;
        let (first, second) = tokio::join!(
            recommend::send(&app.ctx, &by, unit.id, one),
            recommend::send(&app.ctx, &by, unit.id, two)
        );
        let codes = [code(first), code(second)];
        assert!(codes.contains(&"Ok(())".to_owned()), "{codes:?}");
        assert!(
            codes.contains(&"experts.quota_full".to_owned()),
            "{codes:?}"
        );
        let states = [state(&app, one).await, state(&app, two).await];
        assert!(states.contains(&ExpertState::Draft) && states.contains(&ExpertState::Recommended));

        // The refusal names the two; a seat that is given back can be taken.
        let (waiting, sent) = if states[0] == ExpertState::Draft {
            (one, two)
        } else {
            (two, one)
        };
        match recommend::send(&app.ctx, &by, unit.id, waiting).await {
            Err(Error::Refused(refusal)) => {
                let names = &refusal
                    .facts
                    .iter()
                    .find(|(name, _)| *name == "names")
                    .unwrap()
                    .1;
                assert!(names.contains("沈知行") && names.contains('、'), "{names}");
            }
            other => panic!("{other:?}"),
        }
        let reason = Fields::default().with("reason", "本人调离");
        recommend::withdraw(&app.ctx, &by, unit.id, sent, &reason)
            .await
            .unwrap();
        recommend::send(&app.ctx, &by, unit.id, waiting)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn two_units_at_once_never_get_the_same_person() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (a, b) = (council_unit(&app, 3).await, council_unit(&app, 4).await);
        let by_a = contact(&app, &a, "a@example.org").await;
        let by_b = contact(&app, &b, "b@example.org").await;
        let one = draft(&app, &by_a, a.id, &form("沈知行", "shen@example.org")).await;
        let two = draft(&app, &by_b, b.id, &form("沈知行", "Shen@Example.org")).await;
        let (first, second) = tokio::join!(
            recommend::send(&app.ctx, &by_a, a.id, one),
            recommend::send(&app.ctx, &by_b, b.id, two)
        );
        let mut codes = [code(first), code(second)];
        codes.sort();
        assert_eq!(codes, ["Ok(())", "experts.duplicate"]);
    }
}

#[tokio::test]
async fn only_a_complete_form_of_a_council_unit_is_sent() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 6).await;
        let by = contact(&app, &unit, "zhou@example.org").await;
        let thin = Fields::default()
            .with("name", "沈知行")
            .with("kind", "technical");
        let id = draft(&app, &by, unit.id, &thin).await;
        assert_eq!(
            code(recommend::send(&app.ctx, &by, unit.id, id).await),
            "position:form.required title:form.required mobile:experts.unreachable domains:experts.no_domain keywords:experts.few_keywords bio:form.required"
        );
        let other = council_unit(&app, 7).await;
        assert_eq!(
            code(recommend::send(&app.ctx, &by, other.id, id).await),
            "not found"
        );

        let tx = app.ctx.store.begin().await.unwrap();
        unit::Entity::update(unit::ActiveModel {
            id: Set(unit.id),
            tier: Set(unit::Tier::Member),
            ..Default::default()
        })
        .exec(tx.db())
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let full = form("沈知行", "shen@example.org");
        let saved = recommend::save(&app.ctx, &by, unit.id, Some(id), &full, None).await;
        assert_eq!(code(saved), "experts.not_council");
    }
}

#[tokio::test]
async fn a_recommendation_goes_through_the_pages_to_the_letter() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 8).await;
        contact(&app, &unit, "zhou@example.org").await;
        approver(&app, "彭望舒").await;
        somebody(&app, "郝培林", "hao@example.org", Role::Approver, None).await;
        somebody(&app, "何静宜", "he@example.org", Role::Handler, None).await;
        let zhou = app.signed_in("zhou@example.org").await;
        assert!(zhou.read("/nominations").await.contains("已用 0 个"));

        // What is missing is told at the fields, and what was typed is kept as a draft.
        let mut typed: Vec<(String, String)> = form("沈知行", "shen@example.org")
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        typed.push(("step".into(), "send".into()));
        let fields: Vec<(&str, &str)> = typed
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let thin: Vec<_> = fields
            .iter()
            .copied()
            .filter(|(name, _)| *name != "keywords")
            .collect();
        let answer = zhou.post("/nominations/new", &thin).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let text = answer.text().await.unwrap();
        assert!(
            text.contains("关键词至少 5 个") && text.contains("value=\"沈知行\""),
            "{text}"
        );
        let id = expert::Entity::find()
            .one(app.ctx.store.read())
            .await
            .unwrap()
            .unwrap()
            .id;
        let page = format!("/nominations/{id}");
        assert!(
            text.contains(&format!("action=\"{page}\"")),
            "the next try goes to the same draft"
        );
        assert_eq!(zhou.submit(&page, &fields).await, "/nominations?done=sent");
        assert!(zhou.read("/nominations").await.contains("已用 1 个"));

        // Without the stamped form nothing is approved; it is returned and sent again with it.
        let hao = app.signed_in("hao@example.org").await;
        assert!(
            hao.read("/recommendations")
                .await
                .contains("缺盖章的推荐表扫描件")
        );
        let steps = format!("/experts/{id}/steps");
        let answer = hao.post(&steps, &[("step", "approve")]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let back = hao
            .submit(&steps, &[("step", "return"), ("reason", "请补盖章页")])
            .await;
        assert_eq!(back, format!("/experts/{id}?done=returned"));
        assert!(zhou.read(&page).await.contains("请补盖章页"));
        let file = reqwest::multipart::Part::bytes(scan().bytes).file_name("推荐表.pdf");
        let mut multipart = reqwest::multipart::Form::new().part("scan", file);
        for (name, value) in &typed {
            multipart = multipart.text(name.clone(), value.clone());
        }
        let answer = zhou
            .client()
            .post(zhou.address(&page))
            .header("sec-fetch-site", "same-origin")
            .multipart(multipart)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        hao.submit(&steps, &[("step", "approve")]).await;
        assert_eq!(state(&app, id).await, ExpertState::Approved);
        assert_eq!(mails(&app, "experts.confirm").await.len(), 1);

        // Contact data is masked; a look is recorded.
        let he = app.signed_in("he@example.org").await;
        let masked = he.read(&format!("/experts/{id}")).await;
        assert!(masked.contains("s***@example.org") && !masked.contains("shen@example.org"));
        let shown = he
            .post(&format!("/experts/{id}/reveal"), &[])
            .await
            .text()
            .await
            .unwrap();
        assert!(shown.contains("shen@example.org"));
        let looks = entity::audit_entry::Entity::find()
            .filter(entity::audit_entry::Column::Action.eq("experts.reveal"))
            .count(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(looks, 1);
        assert_eq!(
            hao.post(&format!("/experts/{id}/reveal"), &[])
                .await
                .status(),
            StatusCode::NOT_FOUND
        );

        // The person: reading changes nothing, an answer is explicit.
        let link = link(&app, id).await;
        let visitor = app.visitor();
        for _ in 0..2 {
            assert!(visitor.read(&link).await.contains("您同意受聘吗"));
        }
        let silent = visitor.post(&link, &[("pool", "1")]).await;
        assert_eq!(silent.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(state(&app, id).await, ExpertState::Approved);

        // A browser without cookies is asked once more, with its choice kept, and then counts.
        let yes = [
            ("answer", "yes"),
            ("pool", "1"),
            ("secrecy", "1"),
            ("integrity", "1"),
        ];
        let bare = app.visitor();
        let again = bare.post(&link, &yes).await.text().await.unwrap();
        assert_eq!(state(&app, id).await, ExpertState::Approved);
        assert!(again.contains("id=\"yes\" value=\"yes\" checked"));
        let proof = between(&again, "name=\"again\" value=\"", "\"");
        let other = app.visitor();
        let mut declined = vec![("answer", "no"), ("again", proof)];
        other.post(&link, &declined).await;
        assert_eq!(
            state(&app, id).await,
            ExpertState::Approved,
            "a confirmation is of one choice"
        );
        declined.clear();
        let mut confirmed = yes.to_vec();
        confirmed.push(("again", proof));
        assert_eq!(other.submit(&link, &confirmed).await, link);
        assert_eq!(state(&app, id).await, ExpertState::Engaged);

        // Twice is once; the link stays and shows the letter.
        other.submit(&link, &confirmed).await;
        let status = visitor.read(&link).await;
        assert!(status.contains("您已受聘") && status.contains("团标联聘〔2026〕001号"));
        assert!(
            visitor
                .read(&format!("{link}/engagement"))
                .await
                .contains("兹聘请您担任")
        );
        let file = visitor.get(&format!("{link}/engagement.docx")).await;
        assert_eq!(file.status(), StatusCode::OK);
        assert!(file.bytes().await.unwrap().starts_with(b"PK"));
        assert_eq!(
            visitor.get(&format!("{link}/nomination")).await.status(),
            StatusCode::NOT_FOUND
        );
        let row = row(&app, id).await;
        let term = units::current_term(app.ctx.store.read(), app.ctx.today())
            .await
            .unwrap();
        assert_eq!(
            (row.engaged_from, row.engaged_to),
            (Some(app.ctx.today()), Some(term.to_date))
        );
        let consents = consent::Entity::find()
            .filter(consent::Column::PersonId.eq(row.person_id))
            .all(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(consents.len(), ConsentText::ALL.len());
        assert!(
            consents
                .iter()
                .all(|consent| consent.version == "2026-1" && consent.channel == "link")
        );
        let told: Vec<_> = mails(&app, "experts.to_expert")
            .await
            .into_iter()
            .map(|mail| mail.address)
            .collect();
        assert_eq!(told, [Some("shen@example.org".to_owned())]);
        assert!(
            zhou.read(&format!("/experts/{id}/papers/engagement"))
                .await
                .contains("沈知行")
        );
        assert!(he.read("/experts?q=szx").await.contains("沈知行"));
        assert!(he.read("/experts?q=29").await.contains("沈知行"));
        assert!(
            he.read("/experts?q=95")
                .await
                .contains("没有符合条件的专家")
        );
        let export = he.get("/experts/export").await.bytes().await.unwrap();
        assert!(export.starts_with(b"PK"));
    }
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let rest = &text[text
        .find(from)
        .unwrap_or_else(|| panic!("no {from} in {text}"))
        + from.len()..];
    &rest[..rest.find(to).unwrap()]
}

#[tokio::test]
async fn a_link_that_does_not_hold_opens_nothing_and_a_closed_one_says_so() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 9).await;
        let by = contact(&app, &unit, "zhou@example.org").await;
        let approver = approver(&app, "彭望舒").await;
        let handler = somebody(&app, "何静宜", "he@example.org", Role::Handler, None).await;
        let id = recommended(&app, &by, unit.id, "沈知行", "shen@example.org").await;
        decide::approve(&app.ctx, &approver, id, &Fields::default())
            .await
            .unwrap();
        let old = link(&app, id).await;
        decide::ask_again(&app.ctx, &handler, id).await.unwrap();
        let new = link(&app, id).await;
        let visitor = app.visitor();
        assert_eq!(visitor.get(&old).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(
            visitor.get("/e/short").await.status(),
            StatusCode::NOT_FOUND
        );
        assert!(visitor.read(&new).await.contains("您同意受聘吗"));
        let reason = Fields::default().with("reason", "本人调离");
        recommend::withdraw(&app.ctx, &by, unit.id, id, &reason)
            .await
            .unwrap();
        assert!(visitor.read(&new).await.contains("这次聘任已撤回"));
        engage::answer(&app.ctx, token(&new), &engage::Answer::Accept)
            .await
            .unwrap();
        assert_eq!(
            state(&app, id).await,
            ExpertState::Withdrawn,
            "a late answer changes nothing"
        );
        let waiting = mails(&app, "experts.confirm").await;
        assert!(
            waiting
                .iter()
                .all(|mail| mail.state == mail::MailState::Cancelled),
            "{waiting:?}"
        );
    }
}

#[tokio::test]
async fn the_secretariats_own_unit_needs_two_people_or_a_recorded_exception() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = units::secretariat(app.ctx.store.read())
            .await
            .unwrap()
            .unwrap();
        let by = contact(&app, &unit, "zhou@example.org").await;
        let one = somebody(&app, "彭望舒", "peng@example.org", Role::Approver, None).await;
        let two = somebody(&app, "郝培林", "hao@example.org", Role::Approver, None).await;
        let none = Fields::default();

        let id = recommended(&app, &by, unit.id, "沈知行", "shen@example.org").await;
        decide::approve(&app.ctx, &one, id, &none).await.unwrap();
        assert_eq!(state(&app, id).await, ExpertState::Recommended);
        assert_eq!(
            code(decide::approve(&app.ctx, &one, id, &none).await),
            "experts.same_approver"
        );
        decide::approve(&app.ctx, &two, id, &none).await.unwrap();
        assert_eq!(state(&app, id).await, ExpertState::Approved);

        let id = recommended(&app, &by, unit.id, "林岚", "lin@example.org").await;
        let exception = Fields::default().with("exception", "另一位审批人休假");
        decide::approve(&app.ctx, &one, id, &exception)
            .await
            .unwrap();
        assert_eq!(row(&app, id).await.exception_note, "另一位审批人休假");
        let peng = app.signed_in("peng@example.org").await;
        assert!(
            peng.read(&format!("/experts/{id}"))
                .await
                .contains("另一位审批人休假")
        );

        // Who recommends and also approves does not approve the own recommendation.
        let both = Actor {
            grants: vec![
                Grant {
                    role: Role::Approver,
                    unit: None,
                    committee: None,
                },
                Grant {
                    role: Role::Contact,
                    unit: Some(council_unit(&app, 10).await.id),
                    committee: None,
                },
            ],
            ..by.clone()
        };
        let other = council_unit(&app, 10).await;
        let id = recommended(&app, &both, other.id, "高远图", "gao@example.org").await;
        assert_eq!(
            code(decide::approve(&app.ctx, &both, id, &exception).await),
            "experts.own_recommendation"
        );
        assert_eq!(
            code(decide::approve(&app.ctx, &by, id, &none).await),
            "not found"
        );
    }
}

#[tokio::test]
async fn steps_that_do_not_follow_are_refused_and_leave_no_trace() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 11).await;
        let by = contact(&app, &unit, "zhou@example.org").await;
        let approver = approver(&app, "彭望舒").await;
        let reason = Fields::default().with("reason", "原因");
        let id = draft(&app, &by, unit.id, &form("沈知行", "shen@example.org")).await;
        let wrong = "experts.wrong_state";
        assert_eq!(
            code(decide::approve(&app.ctx, &approver, id, &reason).await),
            wrong
        );
        assert_eq!(
            code(decide::return_to_unit(&app.ctx, &approver, id, &reason).await),
            wrong
        );
        for step in [Step::Suspend, Step::Resume, Step::End] {
            assert_eq!(
                code(end::decide(&app.ctx, &approver, id, step, &reason).await),
                wrong,
                "{step:?}"
            );
        }
        assert_eq!(state(&app, id).await, ExpertState::Draft);
        let id = engaged(
            &app,
            &council_unit(&app, 12).await,
            "林岚",
            "lin@example.org",
        )
        .await;
        assert_eq!(
            code(end::decide(&app.ctx, &approver, id, Step::Resume, &reason).await),
            wrong
        );
        assert_eq!(
            code(end::decide(&app.ctx, &approver, id, Step::End, &Fields::default()).await),
            "reason:form.required"
        );
        end::decide(&app.ctx, &approver, id, Step::Suspend, &reason)
            .await
            .unwrap();
        end::decide(&app.ctx, &approver, id, Step::Resume, &reason)
            .await
            .unwrap();
        end::decide(&app.ctx, &approver, id, Step::End, &reason)
            .await
            .unwrap();
        assert_eq!(
            code(end::decide(&app.ctx, &approver, id, Step::Suspend, &reason).await),
            wrong
        );
        let own_unit = council_unit(&app, 12).await;
        let actor = contact(&app, &own_unit, "second@example.org").await;
        assert_eq!(
            code(recommend::withdraw(&app.ctx, &actor, own_unit.id, id, &reason).await),
            wrong
        );
    }
}

#[tokio::test]
async fn everybody_sees_only_their_own() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (a, b) = (council_unit(&app, 13).await, council_unit(&app, 14).await);
        let by = contact(&app, &a, "a@example.org").await;
        contact(&app, &b, "b@example.org").await;
        let id = recommended(&app, &by, a.id, "沈知行", "shen@example.org").await;
        let stranger = app.signed_in("b@example.org").await;
        for path in [
            format!("/nominations/{id}"),
            format!("/experts/{id}"),
            format!("/experts/{id}/papers/nomination"),
            "/experts".to_owned(),
            "/experts/export".to_owned(),
            "/recommendations".to_owned(),
            "/experts/guest".to_owned(),
            "/my".to_owned(),
        ] {
            assert_eq!(
                stranger.get(&path).await.status(),
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
        let reason = [("reason", "试试")];
        let answer = stranger
            .post(&format!("/nominations/{id}/withdraw"), &reason)
            .await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert_eq!(state(&app, id).await, ExpertState::Recommended);
        let own = app.signed_in("a@example.org").await;
        assert!(
            own.read(&format!("/experts/{id}/papers/nomination"))
                .await
                .contains("单位意见")
        );
        let codes = own.read("/codes?q=29.24").await;
        assert!(codes.contains("\"value\":\"29.240\""), "{codes}");
    }
}

#[tokio::test]
async fn a_guest_takes_no_seat_and_is_approved_by_another() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let handler = somebody(&app, "何静宜", "he@example.org", Role::Handler, None).await;
        let approver = approver(&app, "彭望舒").await;
        let unit = council_unit(&app, 15).await;
        let fields = form("顾北辰", "gu@example.org").with("affiliation", &unit.name);
        assert_eq!(
            code(guest::propose(&app.ctx, &handler, &fields).await),
            "guest_reason:form.required"
        );
        let fields = fields.with("guest_reason", "库内没有储能专家");
        let id = guest::propose(&app.ctx, &handler, &fields).await.unwrap();
        let guest_row = row(&app, id).await;
        assert_eq!(
            guest_row.unit_id,
            Some(unit.id),
            "recusal has to know the unit"
        );
        decide::approve(&app.ctx, &approver, id, &Fields::default())
            .await
            .unwrap();
        engage::answer(
            &app.ctx,
            token(&link(&app, id).await),
            &engage::Answer::Accept,
        )
        .await
        .unwrap();
        let by = contact(&app, &unit, "zhou@example.org").await;
        recommended(&app, &by, unit.id, "沈知行", "shen@example.org").await;
        recommended(&app, &by, unit.id, "林岚", "lin@example.org").await;
        assert_eq!(
            mails(&app, "experts.to_unit").await.len(),
            0,
            "the unit has no part in it"
        );
        let zhou = app.signed_in("zhou@example.org").await;
        assert_eq!(
            zhou.get(&format!("/experts/{id}")).await.status(),
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn a_contact_who_is_recommended_stays_one_person() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 16).await;
        let by = contact(&app, &unit, "zhou@example.org").await;
        let id = recommended(&app, &by, unit.id, "周叙白", "zhou@example.org").await;
        let draft_person = row(&app, id).await.person_id;
        assert_ne!(
            draft_person, by.person,
            "a draft never touches the row of somebody else"
        );
        decide::approve(
            &app.ctx,
            &approver(&app, "彭望舒").await,
            id,
            &Fields::default(),
        )
        .await
        .unwrap();
        assert_eq!(row(&app, id).await.person_id, by.person);
        let gone = person::Entity::find_by_id(draft_person)
            .one(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(gone, None);
    }
}

#[tokio::test]
async fn good_rows_are_imported_and_bad_ones_told() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let names: Vec<_> = units::all(app.ctx.store.read())
            .await
            .unwrap()
            .into_iter()
            .map(|unit| unit.name)
            .collect();
        let (a, b) = (&names[17], &names[18]);
        let table = format!(
            "姓名,推荐单位,类别,手机,邮箱,领域,关键词,聘书编号,聘任日期,聘期至,状态\n\
             沈知行,{a},技术,19900000001,shen@example.org,29.240,输电；配电,团标联聘〔2026〕031号,2026/3/1,2028/2/29,已聘任\n\
             林岚,{a},标准化,,lin@example.org,K44,,团标联聘〔2026〕007号,2026年3月1日,,中止\n\
             高远图,{a},技术,,gao@example.org,29.240,,团标联聘〔2026〕032号,2026-03-01,,\n\
             方之涵,{b},技术,19900000001,fang@example.org,29.240,,团标联聘〔2026〕033号,2026-03-01,,\n\
             顾北辰,没有的单位,技术,,gu@example.org,29.240,,团标联聘〔2026〕034号,2026-03-01,,\n\
             卞学农,{b},专家,,不是邮箱,风机,,,去年,,退休\n\
             陆文钊,{b},技术,,lu@example.org,29.240,,团标联聘〔2026〕031号,2026-03-01,,\n\
             邵静怡,{b},技术,,shao@example.org,29.240,,团标联聘〔2026〕035号,2026-03-01,2025-03-01,\n"
        );
        let dry = import(&app.ctx, table.as_bytes(), true).await.unwrap();
        let count = expert::Entity::find()
            .count(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(count, 0, "a dry run keeps nothing");
        let report = import(&app.ctx, table.as_bytes(), false).await.unwrap();
        assert_eq!(dry, report, "a dry run says what the import says");
        let added: Vec<_> = report
            .added
            .iter()
            .map(|(line, name)| (*line, name.as_str()))
            .collect();
        assert_eq!(added, [(2, "沈知行"), (3, "林岚")]);
        let refused: Vec<(usize, Vec<&str>)> = report
            .refused
            .iter()
            .map(|(line, refusals)| (*line, refusals.iter().map(|refusal| refusal.code).collect()))
            .collect();
        assert_eq!(
            refused,
            [
                (4, vec!["experts.quota_full"]),
                (5, vec!["experts.duplicate"]),
                (6, vec!["experts.unknown_unit"]),
                (
                    7,
                    vec![
                        "experts.unknown_kind",
                        "form.not_an_address",
                        "experts.code_unknown",
                        "form.required",
                        "form.not_a_date",
                        "experts.unknown_state"
                    ]
                ),
                (8, vec!["experts.number_taken"]),
                (9, vec!["experts.bad_term_days"]),
            ]
        );
        let again = import(&app.ctx, table.as_bytes(), false).await.unwrap();
        assert_eq!(again.added, [], "what is there is not added twice");

        // New numbers go on behind those that were given before.
        let id = engaged(
            &app,
            &council_unit(&app, 19).await,
            "柯远",
            "ke@example.org",
        )
        .await;
        assert_eq!(
            row(&app, id).await.engagement_number.unwrap(),
            "团标联聘〔2026〕032号"
        );
    }
}

#[tokio::test]
async fn terms_are_announced_once_each_and_end() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 20).await;
        let id = engaged(&app, &unit, "沈知行", "shen@example.org").await;
        let last = row(&app, id).await.engaged_to.unwrap();
        let run = async |days_before: i64| {
            let day = last - chrono::Duration::days(days_before);
            let due_at = shanghai(&format!("{day} 09:00"));
            app.clock.set(due_at);
            let slot = Slot {
                id: uuid::Uuid::from_u128(9).into(),
                due_at,
                attempt: 1,
            };
            for job in jobs() {
                job.run(&app.ctx, &slot).await.unwrap();
            }
            mails(&app, "experts.term_ending").await.len()
        };
        assert_eq!(run(61).await, 0);
        assert_eq!(run(60).await, 1);
        assert_eq!(run(59).await, 1, "each reminder goes once");
        assert_eq!(run(30).await, 2);
        assert_eq!(run(6).await, 3, "one that was missed still goes");
        assert_eq!(run(0).await, 3);
        assert_eq!(
            state(&app, id).await,
            ExpertState::Engaged,
            "the last day counts"
        );
        run(-1).await;
        assert_eq!(state(&app, id).await, ExpertState::Expired);
        run(-2).await;
        assert_eq!(
            mails(&app, "experts.to_expert").await.len(),
            2,
            "engaged, then expired, once"
        );
        let visitor = app.visitor();
        assert!(
            visitor
                .read(&link(&app, id).await)
                .await
                .contains("聘期已届满")
        );
    }
}

#[tokio::test]
async fn an_expert_keeps_the_own_page() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 21).await;
        let id = engaged(&app, &unit, "沈知行", "shen@example.org").await;
        let person = row(&app, id).await.person_id;
        let own = expert_browser(&app, person).await;
        let (status, text) = own.get("/my").await;
        assert_eq!(status, StatusCode::OK);
        assert!(text.contains("shen@example.org") && text.contains("保密承诺书"));

        let (status, text) = own
            .post(
                "/my/absences",
                &[("from", "2026-10-02"), ("to", "2026-10-01")],
            )
            .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("最后一天不能早于第一天") && text.contains("value=\"2026-10-02\""));
        own.post(
            "/my/absences",
            &[
                ("from", "2026-10-01"),
                ("to", "2026-10-08"),
                ("note", "出国"),
            ],
        )
        .await;
        own.post("/my/limits", &[("max_open", "1"), ("max_year", "3")])
            .await;
        let other = council_unit(&app, 22).await;
        let interest = [
            ("organisation", other.short_name.as_str()),
            ("interest", "adviser"),
            ("until", "2027-01-01"),
        ];
        own.post("/my/interests", &interest).await;
        let known = expert_pool::experts::get(app.ctx.store.read(), id)
            .await
            .unwrap();
        assert_eq!(known.absences.len(), 1);
        assert_eq!((known.max_open, known.max_year), (1, 3));
        assert_eq!(
            known.interests[0].unit_id,
            Some(other.id),
            "the short name finds the unit"
        );

        // Nobody takes away what is another's.
        let second = engaged(
            &app,
            &council_unit(&app, 23).await,
            "林岚",
            "lin@example.org",
        )
        .await;
        let stranger = expert_browser(&app, row(&app, second).await.person_id).await;
        let remove = format!("/my/interests/{}/remove", known.interests[0].id);
        assert_eq!(stranger.post(&remove, &[]).await.0, StatusCode::NOT_FOUND);
        assert_eq!(
            stranger.get(&format!("/experts/{id}")).await.0,
            StatusCode::NOT_FOUND
        );
        assert_eq!(own.post(&remove, &[]).await.0, StatusCode::SEE_OTHER);

        // A corrected address takes the older link with it; another's is refused.
        let before = link(&app, id).await;
        let mut typed: Vec<(String, String)> = form("沈知行", "new@example.org")
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let as_form = |typed: &[(String, String)]| -> Vec<(String, String)> { typed.to_vec() };
        let send = async |typed: &[(String, String)]| {
            let pairs = as_form(typed);
            let pairs: Vec<(&str, &str)> = pairs
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            own.post("/my/profile", &pairs).await
        };
        assert_eq!(send(&typed).await.0, StatusCode::SEE_OTHER);
        assert_eq!(
            app.visitor().get(&before).await.status(),
            StatusCode::NOT_FOUND
        );
        for (name, value) in &mut typed {
            match name.as_str() {
                "email" => *value = "lin@example.org".into(),
                "name" => *value = "别人".into(),
                _ => {}
            }
        }
        let (status, text) = send(&typed).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("林岚已由"));
        let kept = person::Entity::find_by_id(person)
            .one(app.ctx.store.read())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (kept.name.as_str(), kept.email.as_deref()),
            ("沈知行", Some("new@example.org"))
        );

        // Taking a consent back needs the tick, and ends the engagement.
        let consents = expert_pool::people::consents::of(app.ctx.store.read(), person)
            .await
            .unwrap();
        let pool = consents
            .iter()
            .find(|consent| consent.purpose == "pool")
            .unwrap();
        let withdraw = format!("/my/consents/{}/withdraw", pool.id);
        assert_eq!(
            own.post(&withdraw, &[]).await.0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(
            stranger.post(&withdraw, &[("leave", "1")]).await.0,
            StatusCode::NOT_FOUND
        );
        assert_eq!(state(&app, id).await, ExpertState::Engaged);
        assert_eq!(
            own.post(&withdraw, &[("leave", "1")]).await.0,
            StatusCode::SEE_OTHER
        );
        let ended = row(&app, id).await;
        assert_eq!(
            (ended.state, ended.end_reason.as_str()),
            (ExpertState::Ended, "本人撤回个人信息处理同意书")
        );
        assert!(own.get("/my").await.1.contains("聘任已结束"));
        assert_eq!(
            keep::own(app.ctx.store.read(), person).await.unwrap().id,
            id
        );
        assert_eq!(
            own.post("/my/limits", &[("max_open", "1"), ("max_year", "3")])
                .await
                .0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
}
