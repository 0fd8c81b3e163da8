//! A run as its page shows it: everything looked up and put into words.

use std::collections::HashMap;

use entity::{
    assignment::AssignmentState,
    ids::{ExpertId, PanelId, PersonId, RunId},
    matching_run::{self, RunState},
    panel_adjustment::{self, AdjustmentKind},
    person, run_choice,
};
use matching::relevance::{Factors, MatchedCode};
use serde::Deserialize;

use super::{
    draw::{self, Draws},
    draw_view::DrawBlock,
    report::{LeftOut, PanelReport, Report},
    separation::{self, Sides},
    snapshot,
    store::{self, Load},
    words::{self, Names, decimal},
};
use crate::{
    accounts::{Action, Actor, Owner, policy},
    experts::{self, PoolExpert},
    foundation::{
        classification::DomainCode,
        context::Context,
        error::{Refusal, Result},
        texts::{Label, Language, sentence},
        ui::{Html, Tag, dates, form::escape},
    },
    panels::{Seats, facts::PanelFacts, store as panel_store},
    people,
};

/// The page of a run.
pub struct RunView {
    /// The run.
    pub id: RunId,
    /// Its number.
    pub number: String,
    /// Its state.
    pub tag: Tag,
    /// What it is, in a sentence or two.
    pub lead: String,
    /// Mode in words.
    pub mode: String,
    /// 经办, with the instant.
    pub prepared: Html,
    /// 审批, with the instant.
    pub decided: Html,
    /// 锁定 n 人，排除 n 人
    pub adjusted: String,
    /// The run that it is compared with.
    pub former: Option<RunId>,
    /// Panels in order.
    pub panels: Vec<PanelBlock>,
    /// What was pinned and excluded.
    pub adjustments: Vec<(Html, Html)>,
    /// Note of the 经办 when it was handed in, with the instant.
    pub handed_in: Option<Html>,
    /// What the 审批 decided, with the instant.
    pub decision: Option<(String, Html)>,
    /// Recorded exception, or empty.
    pub exception: String,
    /// How many are asked when it is approved.
    pub proposed: usize,
    /// Places that stay empty.
    pub vacant: u32,
    /// What the visitor may do.
    pub may: May,
}

/// What the visitor may do on the page.
#[derive(Default)]
pub struct May {
    /// Pin, exclude, run again.
    pub adjust: bool,
    /// Hand in.
    pub hand_in: bool,
    /// Approve or return.
    pub decide: bool,
    /// Why the visitor does not decide, in words.
    pub why_not: Option<String>,
    /// An exception has to be recorded with an approval.
    pub exception: bool,
}

/// One panel on the page.
pub struct PanelBlock {
    /// The panel.
    pub id: PanelId,
    /// Title.
    pub title: String,
    /// Number of the matter.
    pub number: String,
    /// Who asks, what for, when and where.
    pub meta: String,
    /// Places as a bar.
    pub seats: Html,
    /// Places in words.
    pub seat_words: String,
    /// Those who stand or are proposed.
    pub rows: Vec<SeatRow>,
    /// Empty places, as one row.
    pub vacancy: Option<Vacancy>,
    /// Reserves in order.
    pub reserves: Vec<(Html, String)>,
    /// Score parts of those chosen.
    pub parts: Vec<PartRow>,
    /// Those left out.
    pub left_out: Vec<LeftRow>,
    /// How many more were left out.
    pub others: usize,
    /// How they were drawn.
    pub draw: Option<DrawBlock>,
    /// Things to look at: lost pins, names alike.
    pub cautions: Vec<String>,
}

/// A place with its expert.
pub struct SeatRow {
    /// The expert.
    pub expert: ExpertId,
    /// Name, for labels.
    pub plain: String,
    /// Name with its mark.
    pub name: Html,
    /// Where the expert works.
    pub unit: String,
    /// 技术 or 标准化
    pub kind: &'static str,
    /// Why.
    pub reason: String,
    /// 在任/上限
    pub open: String,
    /// 本年
    pub year: String,
    /// Standing: 已接受 or 待答复.
    pub standing: Option<Tag>,
    /// Pinned by hand.
    pub pinned: bool,
}

/// Empty places of a panel.
pub struct Vacancy {
    /// 第 5 席空缺
    pub title: String,
    /// 要求：技术类
    pub kind: &'static str,
    /// Why.
    pub cause: String,
    /// The smallest change, or empty.
    pub change: String,
}

