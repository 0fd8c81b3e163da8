//! What a consultation does when its panel tells it something.

use entity::{
    consultation::{self, ConsultationState},
    ids::{ConsultationId, PersonId},
    panel::{self, PanelState},
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{
    events::{self, note},
    rules::{self, Step},
    store,
};
use crate::{
    foundation::{
        context::{Boxed, Context},
        error::Result,
        store::WriteTx,
    },
    panels::{PanelEvent, PanelOwner},
};

/// Consultations as owners of panels.
#[derive(Debug)]
pub struct Consultations;

impl PanelOwner for Consultations {
    fn kind(&self) -> &'static str {
        "consultation"
    }

    fn on<'a>(
        &'a self,
        tx: &'a WriteTx,
        _ctx: &'a Context,
        panel: &'a panel::Model,
        event: PanelEvent,
    ) -> Boxed<'a, Result<()>> {
        Box::pin(async move {
            let row = store::lock(tx, ConsultationId(panel.owner_id)).await?;
            let stands = panel.state == PanelState::Standing;
            match event {
                PanelEvent::Standing => step(tx, row, Step::Stand, events::STANDING).await,
                // The members are the same; their head is not.
                PanelEvent::Changed if stands => said(tx, &row, None, events::HEAD_LEFT).await,
                // Experts who are at work go on with it; the place is asked for meanwhile.
                PanelEvent::Changed if row.state == ConsultationState::Working => {
                    said(tx, &row, None, events::REOPENED).await
                }
                PanelEvent::Changed => step(tx, row, Step::Reopen, events::REOPENED).await,
                PanelEvent::Short => said(tx, &row, None, events::SHORT).await,
                PanelEvent::HeadAccepted(person) => {
                    said(tx, &row, Some(person), events::HEAD).await
                }
            }
        })
    }

    fn href(&self, owner_id: Uuid) -> String {
        format!("/consultations/{owner_id}")
    }

    fn members_href(&self, owner_id: Uuid) -> String {
        format!("/consultations/{owner_id}/papers/members")
    }
}

/// Moves on when the step fits; the same event twice changes nothing.
async fn step(
    tx: &WriteTx,
    row: consultation::Model,
    step: Step,
    code: &'static str,
) -> Result<()> {
    let Ok(state) = rules::next(row.state, step) else {
        return Ok(());
    };
    if state == row.state {
        return Ok(());
    }
    let no_meeting = row.meeting_date.is_none();
    let mut next: consultation::ActiveModel = row.into();
    next.state = Set(if state == ConsultationState::Standing && no_meeting {
        // Without a meeting the experts can begin at once.
        rules::next(state, Step::Begin)?
    } else {
        state
    });
    next.updated_at = Set(tx.now());
    let row = store::update(tx, next).await?;
    said(tx, &row, None, code).await
}

async fn said(
    tx: &WriteTx,
    row: &consultation::Model,
    by: Option<PersonId>,
    code: &'static str,
) -> Result<()> {
    note(tx, row, by, code, "").await?;
    Ok(())
}
