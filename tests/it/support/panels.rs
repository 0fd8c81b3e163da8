//! A panel with experts around it, for tests of asking and answering.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use entity::{
    assignment,
    expert::{self, ExpertKind, ExpertState},
    ids::{AssignmentId, ExpertId, InvitationId, PanelId, PersonId, RunId, UnitId},
    invitation::{self, Answer, DeclineReason},
    mail,
    matching_run::{self, RunMode, RunState},
    panel::{self, Half, MeetingForm},
    run_choice,
    unit_contact::{self, ContactState},
};
use expert_pool::{
    Further,
    foundation::{
        config::Config,
        context::Boxed,
        context::Context,
        error::Result,
        links::{Purpose, Target},
        store::WriteTx,
    },
    panels::{
        self, ANSWER, Chosen, Meeting, NewPanel, PanelEvent, PanelFacts, PanelOwner,
        answer::{Given, How},
    },
    people, units,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, prelude::Json};
use uuid::Uuid;

use super::{app::TestApp, databases::TestDatabase};

/// Opens panels of kind `trial` and writes down what it is told.
#[derive(Debug, Default)]
pub struct TrialOwner {
    events: Mutex<Vec<PanelEvent>>,
}

impl PanelOwner for TrialOwner {
    fn kind(&self) -> &'static str {
        "trial"
    }

    fn on<'a>(
        &'a self,
        _: &'a WriteTx,
        _: &'a Context,
        _: &'a panel::Model,
        event: PanelEvent,
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
}

/// An expert made for a test.
#[derive(Clone, Copy, Debug)]
pub struct TestExpert {
    pub id: ExpertId,
    pub person: PersonId,
    pub unit: UnitId,
}

/// A service with experts and an owner of panels.
pub struct Stage {
    pub app: TestApp,
    pub owner: Arc<TrialOwner>,
    pub experts: Vec<TestExpert>,
}

/// A question with its place and mail.
pub struct Asked {
    pub invitation: invitation::Model,
    pub assignment: assignment::Model,
}

impl Stage {
    /// A service with `count` experts, each of a unit of its own and all alike; the first is
    /// of the kind 标准化.
    pub async fn set(database: TestDatabase, count: usize) -> Self {
        Self::set_with(database, count, |_| {}).await
    }

    /// The same with another configuration.
    pub async fn set_with(
        database: TestDatabase,
        count: usize,
        configure: impl FnOnce(&mut Config),
    ) -> Self {
        let owner = Arc::new(TrialOwner::default());
        let app = TestApp::start_owned(
            database,
            configure,
            Further {
                panels: vec![owner.clone()],
                ..Further::default()
            },
        )
        .await;
        let mut stage = Self {
            app,
            owner,
            experts: Vec::new(),
        };
        let all = units::all(stage.ctx().store.read()).await.unwrap();
        for (number, unit) in all.iter().skip(1).take(count).enumerate() {
            let expert = stage.add_expert(number, unit.id).await;
            stage.experts.push(expert);
        }
        stage
    }

    pub fn ctx(&self) -> &Context {
        &self.app.ctx
    }

