//! `/calendar`: what is known, the preview of an import, and the import.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{Datelike, NaiveDate};

use super::{
    import::import,
    reading::{Reading, of_notice, read, whole_years},
};
use crate::{
    accounts::{Action, Desk, Owner, policy},
    foundation::{
        calendar::{DayKind, SpecialDay, WorkingCalendar, read_day_list},
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        texts::{Language, sentence},
        ui::{Form, Shell, Submission, Tag, dates, page, page_with_status},
    },
    panels,
};

/// Days before the end of what is announced on which the secretariat is reminded.
pub(in crate::operations) const AHEAD: i64 = 60;

#[derive(Template)]
#[template(path = "operations/templates/calendar.html")]
struct CalendarPage {
    shell: Shell,
    form: Form,
    until: String,
    soon: bool,
    imported: Option<String>,
    provisional: usize,
    may_manage: bool,
    years: Vec<Year>,
}

/// A year as it is known.
struct Year {
    year: i32,
    festivals: Vec<Festival>,
}

/// A festival with its days in words.
struct Festival {
    name: String,
    off: String,
    worked: String,
}

async fn calendar_page(ctx: &Context, desk: Desk, form: Form) -> Result<CalendarPage> {
    let db = ctx.store.read();
    let calendar = ctx.calendar();
    let today = ctx.today();
    Ok(CalendarPage {
        until: dates::full_day(calendar.coverage_until()),
        soon: (calendar.coverage_until() - today).num_days() <= AHEAD,
        imported: crate::foundation::calendar::last_import(db)
            .await?
            .map(|at| dates::moment(at, ctx.zone())),
        provisional: panels::provisional_cutoffs(db, ctx.now()).await?,
        may_manage: policy::allows(&desk.actor, Action::ManageOperations, &Owner::ALLIANCE),
        years: years(&calendar, today.year()),
        form,
        shell: desk.shell,
    })
}

/// The years from `first` on, the latest first.
fn years(calendar: &WorkingCalendar, first: i32) -> Vec<Year> {
    let mut by_year: BTreeMap<i32, Vec<&SpecialDay>> = BTreeMap::new();
    for day in calendar.days().filter(|day| day.date.year() >= first) {
        by_year.entry(day.date.year()).or_default().push(day);
    }
    by_year
        .into_iter()
        .rev()
        .map(|(year, days)| Year {
            year,
            festivals: festivals(&days),
        })
        .collect()
}

/// Festivals in the order of their first day off.
fn festivals(days: &[&SpecialDay]) -> Vec<Festival> {
    let mut names: Vec<&str> = Vec::new();
    let off = days.iter().filter(|day| day.kind == DayKind::Holiday);
    for day in off.chain(days.iter()) {
        if !names.contains(&day.name.as_str()) {
            names.push(&day.name);
        }
    }
    names
        .into_iter()
        .map(|name| {
            let of = |kind| -> Vec<NaiveDate> {
                let mine = days
                    .iter()
                    .filter(|day| day.name == name && day.kind == kind);
                mine.map(|day| day.date).collect()
            };
            Festival {
                name: name.to_owned(),
                off: spans(&of(DayKind::Holiday)),
                worked: spans(&of(DayKind::Workday)),
            }
        })
        .collect()
}

/// `10月1日（周四）–10月8日（周四）`, with days that follow each other as one span.
fn spans(days: &[NaiveDate]) -> String {
    let mut spans: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for day in days {
        match spans.last_mut() {
            Some((_, to)) if to.succ_opt() == Some(*day) => *to = *day,
            _ => spans.push((*day, *day)),
        }
    }
    let words: Vec<_> = spans
        .into_iter()
        .map(|(from, to)| {
            if from == to {
                dates::day_and_weekday(from)
            } else {
                format!(
                    "{}–{}",
                    dates::day_and_weekday(from),
                    dates::day_and_weekday(to)
                )
            }
        })
        .collect();
    words.join("、")
}

/// `GET /calendar`
///
/// # Errors
/// [`Error::NotFound`] for people who may not see operations.
pub async fn show(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    desk.actor
        .require(Action::ReadOperations, &Owner::ALLIANCE)?;
    Ok(page(&calendar_page(&ctx, desk, Form::default()).await?))
}

#[derive(Template)]
#[template(path = "operations/templates/calendar_preview.html")]
struct PreviewPage {
    shell: Shell,
    form: Form,
    before: String,
    after: String,
    rows: Vec<PreviewRow>,
    refused: Vec<(usize, String)>,
    days: String,
    consequence: String,
    may_import: bool,
}

struct PreviewRow {
    day: String,
    kind: &'static str,
    name: String,
    change: Tag,
}

/// `POST /calendar`: shows what an import would do, and changes nothing.
///
/// # Errors
/// [`Error::NotFound`] for people who may not import.
pub async fn post_preview(
    State(ctx): State<Context>,
    desk: Desk,
    submission: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageOperations, &Owner::ALLIANCE)?;
    let reading = match given(&submission) {
        Ok(reading) => reading,
        Err(error) => {
            let form = Form::refused(submission.fields, error.into_form_errors()?);
            let shown = calendar_page(&ctx, desk, form).await?;
            return Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown));
        }
    };
    let status = if reading.refused.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    preview(&ctx, desk, reading, Form::default(), status).await
}

