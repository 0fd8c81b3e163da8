//! Pages of committees and working groups.

mod detail;
mod edit;
mod join;
mod list;
mod officers;
mod papers;
mod referral;
mod steps;
mod unit_parts;

pub use detail::show;
pub use edit::{post_edit, post_new, show_edit, show_new};
pub use join::{post_application, post_join, post_leave};
pub use list::show as list;
pub use officers::{post_end_office, post_officer, show_officer};
pub use papers::paper;
pub use referral::{post as post_referral, show as show_referral};
pub use steps::{post_step, show_step};
pub use unit_parts::{post_release, post_unit, show_unit};
