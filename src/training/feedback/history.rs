//! What people thought of a lecturer's lessons, in the lecturer's history.

use std::{collections::HashMap, sync::Arc};

use entity::{ids::ExpertId, lesson};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::sums::{FEWEST, points, sums};
use crate::{
    experts::{History, HistoryLine, Load},
    foundation::{
        context::{Boxed, Context},
        error::Result,
    },
    training::store,
};

/// The history of assignments, with a line more for each lesson that enough people have rated. Loads
/// are those of the assignments alone.
#[derive(Clone)]
pub struct RatedLectures(pub Arc<dyn History>);

impl History for RatedLectures {
    fn of<'a>(&'a self, ctx: &'a Context, expert: ExpertId) -> Boxed<'a, Result<Vec<HistoryLine>>> {
        Box::pin(async move {
            let mut lines = self.0.of(ctx, expert).await?;
            lines.extend(rated(ctx, expert).await?);
            lines.sort_by_key(|line| std::cmp::Reverse(line.from));
            Ok(lines)
        })
    }

    fn loads<'a>(
        &'a self,
        ctx: &'a Context,
        experts: &'a [ExpertId],
    ) -> Boxed<'a, Result<HashMap<ExpertId, Load>>> {
        self.0.loads(ctx, experts)
    }
}

async fn rated(ctx: &Context, expert: ExpertId) -> Result<Vec<HistoryLine>> {
    let db = ctx.store.read();
    let taught = lesson::Entity::find()
        .filter(lesson::Column::LecturerExpert.eq(expert))
        .filter(lesson::Column::ToAt.lte(ctx.now()))
        .all(db)
        .await?;
    let mut lines = Vec::new();
    for sum in sums(db, taught).await? {
        if sum.answers < FEWEST {
            continue;
        }
        let run = store::run(db, sum.lesson.run_id).await?;
        lines.push(HistoryLine {
            number: run.number,
            title: format!("{}：{}", run.title, sum.lesson.title),
            role: "讲师".to_owned(),
            state: "学员评价",
            from: sum.lesson.from_at,
            to: Some(sum.lesson.to_at),
            note: format!(
                "讲授 {} 分，内容 {} 分，满分 5 分（{} 人评价）",
                points(sum.teaching),
                points(sum.content),
                sum.answers
            ),
        });
    }
    Ok(lines)
}
