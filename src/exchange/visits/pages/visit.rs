//! `/exchange/visits/{id}`: one visit, its terms, and the one next step.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::VisitId,
    visit::{self, VisitState},
    visit_terms::{self, TermsState},
};

use super::view::{FileLink, lines, name, readable, side_word, sides};
use crate::{
    accounts::{Action, Desk, Owner, policy},
    exchange::{
        history,
        visits::{
            difference, matter,
            report::report_files,
            rules::{self, Side},
            store,
            terms::Terms,
            visitors::{self, VisitorPerson},
        },
    },
    foundation::{
        context::Context,
        error::Result,
        files,
        ui::{Fields, Form, Html, Shell, Tag, dates, page_with_status},
    },
    panels::texts,
    people, units,
};

/// Terms as they are shown.
pub(super) struct Shown {
    pub facts: Vec<(&'static str, String)>,
    pub tasks: Vec<String>,
}

/// An approval that is there or is waited for.
struct Approval {
    side: &'static str,
    unit: String,
    given: Option<String>,
}

/// A version of the report.
struct Report {
    version: i32,
    who: Html,
    when: String,
    text: Vec<String>,
    files: Vec<FileLink>,
}

/// What the visitor may do.
#[derive(Clone, Debug, Default)]
struct May {
    approve: Option<&'static str>,
    decline: Option<&'static str>,
    amend: Option<&'static str>,
    withdraw: Option<&'static str>,
    confirm: bool,
    report: bool,
    close: bool,
}

#[derive(Template)]
#[template(path = "exchange/templates/visit.html")]
struct VisitPage {
    shell: Shell,
    form: Form,
    row: visit::Model,
    tag: Tag,
    base: String,
    sending: String,
    host: String,
    people: Vec<(Html, String)>,
    holds: Option<Shown>,
    waits: Option<Shown>,
    changes: Vec<String>,
    change_reason: String,
    version: i32,
    approvals: Vec<Approval>,
    reasons: Vec<String>,
    true_days: String,
    report_due: String,
    late: bool,
    reports: Vec<Report>,
    travel: Vec<String>,
    history: Vec<history::Line>,
    papers: bool,
    may: May,
    limit: usize,
}

impl VisitPage {
    fn wrong(&self, name: &str) -> bool {
        self.form.errors.of(name).is_some()
    }

    fn is_change(&self) -> bool {
        self.row.agreed_version.is_some()
    }
}

/// `GET /exchange/visits/{id}`
///
/// # Errors
/// Not found for what is foreign.
pub async fn show_visit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitId>,
) -> Result<Response> {
    let row = readable(&ctx, &desk, id).await?;
    render(&ctx, desk, row, Form::default(), StatusCode::OK).await
}

/// Leads back to the page after something was done, or shows it with what was refused and typed.
pub(super) async fn lead_on(
    ctx: &Context,
    desk: Desk,
    id: VisitId,
    fields: Fields,
    done: Result<()>,
    word: &str,
) -> Result<Response> {
    let Err(error) = done else {
        let path = format!("/exchange/visits/{id}?done={word}");
        return Ok(Redirect::to(&path).into_response());
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    let row = readable(ctx, &desk, id).await?;
    render(ctx, desk, row, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    row: visit::Model,
    mut form: Form,
    status: StatusCode,
) -> Result<Response> {
    let db = ctx.store.read();
    let all = store::terms(db, row.id).await?;
    let newest = store::newest(&all)?;
    let agreed = store::find_terms(&all, row.agreed_version);
    let pending = Some(newest).filter(|terms| terms.state == TermsState::Pending);
    let current = agreed.unwrap_or(newest);
    let people = visitors::of_terms(db, current).await?;
    let (sending, host) = (
        units::get(db, row.sending_unit_id).await?.name,
        units::get(db, row.host_unit_id).await?.name,
    );
    let changes = match pending.zip(former(&all, pending)) {
        Some((after, before)) => {
            let names_before = visitors::names(&visitors::of_terms(db, before).await?);
            let names_after = visitors::names(&visitors::of_terms(db, after).await?);
            let (before, after) = (Terms::of(before), Terms::of(after));
            difference::between(&before, &after, &names_before, &names_after)
        }
        None => Vec::new(),
    };
    if row.state == VisitState::Agreed && !form.fields.has("left_on") {
        form.fields = form
            .fields
            .with("left_on", current.from_date)
            .with("back_on", current.to_date.min(ctx.today()));
    }
    let approvals = pending.map_or_else(Vec::new, |terms| {
        vec![
            approval(ctx, Side::Sending, &sending, terms.sending_at),
            approval(ctx, Side::Host, &host, terms.host_at),
        ]
    });
    let shown = VisitPage {
        tag: rules::tag(row.state),
        base: format!("/exchange/visits/{}", row.id),
        people: people
            .iter()
            .map(|one| {
                let person = &one.person;
                (
                    name(&person.name, person.sample),
                    one.visitor.position.clone(),
                )
            })
            .collect(),
        holds: agreed.map(show_terms),
        waits: pending.map(show_terms),
        changes,
        change_reason: pending
            .map(|terms| terms.reason.clone())
            .unwrap_or_default(),
        version: newest.version,
        approvals,
        reasons: texts(&row.reasons),
        true_days: match (row.left_on, row.back_on) {
            (Some(left), Some(back)) => dates::days(left, back),
            _ => String::new(),
        },
        report_due: row
            .report_due
            .map(dates::day_and_weekday)
            .unwrap_or_default(),
        late: row.state == VisitState::Returned
            && row.report_due.is_some_and(|due| due < ctx.today()),
        reports: reports(ctx, row.id).await?,
        travel: travel(ctx, &people),
        history: history::of(ctx, matter(row.id)).await?,
        papers: agreed.is_some() && rules::is_live(row.state),
        may: may(&desk, &row, newest, current, ctx.today()),
        limit: ctx.config.files.max_mb,
        sending,
        host,
        form,
        row,
        shell: desk.shell,
    };
    Ok(page_with_status(status, &shown))
}

/// The terms that those waiting are to follow: what holds, or what was on the table before.
fn former<'a>(
    all: &'a [visit_terms::Model],
    pending: Option<&visit_terms::Model>,
) -> Option<&'a visit_terms::Model> {
    let pending = pending?;
    all.iter()
        .filter(|terms| terms.version < pending.version)
        .find(|terms| terms.state == TermsState::Agreed)
        .or_else(|| all.iter().find(|terms| terms.version < pending.version))
}

