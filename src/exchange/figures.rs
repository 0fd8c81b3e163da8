//! What exchange counts for a report.

use entity::{
    forum::{self, ForumState},
    visit,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::visits;
use crate::{
    foundation::{
        context::{Boxed, Context},
        error::Result,
    },
    units::{Figure, FigureSource, Item, Period},
};

/// Visits by the day on which they began, for host and sender; forums that took place.
#[derive(Clone, Copy, Debug)]
pub struct ExchangeFigures;

impl FigureSource for ExchangeFigures {
    fn figures<'a>(&'a self, ctx: &'a Context, period: Period) -> Boxed<'a, Result<Vec<Figure>>> {
        Box::pin(async move {
            let db = ctx.store.read();
            // The true day is known once the return is confirmed.
            let made: Vec<_> = visit::Entity::find()
                .filter(visit::Column::LeftOn.between(period.from, period.to))
                .all(db)
                .await?
                .into_iter()
                .filter(|visit| visits::rules::is_live(visit.state))
                .collect();
            let forums = forum::Entity::find()
                .filter(forum::Column::State.eq(ForumState::Ended))
                .filter(forum::Column::OnDate.between(period.from, period.to))
                .all(db)
                .await?;
            let side = |key, label, unit: fn(&visit::Model) -> entity::ids::UnitId| Figure {
                key,
                label,
                measure: "次",
                by_unit: true,
                items: made
                    .iter()
                    .filter_map(|visit| {
                        Some(Item {
                            title: format!("{} {}", visit.number, visit.title),
                            href: Some(format!("/exchange/visits/{}", visit.id)),
                            unit: Some(unit(visit)),
                            on: visit.left_on?,
                        })
                    })
                    .collect(),
            };
            Ok(vec![
                side("given", "接待互访", |visit| visit.host_unit_id),
                side("received", "派出互访", |visit| visit.sending_unit_id),
                Figure {
                    key: "forums",
                    label: "论坛与活动",
                    measure: "场",
                    by_unit: false,
                    items: forums
                        .into_iter()
                        .map(|forum| Item {
                            title: format!("{} {}", forum.number, forum.title),
                            href: Some(format!("/forums/{}", forum.id)),
                            unit: None,
                            on: forum.on_date,
                        })
                        .collect(),
                },
            ])
        })
    }
}
