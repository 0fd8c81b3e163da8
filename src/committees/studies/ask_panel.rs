//! The committee asks for the panel of a study: it is matched together with everything else.

use entity::{
    committee,
    ids::StudyId,
    panel::MeetingForm,
    study,
    study_milestone::{self, MilestoneKind},
};
use sea_orm::ActiveValue::Set;

use super::{
    super::{
        rules as committee_rules,
        store::{self as committees, Full},
    },
    events::note,
    rules::{self, Candidate, Composition, Step},
    store,
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        texts::Label,
        ui::dates,
    },
    panels::{self, CoverageQuestion, NewPanel, PanelFacts, texts},
};

/// Asks for the panel, made of `asked` from now on. A composition that the pool cannot satisfy is
/// refused, with the rule, the experts and the number that would do.
///
/// # Errors
/// Refusals of the fields `demand`, `min_technical` and `min_standardization`; `studies.not_now`.
pub async fn ask_panel(
    ctx: &Context,
    actor: &Actor,
    id: StudyId,
    asked: &Composition,
) -> Result<()> {
    let known = store::get(ctx.store.read(), id).await?;
    actor.require(Action::RunCommittee, &Owner::committee(known.committee_id))?;
    rules::next(known.state, Step::AskPanel)?;
    require_satisfiable(ctx, asked, question(&known)).await?;
    let tx = ctx.store.begin().await?;
    let mut row = store::lock(&tx, id).await?;
    let state = rules::next(row.state, Step::AskPanel)?;
    row.demand = asked.demand;
    row.min_technical = asked.min_technical;
    row.min_standardization = asked.min_standardization;
    row.max_per_unit = asked.max_per_unit;
    let full = committees::full(tx.db(), row.committee_id).await?;
    let milestones = store::milestones(tx.db(), id).await?;
    let panel = panels::open(
        &tx,
        &NewPanel {
            owner_kind: "study",
            owner_id: id.0,
            number: row.number.clone(),
            facts: facts(ctx, &row, &full, &milestones),
            recusals: Vec::new(),
            wishes: Vec::new(),
        },
    )
    .await?;
    let row = store::update(
        &tx,
        study::ActiveModel {
            id: Set(id),
            state: Set(state),
            demand: Set(asked.demand),
            min_technical: Set(asked.min_technical),
            min_standardization: Set(asked.min_standardization),
            max_per_unit: Set(asked.max_per_unit),
            panel_id: Set(Some(panel)),
            ..Default::default()
        },
    )
    .await?;
    note(&tx, &row, Some(actor.person), "studies.panel_asked", "").await?;
    tx.commit().await
}

/// What a study asks for.
pub(super) fn composition(row: &study::Model) -> Composition {
    Composition {
        demand: row.demand,
        min_technical: row.min_technical,
        min_standardization: row.min_standardization,
        max_per_unit: row.max_per_unit,
    }
}

/// What the pool is asked about a study.
pub(super) fn question(row: &study::Model) -> CoverageQuestion {
    CoverageQuestion {
        title: row.title.clone(),
        text: row.question.clone(),
        domains: texts(&row.domains),
        keywords: texts(&row.keywords),
        ..CoverageQuestion::default()
    }
}

/// Refuses what nobody in the pool can satisfy, at the fields of the composition.
pub(super) async fn require_satisfiable(
    ctx: &Context,
    asked: &Composition,
    question: CoverageQuestion,
) -> Result<()> {
    rules::check_numbers(asked)
        .map_err(|(field, refusal)| Error::Invalid(FieldErrors::at(field, refusal)))?;
    let question = CoverageQuestion {
        demand: asked.demand,
        ..question
    };
    let candidates: Vec<_> = panels::suitable(ctx, &question)
        .await?
        .into_iter()
        .map(|expert| Candidate {
            name: expert.person.name,
            kind: expert.kind,
            unit: expert.unit.map(|unit| unit.id),
        })
        .collect();
    rules::composition(asked, &candidates)
        .map_err(|(field, refusal)| Error::Invalid(FieldErrors::at(field, refusal)))
}

/// The snapshot that the panel keeps.
pub(super) fn facts(
    ctx: &Context,
    row: &study::Model,
    full: &Full,
    milestones: &[study_milestone::Model],
) -> PanelFacts {
    let contact = full
        .people
        .iter()
        .find(|one| committee_rules::acts(one.row.office));
    let steps: Vec<_> = milestones
        .iter()
        .map(|one| format!("{}前{}", dates::day(one.due_on), one.kind.zh()))
        .collect();
    let last = milestones
        .iter()
        .find(|one| one.kind == MilestoneKind::Report);
    PanelFacts {
        purpose: "专项研究".to_owned(),
        title: row.title.clone(),
        text: row.question.clone(),
        domains: texts(&row.domains),
        keywords: texts(&row.keywords),
        demand: row.demand,
        max_per_unit: row.max_per_unit,
        min_technical: row.min_technical,
        min_standardization: row.min_standardization,
        priority: 0,
        asking_unit: None,
        asking_name: asking(ctx, &full.row),
        confidential: false,
        form: MeetingForm::None,
        meeting: None,
        place: String::new(),
        wanted_by: last.map(|one| one.due_on),
        standard_name: String::new(),
        standard_number: String::new(),
        drafting_text: String::new(),
        duties: format!("分段提交：{}", steps.join("，")),
        fee_text: "由联盟承担".to_owned(),
        contact_name: contact.map_or_else(
            || ctx.config.office.issuer.clone(),
            |one| one.person.name.clone(),
        ),
        contact_phone: contact
            .and_then(|one| one.person.mobile.clone())
            .unwrap_or_else(|| ctx.config.office.phone.clone()),
        urgent: false,
    }
}

fn asking(ctx: &Context, row: &committee::Model) -> String {
    format!("{}{}", ctx.config.office.name, row.name)
}
