//! What stands on a paper, without any layout.

/// A paper of one or more sheets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// Red line on top; none on papers that are not letters.
    pub issuer: Option<String>,
    /// 发文字号.
    pub number: Option<String>,
    /// Title of the first sheet; may have several lines.
    pub title: Words,
    /// All below.
    pub blocks: Vec<Block>,
}

/// A part of a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph, indented by two characters.
    Paragraph(Words),
    /// A paragraph that begins at the margin: the people addressed, the word 附件.
    Flat(Words),
    /// A remark in small type.
    Note(Words),
    /// A heading within a sheet: 一、时间和地点.
    Heading(Words),
    /// The title of a further sheet.
    Title(Words),
    /// A list.
    Table {
        /// What it is, for those who hear the page.
        label: String,
        /// Columns; with none of free width, all keep their own.
        columns: Vec<Column>,
        /// Rows, each with one cell for each column.
        rows: Vec<Vec<Words>>,
    },
    /// A form to be filled in by hand, such as 回执.
    Form {
        /// Its title, or nothing.
        title: Words,
        /// Rows of fields, each with the same number of them.
        rows: Vec<Vec<Field>>,
    },
    /// A line on the right: a signature, a date.
    Sign(Words),
    /// Issuer, who seals for it, and date; never divided between sheets.
    Seal {
        /// The issuer.
        issuer: String,
        /// Such as （中国标准化协会代章）; none if the issuer seals itself.
        agent: Option<String>,
        /// Date as written: 2026年9月21日.
        date: String,
    },
    /// What follows begins a new sheet.
    PageBreak,
}

/// A column of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub head: String,
    /// Width in characters; free if none.
    pub(super) width: Option<u8>,
    /// Texts begin at the left instead of standing in the middle.
    pub(super) left: bool,
    /// Texts stay on one line.
    pub(super) keep: bool,
}

impl Column {
    /// A column that takes the width that is left, texts at the left.
    pub fn free(head: impl Into<String>) -> Self {
        Self {
            head: head.into(),
            width: None,
            left: true,
            keep: false,
        }
    }

    /// A column `width` characters wide, brought to 3–10 or 12, texts in the middle.
    pub fn fixed(head: impl Into<String>, width: u8) -> Self {
        let width = if width > 10 { 12 } else { width.max(3) };
        Self {
            head: head.into(),
            width: Some(width),
            left: false,
            keep: false,
        }
    }

    /// Texts are not broken into lines: numbers of documents.
    #[must_use]
    pub fn unbroken(self) -> Self {
        Self { keep: true, ..self }
    }
}

/// A label and the place to write beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// The label.
    pub label: String,
    /// What already stands there: nothing, or boxes to tick such as `□ 参加　□ 不参加`.
    pub content: Words,
}

impl Field {
    /// A field with what already stands in it.
    pub fn new(label: impl Into<String>, content: &str) -> Self {
        Self {
            label: label.into(),
            content: content.into(),
        }
    }
}

/// A text with line breaks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(Vec<Piece>);

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text on one line.
    Text(String),
    /// The end of a line.
    Break,
    /// The mark of fictional people and papers: 示例.
    Example,
}

impl Words {
    /// The parts in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the mark of fiction.
    #[must_use]
    pub fn example(mut self) -> Self {
        self.0.push(Piece::Example);
        self
    }

    /// Adds `text`, its line ends as breaks. Characters that no document can hold are left out.
    #[must_use]
    pub fn and(mut self, text: &str) -> Self {
        for (count, line) in text.lines().enumerate() {
            if count > 0 {
                self.0.push(Piece::Break);
            }
            let line: String = line
                .replace('\t', " ")
                .chars()
                .filter(|c| is_allowed(*c))
                .collect();
            if !line.is_empty() {
                self.0.push(Piece::Text(line));
            }
        }
        if text.ends_with('\n') {
            self.0.push(Piece::Break);
        }
        self
    }
}