/// Parts of a score.
pub struct PartRow {
    /// Name with its mark.
    pub name: Html,
    /// Score.
    pub score: String,
    /// Bar of the parts.
    pub bar: Html,
    /// Text, codes, keywords (spelling variants included), unit.
    pub parts: [String; 4],
    /// Codes and words matched.
    pub matched: String,
}

/// Somebody left out.
pub struct LeftRow {
    /// Name with its mark.
    pub name: Html,
    /// Label.
    pub label: String,
    /// Detail.
    pub detail: String,
    /// Score.
    pub score: String,
}

/// What is kept of a choice's score.
#[derive(Deserialize)]
struct Kept {
    shares: Factors,
    codes: Vec<MatchedCode>,
    keywords: Vec<String>,
    words: Vec<String>,
}

/// Everything looked up for a page.
struct Seen<'a> {
    ctx: &'a Context,
    experts: HashMap<ExpertId, PoolExpert>,
    people: HashMap<PersonId, person::Model>,
    loads: HashMap<ExpertId, Load>,
    names: Names,
}

/// Reads a run for its page.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for an unknown run.
pub async fn view(ctx: &Context, actor: &Actor, id: RunId) -> Result<RunView> {
    let db = ctx.store.read();
    let run = store::run(db, id).await?;
    let report: Report = serde_json::from_value(run.report.clone())?;
    let draws = Draws::of(&run)?;
    let choices = store::choices(db, id).await?;
    let ids: Vec<PanelId> = report.panels.iter().map(|one| one.panel).collect();
    let rows = panel_store::by_ids(db, &ids).await?;
    let rows: HashMap<PanelId, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let adjustments = store::adjustments_until(db, &ids, run.prepared_at).await?;
    let assignments = panel_store::assignments(db, &ids).await?;
    let numbers = rows.values().map(|row| (row.id, row.number.clone()));
    let seen = Seen::read(
        ctx,
        &run,
        (&report, &draws),
        &choices,
        &adjustments,
        numbers.collect(),
    )
    .await?;
    let mut panels = Vec::with_capacity(report.panels.len());
    for kept in &report.panels {
        let Some(row) = rows.get(&kept.panel) else {
            continue;
        };
        let accepted = |expert: ExpertId| {
            assignments.iter().any(|one| {
                one.panel_id == row.id
                    && one.expert_id == expert
                    && matches!(one.state, AssignmentState::Accepted | AssignmentState::Done)
            })
        };
        let facts = PanelFacts::of(row);
        let mut block = seen.panel(row.id, &row.number, &facts, kept, &choices, accepted)?;
        if let Some(file) = draws.panel(row.id) {
            let drawn = DrawBlock::of(file, run.id, row.id, run.state, |id| seen.expert(id));
            block.draw = Some(drawn?);
        }
        panels.push(block);
    }
    let proposed = choices.iter().filter(|one| !one.reserve && !one.standing);
    let proposed = proposed.count();
    let asking = rows.values().filter_map(|row| row.asking_unit_id).collect();
    let may = may(ctx, actor, &run, seen.sides(asking, &choices));
    Ok(seen.run(run, &report, panels, &adjustments, proposed, may))
}

/// What the visitor may do with a run.
fn may(ctx: &Context, actor: &Actor, run: &matching_run::Model, sides: Sides) -> May {
    let prepares = policy::allows(actor, Action::PrepareRun, &Owner::ALLIANCE);
    let approves = policy::allows(actor, Action::ApproveRun, &Owner::ALLIANCE);
    let undecided = super::run_match::is_undecided(run.state);
    let units: Vec<_> = actor.units().collect();
    let waits = run.state == RunState::HandedIn && approves;
    let conflict = separation::conflict(run.prepared_by, actor.person, &units, &sides);
    let single = ctx.config.panels.allow_single_approval;
    let said = |refusal: &Refusal| sentence(refusal, Language::Chinese);
    May {
        adjust: prepares && undecided,
        hand_in: prepares
            && matches!(run.state, RunState::Draft | RunState::Returned)
            && run.prepared_by == actor.person,
        decide: waits && (conflict.is_none() || single),
        exception: waits && conflict.is_some() && single,
        why_not: conflict.filter(|_| waits && !single).as_ref().map(said),
    }
}

