//! The committee changes a study: freely until its panel is asked for, later with the panel told, which
//! tells those whom the difference concerns. What was accepted already stays as it is.

use chrono::NaiveDate;
use entity::{
    ids::StudyId,
    study,
    study_milestone::{self, MilestoneKind},
};
use sea_orm::{ActiveValue::Set, EntityTrait, prelude::Json};

use super::{
    super::store as committees,
    ask_panel,
    events::note,
    plan::NewStudy,
    rules::{self, Composition, Step},
    store,
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
        texts::Label,
        ui::dates,
    },
    panels::{self, ChangeEffect, CoverageQuestion, PanelChange, texts},
};

/// Which state of a study a form showed: it changes with every write.
pub(super) fn version(row: &study::Model) -> String {
    row.updated_at.timestamp_micros().to_string()
}

/// What a study is now, as its form shows it.
pub(super) fn as_typed(row: &study::Model, milestones: &[study_milestone::Model]) -> NewStudy {
    NewStudy {
        title: row.title.clone(),
        question: row.question.clone(),
        domains: texts(&row.domains),
        keywords: texts(&row.keywords),
        composition: ask_panel::composition(row),
        days: milestones
            .iter()
            .map(|one| (one.kind, one.due_on))
            .collect(),
    }
}

/// Changes a study that was at `seen` when its form was shown.
///
/// # Errors
/// Refusals of the fields of the plan; `studies.changed_elsewhere`, `studies.closed`; at `demand`
/// `panels.fewer_than_accepted`.
pub(super) async fn change(
    ctx: &Context,
    actor: &Actor,
    id: StudyId,
    seen: &str,
    new: &NewStudy,
) -> Result<()> {
    let known = store::get(ctx.store.read(), id).await?;
    actor.require(Action::RunCommittee, &Owner::committee(known.committee_id))?;
    rules::next(known.state, Step::Change)?;
    let milestones = store::milestones(ctx.store.read(), id).await?;
    let before = as_typed(&known, &milestones);
    check(ctx, &milestones, &before, new)?;
    if asks_anew(ctx, &known, &before, new).await? {
        ask_panel::require_satisfiable(ctx, &new.composition, question(new)).await?;
    }
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    rules::next(row.state, Step::Change)?;
    if version(&row) != seen || version(&known) != seen {
        return Err(Error::Conflict(Refusal::new("studies.changed_elsewhere")));
    }
    let words = difference(&before, new);
    if words.is_empty() {
        return Ok(());
    }
    let row = write(&tx, &row, &milestones, new).await?;
    let effect = tell_panel(&tx, ctx, &row, &words).await?;
    let mut said = words.join("；");
    if effect.told > 0 {
        said.push_str(&format!("；通知 {} 位专家", effect.told));
    }
    note(&tx, &row, Some(actor.person), "studies.changed", &said).await?;
    tx.commit().await
}

/// Numbers and days, all that is wrong at once. What was accepted keeps its day.
fn check(
    ctx: &Context,
    milestones: &[study_milestone::Model],
    before: &NewStudy,
    new: &NewStudy,
) -> Result<()> {
    let mut errors = FieldErrors::default();
    for wrong in [
        rules::check_numbers(&new.composition),
        rules::check_days(&new.days, &before.days, ctx.today()),
    ] {
        if let Err((field, refusal)) = wrong {
            errors.add(field, refusal);
        }
    }
    for done in milestones.iter().filter(|one| one.done_at.is_some()) {
        if !new.days.contains(&(done.kind, done.due_on)) {
            let refusal = Refusal::new("studies.day_done").with("day", dates::day(done.due_on));
            errors.add(rules::field(done.kind), refusal);
        }
    }
    errors.into_result(())
}

