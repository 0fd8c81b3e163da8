//! A registration with an owner of its own, for tests of seats.

use std::sync::{Arc, Mutex, PoisonError};

use entity::{
    enrolment::{self, EnrolmentState},
    ids::{EnrolmentId, RegistrationId, UnitId},
    person, registration,
    role_grant::Role,
    seat_offer,
};
use expert_pool::{
    Further,
    accounts::{Action, Actor, Grant},
    foundation::{
        config::Config,
        context::{Boxed, Context},
        error::{Error, Refusal, Result},
        store::WriteTx,
    },
    registration::{
        self as seats, Facts, NewRegistration, NewSitting, RegistrationEvent, RegistrationOwner,
        enrol::{self, Outcome, Row},
    },
    units,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{
    app::{TestApp, shanghai},
    databases::TestDatabase,
};

/// Has seats to enrol for, and writes down what it is told.
#[derive(Debug, Default)]
pub struct TrialRun {
    events: Mutex<Vec<RegistrationEvent>>,
}

impl RegistrationOwner for TrialRun {
    fn kind(&self) -> &'static str {
        "trial"
    }

    fn manage(&self) -> Action {
        Action::ManageTraining
    }

    fn on<'a>(
        &'a self,
        _: &'a WriteTx,
        _: &'a Context,
        _: &'a registration::Model,
        event: RegistrationEvent,
    ) -> Boxed<'a, Result<()>> {
        self.events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(event);
        Box::pin(async { Ok(()) })
    }

    fn href(&self, owner: Uuid) -> String {
        format!("/trials/{owner}")
    }

    fn public_href(&self, _: Uuid) -> Option<String> {
        None
    }
}

/// A service with a published registration, a contact of a unit and somebody of the training group.
/// It is Monday 2026-09-14, 10:00; enrolment ends on 2026-10-12 at 17:00; the two sittings are on
/// Tuesday 2026-10-20, 09:00 to 12:00 and 13:30 to 16:30.
pub struct Hall {
    pub app: TestApp,
    pub owner: Arc<TrialRun>,
    pub id: RegistrationId,
    /// Unit of the contact.
    pub unit: UnitId,
    /// The contact.
    pub contact: Actor,
    /// Somebody of the training group.
    pub group: Actor,
}

/// Address of the contact, who can sign in.
pub const CONTACT: &str = "contact@example.org";
/// Address of the member of the group, who can sign in.
pub const GROUP: &str = "group@example.org";

/// The facts of a registration with so many seats.
pub fn facts(capacity: i32) -> Facts {
    Facts {
        title: "团体标准编写实务培训班（第3期）".to_owned(),
        capacity,
        per_unit: None,
        opens_at: shanghai("2026-09-14 09:00"),
        closes_at: shanghai("2026-10-12 17:00"),
        needs_unit_approval: false,
        open_form: true,
        questions: Vec::new(),
        place: "北京市海淀区示例路 8 号 301 教室".to_owned(),
        zone: chrono_tz::Asia::Shanghai,
        contact: "周老师 010-12345678".to_owned(),
    }
}

/// The two sittings, on a day.
pub fn sittings(day: &str) -> Vec<NewSitting> {
    [
        (1, "团体标准的结构与起草", "09:00", "12:00"),
        (2, "编写练习与讲评", "13:30", "16:30"),
    ]
    .into_iter()
    .map(|(number, label, from, to)| NewSitting {
        owner_ref: Uuid::from_u128(number),
        label: label.to_owned(),
        from: shanghai(&format!("{day} {from}")),
        to: shanghai(&format!("{day} {to}")),
        place: "北京市海淀区示例路 8 号 301 教室".to_owned(),
    })
    .collect()
}

/// A person of a list; the number makes name, phone and address.
pub fn person(number: usize) -> Row {
    Row {
        line: number,
        name: format!("学员{}", hanzi(number)),
        position: "工程师".to_owned(),
        phone: format!("1390000{number:04}"),
        email: format!("trainee{number}@example.org"),
        ..Row::default()
    }
}

/// A number as a name of two characters, so that names are not alike by digits.
fn hanzi(number: usize) -> String {
    let digits: Vec<char> = "零一二三四五六七八九".chars().collect();
    number
        .to_string()
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .map(|digit| digits[digit as usize])
        .collect()
}

impl Hall {
    pub async fn open(database: TestDatabase, capacity: i32) -> Self {
        Self::open_with(database, &facts(capacity), |_| {}).await
    }