    /// What the owner was told so far.
    pub fn events(&self) -> Vec<PanelEvent> {
        self.owner
            .events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    async fn add_expert(&self, number: usize, unit: UnitId) -> TestExpert {
        let tx = self.ctx().store.begin().await.unwrap();
        let person = people::add(
            &tx,
            people::NewPerson {
                name: format!("专家{}", char::from(b'A' + u8::try_from(number).unwrap())),
                email: Some(format!("expert{number}@example.org")),
                mobile: Some(format!("1380000{number:04}")),
                sample: true,
            },
        )
        .await
        .unwrap();
        let id: ExpertId = tx.id();
        let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
        expert::Entity::insert(expert::ActiveModel {
            id: Set(id),
            person_id: Set(person),
            unit_id: Set(Some(unit)),
            affiliation: Set(String::new()),
            // A review needs one who knows the procedure.
            kind: Set(if number == 0 {
                ExpertKind::Standardization
            } else {
                ExpertKind::Technical
            }),
            guest: Set(false),
            guest_reason: Set(String::new()),
            state: Set(ExpertState::Engaged),
            position: Set(String::new()),
            title: Set("高级工程师".to_owned()),
            domains: Set(Json::from(vec!["ics:35.220"])),
            keywords: Set(Json::from(vec!["液冷系统", "验收", "电导率"])),
            works: Set(Json::from(vec!["数据中心液冷系统工程验收规范研究"])),
            bio: Set("长期从事数据中心液冷系统验收".to_owned()),
            languages: Set(String::new()),
            max_open: Set(3),
            max_year: Set(20),
            term_id: Set(None),
            engagement_number: Set(None),
            engaged_from: Set(day("2026-01-01")),
            engaged_to: Set(day("2028-12-31")),
            link_generation: Set(1),
            recommended_by: Set(None),
            recommended_at: Set(None),
            first_approved_by: Set(None),
            decided_by: Set(None),
            decided_at: Set(None),
            decision_note: Set(String::new()),
            exception_note: Set(String::new()),
            ended_on: Set(None),
            end_reason: Set(String::new()),
            created_at: Set(tx.now()),
            updated_at: Set(tx.now()),
        })
        .exec_without_returning(tx.db())
        .await
        .unwrap();
        tx.commit().await.unwrap();
        TestExpert { id, person, unit }
    }

    /// Makes a person a contact of a unit.
    pub async fn add_contact(&self, unit: UnitId, person: PersonId) {
        let tx = self.ctx().store.begin().await.unwrap();
        unit_contact::Entity::insert(unit_contact::ActiveModel {
            id: Set(tx.id()),
            unit_id: Set(unit),
            person_id: Set(person),
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
    }

    /// An approved run over `panel` that names these experts as reserves, in this order.
    pub async fn name_reserves(&self, panel: PanelId, by: PersonId, experts: &[usize]) {
        let tx = self.ctx().store.begin().await.unwrap();
        let run: RunId = tx.id();
        matching_run::Entity::insert(matching_run::ActiveModel {
            id: Set(run),
            number: Set("PP-2026-001".to_owned()),
            state: Set(RunState::Approved),
            mode: Set(RunMode::Best),
            seed: Set(0),
            former_id: Set(None),
            prepared_by: Set(by),
            prepared_at: Set(tx.now()),
            handed_in_at: Set(Some(tx.now())),
            hand_in_note: Set(String::new()),
            decided_by: Set(Some(by)),
            decided_at: Set(Some(tx.now())),
            decision_note: Set(String::new()),
            exception_note: Set(String::new()),
            total: Set(0),
            bound: Set(0),
            proved: Set(true),
            millis: Set(1),
            facts_digest: Set(String::new()),
            report: Set(Json::Null),
            certificate: Set(Json::Null),
        })
        .exec_without_returning(tx.db())
        .await
        .unwrap();
        for (at, place) in experts.iter().zip(1..) {
            run_choice::Entity::insert(run_choice::ActiveModel {
                id: Set(tx.id()),
                run_id: Set(run),
                panel_id: Set(panel),
                expert_id: Set(self.experts[*at].id),
                place: Set(place),
                reserve: Set(true),
                pinned: Set(false),
                standing: Set(false),
                relevance: Set(500_000),
                reason: Set("液冷系统方向".to_owned()),
                factors: Set(Json::Null),
            })
            .exec_without_returning(tx.db())
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// The facts of a review meeting on 28 September 2026 with `demand` places, asked by the first
    /// unit.
    pub async fn facts(&self, demand: i32) -> PanelFacts {
        let unit = units::all(self.ctx().store.read()).await.unwrap()[0].clone();
        PanelFacts {
            purpose: "技术审查会".to_owned(),
            title: "数据中心液冷系统工程验收规范".to_owned(),
            text: "请对冷却液电导率限值和泄漏试验保压时间给出结论。".to_owned(),
            domains: vec!["ics:35.220".to_owned()],
            keywords: vec![
                "液冷系统".to_owned(),
                "验收".to_owned(),
                "电导率".to_owned(),
            ],
            demand,
            max_per_unit: 1,
            min_technical: 0,
            min_standardization: 0,
            priority: 0,
            asking_unit: Some(unit.id),
            asking_name: unit.name,
            confidential: false,
            form: MeetingForm::OnSite,
            meeting: Some(self.meeting("2026-09-28")),
            place: "北京市海淀区示例路 8 号".to_owned(),
            wanted_by: None,
            standard_name: "数据中心液冷系统工程验收规范".to_owned(),
            standard_number: "T/XX 227-2026".to_owned(),
            drafting_text: "示例数据科技公司".to_owned(),
            duties: "会前看稿，到会讨论".to_owned(),
            fee_text: String::new(),
            contact_name: "何静宜".to_owned(),
            contact_phone: "010-0000 0000".to_owned(),
            urgent: false,
        }
    }

    /// An afternoon on `day`.
    pub fn meeting(&self, day: &str) -> Meeting {
        Meeting::new(day.parse().unwrap(), Half::Afternoon, self.ctx().zone())
    }

    /// Opens a panel.
    pub async fn open(&self, facts: PanelFacts) -> PanelId {
        let tx = self.ctx().store.begin().await.unwrap();
        let id = panels::open(
            &tx,
            &NewPanel {
                owner_kind: "trial",
                owner_id: tx.id(),
                number: "ZX-2026-0134".to_owned(),
                facts,
                recusals: Vec::new(),
                wishes: Vec::new(),
            },
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Asks experts by their position on this stage, ranked in the order given.
    pub async fn ask(&self, panel: PanelId, experts: &[usize], race: bool) -> Vec<AssignmentId> {
        self.try_ask(panel, experts, race).await.unwrap()
    }

    pub async fn try_ask(
        &self,
        panel: PanelId,
        experts: &[usize],
        race: bool,
    ) -> Result<Vec<AssignmentId>> {
        let chosen: Vec<_> = experts
            .iter()
            .zip(1..)
            .map(|(at, rank)| Chosen {
                expert: self.experts[*at].id,
                person: self.experts[*at].person,
                unit: Some(self.experts[*at].unit),
                relevance: 600_000,
                reason: "液冷系统方向".to_owned(),
                rank,
                run: None,
            })
            .collect();
        let tx = self.ctx().store.begin().await?;
        let row = self.panel(panel).await;
        let asked = panels::invite::ask(&tx, self.ctx(), &row, &chosen, 1, race).await?;
        tx.commit().await?;
        Ok(asked)
    }

    pub async fn panel(&self, id: PanelId) -> panel::Model {
        panel::Entity::find_by_id(id)
            .one(self.ctx().store.read())
            .await
            .unwrap()
            .unwrap()
    }

    /// All assignments of a panel, in the order of asking.
    pub async fn assignments(&self, panel: PanelId) -> Vec<assignment::Model> {
        assignment::Entity::find()
            .filter(assignment::Column::PanelId.eq(panel))
            .order_by_asc(assignment::Column::CreatedAt)
            .order_by_asc(assignment::Column::Rank)
            .order_by_asc(assignment::Column::Id)
            .all(self.ctx().store.read())
            .await
            .unwrap()
    }

    /// The newest question of an expert.
    pub async fn asked(&self, expert: usize) -> Asked {
        let invitation = invitation::Entity::find()
            .filter(invitation::Column::PersonId.eq(self.experts[expert].person))
            .order_by_desc(invitation::Column::AskedAt)
            .order_by_desc(invitation::Column::Id)
            .one(self.ctx().store.read())
            .await
            .unwrap()
            .expect("the expert was asked");
        let assignment = assignment::Entity::find_by_id(invitation.assignment_id)
            .one(self.ctx().store.read())
            .await
            .unwrap()
            .unwrap();
        Asked {
            invitation,
            assignment,
        }
    }

    /// The answer of an expert by the link.
    pub async fn answer(&self, expert: usize, given: Given) -> Result<panels::rules::Effect> {
        let asked = self.asked(expert).await.invitation;
        panels::answer::answer(
            self.ctx(),
            &self.app.owners,
            asked.id,
            &given,
            &How::Link {
                generation: asked.generation,
            },
        )
        .await
    }

    /// Path of the answer link of an expert's newest question.
    pub async fn link(&self, expert: usize) -> String {
        let asked = self.asked(expert).await.invitation;
        self.path(ANSWER, asked.id, asked.person_id, asked.generation)
    }

    pub fn path(
        &self,
        purpose: Purpose,
        subject: InvitationId,
        person: PersonId,
        generation: i32,
    ) -> String {
        self.ctx().links.path(&Target {
            purpose,
            subject: subject.0,
            person: person.0,
            generation,
        })
    }

    /// Mails of a kind, oldest first.
    pub async fn mails(&self, kind: &str) -> Vec<mail::Model> {
        mail::Entity::find()
            .filter(mail::Column::Kind.eq(kind))
            .order_by_asc(mail::Column::CreatedAt)
            .order_by_asc(mail::Column::Id)
            .all(self.ctx().store.read())
            .await
            .unwrap()
    }
}

/// The panel's service accepts.
pub fn yes() -> Given {
    Given {
        answer: Answer::Accept,
        clear: true,
        pledged: false,
        reason: None,
        note: String::new(),
        suggestion: String::new(),
    }
}

/// A decline with a reason.
pub fn no(reason: DeclineReason) -> Given {
    Given {
        answer: Answer::Decline,
        clear: false,
        pledged: false,
        reason: Some(reason),
        note: String::new(),
        suggestion: String::new(),
    }
}

/// The code of a refusal, whatever the kind of error.
pub fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
    result
        .expect_err("a refusal")
        .into_form_errors()
        .expect("a refusal")
        .iter()
        .map(|(_, refusal)| refusal.code)
        .collect::<Vec<_>>()
        .join(" ")
}
