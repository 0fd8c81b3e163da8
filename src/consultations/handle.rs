//! What the secretariat does with a request: take it in, send it back, not take it in, and find
//! somebody to lead its panel.

use entity::{
    consultation,
    ids::{AssignmentId, ConsultationId, PersonId},
};
use sea_orm::ActiveValue::Set;

use super::{
    events::{self, note},
    filing::Filing,
    mails, panel_facts,
    rules::{self, Step},
    store,
};
use crate::{
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        store::WriteTx,
        ui::dates,
    },
    panels::{self, NewPanel, PanelChange},
    units,
};

/// What the secretariat completes when it takes a request in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakingIn {
    /// Codes like `ics:29.240`.
    pub domains: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// 加急
    pub urgent: bool,
}

/// Takes a request in: its panel is opened and waits for the next match.
///
/// # Errors
/// A refusal when the state does not fit, the meeting has passed, or the request is one's own.
pub async fn accept(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    taking_in: &TakingIn,
) -> Result<()> {
    let known = store::get(ctx.store.read(), id).await?;
    let unit = units::get(ctx.store.read(), known.unit_id).await?;
    let all_units = units::all(ctx.store.read()).await?;
    let wishes = panel_facts::wishes(ctx, &Filing::of(&known)).await?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    if row.version != known.version {
        return Err(Error::Conflict(Refusal::new(
            "consultations.changed_elsewhere",
        )));
    }
    let state = rules::next(row.state, Step::Accept)?;
    let exception = second_hand(ctx, &tx, &row, by).await?;
    if let Some(day) = row.meeting_date.filter(|day| *day <= ctx.today()) {
        return Err(Refusal::new("consultations.meeting_passed")
            .with("day", dates::day(day))
            .into());
    }
    let mut next: consultation::ActiveModel = row.into();
    next.state = Set(state);
    next.domains = Set(taking_in.domains.clone().into());
    next.keywords = Set(taking_in.keywords.clone().into());
    next.accepted_at = Set(Some(tx.now()));
    next.accepted_by = Set(Some(by));
    next.updated_at = Set(tx.now());
    let row = store::update(&tx, next).await?;
    let contacts = units::contacts(tx.db(), unit.id).await?;
    let contact = panel_facts::contact(&row, &contacts);
    let panel = panels::open(
        &tx,
        &NewPanel {
            owner_kind: "consultation",
            owner_id: row.id.0,
            number: row.number.clone().unwrap_or_default(),
            facts: panel_facts::facts(ctx, &row, &unit, contact, taking_in.urgent),
            recusals: panel_facts::recusals(&Filing::of(&row), &all_units),
            wishes,
        },
    )
    .await?;
    let mut next: consultation::ActiveModel = row.into();
    next.panel_id = Set(Some(panel));
    let row = store::update(&tx, next).await?;
    let urgent = taking_in.urgent.then_some("加急");
    let text: Vec<_> = urgent.into_iter().chain(exception).collect();
    let event = note(&tx, &row, Some(by), events::ACCEPTED, &text.join("；")).await?;
    let promise = panels::promise(tx.db(), panel).await?;
    let mail = mails::Accepted::of(&row, promise.map(|one| one.commitment));
    mails::to_unit(&tx, &row, event, &mail).await?;
    tx.commit().await
}

/// Sends a request back to be completed, with the reason.
///
/// # Errors
/// A refusal when the reason is missing, the state does not fit, or the request is one's own.
pub async fn send_back(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    reason: &str,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = decide(ctx, &tx, id, by, Step::SendBack, reason).await?;
    let event = note(&tx, &row, Some(by), events::RETURNED, reason).await?;
    mails::to_unit(&tx, &row, event, &mails::Returned::of(&row)).await?;
    tx.commit().await
}

/// Does not take a request in, with the reason.
///
/// # Errors
/// As [`send_back`].
pub async fn refuse(ctx: &Context, id: ConsultationId, by: PersonId, reason: &str) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = decide(ctx, &tx, id, by, Step::Refuse, reason).await?;
    let event = note(&tx, &row, Some(by), events::REFUSED, reason).await?;
    mails::to_unit(&tx, &row, event, &mails::Refused::of(&row)).await?;
    tx.commit().await
}

