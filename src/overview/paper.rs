//! The report as a paper and as a workbook.

use chrono::{Datelike, NaiveDate};
use entity::council_term;

use super::report::{Report, UnitRow};
use crate::{
    foundation::{
        documents::{Block, Column, Paper, Words},
        sheets::Table,
        ui::dates,
    },
    units::Period,
};

/// What the report is called, who reports, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signed<'a> {
    pub title: &'a str,
    pub issuer: &'a str,
    pub on: NaiveDate,
}

/// Days in full: `2026年1月1日至2026年6月30日`.
pub(super) fn days_of(report: &Report) -> String {
    format!(
        "{}至{}",
        dates::full_day(report.period.from),
        dates::full_day(report.period.to)
    )
}

/// What a report on these days is called: by the term, the year or the half of it that they are.
pub(super) fn title(period: Period, terms: &[council_term::Model]) -> String {
    let term = terms
        .iter()
        .find(|term| (term.from_date, term.to_date) == (period.from, period.to));
    if let Some(term) = term {
        return format!("第 {} 届理事会届期工作报告", term.number);
    }
    let year = period.from.year();
    let day = |day: NaiveDate| (day.month(), day.day());
    match (day(period.from), day(period.to)) {
        _ if year != period.to.year() => "工作总结".to_owned(),
        ((1, 1), (12, 31)) => format!("{year}年度工作总结"),
        ((1, 1), (6, 30)) => format!("{year}年上半年工作总结"),
        ((7, 1), (12, 31)) => format!("{year}年下半年工作总结"),
        _ => "工作总结".to_owned(),
    }
}

/// The paper: what was done in a sentence for each figure, the comparison, the table of units, and a
/// place for what the office adds.
pub(super) fn paper(report: &Report, signed: Signed<'_>) -> Paper {
    let former = report.period.former();
    let opening = format!(
        "现将{}联盟专家库、培训和交流工作情况总结如下。表中上期指{}至{}。",
        days_of(report),
        dates::full_day(former.from),
        dates::full_day(former.to)
    );
    Paper {
        issuer: None,
        number: None,
        title: signed.title.into(),
        blocks: vec![
            Block::Paragraph(opening.into()),
            Block::Heading("一、总体情况".into()),
            Block::Paragraph(sentence(report).into()),
            figures(report),
            Block::Heading("二、理事单位参与情况".into()),
            units(report),
            Block::Heading("三、问题和下一步打算".into()),
            Block::Paragraph("（请补充）".into()),
            Block::Sign(signed.issuer.into()),
            Block::Sign(dates::full_day(signed.on).into()),
        ],
    }
}

fn sentence(report: &Report) -> String {
    let parts: Vec<_> = report
        .figures
        .iter()
        .map(|one| {
            let figure = &one.figure;
            format!("{} {} {}", figure.label, figure.items.len(), figure.measure)
        })
        .collect();
    format!("本期{}。", parts.join("，"))
}

fn figures(report: &Report) -> Block {
    Block::Table {
        label: "本期与上期的比较".to_owned(),
        columns: vec![
            Column::free("项目"),
            Column::fixed("计量", 4),
            Column::fixed("本期", 5),
            Column::fixed("上期", 5),
            Column::fixed("比较", 6),
        ],
        rows: report
            .figures
            .iter()
            .map(|one| {
                vec![
                    one.figure.label.into(),
                    one.figure.measure.into(),
                    one.figure.items.len().to_string().into(),
                    one.former.to_string().into(),
                    one.change().into(),
                ]
            })
            .collect(),
    }
}

fn units(report: &Report) -> Block {
    let mut columns = vec![Column::free("单位")];
    columns.extend(
        report
            .columns()
            .map(|one| Column::fixed(one.figure.label, 5)),
    );
    let cells = |row: &UnitRow| -> Vec<Words> {
        let counts = row.counts.iter().map(|count| count.to_string().into());
        std::iter::once(row.name.as_str().into())
            .chain(counts)
            .collect()
    };
    Block::Table {
        label: "各理事单位".to_owned(),
        columns,
        rows: report.units.iter().map(cells).collect(),
    }
}

