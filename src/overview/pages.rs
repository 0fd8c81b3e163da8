//! `/overview`: the report on a period, the lists behind its figures, the paper and the workbook.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::{Datelike, Days, NaiveDate};
use entity::ids::UnitId;

use super::{
    paper::{self, Signed, days_of},
    picture::{Bars, Caption},
    report::{self, Report, UnitRow},
};
use crate::{
    accounts::Desk,
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        sheets,
        ui::{
            AskedPaper, Fields, Form, Printed, Shell, XLSX, dates, download, page, page_with_status,
        },
    },
    units::{self, Figures, Period},
};

/// Most units in the picture of units.
const UNITS: usize = 10;
/// The first year that is asked for; lists go as far back as the period before it.
const FIRST_YEAR: i32 = 2000;
/// The last year that is asked for.
const LAST_YEAR: i32 = 2200;
/// Most years from the first day to the last.
const MOST_YEARS: i32 = 10;

#[derive(Template)]
#[template(path = "overview/templates/overview.html")]
struct OverviewPage {
    shell: Shell,
    form: Form,
    choices: Vec<Choice>,
    days: String,
    former: String,
    base: String,
    former_base: String,
    report: Report,
    pictures: Vec<Bars>,
}

struct Choice {
    label: String,
    period: Period,
    current: bool,
}

impl Choice {
    fn href(&self) -> String {
        format!("/overview?from={}&to={}", self.period.from, self.period.to)
    }
}

/// `GET /overview`; `from` and `to` choose the days, otherwise this half of the year.
///
/// # Errors
/// When the service itself fails.
pub async fn show(
    State(ctx): State<Context>,
    State(figures): State<Figures>,
    desk: Desk,
    query: Fields,
) -> Result<Response> {
    let choices = choices(&ctx).await?;
    let mut errors = FieldErrors::default();
    let asked = typed(&query, &mut errors);
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let period = asked.unwrap_or(choices[0].period);
    let form = match errors.is_empty() {
        true => Form::new(
            Fields::default()
                .with("from", period.from)
                .with("to", period.to),
        ),
        false => Form::refused(query, errors),
    };
    let report = Report::of(&ctx, &figures, period).await?;
    let former = period.former();
    let shown = OverviewPage {
        shell: desk.shell,
        form,
        choices: choices
            .into_iter()
            .map(|choice| Choice {
                current: choice.period == period,
                ..choice
            })
            .collect(),
        days: days_of(&report),
        former: format!(
            "{}至{}",
            dates::full_day(former.from),
            dates::full_day(former.to)
        ),
        base: base(period),
        former_base: base(former),
        pictures: pictures(&report),
        report,
    };
    Ok(page_with_status(status, &shown))
}

fn base(period: Period) -> String {
    format!("/overview/{}_{}", period.from, period.to)
}

/// The days that were typed; none where nothing was.
fn typed(query: &Fields, errors: &mut FieldErrors) -> Option<Period> {
    if !query.has("from") && !query.has("to") {
        return None;
    }
    let (from, to) = (query.date("from", errors), query.date("to", errors));
    for (name, day) in [("from", from), ("to", to)] {
        if day.is_none() && errors.of(name).is_none() {
            errors.add(name, Refusal::new("form.required"));
        }
    }
    let period = Period::new(from?, to?).filter(|period| is_counted(period, FIRST_YEAR));
    if period.is_none() {
        errors.add("to", Refusal::new("overview.period"));
    }
    period
}

/// Ten years at most, in years that calendars and people know.
fn is_counted(period: &Period, first_year: i32) -> bool {
    let (from, to) = (period.from.year(), period.to.year());
    from >= first_year && to <= LAST_YEAR && to - from <= MOST_YEARS
}

/// Periods that offices report on: this and the last half-year and year, and the council term.
async fn choices(ctx: &Context) -> Result<Vec<Choice>> {
    let today = ctx.today();
    let half = half_of(today);
    let last_half = half_of(half.from - Days::new(1));
    let year = year_of(today.year());
    let last_year = year_of(today.year() - 1);
    let term = units::current_term(ctx.store.read(), today).await?;
    let choice = |label: String, period| Choice {
        label,
        period,
        current: false,
    };
    let mut all = vec![
        choice("本半年".to_owned(), half),
        choice("上一个半年".to_owned(), last_half),
        choice("本年度".to_owned(), year),
        choice("上年度".to_owned(), last_year),
    ];
    if let Some(period) = Period::new(term.from_date, term.to_date) {
        all.push(choice(format!("第 {} 届", term.number), period));
    }
    Ok(all)
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MAX)
}

fn half_of(on: NaiveDate) -> Period {
    let year = on.year();
    match on.month() {
        ..=6 => Period {
            from: day(year, 1, 1),
            to: day(year, 6, 30),
        },
        _ => Period {
            from: day(year, 7, 1),
            to: day(year, 12, 31),
        },
    }
}

fn year_of(year: i32) -> Period {
    Period {
        from: day(year, 1, 1),
        to: day(year, 12, 31),
    }
}

