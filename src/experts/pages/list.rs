//! `/experts`: the pool as the secretariat sees it.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::State, response::Response};
use entity::{
    expert::{self, ExpertState},
    ids::{ExpertId, UnitId},
    person, unit,
};

use super::view;
use crate::{
    accounts::{Action, Desk, Owner},
    experts::{
        Histories, Load,
        pool::texts,
        profile::{domain_labels, read_kind},
        store,
    },
    foundation::{
        classification::DomainCode,
        context::Context,
        error::{Error, Result},
        search::{SearchKey, SearchQuery},
        sheets::Table,
        texts::Label,
        ui::{
            Fields, Form, Shell, Tag, XLSX, dates, download,
            form::{Choice, choices},
            page, short_labels,
        },
    },
    people::mask,
};

/// Lines of a page.
const PAGE: usize = 50;

/// The tabs: word in the address, label, states.
const TABS: [(&str, &str, &[ExpertState]); 4] = [
    ("engaged", "在聘", &[ExpertState::Engaged]),
    ("suspended", "中止", &[ExpertState::Suspended]),
    (
        "ended",
        "已结束",
        &[
            ExpertState::Ended,
            ExpertState::Expired,
            ExpertState::Refused,
        ],
    ),
    (
        "all",
        "全部",
        &[
            ExpertState::Engaged,
            ExpertState::Suspended,
            ExpertState::Approved,
            ExpertState::Ended,
            ExpertState::Expired,
            ExpertState::Refused,
        ],
    ),
];

type Row = (expert::Model, person::Model);

#[derive(Template)]
#[template(path = "experts/templates/experts.html")]
struct ListPage {
    shell: Shell,
    form: Form,
    kinds: Vec<Choice>,
    units: Vec<Choice>,
    tabs: Vec<Tab>,
    rows: Vec<Line>,
    loads: bool,
    may_add: bool,
    filter: String,
    first: usize,
    last: usize,
    total: usize,
    previous: Option<String>,
    following: Option<String>,
}

struct Tab {
    label: &'static str,
    href: String,
    count: usize,
    current: bool,
}

struct Line {
    id: ExpertId,
    name: String,
    sample: bool,
    guest: bool,
    about: String,
    kind: &'static str,
    works_at: String,
    domains: String,
    until: String,
    load: Option<Load>,
    max_open: i32,
    state: Tag,
}

/// What is looked for.
struct Wanted<'a> {
    query: &'a str,
    kind: Option<expert::ExpertKind>,
    unit: Option<UnitId>,
}

impl Wanted<'_> {
    fn of(fields: &Fields) -> Wanted<'_> {
        Wanted {
            query: fields.text("q"),
            kind: read_kind(fields.text("kind")),
            unit: fields.id("unit"),
        }
    }

    /// Name in characters, pinyin or initials; part of a keyword; a code or what lies below it. A pool
    /// has hundreds of rows, so they are looked through here.
    fn fits(&self, (row, person): &Row) -> bool {
        let kind = self.kind.is_none_or(|kind| row.kind == kind);
        let unit = self.unit.is_none_or(|unit| row.unit_id == Some(unit));
        kind && unit && self.found(row, person)
    }

    fn found(&self, row: &expert::Model, person: &person::Model) -> bool {
        let Some(query) = SearchQuery::of(self.query) else {
            return true;
        };
        let name = SearchKey {
            normal: person.name_normal.clone(),
            pinyin: person.name_pinyin.clone(),
            initials: person.name_initials.clone(),
        };
        let code = self.query.parse::<DomainCode>().ok();
        query.matches(&name)
            || texts(&row.keywords)
                .iter()
                .any(|word| query.matches(&SearchKey::of(word)))
            || texts(&row.domains)
                .iter()
                .any(|stored| match (code, stored.parse::<DomainCode>()) {
                    (Some(wanted), Ok(stored)) => stored.is_within(wanted),
                    _ => false,
                })
    }
}

