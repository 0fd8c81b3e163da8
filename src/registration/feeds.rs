//! Private calendars to subscribe to: a person's, with every sitting of what they have seats in, and a
//! unit's, with the sittings of all its people. Whoever has the address reads it; renewing it ends the
//! old one.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::{
    enrolment::{self, EnrolmentState},
    feed_key::{self, FeedKind},
    ids::{PersonId, RegistrationId, UnitId},
    registration, sitting,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, IntoCondition, OnConflict},
};
use uuid::Uuid;

use super::facts::zone;
use crate::{
    foundation::{
        calendar::{self, Event, Party, Status, When},
        context::Context,
        error::{Error, Result},
        links::{Links, Purpose, Target, Token},
    },
    people, units,
};

/// Sittings that ended so long ago are left out.
const PAST: TimeDelta = TimeDelta::days(90);
/// Most names in the text of a unit's entry.
const NAMED: usize = 20;

/// The address of a person's feed.
const PERSON: Purpose = Purpose {
    label: "registration.feed.person",
    path: "/cal/",
};
/// The address of a unit's feed.
const UNIT: Purpose = Purpose {
    label: "registration.feed.unit",
    path: "/cal/",
};

/// Whose feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Of a person.
    Person(PersonId),
    /// Of a unit's people.
    Unit(UnitId),
}

impl Whose {
    fn subject(self) -> Uuid {
        match self {
            Self::Person(id) => id.0,
            Self::Unit(id) => id.0,
        }
    }

    fn target(self, generation: i32) -> Target {
        Target {
            purpose: match self {
                Self::Person(_) => PERSON,
                Self::Unit(_) => UNIT,
            },
            subject: self.subject(),
            person: self.subject(),
            generation,
        }
    }

    fn kind(self) -> FeedKind {
        match self {
            Self::Person(_) => FeedKind::Person,
            Self::Unit(_) => FeedKind::Unit,
        }
    }
}

/// The address of a feed, as calendars take it.
///
/// # Errors
/// When the database fails.
pub async fn address(ctx: &Context, whose: Whose) -> Result<String> {
    let generation = generation(ctx.store.read(), whose.subject()).await?;
    Ok(format!("{}.ics", ctx.links.url(&whose.target(generation))))
}

/// Ends the address of a feed and gives it another one.
///
/// # Errors
/// When the database fails.
pub async fn renew(ctx: &Context, whose: Whose) -> Result<()> {
    let tx = ctx.store.begin().await?;
    feed_key::Entity::insert(feed_key::ActiveModel {
        subject_id: Set(whose.subject()),
        kind: Set(whose.kind()),
        // A feed without a row is of the first generation.
        generation: Set(2),
        renewed_at: Set(tx.now()),
    })
    .on_conflict(
        OnConflict::column(feed_key::Column::SubjectId)
            .value(
                feed_key::Column::Generation,
                Expr::col((feed_key::Entity, feed_key::Column::Generation)).add(1),
            )
            .update_column(feed_key::Column::RenewedAt)
            .to_owned(),
    )
    .exec_without_returning(tx.db())
    .await?;
    tx.commit().await
}

async fn generation<C: ConnectionTrait>(db: &C, subject: Uuid) -> Result<i32> {
    let row = feed_key::Entity::find_by_id(subject).one(db).await?;
    Ok(row.map_or(1, |row| row.generation))
}

/// The feed behind an address: the calendar's text.
///
/// # Errors
/// [`Error::NotFound`] for an address that was not given out or was renewed.
pub async fn read(ctx: &Context, token: &str) -> Result<String> {
    let token = Links::read(token.strip_suffix(".ics").unwrap_or(token)).ok_or(Error::NotFound)?;
    let whose = whose(ctx, &token).await?;
    let office = Party {
        name: ctx.config.office.issuer.clone(),
        address: ctx.config.mail.from_address.clone(),
    };
    let (name, events) = match whose {
        Whose::Person(person) => {
            let name = people::get(ctx.store.read(), person).await?.name;
            (
                format!("{name} 的培训与活动"),
                of_person(ctx, person).await?,
            )
        }
        Whose::Unit(unit) => {
            let name = units::get(ctx.store.read(), unit).await?.name;
            (format!("{name} 的培训与活动"), of_unit(ctx, unit).await?)
        }
    };
    Ok(calendar::feed(&name, &office, &events))
}

