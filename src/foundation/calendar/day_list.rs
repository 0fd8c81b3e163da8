//! The list of holidays and exchanged weekends as a CSV file: `date,kind,name`.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};

use super::working_days::{DayKind, SpecialDay};

/// One refused row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// Line of the file, the header being line 1.
    pub line: usize,
    /// Why.
    pub kind: RowFaultKind,
    /// The row as it stands there.
    pub value: String,
}

/// Why a row is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFaultKind {
    /// The bytes are not UTF-8 text.
    Unreadable,
    /// The first line is not `date,kind,name`.
    Header,
    /// Not three fields.
    Fields,
    /// Not a date of the form 2026-10-01.
    Date,
    /// Neither `holiday` nor `workday`.
    Kind,
    /// No name.
    Name,
    /// The date stands in the list already.
    Duplicate,
    /// No year in the text of a notice.
    Year,
    /// A range of days that ends before it begins, or lasts too long.
    Range,
    /// A `workday` that is Monday to Friday: it would say nothing, so it is probably a slip.
    OrdinaryWorkday,
}

/// Reads a list in UTF-8, without quotes; all refused rows are reported together, in order of lines.
pub fn read_day_list(bytes: &[u8]) -> Result<Vec<SpecialDay>, Vec<RowFault>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut days = Vec::new();
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    for (number, row) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let value = String::from_utf8_lossy(row).trim().to_owned();
        let mut refuse = |kind| {
            faults.push(RowFault {
                line: number,
                kind,
                value: value.clone(),
            })
        };
        match std::str::from_utf8(row).map(str::trim) {
            Err(_) => refuse(RowFaultKind::Unreadable),
            Ok(row) if number == 1 => {
                if row != "date,kind,name" {
                    refuse(RowFaultKind::Header);
                }
            }
            Ok("") => {}
            Ok(row) => match parse(row) {
                Ok(day) if !seen.insert(day.date) => refuse(RowFaultKind::Duplicate),
                Ok(day) => days.push(day),
                Err(kind) => refuse(kind),
            },
        }
    }
    if faults.is_empty() {
        Ok(days)
    } else {
        Err(faults)
    }
}

fn parse(row: &str) -> Result<SpecialDay, RowFaultKind> {
    let [date, kind, name] = row.split(',').map(str::trim).collect::<Vec<_>>()[..] else {
        return Err(RowFaultKind::Fields);
    };
    let date: NaiveDate = date.parse().map_err(|_| RowFaultKind::Date)?;
    let kind = match kind {
        "holiday" => DayKind::Holiday,
        "workday" => DayKind::Workday,
        _ => return Err(RowFaultKind::Kind),
    };
    if name.is_empty() {
        return Err(RowFaultKind::Name);
    }
    let day = SpecialDay {
        date,
        kind,
        name: name.to_owned(),
    };
    check(&day)?;
    Ok(day)
}

/// Whether the day can be meant.
///
/// # Errors
/// [`RowFaultKind::OrdinaryWorkday`].
pub fn check(day: &SpecialDay) -> Result<(), RowFaultKind> {
    if day.kind == DayKind::Workday && day.date.weekday().number_from_monday() <= 5 {
        return Err(RowFaultKind::OrdinaryWorkday);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(usize, RowFaultKind, String)> {
        read_day_list(text.as_bytes())
            .unwrap_err()
            .into_iter()
            .map(|fault| (fault.line, fault.kind, fault.value))
            .collect()
    }

    #[test]
    fn the_built_in_list_is_read_whole() {
        let days = read_day_list(include_bytes!("data/cn_workdays_2026.csv")).unwrap();
        assert_eq!(days.len(), 108);
        assert_eq!(
            days[1],
            SpecialDay {
                date: NaiveDate::from_ymd_opt(2024, 2, 4).unwrap(),
                kind: DayKind::Workday,
                name: "春节".into(),
            }
        );
    }

    #[test]
    fn every_bad_row_is_reported_with_its_line() {
        let text = "\u{feff}date,kind,name\r\n\
            2027-01-01,holiday,元旦\r\n\
            2027-02-30,holiday,春节\r\n\
            2027-02-06,off,春节\r\n\
            2027-02-07,holiday,\r\n\
            2027-02-08,holiday\r\n\
            2027-01-01,holiday,元旦\r\n\
            2027-02-10,workday,春节\r\n";
        assert_eq!(
            faults(text),
            vec![
                (3, RowFaultKind::Date, "2027-02-30,holiday,春节".into()),
                (4, RowFaultKind::Kind, "2027-02-06,off,春节".into()),
                (5, RowFaultKind::Name, "2027-02-07,holiday,".into()),
                (6, RowFaultKind::Fields, "2027-02-08,holiday".into()),
                (7, RowFaultKind::Duplicate, "2027-01-01,holiday,元旦".into()),
                (
                    8,
                    RowFaultKind::OrdinaryWorkday,
                    "2027-02-10,workday,春节".into()
                ),
            ]
        );
    }

    #[test]
    fn a_file_of_another_kind_is_refused() {
        assert_eq!(faults("")[0].1, RowFaultKind::Header);
        assert_eq!(
            faults("日期,类型,名称\n2027-01-01,holiday,元旦\n")[0].1,
            RowFaultKind::Header
        );
        assert_eq!(
            read_day_list(b"date,kind,name\n2027-01-01,holiday,\xD4\xAA\xB5\xA9\n").unwrap_err()[0]
                .kind,
            RowFaultKind::Unreadable
        );
    }
}
