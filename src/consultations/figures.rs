//! What consultations count for a report.

use chrono::{DateTime, Utc};
use entity::consultation::{self, ConsultationState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    foundation::{
        context::{Boxed, Context},
        error::Result,
        ui::dates,
    },
    units::{Figure, FigureSource, Item, Period},
};

/// Requests handed in, and requests closed with a conclusion.
#[derive(Clone, Copy, Debug)]
pub struct ConsultationFigures;

impl FigureSource for ConsultationFigures {
    fn figures<'a>(&'a self, ctx: &'a Context, period: Period) -> Boxed<'a, Result<Vec<Figure>>> {
        Box::pin(async move {
            let db = ctx.store.read();
            let (begin, end) = period.instants(ctx.zone());
            let filed = consultation::Entity::find()
                .filter(consultation::Column::SubmittedAt.gte(begin))
                .filter(consultation::Column::SubmittedAt.lt(end))
                .all(db)
                .await?;
            let closed = consultation::Entity::find()
                .filter(consultation::Column::State.eq(ConsultationState::Closed))
                .filter(consultation::Column::ClosedAt.gte(begin))
                .filter(consultation::Column::ClosedAt.lt(end))
                .all(db)
                .await?;
            let figure = |key, label, items| Figure {
                key,
                label,
                measure: "项",
                by_unit: false,
                items,
            };
            Ok(vec![
                figure(
                    "filed",
                    "咨询申请",
                    items(ctx, &filed, |row| row.submitted_at),
                ),
                figure(
                    "answered",
                    "办结咨询",
                    items(ctx, &closed, |row| row.closed_at),
                ),
            ])
        })
    }
}

fn items(
    ctx: &Context,
    rows: &[consultation::Model],
    at: impl Fn(&consultation::Model) -> Option<DateTime<Utc>>,
) -> Vec<Item> {
    rows.iter()
        .filter_map(|row| {
            let number = row.number.as_deref().unwrap_or_default();
            Some(Item {
                title: format!("{number} {}", row.title),
                href: Some(format!("/consultations/{}", row.id)),
                unit: Some(row.unit_id),
                on: dates::local_date(at(row)?, ctx.zone()),
            })
        })
        .collect()
}
