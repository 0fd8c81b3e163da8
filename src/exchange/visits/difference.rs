//! What new terms change, in words for those who are to approve.

use super::terms::Terms;
use crate::foundation::ui::dates;

/// A line for each part that differs: `时间：9月21日–25日 → 9月28日–30日`.
pub(super) fn between(
    before: &Terms,
    after: &Terms,
    people_before: &[String],
    people_after: &[String],
) -> Vec<String> {
    let mut lines = Vec::new();
    let mut note = |label: &str, from: &str, to: &str| {
        if from != to {
            let word = |text: &str| {
                if text.is_empty() {
                    "无".to_owned()
                } else {
                    short(text)
                }
            };
            lines.push(format!("{label}：{} → {}", word(from), word(to)));
        }
    };
    note(
        "时间",
        &dates::days(before.from, before.to),
        &dates::days(after.from, after.to),
    );
    note("人员", &people_before.join("、"), &people_after.join("、"));
    note("任务", &before.tasks, &after.tasks);
    note("地点", &before.place, &after.place);
    note("带教老师", &before.mentor_name, &after.mentor_name);
    note("带教电话", &before.mentor_phone, &after.mentor_phone);
    note("费用", &before.cost, &after.cost);
    note("保险", &before.insurance, &after.insurance);
    note("保密", &before.secrecy, &after.secrecy);
    let abroad = |terms: &Terms| match (terms.abroad, terms.approval_number.as_str()) {
        (false, _) => "否".to_owned(),
        (true, number) => format!("是，批件号 {number}"),
    };
    note("出国（境）", &abroad(before), &abroad(after));
    lines
}

/// The beginning of a longer text.
fn short(text: &str) -> String {
    const SHOWN: usize = 40;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() > SHOWN || text.lines().count() > 1 {
        let head: String = line.chars().take(SHOWN - 1).collect();
        format!("{head}…")
    } else {
        line.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 9, day).unwrap();
        let before = Terms {
            from: day(21),
            to: day(25),
            cost: "派出单位承担".to_owned(),
            ..Terms::default()
        };
        let after = Terms {
            to: day(26),
            secrecy: "不带出图纸".to_owned(),
            ..before.clone()
        };
        let people = ["顾清和".to_owned()];
        assert_eq!(
            between(&before, &after, &people, &people),
            ["时间：9月21日–25日 → 9月21日–26日", "保密：无 → 不带出图纸"]
        );
        assert!(between(&before, &before, &people, &people).is_empty());
    }
}