impl<'a> Seen<'a> {
    async fn read(
        ctx: &'a Context,
        run: &matching_run::Model,
        (report, draws): (&Report, &Draws),
        choices: &[run_choice::Model],
        adjustments: &[panel_adjustment::Model],
        panels: HashMap<PanelId, String>,
    ) -> Result<Self> {
        let db = ctx.store.read();
        let left_out = report.panels.iter().flat_map(|one| {
            let near = one.shortage.iter().flat_map(|shortage| &shortage.near);
            one.left_out.iter().chain(&one.lost_pins).chain(near)
        });
        let mut ids: Vec<ExpertId> = choices
            .iter()
            .map(|one| one.expert_id)
            .chain(adjustments.iter().map(|one| one.expert_id))
            .chain(left_out.map(|one| one.expert))
            .chain(draws.panels.iter().flat_map(|one| draw::order(&one.file)))
            .collect();
        ids.sort();
        ids.dedup();
        let experts = experts::by_ids(db, &ids).await?;
        let mut people: Vec<PersonId> = vec![run.prepared_by];
        people.extend(run.decided_by);
        people.extend(adjustments.iter().map(|one| one.by_person));
        let named = |one: &PoolExpert| (one.id, plain(&one.person));
        let names = Names {
            experts: experts.iter().map(named).collect(),
            panels,
        };
        Ok(Self {
            ctx,
            experts: experts.into_iter().map(|one| (one.id, one)).collect(),
            people: people::by_ids(db, &people).await?,
            loads: snapshot::loads(db, ctx).await?,
            names,
        })
    }

    fn sides(
        &self,
        asking: std::collections::HashSet<entity::ids::UnitId>,
        choices: &[run_choice::Model],
    ) -> Sides {
        let proposed = choices.iter().filter(|one| !one.reserve && !one.standing);
        Sides {
            asking,
            recommending: proposed
                .filter_map(|one| self.experts.get(&one.expert_id)?.unit.as_ref())
                .map(|unit| unit.id)
                .collect(),
        }
    }

    fn run(
        &self,
        run: matching_run::Model,
        report: &Report,
        panels: Vec<PanelBlock>,
        adjustments: &[panel_adjustment::Model],
        proposed: usize,
        may: May,
    ) -> RunView {
        let zone = self.ctx.zone();
        let vacant = report.places - report.filled;
        let held = |kind: AdjustmentKind| {
            adjustments
                .iter()
                .filter(|one| one.kind == kind)
                .filter(|one| one.revoked_at.is_none_or(|at| at > run.prepared_at))
                .count()
        };
        let at = |instant| dates::moment(instant, zone);
        let decided = match (run.decided_by, run.decided_at) {
            (Some(by), Some(when)) => format!("{}，{}", self.person(by).0, at(when)),
            _ => "未审批".to_owned(),
        };
        RunView {
            id: run.id,
            tag: tag(run.state),
            lead: lead(&run, report, proposed),
            mode: mode_words(run.mode).to_owned(),
            prepared: Html(format!(
                "{}，{}",
                self.person(run.prepared_by).0,
                at(run.prepared_at)
            )),
            decided: Html(decided),
            adjusted: match (held(AdjustmentKind::Pin), held(AdjustmentKind::Exclude)) {
                (0, 0) => "无".to_owned(),
                (pins, exclusions) => format!("锁定 {pins} 人，排除 {exclusions} 人"),
            },
            former: run.former_id,
            panels,
            adjustments: adjustments.iter().map(|one| self.adjustment(one)).collect(),
            handed_in: run.handed_in_at.map(|when| {
                let note = quoted(&run.hand_in_note);
                let by = self.person(run.prepared_by).0;
                Html(format!("{by}，{}{}", at(when), escape(&note)))
            }),
            decision: run.decided_by.zip(run.decided_at).map(|(by, when)| {
                let note = quoted(&run.decision_note);
                let by = self.person(by).0;
                (
                    run.state.zh().to_owned(),
                    Html(format!("{by}，{}{}", at(when), escape(&note))),
                )
            }),
            exception: run.exception_note.clone(),
            proposed,
            vacant,
            may,
            number: run.number,
        }
    }

    fn adjustment(&self, one: &panel_adjustment::Model) -> (Html, Html) {
        let verb = one.kind.zh();
        let gone = if one.revoked_at.is_some() {
            "（已解除）"
        } else {
            ""
        };
        let reason = if one.reason.is_empty() {
            String::new()
        } else {
            format!("：{}", escape(&one.reason))
        };
        let panel = self.names.panels.get(&one.panel_id);
        let panel = panel.map_or("", String::as_str);
        let when = dates::moment(one.created_at, self.ctx.zone());
        (
            Html(format!(
                "{verb}{}{reason}{gone}",
                self.expert(one.expert_id).0
            )),
            Html(format!(
                "{} · {}，{when}",
                escape(panel),
                self.person(one.by_person).0
            )),
        )
    }

    fn person(&self, id: PersonId) -> Html {
        self.people.get(&id).map_or_else(
            || Html("（已删除）".to_owned()),
            |person| named(&person.name, person.sample),
        )
    }

