//! From what the secretariat has in hand to a list of days: a table (CSV or XLSX), or the text of the
//! notice by which the arrangement is announced.

use std::collections::{BTreeMap, HashSet};

use chrono::{Datelike, NaiveDate};

use crate::foundation::{
    calendar::{DayKind, RowFault, RowFaultKind, SpecialDay, WorkingCalendar, check, read_notice},
    error::{Refusal, Result},
    sheets::{self, Column, Limits, Record, Records},
};

const COLUMNS: &[Column] = &[
    Column {
        key: "date",
        names: &["日期", "开始", "起"],
        required: true,
    },
    Column {
        key: "to",
        names: &["至", "结束", "止"],
        required: false,
    },
    Column {
        key: "kind",
        names: &["类型", "安排", "放假或上班"],
        required: true,
    },
    Column {
        key: "name",
        names: &["节日", "名称", "节假日"],
        required: true,
    },
];

/// Most days of one row.
const LONGEST: i64 = 15;

/// What was read: sound days, and what was refused, with its line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Days in order.
    pub days: Vec<SpecialDay>,
    /// Refused lines.
    pub refused: Vec<(usize, Refusal)>,
}

/// Reads a table, or a notice when the bytes are its text.
///
/// # Errors
/// A refusal when the file is no table, or lacks a column.
pub fn read(bytes: &[u8]) -> Result<Reading> {
    match std::str::from_utf8(bytes) {
        Ok(text) if is_notice(text) => Ok(of_notice(text)),
        _ => of_table(bytes),
    }
}

/// A notice names its year and has sentences; a table has heads of columns in its first line.
fn is_notice(text: &str) -> bool {
    text.contains("放假") && text.contains('月') && text.contains('。')
}

/// Reads the text of a notice.
pub(super) fn of_notice(text: &str) -> Reading {
    match read_notice(text) {
        Ok(days) => Reading {
            days: in_order(days),
            refused: Vec::new(),
        },
        Err(faults) => {
            // Every other line still counts.
            let wrong: HashSet<usize> = faults.iter().map(|fault| fault.line).collect();
            let rest: Vec<_> = (1..)
                .zip(text.lines())
                .map(|(line, row)| if wrong.contains(&line) { "" } else { row })
                .collect();
            Reading {
                days: read_notice(&rest.join("\n"))
                    .map(in_order)
                    .unwrap_or_default(),
                refused: faults
                    .iter()
                    .map(|fault| (fault.line, refusal(fault)))
                    .collect(),
            }
        }
    }
}

fn of_table(bytes: &[u8]) -> Result<Reading> {
    let sheet = sheets::read(bytes, &Limits::default()).map_err(|error| error.refusal())?;
    let records = sheet.records(COLUMNS).map_err(|error| error.refusal())?;
    let mut reading = Reading {
        days: Vec::new(),
        refused: cell_faults(&records),
    };
    let mut seen = HashSet::new();
    for record in records.iter() {
        let found = row(&record).and_then(|days| {
            let double = days.iter().any(|day| !seen.insert(day.date));
            if double {
                Err(RowFaultKind::Duplicate)
            } else {
                Ok(days)
            }
        });
        match found {
            Ok(days) => reading.days.extend(days),
            Err(kind) => {
                let fault = RowFault {
                    line: record.line(),
                    kind,
                    value: ["date", "to", "kind", "name"]
                        .map(|key| record.get(key))
                        .join(" ")
                        .trim()
                        .to_owned(),
                };
                reading.refused.push((fault.line, refusal(&fault)));
            }
        }
    }
    reading.days = in_order(reading.days);
    reading.refused.sort_by_key(|(line, _)| *line);
    Ok(reading)
}

fn cell_faults(records: &Records) -> Vec<(usize, Refusal)> {
    let refusal =
        |fault: &sheets::CellFault| Refusal::new(fault.kind.code()).with("value", &fault.value);
    records
        .faults
        .iter()
        .map(|fault| (fault.line, refusal(fault)))
        .collect()
}

/// The days of one row.
fn row(record: &Record<'_>) -> Result<Vec<SpecialDay>, RowFaultKind> {
    let day = |key| sheets::read_date(record.get(key)).ok_or(RowFaultKind::Date);
    let from = day("date")?;
    let to = if record.get("to").is_empty() {
        from
    } else {
        day("to")?
    };
    if !(0..LONGEST).contains(&(to - from).num_days()) {
        return Err(RowFaultKind::Range);
    }
    let kind = match record.get("kind") {
        "holiday" | "放假" | "休" | "休息" | "放假调休" => DayKind::Holiday,
        "workday" | "上班" | "班" | "调休上班" | "调休" => DayKind::Workday,
        _ => return Err(RowFaultKind::Kind),
    };
    let name = record.get("name");
    if name.is_empty() || name.chars().count() > 20 {
        return Err(RowFaultKind::Name);
    }
    let days: Vec<_> = from
        .iter_days()
        .take_while(|date| *date <= to)
        .map(|date| SpecialDay {
            date,
            kind,
            name: name.to_owned(),
        })
        .collect();
    days.iter().try_for_each(check)?;
    Ok(days)
}

