//! How well the pool covers a question, in numbers and without names: what a member sees while
//! writing.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::{
    expert::ExpertKind,
    ids::{PanelId, UnitId},
    panel::{MeetingForm, PanelState},
};
use matching::relevance::{Code, SAME_GROUP};
use uuid::Uuid;

use super::{
    problem::unit_key,
    relevance,
    rules::{self, Bar},
    snapshot::{self, ExpertFacts, PanelView},
};
use crate::{
    experts::{self, PoolExpert},
    foundation::{context::Context, error::Result, texts::Label},
    panels::facts::{Meeting, NewRecusal, PanelFacts},
};

/// For so many times the places there should be suitable experts, before the pool covers a question
/// well: some will decline, some are busy.
const AMPLE: usize = 3;

/// A question that is being written; all of it may still be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CoverageQuestion {
    /// Title.
    pub title: String,
    /// What is asked.
    pub text: String,
    /// Codes like `ics:29.240`.
    pub domains: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Places; 0 counts as 1.
    pub demand: i32,
    /// The unit that asks: its experts are recused.
    pub asking_unit: Option<UnitId>,
    /// Others to be recused.
    pub recusals: Vec<NewRecusal>,
    /// When they meet.
    pub meeting: Option<Meeting>,
    /// Answer wanted by.
    pub wanted_by: Option<NaiveDate>,
}

/// Suitable experts of one kind and another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    /// 技术
    pub technical: usize,
    /// 标准化
    pub standardization: usize,
}

impl Kinds {
    /// Both together.
    pub fn total(self) -> usize {
        self.technical + self.standardization
    }

    fn add(&mut self, kind: ExpertKind) {
        match kind {
            ExpertKind::Technical => self.technical += 1,
            ExpertKind::Standardization => self.standardization += 1,
        }
    }
}

/// How many experts of the pool know a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainCoverage {
    /// The code, like `ics:29.240`.
    pub code: String,
    /// Experts coded in the same group or nearer, after recusal.
    pub experts: Kinds,
}

/// Whether the pool is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// 充足
    Ample,
    /// 偏紧
    Tight,
    /// 不足
    Short,
}

impl Label for Verdict {
    fn zh(self) -> &'static str {
        match self {
            Self::Ample => "充足",
            Self::Tight => "偏紧",
            Self::Short => "不足",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Ample => "ample",
            Self::Tight => "tight",
            Self::Short => "short",
        }
    }
}

/// How well the pool covers a question. Numbers only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// For each domain of the question, in its order.
    pub domains: Vec<DomainCoverage>,
    /// Experts relevant enough who may serve, by kind.
    pub suitable: Kinds,
    /// Units that these come from: usually only one expert of a unit serves on a panel.
    pub units: usize,
    /// Relevant enough, but recused.
    pub recused: usize,
    /// Relevant enough, but away, promised elsewhere, or with no room on that day.
    pub unavailable: usize,
    /// Whether that is enough; none while nothing is written that could be judged.
    pub verdict: Option<Verdict>,
}

/// Counts how well the pool covers `question`.
///
/// # Errors
/// When the database fails.
pub async fn coverage(ctx: &Context, question: &CoverageQuestion) -> Result<Coverage> {
    let panel = as_panel(question);
    let (experts, relevant) = judged(ctx, &panel).await?;
    Ok(count(question, &panel, &experts, &relevant, ctx.today()))
}

/// Experts who are relevant enough for `question` and may serve, for a body whose people see who is in
/// the pool.
///
/// # Errors
/// When the database fails.
pub async fn suitable(ctx: &Context, question: &CoverageQuestion) -> Result<Vec<PoolExpert>> {
    let panel = as_panel(question);
    let (experts, relevant) = judged(ctx, &panel).await?;
    let today = ctx.today();
    Ok(experts
        .into_iter()
        .zip(relevant)
        .filter(|(facts, relevant)| {
            let free = || rules::bar(&panel, facts, today).is_none() && rules::room(facts).is_ok();
            *relevant && free()
        })
        .map(|(facts, _)| facts.expert)
        .collect())
}