/// The sheets of the workbook: the comparison, and the units.
pub(super) fn tables(report: &Report) -> [Table; 2] {
    let compared = Table {
        name: "本期与上期".to_owned(),
        headers: ["项目", "计量", "本期", "上期", "比较"]
            .map(str::to_owned)
            .to_vec(),
        rows: report
            .figures
            .iter()
            .map(|one| {
                vec![
                    one.figure.label.to_owned(),
                    one.figure.measure.to_owned(),
                    one.figure.items.len().to_string(),
                    one.former.to_string(),
                    one.change(),
                ]
            })
            .collect(),
    };
    let mut headers = vec!["单位".to_owned()];
    headers.extend(report.columns().map(|one| one.figure.label.to_owned()));
    let units = Table {
        name: "理事单位".to_owned(),
        headers,
        rows: report
            .units
            .iter()
            .map(|row| {
                let counts = row.counts.iter().map(ToString::to_string);
                std::iter::once(row.name.clone()).chain(counts).collect()
            })
            .collect(),
    };
    [compared, units]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        overview::report::Compared,
        units::{Figure, Item},
    };

    fn report() -> Report {
        let item = |day: &str| Item {
            title: "HF-2026-0001 学习液冷系统验收".to_owned(),
            href: None,
            unit: None,
            on: day.parse().unwrap(),
        };
        let figure = |key, label, measure, by_unit, days: &[&str], former| Compared {
            figure: Figure {
                key,
                label,
                measure,
                by_unit,
                items: days.iter().map(|day| item(day)).collect(),
            },
            former,
        };
        let row = |name: &str, counts: [usize; 2]| UnitRow {
            unit: None,
            name: name.to_owned(),
            counts: counts.to_vec(),
        };
        let period = Period::new("2026-01-01".parse().unwrap(), "2026-06-30".parse().unwrap());
        Report {
            period: period.unwrap(),
            figures: vec![
                figure("filed", "咨询申请", "项", false, &["2026-03-02"], 0),
                figure(
                    "served",
                    "专家完成任务",
                    "人次",
                    true,
                    &["2026-05-06"; 3],
                    5,
                ),
                figure("given", "接待互访", "次", true, &["2026-04-01"; 2], 2),
            ],
            units: vec![
                row("中国电子学会", [2, 0]),
                row("中国水利学会", [1, 2]),
                row("其他单位和个人", [0, 0]),
            ],
        }
    }

    #[test]
    fn the_paper_says_what_was_done_beside_the_former_period() {
        let signed = Signed {
            title: "2026年上半年工作总结",
            issuer: "团体标准化发展联盟秘书处",
            on: "2026-07-03".parse().unwrap(),
        };
        let paper = paper(&report(), signed);
        insta::assert_snapshot!("report", paper.to_html());
        assert!(paper.to_docx().unwrap().starts_with(b"PK"));
    }

    #[test]
    fn a_report_is_called_by_the_days_that_it_is_about() {
        let term = council_term::Model {
            id: entity::ids::TermId(uuid::Uuid::nil()),
            number: 1,
            from_date: "2025-03-01".parse().unwrap(),
            to_date: "2027-02-28".parse().unwrap(),
        };
        for (from, to, called) in [
            ("2025-03-01", "2027-02-28", "第 1 届理事会届期工作报告"),
            ("2026-01-01", "2026-12-31", "2026年度工作总结"),
            ("2026-01-01", "2026-06-30", "2026年上半年工作总结"),
            ("2026-07-01", "2026-12-31", "2026年下半年工作总结"),
            ("2026-07-01", "2027-12-31", "工作总结"),
            ("2026-09-01", "2026-09-30", "工作总结"),
        ] {
            let period = Period::new(from.parse().unwrap(), to.parse().unwrap()).unwrap();
            assert_eq!(title(period, std::slice::from_ref(&term)), called);
        }
    }

    #[test]
    fn the_workbook_compares_and_has_a_row_for_each_unit() {
        let [compared, units] = tables(&report());
        assert_eq!(compared.rows[1], ["专家完成任务", "人次", "3", "5", "少 2"]);
        assert_eq!(units.headers, ["单位", "专家完成任务", "接待互访"]);
        assert_eq!(units.rows[1], ["中国水利学会", "1", "2"]);
    }
}
