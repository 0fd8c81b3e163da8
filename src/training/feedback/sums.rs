//! Answers put together: averages and texts, without anybody's name.

use entity::{
    feedback,
    ids::{CourseRunId, LessonId},
    lesson, lesson_rating,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::{foundation::error::Result, training::store};

/// Fewer answers are not shown to a lecturer: each could be told from the others.
pub const FEWEST: usize = 3;

/// A lesson in figures. Averages are tenths of a point; 0 without answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonSum {
    /// The lesson.
    pub lesson: lesson::Model,
    /// People who rated it.
    pub answers: usize,
    /// What was taught.
    pub content: i32,
    /// How it was taught.
    pub teaching: i32,
    /// What was written, in no order of arrival.
    pub notes: Vec<String>,
}

/// A run in figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// People who answered.
    pub answers: usize,
    /// Organisation, tenths of a point.
    pub overall: i32,
    /// What was written, in no order of arrival.
    pub notes: Vec<String>,
    /// Its lessons in order of time.
    pub lessons: Vec<LessonSum>,
}

/// The average in tenths, rounded; 0 of nothing.
fn tenths(values: impl Iterator<Item = i32>) -> i32 {
    let (sum, count) = values.fold((0, 0), |(sum, count), value| (sum + value, count + 1));
    if count == 0 {
        0
    } else {
        (sum * 20 + count) / (count * 2)
    }
}

/// Tenths as people read them: 46 is 4.6.
pub fn points(tenths: i32) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Texts that say something, sorted: the order in which they came would tell whose they are.
fn said(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<_> = texts.filter(|text| !text.is_empty()).collect();
    texts.sort();
    texts
}

/// A lesson in figures, from its ratings.
fn lesson_sum(lesson: lesson::Model, ratings: &[&lesson_rating::Model]) -> LessonSum {
    LessonSum {
        answers: ratings.len(),
        content: tenths(ratings.iter().map(|one| one.content)),
        teaching: tenths(ratings.iter().map(|one| one.teaching)),
        notes: said(ratings.iter().map(|one| one.note.clone())),
        lesson,
    }
}

/// The answers about a run.
///
/// # Errors
/// When the database fails.
pub async fn summary<C: ConnectionTrait>(db: &C, run: CourseRunId) -> Result<Summary> {
    let answers = feedback::Entity::find()
        .filter(feedback::Column::RunId.eq(run))
        .all(db)
        .await?;
    Ok(Summary {
        answers: answers.len(),
        overall: tenths(answers.iter().map(|one| one.overall)),
        notes: said(answers.iter().map(|one| one.note.clone())),
        lessons: sums(db, store::lessons(db, run).await?).await?,
    })
}

/// Lessons in figures.
pub(super) async fn sums<C: ConnectionTrait>(
    db: &C,
    lessons: Vec<lesson::Model>,
) -> Result<Vec<LessonSum>> {
    let ids: Vec<LessonId> = lessons.iter().map(|lesson| lesson.id).collect();
    let ratings = lesson_rating::Entity::find()
        .filter(lesson_rating::Column::LessonId.is_in(ids))
        .all(db)
        .await?;
    Ok(lessons
        .into_iter()
        .map(|lesson| {
            let own: Vec<_> = ratings
                .iter()
                .filter(|one| one.lesson_id == lesson.id)
                .collect();
            lesson_sum(lesson, &own)
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_rounded_to_tenths() {
        assert_eq!(tenths([5, 4].into_iter()), 45);
        assert_eq!(tenths([5, 5, 4].into_iter()), 47);
        assert_eq!(tenths([1, 1, 2].into_iter()), 13);
        assert_eq!(tenths(std::iter::empty()), 0);
        assert_eq!(points(47), "4.7");
    }

    #[test]
    fn texts_come_in_no_order_of_arrival() {
        let texts = ["乙", "", "甲"].map(str::to_owned);
        let other = ["甲", "乙", ""].map(str::to_owned);
        assert_eq!(said(texts.into_iter()), said(other.into_iter()));
    }
}
