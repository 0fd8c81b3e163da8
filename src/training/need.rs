//! 培训需求: a unit states what its people want to learn; other units join it.

use chrono::{Datelike, Days, Months, NaiveDate};
use entity::{
    ids::{NeedId, PersonId, UnitId, VoiceId},
    need_voice,
    training_need::{self, NeedState},
};
use sea_orm::{ActiveValue::Set, EntityTrait, prelude::Json};
use serde_json::json;

use super::store;
use crate::{
    accounts::audit,
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
        texts::Label,
        ui::{Fields, read_domains, typed_domains},
    },
    panels::texts,
};

/// Most people that a unit can state.
const MOST_PEOPLE: i32 = 500;

/// What a need says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Need {
    /// What is to be learned, a line.
    pub topic: String,
    /// More about it.
    pub details: String,
    /// Codes like `ics:29.240`.
    pub domains: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Who would come.
    pub audience: String,
    /// How many people.
    pub headcount: i32,
    /// By when: the last day of a month.
    pub wished_by: Option<NaiveDate>,
}

impl Need {
    /// Reads what was typed.
    ///
    /// # Errors
    /// Everything that is wrong, at its field.
    pub(super) fn read(fields: &Fields, today: NaiveDate) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let (domains, keywords) = read_domains(fields, "domains", &mut errors);
        let need = Self {
            topic: fields.required("topic", 60, &mut errors),
            details: fields.optional("details", 2_000, &mut errors),
            domains,
            keywords,
            audience: fields.required("audience", 80, &mut errors),
            headcount: headcount(fields, &mut errors),
            wished_by: read_month(fields, today, &mut errors),
        };
        errors.into_result(need)
    }

    /// What a row says.
    pub(super) fn of(row: &training_need::Model) -> Self {
        Self {
            topic: row.topic.clone(),
            details: row.details.clone(),
            domains: texts(&row.domains),
            keywords: texts(&row.keywords),
            audience: row.audience.clone(),
            headcount: row.headcount,
            wished_by: row.wished_by,
        }
    }

    /// The form that shows it.
    pub(super) fn fields(&self) -> Fields {
        Fields::default()
            .with("topic", &self.topic)
            .with("details", &self.details)
            .with("domains", typed_domains(&self.domains, &self.keywords))
            .with("audience", &self.audience)
            .with("headcount", self.headcount)
            .with(
                "wished",
                self.wished_by
                    .map(|day| day.format("%Y-%m").to_string())
                    .unwrap_or_default(),
            )
    }

    fn set(&self, row: &mut training_need::ActiveModel) {
        row.topic = Set(self.topic.clone());
        row.details = Set(self.details.clone());
        row.domains = Set(Json::from(self.domains.clone()));
        row.keywords = Set(Json::from(self.keywords.clone()));
        row.audience = Set(self.audience.clone());
        row.headcount = Set(self.headcount);
        row.wished_by = Set(self.wished_by);
    }
}

pub(super) fn headcount(fields: &Fields, errors: &mut FieldErrors) -> i32 {
    let given = fields.number("headcount", 1, MOST_PEOPLE, errors);
    if given.is_none() && errors.of("headcount").is_none() {
        errors.add("headcount", Refusal::new("form.required"));
    }
    given.unwrap_or(0)
}

/// A month as browsers send it (`2026-10`) or as it is typed (`2026年10月`): its last day.
fn read_month(fields: &Fields, today: NaiveDate, errors: &mut FieldErrors) -> Option<NaiveDate> {
    let typed = fields.text("wished");
    if typed.is_empty() {
        return None;
    }
    let numbers: Vec<_> = typed
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let first = match numbers[..] {
        [year, month] => year
            .parse()
            .ok()
            .zip(month.parse().ok())
            .and_then(|(year, month)| NaiveDate::from_ymd_opt(year, month, 1)),
        _ => None,
    };
    let last = first
        .and_then(|first| first.checked_add_months(Months::new(1)))
        .and_then(|next| next.checked_sub_days(Days::new(1)));
    match last {
        None => errors.add(
            "wished",
            Refusal::new("training.month").with("value", typed),
        ),
        Some(last) if last < today => errors.add(
            "wished",
            Refusal::new("training.month_past")
                .with("month", format!("{}年{}月", last.year(), last.month())),
        ),
        Some(_) => {}
    }
    last
}

/// States a need of a unit.
///
/// # Errors
/// When the database fails.
pub async fn state(tx: &WriteTx, unit: UnitId, by: PersonId, need: &Need) -> Result<NeedId> {
    let id: NeedId = tx.id();
    let mut row = training_need::ActiveModel {
        id: Set(id),
        unit_id: Set(unit),
        stated_by: Set(by),
        state: Set(NeedState::Open),
        course_id: Set(None),
        met_at: Set(None),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        ..Default::default()
    };
    need.set(&mut row);
    training_need::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    record(tx, by, id, "training.need_stated").await?;
    Ok(id)
}

