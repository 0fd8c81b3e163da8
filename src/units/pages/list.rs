//! `/units`: all units, filtered by name and standing.

use askama::Template;
use axum::{extract::State, response::Response};
use entity::{ids::UnitId, unit, unit::Tier};
use sea_orm::ActiveEnum;

use super::read_tier;
use crate::{
    accounts::{Action, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::Result,
        search::{SearchKey, SearchQuery},
        texts::Label,
        ui::{Fields, Form, Shell, page},
    },
    units::{Seats, read},
};

/// Units on a page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "units/templates/list.html")]
struct ListPage {
    shell: Shell,
    form: Form,
    tabs: Vec<TabRow>,
    rows: Vec<Row>,
    total: usize,
    pages: Vec<(usize, String, bool)>,
    may_manage: bool,
}

struct TabRow {
    label: &'static str,
    href: String,
    count: usize,
    current: bool,
}

struct Row {
    id: UnitId,
    name: String,
    short_name: String,
    tier: &'static str,
    seats: Option<(u32, u32)>,
    contacts: usize,
    left: bool,
}

/// A tab: its code in the address, its words, and which units it shows.
type Tab = (&'static str, &'static str, fn(&unit::Model, usize) -> bool);

const TABS: &[Tab] = &[
    ("", "全部", |_, _| true),
    ("standing_council", "常务理事单位", |unit, _| {
        unit.left_on.is_none() && unit.tier == Tier::StandingCouncil
    }),
    ("council", "理事单位", |unit, _| {
        unit.left_on.is_none() && unit.tier == Tier::Council
    }),
    ("member", "普通成员单位", |unit, _| {
        unit.left_on.is_none() && unit.tier == Tier::Member
    }),
    ("alone", "没有联络员", |unit, contacts| {
        unit.left_on.is_none() && contacts == 0
    }),
];

/// `GET /units`
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for people who may not see units.
pub async fn show(
    State(ctx): State<Context>,
    State(Seats(seats)): State<Seats>,
    desk: Desk,
    query: Fields,
) -> Result<Response> {
    desk.actor.require(Action::ReadUnits, &Owner::ALLIANCE)?;
    let db = ctx.store.read();
    let used = seats.used(&ctx).await?;
    let counts = read::contact_counts(db).await?;
    let contacts_of = |unit: &unit::Model| counts.get(&unit.id).copied().unwrap_or(0);
    let mut units = read::all(db).await?;
    if let Some(wanted) = SearchQuery::of(query.text("q")) {
        units.retain(|unit| wanted.matches(&key(unit)));
    }
    let chosen = query.text("show");
    let (_, _, shown) = TABS
        .iter()
        .find(|(code, ..)| *code == chosen)
        .unwrap_or(&TABS[0]);
    let tabs = TABS
        .iter()
        .map(|(code, label, shows)| TabRow {
            label,
            href: address(&query, code, 1),
            count: units
                .iter()
                .filter(|unit| shows(unit, contacts_of(unit)))
                .count(),
            current: *code == chosen,
        })
        .collect();
    units.retain(|unit| shown(unit, contacts_of(unit)));
    let total = units.len();
    let number = query.text("page").parse().unwrap_or(1).max(1);
    let of = ctx.config.pool.seats_per_council_unit;
    let rows = units
        .into_iter()
        .skip((number - 1) * PAGE)
        .take(PAGE)
        .map(|unit| Row {
            seats: (unit.tier != Tier::Member)
                .then(|| (used.get(&unit.id).copied().unwrap_or(0), of)),
            contacts: contacts_of(&unit),
            tier: unit.tier.zh(),
            left: unit.left_on.is_some(),
            id: unit.id,
            name: unit.name,
            short_name: unit.short_name,
        })
        .collect();
    let pages = (1..=total.div_ceil(PAGE))
        .map(|at| (at, address(&query, chosen, at), at == number))
        .collect();
    Ok(page(&ListPage {
        shell: desk.shell,
        form: Form::new(query),
        tabs,
        rows,
        total,
        pages,
        may_manage: policy::allows(&desk.actor, Action::ManageUnits, &Owner::ALLIANCE),
    }))
}

/// What a unit is found by here, as its row keeps it.
fn key(unit: &unit::Model) -> SearchKey {
    SearchKey {
        normal: unit.name_normal.clone(),
        pinyin: unit.name_pinyin.clone(),
        initials: unit.name_initials.clone(),
    }
}

fn address(query: &Fields, show: &str, number: usize) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("q", query.text("q")), ("show", show)] {
        if !value.is_empty() {
            pairs.append_pair(name, value);
        }
    }
    if number > 1 {
        pairs.append_pair("page", &number.to_string());
    }
    format!("/units?{}", pairs.finish())
}

/// The tier that a tab stands for, so that a new unit begins with it.
pub(super) fn tier_of_tab(show: &str) -> String {
    read_tier(show).unwrap_or(Tier::Member).to_value()
}
