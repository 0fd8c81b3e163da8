//! `/exchange`: visits, offers and wishes, each a tab.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::State, response::Response};
use entity::{
    ids::{UnitId, VisitId, VisitOfferId, VisitWishId},
    visit::{self, VisitState},
    visit_offer::PostingState,
    visit_terms::{self, TermsState},
};

use super::view::{own_units, sees_all};
use crate::{
    accounts::{Action, Desk, Owner, policy},
    exchange::visits::{rules, store},
    foundation::{
        context::Context,
        error::Result,
        texts::Label,
        ui::{Fields, Shell, Tag, dates, page},
    },
    panels::texts,
    units,
};

struct TabLink {
    label: &'static str,
    href: &'static str,
    count: usize,
    current: bool,
}

struct Row {
    href: Option<String>,
    number: String,
    title: String,
    under: String,
    when: String,
    more: String,
    tag: Tag,
    next: String,
    class: &'static str,
}

#[derive(Template)]
#[template(path = "exchange/templates/list.html")]
struct ListPage {
    shell: Shell,
    files: bool,
    manages: bool,
    tabs: Vec<TabLink>,
    heads: [&'static str; 3],
    rows: Vec<Row>,
    empty: &'static str,
    heading: String,
}

/// What a list needs to know besides its rows.
struct Ground {
    units: HashMap<UnitId, String>,
    visits: Vec<visit::Model>,
    own: Vec<UnitId>,
    all: bool,
    today: chrono::NaiveDate,
}

/// `GET /exchange`
///
/// # Errors
/// When the service itself fails.
pub async fn show_list(State(ctx): State<Context>, desk: Desk, query: Fields) -> Result<Response> {
    let db = ctx.store.read();
    let ground = Ground {
        units: units::all(db)
            .await?
            .into_iter()
            .map(|unit| (unit.id, unit.name))
            .collect(),
        own: own_units(&desk.actor),
        all: sees_all(&desk.actor),
        visits: store::visits(db, None).await?,
        today: ctx.today(),
    };
    let visits = visits(&ctx, &ground).await?;
    let offers = offers(&ctx, &ground).await?;
    let wishes = wishes(&ctx, &ground).await?;
    let tab = query.text("tab");
    let tabs = vec![
        TabLink {
            label: "互访",
            href: "/exchange",
            count: visits.len(),
            current: tab != "offers" && tab != "wishes",
        },
        TabLink {
            label: "名额",
            href: "/exchange?tab=offers",
            count: offers.len(),
            current: tab == "offers",
        },
        TabLink {
            label: "出访申请",
            href: "/exchange?tab=wishes",
            count: wishes.len(),
            current: tab == "wishes",
        },
    ];
    let (rows, heads, empty) = match tab {
        "offers" => (
            offers,
            ["可以学什么", "时间", "名额"],
            "还没有单位提供名额。",
        ),
        "wishes" => (
            wishes,
            ["去做什么", "时间", "人数"],
            "还没有单位提出出访申请。",
        ),
        _ => (
            visits,
            ["内容和单位", "时间", "人员"],
            "还没有互访。名额和申请由交流工作组配对，双方单位同意后成行。",
        ),
    };
    let waiting = rows.iter().filter(|row| row.class == "do").count();
    Ok(page(&ListPage {
        files: !ground.own.is_empty(),
        manages: policy::allows(&desk.actor, Action::ManageExchange, &Owner::ALLIANCE),
        tabs,
        heads,
        heading: match waiting {
            0 => "单位之间互派人员学习、交流。目前没有要处理的。".to_owned(),
            count => format!("单位之间互派人员学习、交流。{count} 件要处理。"),
        },
        rows,
        empty,
        shell: desk.shell,
    }))
}

async fn visits(ctx: &Context, ground: &Ground) -> Result<Vec<Row>> {
    let db = ctx.store.read();
    let seen: Vec<_> = ground
        .visits
        .iter()
        .filter(|row| {
            ground.all
                || ground.own.contains(&row.sending_unit_id)
                || ground.own.contains(&row.host_unit_id)
        })
        .collect();
    let ids: Vec<VisitId> = seen.iter().map(|row| row.id).collect();
    let terms = store::terms_of(db, &ids).await?;
    let unit = |id: UnitId| ground.units.get(&id).map_or("", String::as_str);
    Ok(seen
        .into_iter()
        .filter_map(|row| {
            let mut all = terms.iter().filter(|one| one.visit_id == row.id);
            let newest = all.next_back()?;
            let (next, waits) = next_step(row, newest, ground);
            Some(Row {
                href: Some(format!("/exchange/visits/{}", row.id)),
                number: row.number.clone(),
                title: row.title.clone(),
                under: format!("{} → {}", unit(row.sending_unit_id), unit(row.host_unit_id)),
                when: dates::days(
                    row.left_on.unwrap_or(newest.from_date),
                    row.back_on.unwrap_or(newest.to_date),
                ),
                more: format!("{} 人", texts(&newest.visitors).len()),
                tag: rules::tag(row.state),
                next,
                class: class(rules::has_ended(row.state), waits),
            })
        })
        .collect())
}

fn class(ended: bool, waits: bool) -> &'static str {
    match (ended, waits) {
        (true, _) => "off",
        (false, true) => "do",
        (false, false) => "",
    }
}

