//! A unit files a joint project: units, what is to be brought, days.

use chrono::NaiveDate;
use entity::{
    cooperation::{self, CooperationState},
    cooperation_unit::{self, PartState},
    deliverable,
    ids::{CooperationId, PersonId, UnitId},
    unit,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

use super::{mails, matter, rules};
use crate::{
    exchange::events,
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        numbers,
        search::normalise,
        ui::Fields,
    },
};

/// Something to be brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What.
    pub title: String,
    /// Who is to bring it.
    pub unit: UnitId,
    /// Until when.
    pub on: NaiveDate,
}

/// A project as its form holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// Name.
    pub title: String,
    /// What it is for.
    pub goal: String,
    /// Begin.
    pub from: NaiveDate,
    /// End.
    pub to: NaiveDate,
    /// The other units, with what they do.
    pub partners: Vec<(UnitId, String)>,
    /// What is to be brought.
    pub due: Vec<Due>,
}

impl Filing {
    /// Reads a form of the unit `lead`; what is wrong is noted at its field.
    pub fn read(
        fields: &Fields,
        lead: &unit::Model,
        units: &[unit::Model],
        errors: &mut FieldErrors,
    ) -> Self {
        let title = fields.required("title", 60, errors);
        let goal = fields.required("goal", 2_000, errors);
        let mut day = |name: &str| {
            let day = fields.date(name, errors);
            if day.is_none() && errors.of(name).is_none() {
                errors.add(name, Refusal::new("form.required"));
            }
            day
        };
        let (from, to) = match (day("from_date"), day("to_date")) {
            (Some(from), Some(to)) => (from, to),
            _ => (NaiveDate::MIN, NaiveDate::MAX),
        };
        if to < from {
            let refusal = Refusal::new("exchange.period_backwards")
                .with("day", crate::foundation::ui::dates::day(from));
            errors.add("to_date", refusal);
        }
        let partners = partners(fields, lead, units, errors);
        let mut carrying = vec![lead.clone()];
        carrying.extend(
            units
                .iter()
                .filter(|unit| partners.iter().any(|(id, _)| *id == unit.id))
                .cloned(),
        );
        let due = deliverables(fields, &carrying, (from, to), errors);
        Self {
            title,
            goal,
            from,
            to,
            partners,
            due,
        }
    }
}

/// `单位：承担的工作`, a line each.
fn partners(
    fields: &Fields,
    lead: &unit::Model,
    units: &[unit::Model],
    errors: &mut FieldErrors,
) -> Vec<(UnitId, String)> {
    let mut found: Vec<(UnitId, String)> = Vec::new();
    for line in fields.lines("partners") {
        let (name, task) = line.split_once(['：', ':']).unwrap_or((&line, ""));
        match by_name(name, units) {
            None => errors.add(
                "partners",
                Refusal::new("cooperation.unit_unknown").with("name", name.trim()),
            ),
            Some(unit) if unit.id == lead.id || found.iter().any(|(id, _)| *id == unit.id) => {
                errors.add(
                    "partners",
                    Refusal::new("cooperation.unit_twice").with("name", &unit.name),
                );
            }
            Some(unit) => found.push((unit.id, task.trim().to_owned())),
        }
    }
    if found.len() + 1 < rules::LEAST_UNITS && errors.of("partners").is_none() {
        errors.add("partners", Refusal::new("cooperation.too_few_units"));
    }
    found
}

/// `成果，负责单位，2026-12-31`, a line each.
fn deliverables(
    fields: &Fields,
    carrying: &[unit::Model],
    (from, to): (NaiveDate, NaiveDate),
    errors: &mut FieldErrors,
) -> Vec<Due> {
    let mut all = Vec::new();
    for line in fields.lines("deliverables") {
        match deliverable_of(&line, carrying) {
            Ok(due) => match rules::check_due(due.on, from, to) {
                Ok(()) => all.push(due),
                Err(refusal) => errors.add("deliverables", refusal),
            },
            Err(refusal) => errors.add("deliverables", refusal),
        }
    }
    if all.is_empty() && errors.of("deliverables").is_none() {
        errors.add("deliverables", Refusal::new("form.required"));
    }
    all
}

/// A deliverable as it is typed on a line.
pub(super) fn deliverable_of(line: &str, carrying: &[unit::Model]) -> Result<Due, Refusal> {
    let parts: Vec<_> = line.split(['，', ',']).map(str::trim).collect();
    let [title, name, day] = parts[..] else {
        return Err(Refusal::new("cooperation.deliverable_line").with("line", line));
    };
    let unit = by_name(name, carrying)
        .ok_or_else(|| Refusal::new("cooperation.not_carrying").with("name", name))?;
    let on = NaiveDate::parse_from_str(day, "%Y-%m-%d")
        .map_err(|_| Refusal::new("cooperation.deliverable_line").with("line", line))?;
    Ok(Due {
        title: title.to_owned(),
        unit: unit.id,
        on,
    })
}

fn by_name<'a>(name: &str, units: &'a [unit::Model]) -> Option<&'a unit::Model> {
    let wanted = normalise(name);
    units.iter().find(|unit| {
        normalise(&unit.name) == wanted
            || (!unit.short_name.is_empty() && normalise(&unit.short_name) == wanted)
    })
}

/// Files the project and asks the other units.
///
/// # Errors
/// When the database fails.
pub async fn file(
    ctx: &Context,
    lead: UnitId,
    by: PersonId,
    filing: &Filing,
) -> Result<CooperationId> {
    let tx = ctx.store.begin().await?;
    let id: CooperationId = tx.id();
    let year = ctx.year();
    let number = numbers::next(&tx, "cooperation", year).await?;
    let row = cooperation::ActiveModel {
        id: Set(id),
        number: Set(format!("HZ-{year}-{number:04}")),
        state: Set(CooperationState::Proposed),
        lead_unit_id: Set(lead),
        title: Set(filing.title.clone()),
        goal: Set(filing.goal.clone()),
        from_date: Set(filing.from),
        to_date: Set(filing.to),
        filed_by: Set(by),
        outcome: Set(String::new()),
        ended_at: Set(None),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        version: Set(1),
    }
    .insert(tx.db())
    .await?;
    let own = (lead, "牵头".to_owned());
    for (unit, task) in std::iter::once(&own).chain(&filing.partners) {
        let leads = *unit == lead;
        cooperation_unit::Entity::insert(cooperation_unit::ActiveModel {
            id: Set(tx.id()),
            cooperation_id: Set(id),
            unit_id: Set(*unit),
            state: Set(if leads {
                PartState::Joined
            } else {
                PartState::Asked
            }),
            task: Set(task.clone()),
            answered_by: Set(leads.then_some(by)),
            answered_at: Set(leads.then_some(tx.now())),
            note: Set(String::new()),
        })
        .exec_without_returning(tx.db())
        .await?;
    }
    for due in &filing.due {
        deliverable::Entity::insert(deliverable::ActiveModel {
            id: Set(tx.id()),
            cooperation_id: Set(id),
            title: Set(due.title.clone()),
            unit_id: Set(due.unit),
            due_on: Set(due.on),
            delivered_on: Set(None),
            delivered_by: Set(None),
            note: Set(String::new()),
        })
        .exec_without_returning(tx.db())
        .await?;
    }
    let event = events::note(&tx, matter(id), Some(by), "cooperation.filed", "").await?;
    let facts = mails::Facts::of(tx.db(), &row).await?;
    for (unit, _) in &filing.partners {
        mails::to_unit::<mails::Asked>(&tx, &facts, *unit, (event.0, 1), &[]).await?;
    }
    tx.commit().await?;
    Ok(id)
}
