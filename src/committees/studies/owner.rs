//! What a study does when its panel tells it something.

use entity::{
    ids::StudyId,
    panel::{self},
    study,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{
    events::note,
    mails,
    rules::{self, Step},
    store,
};
use crate::{
    foundation::{
        context::{Boxed, Context},
        error::Result,
        store::WriteTx,
    },
    panels::{self, PanelEvent, PanelOwner},
};

/// Studies as owners of panels.
#[derive(Clone, Copy, Debug)]
pub struct Studies;

impl PanelOwner for Studies {
    fn kind(&self) -> &'static str {
        "study"
    }

    fn on<'a>(
        &'a self,
        tx: &'a WriteTx,
        _ctx: &'a Context,
        panel: &'a panel::Model,
        event: PanelEvent,
    ) -> Boxed<'a, Result<()>> {
        Box::pin(async move {
            let row = store::lock(tx, StudyId(panel.owner_id)).await?;
            match event {
                PanelEvent::Standing => stand(tx, row).await,
                PanelEvent::Changed if rules::takes_reports(row.state) => {
                    // Those who are at work go on; the place is asked for meanwhile.
                    note(tx, &row, None, "studies.member_left", "").await?;
                    Ok(())
                }
                PanelEvent::Changed => Ok(()),
                PanelEvent::Short => {
                    note(tx, &row, None, "studies.short", "").await?;
                    Ok(())
                }
                PanelEvent::HeadAccepted(person) => {
                    note(tx, &row, Some(person), "studies.head", "").await?;
                    Ok(())
                }
            }
        })
    }

    fn href(&self, owner_id: Uuid) -> String {
        format!("/studies/{owner_id}")
    }
}

/// The work begins once the panel stands; the same event twice changes nothing.
async fn stand(tx: &WriteTx, row: study::Model) -> Result<()> {
    let Ok(state) = rules::next(row.state, Step::Stand) else {
        return Ok(());
    };
    let row = store::update(
        tx,
        study::ActiveModel {
            id: Set(row.id),
            state: Set(state),
            ..Default::default()
        },
    )
    .await?;
    let event = note(tx, &row, None, "studies.standing", "").await?;
    let Some(panel) = row.panel_id else {
        return Ok(());
    };
    let members = panels::members(tx.db(), panel).await?;
    mails::to_officers(tx, &row, event, &mails::Standing::of(&row, &members)).await
}
