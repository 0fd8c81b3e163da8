//! A paper as an editable Word file. Styles carry the layout, so the office can change it in one place.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, BorderType, BreakType, Docx, Footer, HeightRule, PageMargin, PageNum, Paragraph,
    ParagraphBorder, ParagraphBorderPosition, ParagraphBorders, Run, Table, TableAlignmentType,
    TableCell, TableCellMargins, TableLayoutType, TableRow, VAlignType, WidthType,
};

use super::{
    docx_style::{RED, at_least, exact, fonts, mm, styles},
    paper::{Block, Column, Field, Paper, Piece, Words},
};

/// Width of the text on A4 with margins of 28 and 26 mm.
const TEXT_WIDTH: usize = 8844;
/// Width of a character in tables, 12 point.
const TABLE_CHARACTER: usize = 240;
/// White at both sides of a cell together.
const CELL_PADDING: usize = 120;

/// The file could not be put together.
#[derive(Debug, thiserror::Error)]
#[error("the document could not be written: {0}")]
pub struct DocumentError(String);

impl Paper {
    /// The paper as a .docx file; the same paper gives the same bytes.
    pub fn to_docx(&self) -> Result<Vec<u8>, DocumentError> {
        let mut writer = Writer::new();
        writer.head(self);
        for (place, block) in self.blocks.iter().enumerate() {
            // A seal must not stand on a sheet without text.
            writer.keep_next = matches!(self.blocks.get(place + 1), Some(Block::Seal { .. }));
            writer.block(block);
        }
        let mut file = Cursor::new(Vec::new());
        writer
            .docx
            .pack(&mut file)
            .map_err(|error| DocumentError(error.to_string()))?;
        Ok(file.into_inner())
    }
}

struct Writer {
    docx: Docx,
    /// The next paragraph begins a new sheet.
    new_sheet: bool,
    /// The paragraphs of this block stay on the sheet of the next block.
    keep_next: bool,
    paragraphs: u32,
}

impl Writer {
    fn new() -> Self {
        // The margins that the page prints with, so that both break alike; the text is 156 mm wide
        // as the standard has it, and a little higher than its 225 mm.
        let margin = PageMargin::new()
            .top(mm(30))
            .bottom(mm(26))
            .left(mm(28))
            .right(mm(26))
            .header(mm(15))
            .footer(mm(16));
        let docx = styles()
            .into_iter()
            .fold(Docx::new(), Docx::add_style)
            .default_fonts(fonts("仿宋"))
            .default_size(32)
            .page_size(11906, 16838)
            .page_margin(margin)
            .footer(page_number("PageNumberOdd"))
            .even_footer(page_number("PageNumberEven"));
        Self {
            docx,
            new_sheet: false,
            keep_next: false,
            paragraphs: 0,
        }
    }

    fn head(&mut self, paper: &Paper) {
        if let Some(issuer) = &paper.issuer {
            let line = self.paragraph("Issuer", &issuer.as_str().into());
            self.add(line);
        }
        if let Some(number) = &paper.number {
            let rule = ParagraphBorder::new(ParagraphBorderPosition::Bottom)
                .val(BorderType::Single)
                .size(12)
                .space(11)
                .color(RED);
            let mut line = self.paragraph("DocumentNumber", &number.as_str().into());
            line.property = line
                .property
                .set_borders(ParagraphBorders::with_empty().set(rule));
            self.add(line);
        }
        if !paper.title.is_empty() {
            let line = self.paragraph("PaperTitle", &paper.title);
            self.add(line);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(words) => self.text("Body", words),
            Block::Flat(words) => self.text("Flat", words),
            Block::Note(words) => self.text("Note", words),
            Block::Heading(words) => self.text("PaperHeading", words),
            Block::Title(words) => self.text("PaperTitle", words),
            Block::Sign(words) => self.text("Sign", words),
            Block::Table { columns, rows, .. } => self.list(columns, rows),
            Block::Form { title, rows } => self.form(title, rows),
            Block::Seal {
                issuer,
                agent,
                date,
            } => self.seal(issuer, agent.as_deref(), date),
            Block::PageBreak => self.new_sheet = true,
        }
    }

    fn text(&mut self, style: &str, words: &Words) {
        let paragraph = self.paragraph(style, words);
        self.add(if self.keep_next {
            paragraph.keep_next(true)
        } else {
            paragraph
        });
    }

    fn seal(&mut self, issuer: &str, agent: Option<&str>, date: &str) {
        let lines: Vec<&str> = std::iter::once(issuer).chain(agent).chain([date]).collect();
        for (place, line) in lines.iter().enumerate() {
            let mut paragraph = self.paragraph("Sign", &(*line).into()).keep_lines(true);
            if place == 0 {
                // Room for the seal.
                paragraph = paragraph.line_spacing(exact(28).before(mm(16).unsigned_abs()));
            }
            if place + 1 < lines.len() {
                paragraph = paragraph.keep_next(true);
            }
            self.add(paragraph);
        }
    }