    fn expert(&self, id: ExpertId) -> Html {
        self.experts.get(&id).map_or_else(
            || Html("（已删除）".to_owned()),
            |expert| named(&expert.person.name, expert.person.sample),
        )
    }

    fn panel(
        &self,
        id: PanelId,
        number: &str,
        facts: &PanelFacts,
        kept: &PanelReport,
        choices: &[run_choice::Model],
        accepted: impl Fn(ExpertId) -> bool,
    ) -> Result<PanelBlock> {
        let here = || choices.iter().filter(|one| one.panel_id == id);
        let chosen = || here().filter(|one| !one.reserve);
        let rows: Vec<SeatRow> = chosen()
            .filter_map(|one| self.seat(one, accepted(one.expert_id)))
            .collect();
        let count = |test: fn(&SeatRow) -> bool| rows.iter().filter(|row| test(row)).count() as i32;
        let seats = Seats::count(
            facts.demand,
            count(|row| row.standing.is_some_and(|tag| tag.class == "ok")),
            count(|row| row.standing.is_some_and(|tag| tag.class == "wait")),
            count(|row| row.standing.is_none()),
        );
        let most = chosen().map(|one| one.relevance).max().unwrap_or(0);
        let mut parts = Vec::new();
        for one in chosen() {
            parts.push(self.part(one, most)?);
        }
        Ok(PanelBlock {
            id,
            draw: None,
            title: facts.title.clone(),
            number: number.to_owned(),
            meta: meta(facts),
            seats: seats.bar(),
            seat_words: seats.words(),
            vacancy: kept.shortage.as_ref().map(|shortage| {
                let zone = self.ctx.zone();
                let first = rows.len() + 1;
                let last = rows.len() + shortage.places as usize;
                Vacancy {
                    title: if first == last {
                        format!("第 {first} 席空缺")
                    } else {
                        format!("第 {first} 至 {last} 席空缺")
                    },
                    kind: shortage.kind.map_or("不限", words::kind),
                    cause: words::shortage(shortage, &self.names, zone),
                    change: shortage
                        .change
                        .as_ref()
                        .map(|change| words::change(change, &self.names))
                        .unwrap_or_default(),
                }
            }),
            reserves: here()
                .filter(|one| one.reserve)
                .map(|one| {
                    (
                        self.expert(one.expert_id),
                        decimal(i64::from(one.relevance)),
                    )
                })
                .collect(),
            parts,
            left_out: kept.left_out.iter().map(|one| self.left(one)).collect(),
            others: kept.others,
            cautions: self.cautions(kept),
            rows,
        })
    }

    fn cautions(&self, kept: &PanelReport) -> Vec<String> {
        let zone = self.ctx.zone();
        let lost = kept.lost_pins.iter().map(|one| {
            let why = words::why(&one.why, &self.names, zone).sentence();
            format!("锁定的{}没有排入：{why}。", self.names.expert(one.expert))
        });
        let alike = kept.alike.iter().map(|one| {
            format!(
                "{}的单位与回避名单中的“{}”写法相近，请核对是否同一单位。",
                self.names.expert(one.expert),
                one.name
            )
        });
        lost.chain(alike).collect()
    }

    fn seat(&self, one: &run_choice::Model, accepted: bool) -> Option<SeatRow> {
        let expert = self.experts.get(&one.expert_id)?;
        let load = self.loads.get(&one.expert_id).copied().unwrap_or_default();
        let standing = one.standing.then_some(if accepted {
            Tag {
                class: "ok",
                word: "已接受",
            }
        } else {
            Tag {
                class: "wait",
                word: "待答复",
            }
        });
        Some(SeatRow {
            expert: expert.id,
            plain: expert.person.name.clone(),
            name: named(&expert.person.name, expert.person.sample),
            unit: expert.unit_name.clone(),
            kind: words::kind(expert.kind),
            reason: one.reason.clone(),
            open: format!("{}/{}", load.open, expert.max_open),
            year: format!("{}/{}", load.year, expert.max_year),
            standing,
            pinned: one.pinned,
        })
    }

    fn part(&self, one: &run_choice::Model, most: i32) -> Result<PartRow> {
        let kept: Kept = serde_json::from_value(one.factors.clone())?;
        let shares = kept.shares;
        let keywords = shares.keywords + shares.variants;
        let parts = [shares.text, shares.codes, keywords, shares.unit];
        Ok(PartRow {
            name: self.expert(one.expert_id),
            score: decimal(i64::from(one.relevance)),
            bar: bar(parts, most),
            parts: parts.map(|part| decimal(i64::from(part))),
            matched: matched(&kept),
        })
    }

