//! Experts and panels for tests: the sample pool over the founding units, and questions to it.

use entity::{
    expert::{self, ExpertKind, ExpertState},
    ids::{ExpertId, PanelId, UnitId},
    panel::{Half, MeetingForm},
};
use expert_pool::{
    foundation::context::Context,
    panels::{self, Meeting, NewPanel, NewRecusal, PanelFacts},
    people::{self, NewPerson},
    units,
};
use sea_orm::{ActiveValue::Set, EntityTrait, prelude::Json};

/// Profiles of 86 experts over the 43 founding units, two each.
const SAMPLES: &str = include_str!("../../../matching/data/sample_experts.csv");

/// An expert to be.
pub struct Profile {
    /// Name.
    pub name: String,
    /// Full name of a founding unit; others make a guest.
    pub unit: String,
    /// Kind.
    pub kind: ExpertKind,
    /// Codes.
    pub domains: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Works.
    pub works: Vec<String>,
    /// Biography.
    pub bio: String,
}

/// Engages one expert until the end of 2027.
pub async fn engage(ctx: &Context, profile: Profile) -> ExpertId {
    let unit = units::by_name(ctx.store.read(), &profile.unit)
        .await
        .expect("units are there");
    let tx = ctx.store.begin().await.expect("a write begins");
    let number = profile
        .name
        .chars()
        .fold(0, |sum, c| sum * 31 % 99_999_989 + u64::from(u32::from(c)));
    let new = NewPerson {
        name: profile.name,
        email: Some(format!("e{number}@example.org")),
        mobile: None,
        sample: true,
    };
    let person = people::add(&tx, new).await.expect("a person");
    let id: ExpertId = tx.id();
    expert::Entity::insert(expert::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        unit_id: Set(unit.as_ref().map(|unit| unit.id)),
        affiliation: Set(profile.unit),
        kind: Set(profile.kind),
        guest: Set(unit.is_none()),
        guest_reason: Set(String::new()),
        state: Set(ExpertState::Engaged),
        position: Set("主任".to_owned()),
        title: Set("正高级工程师".to_owned()),
        domains: Set(Json::from(profile.domains)),
        keywords: Set(Json::from(profile.keywords)),
        works: Set(Json::from(profile.works)),
        bio: Set(profile.bio),
        languages: Set(String::new()),
        max_open: Set(2),
        max_year: Set(6),
        term_id: Set(None),
        engagement_number: Set(None),
        engaged_from: Set(chrono::NaiveDate::from_ymd_opt(2026, 1, 1)),
        engaged_to: Set(chrono::NaiveDate::from_ymd_opt(2027, 12, 31)),
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
    .expect("an expert");
    tx.commit().await.expect("the write is kept");
    id
}

/// Engages the whole sample pool; the expert of line n is called 专家n.
pub async fn engage_samples(ctx: &Context) -> Vec<ExpertId> {
    let mut reader = csv::Reader::from_reader(SAMPLES.as_bytes());
    let split = |text: &str| text.split(';').map(str::to_owned).collect();
    let mut ids = Vec::new();
    for (number, row) in reader.records().enumerate() {
        let row = row.expect("the sample file is sound");
        let profile = Profile {
            name: format!("专家{}", number + 1),
            unit: row[1].to_owned(),
            kind: match &row[2] {
                "technical" => ExpertKind::Technical,
                _ => ExpertKind::Standardization,
            },
            domains: split(&row[4]),
            keywords: split(&row[5]),
            works: row[6].lines().map(str::to_owned).collect(),
            bio: row[7].to_owned(),
        };
        ids.push(engage(ctx, profile).await);
    }
    ids
}

/// Facts of a panel of `demand` experts without a meeting, asked for by nobody in particular.
pub fn facts(title: &str, text: &str, demand: i32) -> PanelFacts {
    PanelFacts {
        purpose: "技术咨询".to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
        domains: Vec::new(),
        keywords: Vec::new(),
        demand,
        max_per_unit: 1,
        min_technical: 0,
        min_standardization: 0,
        priority: 0,
        asking_unit: None,
        asking_name: "某单位".to_owned(),
        confidential: false,
        form: MeetingForm::None,
        meeting: None,
        place: String::new(),
        wanted_by: chrono::NaiveDate::from_ymd_opt(2026, 10, 30),
        standard_name: String::new(),
        standard_number: String::new(),
        drafting_text: String::new(),
        duties: String::new(),
        fee_text: String::new(),
        contact_name: "何静宜".to_owned(),
        contact_phone: "010-0000 0000".to_owned(),
        urgent: false,
    }
}

/// A meeting on a day of 2026, in Shanghai.
pub fn meeting(month: u32, day: u32, half: Half) -> Option<Meeting> {
    let date = chrono::NaiveDate::from_ymd_opt(2026, month, day)?;
    Some(Meeting::new(date, half, chrono_tz::Asia::Shanghai))
}

/// Opens a panel of the kind `test`.
pub async fn open(ctx: &Context, facts: PanelFacts, recusals: Vec<NewRecusal>) -> PanelId {
    let tx = ctx.store.begin().await.expect("a write begins");
    let owner: UnitId = tx.id();
    let new = NewPanel {
        owner_kind: "test",
        owner_id: owner.0,
        number: format!("ZX-2026-{}", &owner.to_string()[31..]),
        facts,
        recusals,
        wishes: Vec::new(),
    };
    let id = panels::open(&tx, &new).await.expect("a panel");
    tx.commit().await.expect("the write is kept");
    id
}

/// The id of a founding unit.
pub async fn unit(ctx: &Context, name: &str) -> UnitId {
    let found = units::by_name(ctx.store.read(), name).await;
    found.expect("units are there").expect("a founding unit").id
}
