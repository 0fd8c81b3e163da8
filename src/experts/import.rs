//! Experts who were engaged before this service: a table with numbers and days. Each row is checked
//! before anything of it is written; good rows are kept, bad ones are told with their lines.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    expert::{self, ExpertState},
    ids::ExpertId,
    person, unit,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{
    profile::{self, Profile},
    recommend,
    rules::{self, Identity},
    store,
};
use crate::{
    accounts::audit,
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        numbers,
        sheets::{self, Column, Record, SheetError},
        store::WriteTx,
        ui::Fields,
    },
    people, units,
};

/// The columns, by name and by the heads that offices use.
const COLUMNS: &[Column] = &[
    column("name", &["姓名"], true),
    column("unit", &["推荐单位"], true),
    column("affiliation", &["工作单位"], false),
    column("kind", &["类别", "专家类别"], true),
    column("position", &["职务"], false),
    column("title", &["职称"], false),
    column("mobile", &["手机", "手机号", "联系电话"], false),
    column("email", &["邮箱", "电子邮箱"], false),
    column("domains", &["领域", "领域编号"], true),
    column("keywords", &["关键词"], false),
    column("works", &["代表成果", "成果"], false),
    column("bio", &["简介"], false),
    column("languages", &["语种", "工作语种"], false),
    column("number", &["聘书编号"], true),
    column("from", &["聘任日期", "聘期起"], true),
    column("to", &["聘期至", "聘期止"], false),
    column("state", &["状态"], false),
];

const fn column(key: &'static str, names: &'static [&'static str], required: bool) -> Column {
    Column {
        key,
        names,
        required,
    }
}

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Lines that were added, with the names.
    pub added: Vec<(usize, String)>,
    /// Lines that were refused, with everything that is wrong.
    pub refused: Vec<(usize, Vec<Refusal>)>,
    /// Heads that name no known column.
    pub unused: Vec<String>,
}

/// Imports a CSV or XLSX file; with `dry_run` everything is checked the same way and nothing is kept.
///
/// # Errors
/// When the file as a whole cannot be read; nothing is then imported.
pub async fn import(ctx: &Context, bytes: &[u8], dry_run: bool) -> Result<Report> {
    let broken = |error: SheetError| Error::internal(error);
    let records = sheets::read(bytes, &sheets::Limits::default())
        .map_err(broken)?
        .records(COLUMNS)
        .map_err(broken)?;
    let mut report = Report {
        unused: records.unused.clone(),
        ..Report::default()
    };
    for fault in &records.faults {
        let refusal = Refusal::new(fault.kind.code()).with("value", &fault.value);
        match report.refused.last_mut() {
            Some((line, refusals)) if *line == fault.line => refusals.push(refusal),
            _ => report.refused.push((fault.line, vec![refusal])),
        }
    }
    let tx = ctx.store.begin().await?;
    for record in records.iter() {
        let kept = match Row::read(&record) {
            Ok(row) => row.keep(ctx, &tx).await.map(|()| row.profile.name),
            Err(errors) => Err(Error::Invalid(errors)),
        };
        match kept {
            Ok(name) => report.added.push((record.line(), name)),
            Err(error) => {
                let errors = error.into_form_errors()?;
                let refusals = errors.iter().map(|(_, refusal)| refusal.clone()).collect();
                report.refused.push((record.line(), refusals));
            }
        }
    }
    report.refused.sort_by_key(|(line, _)| *line);
    if dry_run {
        tx.rollback().await?;
    } else {
        tx.commit().await?;
    }
    Ok(report)
}

/// A row that was read.
struct Row {
    profile: Profile,
    unit: String,
    number: String,
    from: NaiveDate,
    to: Option<NaiveDate>,
    state: ExpertState,
}

