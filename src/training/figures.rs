//! What training counts for a report.

use entity::{
    course_run::{self, RunState},
    enrolment::EnrolmentState,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::seats;
use crate::{
    foundation::{
        context::{Boxed, Context},
        error::Result,
        ui::dates,
    },
    registration,
    units::{Figure, FigureSource, Item, Period},
};

/// Runs that were held, and people who came to them.
#[derive(Clone, Copy, Debug)]
pub struct TrainingFigures;

impl FigureSource for TrainingFigures {
    fn figures<'a>(&'a self, ctx: &'a Context, period: Period) -> Boxed<'a, Result<Vec<Figure>>> {
        Box::pin(async move {
            let db = ctx.store.read();
            let (begin, end) = period.instants(ctx.zone());
            let rows = course_run::Entity::find()
                .filter(course_run::Column::State.is_in([RunState::Held, RunState::Settled]))
                .filter(course_run::Column::StartsAt.gte(begin))
                .filter(course_run::Column::StartsAt.lt(end))
                .all(db)
                .await?;
            let (mut held, mut trained) = (Vec::new(), Vec::new());
            for run in &rows {
                let Some(starts_at) = run.starts_at else {
                    continue;
                };
                let on = dates::local_date(starts_at, ctx.zone());
                let title = seats::full_title(&run.title, run.ordinal);
                held.push(Item {
                    title: format!("{} {title}", run.number),
                    href: Some(format!("/trainings/{}", run.id)),
                    unit: None,
                    on,
                });
                let Some(registration) = run.registration_id else {
                    continue;
                };
                let people = registration::participants(db, registration, ctx.now()).await?;
                let came = people.into_iter().filter(|one| {
                    one.state == EnrolmentState::Enrolled && !one.attended.is_empty()
                });
                trained.extend(came.map(|one| Item {
                    title: format!("{}：{title}", one.name),
                    href: Some(format!("/registrations/{registration}")),
                    unit: one.unit,
                    on,
                }));
            }
            Ok(vec![
                Figure {
                    key: "runs",
                    label: "举办培训班",
                    measure: "期",
                    by_unit: false,
                    items: held,
                },
                Figure {
                    key: "trained",
                    label: "参加培训",
                    measure: "人次",
                    by_unit: true,
                    items: trained,
                },
            ])
        })
    }
}