    fn left(&self, one: &LeftOut) -> LeftRow {
        let reason = words::why(&one.why, &self.names, self.ctx.zone());
        LeftRow {
            name: self.expert(one.expert),
            label: reason.label,
            detail: reason.detail,
            score: decimal(i64::from(one.relevance)),
        }
    }
}

/// A name, marked when the person is made up.
pub fn named(name: &str, sample: bool) -> Html {
    let mark = if sample {
        "<span class=\"ex\">示例</span>"
    } else {
        ""
    };
    Html(format!("{}{mark}", escape(name)))
}

/// A name for a plain text, marked when the person is made up.
pub fn plain(person: &person::Model) -> String {
    let mark = if person.sample { "（示例）" } else { "" };
    format!("{}{mark}", person.name)
}

/// The state of a run as a tag.
pub fn tag(state: RunState) -> Tag {
    let class = match state {
        RunState::Draft => "none",
        RunState::HandedIn => "wait",
        RunState::Approved => "ok",
        RunState::Returned => "bad",
        RunState::Superseded => "none",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// The mode, and what it means.
pub fn mode_words(mode: matching_run::RunMode) -> &'static str {
    match mode {
        matching_run::RunMode::Best => "择优（相关度之和最大）",
        matching_run::RunMode::Fair => "均衡（先照顾最难配的专家组）",
        matching_run::RunMode::Draw => "随机抽取（在合格专家中抽取）",
    }
}

fn lead(run: &matching_run::Model, report: &Report, proposed: usize) -> String {
    let vacant = report.places - report.filled;
    let how_many = match report.panels.len() {
        1 => "1 个专家组".to_owned(),
        more => format!("{more} 个专家组一起匹配"),
    };
    let left = if vacant == 0 {
        "没有空缺".to_owned()
    } else {
        format!("空缺 {vacant} 席")
    };
    let proof = proof(run);
    format!(
        "{how_many}，共 {} 席，拟请 {proposed} 人，{left}。{proof}",
        report.places
    )
}

/// How far the choice is proved to be the best.
pub fn proof(run: &matching_run::Model) -> String {
    let gap = run.bound - run.total;
    if run.proved && run.mode == matching_run::RunMode::Fair {
        "已证明没有更均衡的人选，名单已由独立程序核对。".to_owned()
    } else if run.proved {
        "最优，已由独立程序核对。".to_owned()
    } else if run.mode == matching_run::RunMode::Draw {
        "名单由随机抽取产生，批准后可凭抽取记录复核。".to_owned()
    } else if run.mode == matching_run::RunMode::Fair {
        "名单已由独立程序核对。".to_owned()
    } else if (0..1_000_000).contains(&gap) {
        format!("已由独立程序核对，与最优最多差 {}。", decimal(gap))
    } else {
        "已由独立程序核对，未证明最优。".to_owned()
    }
}

fn quoted(note: &str) -> String {
    if note.is_empty() {
        String::new()
    } else {
        format!("：“{note}”")
    }
}

fn meta(facts: &PanelFacts) -> String {
    let mut parts = vec![facts.asking_name.clone(), facts.purpose.clone()];
    parts.push(facts.when());
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// The parts of a score as a bar; the panel's best score, `most`, is the whole width.
fn bar(parts: [u32; 4], most: i32) -> Html {
    let mut html = String::from(
        "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\"><rect class=\"k0\" width=\"100\" height=\"10\"/>",
    );
    let mut x = 0;
    for (part, class) in parts.iter().zip(["k4", "k3", "k2", "k1"]) {
        let share = u64::from(*part) * 100 / u64::from(most.unsigned_abs().max(1));
        let end = (x + share).min(100);
        if end > x {
            html.push_str(&format!(
                "<rect class=\"{class}\" x=\"{x}\" width=\"{}\" height=\"10\"/>",
                end - x
            ));
        }
        x = end;
    }
    html.push_str("</svg>");
    Html(html)
}

fn matched(kept: &Kept) -> String {
    let code = |one: &MatchedCode| {
        let text = one.expert.to_string();
        text.parse::<DomainCode>().map_or(text, |code| code.label())
    };
    let codes: Vec<String> = kept.codes.iter().map(code).collect();
    let words: Vec<&str> = kept
        .keywords
        .iter()
        .chain(&kept.words)
        .map(String::as_str)
        .collect();
    let mut parts = vec![codes.join("、"), words.join("、")];
    parts.retain(|part| !part.is_empty());
    if parts.is_empty() {
        "无".to_owned()
    } else {
        parts.join("；")
    }
}