/// Whether the pool has to be looked at anew: the panel is asked for, nobody has been asked yet, and
/// whom it takes or what it is about is another.
async fn asks_anew(
    ctx: &Context,
    row: &study::Model,
    before: &NewStudy,
    new: &NewStudy,
) -> Result<bool> {
    let Some(panel) = row.panel_id else {
        return Ok(false);
    };
    if before.composition == new.composition && question(before) == question(new) {
        return Ok(false);
    }
    let seats = panels::seats(ctx.store.read(), &[panel]).await?;
    Ok(seats
        .get(&panel)
        .is_none_or(|seats| seats.accepted == 0 && seats.waiting == 0))
}

fn question(of: &NewStudy) -> CoverageQuestion {
    CoverageQuestion {
        title: of.title.clone(),
        text: of.question.clone(),
        domains: of.domains.clone(),
        keywords: of.keywords.clone(),
        ..CoverageQuestion::default()
    }
}

async fn write(
    tx: &WriteTx,
    row: &study::Model,
    milestones: &[study_milestone::Model],
    new: &NewStudy,
) -> Result<study::Model> {
    for milestone in milestones {
        if let Some(day) = day_of(new, milestone.kind).filter(|day| *day != milestone.due_on) {
            study_milestone::Entity::update(study_milestone::ActiveModel {
                id: Set(milestone.id),
                due_on: Set(day),
                ..Default::default()
            })
            .exec(tx.db())
            .await?;
        }
    }
    let Composition {
        demand,
        min_technical,
        min_standardization,
        max_per_unit,
    } = new.composition;
    store::update(
        tx,
        study::ActiveModel {
            id: Set(row.id),
            title: Set(new.title.clone()),
            question: Set(new.question.clone()),
            domains: Set(Json::from(new.domains.clone())),
            keywords: Set(Json::from(new.keywords.clone())),
            demand: Set(demand),
            min_technical: Set(min_technical),
            min_standardization: Set(min_standardization),
            max_per_unit: Set(max_per_unit),
            ..Default::default()
        },
    )
    .await
}

/// The panel hears of it, and tells those who were asked or have accepted.
async fn tell_panel(
    tx: &WriteTx,
    ctx: &Context,
    row: &study::Model,
    words: &[String],
) -> Result<ChangeEffect> {
    let Some(panel) = row.panel_id else {
        return Ok(ChangeEffect::default());
    };
    let full = committees::full(tx.db(), row.committee_id).await?;
    let milestones = store::milestones(tx.db(), row.id).await?;
    let change = PanelChange {
        facts: ask_panel::facts(ctx, row, &full, &milestones),
        recusals: Vec::new(),
        reason: words.join("；"),
    };
    panels::change(tx, ctx, panel, &change)
        .await
        .map_err(at_demand)
}

/// Fewer places than experts who accepted: that belongs to the field.
fn at_demand(error: Error) -> Error {
    match error {
        Error::Refused(refusal) if refusal.code == "panels.fewer_than_accepted" => {
            Error::Invalid(FieldErrors::at("demand", refusal))
        }
        other => other,
    }
}

fn day_of(new: &NewStudy, kind: MilestoneKind) -> Option<NaiveDate> {
    new.days
        .iter()
        .find(|(one, _)| *one == kind)
        .map(|(_, day)| *day)
}

/// What is another, in words for the history and for those who are told.
fn difference(before: &NewStudy, after: &NewStudy) -> Vec<String> {
    let mut words = Vec::new();
    if before.title != after.title {
        words.push(format!("题目改为“{}”", after.title));
    }
    if before.question != after.question {
        words.push("调整要研究的问题".to_owned());
    }
    if (&before.domains, &before.keywords) != (&after.domains, &after.keywords) {
        words.push("调整领域和关键词".to_owned());
    }
    if before.composition.demand != after.composition.demand {
        words.push(format!(
            "专家由 {} 人改为 {} 人",
            before.composition.demand, after.composition.demand
        ));
    } else if before.composition != after.composition {
        words.push("调整专家组的组成".to_owned());
    }
    for (kind, day) in &after.days {
        let old = day_of(before, *kind);
        if let Some(old) = old.filter(|old| old != day) {
            words.push(format!(
                "{}由 {} 改为 {}",
                kind.zh(),
                dates::day(old),
                dates::day(*day)
            ));
        }
    }
    words
}
