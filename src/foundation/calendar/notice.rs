//! The arrangement of holidays as the State Council's office announces it, in words:
//! `七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。`

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};

use super::{
    day_list::{RowFault, RowFaultKind, check},
    working_days::{DayKind, SpecialDay},
};

/// Most days of one holiday in a row; more is a slip of the pen.
const LONGEST: i64 = 15;

/// Reads the text of a notice. Lines that name no day are skipped; a line that cannot be understood is
/// reported, with every other one.
///
/// # Errors
/// All lines that are refused, in their order; without a year in the text, that alone.
pub fn read_notice(text: &str) -> Result<Vec<SpecialDay>, Vec<RowFault>> {
    let mut faults = Vec::new();
    let Some(year) = year_of(text) else {
        return Err(vec![RowFault {
            line: 1,
            kind: RowFaultKind::Year,
            value: text.lines().next().unwrap_or_default().trim().to_owned(),
        }]);
    };
    let mut days = Vec::new();
    let mut seen = HashSet::new();
    for (line, row) in (1..).zip(text.lines()) {
        let found = read_line(row, year).and_then(|found| {
            found.iter().try_for_each(check)?;
            let double = found.iter().any(|day| !seen.insert(day.date));
            if double {
                Err(RowFaultKind::Duplicate)
            } else {
                Ok(found)
            }
        });
        match found {
            Ok(found) => days.extend(found),
            Err(kind) => faults.push(RowFault {
                line,
                kind,
                value: row.trim().to_owned(),
            }),
        }
    }
    if faults.is_empty() {
        Ok(days)
    } else {
        Err(faults)
    }
}

/// The first year with four digits before 年.
fn year_of(text: &str) -> Option<i32> {
    text.match_indices('年').find_map(|(at, _)| {
        let digits: Vec<char> = text[..at].chars().rev().take(4).collect();
        let year: String = digits.into_iter().rev().collect();
        year.parse().ok().filter(|year| (2000..2200).contains(year))
    })
}

/// The days of one line: a festival, a colon, and sentences that end in 放假 or 上班.
fn read_line(row: &str, year: i32) -> Result<Vec<SpecialDay>, RowFaultKind> {
    let names_days = row.contains('月') && (row.contains("放假") || row.contains("上班"));
    if !names_days {
        return Ok(Vec::new());
    }
    let (head, rest) = row.split_once(['：', ':']).ok_or(RowFaultKind::Fields)?;
    let name = head
        .trim()
        .trim_start_matches(|c: char| {
            "一二三四五六七八九十、.．（）()".contains(c) || c.is_ascii_digit()
        })
        .trim();
    if name.is_empty() {
        return Err(RowFaultKind::Name);
    }
    let mut days = Vec::new();
    for sentence in without_remarks(rest).split(['。', '；', ';']) {
        let mut kept = |kind, part| {
            days.extend(dates(part, year)?.into_iter().map(|date| SpecialDay {
                date,
                kind,
                name: name.to_owned(),
            }));
            Ok(())
        };
        // One sentence may say both.
        let after = match sentence.split_once("放假") {
            Some((part, after)) => {
                kept(DayKind::Holiday, part)?;
                after
            }
            None => sentence,
        };
        if let Some((part, _)) = after.split_once("上班") {
            kept(DayKind::Workday, part)?;
        }
    }
    Ok(days)
}