/// The experts of the pool, and whether each is relevant enough for `panel`.
async fn judged(ctx: &Context, panel: &PanelView) -> Result<(Vec<ExpertFacts>, Vec<bool>)> {
    let pool = experts::pool(ctx.store.read(), ctx.today()).await?;
    let panels = std::slice::from_ref(panel);
    let experts = snapshot::complete(ctx.store.read(), ctx, panels, pool).await?;
    let min = relevance::millionths(ctx.config.panels.min_relevance).unsigned_abs();
    let index = relevance::index(
        experts.iter().map(|facts| &facts.expert),
        &ctx.config.matching,
    );
    let scored = relevance::score(&index, &panel.facts);
    let relevant = scored.iter().map(|one| one.millionths >= min).collect();
    Ok((experts, relevant))
}

fn count(
    question: &CoverageQuestion,
    panel: &PanelView,
    experts: &[ExpertFacts],
    relevant: &[bool],
    today: NaiveDate,
) -> Coverage {
    let mut domains: Vec<(Code, DomainCoverage)> = question
        .domains
        .iter()
        .filter_map(|text| {
            let covered = DomainCoverage {
                code: text.clone(),
                experts: Kinds::default(),
            };
            Some((text.parse().ok()?, covered))
        })
        .collect();
    let mut suitable = Kinds::default();
    let mut units = HashSet::new();
    let (mut recused, mut unavailable) = (0, 0);
    for (facts, relevant) in experts.iter().zip(relevant) {
        let bar = rules::bar(panel, facts, today).or_else(|| rules::room(facts).err());
        let is_recused = matches!(bar, Some(Bar::Recused { .. }));
        if !is_recused {
            let known = relevance::codes(&facts.expert.domains);
            for (code, covered) in &mut domains {
                if known.iter().any(|one| code.nearness(one) >= SAME_GROUP) {
                    covered.experts.add(facts.expert.kind);
                }
            }
        }
        match bar {
            _ if !relevant => {}
            _ if is_recused => recused += 1,
            Some(_) => unavailable += 1,
            None => {
                suitable.add(facts.expert.kind);
                units.insert(unit_key(facts));
            }
        }
    }
    let written = [&question.title, &question.text];
    let judged = written.iter().any(|text| !text.trim().is_empty())
        || !question.domains.is_empty()
        || !question.keywords.is_empty();
    let demand = usize::try_from(question.demand.max(1)).unwrap_or(1);
    Coverage {
        domains: domains.into_iter().map(|(_, covered)| covered).collect(),
        suitable,
        units: units.len(),
        recused,
        unavailable,
        verdict: judged.then(|| verdict(units.len(), demand)),
    }
}

fn verdict(units: usize, demand: usize) -> Verdict {
    if units >= demand * AMPLE {
        Verdict::Ample
    } else if units >= demand {
        Verdict::Tight
    } else {
        Verdict::Short
    }
}

/// The question as a panel that nobody has opened.
fn as_panel(question: &CoverageQuestion) -> PanelView {
    let mut recusals = question.recusals.clone();
    if let Some(unit) = question.asking_unit {
        recusals.push(NewRecusal {
            rule: entity::panel_recusal::RecusalRule::AskingUnit,
            unit: Some(unit),
            expert: None,
            name: String::new(),
            note: String::new(),
        });
    }
    PanelView {
        id: PanelId(Uuid::nil()),
        number: String::new(),
        state: PanelState::Open,
        facts: PanelFacts {
            purpose: String::new(),
            title: question.title.clone(),
            text: question.text.clone(),
            domains: question.domains.clone(),
            keywords: question.keywords.clone(),
            demand: question.demand,
            max_per_unit: 1,
            min_technical: 0,
            min_standardization: 0,
            priority: 0,
            asking_unit: question.asking_unit,
            asking_name: String::new(),
            confidential: false,
            form: MeetingForm::None,
            meeting: question.meeting,
            place: String::new(),
            wanted_by: question.wanted_by,
            standard_name: String::new(),
            standard_number: String::new(),
            drafting_text: String::new(),
            duties: String::new(),
            fee_text: String::new(),
            contact_name: String::new(),
            contact_phone: String::new(),
            urgent: false,
        },
        recusals,
        adjustments: Vec::new(),
        assignments: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_is_ample_only_with_three_units_for_each_place() {
        assert_eq!(verdict(15, 5), Verdict::Ample);
        assert_eq!(verdict(14, 5), Verdict::Tight);
        assert_eq!(verdict(4, 5), Verdict::Short);
    }
}
