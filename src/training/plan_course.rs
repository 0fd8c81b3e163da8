//! Courses: planned, mostly from what the units ask for; offered; held regularly; given up.

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use entity::{
    course::{self, CourseState},
    course_part,
    ids::{CourseId, NeedId, PartId, PersonId},
    training_need::{self, NeedState},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{
    demand::{self, Demand},
    recurrence::Recurrence,
    store,
    syllabus::{Part, Syllabus},
};
use crate::{
    accounts::audit,
    experts,
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        numbers,
        store::WriteTx,
        texts::Label,
        ui::Fields,
    },
};

/// Usual 学时 of a course that was just planned from needs: half a day.
const FIRST_HOURS: i32 = 4;
/// Longest time before a run in which its draft is made, in days.
const LONGEST_LEAD: i32 = 365;

/// Plans a course, as a draft.
///
/// # Errors
/// When the database fails.
pub async fn plan(
    ctx: &Context,
    tx: &WriteTx,
    by: PersonId,
    syllabus: &Syllabus,
) -> Result<CourseId> {
    let id: CourseId = tx.id();
    let year = ctx.today().year();
    let number = numbers::next(tx, "course", year).await?;
    let mut row = course::ActiveModel {
        id: Set(id),
        number: Set(format!("KC-{year}-{number:03}")),
        state: Set(CourseState::Draft),
        recurrence: Set(None),
        lead_days: Set(60),
        drafted_until: Set(None),
        created_by: Set(by),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        version: Set(1),
        ..Default::default()
    };
    placed(tx, syllabus).await?.set(&mut row);
    course::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    write_parts(tx, id, &syllabus.parts).await?;
    record(tx, by, id, "training.course_planned").await?;
    Ok(id)
}

/// The syllabus with the base of its room.
async fn placed(tx: &WriteTx, syllabus: &Syllabus) -> Result<Syllabus> {
    let mut syllabus = syllabus.clone();
    if let Some(room) = syllabus.room {
        syllabus.base = Some(store::room(tx.db(), room).await?.base_id);
    }
    Ok(syllabus)
}

/// Replaces the parts. A named lecturer who is the only expert of that name is that expert.
async fn write_parts(tx: &WriteTx, course: CourseId, parts: &[Part]) -> Result<()> {
    course_part::Entity::delete_many()
        .filter(course_part::Column::CourseId.eq(course))
        .exec(tx.db())
        .await?;
    for (position, part) in (1..).zip(parts) {
        let named = part.lecturer.clone().unwrap_or_default();
        let expert = match named.name.as_str() {
            "" => None,
            name => match experts::by_name(tx.db(), name).await?.as_slice() {
                [only] => Some(only.id),
                _ => None,
            },
        };
        course_part::Entity::insert(course_part::ActiveModel {
            id: Set(tx.id::<PartId>()),
            course_id: Set(course),
            position: Set(position),
            title: Set(part.title.clone()),
            content: Set(part.content.clone()),
            hours: Set(part.hours),
            lecturer_expert: Set(expert),
            lecturer_name: Set(named.name),
            lecturer_unit: Set(named.unit),
            lecturer_reason: Set(named.reason),
        })
        .exec_without_returning(tx.db())
        .await?;
    }
    Ok(())
}

/// Makes a course from a cluster of needs in one step: topic, audience and domains come from them, the
/// syllabus is for the group to write. The needs belong to it from now on.
///
/// # Errors
/// `training.needs_changed` when one of them is not open any more.
pub(super) async fn from_needs(ctx: &Context, by: PersonId, needs: &[NeedId]) -> Result<CourseId> {
    let wanted: Vec<_> = demand::open(ctx)
        .await?
        .into_iter()
        .filter(|demand| demand.ids().iter().any(|id| needs.contains(id)))
        .collect();
    let [demand] = wanted.as_slice() else {
        return Err(changed());
    };
    if demand.ids().iter().any(|id| !needs.contains(id)) || demand.needs.len() != needs.len() {
        return Err(changed());
    }
    let tx = ctx.store.begin().await?;
    let course = plan(ctx, &tx, by, &drafted(demand)).await?;
    answer(&tx, course, needs).await?;
    tx.commit().await?;
    Ok(course)
}

fn changed() -> Error {
    Error::Conflict(Refusal::new("training.needs_changed"))
}

/// A first syllabus from what was asked for.
fn drafted(demand: &Demand) -> Syllabus {
    let mut audience: Vec<&str> = Vec::new();
    for need in &demand.needs {
        if !audience.contains(&need.audience.as_str()) {
            audience.push(&need.audience);
        }
    }
    let aim: Vec<_> = demand
        .needs
        .iter()
        .map(|need| need.details.as_str())
        .filter(|text| !text.is_empty())
        .collect();
    let cut = |text: String, most: usize| text.chars().take(most).collect::<String>();
    Syllabus {
        title: demand.topic().to_owned(),
        aim: cut(aim.join("\n"), 1_000),
        audience: cut(audience.join("、"), 120),
        domains: demand.domains.clone(),
        keywords: demand.words.clone(),
        parts: vec![Part {
            title: demand.topic().to_owned(),
            content: String::new(),
            hours: FIRST_HOURS,
            lecturer: None,
        }],
        ..Syllabus::default()
    }
}

