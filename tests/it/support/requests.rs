//! Requests for expert help, with a unit that asks and a secretariat that takes them in.

use chrono::Duration;
use entity::{
    consultation::{self, ConsultationState},
    file,
    ids::{ConsultationId, FileId, PanelId, PersonId, UnitId},
    role_grant::Role,
    unit_contact::{self, ContactState},
};
use expert_pool::{
    foundation::schedule::Slot,
    panels::{self, Member, work_target},
    units,
};
use reqwest::{
    Response, StatusCode,
    multipart::{Form, Part},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{
    app::{Browser, TestApp},
    databases::TestDatabase,
    panels::{Stage, yes},
};

const CONTACT: &str = "contact@example.org";
const HANDLER: &str = "handler@example.org";

/// A unit that asks, experts of other units, and somebody of the secretariat.
pub struct Office {
    pub stage: Stage,
    pub asking: UnitId,
    pub handler: PersonId,
}

impl Office {
    /// A service with `experts` experts.
    pub async fn open(database: TestDatabase, experts: usize) -> Self {
        let stage = Stage::set(database, experts).await;
        let app = &stage.app;
        let asking = units::all(app.ctx.store.read()).await.unwrap()[0].id;
        let (person, _) = app
            .add_account("周叙白", CONTACT, Role::Contact, Some(asking))
            .await;
        add_contact(app, asking, person).await;
        let (handler, _) = app
            .add_account("何静宜", HANDLER, Role::Handler, None)
            .await;
        Self {
            stage,
            asking,
            handler,
        }
    }

    /// The contact's browser, signed in at the present time of the clock.
    pub async fn unit(&self) -> Browser {
        self.stage.app.signed_in(CONTACT).await
    }

    /// The secretariat's browser.
    pub async fn desk(&self) -> Browser {
        self.stage.app.signed_in(HANDLER).await
    }

    /// Hands a request in.
    pub async fn file(&self, fields: &[(&str, &str)]) -> ConsultationId {
        let to = self.unit().await.submit("/consultations", fields).await;
        id_of(&to)
    }

    /// Hands a request in, takes it in, and lets these experts accept.
    pub async fn seated(&self, fields: &[(&str, &str)], experts: &[usize]) -> ConsultationId {
        let id = self.file(fields).await;
        self.take_in(id).await;
        self.seat(id, experts).await;
        id
    }

    /// The secretariat takes a request in.
    pub async fn take_in(&self, id: ConsultationId) {
        let path = format!("/consultations/{id}/accept");
        self.desk()
            .await
            .submit(&path, &[("domains", "31.200")])
            .await;
    }

    /// Asks experts for the panel of a request; all accept.
    pub async fn seat(&self, id: ConsultationId, experts: &[usize]) {
        let panel = self.panel(id).await;
        // The newest question to an expert is known by its instant.
        self.stage.app.advance(Duration::minutes(1));
        self.stage.ask(panel, experts, false).await;
        for expert in experts {
            self.stage.answer(*expert, yes()).await.unwrap();
        }
    }

    /// One expert leads the panel.
    pub async fn lead(&self, id: ConsultationId, expert: usize) {
        let assignment = self.stage.asked(expert).await.assignment;
        let path = format!("/consultations/{id}/head");
        let field = assignment.id.to_string();
        self.desk()
            .await
            .submit(&path, &[("assignment", field.as_str())])
            .await;
        let (ctx, owners) = (self.stage.ctx(), &self.stage.app.owners);
        panels::answer_head(ctx, owners, assignment.id, assignment.work_generation, true)
            .await
            .unwrap();
    }

    /// The row of a request.
    pub async fn row(&self, id: ConsultationId) -> consultation::Model {
        consultation::Entity::find_by_id(id)
            .one(self.stage.ctx().store.read())
            .await
            .unwrap()
            .unwrap()
    }

    /// Where a request stands.
    pub async fn state(&self, id: ConsultationId) -> ConsultationState {
        self.row(id).await.state
    }

    /// The panel of a request that was taken in.
    pub async fn panel(&self, id: ConsultationId) -> PanelId {
        self.row(id).await.panel_id.expect("it was taken in")
    }

    /// The members of its panel.
    pub async fn members(&self, id: ConsultationId) -> Vec<Member> {
        let panel = self.panel(id).await;
        panels::members(self.stage.ctx().store.read(), panel)
            .await
            .unwrap()
    }

    /// Path of the work page of an expert.
    pub async fn work(&self, expert: usize) -> String {
        let assignment = self.stage.asked(expert).await.assignment;
        self.stage.ctx().links.path(&work_target(&assignment))
    }

    /// An expert files an opinion.
    pub async fn opine(&self, expert: usize, verdict: &str) {
        let path = self.work(expert).await;
        let fields = [
            ("verdict", verdict),
            ("text", "指标可行，建议补充试验条件。"),
        ];
        self.stage.app.visitor().submit(&path, &fields).await;
    }

    /// An expert files the common conclusion.
    pub async fn conclude(&self, expert: usize, verdict: &str) {
        let path = format!("{}/conclusion", self.work(expert).await);
        let fields = [
            ("conclusion_verdict", verdict),
            ("conclusion", "建议按修改后的第 6 章报批。"),
        ];
        self.stage.app.visitor().submit(&path, &fields).await;
    }

    /// Runs a job of the service at the present time of the clock.
    pub async fn run(&self, job: &str) -> i32 {
        let jobs = expert_pool::jobs(&self.stage.app.owners, &self.stage.app.seat_owners);
        let job = jobs.iter().find(|one| one.rule().name == job).unwrap();
        let ctx = self.stage.ctx();
        let slot = Slot {
            id: ctx.platform().id(),
            due_at: ctx.now(),
            attempt: 1,
        };
        job.run(ctx, &slot).await.unwrap().handled
    }
}

/// The fields of a complete request for advice by two experts in a meeting on 28 September 2026.
pub const ADVICE: [(&str, &str); 9] = [
    ("purpose", "advice"),
    ("title", "数据中心液冷系统验收咨询"),
    ("description", "冷却液电导率限值有两种意见，请给出结论。"),
    ("domains", "31.200；液冷系统"),
    ("demand", "2"),
    ("form", "on_site"),
    ("meeting_date", "2026-09-28"),
    ("meeting_half", "afternoon"),
    ("do", "submit"),
];

/// Fields with some of them replaced or added.
pub fn with<'a>(
    fields: &[(&'a str, &'a str)],
    other: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let kept = fields
        .iter()
        .filter(|(name, _)| other.iter().all(|(replaced, _)| name != replaced));
    kept.chain(other).copied().collect()
}

