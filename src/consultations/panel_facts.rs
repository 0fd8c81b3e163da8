//! What a request tells its panel.

use entity::{consultation, panel_recusal::RecusalRule, unit};

use super::{filing::Filing, rules};
use crate::{
    experts,
    foundation::{context::Context, error::Result, search::normalise, texts::Label, ui::dates},
    panels::{Meeting, NewRecusal, NewWish, PanelFacts},
    units::ContactPerson,
};

/// The snapshot that the panel keeps.
pub(super) fn facts(
    ctx: &Context,
    row: &consultation::Model,
    unit: &unit::Model,
    contact: Option<&ContactPerson>,
    urgent: bool,
) -> PanelFacts {
    let filing = Filing::of(row);
    let meeting = filing
        .meeting_date
        .zip(filing.meeting_half)
        .map(|(day, half)| Meeting::new(day, half, ctx.zone()));
    let by = rules::opinions_by(
        filing.meeting_date,
        filing.wanted_by,
        ctx.config.panels.opinion_working_days,
        &ctx.calendar(),
    );
    let by = by.map_or_else(String::new, |by| format!("{}前", dates::day(by)));
    let duties = if meeting.is_some() {
        format!("会前看稿，到会讨论，{by}写一份意见")
    } else {
        format!("看稿，{by}写一份意见")
    };
    let mut drafting = filing.drafting_units.join("、");
    if !filing.drafters.is_empty() {
        let people = filing.drafters.join("、");
        drafting = if drafting.is_empty() {
            format!("起草人：{people}")
        } else {
            format!("起草单位：{drafting}；起草人：{people}")
        };
    } else if !drafting.is_empty() {
        drafting = format!("起草单位：{drafting}");
    }
    // A review needs somebody who knows the procedure of standards at the table.
    let min_standardization = i32::from(rules::is_review(filing.purpose) && filing.demand >= 3);
    PanelFacts {
        purpose: filing.purpose.zh().to_owned(),
        title: filing.title,
        text: filing.description,
        domains: filing.domains,
        keywords: filing.keywords,
        demand: filing.demand,
        max_per_unit: i32::try_from(ctx.config.panels.max_per_unit).unwrap_or(1),
        min_technical: 0,
        min_standardization,
        priority: i32::from(urgent),
        asking_unit: Some(unit.id),
        asking_name: unit.name.clone(),
        confidential: filing.confidential,
        form: filing.form,
        meeting,
        place: filing.place,
        wanted_by: filing.wanted_by,
        standard_name: filing.standard_name,
        standard_number: filing.standard_number,
        drafting_text: drafting,
        duties,
        fee_text: "市内交通由申请单位承担".to_owned(),
        contact_name: contact
            .map(|contact| contact.person.name.clone())
            .unwrap_or_default(),
        contact_phone: contact
            .and_then(|contact| contact.person.mobile.clone())
            .unwrap_or_else(|| ctx.config.office.phone.clone()),
        urgent,
    }
}

/// Whom experts call: who filed the request, or another contact of the unit.
pub(super) fn contact<'a>(
    row: &consultation::Model,
    contacts: &'a [ContactPerson],
) -> Option<&'a ContactPerson> {
    contacts
        .iter()
        .find(|contact| contact.person.id == row.filed_by)
        .or(contacts.first())
}

/// Who may not serve: drafting units, drafters, those named. The asking unit is added by the panel.
pub(super) fn recusals(filing: &Filing, units: &[unit::Model]) -> Vec<NewRecusal> {
    let unit_of = |name: &str| {
        let wanted = normalise(name);
        units
            .iter()
            .find(|unit| normalise(&unit.name) == wanted)
            .map(|unit| unit.id)
    };
    let mut all = Vec::new();
    for name in &filing.drafting_units {
        all.push(NewRecusal {
            rule: RecusalRule::DraftingUnit,
            unit: unit_of(name),
            expert: None,
            name: name.clone(),
            note: String::new(),
        });
    }
    for line in &filing.drafters {
        let (name, affiliation) = line.split_once(['，', ',']).unwrap_or((line, ""));
        all.push(NewRecusal {
            rule: RecusalRule::Drafter,
            unit: None,
            expert: None,
            name: bare_name(name),
            note: affiliation.trim().to_owned(),
        });
    }
    for name in &filing.recusals {
        all.push(NewRecusal {
            rule: RecusalRule::Named,
            unit: unit_of(name),
            expert: None,
            name: bare_name(name),
            note: String::new(),
        });
    }
    all
}

/// Wishes, with the expert where just one of that name is in the pool.
pub(super) async fn wishes(ctx: &Context, filing: &Filing) -> Result<Vec<NewWish>> {
    let mut all = Vec::new();
    for wish in &filing.wishes {
        let found = experts::by_name(ctx.store.read(), &wish.name).await?;
        all.push(NewWish {
            expert: match found.as_slice() {
                [only] => Some(only.id),
                _ => None,
            },
            name: wish.name.clone(),
            reason: wish.reason.clone(),
        });
    }
    Ok(all)
}

/// A name without the mark of made-up people.
fn bare_name(name: &str) -> String {
    name.trim()
        .trim_end_matches("（示例）")
        .trim_end_matches("(示例)")
        .trim()
        .to_owned()
}