/// What comes next in a visit, and whether it is for whoever looks.
fn next_step(row: &visit::Model, newest: &visit_terms::Model, ground: &Ground) -> (String, bool) {
    let sends = ground.own.contains(&row.sending_unit_id);
    let hosts = ground.own.contains(&row.host_unit_id);
    let pending = newest.state == TermsState::Pending;
    let mine =
        pending && ((sends && newest.sending_at.is_none()) || (hosts && newest.host_at.is_none()));
    match row.state {
        _ if mine => ("请审批".to_owned(), true),
        VisitState::Proposed => ("等单位审批".to_owned(), false),
        VisitState::Agreed if pending => ("变更待审批".to_owned(), false),
        VisitState::Agreed if newest.to_date < ground.today => ("确认返回日期".to_owned(), sends),
        VisitState::Agreed if newest.from_date <= ground.today => ("出访中".to_owned(), false),
        VisitState::Agreed => (format!("{}出发", dates::day(newest.from_date)), false),
        VisitState::Returned => (
            row.report_due
                .map(|due| format!("{}前交总结", dates::day(due)))
                .unwrap_or_default(),
            sends,
        ),
        VisitState::Reported => ("交流工作组办结".to_owned(), ground.all),
        VisitState::Closed => (String::new(), false),
        VisitState::Declined | VisitState::Withdrawn => (row.end_note.clone(), false),
    }
}

async fn offers(ctx: &Context, ground: &Ground) -> Result<Vec<Row>> {
    let rows = store::offers(ctx.store.read(), None).await?;
    Ok(rows
        .into_iter()
        .filter(|row| {
            ground.all || ground.own.contains(&row.unit_id) || row.state == PostingState::Open
        })
        .map(|row| {
            let used = used(&ground.visits, row.id);
            let open = row.state == PostingState::Open;
            Row {
                href: Some(format!("/exchange/offers/{}", row.id)),
                number: row.number,
                title: row.title,
                under: ground.units.get(&row.unit_id).cloned().unwrap_or_default(),
                when: dates::days(row.from_date, row.to_date),
                more: format!("{} 批，每批 {} 人", row.rounds, row.places),
                tag: posting_tag(row.state),
                next: format!("已安排 {used} 批"),
                class: class(!open, false),
            }
        })
        .collect())
}

async fn wishes(ctx: &Context, ground: &Ground) -> Result<Vec<Row>> {
    let db = ctx.store.read();
    let rows = store::wishes(db, None).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let people = store::wish_people(db, &ids).await?;
    Ok(rows
        .into_iter()
        .filter(|row| {
            ground.all || ground.own.contains(&row.unit_id) || row.state == PostingState::Open
        })
        .map(|row| {
            let open = row.state == PostingState::Open;
            let visible = ground.all || ground.own.contains(&row.unit_id);
            Row {
                href: visible.then(|| format!("/exchange/wishes/{}", row.id)),
                title: row.title.clone(),
                under: ground.units.get(&row.unit_id).cloned().unwrap_or_default(),
                when: format!(
                    "{}，{} 天",
                    dates::days(row.from_date, row.to_date),
                    row.days
                ),
                more: format!(
                    "{} 人",
                    people.iter().filter(|one| one.wish_id == row.id).count()
                ),
                tag: posting_tag(row.state),
                next: met_by(&ground.visits, row.id).map_or_else(
                    || {
                        if open {
                            "待配对".to_owned()
                        } else {
                            String::new()
                        }
                    },
                    |visit| format!("已安排 {}", visit.number),
                ),
                class: class(!open, false),
                number: row.number,
            }
        })
        .collect())
}

/// How many live visits come from an offer.
pub(super) fn used(visits: &[visit::Model], offer: VisitOfferId) -> usize {
    visits
        .iter()
        .filter(|visit| visit.offer_id == offer && rules::is_live(visit.state))
        .count()
}

/// The live visit that meets a wish.
pub(super) fn met_by(visits: &[visit::Model], wish: VisitWishId) -> Option<&visit::Model> {
    visits
        .iter()
        .find(|visit| visit.wish_id == wish && rules::is_live(visit.state))
}

/// The state of a posting as a tag.
pub(super) fn posting_tag(state: PostingState) -> Tag {
    Tag {
        class: if state == PostingState::Open {
            "info"
        } else {
            ""
        },
        word: state.zh(),
    }
}
