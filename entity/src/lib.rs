//! Tables as types: one sea-orm entity a file, identifiers, and the closed sets of words that the
//! database stores. No logic lives here; rules are in the bodies of the service.

#![expect(
    clippy::disallowed_methods,
    reason = "the derive of entities writes code that could begin transactions; nobody calls it"
)]

pub mod ids;

// foundation
pub mod file;
pub mod file_chunk;
pub mod installation;
pub mod yearly_counter;

// people and accounts
pub mod account;
pub mod digest_stop;
pub mod person;
pub mod role_grant;
pub mod session;
pub mod sign_in_try;

// mail
pub mod mail;
pub mod mail_quota;
pub mod schedule_slot;
pub mod suppressed_address;
pub mod working_day_exception;

// units
pub mod audit_entry;
pub mod commitment;
pub mod consent;
pub mod council_term;
pub mod ticket;
pub mod tier_change;
pub mod unit;
pub mod unit_contact;

// experts
pub mod expert;
pub mod expert_absence;
pub mod expert_change;
pub mod expert_interest;
pub mod expert_renewal;

// panels
pub mod assignment;
pub mod invitation;
pub mod matching_run;
pub mod panel;
pub mod panel_adjustment;
pub mod panel_draw;
pub mod panel_recusal;
pub mod panel_wish;
pub mod run_choice;

// consultations
pub mod consultation;
pub mod consultation_event;
pub mod opinion;

// registration
pub mod attendance;
pub mod enrolment;
pub mod feed_key;
pub mod open_application;
pub mod registration;
pub mod seat_offer;
pub mod sitting;

// training
pub mod certificate;
pub mod certificate_text;
pub mod course;
pub mod course_part;
pub mod course_run;
pub mod course_run_event;
pub mod feedback;
pub mod lesson;
pub mod lesson_rating;
pub mod need_voice;
pub mod room;
pub mod room_booking;
pub mod run_fee;
pub mod run_mark;
pub mod signing_key;
pub mod training_base;
pub mod training_need;

// exchange
pub mod cooperation;
pub mod cooperation_person;
pub mod cooperation_unit;
pub mod deliverable;
pub mod exchange_event;
pub mod forum;
pub mod forum_item;
pub mod visit;
pub mod visit_offer;
pub mod visit_report;
pub mod visit_terms;
pub mod visit_wish;
pub mod visit_wish_person;
pub mod visitor;

// committees
pub mod committee;
pub mod committee_event;
pub mod committee_person;
pub mod committee_unit;
pub mod meeting;
pub mod meeting_unit;
pub mod referral;
pub mod standing_application;
pub mod study;
pub mod study_event;
pub mod study_milestone;
pub mod study_report;
