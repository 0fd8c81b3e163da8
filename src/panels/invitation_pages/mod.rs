//! `/invitations`: the secretariat's list of questions, and the page of one.

mod detail;
mod list;
mod row;
mod steps;

use crate::foundation::{
    error::FieldErrors,
    texts::{Language, sentence},
    ui::{Notice, NoticeKind},
};

pub use detail::detail;
pub use list::list;
pub(super) use row::{may_record, state_tag};
pub use steps::{post_record, post_remind, post_resend, scan};

/// Refusals as a notice.
pub(super) fn refusals(errors: &FieldErrors) -> Notice {
    Notice {
        kind: NoticeKind::Bad,
        title: "这一步没有办成".to_owned(),
        text: errors
            .iter()
            .map(|(_, refusal)| sentence(refusal, Language::Chinese))
            .collect(),
    }
}
