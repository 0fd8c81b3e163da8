//! Units and contacts from a table: row by row, good rows kept, bad ones named.

use chrono::NaiveDate;
use entity::unit::Tier;
use sea_orm::{ActiveEnum, Iterable};

use super::{add_contact, add_contact::NewContact, keep, keep::NewUnit, read};
use crate::foundation::{
    context::Context,
    error::{FieldErrors, Refusal, Result},
    search::normalise,
    sheets::{self, Column, Record, Records, Sheet},
    store::WriteTx,
    texts::Label,
};

/// How near a name has to be to one in the register to be offered instead (Jaro-Winkler).
const NEAR: f64 = 0.88;

/// Columns of a table of units.
const UNIT_COLUMNS: &[Column] = &[
    column("name", &["单位全称", "单位名称", "单位"], true),
    column("short_name", &["简称"], false),
    column("tier", &["层级"], false),
    column("scope", &["业务范围"], false),
    column("credit_code", &["统一社会信用代码", "信用代码"], false),
    column("joined_on", &["加入日期"], false),
];

/// Columns of a table of contacts.
const CONTACT_COLUMNS: &[Column] = &[
    column("unit", &["单位", "单位全称", "单位名称"], true),
    column("name", &["姓名", "联络员"], true),
    column("position", &["部门和职务", "职务", "部门"], false),
    column("email", &["邮箱", "电子邮箱", "电子邮件"], true),
    column("mobile", &["手机号", "手机", "联系电话"], false),
];

const fn column(key: &'static str, names: &'static [&'static str], required: bool) -> Column {
    Column {
        key,
        names,
        required,
    }
}

/// What is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matter {
    /// Units.
    Units,
    /// Contacts of units; each is invited by mail.
    Contacts,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows taken.
    pub taken: usize,
    /// Rows that were there already.
    pub known: usize,
    /// Refused rows: line of the file and what is wrong.
    pub refused: Vec<(usize, FieldErrors)>,
    /// Heads of columns that were not used.
    pub unused: Vec<String>,
}

/// Imports a sheet. With `dry_run` nothing stays, and the report is the same.
///
/// # Errors
/// A refusal when columns are missing; otherwise when the service itself fails.
pub async fn import(ctx: &Context, matter: Matter, sheet: Sheet, dry_run: bool) -> Result<Report> {
    let columns = match matter {
        Matter::Units => UNIT_COLUMNS,
        Matter::Contacts => CONTACT_COLUMNS,
    };
    let records = sheet.records(columns).map_err(|error| error.refusal())?;
    let mut report = Report {
        refused: cell_faults(&records),
        unused: records.unused.clone(),
        ..Report::default()
    };
    let rehearsal = match dry_run {
        true => Some(ctx.store.begin().await?),
        false => None,
    };
    for record in records.iter() {
        let done = match &rehearsal {
            Some(tx) => row(tx, ctx, matter, &record).await,
            None => {
                let tx = ctx.store.begin().await?;
                let done = row(&tx, ctx, matter, &record).await;
                if done.is_ok() {
                    tx.commit().await?;
                }
                done
            }
        };
        match done {
            Ok(true) => report.taken += 1,
            Ok(false) => report.known += 1,
            Err(error) => report
                .refused
                .push((record.line(), error.into_form_errors()?)),
        }
    }
    if let Some(tx) = rehearsal {
        tx.rollback().await?;
    }
    report.refused.sort_by_key(|(line, _)| *line);
    Ok(report)
}

/// Refused cells of the sheet, as refusals of their rows.
fn cell_faults(records: &Records) -> Vec<(usize, FieldErrors)> {
    records
        .faults
        .iter()
        .map(|fault| {
            let refusal = Refusal::new(fault.kind.code()).with("value", &fault.value);
            (fault.line, FieldErrors::at(&fault.column, refusal))
        })
        .collect()
}

