//! Pages of consultations.

mod coverage;
mod detail;
pub mod draw;
mod files;
mod form;
mod handle;
mod list;
mod papers;
mod requester;
mod view;
mod work;
mod work_page;

pub use detail::show;
pub use files::load;
pub use form::{edit, new, post_edit, post_new, remove_file};
pub use handle::{post_accept, post_go_on, post_head, post_refuse, post_send_back};
pub use list::{export, list};
pub use papers::paper;
pub use requester::{post_ask, post_confirm, post_withdraw};
pub use work::ConsultationWork;
