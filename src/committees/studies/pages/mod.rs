//! Pages of studies.

mod detail;
mod form;
mod parts;
mod work;

pub use detail::{load, post_ask, post_review, post_withdraw, show};
pub use form::{post_edit, post_new, show_edit, show_new};
pub use work::StudyWork;
