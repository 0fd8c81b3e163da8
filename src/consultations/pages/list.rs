//! `/consultations`

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use entity::{consultation::Purpose, ids::UnitId};
use sea_orm::{ActiveEnum, Iterable};

use crate::{
    accounts::{Action, Actor, Desk, Owner, policy},
    consultations::{
        list::{self, Row, TABS, Tab},
        store::{self, Filter},
    },
    foundation::{
        context::Context,
        error::{Error, Result},
        sheets::Table,
        texts::Label,
        ui::{Fields, Form, Shell, form::Choice, form::choices, page},
    },
    panels, units,
};

/// Rows on a page.
const SIZE: u64 = 50;

struct TabLink {
    label: &'static str,
    href: String,
    count: u64,
    current: bool,
}

#[derive(Template)]
#[template(path = "consultations/templates/list.html")]
struct ListPage {
    shell: Shell,
    desk: bool,
    heading: String,
    tabs: Vec<TabLink>,
    tab: &'static str,
    form: Form,
    purposes: Vec<Choice>,
    rows: Vec<Row>,
    first: u64,
    last: u64,
    total: u64,
    former: Option<String>,
    following: Option<String>,
    query: String,
}

/// Units whose consultations the actor sees; none means all.
fn scope(actor: &Actor) -> Option<Vec<UnitId>> {
    if policy::allows(actor, Action::ReadConsultation, &Owner::ALLIANCE) {
        None
    } else {
        Some(actor.units().collect())
    }
}

fn filter(actor: &Actor, query: &Fields, tab: Tab) -> Filter {
    let units = scope(actor);
    Filter {
        states: tab.states(units.is_none()),
        units,
        words: query.text("q").to_owned(),
        purpose: Purpose::try_from_value(&query.text("purpose").to_owned()).ok(),
    }
}

/// `GET /consultations`
///
/// # Errors
/// When the service itself fails.
pub async fn list(State(ctx): State<Context>, desk: Desk, query: Fields) -> Result<Response> {
    let db = ctx.store.read();
    let is_desk = scope(&desk.actor).is_none();
    let tab = Tab::of(query.text("tab"));
    let wanted = filter(&desk.actor, &query, tab);
    let every = Filter {
        states: TABS[4].states(is_desk),
        ..wanted.clone()
    };
    let counts = store::counts(db, &every).await?;
    let in_tab = |tab: Tab| tab.count(is_desk, &counts);
    let total = in_tab(tab);
    let number = query.text("page").parse::<u64>().unwrap_or(1).max(1);
    let rows = store::page(db, &wanted, &TABS[0].states(is_desk), number - 1, SIZE).await?;
    let panels: Vec<_> = rows.iter().filter_map(|row| row.panel_id).collect();
    let seats = panels::seats(db, &panels).await?;
    let units: HashMap<_, _> = units::all(db)
        .await?
        .into_iter()
        .map(|unit| (unit.id, unit.name))
        .collect();
    let words = query.text("q");
    let purpose = query.text("purpose");
    let address = |tab: &str, page: u64| {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("tab", tab)
            .append_pair("q", words)
            .append_pair("purpose", purpose)
            .append_pair("page", &page.to_string())
            .finish();
        format!("/consultations?{query}")
    };
    let tabs: Vec<_> = TABS
        .into_iter()
        .filter(|one| one.is_for(is_desk))
        .map(|one| TabLink {
            label: one.label,
            href: address(one.word, 1),
            count: in_tab(one),
            current: one == tab,
        })
        .collect();
    let first_tab = tabs.first().map_or(0, |tab| tab.count);
    let heading = match (is_desk, first_tab) {
        (true, 0) => "全部成员单位的申请，没有等秘书处受理的。".to_owned(),
        (true, count) => format!("全部成员单位的申请。{count} 件等秘书处受理。"),
        (false, 0) => "本单位提交的全部申请。目前没有要您处理的。".to_owned(),
        (false, count) => format!("本单位提交的全部申请。{count} 件要您处理。"),
    };
    let first = (number - 1) * SIZE;
    let mut all = vec![Choice {
        value: String::new(),
        label: "全部目的".to_owned(),
        hint: String::new(),
    }];
    all.extend(choices(
        Purpose::iter().map(|purpose| (purpose.to_value(), purpose.zh())),
    ));
    let shown: Vec<_> = rows
        .iter()
        .map(|row| {
            list::row(
                &ctx,
                row,
                row.panel_id.and_then(|panel| seats.get(&panel).copied()),
                &units,
                is_desk,
            )
        })
        .collect();
    Ok(page(&ListPage {
        desk: is_desk,
        heading,
        tabs,
        tab: tab.word,
        purposes: all,
        first: if shown.is_empty() { 0 } else { first + 1 },
        last: first + u64::try_from(shown.len()).unwrap_or(0),
        former: (number > 1).then(|| address(tab.word, number - 1)),
        following: (number * SIZE < total).then(|| address(tab.word, number + 1)),
        query: address(tab.word, 1).replacen("/consultations", "/consultations/export", 1),
        rows: shown,
        total,
        form: Form::new(query),
        shell: desk.shell,
    }))
}

/// `GET /consultations/export`: the same list as a workbook.
///
/// # Errors
/// When the service itself fails.
pub async fn export(State(ctx): State<Context>, desk: Desk, query: Fields) -> Result<Response> {
    let db = ctx.store.read();
    let wanted = filter(&desk.actor, &query, Tab::of(query.text("tab")));
    let first = TABS[0].states(scope(&desk.actor).is_none());
    let rows = store::page(db, &wanted, &first, 0, 10_000).await?;
    let panels: Vec<_> = rows.iter().filter_map(|row| row.panel_id).collect();
    let seats = panels::seats(db, &panels).await?;
    let units: HashMap<_, _> = units::all(db)
        .await?
        .into_iter()
        .map(|unit| (unit.id, unit.name))
        .collect();
    let table = Table {
        name: "咨询申请".to_owned(),
        headers: [
            "编号",
            "申请单位",
            "目的",
            "名称",
            "标准号",
            "标准名称",
            "人数",
            "已接受",
            "会议日期",
            "状态",
        ]
        .map(str::to_owned)
        .to_vec(),
        rows: rows
            .iter()
            .map(|row| {
                let accepted = row
                    .panel_id
                    .and_then(|panel| seats.get(&panel))
                    .map_or(0, |seats| seats.accepted);
                vec![
                    row.number.clone().unwrap_or_default(),
                    units.get(&row.unit_id).cloned().unwrap_or_default(),
                    row.purpose.zh().to_owned(),
                    row.title.clone(),
                    row.standard_number.clone(),
                    row.standard_name.clone(),
                    row.demand.to_string(),
                    accepted.to_string(),
                    row.meeting_date
                        .map(|day| day.to_string())
                        .unwrap_or_default(),
                    row.state.zh().to_owned(),
                ]
            })
            .collect(),
    };
    let bytes = table
        .to_xlsx(ctx.now())
        .map_err(|error| Error::internal(format!("{error:?}")))?;
    Ok((
        [
            (
                header::CONTENT_TYPE,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
            (
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"consultations.xlsx\"",
            ),
        ],
        bytes,
    )
        .into_response())
}
