//! Papers about a request, from the same facts as its pages: 专家意见表 and 审查结论. Those of its
//! panel are made there.

mod conclusion;
mod opinions;

use entity::{consultation, opinion::Verdict, panel};

use super::{progress::Progress, rules, visible};
use crate::{
    foundation::{
        context::Context,
        error::{Error, Result},
        texts::Label,
        ui::Printed,
    },
    panels::{
        self,
        papers::{self as panel_papers, PanelPaper},
    },
    units,
};

/// A paper about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestPaper {
    /// One of its panel.
    OfPanel(PanelPaper),
    /// 专家意见表, one for each expert
    Opinions,
    /// 审查结论
    Conclusion,
}

impl RequestPaper {
    /// The papers of a request that are there now and for the visitor, with their names for people: to
    /// the requester those of the panel once it has been complete, and what the experts wrote together
    /// with the conclusion.
    pub fn of(
        row: &consultation::Model,
        panel: &panel::Model,
        progress: &Progress,
        secretariat: bool,
    ) -> Vec<(Self, &'static str)> {
        let members = progress.members.len();
        let mut papers = Vec::new();
        if visible::members(row.state, secretariat) {
            let of_panel = PanelPaper::of(panel, members).into_iter();
            papers.extend(of_panel.map(|paper| (Self::OfPanel(paper), paper.title(panel))));
        }
        if members > 0 && visible::opinions(row.state, secretariat) {
            papers.push((Self::Opinions, "专家意见表"));
        }
        if row.concluded_at.is_some() {
            papers.push((Self::Conclusion, conclusion::title(row)));
        }
        papers
    }

    /// Its name in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::OfPanel(paper) => paper.name(),
            Self::Opinions => "opinions",
            Self::Conclusion => "conclusion",
        }
    }
}

/// A request as its papers tell it.
struct Facts<'a> {
    ctx: &'a Context,
    row: &'a consultation::Model,
    unit: String,
    progress: &'a Progress,
    /// Forms without an opinion are printed too, to be filled in by hand.
    blanks: bool,
}

/// The paper of a request with this name in an address, ready to be shown.
///
/// # Errors
/// [`Error::NotFound`] for what is not there yet, or not for the visitor.
pub(super) async fn printed(
    ctx: &Context,
    row: &consultation::Model,
    name: &str,
    secretariat: bool,
) -> Result<Printed> {
    let db = ctx.store.read();
    let panel = panels::get(db, row.panel_id.ok_or(Error::NotFound)?).await?;
    let progress = Progress::of(db, ctx, row).await?;
    let (paper, title) = RequestPaper::of(row, &panel, &progress, secretariat)
        .into_iter()
        .find(|(paper, _)| paper.name() == name)
        .ok_or(Error::NotFound)?;
    let facts = Facts {
        ctx,
        row,
        unit: units::get(db, row.unit_id).await?.name,
        progress: &progress,
        blanks: secretariat,
    };
    let paper = match paper {
        RequestPaper::OfPanel(paper) => return panel_papers::printed(ctx, panel.id, paper).await,
        RequestPaper::Opinions => opinions::paper(&facts).await?,
        RequestPaper::Conclusion => conclusion::paper(&facts, &panel),
    };
    Ok(Printed {
        title,
        about: row.number.clone().unwrap_or_default(),
        paper,
    })
}

impl Facts<'_> {
    fn number(&self) -> &str {
        self.row.number.as_deref().unwrap_or_default()
    }

    fn is_review(&self) -> bool {
        rules::is_review(self.row.purpose)
    }
}

/// Name and number of the standard; empty where there is none.
fn standard(row: &consultation::Model) -> String {
    match (row.standard_name.as_str(), row.standard_number.as_str()) {
        ("", number) => number.to_owned(),
        (name, "") => format!("《{name}》"),
        (name, number) => format!("《{name}》（{number}）"),
    }
}

/// ☑ 同意　□ 修改后同意　□ 不同意
fn boxes(chosen: Option<Verdict>) -> String {
    [
        Verdict::Agree,
        Verdict::AgreeAfterChanges,
        Verdict::Disagree,
    ]
    .map(|verdict| {
        let mark = if chosen == Some(verdict) {
            "☑"
        } else {
            "□"
        };
        format!("{mark} {}", verdict.zh())
    })
    .join("　")
}
