//! Units that offer places and ask for stays, and the exchange group that brings them together.

use entity::{
    commitment,
    ids::{PersonId, UnitId, VisitId, VisitOfferId, VisitWishId},
    mail,
    role_grant::Role,
    unit_contact::{self, ContactState},
    visit, visit_terms, visitor,
};
use expert_pool::{
    exchange::visits::{self, OfferFiling, ProposedPair, Side, WishFiling},
    foundation::{
        error::{FieldErrors, Result},
        schedule::Slot,
        ui::Fields,
    },
    units,
};
use reqwest::StatusCode;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    app::{Browser, TestApp},
    databases::TestDatabase,
};

/// The fields of an offer for October and November 2026.
pub const OFFER: [(&str, &str); 12] = [
    ("title", "液冷系统验收和标准实施评价"),
    (
        "description",
        "跟班参加数据中心液冷系统的验收试验，看标准怎样落到检测报告里。",
    ),
    ("domains", "31.200；液冷系统；验收"),
    ("from_date", "2026-10-12"),
    ("to_date", "2026-11-30"),
    ("rounds", "1"),
    ("places", "2"),
    ("place", "北京市海淀区示例路 8 号"),
    ("mentor_name", "卫老师"),
    ("mentor_phone", "010-0000 0000"),
    ("cost", "差旅由派出单位承担，食宿由接收单位承担"),
    ("insurance", "派出单位购买意外险"),
];

/// The fields of a wish for five days in October 2026.
pub const WISH: [(&str, &str); 6] = [
    ("title", "学习液冷系统的验收方法"),
    (
        "description",
        "我会正在编制液冷系统验收标准，希望学习验收试验的组织和记录。",
    ),
    ("domains", "液冷系统；验收"),
    ("from_date", "2026-10-12"),
    ("to_date", "2026-10-31"),
    ("days", "5"),
];

/// A line that names a visitor.
pub const VISITOR: &str = "顾清和，标准化工程师，guqinghe@example.org";

/// A unit with its contact.
#[derive(Clone, Debug)]
pub struct TestUnit {
    pub unit: UnitId,
    pub person: PersonId,
    pub email: String,
}

/// Three units and the exchange group.
pub struct Exchange {
    pub app: TestApp,
    pub units: Vec<TestUnit>,
    pub group: PersonId,
}

const GROUP: &str = "exchange@example.org";

impl Exchange {
    /// A service with three units that have a contact each.
    pub async fn open(database: TestDatabase) -> Self {
        Self::open_with(database, |_| {}).await
    }

    /// The same with another configuration.
    pub async fn open_with(
        database: TestDatabase,
        configure: impl FnOnce(&mut expert_pool::foundation::config::Config),
    ) -> Self {
        let app = TestApp::start_with(database, configure).await;
        let all = units::all(app.ctx.store.read()).await.unwrap();
        let mut sides = Vec::new();
        for (number, unit) in all.iter().take(3).enumerate() {
            let email = format!("contact-{number}@example.org");
            let name = ["周联络", "秦联络", "韩联络"][number];
            let (person, _) = app
                .add_account(name, &email, Role::Contact, Some(unit.id))
                .await;
            add_contact(&app, unit.id, person).await;
            sides.push(TestUnit {
                unit: unit.id,
                person,
                email,
            });
        }
        let (group, _) = app.add_account("交流组", GROUP, Role::Exchange, None).await;
        Self {
            app,
            units: sides,
            group,
        }
    }

    /// The browser of a unit's contact.
    pub async fn unit(&self, number: usize) -> Browser {
        self.app.signed_in(&self.units[number].email).await
    }

    /// The browser of the exchange group.
    pub async fn desk(&self) -> Browser {
        self.app.signed_in(GROUP).await
    }

    /// A unit offers a place.
    pub async fn offer(&self, number: usize, fields: &[(&str, &str)]) -> VisitOfferId {
        let unit = &self.units[number];
        offered(&self.app, unit.unit, unit.person, fields).await
    }

    /// A unit asks for a stay of these people.
    pub async fn wish(&self, number: usize, fields: &[(&str, &str)], people: &str) -> VisitWishId {
        let unit = &self.units[number];
        wished(&self.app, unit.unit, unit.person, fields, people).await
    }

    /// The group brings a wish and an offer together.
    pub async fn propose(&self, offer: VisitOfferId, wish: VisitWishId) -> VisitId {
        proposed(&self.app, offer, wish, self.group).await.unwrap()
    }

