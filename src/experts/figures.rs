//! What experts count for a report.

use entity::{expert, person};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::store;
use crate::{
    foundation::{
        context::{Boxed, Context},
        error::Result,
        ui::dates,
    },
    units::{Figure, FigureSource, Item, Period},
};

/// Recommendations sent, and experts engaged.
#[derive(Clone, Copy, Debug)]
pub struct ExpertFigures;

impl FigureSource for ExpertFigures {
    fn figures<'a>(&'a self, ctx: &'a Context, period: Period) -> Boxed<'a, Result<Vec<Figure>>> {
        Box::pin(async move {
            let db = ctx.store.read();
            let (begin, end) = period.instants(ctx.zone());
            let recommended = expert::Entity::find()
                .filter(expert::Column::Guest.eq(false))
                .filter(expert::Column::RecommendedAt.gte(begin))
                .filter(expert::Column::RecommendedAt.lt(end))
                .all(db)
                .await?;
            let recommended = store::with_people(db, recommended).await?;
            let engaged = expert::Entity::find()
                .filter(expert::Column::Guest.eq(false))
                .filter(expert::Column::EngagementNumber.is_not_null())
                .filter(expert::Column::EngagedFrom.between(period.from, period.to))
                .all(db)
                .await?;
            let engaged = store::with_people(db, engaged).await?;
            Ok(vec![
                Figure {
                    key: "recommended",
                    label: "推荐专家",
                    measure: "位",
                    by_unit: true,
                    items: recommended
                        .iter()
                        .filter_map(|(row, person)| {
                            let on = dates::local_date(row.recommended_at?, ctx.zone());
                            Some(item(row, person, on))
                        })
                        .collect(),
                },
                Figure {
                    key: "engaged",
                    label: "聘任专家",
                    measure: "位",
                    by_unit: false,
                    items: engaged
                        .iter()
                        .filter_map(|(row, person)| Some(item(row, person, row.engaged_from?)))
                        .collect(),
                },
            ])
        })
    }
}

fn item(row: &expert::Model, person: &person::Model, on: chrono::NaiveDate) -> Item {
    Item {
        title: person.name.clone(),
        href: Some(format!("/experts/{}", row.id)),
        unit: row.unit_id,
        on,
    }
}
