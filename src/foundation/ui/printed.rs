//! A paper as an answer: a page to be printed, or a file to be edited, from the same facts.

use askama::Template;
use axum::response::Response;

use super::{DOCX, Shell, download, page};
use crate::foundation::{
    documents::Paper,
    error::{Error, Result},
};

/// What is asked for in the last part of a paper's address: its name, and `.docx` for the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedPaper<'a> {
    /// Name of the paper.
    pub name: &'a str,
    /// The file instead of the page.
    pub as_file: bool,
}

impl<'a> AskedPaper<'a> {
    /// Reads `members` or `members.docx`.
    pub fn read(part: &'a str) -> Self {
        match part.strip_suffix(".docx") {
            Some(name) => Self {
                name,
                as_file: true,
            },
            None => Self {
                name: part,
                as_file: false,
            },
        }
    }
}

/// A paper that is ready to be shown.
#[derive(Clone, Debug)]
pub struct Printed {
    /// What it is called: 聘书.
    pub title: &'static str,
    /// What it is about, for the name of the file: a person, the number of a matter.
    pub about: String,
    /// What stands on it.
    pub paper: Paper,
}

#[derive(Template)]
#[template(path = "foundation/ui/templates/paper.html")]
struct PaperPage {
    shell: Shell,
    title: &'static str,
    back: String,
    file: String,
    sheets: String,
}

impl Printed {
    /// The page or the file that was asked for. The page leads `back`, and to the file beside it in
    /// `folder`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn answer(
        &self,
        asked: AskedPaper<'_>,
        shell: Shell,
        back: String,
        folder: &str,
    ) -> Result<Response> {
        if asked.as_file {
            let bytes = self.paper.to_docx().map_err(Error::internal)?;
            let name = format!("{}-{}.docx", self.title, self.about);
            return Ok(download(&name, DOCX, bytes));
        }
        Ok(page(&PaperPage {
            shell,
            title: self.title,
            back,
            file: format!("{folder}/{}.docx", asked.name),
            sheets: self.paper.to_html(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_of_the_address_names_paper_and_form() {
        let read = |part| {
            let AskedPaper { name, as_file } = AskedPaper::read(part);
            (name, as_file)
        };
        assert_eq!(read("members"), ("members", false));
        assert_eq!(read("members.docx"), ("members", true));
        assert_eq!(read(".docx"), ("", true));
    }
}