/// What was handed in: a file or the text of a notice, and not both.
fn given(submission: &Submission) -> Result<Reading> {
    let files = submission.uploads("table");
    let text = submission.fields.text("notice");
    let at = |field: &str, code| -> Error { FieldErrors::at(field, Refusal::new(code)).into() };
    let reading = match (files.first(), text.is_empty()) {
        (Some(_), false) => return Err(at("notice", "calendar.choose_one")),
        (None, true) => return Err(at("table", "calendar.nothing")),
        (Some(file), true) => read(&file.bytes).map_err(|error| match error {
            Error::Refused(refusal) => FieldErrors::at("table", refusal).into(),
            other => other,
        })?,
        (None, false) => of_notice(text),
    };
    if reading.days.is_empty() && reading.refused.is_empty() {
        let field = if text.is_empty() { "table" } else { "notice" };
        return Err(at(field, "calendar.nothing"));
    }
    Ok(reading)
}

async fn preview(
    ctx: &Context,
    desk: Desk,
    reading: Reading,
    mut form: Form,
    status: StatusCode,
) -> Result<Response> {
    let known = ctx.calendar();
    let whole = whole_years(&reading.days, &known);
    if let Err(refusal) = &whole {
        form.errors.add("", refusal.clone());
    }
    let after = WorkingCalendar::of_years(known.days().chain(&reading.days).cloned());
    let provisional = panels::provisional_cutoffs(ctx.store.read(), ctx.now()).await?;
    let status = if whole.is_ok() {
        status
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(page_with_status(
        status,
        &PreviewPage {
            before: dates::full_day(known.coverage_until()),
            after: dates::full_day(after.coverage_until()),
            rows: reading
                .days
                .iter()
                .map(|day| preview_row(day, &known))
                .collect(),
            refused: reading
                .refused
                .iter()
                .map(|(line, refusal)| (*line, sentence(refusal, Language::Chinese)))
                .collect(),
            days: day_list(&reading.days),
            consequence: if provisional == 0 {
                "没有暂定的答复期限，不会通知专家。".to_owned()
            } else {
                format!(
                    "{provisional} 个暂定的答复期限会重新计算；有顺延的，通知还没有答复的专家。"
                )
            },
            may_import: whole.is_ok(),
            form,
            shell: desk.shell,
        },
    ))
}

fn preview_row(day: &SpecialDay, known: &WorkingCalendar) -> PreviewRow {
    let (class, word) = match known.special_day(day.date) {
        None => ("info", "新增"),
        Some(before) if before == day => ("", "已有"),
        Some(_) => ("wait", "改动"),
    };
    PreviewRow {
        day: format!(
            "{}（{}）",
            dates::full_day(day.date),
            dates::weekday(day.date.weekday())
        ),
        kind: match day.kind {
            DayKind::Holiday => "放假",
            DayKind::Workday => "上班",
        },
        name: day.name.clone(),
        change: Tag { class, word },
    }
}

/// The days as the list that the import reads back.
fn day_list(days: &[SpecialDay]) -> String {
    let mut list = "date,kind,name\n".to_owned();
    for day in days {
        let kind = match day.kind {
            DayKind::Holiday => "holiday",
            DayKind::Workday => "workday",
        };
        let name = day.name.replace([',', '\n'], "、");
        list.push_str(&format!("{},{kind},{name}\n", day.date));
    }
    list
}

/// `POST /calendar/import`: takes in the days that the preview showed.
///
/// # Errors
/// [`Error::NotFound`] for people who may not import.
pub async fn post_import(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageOperations, &Owner::ALLIANCE)?;
    let Ok(days) = read_day_list(fields.text("days").as_bytes()) else {
        let form = Form::refused(
            fields,
            FieldErrors::at("table", Refusal::new("calendar.nothing")),
        );
        let shown = calendar_page(&ctx, desk, form).await?;
        return Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown));
    };
    match import(&ctx, Some(desk.actor.person), &days, false).await {
        Ok(_) => Ok(Redirect::to("/calendar?done=imported").into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let shown = calendar_page(&ctx, desk, form).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_festival_is_said_in_one_line() {
        let calendar = WorkingCalendar::china();
        let national: Vec<_> = calendar
            .days()
            .filter(|day| day.date.year() == 2026 && day.name == "国庆节")
            .collect();
        let said = festivals(&national);
        assert_eq!(said.len(), 1);
        assert!(
            said[0].off.starts_with("10月1日（周四）–10月"),
            "{}",
            said[0].off
        );
        assert!(
            said[0].worked.contains("10月10日（周六）"),
            "{}",
            said[0].worked
        );
    }

    #[test]
    fn what_the_preview_shows_reads_back_the_same() {
        let days: Vec<_> = WorkingCalendar::china().days().cloned().collect();
        assert_eq!(read_day_list(day_list(&days).as_bytes()), Ok(days));
    }
}
