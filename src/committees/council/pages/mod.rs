//! Pages of meetings and of seats in the standing council.

mod detail;
mod form;
mod list;
mod seats;

pub use detail::{paper, post_attendance, post_call, post_cancel, post_minutes, post_reply, show};
pub use form::{post_edit, post_new, show_edit, show_new};
pub use list::show as list;
pub use seats::{post_apply, post_nominate, post_vote, post_withdraw, show as seats};
