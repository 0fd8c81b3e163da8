//! `/committees`: all committees and groups, what they miss, and who runs them.

use askama::Template;
use axum::{extract::State, response::Response};
use entity::{
    committee::{CommitteeKind, CommitteeState},
    committee_unit::{UnitPart, UnitStanding},
    ids::CommitteeId,
};

use super::super::{
    store::{self, Full},
    view::state_tag,
};
use crate::{
    accounts::{Action, Actor, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::Result,
        ui::{Shell, Tag, dates, page},
    },
};

#[derive(Template)]
#[template(path = "committees/templates/list.html")]
struct ListPage {
    shell: Shell,
    heading: String,
    may_manage: bool,
    sections: Vec<Section>,
}

struct Section {
    title: &'static str,
    rows: Vec<Row>,
}

struct Row {
    id: CommitteeId,
    name: String,
    task: String,
    tag: Tag,
    lead: String,
    units: usize,
    missing: usize,
    own: &'static str,
    class: &'static str,
    until: String,
}

/// `GET /committees`
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for people who may not see committees.
pub async fn show(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    desk.actor
        .require(Action::ReadCommittees, &Owner::ALLIANCE)?;
    let all = store::all(ctx.store.read()).await?;
    let going_on = |full: &&Full| full.row.state != CommitteeState::Ended;
    let incomplete = all
        .iter()
        .filter(going_on)
        .filter(|full| !full.defects().is_empty())
        .count();
    let heading = match incomplete {
        0 => "各委员会和工作组的组织单位都符合要求。".to_owned(),
        count => format!("{count} 个还缺牵头单位或组织单位，缺什么见各自页面。"),
    };
    let section = |title, shows: fn(&Full) -> bool| Section {
        title,
        rows: all
            .iter()
            .filter(|full| shows(full))
            .map(|full| row(full, &desk.actor))
            .collect(),
    };
    let sections = vec![
        section("专门委员会", |full| {
            full.row.kind == CommitteeKind::Committee && full.row.state != CommitteeState::Ended
        }),
        section("项目工作组", |full| {
            full.row.kind == CommitteeKind::WorkingGroup && full.row.state != CommitteeState::Ended
        }),
        section("已结束", |full| full.row.state == CommitteeState::Ended),
    ];
    Ok(page(&ListPage {
        heading,
        may_manage: policy::allows(&desk.actor, Action::ManageCommittees, &Owner::ALLIANCE),
        sections: sections
            .into_iter()
            .filter(|section| !section.rows.is_empty())
            .collect(),
        shell: desk.shell,
    }))
}

fn row(full: &Full, actor: &Actor) -> Row {
    let missing = full.defects().len();
    let lead = full.admitted().find(|one| one.row.part == UnitPart::Lead);
    let own = full
        .units
        .iter()
        .find(|one| actor.units().any(|unit| unit == one.unit.id));
    Row {
        id: full.row.id,
        name: full.row.name.clone(),
        task: full.row.task.clone(),
        tag: state_tag(full.row.state),
        lead: lead.map_or_else(String::new, |lead| lead.unit.name.clone()),
        units: full.admitted().count(),
        missing,
        own: match own.map(|own| (own.row.standing, own.row.part)) {
            Some((UnitStanding::Applied, _)) => "已申请，待审核",
            Some((_, UnitPart::Lead)) => "本单位牵头",
            Some((_, UnitPart::Organiser)) => "本单位组织",
            Some((_, UnitPart::Participant)) => "本单位参加",
            None => "",
        },
        class: match full.row.state {
            CommitteeState::Ended => "off",
            _ if missing > 0 => "open",
            _ => "",
        },
        until: full.row.until.map(dates::full_day).unwrap_or_default(),
    }
}
