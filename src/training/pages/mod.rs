//! Pages of training.

mod bases;
mod bookings;
mod courses;
mod demand;
mod fees;
mod needs;
mod public;
mod run_form;
mod run_steps;
mod runs;
mod view;

pub use bases::{
    edit_base, list_bases, new_base, post_base, post_close_base, post_new_base, post_room,
    post_room_change, show_base,
};
pub use bookings::{list_bookings, post_answer};
pub use courses::{
    edit_course, list_courses, new_course, post_course, post_course_state, post_new_course,
    post_new_run, post_regular, show_course,
};
pub use demand::{post_course_from_needs, show_demand};
pub use fees::{export_fees, post_fee, show_fees};
pub use needs::{
    edit_need, list_needs, new_need, post_join, post_leave, post_need, post_new_need,
    post_withdraw_need,
};
pub use public::{public_list, public_paper, public_run};
pub use run_form::{edit_run, post_run};
pub use run_steps::{
    post_cancel, post_close, post_decide, post_held, post_lecturers, post_publish,
};
pub use runs::{lesson, list_runs, paper, show_run};
