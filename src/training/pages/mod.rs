//! Pages of training.

mod bases;
mod bookings;
mod certificate;
mod certificate_text;
mod certificates;
mod course;
mod course_form;
mod course_list;
mod course_steps;
mod demand;
mod feedback;
mod fees;
mod needs;
mod public;
mod run;
mod run_form;
mod run_list;
mod run_papers;
mod run_steps;
mod settlement;
mod verify;
mod view;

pub use bases::{
    edit_base, list_bases, new_base, post_base, post_close_base, post_new_base, post_room,
    post_room_change, show_base,
};
pub use bookings::{list_bookings, post_answer};
pub use certificate::{
    post_reissue, post_revoke, print_certificate, print_own_certificate, show_certificate,
    show_own_certificate,
};
pub use certificate_text::{edit_certificate_text, post_certificate_text};
pub use certificates::{post_issue, post_marks, print_certificates, show_certificates};
pub use course::show_course;
pub use course_form::{edit_course, new_course, post_course, post_new_course};
pub use course_list::list_courses;
pub use course_steps::{post_course_state, post_new_run, post_regular};
pub use demand::{post_course_from_needs, show_demand};
pub use feedback::{post_feedback, show_feedback, show_feedback_form};
pub use fees::{export_fees, post_fee, show_fees};
pub use needs::{
    edit_need, list_needs, new_need, post_join, post_leave, post_need, post_new_need,
    post_withdraw_need,
};
pub use public::{public_list, public_paper, public_run};
pub use run::show_run;
pub use run_form::{edit_run, post_run};
pub use run_list::list_runs;
pub use run_papers::{lesson, paper};
pub use run_steps::{
    post_cancel, post_close, post_decide, post_held, post_lecturers, post_publish,
};
pub use settlement::{export_settlement, post_settle, show_settlement};
pub use verify::{post_verify, show_verify, verify_payload};