/// The request that a redirect leads to.
pub fn id_of(location: &str) -> ConsultationId {
    let id = location
        .trim_start_matches("/consultations/")
        .split(['?', '/'])
        .next()
        .unwrap();
    ConsultationId(
        id.parse()
            .unwrap_or_else(|_| panic!("{location} leads to no request")),
    )
}

/// Sends a form with files.
pub async fn upload(
    browser: &Browser,
    path: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> Response {
    upload_as(browser, path, fields, "files", files).await
}

/// Sends a form with files for one of its inputs.
pub async fn upload_as(
    browser: &Browser,
    path: &str,
    fields: &[(&str, &str)],
    input: &str,
    files: &[(&str, &[u8])],
) -> Response {
    let mut form = Form::new();
    for (name, value) in fields {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    for (name, bytes) in files {
        let part = Part::bytes(bytes.to_vec()).file_name((*name).to_owned());
        form = form.part(input.to_owned(), part);
    }
    browser
        .client()
        .post(browser.address(path))
        .header("sec-fetch-site", "same-origin")
        .multipart(form)
        .send()
        .await
        .expect("an answer")
}

/// Text of an answer that has to be the form again (422).
pub async fn refused(answer: Response) -> String {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    text
}

/// A request of `unit` with an attachment, handed in by its first contact.
pub async fn handed_in(app: &TestApp, unit: UnitId) -> (ConsultationId, FileId) {
    let contact = units::contacts(app.ctx.store.read(), unit)
        .await
        .unwrap()
        .remove(0)
        .person;
    let browser = app.signed_in(contact.email.as_deref().unwrap()).await;
    let answer = upload(
        &browser,
        "/consultations",
        &ADVICE,
        &[("送审稿.pdf", b"%PDF-1.7")],
    )
    .await;
    let id = id_of(answer.headers()["location"].to_str().unwrap());
    (id, file_of(app, id.0).await.id)
}

/// The first file of a row.
pub async fn file_of(app: &TestApp, owner: uuid::Uuid) -> file::Model {
    file::Entity::find()
        .filter(file::Column::OwnerId.eq(owner))
        .one(app.ctx.store.read())
        .await
        .unwrap()
        .expect("a file")
}

/// Makes a person a contact of a unit.
pub async fn add_contact(app: &TestApp, unit: UnitId, person: PersonId) {
    let tx = app.ctx.store.begin().await.unwrap();
    unit_contact::Entity::insert(unit_contact::ActiveModel {
        id: Set(tx.id()),
        unit_id: Set(unit),
        person_id: Set(person),
        position: Set("标准化部主任".to_owned()),
        state: Set(ContactState::Active),
        created_at: Set(tx.now()),
        closed_at: Set(None),
        successor_id: Set(None),
    })
    .exec_without_returning(tx.db())
    .await
    .unwrap();
    tx.commit().await.unwrap();
}
