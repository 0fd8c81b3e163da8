//! Pages of visits, one file a matter.

mod act;
mod link;
mod list;
mod pairing;
mod postings;
mod printed;
mod terms;
mod view;
mod visit;

pub use act::{post_approve, post_close, post_decline, post_report, post_return, post_withdraw};
pub use link::{post_link_report, post_link_return, post_on_the_way, show_link};
pub use list::show_list;
pub use pairing::{post_pairing, show_pairing};
pub use postings::{
    edit_offer, edit_wish, new_offer, new_wish, post_close_offer, post_close_wish, post_edit_offer,
    post_edit_wish, post_new_offer, post_new_wish, show_offer, show_wish,
};
pub use printed::{load, paper};
pub use terms::{edit_terms, post_terms};
pub use visit::show_visit;
