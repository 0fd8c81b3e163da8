//! Pages of registrations.

mod attendance;
mod detail;
mod enrol;
mod feed;
mod join;
mod list;
mod own;
mod sheet;
mod view;

pub use attendance::{check_in_page, correct_post, list_page, post_check_in, post_tick, wall};
pub use detail::{act, export, show};
pub use enrol::{enrol_href, enrol_page, post_enrol};
pub use feed::{calendar, renew_unit};
pub use join::{confirm_page, join_page, post_confirm, post_join, sent_page};
pub use list::list;
pub use own::{check_in_own, event_file, post_own, renew_own, show_own};
pub use sheet::sheet;
