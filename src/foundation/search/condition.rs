//! A search over the three columns of a key, as a condition of a query.

use sea_orm::{ColumnTrait, Condition, sea_query::LikeExpr};

use super::{LIKE_ESCAPE, SearchQuery};

/// Rows whose normalised text, pinyin or initials contain what was typed.
pub fn found_by<C: ColumnTrait>(
    query: &SearchQuery,
    normal: C,
    pinyin: C,
    initials: C,
) -> Condition {
    let like = |pattern: String| LikeExpr::new(pattern).escape(LIKE_ESCAPE);
    let found = Condition::any().add(normal.like(like(query.normal_pattern())));
    match query.letters_pattern() {
        Some(letters) => found
            .add(pinyin.like(like(letters.clone())))
            .add(initials.like(like(letters))),
        None => found,
    }
}
