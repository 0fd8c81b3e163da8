//! The list of runs and the list of panels.

use std::collections::HashMap;

use entity::{
    ids::{PanelId, PersonId, RunId},
    matching_run::{self, RunState},
    panel::{self, PanelState},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{
    report::Report,
    store,
    view::{named, tag},
};
use crate::{
    accounts::{Action, Actor, Owner, policy},
    foundation::{
        context::Context,
        error::Result,
        texts::Label,
        ui::{Html, Tag, dates},
    },
    panels::{Seats, facts::PanelFacts, seats},
    people,
};

/// Rows on one page.
pub const PAGE: u64 = 50;

/// A tab over a list: word in the address, words, how many.
pub struct Tab {
    /// Value of `?tab=`.
    pub word: &'static str,
    /// What it says.
    pub label: &'static str,
    /// How many are behind it.
    pub count: u64,
    /// Whether it is open.
    pub current: bool,
}

/// A page of a list.
pub struct Listed<T> {
    /// Tabs.
    pub tabs: Vec<Tab>,
    /// Rows.
    pub rows: Vec<T>,
    /// This page, from 1.
    pub page: u64,
    /// Pages in all, at least 1.
    pub pages: u64,
    /// The open tab.
    pub tab: &'static str,
}

/// A run in the list.
pub struct RunRow {
    /// The run.
    pub id: RunId,
    /// Its number.
    pub number: String,
    /// Its state.
    pub tag: Tag,
    /// How many panels.
    pub panels: usize,
    /// Places filled of places.
    pub filled: String,
    /// Empty places.
    pub vacant: u32,
    /// Mode.
    pub mode: &'static str,
    /// 经办 and when.
    pub prepared: Html,
    /// 审批 and when.
    pub decided: Html,
    /// Waits for this visitor.
    pub due: bool,
}

const RUN_TABS: [(&str, &str, &[RunState]); 4] = [
    ("waiting", "待审批", &[RunState::HandedIn]),
    (
        "drafts",
        "草案与退回",
        &[RunState::Draft, RunState::Returned],
    ),
    ("approved", "已批准", &[RunState::Approved]),
    (
        "all",
        "全部",
        &[
            RunState::HandedIn,
            RunState::Draft,
            RunState::Returned,
            RunState::Approved,
            RunState::Superseded,
        ],
    ),
];

/// A page of runs; without a tab the first one that holds something.
///
/// # Errors
/// When the database fails.
pub async fn runs(ctx: &Context, actor: &Actor, tab: &str, page: u64) -> Result<Listed<RunRow>> {
    let db = ctx.store.read();
    let mut counts = Vec::new();
    for (.., states) in RUN_TABS {
        counts.push(store::count_runs(db, states, None).await?);
    }
    let open = RUN_TABS
        .iter()
        .position(|(word, ..)| *word == tab)
        .or_else(|| counts.iter().position(|count| *count > 0))
        .unwrap_or(RUN_TABS.len() - 1);
    let pages = counts[open].div_ceil(PAGE).max(1);
    let page = page.clamp(1, pages);
    let rows = store::runs(db, RUN_TABS[open].2, (page - 1) * PAGE, PAGE).await?;
    let mut ids: Vec<PersonId> = rows.iter().map(|run| run.prepared_by).collect();
    ids.extend(rows.iter().filter_map(|run| run.decided_by));
    let people = people::by_ids(db, &ids).await?;
    let who = |id: PersonId, at| {
        let name = people
            .get(&id)
            .map(|person| named(&person.name, person.sample))
            .unwrap_or_default();
        Html(format!(
            "{name}<span class=\"sub\">{}</span>",
            dates::moment(at, ctx.zone())
        ))
    };
    let mut listed = Vec::new();
    for run in rows {
        let report: Report = serde_json::from_value(run.report.clone())?;
        let decided = run.decided_by.zip(run.decided_at);
        listed.push(RunRow {
            id: run.id,
            tag: tag(run.state),
            panels: report.panels.len(),
            filled: format!("{}/{}", report.filled, report.places),
            vacant: report.places - report.filled,
            mode: run.mode.zh(),
            prepared: who(run.prepared_by, run.prepared_at),
            decided: decided.map_or_else(Html::default, |(by, at)| who(by, at)),
            due: due(actor, &run),
            number: run.number,
        });
    }
    Ok(Listed {
        tabs: tabs(
            RUN_TABS.map(|(word, label, _)| (word, label)),
            &counts,
            open,
        ),
        rows: listed,
        page,
        pages,
        tab: RUN_TABS[open].0,
    })
}

/// Whether a run waits for this person: to approve, or to go on preparing.
fn due(actor: &Actor, run: &matching_run::Model) -> bool {
    let mine = run.prepared_by == actor.person;
    match run.state {
        RunState::HandedIn => !mine && policy::allows(actor, Action::ApproveRun, &Owner::ALLIANCE),
        RunState::Draft | RunState::Returned => mine,
        RunState::Approved | RunState::Superseded => false,
    }
}

fn tabs<const N: usize>(
    words: [(&'static str, &'static str); N],
    counts: &[u64],
    open: usize,
) -> Vec<Tab> {
    let counted = words.into_iter().zip(counts).enumerate();
    counted
        .map(|(at, ((word, label), count))| Tab {
            word,
            label,
            count: *count,
            current: at == open,
        })
        .collect()
}

/// A panel in the list.
pub struct PanelRow {
    /// The panel.
    pub id: PanelId,
    /// Number of the matter.
    pub number: String,
    /// Title.
    pub title: String,
    /// Who asks and what for.
    pub about: String,
    /// When and where.
    pub when: String,
    /// 加急
    pub urgent: bool,
    /// Places as a bar.
    pub bar: Html,
    /// Places in words.
    pub words: String,
    /// Where it stands.
    pub tag: Tag,
    /// The run under way that covers it.
    pub run: Option<(RunId, String)>,
    /// Whether it may be ticked for matching.
    pub open: bool,
}

const PANEL_TABS: [(&str, &str, &[PanelState]); 3] = [
    ("open", "招请中", &[PanelState::Open]),
    ("standing", "已到齐", &[PanelState::Standing]),
    (
        "ended",
        "已结束",
        &[PanelState::Closed, PanelState::Withdrawn],
    ),
];

/// A page of panels, urgent ones and early meetings first.
///
/// # Errors
/// When the database fails.
pub async fn panels(ctx: &Context, tab: &str, page: u64) -> Result<Listed<PanelRow>> {
    let db = ctx.store.read();
    let find = |states: &[PanelState]| {
        panel::Entity::find().filter(panel::Column::State.is_in(states.iter().copied()))
    };
    let mut counts = Vec::new();
    for (.., states) in PANEL_TABS {
        counts.push(find(states).count(db).await?);
    }
    let open = PANEL_TABS.iter().position(|(word, ..)| *word == tab);
    let open = open.unwrap_or(0);
    let pages = counts[open].div_ceil(PAGE).max(1);
    let page = page.clamp(1, pages);
    let rows = find(PANEL_TABS[open].2)
        .order_by_desc(panel::Column::Urgent)
        .order_by_asc(panel::Column::MeetingDate)
        .order_by_asc(panel::Column::CreatedAt)
        .order_by_asc(panel::Column::Id)
        .offset((page - 1) * PAGE)
        .limit(PAGE)
        .all(db)
        .await?;
    let ids: Vec<PanelId> = rows.iter().map(|row| row.id).collect();
    let seats = seats(db, &ids).await?;
    let runs = under_way(db).await?;
    let listed = rows.iter().map(|row| {
        let seats = seats.get(&row.id).copied().unwrap_or_default();
        let facts = PanelFacts::of(row);
        PanelRow {
            id: row.id,
            number: row.number.clone(),
            title: row.title.clone(),
            about: format!("{} · {}", row.asking_name, row.purpose),
            when: facts.when(),
            urgent: row.urgent,
            bar: seats.bar(),
            words: seats.words(),
            tag: panel_tag(row.state, seats, runs.get(&row.id)),
            run: runs.get(&row.id).map(|run| (run.id, run.number.clone())),
            open: row.state == PanelState::Open && seats.unasked() > 0,
        }
    });
    Ok(Listed {
        rows: listed.collect(),
        tabs: tabs(
            PANEL_TABS.map(|(word, label, _)| (word, label)),
            &counts,
            open,
        ),
        page,
        pages,
        tab: PANEL_TABS[open].0,
    })
}

fn panel_tag(state: PanelState, seats: Seats, run: Option<&matching_run::Model>) -> Tag {
    let waits = run.is_some_and(|run| run.state == RunState::HandedIn);
    let (class, word) = match state {
        PanelState::Open if seats.vacant > 0 => ("bad", "待匹配"),
        PanelState::Open if seats.proposed > 0 && waits => ("wait", "待审批"),
        PanelState::Open if seats.proposed > 0 => ("wait", "有草案"),
        PanelState::Open => ("wait", "待答复"),
        PanelState::Standing => ("ok", "已到齐"),
        PanelState::Closed => ("none", "已结束"),
        PanelState::Withdrawn => ("none", "已撤回"),
    };
    Tag { class, word }
}

/// The newest run under way that covers each panel.
async fn under_way<C: ConnectionTrait>(db: &C) -> Result<HashMap<PanelId, matching_run::Model>> {
    let states = [RunState::Draft, RunState::HandedIn, RunState::Returned];
    let mut found = HashMap::new();
    for run in store::runs(db, &states, 0, PAGE).await? {
        for panel in super::run_match::covered(&run)? {
            found.entry(panel).or_insert_with(|| run.clone());
        }
    }
    Ok(found)
}