    fn list(&mut self, columns: &[Column], rows: &[Vec<Words>]) {
        let widths = widths(columns);
        let head = columns.iter().zip(&widths).map(|(column, width)| {
            let text = self
                .paragraph("TableHead", &column.head.as_str().into())
                .keep_next(true);
            cell(*width, text)
        });
        let mut table_rows = vec![TableRow::new(head.collect()).cant_split()];
        for row in rows {
            let cells = columns
                .iter()
                .zip(&widths)
                .zip(row)
                .map(|((column, width), words)| {
                    let align = if column.left {
                        AlignmentType::Left
                    } else {
                        AlignmentType::Center
                    };
                    cell(*width, self.paragraph("TableText", words).align(align))
                });
            table_rows.push(TableRow::new(cells.collect()).cant_split());
        }
        self.table(table_rows, &widths);
    }

    fn form(&mut self, title: &Words, rows: &[Vec<Field>]) {
        if !title.is_empty() {
            let spacing = at_least(32)
                .before(mm(14).unsigned_abs())
                .after(mm(6).unsigned_abs());
            let title = self
                .paragraph("PaperTitle", title)
                .keep_next(true)
                .line_spacing(spacing);
            self.add(title);
        }
        let fields = rows.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let label = 6 * TABLE_CHARACTER + CELL_PADDING;
        let content = (TEXT_WIDTH / fields).saturating_sub(label);
        let widths: Vec<usize> = [label, content].repeat(fields);
        let mut table_rows = Vec::new();
        for row in rows {
            let mut cells = Vec::new();
            for field in row {
                cells.push(cell(
                    label,
                    self.paragraph("TableText", &field.label.as_str().into()),
                ));
                cells.push(cell(content, self.paragraph("TableText", &field.content)));
            }
            table_rows.push(
                TableRow::new(cells)
                    .row_height(points(mm(14)))
                    .height_rule(HeightRule::AtLeast)
                    .cant_split(),
            );
        }
        self.table(table_rows, &widths);
    }

    fn table(&mut self, rows: Vec<TableRow>, widths: &[usize]) {
        if self.new_sheet {
            let empty = self.paragraph("TableGap", &Words::default());
            self.add(empty);
        }
        let table = Table::new(rows)
            .set_grid(widths.to_vec())
            .layout(TableLayoutType::Fixed)
            .align(TableAlignmentType::Center)
            .width(widths.iter().sum(), WidthType::Dxa)
            .margins(TableCellMargins::new().margin(60, CELL_PADDING / 2, 60, CELL_PADDING / 2));
        self.docx = std::mem::take(&mut self.docx).add_table(table);
        // Word joins tables with nothing between them.
        let gap = self.paragraph("TableGap", &Words::default());
        self.add(gap);
    }

    fn paragraph(&mut self, style: &str, words: &Words) -> Paragraph {
        self.paragraphs += 1;
        let start = Paragraph::new()
            .id(format!("{:08X}", self.paragraphs))
            .style(style);
        words.pieces().iter().fold(start, |paragraph, piece| {
            paragraph.add_run(match piece {
                Piece::Text(text) => Run::new().add_text(text),
                Piece::Break => Run::new().add_break(BreakType::TextWrapping),
                Piece::Example => Run::new().add_text("（示例）").size(18),
            })
        })
    }

    fn add(&mut self, paragraph: Paragraph) {
        let paragraph = if std::mem::take(&mut self.new_sheet) {
            paragraph.page_break_before(true)
        } else {
            paragraph
        };
        self.docx = std::mem::take(&mut self.docx).add_paragraph(paragraph);
    }
}

/// The number between dashes, outside on facing pages.
fn page_number(style: &str) -> Footer {
    let dash = |text: &str| Run::new().add_text(text);
    // The fixed id keeps the bytes the same; footers are files of their own.
    let line = Paragraph::new()
        .id("00000001")
        .style(style)
        .add_run(dash("— "))
        .add_page_num(PageNum::new())
        .add_run(dash(" —"));
    Footer::new().add_paragraph(line)
}

fn cell(width: usize, text: Paragraph) -> TableCell {
    TableCell::new()
        .width(width, WidthType::Dxa)
        .vertical_align(VAlignType::Center)
        .add_paragraph(text)
}

