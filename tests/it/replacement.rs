//! Places over time: lapses, replacements, races, changes of the matter, reminders, withdrawal.

mod at_once;
mod chance;
mod changes;
mod clock;
mod histories;
mod races;
mod refill;

use std::collections::BTreeSet;

use entity::{
    assignment::{self, AssignmentState},
    commitment,
    ids::PanelId,
    invitation::DeclineReason,
    mail::MailState,
    panel::PanelState,
    panel_recusal::RecusalRule,
    role_grant::Role,
};
use expert_pool::{
    foundation::{
        calendar::{DayKind, SpecialDay, import_days, kept},
        mail::Template,
    },
    panels::{
        self, NewRecusal, PanelChange, PanelEvent, PanelFacts, lapse, mails, notify,
        recompute_cutoffs, remind, replace,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::support::{
    databases::databases,
    panels::{Stage, code, no, yes},
};

/// What the clock does to panels.
async fn tick(stage: &Stage) {
    lapse::lapse(stage.ctx(), &stage.app.owners).await.unwrap();
    replace::replace_all(stage.ctx(), &stage.app.owners)
        .await
        .unwrap();
}

fn states(rows: &[assignment::Model]) -> Vec<AssignmentState> {
    rows.iter().map(|row| row.state).collect()
}

async fn change(stage: &Stage, panel: PanelId, facts: PanelFacts) -> panels::ChangeEffect {
    let tx = stage.ctx().store.begin().await.unwrap();
    let change = PanelChange {
        facts,
        recusals: Vec::new(),
        reason: "会场另有安排".to_owned(),
    };
    let effect = panels::change(&tx, stage.ctx(), panel, &change)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    effect
}
