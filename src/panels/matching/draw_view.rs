//! A draw as pages show it: the promise, the order, and everybody's chance.

use std::collections::HashMap;

use entity::ids::{ExpertId, PanelId, RunId};
use matching::{assign::chances::Chance, files::draw_file::DrawFile};
use sea_orm::ConnectionTrait;

use super::{
    draw::{Draws, approved},
    store,
};
use crate::{
    foundation::{
        context::Context,
        error::{Error, Result},
        ui::Html,
    },
    panels::store as panel_store,
};
use entity::matching_run::RunState;

/// With fewer qualified experts than so many times the places, a draw leaves little to chance.
const ROOM: usize = 3;

/// The draw of one panel on the page of its run.
pub struct DrawBlock {
    /// SHA-256 of the number, published when the panel opened.
    pub commitment: String,
    /// The requester's words, or empty.
    pub words: String,
    /// The number, once the run is approved.
    pub nonce: Option<String>,
    /// Where the record is loaded, once the run is approved.
    pub record: Option<String>,
    /// How many qualify for how many places, in a sentence.
    pub lead: String,
    /// What to look at, or empty.
    pub caution: String,
    /// Everybody who qualified, in the drawn order.
    pub rows: Vec<DrawRow>,
}

/// One who qualified.
pub struct DrawRow {
    /// Name with its mark.
    pub name: Html,
    /// Chance of being drawn.
    pub chance: String,
    /// 拟请, or the place in the order of replacements.
    pub result: String,
}

impl DrawBlock {
    /// The draw `file` of a panel of `run`. `name` gives the names of experts.
    pub fn of(
        file: &DrawFile,
        run: RunId,
        panel: PanelId,
        state: RunState,
        name: impl Fn(ExpertId) -> Html,
    ) -> Result<Self> {
        let is_public = state == RunState::Approved;
        let places = places(file);
        let rows = rows(file)?;
        let called = |id: &str| id.parse().map_or_else(|_| Html(id.to_owned()), &name);
        Ok(Self {
            commitment: file.record.commitment.clone(),
            words: file.record.contribution.clone(),
            nonce: is_public.then(|| file.record.nonce.clone()),
            record: is_public.then(|| format!("/runs/{run}/draws/{panel}")),
            lead: format!("合格专家 {} 人，抽取 {places} 人。", rows.len()),
            caution: if rows.len() < ROOM * places {
                format!("合格专家不足空席的 {ROOM} 倍，抽取的余地小。")
            } else {
                String::new()
            },
            rows: rows
                .iter()
                .map(|row| DrawRow {
                    name: called(row.expert),
                    chance: row.chance.clone(),
                    result: match row.replacement {
                        None => "拟请".to_owned(),
                        Some(at) => format!("递补第 {at}"),
                    },
                })
                .collect(),
        })
    }
}

/// What the requester is shown of a draw, once it is approved.
pub struct DrawOutcome {
    /// The number behind the commitment.
    pub nonce: String,
    /// The requester's words as they were used.
    pub words: String,
    /// Experts drawn.
    pub places: usize,
    /// Everybody who qualified, in the drawn order, without names.
    pub rows: Vec<OutcomeRow>,
    /// The record as a file.
    pub record: Vec<u8>,
}

/// One who qualified, without the name.
pub struct OutcomeRow {
    /// Chance of being drawn.
    pub chance: String,
    /// Place in the order of replacements; none of those drawn.
    pub replacement: Option<usize>,
}

/// The draw that decided about a panel; none before it is approved, or when the experts were chosen in
/// another way.
///
/// # Errors
/// When the database fails.
pub async fn outcome<C: ConnectionTrait>(db: &C, panel: PanelId) -> Result<Option<DrawOutcome>> {
    let Some((_, file)) = approved(db, panel).await? else {
        return Ok(None);
    };
    let rows = rows(&file)?.into_iter().map(|row| OutcomeRow {
        chance: row.chance,
        replacement: row.replacement,
    });
    Ok(Some(DrawOutcome {
        nonce: file.record.nonce.clone(),
        words: file.record.contribution.clone(),
        places: places(&file),
        rows: rows.collect(),
        record: json(&file)?,
    }))
}

/// The record of a panel's draw in an approved run, with the number of the matter.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is not approved.
pub(super) async fn record(ctx: &Context, run: RunId, panel: PanelId) -> Result<(String, Vec<u8>)> {
    let db = ctx.store.read();
    let run = store::run(db, run).await?;
    if run.state != RunState::Approved {
        return Err(Error::NotFound);
    }
    let draws = Draws::of(&run)?;
    let file = draws.panel(panel).ok_or(Error::NotFound)?;
    let number = panel_store::get(db, panel).await?.number;
    Ok((number, json(file)?))
}

fn json(file: &DrawFile) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec_pretty(file)?)
}

/// Places that were drawn for.
fn places(file: &DrawFile) -> usize {
    let open = |one: &matching::files::draw_file::DrawRequest| {
        (one.demand as usize).saturating_sub(one.fixed.len())
    };
    file.requests.iter().map(open).sum()
}

struct Row<'a> {
    expert: &'a str,
    chance: String,
    replacement: Option<usize>,
}

/// Everybody who qualified, in the drawn order.
fn rows(file: &DrawFile) -> Result<Vec<Row<'_>>> {
    let chances = file.chances(0).map_err(Error::internal)?;
    let chances: HashMap<&str, Chance> = chances.into_iter().collect();
    let mut replacements = 0;
    let request = file.requests.first();
    let order = request.map(|request| request.order.as_slice());
    Ok(order
        .unwrap_or_default()
        .iter()
        .map(|id| {
            let seated = request.is_some_and(|request| request.panel.contains(id));
            replacements += usize::from(!seated);
            Row {
                expert: id,
                chance: chances.get(id.as_str()).map(percent).unwrap_or_default(),
                replacement: (!seated).then_some(replacements),
            }
        })
        .collect())
}

/// A chance in percent; one that was counted says so.
fn percent(chance: &Chance) -> String {
    let about = if chance.exact { "" } else { "约 " };
    format!("{about}{:.1}%", 100.0 * chance.chance)
}