    /// A side approves the newest terms.
    pub async fn approve(&self, id: VisitId, side: Side) -> Result<()> {
        let visit = self.visit(id).await;
        let unit = match side {
            Side::Sending => visit.sending_unit_id,
            Side::Host => visit.host_unit_id,
        };
        let by = self.units.iter().find(|one| one.unit == unit).unwrap();
        let version = self.terms(id).await[0].version;
        visits::approve(&self.app.ctx, id, side, by.person, version).await
    }

    /// A visit of a person of unit 0 at unit 1 that both have approved.
    pub async fn agreed(&self) -> VisitId {
        let offer = self.offer(1, &OFFER).await;
        let wish = self.wish(0, &WISH, VISITOR).await;
        let id = self.propose(offer, wish).await;
        self.approve(id, Side::Sending).await.unwrap();
        self.approve(id, Side::Host).await.unwrap();
        id
    }

    /// The row of a visit.
    pub async fn visit(&self, id: VisitId) -> visit::Model {
        visit::Entity::find_by_id(id)
            .one(self.app.ctx.store.read())
            .await
            .unwrap()
            .unwrap()
    }

    /// Its terms, the newest first.
    pub async fn terms(&self, id: VisitId) -> Vec<visit_terms::Model> {
        visit_terms::Entity::find()
            .filter(visit_terms::Column::VisitId.eq(id))
            .order_by_desc(visit_terms::Column::Version)
            .all(self.app.ctx.store.read())
            .await
            .unwrap()
    }

    /// Path of the page of the first visitor.
    pub async fn link(&self, id: VisitId) -> String {
        let row = visitor::Entity::find()
            .filter(visitor::Column::VisitId.eq(id))
            .order_by_asc(visitor::Column::Id)
            .one(self.app.ctx.store.read())
            .await
            .unwrap()
            .unwrap();
        self.app.ctx.links.path(&visits::target(&row))
    }

    /// What is taken of people's time, by visits.
    pub async fn taken(&self) -> Vec<commitment::Model> {
        commitment::Entity::find()
            .filter(commitment::Column::SourceKind.eq("visit"))
            .order_by_asc(commitment::Column::FromAt)
            .all(self.app.ctx.store.read())
            .await
            .unwrap()
    }

    /// Mails of a kind, the first queued first.
    pub async fn mails(&self, kind: &str) -> Vec<mail::Model> {
        mail::Entity::find()
            .filter(mail::Column::Kind.eq(kind))
            .order_by_asc(mail::Column::Id)
            .all(self.app.ctx.store.read())
            .await
            .unwrap()
    }

    /// Runs a job of the service at the present time of the clock.
    pub async fn run(&self, job: &str) -> i32 {
        let jobs = expert_pool::jobs(&self.app.owners, &self.app.seat_owners);
        let job = jobs.iter().find(|one| one.rule().name == job).unwrap();
        let ctx = &self.app.ctx;
        let slot = Slot {
            id: ctx.platform().id(),
            due_at: ctx.now(),
            attempt: 1,
        };
        job.run(ctx, &slot).await.unwrap().handled
    }
}

/// A unit offers a place.
pub async fn offered(
    app: &TestApp,
    unit: UnitId,
    by: PersonId,
    fields: &[(&str, &str)],
) -> VisitOfferId {
    let mut errors = FieldErrors::default();
    let filing = OfferFiling::read(&typed(fields), app.ctx.today(), &mut errors);
    assert!(errors.is_empty(), "{errors:?}");
    visits::file_offer(&app.ctx, unit, by, &filing)
        .await
        .unwrap()
}

/// A unit asks for a stay.
pub async fn wished(
    app: &TestApp,
    unit: UnitId,
    by: PersonId,
    fields: &[(&str, &str)],
    people: &str,
) -> VisitWishId {
    let mut errors = FieldErrors::default();
    let fields = typed(fields).with("people", people);
    let filing = WishFiling::read(&fields, app.ctx.today(), &mut errors);
    assert!(errors.is_empty(), "{errors:?}");
    visits::file_wish(&app.ctx, unit, by, &filing)
        .await
        .unwrap()
}

/// A wish and an offer are brought together.
pub async fn proposed(
    app: &TestApp,
    offer: VisitOfferId,
    wish: VisitWishId,
    by: PersonId,
) -> Result<VisitId> {
    let pair = ProposedPair {
        offer,
        wish,
        reasons: vec!["关键词相合：液冷系统".to_owned()],
    };
    Ok(visits::propose(&app.ctx, by, &[pair]).await?[0])
}

fn typed(fields: &[(&str, &str)]) -> Fields {
    fields.iter().fold(Fields::default(), |all, (name, value)| {
        all.with(name, value)
    })
}

/// Text of an answer that has to be the page again (422).
pub async fn refused(answer: reqwest::Response) -> String {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    text
}

async fn add_contact(app: &TestApp, unit: UnitId, person: PersonId) {
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