impl Row {
    fn read(record: &Record<'_>) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut fields = Fields::default();
        for column in COLUMNS {
            let cell = record.get(column.key);
            let value = match (column.key, profile::read_kind(cell)) {
                ("kind", Some(kind)) => profile::kind_word(kind).to_owned(),
                ("works", _) => cell
                    .split(['；', ';', '\n'])
                    .map(str::trim)
                    .collect::<Vec<_>>()
                    .join("\n"),
                ("from" | "to", _) => iso_date(cell),
                _ => cell.to_owned(),
            };
            fields = fields.with(column.key, value);
        }
        if profile::read_kind(record.get("kind")).is_none() {
            let refusal = Refusal::new("experts.unknown_kind").with("value", record.get("kind"));
            errors.add("kind", refusal);
            fields = without_kind(&fields);
        }
        let profile = Profile::read(&fields, &mut errors);
        if profile.domains.is_empty() && errors.of("domains").is_none() {
            errors.add("domains", Refusal::new("experts.no_domain"));
        }
        if profile.email.is_empty() && profile.mobile.is_empty() {
            errors.add("mobile", Refusal::new("experts.unreachable"));
        }
        let unit = fields.required("unit", 60, &mut errors);
        let number = fields.required("number", 40, &mut errors);
        let from = fields.date("from", &mut errors);
        if from.is_none() && errors.of("from").is_none() {
            errors.add("from", Refusal::new("form.required"));
        }
        let to = fields.date("to", &mut errors);
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            errors.add("to", Refusal::new("experts.bad_term_days"));
        }
        let state = match fields.text("state") {
            "" | "已聘任" | "engaged" => ExpertState::Engaged,
            "中止" | "suspended" => ExpertState::Suspended,
            other => {
                let refusal = Refusal::new("experts.unknown_state").with("value", other);
                errors.add("state", refusal);
                ExpertState::Engaged
            }
        };
        match from {
            Some(from) if errors.is_empty() => Ok(Self {
                profile,
                unit,
                number,
                from,
                to,
                state,
            }),
            _ => Err(errors),
        }
    }

    /// Checks the row against what is known, then writes it.
    async fn keep(&self, ctx: &Context, tx: &WriteTx) -> Result<()> {
        let unit = units::by_name(tx.db(), &self.unit)
            .await?
            .ok_or_else(|| Refusal::new("experts.unknown_unit").with("value", &self.unit))?;
        let (term, _) = store::lock_seats(tx, ctx.today(), Some(unit.id)).await?;
        let id: ExpertId = tx.id();
        recommend::check_seat(ctx, tx, &unit, id).await?;
        recommend::check_duplicate(tx, id, &self.profile, &unit.name).await?;
        self.check_number(tx).await?;
        let person = match self.known_person(tx, &unit).await? {
            Some(known) => known.id,
            None => people::add(tx, recommend::new_person(&self.profile)).await?,
        };
        store::insert(
            tx,
            expert::ActiveModel {
                unit_id: Set(Some(unit.id)),
                state: Set(self.state),
                term_id: Set(Some(term.id)),
                engagement_number: Set(Some(self.number.clone())),
                engaged_from: Set(Some(self.from)),
                engaged_to: Set(Some(self.to.unwrap_or(term.to_date))),
                ..recommend::blank(ctx, tx, id, person, &self.profile)
            },
        )
        .await?;
        store::note(tx, id, self.state, None, "批量导入").await?;
        if let Some((year, number)) = read_number(&self.number) {
            numbers::given(tx, "engagement", year, number).await?;
        }
        audit::record(
            tx,
            audit::Entry {
                actor: None,
                action: "experts.import",
                subject_kind: "expert",
                subject_id: Some(id.0),
                details: serde_json::json!({ "number": self.number, "state": self.state }),
            },
        )
        .await?;
        Ok(())
    }

    async fn check_number(&self, tx: &WriteTx) -> Result<()> {
        let taken = expert::Entity::find()
            .filter(expert::Column::EngagementNumber.eq(&self.number))
            .one(tx.db())
            .await?;
        let Some(row) = taken else {
            return Ok(());
        };
        let name = people::get(tx.db(), row.person_id).await?.name;
        Err(Refusal::new("experts.number_taken")
            .with("number", &self.number)
            .with("name", name)
            .into())
    }

    /// The person behind, when known by number or address; refused when these are somebody else's.
    async fn known_person(
        &self,
        tx: &WriteTx,
        unit: &unit::Model,
    ) -> Result<Option<person::Model>> {
        let email = people::contact_data::email(&self.profile.email)?;
        let mobile = people::contact_data::mobile(&self.profile.mobile)?;
        let described = Identity {
            name: &self.profile.name,
            email: email.as_deref(),
            mobile: mobile.as_deref(),
            affiliation: &unit.name,
        };
        let known = people::duplicates(tx.db(), email.as_deref(), mobile.as_deref()).await?;
        let surely = known.iter().find(|other| {
            rules::surely_same(
                &described,
                &Identity {
                    name: &other.name,
                    email: other.email.as_deref(),
                    mobile: other.mobile.as_deref(),
                    affiliation: &unit.name,
                },
            )
        });
        match (surely, known.first()) {
            (Some(person), _) => Ok(Some(person.clone())),
            (None, Some(other)) => Err(Refusal::new("experts.contact_of_other")
                .with("name", people::mask::name(&other.name))
                .with("given", &self.profile.name)
                .into()),
            (None, None) => Ok(None),
        }
    }
}

/// The fields with a kind that can be read, so that only one refusal is told of it.
fn without_kind(fields: &Fields) -> Fields {
    let kept: HashMap<_, _> = fields.iter().filter(|(name, _)| *name != "kind").collect();
    kept.into_iter()
        .fold(Fields::default(), |all, (name, value)| {
            all.with(name, value)
        })
        .with("kind", "technical")
}

/// `2026/9/1`, `2026.9.1` and `2026年9月1日` as `2026-09-01`; anything else as it is.
fn iso_date(text: &str) -> String {
    let plain = text.trim().replace(['/', '.', '年', '月'], "-");
    let plain = plain.trim_end_matches('日');
    NaiveDate::parse_from_str(plain, "%Y-%m-%d")
        .map_or_else(|_| text.to_owned(), |date| date.to_string())
}

/// Year and number of `团标联聘〔2026〕001号`; none for numbers of another shape.
fn read_number(text: &str) -> Option<(i32, i32)> {
    let rest = text.trim().strip_prefix("团标联聘")?;
    let rest = rest.strip_prefix(['〔', '[', '【', '（', '('])?;
    let (year, rest) = rest.split_once(['〕', ']', '】', '）', ')'])?;
    let number = rest.strip_suffix('号').unwrap_or(rest);
    Some((year.parse().ok()?, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_offices_write_them() {
        for text in ["2026-09-01", "2026/9/1", "2026.9.1", "2026年9月1日"] {
            assert_eq!(iso_date(text), "2026-09-01", "{text}");
        }
        assert_eq!(iso_date("去年"), "去年");
    }

    #[test]
    fn numbers_of_the_known_shape_are_counted() {
        assert_eq!(read_number("团标联聘〔2026〕031号"), Some((2026, 31)));
        assert_eq!(read_number("团标联聘[2025]7号"), Some((2025, 7)));
        assert_eq!(read_number("TBL-2025-014"), None);
    }
}
