//! Bars drawn on the server, with their finding, a description and the table of the same numbers.

use askama::Template;

/// Width of all that stands left of the bars.
const LEFT: usize = 128;
/// Longest bar.
const LONGEST: usize = 220;
/// Height of a row.
const STEP: usize = 26;
/// Most characters of a name in the picture; the table has it in full.
const NAME: usize = 8;

/// A picture of bars.
#[derive(Template)]
#[template(path = "overview/templates/bars.html")]
pub(super) struct Bars {
    /// Name within the page, for the description.
    id: &'static str,
    /// What it shows: the finding, or the plain subject.
    finding: String,
    /// What is counted, and where.
    subject: String,
    /// The same in a sentence.
    description: String,
    /// Heads of the table.
    heads: (&'static str, String),
    rows: Vec<Bar>,
    height: usize,
}

struct Bar {
    name: String,
    short: String,
    value: usize,
    length: usize,
    top: usize,
    base: usize,
    end: usize,
}

/// What bars say beside their numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caption {
    /// Name within the page.
    pub id: &'static str,
    /// What each bar is: 月份, 单位.
    pub each: &'static str,
    /// What is counted: 咨询申请.
    pub label: &'static str,
    /// Its measure word.
    pub measure: &'static str,
}

impl Bars {
    /// Bars for numbers in the order given; nothing to draw without any.
    pub fn of(caption: Caption, numbers: Vec<(String, usize)>) -> Option<Self> {
        let (name, most) = numbers.iter().max_by_key(|(_, value)| *value)?.clone();
        let Caption {
            id,
            each,
            label,
            measure,
        } = caption;
        let sole = numbers.iter().filter(|(_, value)| *value == most).count() == 1;
        let finding = match most {
            0 => format!("这一时期没有{label}"),
            _ if sole => format!("{label}最多的是{name}，{most} {measure}"),
            _ => label.to_owned(),
        };
        let total: usize = numbers.iter().map(|(_, value)| value).sum();
        let description = numbers
            .iter()
            .map(|(name, value)| format!("{name} {value} {measure}"))
            .collect::<Vec<_>>()
            .join("，");
        Some(Self {
            id,
            finding,
            subject: format!("{label}，按{each}，图中合计 {total} {measure}"),
            description,
            heads: (each, format!("{label}（{measure}）")),
            height: numbers.len() * STEP + 8,
            rows: (0..)
                .zip(numbers)
                .map(|(row, (name, value))| bar(row, name, value, most))
                .collect(),
        })
    }
}

fn bar(row: usize, name: String, value: usize, most: usize) -> Bar {
    let length = value * LONGEST / most.max(1);
    let short = match name.chars().count() > NAME {
        true => name.chars().take(NAME - 1).chain(['…']).collect(),
        false => name.clone(),
    };
    Bar {
        short,
        name,
        value,
        length,
        top: row * STEP + 4,
        base: row * STEP + 17,
        end: LEFT + length + 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPTION: Caption = Caption {
        id: "months",
        each: "月份",
        label: "咨询申请",
        measure: "项",
    };

    fn bars(numbers: &[(&str, usize)]) -> Bars {
        let numbers = numbers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value));
        Bars::of(CAPTION, numbers.collect()).unwrap()
    }

    #[test]
    fn the_heading_is_what_the_numbers_show() {
        assert_eq!(
            bars(&[("7月", 1), ("8月", 3)]).finding,
            "咨询申请最多的是8月，3 项"
        );
        assert_eq!(bars(&[("7月", 2), ("8月", 2)]).finding, "咨询申请");
        assert_eq!(bars(&[("7月", 0)]).finding, "这一时期没有咨询申请");
        assert!(Bars::of(CAPTION, Vec::new()).is_none());
    }

    #[test]
    fn bars_begin_at_nothing_and_the_longest_fills_the_width() {
        let lengths: Vec<_> = bars(&[("7月", 0), ("8月", 2), ("9月", 4)])
            .rows
            .iter()
            .map(|row| row.length)
            .collect();
        assert_eq!(lengths, [0, LONGEST / 2, LONGEST]);
        let long = bars(&[("中国节能协会标准化专业委员会", 1)]);
        assert_eq!(long.rows[0].short, "中国节能协会标…");
        assert!(
            long.render()
                .unwrap()
                .contains("中国节能协会标准化专业委员会")
        );
    }
}
