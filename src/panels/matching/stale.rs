//! What a choice rests on: kept with the run, and compared before approval.

use entity::panel::PanelState;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::snapshot::PanelView;

/// Facts of a panel that decide about a choice. Long texts are kept as digests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    demand: i32,
    composition: (i32, i32, i32),
    meeting: Option<(i64, i64)>,
    content: String,
    recusals: String,
}

/// A fact that is no longer what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// The panel no longer looks for experts.
    State,
    /// Number of places.
    Demand,
    /// Experts of a kind or of a unit.
    Composition,
    /// Time of the meeting.
    Meeting,
    /// Title, text, domains or keywords.
    Content,
    /// Who is recused.
    Recusals,
}

impl Changed {
    /// In Chinese, as part of a sentence.
    pub fn zh(self) -> &'static str {
        match self {
            Self::State => "专家组已不再需要专家",
            Self::Demand => "人数改了",
            Self::Composition => "人员构成要求改了",
            Self::Meeting => "会议时间改了",
            Self::Content => "名称、内容或领域改了",
            Self::Recusals => "回避名单改了",
        }
    }
}

impl Checked {
    /// The facts as they are now.
    pub fn of(panel: &PanelView) -> Self {
        let facts = &panel.facts;
        let meeting = facts.meeting;
        let mut recusals: Vec<String> = panel
            .recusals
            .iter()
            .map(|one| {
                format!(
                    "{:?} {:?} {:?} {}",
                    one.rule, one.unit, one.expert, one.name
                )
            })
            .collect();
        recusals.sort();
        Self {
            demand: facts.demand,
            composition: (
                facts.max_per_unit,
                facts.min_technical,
                facts.min_standardization,
            ),
            meeting: meeting.map(|one| (one.from.timestamp(), one.to.timestamp())),
            content: digest(&[
                &facts.title,
                &facts.text,
                &facts.standard_name,
                &facts.domains.join("\n"),
                &facts.keywords.join("\n"),
            ]),
            recusals: digest(&[&recusals.join("\n")]),
        }
    }

    /// What differs between the facts of a choice and the panel as it is now.
    pub fn changes(&self, panel: &PanelView) -> Vec<Changed> {
        let now = Self::of(panel);
        let differs = [
            (Changed::State, panel.state != PanelState::Open),
            (Changed::Demand, self.demand != now.demand),
            (Changed::Composition, self.composition != now.composition),
            (Changed::Meeting, self.meeting != now.meeting),
            (Changed::Content, self.content != now.content),
            (Changed::Recusals, self.recusals != now.recusals),
        ];
        differs
            .into_iter()
            .filter(|(_, differs)| *differs)
            .map(|(changed, _)| changed)
            .collect()
    }
}

/// SHA-256 over texts, each closed by a zero byte, in hexadecimal.
pub fn digest(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text);
        hash.update([0]);
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