    pub async fn open_with(
        database: TestDatabase,
        facts: &Facts,
        configure: impl FnOnce(&mut Config),
    ) -> Self {
        let owner = Arc::new(TrialRun::default());
        let further = Further {
            registrations: vec![owner.clone()],
            ..Further::default()
        };
        let app = TestApp::start_owned(database, configure, further).await;
        let unit = units::all(app.ctx.store.read()).await.unwrap()[3].id;
        let contact = app
            .add_account("联络甲", CONTACT, Role::Contact, Some(unit))
            .await;
        let group = app.add_account("组员乙", GROUP, Role::Training, None).await;
        let id = open(&app.ctx, facts, &sittings("2026-10-20"), 1).await;
        Self {
            contact: actor(contact.0, Role::Contact, Some(unit)),
            group: actor(group.0, Role::Training, None),
            app,
            owner,
            id,
            unit,
        }
    }

    pub fn ctx(&self) -> &Context {
        &self.app.ctx
    }

    /// What the owner was told so far.
    pub fn events(&self) -> Vec<RegistrationEvent> {
        self.owner
            .events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Enrols people by their numbers, through the contact.
    pub async fn enrol(&self, numbers: impl IntoIterator<Item = usize>) -> Vec<Outcome> {
        let rows: Vec<_> = numbers.into_iter().map(person).collect();
        self.enrol_rows(&rows).await
    }

    pub async fn enrol_rows(&self, rows: &[Row]) -> Vec<Outcome> {
        self.enrol_by(&self.contact, self.unit, rows).await.unwrap()
    }

    pub async fn enrol_by(&self, by: &Actor, unit: UnitId, rows: &[Row]) -> Result<Vec<Outcome>> {
        let owners = &self.app.seat_owners;
        enrol::enrol(self.ctx(), owners, by, self.id, unit, rows, false).await
    }

    /// Everybody of the registration in the order of arrival.
    pub async fn all(&self) -> Vec<enrolment::Model> {
        enrolment::Entity::find()
            .filter(enrolment::Column::RegistrationId.eq(self.id))
            .order_by_asc(enrolment::Column::Arrival)
            .all(self.ctx().store.read())
            .await
            .unwrap()
    }

    /// The enrolment of the person of a number.
    pub async fn of(&self, number: usize) -> enrolment::Model {
        let person = person::Entity::find()
            .filter(person::Column::Mobile.eq(format!("1390000{number:04}")))
            .one(self.ctx().store.read())
            .await
            .unwrap()
            .expect("the person was enrolled");
        enrolment::Entity::find()
            .filter(enrolment::Column::RegistrationId.eq(self.id))
            .filter(enrolment::Column::PersonId.eq(person.id))
            .one(self.ctx().store.read())
            .await
            .unwrap()
            .expect("the person was enrolled")
    }

    /// States in the order of arrival.
    pub async fn states(&self) -> Vec<EnrolmentState> {
        self.all().await.into_iter().map(|row| row.state).collect()
    }

    /// Offers in the order in which they were made.
    pub async fn offers(&self) -> Vec<seat_offer::Model> {
        seat_offer::Entity::find()
            .order_by_asc(seat_offer::Column::MadeAt)
            .order_by_asc(seat_offer::Column::Id)
            .all(self.ctx().store.read())
            .await
            .unwrap()
    }

    pub async fn leave(&self, id: EnrolmentId) -> Result<()> {
        let owners = &self.app.seat_owners;
        seats::leave::leave(self.ctx(), owners, None, id, "时间冲突").await
    }

    pub async fn answer(&self, id: EnrolmentId, takes: bool) -> Result<()> {
        let owners = &self.app.seat_owners;
        seats::answer_offer::answer_offer(self.ctx(), owners, id, takes, None).await
    }

    /// Changes facts and the day of the sittings.
    pub async fn change(&self, facts: &Facts, day: &str) -> Result<()> {
        let tx = self.ctx().store.begin().await?;
        seats::change(&tx, self.ctx(), self.id, facts, &sittings(day)).await?;
        tx.commit().await
    }
}

/// Opens and publishes a registration of the trial's owner.
pub async fn open(
    ctx: &Context,
    facts: &Facts,
    sittings: &[NewSitting],
    owner: u128,
) -> RegistrationId {
    let tx = ctx.store.begin().await.unwrap();
    let new = NewRegistration {
        owner_kind: "trial",
        owner_id: Uuid::from_u128(owner),
        facts: facts.clone(),
        sittings: sittings.to_vec(),
    };
    let id = seats::open(&tx, ctx, &new).await.unwrap();
    seats::publish(&tx, id).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn actor(person: entity::ids::PersonId, role: Role, unit: Option<UnitId>) -> Actor {
    Actor {
        person,
        account: None,
        session: Uuid::nil().into(),
        name: String::new(),
        sample: false,
        grants: vec![Grant {
            role,
            unit,
            committee: None,
        }],
    }
}

/// The refusal that a use case ended with.
pub fn refusal(result: Result<()>) -> Refusal {
    match result {
        Err(Error::Refused(refusal) | Error::Conflict(refusal)) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}
