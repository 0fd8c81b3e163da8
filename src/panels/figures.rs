//! What panels count for a report.

use std::collections::HashMap;

use entity::assignment::{self, AssignmentState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::store;
use crate::{
    foundation::{
        context::{Boxed, Context},
        error::Result,
        ui::dates,
    },
    people,
    units::{Figure, FigureSource, Item, Period},
};

/// Places on panels that experts served to the end.
#[derive(Clone, Copy, Debug)]
pub struct PanelFigures;

impl FigureSource for PanelFigures {
    fn figures<'a>(&'a self, ctx: &'a Context, period: Period) -> Boxed<'a, Result<Vec<Figure>>> {
        Box::pin(async move {
            let db = ctx.store.read();
            let (begin, end) = period.instants(ctx.zone());
            let rows = assignment::Entity::find()
                .filter(assignment::Column::State.eq(AssignmentState::Done))
                .filter(assignment::Column::EndedAt.gte(begin))
                .filter(assignment::Column::EndedAt.lt(end))
                .all(db)
                .await?;
            let people: Vec<_> = rows.iter().map(|row| row.person_id).collect();
            let people = people::by_ids(db, &people).await?;
            let panels: Vec<_> = rows.iter().map(|row| row.panel_id).collect();
            let panels: HashMap<_, _> = store::by_ids(db, &panels)
                .await?
                .into_iter()
                .map(|panel| (panel.id, panel))
                .collect();
            let items = rows
                .iter()
                .filter_map(|row| {
                    let panel = panels.get(&row.panel_id)?;
                    let name = &people.get(&row.person_id)?.name;
                    Some(Item {
                        title: format!("{name}：{} {}", panel.number, panel.title),
                        href: Some(format!("/panels/{}", panel.id)),
                        unit: row.unit_id,
                        on: dates::local_date(row.ended_at?, ctx.zone()),
                    })
                })
                .collect();
            Ok(vec![Figure {
                key: "served",
                label: "专家完成任务",
                measure: "人次",
                by_unit: true,
                items,
            }])
        })
    }
}
