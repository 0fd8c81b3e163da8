//! `/committees/{id}`: one committee, what it misses, its units, people and studies.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    committee::{CommitteeKind, CommitteeState},
    committee_unit::{UnitPart, UnitStanding},
    ids::{CommitteeId, CommitteePersonId, CommitteeUnitId, ReferralId, UnitId},
};

use super::super::{
    referrals, rules, store,
    store::Full,
    studies::{self, StudyLine},
    view::{self, Happened, Line, state_tag},
};
use crate::{
    accounts::{Action, Actor, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::Result,
        texts::{Label, Language, sentence},
        ui::{Fields, Form, Shell, Tag, dates, page_with_status},
    },
};

#[derive(Template)]
#[template(path = "committees/templates/detail.html")]
struct DetailPage {
    shell: Shell,
    form: Form,
    id: CommitteeId,
    name: String,
    alias: String,
    kind: &'static str,
    task: String,
    tag: Tag,
    since: String,
    until: String,
    ended: String,
    parent: Option<(CommitteeId, String)>,
    groups: Vec<(CommitteeId, String)>,
    defects: Vec<String>,
    units: Vec<UnitView>,
    applications: Vec<ApplicationView>,
    people: Vec<PersonView>,
    studies: Vec<StudyLine>,
    referrals: Vec<(ReferralId, String, String, &'static str)>,
    history: Vec<Line>,
    may: May,
    own: Option<OwnPart>,
    has_founding: bool,
    has_ending: bool,
}

struct UnitView {
    id: CommitteeUnitId,
    unit: UnitId,
    name: String,
    part: &'static str,
    tier: &'static str,
    wrong: bool,
    field: String,
    open: bool,
}

struct ApplicationView {
    id: CommitteeUnitId,
    name: String,
    tier: &'static str,
    reason: String,
    when: String,
    field: String,
    open: bool,
}

struct PersonView {
    id: CommitteePersonId,
    name: String,
    sample: bool,
    office: &'static str,
    work: String,
    term: String,
    field: String,
    open: bool,
}

/// The part of the visitor's own unit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OwnPart {
    Applied,
    Participates,
    Runs,
}

impl DetailPage {
    fn has_applied(&self) -> bool {
        self.own == Some(OwnPart::Applied)
    }

    fn participates(&self) -> bool {
        self.own == Some(OwnPart::Participates)
    }

    fn may_apply(&self) -> bool {
        self.may.join && self.own.is_none()
    }

    fn opens_join(&self) -> bool {
        self.form.errors.of("reason").is_some()
    }
}

/// What the visitor may do with the committee as it stands.
#[derive(Clone, Copy, Debug, Default)]
struct May {
    manage: bool,
    run: bool,
    join: bool,
    establish: bool,
    promote: bool,
    read_studies: bool,
}

/// `GET /committees/{id}`
///
/// # Errors
/// Not found for people who may not see committees.
pub async fn show(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CommitteeId>,
) -> Result<Response> {
    render(&ctx, desk, id, Form::default(), StatusCode::OK).await
}