/// Requests by month, and the units whose experts served most.
fn pictures(report: &Report) -> Vec<Bars> {
    let by_month = report.figure("filed").and_then(|one| {
        let caption = Caption {
            id: "months",
            each: "月份",
            label: one.figure.label,
            measure: one.figure.measure,
        };
        Bars::of(caption, report::by_month(report.period, &one.figure.items))
    });
    let served = report
        .columns()
        .enumerate()
        .find(|(_, one)| one.figure.key == "served")
        .and_then(|(column, one)| {
            let mut rows: Vec<_> = report
                .units
                .iter()
                .filter(|row| row.unit.is_some() && row.counts[column] > 0)
                .map(|row| (row.name.clone(), row.counts[column]))
                .collect();
            rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            rows.truncate(UNITS);
            let caption = Caption {
                id: "units",
                each: "单位",
                label: one.figure.label,
                measure: one.figure.measure,
            };
            Bars::of(caption, rows)
        });
    by_month.into_iter().chain(served).collect()
}

/// The days of an address: `2026-01-01_2026-06-30`.
fn period_of(text: &str) -> Result<Period> {
    let (from, to) = text.split_once('_').ok_or(Error::NotFound)?;
    let day = |text: &str| text.parse().map_err(|_| Error::NotFound);
    Period::new(day(from)?, day(to)?)
        .filter(|period| is_counted(period, FIRST_YEAR - MOST_YEARS - 1))
        .ok_or(Error::NotFound)
}

#[derive(Template)]
#[template(path = "overview/templates/list.html")]
struct ListPage {
    shell: Shell,
    label: &'static str,
    measure: &'static str,
    days: String,
    back: String,
    unit: Option<String>,
    rows: Vec<Line>,
}

struct Line {
    title: String,
    href: Option<String>,
    on: String,
}

/// `GET /overview/{period}/lists/{figure}`: what a figure counts; `unit` only for one unit, `unit=other`
/// for those without a row of their own.
///
/// # Errors
/// [`Error::NotFound`] for figures and units that there are none of.
pub async fn list(
    State(ctx): State<Context>,
    State(figures): State<Figures>,
    desk: Desk,
    Path((period, key)): Path<(String, String)>,
    query: Fields,
) -> Result<Response> {
    let report = Report::of(&ctx, &figures, period_of(&period)?).await?;
    let figure = &report.figure(&key).ok_or(Error::NotFound)?.figure;
    let row = match query.text("unit") {
        "" => None,
        asked => Some(row_of(&report, asked)?),
    };
    let listed = |unit: Option<UnitId>| match row {
        None => true,
        Some(row) if row.unit.is_some() => unit == row.unit,
        Some(_) => !report
            .units
            .iter()
            .any(|row| row.unit.is_some() && row.unit == unit),
    };
    let rows = figure
        .items
        .iter()
        .filter(|item| listed(item.unit))
        .map(|item| Line {
            title: item.title.clone(),
            href: item.href.clone(),
            on: dates::full_day(item.on),
        })
        .collect();
    Ok(page(&ListPage {
        shell: desk.shell,
        label: figure.label,
        measure: figure.measure,
        days: days_of(&report),
        back: format!(
            "/overview?from={}&to={}",
            report.period.from, report.period.to
        ),
        unit: row.map(|row| row.name.clone()),
        rows,
    }))
}

/// The row of the table of units that an address names.
fn row_of<'a>(report: &'a Report, asked: &str) -> Result<&'a UnitRow> {
    report
        .units
        .iter()
        .find(|row| match row.unit {
            Some(unit) => unit.to_string() == asked,
            None => asked == "other",
        })
        .ok_or(Error::NotFound)
}

/// `GET /overview/{period}/papers/{paper}`: `report`, and the same with `.docx`.
///
/// # Errors
/// [`Error::NotFound`] for other papers.
pub async fn show_paper(
    State(ctx): State<Context>,
    State(figures): State<Figures>,
    desk: Desk,
    Path((period, name)): Path<(String, String)>,
) -> Result<Response> {
    let period = period_of(&period)?;
    let asked = AskedPaper::read(&name);
    if asked.name != "report" {
        return Err(Error::NotFound);
    }
    let report = Report::of(&ctx, &figures, period).await?;
    let title = paper::title(period, &units::terms(ctx.store.read()).await?);
    let signed = Signed {
        title: &title,
        issuer: &ctx.config.office.issuer,
        on: ctx.today(),
    };
    let printed = Printed {
        title: "工作总结",
        about: format!("{}至{}", period.from, period.to),
        paper: paper::paper(&report, signed),
    };
    let back = format!("/overview?from={}&to={}", period.from, period.to);
    printed.answer(asked, desk.shell, back, &format!("{}/papers", base(period)))
}

/// `GET /overview/{period}/export`: the workbook.
///
/// # Errors
/// [`Error::NotFound`] for days that are none.
pub async fn export(
    State(ctx): State<Context>,
    State(figures): State<Figures>,
    _: Desk,
    Path(period): Path<String>,
) -> Result<Response> {
    let period = period_of(&period)?;
    let report = Report::of(&ctx, &figures, period).await?;
    let bytes = sheets::workbook(&paper::tables(&report), ctx.now()).map_err(Error::internal)?;
    let name = format!("工作总结-{}至{}.xlsx", period.from, period.to);
    Ok(download(&name, XLSX, bytes))
}