/// `GET /experts`
///
/// # Errors
/// [`Error::NotFound`] for visitors who may not see the whole pool.
pub async fn list(
    State(ctx): State<Context>,
    State(histories): State<Histories>,
    desk: Desk,
    query: Fields,
) -> Result<Response> {
    desk.actor.require(Action::ReadExperts, &Owner::ALLIANCE)?;
    let db = ctx.store.read();
    let units = view::unit_names(db).await?;
    let wanted = Wanted::of(&query);
    let (current, ..) = tab(&query);
    let all: Vec<Row> = store::in_states(db, TABS[TABS.len() - 1].2, None)
        .await?
        .into_iter()
        .filter(|row| wanted.fits(row))
        .collect();
    let filter = filter(&query);
    let tabs = TABS
        .iter()
        .map(|(word, label, states)| Tab {
            label,
            href: format!("/experts?state={word}{filter}"),
            count: all
                .iter()
                .filter(|(row, _)| states.contains(&row.state))
                .count(),
            current: *word == current,
        })
        .collect();
    let rows: Vec<_> = all
        .iter()
        .filter(|(row, _)| tab(&query).2.contains(&row.state))
        .collect();
    let total = rows.len();
    let page_number = query.text("page").parse::<usize>().unwrap_or(1).max(1);
    let skipped = (page_number - 1).saturating_mul(PAGE).min(total);
    let shown = &rows[skipped..total.min(skipped + PAGE)];
    let ids: Vec<_> = shown.iter().map(|(row, _)| row.id).collect();
    let loads = histories.loads(&ctx, &ids).await?;
    let to = |number: usize| format!("/experts?state={current}{filter}&page={number}");
    Ok(page(&ListPage {
        may_add: desk
            .actor
            .require(Action::ManageExperts, &Owner::ALLIANCE)
            .is_ok(),
        shell: desk.shell,
        kinds: with_all("全部类别", view::kinds()),
        units: with_all("全部单位", unit_choices(&units)),
        form: Form::new(query.clone()),
        tabs,
        rows: shown
            .iter()
            .map(|row| line(row, &units, loads.as_ref()))
            .collect(),
        loads: loads.is_some(),
        filter: format!("state={current}{filter}"),
        first: if total == 0 { 0 } else { skipped + 1 },
        last: skipped + shown.len(),
        total,
        previous: (page_number > 1).then(|| to(page_number - 1)),
        following: (skipped + shown.len() < total).then(|| to(page_number + 1)),
    }))
}

/// The current tab.
fn tab(query: &Fields) -> (&'static str, &'static str, &'static [ExpertState]) {
    let word = query.text("state");
    TABS.into_iter()
        .find(|(known, ..)| *known == word)
        .unwrap_or(TABS[0])
}

/// The filter without tab and page, for addresses: begins with `&` or is empty.
fn filter(query: &Fields) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    for name in ["q", "kind", "unit"] {
        if !query.text(name).is_empty() {
            text.append_pair(name, query.text(name));
        }
    }
    let text = text.finish();
    if text.is_empty() {
        text
    } else {
        format!("&{text}")
    }
}

fn with_all(label: &str, rest: Vec<Choice>) -> Vec<Choice> {
    let mut all = choices([("", label)]);
    all.extend(rest);
    all
}

fn unit_choices(units: &HashMap<UnitId, unit::Model>) -> Vec<Choice> {
    let mut known: Vec<_> = units.values().collect();
    known.sort_by_key(|unit| (unit.created_at, unit.id));
    choices(known.into_iter().map(|unit| (unit.id, &unit.name)))
}