/// Lets a course answer open needs.
///
/// # Errors
/// `training.needs_changed` when one of them is not open.
pub async fn answer(tx: &WriteTx, course: CourseId, needs: &[NeedId]) -> Result<()> {
    let mut ids = needs.to_vec();
    ids.sort_unstable();
    for id in ids {
        let row = store::lock_need(tx, id).await?;
        if row.state != NeedState::Open {
            return Err(changed());
        }
        training_need::Entity::update(training_need::ActiveModel {
            state: Set(NeedState::Planned),
            course_id: Set(Some(course)),
            updated_at: Set(tx.now()),
            ..row.into()
        })
        .exec(tx.db())
        .await?;
    }
    Ok(())
}

/// Changes what a course says. Runs that were announced keep what they said.
///
/// # Errors
/// `training.changed_elsewhere`, `training.course_retired`.
pub(super) async fn change(
    ctx: &Context,
    id: CourseId,
    by: PersonId,
    syllabus: &Syllabus,
    version: i32,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock_course(&tx, id).await?;
    if row.version != version {
        return Err(Error::Conflict(Refusal::new("training.changed_elsewhere")));
    }
    if row.state == CourseState::Retired {
        return Err(Refusal::new("training.course_retired").into());
    }
    let mut next: course::ActiveModel = row.into();
    placed(&tx, syllabus).await?.set(&mut next);
    next.updated_at = Set(tx.now());
    next.version = Set(version + 1);
    course::Entity::update(next).exec(tx.db()).await?;
    write_parts(&tx, id, &syllabus.parts).await?;
    record(&tx, by, id, "training.course_changed").await?;
    tx.commit().await
}

/// Offers a draft, or gives an offered course up: then no run of it is drafted any more, and what was
/// announced goes on.
///
/// # Errors
/// `training.course_state` when the step does not fit.
pub async fn set_state(tx: &WriteTx, id: CourseId, by: PersonId, to: CourseState) -> Result<()> {
    let row = store::lock_course(tx, id).await?;
    let action = match (row.state, to) {
        (CourseState::Draft | CourseState::Retired, CourseState::Offered) => {
            "training.course_offered"
        }
        (CourseState::Draft | CourseState::Offered, CourseState::Retired) => {
            "training.course_given_up"
        }
        _ => {
            return Err(Refusal::new("training.course_state")
                .with("state", row.state.zh())
                .into());
        }
    };
    course::Entity::update(course::ActiveModel {
        state: Set(to),
        updated_at: Set(tx.now()),
        ..row.into()
    })
    .exec(tx.db())
    .await?;
    record(tx, by, id, action).await
}

/// How a course is held regularly, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Regular {
    /// Six cron fields; none: not regularly.
    pub rule: Option<String>,
    /// Drafts are made so many days before.
    pub lead_days: i32,
}

impl Regular {
    /// Reads the fields `rule` and `lead_days`, on the clocks of `zone`.
    ///
    /// # Errors
    /// What [`Recurrence::read`] refuses, at `rule`; `lead_days` out of range.
    pub(super) fn read(fields: &Fields, zone: Tz, now: DateTime<Utc>) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let rule = fields.text("rule").to_owned();
        let rule = (!rule.is_empty()).then_some(rule);
        if let Some(Err(refusal)) = rule
            .as_deref()
            .map(|rule| Recurrence::read(rule, zone, now))
        {
            errors.add("rule", refusal);
        }
        let lead_days = fields.number("lead_days", 1, LONGEST_LEAD, &mut errors);
        if rule.is_some() && lead_days.is_none() && errors.of("lead_days").is_none() {
            errors.add("lead_days", Refusal::new("form.required"));
        }
        errors.into_result(Self {
            rule,
            lead_days: lead_days.unwrap_or(60),
        })
    }
}

/// Sets how a course is held regularly. A changed rule begins anew: starts that lie ahead are drafted
/// unless there is a run for them already.
///
/// # Errors
/// When the database fails.
pub async fn set_regular(
    tx: &WriteTx,
    id: CourseId,
    by: PersonId,
    regular: &Regular,
) -> Result<()> {
    let row = store::lock_course(tx, id).await?;
    let mut next: course::ActiveModel = row.clone().into();
    if row.recurrence != regular.rule {
        next.drafted_until = Set(None);
    }
    next.recurrence = Set(regular.rule.clone());
    next.lead_days = Set(regular.lead_days);
    next.updated_at = Set(tx.now());
    course::Entity::update(next).exec(tx.db()).await?;
    record(tx, by, id, "training.course_regular").await
}

/// The clocks on which a course is held: of its base, or of the office.
pub(super) async fn zone(ctx: &Context, row: &course::Model) -> Result<Tz> {
    match row.base_id {
        Some(base) => super::bases::zone(&store::base(ctx.store.read(), base).await?),
        None => Ok(ctx.zone()),
    }
}

async fn record(tx: &WriteTx, by: PersonId, id: CourseId, action: &'static str) -> Result<()> {
    audit::record(
        tx,
        audit::Entry {
            actor: Some(by),
            action,
            subject_kind: "course",
            subject_id: Some(id.0),
            details: json!({}),
        },
    )
    .await?;
    Ok(())
}