fn approval(
    ctx: &Context,
    side: Side,
    unit: &str,
    at: Option<chrono::DateTime<chrono::Utc>>,
) -> Approval {
    Approval {
        side: side.zh(),
        unit: unit.to_owned(),
        given: at.map(|at| dates::moment(at, ctx.zone())),
    }
}

/// Terms with the labels of the page.
pub(super) fn show_terms(terms: &visit_terms::Model) -> Shown {
    let mentor = [terms.mentor_name.as_str(), terms.mentor_phone.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("，");
    let abroad = match (terms.abroad, terms.approval_number.as_str()) {
        (false, _) => String::new(),
        (true, "") => "因公出国（境），批件号未填".to_owned(),
        (true, number) => format!("因公出国（境），批件号 {number}"),
    };
    let days = rules::length(terms.from_date, terms.to_date);
    let facts = [
        (
            "时间",
            format!("{}，{days} 天", dates::days(terms.from_date, terms.to_date)),
        ),
        ("地点", terms.place.clone()),
        ("带教老师", mentor),
        ("费用", terms.cost.clone()),
        ("保险", terms.insurance.clone()),
        ("保密", terms.secrecy.clone()),
        ("出国（境）", abroad),
    ];
    Shown {
        facts: facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect(),
        tasks: lines(&terms.tasks),
    }
}

async fn reports(ctx: &Context, id: VisitId) -> Result<Vec<Report>> {
    let db = ctx.store.read();
    let rows = store::reports(db, id).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.filed_by).collect();
    let people = people::by_ids(db, &ids).await?;
    let base = format!("/exchange/visits/{id}");
    let mut reports = Vec::with_capacity(rows.len());
    for row in rows {
        let files = files::list(db, report_files(row.id)).await?;
        reports.push(Report {
            version: row.version,
            who: people
                .get(&row.filed_by)
                .map_or_else(Html::default, |person| name(&person.name, person.sample)),
            when: dates::moment(row.filed_at, ctx.zone()),
            text: lines(&row.text),
            files: files.iter().map(|file| FileLink::of(file, &base)).collect(),
        });
    }
    Ok(reports)
}

/// What visitors told on the way, where the office has switched it on.
fn travel(ctx: &Context, people: &[VisitorPerson]) -> Vec<String> {
    if !ctx.config.exchange.travel_links {
        return Vec::new();
    }
    people
        .iter()
        .flat_map(|one| {
            let said = |word: &str, at: Option<chrono::DateTime<chrono::Utc>>| {
                at.map(|at| {
                    let when = dates::moment(at, ctx.zone());
                    format!("{}{word}，{when}", one.person.name)
                })
            };
            [
                said("已出发", one.visitor.departed_at),
                said("已到达", one.visitor.arrived_at),
            ]
        })
        .flatten()
        .collect()
}

fn may(
    desk: &Desk,
    row: &visit::Model,
    newest: &visit_terms::Model,
    current: &visit_terms::Model,
    today: chrono::NaiveDate,
) -> May {
    let own = sides(&desk.actor, row);
    let pending = newest.state == TermsState::Pending;
    let amends = matches!(row.state, VisitState::Proposed | VisitState::Agreed);
    let withdraws =
        row.state == VisitState::Agreed && rules::may_withdraw(current.from_date, today).is_ok();
    let first = own.first().copied().map(side_word);
    let sends = own.contains(&Side::Sending);
    May {
        approve: own
            .iter()
            .find(|side| pending && !rules::approved(newest, **side))
            .copied()
            .map(side_word),
        decline: own
            .iter()
            .find(|side| {
                let open = row.state == VisitState::Proposed;
                pending && (open || !rules::approved(newest, **side))
            })
            .copied()
            .map(side_word),
        amend: first.filter(|_| amends),
        withdraw: first.filter(|_| withdraws),
        confirm: sends && row.state == VisitState::Agreed && current.from_date <= today,
        report: sends && matches!(row.state, VisitState::Returned | VisitState::Reported),
        close: row.state == VisitState::Reported
            && policy::allows(&desk.actor, Action::ManageExchange, &Owner::ALLIANCE),
    }
}