/// XML has neither control characters nor the two non-characters.
fn is_allowed(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self::default().and(text)
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

#[cfg(test)]
pub(super) mod sample {
    //! The notice of a review meeting with its list and receipt.

    use super::{Block, Column, Field, Paper, Words};

    pub fn notice() -> Paper {
        let heading = |text: &str| Block::Heading(text.into());
        let paragraph = |text: &str| Block::Paragraph(text.into());
        let expert =
            |number: &str, name: Words, unit: &str, post: &str, kind: &str, letter: &str| {
                vec![
                    number.into(),
                    name,
                    unit.into(),
                    post.into(),
                    kind.into(),
                    letter.into(),
                ]
            };
        let name = |name: &str| Words::from(name).example();
        Paper {
            issuer: Some("团体标准化发展联盟秘书处".into()),
            number: Some("团标联秘〔2026〕47 号（示例）".into()),
            title: "关于召开《数据中心液冷系统\n工程验收规范》技术审查会的通知".into(),
            blocks: vec![
                Block::Flat("各位专家、有关单位：".into()),
                paragraph(
                    "根据中国电子学会的咨询申请，定于近期召开团体标准《数据中心液冷系统工程验收规范》（T/CIE 227—2026）技术审查会。现将有关事项通知如下。",
                ),
                heading("一、时间和地点"),
                paragraph(
                    "2026年9月28日（星期一）14:00—17:00，北京市海淀区示例路 8 号，会议中心 302 室。",
                ),
                heading("二、会议内容"),
                paragraph("听取起草单位说明；逐章审查送审稿；形成审查结论。"),
                heading("三、其他事项"),
                paragraph("请会前审阅送审稿，于 9月24日前将回执送联系人。"),
                paragraph("联系人：何静宜（示例），010-0000 0000。"),
                Block::Flat("　　附件：专家名单".into()),
                Block::Seal {
                    issuer: "团体标准化发展联盟秘书处".into(),
                    agent: Some("（中国标准化协会代章）".into()),
                    date: "2026年9月21日".into(),
                },
                Block::PageBreak,
                Block::Flat("附件".into()),
                Block::Title("专家名单".into()),
                Block::Note("编号 ZX-2026-0134　·　5 席，到齐于 2026年9月20日".into()),
                Block::Table {
                    label: "专家名单".into(),
                    columns: vec![
                        Column::fixed("序号", 3),
                        Column::fixed("姓名", 7),
                        Column::free("单位"),
                        Column::fixed("职务、职称", 7),
                        Column::fixed("类别", 5),
                        Column::fixed("聘书编号", 8).unbroken(),
                    ],
                    rows: vec![
                        expert(
                            "1",
                            name("林岚").and("\n组长"),
                            "中国通信标准化协会",
                            "教授级高工",
                            "标准化",
                            "TBL-2025-014",
                        ),
                        expert(
                            "2",
                            name("沈知行"),
                            "闪联信息产业协会",
                            "研究员",
                            "技术",
                            "TBL-2025-031",
                        ),
                        expert(
                            "3",
                            name("顾北辰").and("\n特邀专家"),
                            "示例大学能源学院",
                            "教授",
                            "技术",
                            "—",
                        ),
                    ],
                },
                Block::Note(
                    "特邀专家为专家库以外人员，因库内本领域可用专家不足邀请，回避规则相同。".into(),
                ),
                Block::Form {
                    title: "回　执".into(),
                    rows: vec![
                        vec![Field::new("姓名", ""), Field::new("单位", "")],
                        vec![
                            Field::new("手机", ""),
                            Field::new("是否参加", "□ 参加　□ 不参加"),
                        ],
                        vec![Field::new("到达时间", ""), Field::new("饮食要求", "")],
                    ],
                },
                Block::Note(
                    "请于 9月24日前交联系人，或直接点邮件中的链接答复，两者效力相同。".into(),
                ),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_into_lines_and_cleaned() {
        let words = Words::from("甲\r\n\n乙\u{0}\u{b}\t丙").example();
        let text = |text: &str| Piece::Text(text.into());
        assert_eq!(
            words.pieces(),
            [
                text("甲"),
                Piece::Break,
                Piece::Break,
                text("乙 丙"),
                Piece::Example
            ]
        );
        assert!(Words::from("").is_empty());
    }

    #[test]
    fn the_break_before_what_is_added_is_kept() {
        let words = Words::from("林岚").example().and("\n组长");
        assert_eq!(
            words.pieces()[2..],
            [Piece::Break, Piece::Text("组长".into())]
        );
    }

    #[test]
    fn widths_are_those_the_page_has() {
        let widths = [1, 3, 10, 11, 40].map(|width| Column::fixed("", width).width);
        assert_eq!(widths, [Some(3), Some(3), Some(10), Some(12), Some(12)]);
    }
}