async fn whose(ctx: &Context, token: &Token) -> Result<Whose> {
    let generation = generation(ctx.store.read(), token.subject).await?;
    [
        Whose::Person(token.subject.into()),
        Whose::Unit(token.subject.into()),
    ]
    .into_iter()
    .find(|whose| ctx.links.verify(token, &whose.target(generation)))
    .ok_or(Error::NotFound)
}

async fn of_person(ctx: &Context, person: PersonId) -> Result<Vec<Event>> {
    let rows = seated(ctx, enrolment::Column::PersonId.eq(person)).await?;
    events(ctx, &rows, person.0, |_| String::new()).await
}

async fn of_unit(ctx: &Context, unit: UnitId) -> Result<Vec<Event>> {
    let rows = seated(ctx, enrolment::Column::UnitId.eq(unit)).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.person_id).collect();
    let people = people::by_ids(ctx.store.read(), &ids).await?;
    let mut names: BTreeMap<RegistrationId, Vec<String>> = BTreeMap::new();
    for row in &rows {
        if let Some(person) = people.get(&row.person_id) {
            names
                .entry(row.registration_id)
                .or_default()
                .push(person.name.clone());
        }
    }
    events(ctx, &rows, unit.0, |id| {
        let all = names.get(&id).map(Vec::as_slice).unwrap_or_default();
        let shown = all.iter().take(NAMED).cloned().collect::<Vec<_>>();
        format!("参加人员（{} 人）：{}", all.len(), shown.join("、"))
    })
    .await
}

async fn seated(ctx: &Context, of: impl IntoCondition) -> Result<Vec<enrolment::Model>> {
    Ok(enrolment::Entity::find()
        .filter(of)
        .filter(enrolment::Column::State.eq(EnrolmentState::Enrolled))
        .all(ctx.store.read())
        .await?)
}

/// One entry for each sitting, however many people of the feed are there.
async fn events(
    ctx: &Context,
    rows: &[enrolment::Model],
    reader: Uuid,
    about: impl Fn(RegistrationId) -> String,
) -> Result<Vec<Event>> {
    let db = ctx.store.read();
    let mut ids: Vec<_> = rows.iter().map(|row| row.registration_id).collect();
    ids.sort();
    ids.dedup();
    let registrations: HashMap<RegistrationId, registration::Model> = registration::Entity::find()
        .filter(registration::Column::Id.is_in(ids.iter().copied()))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let sittings = sitting::Entity::find()
        .filter(sitting::Column::RegistrationId.is_in(ids))
        .filter(sitting::Column::ToAt.gt(ctx.now() - PAST))
        .order_by_asc(sitting::Column::FromAt)
        .order_by_asc(sitting::Column::Id)
        .all(db)
        .await?;
    sittings
        .into_iter()
        .filter_map(|sitting| {
            let registration = registrations.get(&sitting.registration_id)?;
            let text = about(sitting.registration_id);
            Some(zone(registration).map(|zone| event(registration, sitting, reader, zone, text)))
        })
        .collect()
}

fn event(
    registration: &registration::Model,
    sitting: sitting::Model,
    reader: Uuid,
    zone: Tz,
    about: String,
) -> Event {
    let lines = [
        registration.title.clone(),
        about,
        format!("联系人：{}", registration.contact),
    ];
    Event {
        uid: format!("sitting-{}-{}@expert-pool", sitting.id, reader),
        sequence: u32::try_from(sitting.sequence).unwrap_or(0),
        stamp: stamp(registration),
        when: When::Times {
            start: sitting.from_at,
            end: sitting.to_at,
        },
        zone,
        status: Status::Confirmed,
        summary: sitting.label,
        description: lines
            .into_iter()
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n"),
        location: sitting.place,
        url: None,
    }
}

/// The same for the same contents, so that a calendar that asks again is told that nothing changed.
fn stamp(registration: &registration::Model) -> DateTime<Utc> {
    registration.published_at.unwrap_or(registration.created_at)
}