/// Leads back to the page after something was done, or shows it with what was refused and what was
/// typed.
pub(super) async fn lead_on(
    ctx: &Context,
    desk: Desk,
    id: CommitteeId,
    fields: Fields,
    done: Result<()>,
    word: &str,
) -> Result<Response> {
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/committees/{id}?done={word}")).into_response());
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    render(ctx, desk, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    id: CommitteeId,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    desk.actor
        .require(Action::ReadCommittees, &Owner::committee(id))?;
    let db = ctx.store.read();
    let full = store::full(db, id).await?;
    let all = store::all(db).await?;
    let named = |one: &Full| (one.row.id, one.row.name.clone());
    let may = may(&desk.actor, &full);
    let events = store::events(db, id).await?;
    let happened = events.into_iter().map(|event| Happened {
        at: event.at,
        by: event.by_person,
        code: event.code,
        note: event.note,
    });
    let row = &full.row;
    let office = &ctx.config.office;
    let shown = DetailPage {
        defects: full
            .defects()
            .iter()
            .map(|defect| sentence(defect, Language::Chinese))
            .collect(),
        units: units(&full, &form),
        applications: applications(ctx, &full, &form),
        people: people(&full, &form),
        studies: studies::of_committee(db, id).await?,
        referrals: if policy::allows(&desk.actor, Action::RunCommittee, &Owner::committee(id)) {
            let all = referrals::of_committee(db, id).await?;
            all.into_iter()
                .map(|row| (row.id, row.number, row.title, row.state.zh()))
                .collect()
        } else {
            Vec::new()
        },
        history: view::history(db, ctx, happened.collect()).await?,
        own: own_part(&desk.actor, &full),
        parent: row
            .parent_id
            .and_then(|parent| all.iter().find(|one| one.row.id == parent))
            .map(named),
        groups: all
            .iter()
            .filter(|one| one.row.parent_id == Some(id))
            .map(named)
            .collect(),
        has_founding: super::super::papers::founding(&full, office).is_some(),
        has_ending: super::super::papers::ending(&full, office).is_some(),
        id,
        name: row.name.clone(),
        alias: row.alias.clone(),
        kind: row.kind.zh(),
        task: row.task.clone(),
        tag: state_tag(row.state),
        since: row.founded_on.map(dates::full_day).unwrap_or_default(),
        until: row.until.map(dates::full_day).unwrap_or_default(),
        ended: row.ended_on.map_or_else(String::new, |on| {
            format!("{}，{}", dates::full_day(on), row.end_reason)
        }),
        may,
        form,
        shell: desk.shell,
    };
    Ok(page_with_status(status, &shown))
}

fn may(actor: &Actor, full: &Full) -> May {
    let goes_on = full.row.state != CommitteeState::Ended;
    let allows = |action| policy::allows(actor, action, &Owner::committee(full.row.id));
    let manage = goes_on && allows(Action::ManageCommittees);
    let of_unit = actor
        .units()
        .any(|unit| policy::allows(actor, Action::JoinCommittee, &Owner::unit(unit)));
    May {
        manage,
        run: goes_on && allows(Action::RunCommittee),
        join: goes_on && of_unit,
        establish: manage && full.row.state == CommitteeState::Preparing,
        promote: manage
            && full.row.state == CommitteeState::Standing
            && full.row.kind == CommitteeKind::WorkingGroup,
        read_studies: allows(Action::ReadStudies),
    }
}

fn own_part(actor: &Actor, full: &Full) -> Option<OwnPart> {
    let own = full
        .units
        .iter()
        .find(|one| actor.units().any(|unit| unit == one.unit.id))?;
    Some(match (own.row.standing, own.row.part) {
        (UnitStanding::Applied, _) => OwnPart::Applied,
        (_, UnitPart::Participant) => OwnPart::Participates,
        (_, UnitPart::Lead | UnitPart::Organiser) => OwnPart::Runs,
    })
}

fn units(full: &Full, form: &Form) -> Vec<UnitView> {
    full.admitted()
        .map(|one| {
            let place = store::place(&one.unit, one.row.part);
            let field = release_field(one.row.id);
            UnitView {
                open: form.errors.of(&field).is_some(),
                field,
                id: one.row.id,
                unit: one.unit.id,
                name: one.unit.name.clone(),
                part: one.row.part.zh(),
                tier: if place.gone {
                    "已退出联盟"
                } else {
                    one.unit.tier.zh()
                },
                wrong: rules::may_take(&place, CommitteeState::Standing).is_err(),
            }
        })
        .collect()
}

fn applications(ctx: &Context, full: &Full, form: &Form) -> Vec<ApplicationView> {
    full.units
        .iter()
        .filter(|one| one.row.standing == UnitStanding::Applied)
        .map(|one| {
            let field = refuse_field(one.row.id);
            ApplicationView {
                open: form.errors.of(&field).is_some(),
                field,
                id: one.row.id,
                name: one.unit.name.clone(),
                tier: one.unit.tier.zh(),
                reason: one.row.reason.clone(),
                when: dates::moment(one.row.applied_at, ctx.zone()),
            }
        })
        .collect()
}

fn people(full: &Full, form: &Form) -> Vec<PersonView> {
    full.people
        .iter()
        .map(|one| {
            let field = end_field(one.row.id);
            PersonView {
                open: form.errors.of(&field).is_some(),
                field,
                id: one.row.id,
                name: one.person.name.clone(),
                sample: one.person.sample,
                office: one.row.office.zh(),
                work: [one.unit.as_str(), one.row.position.as_str()]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join("，"),
                term: format!(
                    "{}–{}",
                    dates::full_day(one.row.from_date),
                    dates::full_day(one.row.to_date)
                ),
            }
        })
        .collect()
}

/// The field with the reason for releasing a unit: each row has its own.
pub(super) fn release_field(id: CommitteeUnitId) -> String {
    format!("release-{id}")
}

/// The field with the reason for not admitting a unit.
pub(super) fn refuse_field(id: CommitteeUnitId) -> String {
    format!("refuse-{id}")
}

/// The field with the reason for ending an office.
pub(super) fn end_field(id: CommitteePersonId) -> String {
    format!("end-{id}")
}