fn in_order(mut days: Vec<SpecialDay>) -> Vec<SpecialDay> {
    days.sort_by_key(|day| day.date);
    days
}

fn refusal(fault: &RowFault) -> Refusal {
    let refusal = match fault.kind {
        RowFaultKind::Unreadable => Refusal::new("calendar.unreadable"),
        RowFaultKind::Header => Refusal::new("calendar.header"),
        RowFaultKind::Fields => Refusal::new("calendar.fields"),
        RowFaultKind::Date => Refusal::new("calendar.date"),
        RowFaultKind::Kind => Refusal::new("calendar.kind"),
        RowFaultKind::Name => Refusal::new("calendar.name"),
        RowFaultKind::Duplicate => Refusal::new("calendar.duplicate"),
        RowFaultKind::Year => Refusal::new("calendar.year"),
        RowFaultKind::Range => Refusal::new("calendar.range"),
        RowFaultKind::OrdinaryWorkday => Refusal::new("calendar.ordinary_workday"),
    };
    let value: String = fault.value.chars().take(40).collect();
    refusal.with("value", value)
}

/// Whether the days may be taken in: a year that `known` does not cover comes as a whole, since
/// everything up to its end counts as announced from then on.
///
/// # Errors
/// Refusals `calendar.nothing`, `calendar.year_incomplete`.
pub(super) fn whole_years(days: &[SpecialDay], known: &WorkingCalendar) -> Result<(), Refusal> {
    if days.is_empty() {
        return Err(Refusal::new("calendar.nothing"));
    }
    let mut years: BTreeMap<i32, [bool; 2]> = BTreeMap::new();
    for day in days {
        let year = years.entry(day.date.year()).or_default();
        let off = day.kind == DayKind::Holiday;
        year[0] |= off && day.date.ordinal() == 1;
        year[1] |= off && (day.date.month(), day.date.day()) == (10, 1);
    }
    let covered = |year: i32| {
        NaiveDate::from_ymd_opt(year, 12, 31).is_some_and(|last| last <= known.coverage_until())
    };
    match years
        .into_iter()
        .find(|(year, has)| !covered(*year) && *has != [true, true])
    {
        Some((year, _)) => Err(Refusal::new("calendar.year_incomplete").with("year", year)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(reading: &Reading) -> Vec<String> {
        reading
            .days
            .iter()
            .map(|day| format!("{} {:?}", day.date, day.kind))
            .collect()
    }

    #[test]
    fn a_table_in_office_words_and_a_notice_read_the_same() {
        let table = "日期,至,类型,节日\n2027/10/1,2027年10月7日,放假,国庆节\n2027-01-01,,放假,元旦\n2027-10-9,,上班,国庆节\n";
        let notice = "关于2027年部分节假日安排的通知\n一、元旦：1月1日（周五）放假，共1天。\n七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。10月9日（周六）上班。";
        let (table, notice) = (
            read(table.as_bytes()).unwrap(),
            read(notice.as_bytes()).unwrap(),
        );
        assert!(table.refused.is_empty() && notice.refused.is_empty());
        assert_eq!(said(&table), said(&notice));
        assert_eq!(table.days.len(), 9);
        assert_eq!(whole_years(&table.days, WorkingCalendar::china()), Ok(()));
    }

    #[test]
    fn bad_rows_are_named_and_good_ones_kept() {
        let table = "日期,类型,节日\n2027-01-01,放假,元旦\n2027-13-01,放假,元旦\n2027-01-04,上班,元旦\n2027-01-01,放假,元旦\n2027-01-02,也许,元旦\n";
        let reading = read(table.as_bytes()).unwrap();
        assert_eq!(said(&reading), ["2027-01-01 Holiday"]);
        let codes: Vec<_> = reading
            .refused
            .iter()
            .map(|(line, refusal)| (*line, refusal.code))
            .collect();
        assert_eq!(
            codes,
            [
                (3, "calendar.date"),
                (4, "calendar.ordinary_workday"),
                (5, "calendar.duplicate"),
                (6, "calendar.kind"),
            ]
        );
        assert_eq!(
            whole_years(&reading.days, WorkingCalendar::china())
                .unwrap_err()
                .code,
            "calendar.year_incomplete"
        );
    }

    #[test]
    fn a_known_year_may_be_corrected_by_a_single_day() {
        let day = read("日期,类型,节日\n2026-10-08,放假,国庆节\n".as_bytes())
            .unwrap()
            .days;
        assert_eq!(whole_years(&day, WorkingCalendar::china()), Ok(()));
        assert_eq!(
            whole_years(&[], WorkingCalendar::china()).unwrap_err().code,
            "calendar.nothing"
        );
    }
}