/// Widths of the columns. The free ones share what the others leave, at least a fifth of the
/// sheet: where the others want more, they shrink alike.
fn widths(columns: &[Column]) -> Vec<usize> {
    let wanted = |column: &Column| {
        column
            .width
            .map(|width| usize::from(width) * TABLE_CHARACTER + CELL_PADDING)
    };
    let taken: usize = columns.iter().filter_map(wanted).sum();
    let free = columns
        .iter()
        .filter(|column| column.width.is_none())
        .count();
    let most = if free > 0 {
        TEXT_WIDTH * 4 / 5
    } else {
        TEXT_WIDTH
    };
    let granted = taken.min(most);
    columns
        .iter()
        .map(|column| match wanted(column) {
            Some(width) => width * granted / taken,
            None => (TEXT_WIDTH - granted) / free,
        })
        .collect()
}

/// Twips as the row height wants them.
#[expect(clippy::cast_precision_loss, reason = "heights of rows are small")]
fn points(twips: i32) -> f32 {
    twips as f32
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use zip::ZipArchive;

    use super::super::paper::sample::notice;
    use super::*;

    fn part(docx: &[u8], name: &str) -> String {
        let mut archive = ZipArchive::new(Cursor::new(docx)).unwrap();
        let mut text = String::new();
        archive
            .by_name(name)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    fn document(paper: &Paper) -> String {
        part(&paper.to_docx().unwrap(), "word/document.xml")
    }

    #[test]
    fn the_file_holds_every_text_of_the_notice() {
        let xml = document(&notice());
        for text in [
            "团体标准化发展联盟秘书处",
            "团标联秘〔2026〕47 号（示例）",
            "工程验收规范》技术审查会的通知",
            "各位专家、有关单位：",
            "一、时间和地点",
            "（中国标准化协会代章）",
            "2026年9月21日",
            "聘书编号",
            "闪联信息产业协会",
            "□ 参加　□ 不参加",
        ] {
            assert!(xml.contains(text), "{text}");
        }
        assert_eq!(xml.matches("<w:tbl>").count(), 2);
        assert_eq!(xml.matches("<w:pageBreakBefore").count(), 1);
        let styles = part(&notice().to_docx().unwrap(), "word/styles.xml");
        for id in xml
            .split("<w:pStyle w:val=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            assert!(styles.contains(&format!("w:styleId=\"{id}\"")), "{id}");
        }
    }

    #[test]
    fn texts_stay_texts() {
        let paper = Paper {
            title: "</w:t><w:p>&\u{1}甲".into(),
            ..Paper::default()
        };
        assert!(document(&paper).contains("&lt;/w:t&gt;&lt;w:p&gt;&amp;甲"));
    }

    #[test]
    fn a_table_on_a_new_sheet_begins_it() {
        let table = || Block::Table {
            label: String::new(),
            columns: vec![Column::free("a")],
            rows: vec![],
        };
        let xml = document(&Paper {
            blocks: vec![table(), Block::PageBreak, table()],
            ..Paper::default()
        });
        let before_last = xml.rfind("<w:tbl>").map(|at| &xml[..at]).unwrap();
        assert!(before_last.contains("<w:pageBreakBefore"));
    }

    #[test]
    fn the_same_paper_gives_the_same_bytes() {
        assert_eq!(notice().to_docx().unwrap(), notice().to_docx().unwrap());
    }

    #[test]
    fn columns_fill_the_sheet() {
        let columns = [
            Column::fixed("a", 3),
            Column::free("b"),
            Column::fixed("c", 8),
            Column::free("d"),
        ];
        let spacious = widths(&columns);
        assert_eq!((spacious[0], spacious[2]), (3 * 240 + 120, 8 * 240 + 120));
        assert_eq!(spacious[1], spacious[3]);
        let crowded: Vec<Column> = (0..6)
            .map(|_| Column::fixed("", 12))
            .chain([Column::free("")])
            .collect();
        assert_eq!(widths(&crowded)[6], TEXT_WIDTH - TEXT_WIDTH * 4 / 5);
        for widths in [spacious, widths(&crowded), widths(&crowded[..6])] {
            assert!((TEXT_WIDTH - 6..=TEXT_WIDTH).contains(&widths.iter().sum()));
        }
        assert_eq!(widths(&columns[..1]), [3 * 240 + 120]);
    }

    #[test]
    fn the_seal_takes_the_last_text_with_it() {
        let paper = Paper {
            blocks: vec![
                Block::Paragraph("甲".into()),
                Block::Seal {
                    issuer: "乙".into(),
                    agent: None,
                    date: "丙".into(),
                },
            ],
            ..Paper::default()
        };
        // The text with the issuer, the issuer with the date.
        assert_eq!(document(&paper).matches("<w:keepNext").count(), 2);
    }
}
