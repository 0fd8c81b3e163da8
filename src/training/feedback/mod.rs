//! 评价: after a run everybody who came is asked once, by link, what they thought of each lesson, of
//! how it was taught, and of the run. Nobody is named anywhere; a lecturer sees figures only once
//! three people have answered.

mod answer;
mod history;
mod sums;

pub use answer::{Answer, Rating, answer, asked};
pub(super) use answer::{Asked, SCALE, by_link, link};
pub use history::RatedLectures;
pub(super) use sums::{LessonSum, Summary, points, summary};

use crate::foundation::links::Purpose;

/// A participant's link to their answer. Its subject is the enrolment, its generation the enrolment's.
const FEEDBACK: Purpose = Purpose {
    label: "training.feedback",
    path: "/f/",
};