fn line(
    (row, person): &Row,
    units: &HashMap<UnitId, unit::Model>,
    loads: Option<&HashMap<ExpertId, Load>>,
) -> Line {
    let unit = row
        .unit_id
        .and_then(|id| units.get(&id))
        .map(|unit| unit.name.clone());
    let codes = short_labels(&texts(&row.domains));
    Line {
        id: row.id,
        name: person.name.clone(),
        sample: person.sample,
        guest: row.guest,
        about: about(row),
        kind: row.kind.zh(),
        works_at: if row.guest {
            row.affiliation.clone()
        } else {
            unit.unwrap_or_default()
        },
        domains: codes.iter().take(3).cloned().collect::<Vec<_>>().join("；"),
        until: row.engaged_to.map(dates::full_day).unwrap_or_default(),
        load: loads.map(|loads| loads.get(&row.id).copied().unwrap_or_default()),
        max_open: row.max_open,
        state: view::state_tag(row.state),
    }
}

fn about(row: &expert::Model) -> String {
    [row.position.as_str(), row.title.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("，")
}

/// `GET /experts/export`: the list as it is filtered, as a workbook; contact data masked.
///
/// # Errors
/// [`Error::NotFound`] for visitors who may not see the whole pool.
pub async fn export(State(ctx): State<Context>, desk: Desk, query: Fields) -> Result<Response> {
    desk.actor.require(Action::ReadExperts, &Owner::ALLIANCE)?;
    let db = ctx.store.read();
    let units = view::unit_names(db).await?;
    let wanted = Wanted::of(&query);
    let rows = store::in_states(db, tab(&query).2, None).await?;
    let headers = [
        "姓名",
        "类别",
        "特邀",
        "推荐单位",
        "工作单位",
        "职务",
        "职称",
        "手机",
        "邮箱",
        "领域",
        "关键词",
        "语种",
        "聘书编号",
        "聘任日期",
        "聘期至",
        "状态",
    ];
    let table = Table {
        name: "专家名单".to_owned(),
        headers: headers.map(str::to_owned).to_vec(),
        rows: rows
            .iter()
            .filter(|row| wanted.fits(row))
            .map(|row| cells(row, &units))
            .collect(),
    };
    let bytes = table.to_xlsx(ctx.now()).map_err(Error::internal)?;
    Ok(download(
        &format!("专家名单-{}.xlsx", ctx.today()),
        XLSX,
        bytes,
    ))
}

fn cells((row, person): &Row, units: &HashMap<UnitId, unit::Model>) -> Vec<String> {
    let unit = row
        .unit_id
        .filter(|_| !row.guest)
        .and_then(|id| units.get(&id))
        .map(|unit| unit.name.clone())
        .unwrap_or_default();
    let day = |date: Option<chrono::NaiveDate>| date.map(|day| day.to_string()).unwrap_or_default();
    vec![
        person.name.clone(),
        row.kind.zh().to_owned(),
        if row.guest { "是" } else { "" }.to_owned(),
        unit.clone(),
        if row.affiliation.is_empty() {
            unit
        } else {
            row.affiliation.clone()
        },
        row.position.clone(),
        row.title.clone(),
        person
            .mobile
            .as_deref()
            .map(mask::mobile)
            .unwrap_or_default(),
        person.email.as_deref().map(mask::email).unwrap_or_default(),
        domain_labels(&row.domains).join("；"),
        texts(&row.keywords).join("；"),
        row.languages.clone(),
        row.engagement_number.clone().unwrap_or_default(),
        day(row.engaged_from),
        day(row.engaged_to),
        row.state.zh().to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use entity::expert::ExpertKind;

    use super::*;
    use crate::experts::profile::kind_word;

    #[test]
    fn the_filter_survives_in_addresses() {
        let query = Fields::default()
            .with("q", "液冷 a&b")
            .with("kind", kind_word(ExpertKind::Technical))
            .with("page", 3);
        assert_eq!(filter(&query), "&q=%E6%B6%B2%E5%86%B7+a%26b&kind=technical");
        assert_eq!(filter(&Fields::default()), "");
        assert_eq!(tab(&query).0, "engaged");
    }
}
