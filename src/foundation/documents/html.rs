//! A paper as `.sheet` articles of the page: classes only, every text escaped.

use std::fmt::{self, Display, Formatter};

use askama::filters::{Escaper, Html};

use super::paper::{Block, Column, Field, Paper, Piece, Words};

impl Paper {
    /// The sheets as HTML, to stand in the `main` of a page.
    pub fn to_html(&self) -> String {
        Sheets(self).to_string()
    }
}

/// Text that is escaped as it is written.
struct Escaped<'a>(&'a str);

/// A text with its breaks and marks.
struct Marked<'a>(&'a Words);

struct Sheets<'a>(&'a Paper);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Html.write_escaped_str(f, self.0)
    }
}

impl Display for Marked<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for piece in self.0.pieces() {
            match piece {
                Piece::Text(text) => Escaped(text).fmt(f)?,
                Piece::Break => f.write_str("<br>")?,
                Piece::Example => f.write_str("<span class=\"ex\">示例</span>")?,
            }
        }
        Ok(())
    }
}

impl Display for Sheets<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let paper = self.0;
        f.write_str("<article class=\"sheet\">\n")?;
        if let Some(issuer) = &paper.issuer {
            writeln!(f, "<p class=\"issuer\">{}</p>", Escaped(issuer))?;
        }
        if let Some(number) = &paper.number {
            writeln!(f, "<p class=\"docno\">{}</p>", Escaped(number))?;
        }
        if !paper.title.is_empty() {
            writeln!(f, "<h1>{}</h1>", Marked(&paper.title))?;
        }
        let mut sheet = 1;
        for block in &paper.blocks {
            sheet += usize::from(matches!(block, Block::PageBreak));
            write_block(f, block, sheet)?;
        }
        f.write_str("</article>\n")
    }
}

/// A block on the sheet of that number.
fn write_block(f: &mut Formatter<'_>, block: &Block, sheet: usize) -> fmt::Result {
    match block {
        Block::Paragraph(words) => writeln!(f, "<p>{}</p>", Marked(words)),
        Block::Flat(words) => writeln!(f, "<p class=\"flat\">{}</p>", Marked(words)),
        Block::Note(words) => writeln!(f, "<p class=\"note\">{}</p>", Marked(words)),
        Block::Heading(words) => writeln!(f, "<h2>{}</h2>", Marked(words)),
        Block::Title(words) => writeln!(f, "<h1>{}</h1>", Marked(words)),
        Block::Sign(words) => writeln!(f, "<p class=\"sign\">{}</p>", Marked(words)),
        Block::Table {
            label,
            columns,
            rows,
        } => write_table(f, label, columns, rows),
        Block::Form { title, rows } => write_form(f, title, rows, sheet),
        Block::Seal {
            issuer,
            agent,
            date,
        } => {
            let lines: Vec<String> = std::iter::once(issuer)
                .chain(agent)
                .chain([date])
                .map(|line| format!("<p class=\"sign\">{}</p>", Escaped(line)))
                .collect();
            writeln!(f, "<div class=\"seal\">{}</div>", lines.join("\n"))
        }
        Block::PageBreak => f.write_str("</article>\n<article class=\"sheet\">\n"),
    }
}

fn write_table(
    f: &mut Formatter<'_>,
    label: &str,
    columns: &[Column],
    rows: &[Vec<Words>],
) -> fmt::Result {
    open_table(f, label)?;
    f.write_str("<thead><tr>")?;
    for column in columns {
        f.write_str("<th scope=\"col\"")?;
        if let Some(width) = column.width {
            write!(f, " class=\"c{width}\"")?;
        }
        write!(f, ">{}</th>", Escaped(&column.head))?;
    }
    f.write_str("</tr></thead>\n<tbody>\n")?;
    for row in rows {
        f.write_str("<tr>")?;
        for (column, cell) in columns.iter().zip(row) {
            let class = match (column.left, column.keep) {
                (true, true) => " class=\"l keep\"",
                (true, false) => " class=\"l\"",
                (false, true) => " class=\"keep\"",
                (false, false) => "",
            };
            write!(f, "<td{class}>{}</td>", Marked(cell))?;
        }
        f.write_str("</tr>\n")?;
    }
    f.write_str("</tbody></table></div>\n")
}

fn write_form(
    f: &mut Formatter<'_>,
    title: &Words,
    rows: &[Vec<Field>],
    sheet: usize,
) -> fmt::Result {
    if !title.is_empty() {
        writeln!(f, "<h1 class=\"receipt\">{}</h1>", Marked(title))?;
    }
    let mut label: String = title
        .pieces()
        .iter()
        .filter_map(|piece| {
            if let Piece::Text(text) = piece {
                Some(text.replace('\u{3000}', ""))
            } else {
                None
            }
        })
        .collect();
    if label.is_empty() {
        // Without a title the part is known by what it begins with, and by its sheet where there are several.
        let first = rows.iter().flatten().next();
        let first = first.map_or("", |field| field.label.as_str());
        label = if sheet == 1 {
            format!("{first}等")
        } else {
            format!("{first}等，第 {sheet} 张")
        };
    }
    open_table(f, &label)?;
    f.write_str("<tbody>\n")?;
    for (line, row) in rows.iter().enumerate() {
        f.write_str("<tr>")?;
        for (place, field) in row.iter().enumerate() {
            // The first row sets the widths, the first field of a row its height.
            let width = if line == 0 { " class=\"c6\"" } else { "" };
            let height = if place == 0 { " class=\"tall\"" } else { "" };
            write!(f, "<th scope=\"row\"{width}>{}</th>", Escaped(&field.label))?;
            write!(f, "<td{height}>{}</td>", Marked(&field.content))?;
        }
        f.write_str("</tr>\n")?;
    }
    f.write_str("</tbody></table></div>\n")
}

fn open_table(f: &mut Formatter<'_>, label: &str) -> fmt::Result {
    let label = Escaped(label);
    writeln!(
        f,
        "<div class=\"scroll\" role=\"region\" aria-label=\"{label}\" tabindex=\"0\"><table class=\"list\">"
    )
}

#[cfg(test)]
mod tests {
    use super::super::paper::sample::notice;
    use super::*;

    #[test]
    fn the_notice_has_the_markup_of_the_design() {
        assert_eq!(notice().to_html(), include_str!("testdata/notice.html"));
    }

    #[test]
    fn no_text_becomes_markup() {
        let evil = "<script>\"'&</script>";
        let words = || Words::from(evil);
        let paper = Paper {
            issuer: Some(evil.into()),
            number: Some(evil.into()),
            title: words(),
            blocks: vec![
                Block::Paragraph(words()),
                Block::Flat(words()),
                Block::Note(words()),
                Block::Heading(words()),
                Block::Title(words()),
                Block::Sign(words()),
                Block::Table {
                    label: evil.into(),
                    columns: vec![Column::free(evil)],
                    rows: vec![vec![words()]],
                },
                Block::Form {
                    title: words(),
                    rows: vec![vec![Field::new(evil, evil)]],
                },
                Block::Seal {
                    issuer: evil.into(),
                    agent: Some(evil.into()),
                    date: evil.into(),
                },
            ],
        };
        let html = paper.to_html();
        assert!(!html.contains("<script") && !html.contains("\"'&<") && !html.contains("style="));
        // Three in the head, six paragraphs, three in the list, four in the form, three in the seal.
        assert_eq!(
            html.matches("script&").count() / 2,
            3 + 6 + 3 + 4 + 3,
            "{html}"
        );
    }
}
