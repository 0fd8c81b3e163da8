//! Experts: recommendation, approval, engagement by link, own page, import, terms.

mod decisions;
mod engagement;
mod guests;
mod import;
mod own_page;
mod seats;
mod terms;

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
        Duties, consent_texts::ConsentText, decide, end, engage, guest, import::import, jobs, keep,
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
