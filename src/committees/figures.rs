//! What committees count for a report.

use entity::study::{self, StudyState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    foundation::{
        context::{Boxed, Context},
        error::Result,
        ui::dates,
    },
    units::{Figure, FigureSource, Item, Period},
};

/// Studies begun and studies closed.
#[derive(Clone, Copy, Debug)]
pub struct CommitteeFigures;

impl FigureSource for CommitteeFigures {
    fn figures<'a>(&'a self, ctx: &'a Context, period: Period) -> Boxed<'a, Result<Vec<Figure>>> {
        Box::pin(async move {
            let db = ctx.store.read();
            let (begin, end) = period.instants(ctx.zone());
            let begun = study::Entity::find()
                .filter(study::Column::CreatedAt.gte(begin))
                .filter(study::Column::CreatedAt.lt(end))
                .all(db)
                .await?;
            let closed = study::Entity::find()
                .filter(study::Column::State.eq(StudyState::Closed))
                .filter(study::Column::ClosedAt.gte(begin))
                .filter(study::Column::ClosedAt.lt(end))
                .all(db)
                .await?;
            let item = |row: &study::Model, at| Item {
                title: format!("{} {}", row.number, row.title),
                href: Some(format!("/studies/{}", row.id)),
                unit: None,
                on: dates::local_date(at, ctx.zone()),
            };
            let figure = |key, label, items| Figure {
                key,
                label,
                measure: "项",
                by_unit: false,
                items,
            };
            Ok(vec![
                figure(
                    "studies",
                    "专项研究立项",
                    begun.iter().map(|row| item(row, row.created_at)).collect(),
                ),
                figure(
                    "studies-closed",
                    "专项研究结题",
                    closed
                        .iter()
                        .filter_map(|row| Some(item(row, row.closed_at?)))
                        .collect(),
                ),
            ])
        })
    }
}
