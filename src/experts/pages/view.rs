//! What several pages show.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    consent,
    expert::{self, ExpertKind, ExpertState},
    expert_change, person, unit,
};
use sea_orm::ConnectionTrait;

use crate::{
    accounts::Owner,
    experts::{
        consent_texts::ConsentText,
        pool::texts,
        profile::{domain_labels, kind_word},
        store,
    },
    foundation::{
        context::Context,
        error::Result,
        texts::Label,
        ui::{
            Tag, dates,
            form::{Choice, choices},
        },
    },
    people, units,
};

/// Whose an expert's row is: the recommending unit's and the person's. The unit of a guest did not
/// recommend and has no part in it.
pub fn owner(row: &expert::Model) -> Owner {
    Owner {
        unit: row.unit_id.filter(|_| !row.guest),
        person: Some(row.person_id),
        ..Owner::ALLIANCE
    }
}

/// The state as a word with a shape.
pub fn state_tag(state: ExpertState) -> Tag {
    use ExpertState::{Approved, Engaged, Recommended, Returned, Suspended};
    Tag {
        class: match state {
            Engaged => "ok",
            Recommended => "wait",
            Approved => "info",
            Returned | Suspended => "bad",
            _ => "",
        },
        word: state.zh(),
    }
}

/// 技术 or 标准化, for forms.
pub fn kinds() -> Vec<Choice> {
    choices(
        [ExpertKind::Technical, ExpertKind::Standardization]
            .map(|kind| (kind_word(kind), kind.zh())),
    )
}

/// An expert as read, without contact data.
#[derive(Clone, Debug)]
pub struct ProfileView {
    pub name: String,
    pub sample: bool,
    pub guest: bool,
    pub kind: &'static str,
    pub unit: String,
    pub works_at: String,
    pub position: String,
    pub title: String,
    pub domains: Vec<String>,
    pub keywords: String,
    pub works: Vec<String>,
    pub bio: String,
    pub languages: String,
    pub number: String,
    pub term: String,
}

impl ProfileView {
    pub fn of(row: &expert::Model, person: &person::Model, unit: Option<&unit::Model>) -> Self {
        let unit = unit.map(|unit| unit.name.clone()).unwrap_or_default();
        Self {
            name: person.name.clone(),
            sample: person.sample,
            guest: row.guest,
            kind: row.kind.zh(),
            works_at: if row.affiliation.is_empty() {
                unit.clone()
            } else {
                row.affiliation.clone()
            },
            unit,
            position: row.position.clone(),
            title: row.title.clone(),
            domains: domain_labels(&row.domains),
            keywords: texts(&row.keywords).join("、"),
            works: texts(&row.works),
            bio: row.bio.clone(),
            languages: row.languages.clone(),
            number: row.engagement_number.clone().unwrap_or_default(),
            term: term(row.engaged_from, row.engaged_to),
        }
    }
}

/// 2026年9月14日至2028年9月13日, or empty.
pub fn term(from: Option<NaiveDate>, to: Option<NaiveDate>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("{}至{}", dates::full_day(from), dates::full_day(to)),
        _ => String::new(),
    }
}

/// A line of the record.
#[derive(Clone, Debug)]
pub struct Event {
    pub when: String,
    pub what: &'static str,
    pub who: String,
    pub reason: String,
}

/// The record of an expert, oldest first.
pub async fn record<C: ConnectionTrait>(
    db: &C,
    ctx: &Context,
    row: &expert::Model,
) -> Result<Vec<Event>> {
    let changes = store::changes(db, row.id).await?;
    let ids: Vec<_> = changes
        .iter()
        .filter_map(|change| change.by_person)
        .collect();
    let people = people::by_ids(db, &ids).await?;
    Ok(changes
        .into_iter()
        .map(|change: expert_change::Model| Event {
            when: dates::moment(change.at, ctx.zone()),
            what: change.state.zh(),
            who: change
                .by_person
                .and_then(|id| people.get(&id))
                .map_or_else(|| "系统".to_owned(), |person| person.name.clone()),
            reason: change.reason,
        })
        .collect())
}

/// Names of all units by id.
pub async fn unit_names<C: ConnectionTrait>(
    db: &C,
) -> Result<HashMap<entity::ids::UnitId, unit::Model>> {
    Ok(units::all(db)
        .await?
        .into_iter()
        .map(|unit| (unit.id, unit))
        .collect())
}

/// A consent that was given.
#[derive(Clone, Debug)]
pub struct ConsentView {
    pub id: String,
    pub title: &'static str,
    pub version: String,
    pub given: String,
    pub withdrawn: String,
}

/// The consents of this body among all of a person's.
pub fn consents(rows: Vec<consent::Model>, ctx: &Context) -> Vec<ConsentView> {
    let day = |instant| dates::full_day(dates::local_date(instant, ctx.zone()));
    rows.into_iter()
        .filter_map(|row| {
            Some(ConsentView {
                id: row.id.to_string(),
                title: ConsentText::of(&row.purpose)?.title(),
                version: row.version,
                given: day(row.given_at),
                withdrawn: row.withdrawn_at.map(day).unwrap_or_default(),
            })
        })
        .collect()
}