/// Takes one row: whether it is new.
async fn row(tx: &WriteTx, ctx: &Context, matter: Matter, record: &Record<'_>) -> Result<bool> {
    match matter {
        Matter::Units => unit_row(tx, ctx, record).await,
        Matter::Contacts => contact_row(tx, ctx, record).await,
    }
}

async fn unit_row(tx: &WriteTx, ctx: &Context, record: &Record<'_>) -> Result<bool> {
    let mut errors = FieldErrors::default();
    let new = NewUnit {
        name: text(record, "name", 100, &mut errors),
        short_name: text(record, "short_name", 40, &mut errors),
        scope: text(record, "scope", 1000, &mut errors),
        credit_code: record.get("credit_code").to_owned(),
        joined_on: date(record, "joined_on", &mut errors),
    };
    if new.name.is_empty() {
        errors.add("name", Refusal::new("form.required"));
    }
    let tier = tier(record.get("tier"));
    if tier.is_none() {
        errors.add("tier", Refusal::new("form.choose"));
    }
    let Some(tier) = errors.into_result(tier)? else {
        return Ok(false);
    };
    if read::by_name(tx.db(), &new.name).await?.is_some() {
        return Ok(false);
    }
    keep::add_within(tx, ctx, None, &new, tier).await?;
    Ok(true)
}

async fn contact_row(tx: &WriteTx, ctx: &Context, record: &Record<'_>) -> Result<bool> {
    let mut errors = FieldErrors::default();
    let new = NewContact {
        name: text(record, "name", 40, &mut errors),
        position: text(record, "position", 60, &mut errors),
        email: record.get("email").to_owned(),
        mobile: record.get("mobile").to_owned(),
    };
    let named = record.get("unit");
    let Some(unit) = read::by_name(tx.db(), named).await? else {
        errors.add("unit", unknown_unit(tx, named).await?);
        return errors.into_result(false);
    };
    errors.into_result(())?;
    let unit = keep::lock(tx, unit.id).await?;
    let email = new.email.trim().to_lowercase();
    let known = read::contacts(tx.db(), unit.id).await?.iter().any(|one| {
        one.person.email.as_deref() == Some(email.as_str())
            && one.person.name_normal == normalise(&new.name)
    });
    if known {
        return Ok(false);
    }
    add_contact::add_within(tx, ctx, None, &unit, &new).await?;
    Ok(true)
}

/// No unit of that name; a near one is offered, never taken.
async fn unknown_unit(tx: &WriteTx, named: &str) -> Result<Refusal> {
    let wanted = normalise(named);
    let near = read::all(tx.db())
        .await?
        .into_iter()
        .map(|unit| {
            (
                strsim::jaro_winkler(&wanted, &normalise(&unit.name)),
                unit.name,
            )
        })
        .filter(|(score, _)| *score >= NEAR)
        .max_by(|one, other| one.0.total_cmp(&other.0));
    Ok(match near {
        Some((_, name)) => Refusal::new("units.unknown_near")
            .with("value", named)
            .with("name", name),
        None => Refusal::new("units.unknown").with("value", named),
    })
}

fn text(record: &Record<'_>, key: &str, max: usize, errors: &mut FieldErrors) -> String {
    let text = record.get(key).trim();
    if text.chars().count() > max {
        errors.add(key, Refusal::new("form.too_long").with("max", max));
    }
    text.to_owned()
}

fn date(record: &Record<'_>, key: &str, errors: &mut FieldErrors) -> Option<NaiveDate> {
    let text = record.get(key);
    if text.is_empty() {
        return None;
    }
    let date = sheets::read_date(text);
    if date.is_none() {
        errors.add(key, Refusal::new("form.not_a_date"));
    }
    date
}

/// A tier by its Chinese name or its code; blank is an ordinary member.
fn tier(text: &str) -> Option<Tier> {
    if text.is_empty() {
        return Some(Tier::Member);
    }
    Tier::iter().find(|tier| tier.zh() == text || tier.to_value() == text)
}