async fn decide(
    ctx: &Context,
    tx: &WriteTx,
    id: ConsultationId,
    by: PersonId,
    step: Step,
    reason: &str,
) -> Result<consultation::Model> {
    if reason.is_empty() {
        return Err(Refusal::new("consultations.text_needed").into());
    }
    let row = store::lock(tx, id).await?;
    let state = rules::next(row.state, step)?;
    second_hand(ctx, tx, &row, by).await?;
    let ended = rules::has_ended(state);
    let mut next: consultation::ActiveModel = row.into();
    next.state = Set(state);
    next.note = Set(reason.to_owned());
    next.updated_at = Set(tx.now());
    if ended {
        next.closed_at = Set(Some(tx.now()));
    }
    store::update(tx, next).await
}

/// Whoever is a contact of the asking unit does not decide on its request; where the office has
/// nobody else and allows it, that is put on record.
async fn second_hand(
    ctx: &Context,
    tx: &WriteTx,
    row: &consultation::Model,
    by: PersonId,
) -> Result<Option<&'static str>> {
    let contacts = units::contacts(tx.db(), row.unit_id).await?;
    let own = row.filed_by == by || contacts.iter().any(|contact| contact.person.id == by);
    if !own {
        Ok(None)
    } else if ctx.config.panels.allow_single_approval {
        Ok(Some("例外：受理人是申请单位的联络员"))
    } else {
        Err(Refusal::new("consultations.own_request").into())
    }
}

/// Asks a member of the panel to be 组长.
///
/// # Errors
/// The refusals of [`panels::ask_head`]; [`Error::NotFound`] for a member of another panel.
pub(super) async fn ask_head(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    assignment: AssignmentId,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let panel = row.panel_id.ok_or(Error::NotFound)?;
    let members = panels::members(tx.db(), panel).await?;
    let asked = members
        .iter()
        .find(|member| member.assignment.id == assignment)
        .ok_or(Error::NotFound)?;
    panels::ask_head(&tx, ctx, assignment).await?;
    let name = &asked.expert.person.name;
    note(&tx, &row, Some(by), events::HEAD_ASKED, name).await?;
    tx.commit().await
}

/// Goes on with the experts who have accepted: no further places are asked for, and whoever has not
/// answered is thanked. The reason is kept.
///
/// # Errors
/// A refusal when the reason is missing, the panel is not being put together, or nobody has
/// accepted yet.
pub(super) async fn go_on(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    reason: &str,
) -> Result<()> {
    let known = store::get(ctx.store.read(), id).await?;
    let unit = units::get(ctx.store.read(), known.unit_id).await?;
    let all_units = units::all(ctx.store.read()).await?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let panel = row.panel_id.ok_or(Error::NotFound)?;
    let accepted = panels::members(tx.db(), panel).await?.len();
    let accepted = i32::try_from(accepted).map_err(Error::internal)?;
    rules::may_go_on(row.state, accepted, row.demand)?;
    let mut next: consultation::ActiveModel = row.into();
    next.demand = Set(accepted);
    next.updated_at = Set(tx.now());
    let row = store::update(&tx, next).await?;
    let filing = Filing::of(&row);
    let contacts = units::contacts(tx.db(), unit.id).await?;
    let contact = panel_facts::contact(&row, &contacts);
    let urgent = panels::get(tx.db(), panel).await?.urgent;
    let change = PanelChange {
        facts: panel_facts::facts(ctx, &row, &unit, contact, urgent),
        recusals: panel_facts::recusals(&filing, &all_units),
        reason: reason.to_owned(),
    };
    panels::change(&tx, ctx, panel, &change).await?;
    let noted = format!("{accepted} 人；{reason}");
    note(&tx, &row, Some(by), events::GONE_ON, &noted).await?;
    tx.commit().await
}
