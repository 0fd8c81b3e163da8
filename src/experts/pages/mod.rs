//! Pages of experts: for the unit that recommends, for the secretariat, for the expert.

mod codes;
mod expert;
mod expert_changes;
mod guest;
mod link;
mod list;
mod nominations;
mod own;
mod papers;
mod recommendations;
mod renew;
mod view;

pub use codes::{codes, find_codes};
pub use expert::{post_link, post_reveal, post_step, show as show_expert};
pub use expert_changes::{post_contact, post_paper_answer, post_renewal_answer};
pub use guest::{post as post_guest, show as show_guest};
pub use link::{paper as link_paper, post as post_link_answer, show as show_link};
pub use list::{export, list};
pub use nominations::{
    list as list_nominations, new as new_nomination, post as post_nomination,
    post_new as post_new_nomination, show as show_nomination, withdraw as post_withdrawal,
};
pub use own::{
    paper as own_paper, post_absence, post_consent, post_interest, post_limits, post_profile,
    post_shown, remove_absence, remove_interest, show as show_own, show_profile,
};
pub use papers::{paper, scan};
pub use recommendations::list as list_recommendations;
pub use renew::{post as post_renewal, show as show_renewal};