/// Changes what an open need says.
pub(super) async fn change(ctx: &Context, id: NeedId, by: PersonId, need: &Need) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock_need(&tx, id).await?;
    still_open(&row)?;
    let mut next: training_need::ActiveModel = row.into();
    need.set(&mut next);
    next.updated_at = Set(tx.now());
    training_need::Entity::update(next).exec(tx.db()).await?;
    record(&tx, by, id, "training.need_changed").await?;
    tx.commit().await
}

/// Takes an open need back. Where others joined it, it goes on as the need of the first of them.
pub(super) async fn withdraw(ctx: &Context, id: NeedId, by: PersonId) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock_need(&tx, id).await?;
    still_open(&row)?;
    let mut next: training_need::ActiveModel = row.into();
    next.updated_at = Set(tx.now());
    match store::voices(tx.db(), &[id]).await?.into_iter().next() {
        Some(first) => {
            next.unit_id = Set(first.unit_id);
            next.stated_by = Set(first.by_person);
            next.headcount = Set(first.headcount);
            need_voice::Entity::delete_by_id(first.id)
                .exec(tx.db())
                .await?;
        }
        None => next.state = Set(NeedState::Withdrawn),
    }
    training_need::Entity::update(next).exec(tx.db()).await?;
    record(&tx, by, id, "training.need_withdrawn").await?;
    tx.commit().await
}

/// A unit joins a need, or changes with how many people it does.
///
/// # Errors
/// `training.own_need`, `training.need_settled`.
pub async fn join(
    tx: &WriteTx,
    id: NeedId,
    unit: UnitId,
    by: PersonId,
    headcount: i32,
    note: &str,
) -> Result<()> {
    let row = store::lock_need(tx, id).await?;
    if row.unit_id == unit {
        return Err(Refusal::new("training.own_need").into());
    }
    if matches!(row.state, NeedState::Withdrawn) {
        return Err(Error::NotFound);
    }
    still_open(&row)?;
    match store::voice_of(tx.db(), id, unit).await? {
        Some(voice) => {
            need_voice::Entity::update(need_voice::ActiveModel {
                headcount: Set(headcount),
                note: Set(note.to_owned()),
                by_person: Set(by),
                ..voice.into()
            })
            .exec(tx.db())
            .await?;
        }
        None => {
            need_voice::Entity::insert(need_voice::ActiveModel {
                id: Set(tx.id::<VoiceId>()),
                need_id: Set(id),
                unit_id: Set(unit),
                by_person: Set(by),
                headcount: Set(headcount),
                note: Set(note.to_owned()),
                created_at: Set(tx.now()),
            })
            .exec_without_returning(tx.db())
            .await?;
        }
    }
    record(tx, by, id, "training.need_joined").await
}

/// A unit that joined steps back. Twice changes nothing.
pub(super) async fn leave(ctx: &Context, id: NeedId, unit: UnitId, by: PersonId) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock_need(&tx, id).await?;
    still_open(&row)?;
    if let Some(voice) = store::voice_of(tx.db(), id, unit).await? {
        need_voice::Entity::delete_by_id(voice.id)
            .exec(tx.db())
            .await?;
        record(&tx, by, id, "training.need_left").await?;
    }
    tx.commit().await
}

fn still_open(row: &training_need::Model) -> Result<(), Refusal> {
    if row.state == NeedState::Open {
        Ok(())
    } else {
        Err(Refusal::new("training.need_settled").with("state", row.state.zh()))
    }
}

async fn record(tx: &WriteTx, by: PersonId, id: NeedId, action: &'static str) -> Result<()> {
    audit::record(
        tx,
        audit::Entry {
            actor: Some(by),
            action,
            subject_kind: "training_need",
            subject_id: Some(id.0),
            details: json!({}),
        },
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(month: &str) -> Result<Need> {
        let fields = Fields::default()
            .with("topic", "标准编写")
            .with("audience", "标准化专员")
            .with("headcount", "３")
            .with("domains", "01.120；标准编写")
            .with("wished", month);
        Need::read(&fields, "2026-09-14".parse().unwrap())
    }

    #[test]
    fn months_are_read_as_they_are_typed() {
        for typed in ["2026-10", "2026年10月", "2026/10"] {
            let need = read(typed).unwrap();
            assert_eq!(
                need.wished_by,
                Some("2026-10-31".parse().unwrap()),
                "{typed}"
            );
            assert_eq!(need.headcount, 3);
            assert_eq!(need.domains, ["ics:01.120"]);
        }
        assert_eq!(
            read("2026-09").unwrap().wished_by,
            Some("2026-09-30".parse().unwrap())
        );
        let code = |typed| {
            let errors = read(typed).unwrap_err().into_form_errors().unwrap();
            errors.of("wished").unwrap().code
        };
        assert_eq!(code("2026-08"), "training.month_past");
        assert_eq!(code("2026-13"), "training.month");
        assert_eq!(code("年底"), "training.month");
    }

    #[test]
    fn a_form_reads_back_the_same() {
        let need = read("2026-10").unwrap();
        let again = Need::read(&need.fields(), "2026-09-14".parse().unwrap()).unwrap();
        assert_eq!(again, need);
    }
}
