//! 咨询申请: a member asks for expert help. The request becomes a panel once it is taken in; the
//! experts file opinions, the 组长 the common conclusion; the requester confirms, or asks once more,
//! and rates.

mod change;
mod conclude;
mod confirm;
mod draft;
mod events;
mod filing;
mod handle;
mod list;
pub mod mails;
mod opinion;
mod owner;
pub mod pages;
mod panel_facts;
pub mod rules;
mod store;

pub use draft::{NewDraft, file_draft};
pub use filing::{Filing, Wish};
pub use handle::{accept, refuse, send_back};
pub use owner::Consultations;
