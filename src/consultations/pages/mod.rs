//! Pages of consultations.

mod detail;
mod form;
mod handle;
mod list;

pub use detail::{download, post_withdraw, show};
pub use form::{edit, new, post_edit, post_new, remove_file};
pub use handle::{post_accept, post_refuse, post_send_back};
pub use list::{export, list};