/// Without what stands in brackets: weekdays and days of the lunar calendar.
fn without_remarks(text: &str) -> String {
    let mut depth = 0_u32;
    text.chars()
        .filter(|c| {
            match c {
                '（' | '(' => depth += 1,
                '）' | ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

/// `10月1日至7日、10日`: every day named. A month that is not written is that of the day before.
fn dates(part: &str, year: i32) -> Result<Vec<NaiveDate>, RowFaultKind> {
    let mut days = Vec::new();
    let mut last = NaiveDate::from_ymd_opt(year, 1, 1).ok_or(RowFaultKind::Year)?;
    for piece in part
        .split(['、', '，', ',', '和'])
        .filter(|piece| piece.contains('日'))
    {
        let (from, to) = match piece.split_once(['至', '—', '–', '-']) {
            Some((from, to)) => (from, Some(to)),
            None => (piece, None),
        };
        last = date(from, year, last)?;
        days.push(last);
        if let Some(to) = to {
            let from = last;
            let end = date(to, from.year(), from)?;
            if !(1..LONGEST).contains(&(end - from).num_days()) {
                return Err(RowFaultKind::Range);
            }
            days.extend(from.iter_days().skip(1).take_while(|day| *day <= end));
            last = end;
        }
    }
    if days.is_empty() {
        Err(RowFaultKind::Date)
    } else {
        Ok(days)
    }
}

/// `2027年1月3日`, `1月3日` or `3日`.
fn date(text: &str, year: i32, before: NaiveDate) -> Result<NaiveDate, RowFaultKind> {
    let number = |text: &str| text.trim().parse::<u32>().map_err(|_| RowFaultKind::Date);
    let (year, text) = match text.split_once('年') {
        Some((written, rest)) => (
            written.trim().parse().map_err(|_| RowFaultKind::Date)?,
            rest,
        ),
        None => (year, text),
    };
    let (month, text) = match text.split_once('月') {
        Some((month, rest)) => (number(month)?, rest),
        None => (before.month(), text),
    };
    let (day, _) = text.split_once('日').ok_or(RowFaultKind::Date)?;
    NaiveDate::from_ymd_opt(year, month, number(day)?).ok_or(RowFaultKind::Date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foundation::calendar::read_day_list;

    /// In the words of such notices, made up for these tests.
    const NOTICE: &str = "国务院办公厅关于2027年部分节假日安排的通知
各省、自治区、直辖市人民政府：
现将2027年元旦、国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假调休，共3天。
二、春节：2月5日（农历腊月二十九、周五）至2月11日（周四）放假调休，共7天。1月31日（周日）、2月13日（周六）上班。
三、端午节：6月9日（周三）放假。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。";

    #[test]
    fn a_notice_gives_every_day_with_its_festival() {
        let days = read_notice(NOTICE).unwrap();
        let said: Vec<_> = days
            .iter()
            .filter(|day| day.kind == DayKind::Workday)
            .map(|day| (day.date.to_string(), day.name.as_str()))
            .collect();
        assert_eq!(
            said,
            [
                ("2027-01-31".to_owned(), "春节"),
                ("2027-02-13".to_owned(), "春节")
            ]
        );
        let holidays: Vec<_> = days
            .iter()
            .filter(|day| day.kind == DayKind::Holiday)
            .collect();
        assert_eq!(holidays.len(), 3 + 7 + 1);
        assert_eq!(holidays[10].date.to_string(), "2027-06-09");
    }

    #[test]
    fn a_holiday_may_begin_in_the_year_before() {
        let text = "2027年安排\n元旦：2026年12月31日至2027年1月2日放假，共3天。";
        let days: Vec<_> = read_notice(text)
            .unwrap()
            .iter()
            .map(|day| day.date.to_string())
            .collect();
        assert_eq!(days, ["2026-12-31", "2027-01-01", "2027-01-02"]);
    }

    #[test]
    fn what_cannot_be_meant_is_reported_with_its_line() {
        let faults = |text: &str| -> Vec<_> {
            read_notice(text)
                .unwrap_err()
                .into_iter()
                .map(|fault| (fault.line, fault.kind))
                .collect()
        };
        assert_eq!(faults("元旦：1月1日放假。"), [(1, RowFaultKind::Year)]);
        assert_eq!(
            faults(
                "2027年\n元旦：1月32日放假。\n春节：2月5日至1日放假。\n清明：4月5日（周一）上班。\n五一，5月1日放假。"
            ),
            [
                (2, RowFaultKind::Date),
                (3, RowFaultKind::Range),
                (4, RowFaultKind::OrdinaryWorkday),
                (5, RowFaultKind::Fields),
            ]
        );
        assert_eq!(
            faults("2027年\n元旦：1月1日放假。\n新年：1月1日放假。"),
            [(3, RowFaultKind::Duplicate)]
        );
    }

    #[test]
    fn the_two_forms_say_the_same() {
        let list = read_day_list(
            "date,kind,name\n2027-06-09,holiday,端午节\n2027-06-12,workday,端午节\n".as_bytes(),
        );
        for sentences in [
            "6月9日（周三）放假。6月12日（周六）上班。",
            "6月9日（周三）放假，6月12日（周六）上班。",
            "6月9日放假调休，共1天。6月12日上班。",
        ] {
            assert_eq!(read_notice(&format!("2027年\n端午节：{sentences}")), list);
        }
    }
}
