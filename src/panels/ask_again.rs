//! The secretariat asks somebody once more who declined, let the question lapse, or was released: things
//! change, and the office may know more than the match.

use entity::{
    assignment::{self, AssignmentState},
    ids::{AssignmentId, PanelId},
};
use serde_json::json;

use super::{board::Locked, choice::Chosen, invite, matching::recheck_again, race, replace, rules};
use crate::{
    accounts::{Actor, audit, policy::Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
    },
};

/// Asks the expert of a former place for an empty place of the same panel, with the reason on record.
/// All hard rules but the former answer hold; whoever said that there is an interest stays recused.
///
/// # Errors
/// `panels.reason_missing`, `panels.already_asked`, `panels.no_place`, `panels.may_not_serve`,
/// `panels.too_late`; [`Error::NotFound`] for a place of another panel.
pub async fn ask_again(
    ctx: &Context,
    actor: &Actor,
    panel: PanelId,
    former: AssignmentId,
    reason: &str,
) -> Result<()> {
    actor.require(replace::asking(ctx), &Owner::ALLIANCE)?;
    let reason = reason.trim();
    if reason.is_empty() {
        let refusal = Refusal::new("panels.reason_missing");
        return Err(Error::Invalid(FieldErrors::at("reason", refusal)));
    }
    let tx = ctx.store.begin().await?;
    let locked = Locked::take(&tx, panel).await?;
    let row = locked.assignment(former)?.clone();
    rules::may_ask_again(&row, &locked.assignments)?;
    recheck_again(&tx, ctx, &locked.panel, row.expert_id).await??;
    let wave = race::next_wave(&locked);
    let chosen = chosen(&row, reason);
    invite::ask(&tx, ctx, &locked.panel, &[chosen], wave, false).await?;
    replace::settle_one(&tx, panel).await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "panels.ask_again",
            subject_kind: "panel",
            subject_id: Some(panel.0),
            details: json!({ "expert": row.expert_id, "former": row.state, "reason": reason }),
        },
    )
    .await?;
    tx.commit().await
}

fn chosen(row: &assignment::Model, reason: &str) -> Chosen {
    let former = match row.state {
        AssignmentState::Declined => "曾谢绝",
        AssignmentState::Lapsed => "曾逾期未答",
        _ => "曾撤换",
    };
    Chosen {
        expert: row.expert_id,
        person: row.person_id,
        unit: row.unit_id,
        relevance: row.relevance,
        reason: format!("{former}，再次邀请：{reason}"),
        rank: row.rank,
        run: None,
    }
}
