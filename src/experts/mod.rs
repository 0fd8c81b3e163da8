//! 标准化专家库: each council unit recommends two experts, the alliance engages them; guest experts
//! (特邀专家) stand beside the pool. This body knows who an expert is and when one may serve; what
//! experts are asked for is the business of `panels`, which tells it through [`History`].

pub mod consent_texts;
pub mod contact;
pub mod decide;
mod duties;
pub mod end;
pub mod engage;
pub mod engage_on_paper;
mod figures;
pub mod guest;
mod history;
mod home;
pub mod import;
mod jobs;
pub mod keep;
pub mod mails;
pub mod pages;
pub mod papers;
mod pool;
mod profile;
pub mod recommend;
pub mod renew;
mod renew_mails;
mod renew_on_paper;
pub mod rules;
mod store;
mod told_below;

pub use contact::ExpertLinks;
pub use duties::{Duties, DutyBook, Stop};
pub use figures::ExpertFigures;
pub use history::{Histories, History, HistoryLine, Load};
pub use home::ExpertsHome;
pub use jobs::jobs;
pub use pool::{PoolExpert, by_ids, by_name, get, lock, pool};
pub use told_below::ToldBelow;
