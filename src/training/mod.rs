//! 培训: units state what they need, the group makes courses from it, courses are held as runs
//! (培训班 第×期) at training bases or online, and everybody who asked is told.
//!
//! Who sits in a run, the waiting list, reminders and attendance are [`crate::registration`]'s; who
//! teaches a lesson is a panel ([`crate::panels`]) or somebody whom the group names with a reason.
//! This body owns what is taught, when, where, by whom, the papers and the fees.
//!
//! Locks are taken from below: panels of the lessons, then the registration, then the run, then the
//! room.

pub mod bases;
mod book;
pub mod certificates;
mod decide;
mod demand;
mod events;
pub mod feedback;
mod fees;
mod figures;
mod home;
mod jobs;
mod layout;
mod lecture;
pub mod mails;
mod make_run;
mod need;
mod notice;
pub mod pages;
mod plan_course;
mod publish;
mod recurrence;
pub mod rules;
mod run_facts;
mod run_questions;
mod save_run;
mod seats;
mod settle;
mod settled_lists;
mod store;
mod syllabus;
mod typed_lesson;

pub use bases::{NewBase, NewRoom, add_base, add_room};
pub use decide::{CallOff, call_off, hold};
pub use figures::TrainingFigures;
pub use home::TrainingHome;
pub use jobs::jobs;
pub use lecture::{Lectures, ask};
pub use make_run::{NewRun, make};
pub use need::{Need, join, state};
pub use plan_course::{Regular, answer, plan, set_regular, set_state};
pub use publish::{facts_of, publish, publish_in};
pub use run_facts::{RunFacts, Venue};
pub use save_run::{RunChange, save};
pub use seats::CourseRuns;
pub use settle::settle;
pub use syllabus::{Named, Part, Syllabus};
pub use typed_lesson::TypedLesson;
