//! What experts were asked for, as the body of experts shows it.

use std::collections::HashMap;

use entity::{
    assignment::{self, AssignmentState},
    ids::ExpertId,
    panel,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{matching, store};
use crate::{
    experts::{History, HistoryLine, Load},
    foundation::{
        context::{Boxed, Context},
        error::Result,
        texts::Label,
    },
};

/// Assignments of experts over all panels.
#[derive(Clone, Copy, Debug)]
pub struct AssignmentHistory;

impl History for AssignmentHistory {
    fn of<'a>(&'a self, ctx: &'a Context, expert: ExpertId) -> Boxed<'a, Result<Vec<HistoryLine>>> {
        Box::pin(async move {
            let db = ctx.store.read();
            let rows = assignment::Entity::find()
                .filter(assignment::Column::ExpertId.eq(expert))
                .order_by_desc(assignment::Column::CreatedAt)
                .order_by_desc(assignment::Column::Id)
                .all(db)
                .await?;
            let ids: Vec<_> = rows.iter().map(|row| row.panel_id).collect();
            let panels: HashMap<_, _> = store::by_ids(db, &ids)
                .await?
                .into_iter()
                .map(|panel| (panel.id, panel))
                .collect();
            Ok(rows
                .iter()
                .filter_map(|row| Some(line(row, panels.get(&row.panel_id)?)))
                .collect())
        })
    }

    fn loads<'a>(
        &'a self,
        ctx: &'a Context,
        experts: &'a [ExpertId],
    ) -> Boxed<'a, Result<HashMap<ExpertId, Load>>> {
        Box::pin(async move {
            let mut all = matching::loads(ctx.store.read(), ctx).await?;
            let count = |number: i32| usize::try_from(number).unwrap_or(0);
            Ok(experts
                .iter()
                .map(|expert| {
                    let load = all.remove(expert).unwrap_or_default();
                    let load = Load {
                        open: count(load.open),
                        year: count(load.year),
                    };
                    (*expert, load)
                })
                .collect())
        })
    }
}

fn line(row: &assignment::Model, panel: &panel::Model) -> HistoryLine {
    let open = matches!(
        row.state,
        AssignmentState::Invited | AssignmentState::Accepted
    );
    HistoryLine {
        number: panel.number.clone(),
        title: if panel.confidential {
            "保密事项".to_owned()
        } else {
            panel.title.clone()
        },
        role: if row.head { "组长" } else { "专家" }.to_owned(),
        state: row.state.zh(),
        from: row.created_at,
        to: row.ended_at.filter(|_| !open),
        note: row.end_note.clone(),
    }
}
