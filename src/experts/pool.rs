//! Experts as other bodies see them.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    expert::{self, ExpertKind, ExpertState},
    expert_absence, expert_interest,
    ids::ExpertId,
    person, unit,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use crate::foundation::{
    error::{Error, Result},
    store::WriteTx,
};

/// An expert with everything that matching, mails and papers need.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolExpert {
    /// The expert.
    pub id: ExpertId,
    /// The person behind.
    pub person: person::Model,
    /// The unit that recommended; none for a guest from outside.
    pub unit: Option<unit::Model>,
    /// Where the expert works, as printed.
    pub unit_name: String,
    /// 技术 or 标准化
    pub kind: ExpertKind,
    /// 特邀专家
    pub guest: bool,
    /// Where the engagement stands.
    pub state: ExpertState,
    /// 职务
    pub position: String,
    /// 职称
    pub title: String,
    /// Codes like `ics:29.240`.
    pub domains: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Works.
    pub works: Vec<String>,
    /// Short biography.
    pub bio: String,
    /// Working languages.
    pub languages: String,
    /// Most assignments at a time.
    pub max_open: i32,
    /// Most assignments a year.
    pub max_year: i32,
    /// Days away, first and last.
    pub absences: Vec<(NaiveDate, NaiveDate)>,
    /// Interests declared.
    pub interests: Vec<expert_interest::Model>,
    /// 聘书编号
    pub engagement_number: Option<String>,
    /// First day of the engagement.
    pub engaged_from: Option<NaiveDate>,
    /// Last day of the engagement.
    pub engaged_to: Option<NaiveDate>,
}

impl PoolExpert {
    /// Whether the expert may serve on `day`: engaged, and the engagement covers it.
    pub fn serves_on(&self, day: NaiveDate) -> bool {
        self.state == ExpertState::Engaged
            && self.engaged_from.is_none_or(|from| from <= day)
            && self.engaged_to.is_none_or(|to| day <= to)
    }

    /// Whether the expert is away on `day`.
    pub fn away_on(&self, day: NaiveDate) -> bool {
        self.absences
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&day))
    }
}

/// All engaged experts whose engagement covers `on`, guests included, in the order of their
/// engagement.
///
/// # Errors
/// When the database fails.
pub async fn pool<C: ConnectionTrait>(db: &C, on: NaiveDate) -> Result<Vec<PoolExpert>> {
    let rows = expert::Entity::find()
        .filter(expert::Column::State.eq(ExpertState::Engaged))
        .order_by_asc(expert::Column::CreatedAt)
        .order_by_asc(expert::Column::Id)
        .all(db)
        .await?;
    let mut experts = complete(db, rows).await?;
    experts.retain(|expert| expert.serves_on(on));
    Ok(experts)
}

/// One expert in any state.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, id: ExpertId) -> Result<PoolExpert> {
    let row = expert::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)?;
    complete(db, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// Experts in any state, in no particular order; unknown ones are left out.
///
/// # Errors
/// When the database fails.
pub async fn by_ids<C: ConnectionTrait>(db: &C, ids: &[ExpertId]) -> Result<Vec<PoolExpert>> {
    let rows = expert::Entity::find()
        .filter(expert::Column::Id.is_in(ids.iter().copied()))
        .all(db)
        .await?;
    complete(db, rows).await
}

/// Locks experts until the write ends, so that the decision about somebody's last room is taken
/// once. Unknown ones are left out.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &WriteTx, ids: &[ExpertId]) -> Result<()> {
    expert::Entity::find()
        .filter(expert::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(expert::Column::Id)
        .lock_exclusive()
        .all(tx.db())
        .await?;
    Ok(())
}

/// Engaged experts of exactly this name; several people may bear it.
///
/// # Errors
/// When the database fails.
pub async fn by_name<C: ConnectionTrait>(db: &C, name: &str) -> Result<Vec<PoolExpert>> {
    let people = person::Entity::find()
        .filter(person::Column::Name.eq(name.trim()))
        .all(db)
        .await?;
    let ids: Vec<_> = people.iter().map(|person| person.id).collect();
    let rows = expert::Entity::find()
        .filter(expert::Column::State.eq(ExpertState::Engaged))
        .filter(expert::Column::PersonId.is_in(ids))
        .all(db)
        .await?;
    complete(db, rows).await
}

/// Adds people, units, absences and interests to rows, keeping their order.
async fn complete<C: ConnectionTrait>(db: &C, rows: Vec<expert::Model>) -> Result<Vec<PoolExpert>> {
    let people: HashMap<_, _> = person::Entity::find()
        .filter(person::Column::Id.is_in(rows.iter().map(|row| row.person_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|person| (person.id, person))
        .collect();
    let units: HashMap<_, _> = unit::Entity::find()
        .filter(unit::Column::Id.is_in(rows.iter().filter_map(|row| row.unit_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|unit| (unit.id, unit))
        .collect();
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut absences: HashMap<_, Vec<_>> = HashMap::new();
    for row in expert_absence::Entity::find()
        .filter(expert_absence::Column::ExpertId.is_in(ids.iter().copied()))
        .order_by_asc(expert_absence::Column::FromDate)
        .all(db)
        .await?
    {
        absences
            .entry(row.expert_id)
            .or_default()
            .push((row.from_date, row.to_date));
    }
    let mut interests: HashMap<_, Vec<_>> = HashMap::new();
    for row in expert_interest::Entity::find()
        .filter(expert_interest::Column::ExpertId.is_in(ids))
        .all(db)
        .await?
    {
        interests.entry(row.expert_id).or_default().push(row);
    }
    rows.into_iter()
        .map(|row| {
            let person = people
                .get(&row.person_id)
                .cloned()
                .ok_or_else(|| Error::internal(format!("expert {} has no person", row.id)))?;
            let unit = row.unit_id.and_then(|id| units.get(&id).cloned());
            Ok(PoolExpert {
                id: row.id,
                person,
                unit_name: if row.affiliation.is_empty() {
                    unit.as_ref()
                        .map(|unit| unit.name.clone())
                        .unwrap_or_default()
                } else {
                    row.affiliation
                },
                unit,
                kind: row.kind,
                guest: row.guest,
                state: row.state,
                position: row.position,
                title: row.title,
                domains: texts(&row.domains),
                keywords: texts(&row.keywords),
                works: texts(&row.works),
                bio: row.bio,
                languages: row.languages,
                max_open: row.max_open,
                max_year: row.max_year,
                absences: absences.remove(&row.id).unwrap_or_default(),
                interests: interests.remove(&row.id).unwrap_or_default(),
                engagement_number: row.engagement_number,
                engaged_from: row.engaged_from,
                engaged_to: row.engaged_to,
            })
        })
        .collect()
}

/// The texts of a JSON list; anything else in it is left out.
pub(crate) fn texts(list: &Value) -> Vec<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}
