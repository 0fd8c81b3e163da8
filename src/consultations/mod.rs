//! 咨询申请: a member asks for expert help. The request becomes a panel once it is taken in; the
//! experts file opinions, the 组长 the common conclusion; the requester confirms, or asks once more,
//! and rates.

mod change;
mod conclude;
mod confirm;
mod contribute;
mod draft;
mod events;
mod figures;
mod filing;
mod handle;
mod home;
pub mod jobs;
mod list;
pub mod mails;
mod opinion;
mod owner;
pub mod pages;
mod panel_facts;
mod papers;
mod progress;
mod refer;
pub mod rules;
mod standard_number;
mod store;
mod typed;
mod visible;
pub mod votes;

pub use conclude::conclude;
pub use confirm::confirm;
pub use draft::{NewDraft, file_draft, submit};
pub use figures::ConsultationFigures;
pub use filing::{Filing, Wish};
pub use handle::{TakingIn, accept, refuse, send_back};
pub use home::ConsultationsHome;
pub use opinion::{NewOpinion, file_opinion};
pub use owner::Consultations;
pub use refer::{Referred, refer};
