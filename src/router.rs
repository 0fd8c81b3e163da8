//! Every route of pages and API, in one place, each with its guard.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower_http::{catch_panic::CatchPanicLayer, csrf::CsrfLayer, timeout::TimeoutLayer};

use crate::{
    accounts::{
        self, Action, Faces, Guard, Menu, Passwords, Routes,
        pages::{account, address, audit, digest, expert, home, password, public, roles, sign_in},
        table,
    },
    committees, consultations, exchange,
    experts::{self, Duties, Histories},
    foundation::{
        context::Context,
        error::{Error, Result},
        mail::Registry,
        schedule::Schedule,
        ui::{Failure, Unexplained, assets, failure_page},
    },
    operations, overview,
    panels::{
        Owners, WorkSites, answer_pages, head_pages, invitation_pages, matching::pages as runs,
        panel_pages, papers, work_pages,
    },
    people::AddressBooks,
    registration, training,
    units::{
        Figures, Seats,
        pages::{contacts, list, terms, unit},
    },
};

/// What handlers may ask for.
#[derive(Clone, Debug, FromRef)]
pub struct AppState {
    /// Store, clock, configuration, keys.
    pub ctx: Context,
    /// The menu.
    pub menu: Menu,
    /// Password hashing.
    pub passwords: Passwords,
    /// What experts were asked for.
    pub histories: Histories,
    /// What ends with the engagement of an expert.
    pub duties: Duties,
    /// Who sends personal links by mail.
    pub addresses: AddressBooks,
    /// Bodies that open panels.
    pub owners: Owners,
    /// Bodies that have seats to enrol for.
    pub seat_owners: registration::Owners,
    /// Bodies whose members file something by their work link.
    pub sites: WorkSites,
    /// Bodies that refer matters to committees.
    pub referrers: committees::Referrers,
    /// What bodies tell accounts: what is due, who is an expert, who hears of newcomers.
    pub faces: Faces,
    /// Who knows the seats of units in the pool.
    pub seats: Seats,
    /// Bodies that count for a report.
    pub figures: Figures,
    /// Every kind of mail, to show them.
    pub mails: Arc<Registry>,
    /// Everything that happens by the clock, to show when.
    pub schedule: Arc<Schedule>,
}

/// The routes with their guards, before the layers around them.
pub fn routes() -> Routes<AppState> {
    Routes::default()
        .get("/assets/{name}", Guard::Public, assets::serve)
        .get("/favicon.ico", Guard::Public, assets::icon)
        .get("/health", Guard::Public, operations::health::health)
        .get("/ready", Guard::Public, operations::health::ready)
        .merge(account_routes())
        .merge(unit_routes())
        .merge(expert_routes())
        .merge(panel_routes())
        .merge(consultation_routes())
        .merge(committee_routes())
        .merge(registration_routes())
        .merge(visit_routes())
        .merge(cooperation_routes())
        .merge(forum_routes())
        .merge(training_routes())
        .merge(overview_routes())
        .merge(operation_routes())
}

/// The report on a period.
fn overview_routes() -> Routes<AppState> {
    use overview::pages;
    let read = Guard::May(Action::ReadOverview);
    Routes::default()
        .get("/overview", read, pages::show)
        .get("/overview/{period}/lists/{figure}", read, pages::list)
        .get("/overview/{period}/papers/{paper}", read, pages::show_paper)
        .get("/overview/{period}/export", read, pages::export)
}

/// Operations: the mail list, the run ledger, the demo's mailbox.
fn operation_routes() -> Routes<AppState> {
    use operations::{addresses, calendar, mail_controls, mail_page, mailbox, mails, runs};
    let read = Guard::May(Action::ReadOperations);
    let manage = Guard::May(Action::ManageOperations);
    Routes::default()
        .get("/mails", read, mails::list)
        .post("/mails/hold-all", manage, mail_controls::hold_all)
        .post("/mails/release-all", manage, mail_controls::release_all)
        .get("/mails/addresses", read, addresses::list)
        .post("/mails/addresses/lift", manage, addresses::lift)
        .get("/mails/{id}", read, mail_page::show)
        .post("/mails/{id}/{control}", manage, mail_controls::one)
        .get("/schedule", read, runs::list)
        .post("/schedule/{id}/again", manage, runs::again)
        .get("/calendar", read, calendar::pages::show)
        .post("/calendar", manage, calendar::pages::post_preview)
        .post("/calendar/import", manage, calendar::pages::post_import)
        .get("/dev/mailbox", Guard::Public, mailbox::list)
        .get("/dev/mailbox/{id}", Guard::Public, mailbox::show)
        .get("/dev/mailbox/{id}/html", Guard::Public, mailbox::html)
}

/// Panels: questions to experts, and the links by which they answer.
fn panel_routes() -> Routes<AppState> {
    Routes::default()
        .get(
            "/invitations",
            Guard::May(Action::ReadPanels),
            invitation_pages::list,
        )
        .get(
            "/invitations/{id}",
            Guard::May(Action::ReadPanels),
            invitation_pages::detail,
        )
        .post(
            "/invitations/{id}/remind",
            Guard::May(Action::PrepareRun),
            invitation_pages::post_remind,
        )
        .post(
            "/invitations/{id}/resend",
            Guard::May(Action::PrepareRun),
            invitation_pages::post_resend,
        )
        .post(
            "/invitations/{id}/record",
            Guard::May(Action::PrepareRun),
            invitation_pages::post_record,
        )
        .get(
            "/invitations/{id}/scans/{file}",
            Guard::May(Action::ReadPanels),
            invitation_pages::scan,
        )
        .get(
            "/panels/{id}",
            Guard::May(Action::ReadPanels),
            panel_pages::show,
        )
        .post(
            "/panels/{id}/ask-next",
            Guard::May(Action::ReadPanels),
            panel_pages::post_ask_next,
        )
        .post(
            "/panels/{id}/ask-again",
            Guard::May(Action::ReadPanels),
            panel_pages::post_ask_again,
        )
        .post(
            "/panels/{id}/race",
            Guard::May(Action::PrepareRun),
            panel_pages::post_race,
        )
        .post(
            "/panels/{id}/head",
            Guard::May(Action::HandleConsultation),
            panel_pages::post_head,
        )
        .post(
            "/panels/{id}/release",
            Guard::May(Action::PrepareRun),
            panel_pages::post_release,
        )
        .get(
            "/panels/{id}/papers/{paper}",
            Guard::May(Action::ReadPanels),
            papers::pages::show,
        )
        // panels: matching
        .get("/panels", Guard::May(Action::ReadPanels), runs::show_panels)
        .get("/runs", Guard::May(Action::ReadPanels), runs::show_runs)
        .post("/runs", Guard::May(Action::PrepareRun), runs::post_runs)
        .get("/runs/{id}", Guard::May(Action::ReadPanels), runs::show_run)
        .get(
            "/runs/{id}/draws/{panel}",
            Guard::May(Action::ReadPanels),
            runs::load_draw,
        )
        .get(
            "/runs/{id}/papers/{paper}",
            Guard::May(Action::ReadPanels),
            runs::show_record,
        )
        .get(
            "/runs/{id}/compare",
            Guard::May(Action::ReadPanels),
            runs::show_compare,
        )
        .post(
            "/runs/{id}/again",
            Guard::May(Action::PrepareRun),
            runs::post_again,
        )
        .post(
            "/runs/{id}/adjust",
            Guard::May(Action::PrepareRun),
            runs::post_adjust,
        )
        .post(
            "/runs/{id}/hand-in",
            Guard::May(Action::PrepareRun),
            runs::post_hand_in,
        )
        .post(
            "/runs/{id}/decide",
            Guard::May(Action::ApproveRun),
            runs::post_decide,
        )
        // panels: links of experts
        .get("/i/{token}", Guard::Link, answer_pages::show)
        .post("/i/{token}", Guard::Link, answer_pages::submit)
        .get("/i/{token}/calendar", Guard::Link, answer_pages::calendar)
        .get("/i/{token}/not-me", Guard::Link, answer_pages::show_not_me)
        .post(
            "/i/{token}/not-me",
            Guard::Link,
            answer_pages::submit_not_me,
        )
        .get("/h/{token}", Guard::Link, head_pages::show)
        .post("/h/{token}", Guard::Link, head_pages::submit)
        .get("/w/{token}", Guard::Link, work_pages::show)
        .post("/w/{token}", Guard::Link, work_pages::post)
        .post("/w/{token}/{step}", Guard::Link, work_pages::post_step)
        .get("/w/{token}/files/{file}", Guard::Link, work_pages::load)
        .post(
            "/w/{token}/files/{file}/remove",
            Guard::Link,
            work_pages::remove_file,
        )
}

/// Consultations.
fn consultation_routes() -> Routes<AppState> {
    Routes::default()
        .get(
            "/consultations",
            Guard::May(Action::ReadConsultation),
            consultations::pages::list,
        )
        .get(
            "/consultations/export",
            Guard::May(Action::ReadConsultation),
            consultations::pages::export,
        )
        .get(
            "/consultations/new",
            Guard::May(Action::FileConsultation),
            consultations::pages::new,
        )
        .post(
            "/consultations",
            Guard::May(Action::FileConsultation),
            consultations::pages::post_new,
        )
        .get(
            "/consultations/{id}",
            Guard::May(Action::ReadConsultation),
            consultations::pages::show,
        )
        .get(
            "/consultations/{id}/edit",
            Guard::May(Action::FileConsultation),
            consultations::pages::edit,
        )
        .post(
            "/consultations/{id}/edit",
            Guard::May(Action::FileConsultation),
            consultations::pages::post_edit,
        )
        .post(
            "/consultations/{id}/withdraw",
            Guard::May(Action::FileConsultation),
            consultations::pages::post_withdraw,
        )
        .get(
            "/consultations/{id}/files/{file}",
            Guard::May(Action::ReadConsultation),
            consultations::pages::load,
        )
        .get(
            "/consultations/{id}/papers/{paper}",
            Guard::May(Action::ReadPapers),
            consultations::pages::paper,
        )
        .post(
            "/consultations/{id}/files/{file}/remove",
            Guard::May(Action::FileConsultation),
            consultations::pages::remove_file,
        )
        .post(
            "/consultations/{id}/accept",
            Guard::May(Action::HandleConsultation),
            consultations::pages::post_accept,
        )
        .post(
            "/consultations/{id}/refer",
            Guard::May(Action::HandleConsultation),
            consultations::pages::post_refer,
        )
        .post(
            "/consultations/{id}/return",
            Guard::May(Action::HandleConsultation),
            consultations::pages::post_send_back,
        )
        .post(
            "/consultations/{id}/refuse",
            Guard::May(Action::HandleConsultation),
            consultations::pages::post_refuse,
        )
        .post(
            "/consultations/{id}/head",
            Guard::May(Action::HandleConsultation),
            consultations::pages::post_head,
        )
        .post(
            "/consultations/{id}/go-on",
            Guard::May(Action::HandleConsultation),
            consultations::pages::post_go_on,
        )
        .get(
            "/consultations/{id}/draw",
            Guard::May(Action::ReadConsultation),
            consultations::pages::draw::show,
        )
        .post(
            "/consultations/{id}/draw",
            Guard::May(Action::FileConsultation),
            consultations::pages::draw::post,
        )
        .get(
            "/consultations/{id}/draw/record",
            Guard::May(Action::ReadConsultation),
            consultations::pages::draw::load,
        )
        .post(
            "/consultations/{id}/confirm",
            Guard::May(Action::ConfirmConsultation),
            consultations::pages::post_confirm,
        )
        .post(
            "/consultations/{id}/ask",
            Guard::May(Action::ConfirmConsultation),
            consultations::pages::post_ask,
        )
}

/// Committees and working groups, and their studies.
fn committee_routes() -> Routes<AppState> {
    use committees::{pages, studies::pages as studies};
    let read = Guard::May(Action::ReadCommittees);
    let manage = Guard::May(Action::ManageCommittees);
    let join = Guard::May(Action::JoinCommittee);
    let run = Guard::May(Action::RunCommittee);
    let read_studies = Guard::May(Action::ReadStudies);
    Routes::default()
        .get("/committees", read, pages::list)
        .get("/committees/new", manage, pages::show_new)
        .post("/committees/new", manage, pages::post_new)
        .get("/committees/{id}", read, pages::show)
        .get("/committees/{id}/edit", manage, pages::show_edit)
        .post("/committees/{id}/edit", manage, pages::post_edit)
        .get("/committees/{id}/steps/{step}", manage, pages::show_step)
        .post("/committees/{id}/steps/{step}", manage, pages::post_step)
        .get("/committees/{id}/units/new", manage, pages::show_unit)
        .post("/committees/{id}/units/new", manage, pages::post_unit)
        .post(
            "/committees/{id}/units/{unit}/release",
            manage,
            pages::post_release,
        )
        .post("/committees/{id}/join", join, pages::post_join)
        .post("/committees/{id}/leave", join, pages::post_leave)
        .post(
            "/committees/{id}/applications/{application}",
            run,
            pages::post_application,
        )
        .get("/committees/{id}/people/new", run, pages::show_officer)
        .post("/committees/{id}/people/new", run, pages::post_officer)
        .post(
            "/committees/{id}/people/{person}/end",
            run,
            pages::post_end_office,
        )
        .get("/committees/{id}/papers/{paper}", read, pages::paper)
        .get("/committees/{id}/studies/new", run, studies::show_new)
        .post("/committees/{id}/studies/new", run, studies::post_new)
        .get("/referrals/{id}", run, pages::show_referral)
        .post("/referrals/{id}", run, pages::post_referral)
        .get("/studies/{id}", read_studies, studies::show)
        .get("/studies/{id}/edit", run, studies::show_edit)
        .post("/studies/{id}/edit", run, studies::post_edit)
        .post("/studies/{id}/panel", run, studies::post_ask)
        .post("/studies/{id}/review", run, studies::post_review)
        .post("/studies/{id}/withdraw", run, studies::post_withdraw)
        .get("/studies/{id}/files/{file}", read_studies, studies::load)
        .merge(council_routes())
}

/// Meetings of assembly and council, seats in the standing council.
fn council_routes() -> Routes<AppState> {
    use committees::council::pages;
    let read = Guard::May(Action::ReadMeetings);
    let manage = Guard::May(Action::ManageMeetings);
    let act = Guard::May(Action::ActInCouncil);
    Routes::default()
        .get("/meetings", read, pages::list)
        .get("/meetings/new", manage, pages::show_new)
        .post("/meetings/new", manage, pages::post_new)
        .get("/meetings/{id}", read, pages::show)
        .get("/meetings/{id}/edit", manage, pages::show_edit)
        .post("/meetings/{id}/edit", manage, pages::post_edit)
        .post("/meetings/{id}/call", manage, pages::post_call)
        .post("/meetings/{id}/reply", act, pages::post_reply)
        .post("/meetings/{id}/attendance", manage, pages::post_attendance)
        .post("/meetings/{id}/minutes", manage, pages::post_minutes)
        .post("/meetings/{id}/cancel", manage, pages::post_cancel)
        .get("/meetings/{id}/papers/{paper}", read, pages::paper)
        .get("/standing-council", read, pages::seats)
        .post("/standing-council", act, pages::post_apply)
        .post(
            "/standing-council/{id}/nominate",
            manage,
            pages::post_nominate,
        )
        .post("/standing-council/{id}/vote", manage, pages::post_vote)
        .post("/standing-council/{id}/withdraw", act, pages::post_withdraw)
}

/// Registrations: seats, the queue, attendance, calendars.
fn registration_routes() -> Routes<AppState> {
    use registration::pages;
    let read = Guard::May(Action::ReadRegistrations);
    let manage = Guard::May(Action::ManageRegistrations);
    Routes::default()
        .get("/registrations", read, pages::list)
        .post(
            "/registrations/feeds/{unit}",
            Guard::May(Action::EnrolPeople),
            pages::renew_unit,
        )
        .get("/registrations/{id}", read, pages::show)
        .get("/registrations/{id}/export", manage, pages::export)
        .get("/registrations/{id}/enrol", read, pages::enrol_page)
        .post("/registrations/{id}/enrol", read, pages::post_enrol)
        .post("/registrations/{id}/people/{enrolment}", read, pages::act)
        .get("/sittings/{id}/wall", manage, pages::wall)
        .get("/sittings/{id}/list", manage, pages::list_page)
        .post("/sittings/{id}/list", manage, pages::post_tick)
        .post("/sittings/{id}/correct", manage, pages::correct_post)
        .get("/sittings/{id}/papers/{paper}", manage, pages::sheet)
        .get("/join/{id}", Guard::Public, pages::join_page)
        .post("/join/{id}", Guard::Public, pages::post_join)
        .get("/join/{id}/sent", Guard::Public, pages::sent_page)
        .get("/join/confirm/{token}", Guard::Link, pages::confirm_page)
        .post("/join/confirm/{token}", Guard::Link, pages::post_confirm)
        .get("/q/{sitting}", Guard::Public, pages::check_in_page)
        .post("/q/{sitting}", Guard::Public, pages::post_check_in)
        .get("/r/{token}", Guard::Link, pages::show_own)
        .post("/r/{token}", Guard::Link, pages::post_own)
        .post("/r/{token}/check-in", Guard::Link, pages::check_in_own)
        .post("/r/{token}/feed", Guard::Link, pages::renew_own)
        .get("/r/{token}/calendar", Guard::Link, pages::event_file)
        .get("/cal/{token}", Guard::Link, pages::calendar)
}

/// Visits between units, and the links of visitors.
fn visit_routes() -> Routes<AppState> {
    use exchange::visits::pages;
    let browse = Guard::May(Action::BrowseExchange);
    let read = Guard::May(Action::ReadExchange);
    let file = Guard::May(Action::FileExchange);
    let manage = Guard::May(Action::ManageExchange);
    Routes::default()
        .get("/exchange", browse, pages::show_list)
        .get("/exchange/offers/new", file, pages::new_offer)
        .post("/exchange/offers", file, pages::post_new_offer)
        .get("/exchange/offers/{id}", browse, pages::show_offer)
        .get("/exchange/offers/{id}/edit", file, pages::edit_offer)
        .post("/exchange/offers/{id}/edit", file, pages::post_edit_offer)
        .post("/exchange/offers/{id}/close", file, pages::post_close_offer)
        .get("/exchange/wishes/new", file, pages::new_wish)
        .post("/exchange/wishes", file, pages::post_new_wish)
        .get("/exchange/wishes/{id}", read, pages::show_wish)
        .get("/exchange/wishes/{id}/edit", file, pages::edit_wish)
        .post("/exchange/wishes/{id}/edit", file, pages::post_edit_wish)
        .post("/exchange/wishes/{id}/close", file, pages::post_close_wish)
        .get("/exchange/pairing", read, pages::show_pairing)
        .post("/exchange/pairing", manage, pages::post_pairing)
        .get("/exchange/visits/{id}", read, pages::show_visit)
        .get("/exchange/visits/{id}/terms", file, pages::edit_terms)
        .post("/exchange/visits/{id}/terms", file, pages::post_terms)
        .post("/exchange/visits/{id}/approve", file, pages::post_approve)
        .post("/exchange/visits/{id}/decline", file, pages::post_decline)
        .post("/exchange/visits/{id}/withdraw", file, pages::post_withdraw)
        .post("/exchange/visits/{id}/return", file, pages::post_return)
        .post("/exchange/visits/{id}/report", file, pages::post_report)
        .post("/exchange/visits/{id}/close", manage, pages::post_close)
        .get("/exchange/visits/{id}/papers/{paper}", read, pages::paper)
        .get("/exchange/visits/{id}/files/{file}", read, pages::load)
        .get("/v/{token}", Guard::Link, pages::show_link)
        .post("/v/{token}/return", Guard::Link, pages::post_link_return)
        .post("/v/{token}/report", Guard::Link, pages::post_link_report)
        .post("/v/{token}/way", Guard::Link, pages::post_on_the_way)
}

/// Joint projects of units.
fn cooperation_routes() -> Routes<AppState> {
    use exchange::cooperation::pages;
    let read = Guard::May(Action::ReadExchange);
    let file = Guard::May(Action::FileExchange);
    Routes::default()
        .get("/cooperations", read, pages::list)
        .get("/cooperations/new", file, pages::new)
        .post("/cooperations", file, pages::post_new)
        .get("/cooperations/{id}", read, pages::show)
        .post("/cooperations/{id}/answer", file, pages::post_answer)
        .post("/cooperations/{id}/people", file, pages::post_people)
        .post(
            "/cooperations/{id}/deliverables",
            file,
            pages::post_deliverable,
        )
        .post(
            "/cooperations/{id}/deliverables/{deliverable}",
            file,
            pages::post_deliver,
        )
        .post("/cooperations/{id}/end", file, pages::post_end)
}

/// Forums and activities.
fn forum_routes() -> Routes<AppState> {
    use exchange::forums::pages;
    let browse = Guard::May(Action::BrowseExchange);
    let manage = Guard::May(Action::ManageExchange);
    Routes::default()
        .get("/forums", browse, pages::list)
        .get("/forums/new", manage, pages::new)
        .post("/forums", manage, pages::post_new)
        .get("/forums/{id}", browse, pages::show)
        .get("/forums/{id}/edit", manage, pages::edit)
        .post("/forums/{id}/edit", manage, pages::post_edit)
        .post("/forums/{id}/publish", manage, pages::post_publish)
        .post("/forums/{id}/cancel", manage, pages::post_cancel)
        .get("/forums/talks/{id}", browse, pages::talk)
        .get("/forum/{id}", Guard::Public, pages::public)
}

/// Training: needs, courses, runs, bases, and what anybody may read.
fn training_routes() -> Routes<AppState> {
    use training::pages;
    let read = Guard::May(Action::ReadTraining);
    let manage = Guard::May(Action::ManageTraining);
    let needs = Guard::May(Action::SeeNeeds);
    let state = Guard::May(Action::StateNeed);
    let host = Guard::May(Action::AnswerBooking);
    Routes::default()
        .get("/training", Guard::Public, pages::public_list)
        .get("/training/{id}", Guard::Public, pages::public_run)
        .get("/training/{id}/{paper}", Guard::Public, pages::public_paper)
        .get("/needs", needs, pages::list_needs)
        .post("/needs", state, pages::post_new_need)
        .get("/needs/new", state, pages::new_need)
        .get("/needs/{id}/edit", state, pages::edit_need)
        .post("/needs/{id}/edit", state, pages::post_need)
        .post("/needs/{id}/withdraw", state, pages::post_withdraw_need)
        .post("/needs/{id}/join", state, pages::post_join)
        .post("/needs/{id}/leave", state, pages::post_leave)
        .get("/demand", read, pages::show_demand)
        .post("/demand/course", manage, pages::post_course_from_needs)
        .get("/courses", read, pages::list_courses)
        .post("/courses", manage, pages::post_new_course)
        .get("/courses/new", manage, pages::new_course)
        .get("/courses/{id}", read, pages::show_course)
        .get("/courses/{id}/edit", manage, pages::edit_course)
        .post("/courses/{id}/edit", manage, pages::post_course)
        .post("/courses/{id}/state", manage, pages::post_course_state)
        .post("/courses/{id}/regular", manage, pages::post_regular)
        .post("/courses/{id}/runs", manage, pages::post_new_run)
        .get("/trainings", read, pages::list_runs)
        .get("/trainings/{id}", read, pages::show_run)
        .get("/trainings/{id}/edit", manage, pages::edit_run)
        .post("/trainings/{id}/edit", manage, pages::post_run)
        .post("/trainings/{id}/publish", manage, pages::post_publish)
        .post("/trainings/{id}/close", manage, pages::post_close)
        .post("/trainings/{id}/lecturers", manage, pages::post_lecturers)
        .post("/trainings/{id}/decide", manage, pages::post_decide)
        .post("/trainings/{id}/cancel", manage, pages::post_cancel)
        .post("/trainings/{id}/held", manage, pages::post_held)
        .get("/trainings/{id}/fees", read, pages::show_fees)
        .get("/trainings/{id}/fees.xlsx", read, pages::export_fees)
        .post("/trainings/{id}/fees/{enrolment}", manage, pages::post_fee)
        .get("/trainings/{id}/papers/{paper}", read, pages::paper)
        .merge(after_run_routes())
        .get("/lessons/{id}", read, pages::lesson)
        .get("/bases", read, pages::list_bases)
        .post("/bases", manage, pages::post_new_base)
        .get("/bases/new", manage, pages::new_base)
        .get("/bases/{id}", read, pages::show_base)
        .get("/bases/{id}/edit", manage, pages::edit_base)
        .post("/bases/{id}/edit", manage, pages::post_base)
        .post("/bases/{id}/close", manage, pages::post_close_base)
        .post("/bases/{id}/rooms", manage, pages::post_room)
        .post("/rooms/{id}", manage, pages::post_room_change)
        .get("/bookings", host, pages::list_bookings)
        .post("/bookings/{id}/answer", host, pages::post_answer)
}

/// What comes after a run: marks and certificates, the page on which anybody checks one, what people
/// thought, settling.
fn after_run_routes() -> Routes<AppState> {
    use training::pages;
    let read = Guard::May(Action::ReadTraining);
    let manage = Guard::May(Action::ManageTraining);
    Routes::default()
        .get(
            "/trainings/{id}/certificates",
            read,
            pages::show_certificates,
        )
        .post("/trainings/{id}/certificates", manage, pages::post_issue)
        .get(
            "/trainings/{id}/certificates/print",
            read,
            pages::print_certificates,
        )
        .post("/trainings/{id}/marks", manage, pages::post_marks)
        .get("/certificates/{id}", read, pages::show_certificate)
        .get("/certificates/{id}/print", read, pages::print_certificate)
        .post("/certificates/{id}/revoke", manage, pages::post_revoke)
        .post("/certificates/{id}/reissue", manage, pages::post_reissue)
        .get(
            "/courses/{id}/certificate",
            manage,
            pages::edit_certificate_text,
        )
        .post(
            "/courses/{id}/certificate",
            manage,
            pages::post_certificate_text,
        )
        .get("/trainings/{id}/feedback", read, pages::show_feedback)
        .get("/f/{token}", Guard::Link, pages::show_feedback_form)
        .post("/f/{token}", Guard::Link, pages::post_feedback)
        .get("/trainings/{id}/settlement", read, pages::show_settlement)
        .get(
            "/trainings/{id}/settlement/{file}",
            read,
            pages::export_settlement,
        )
        .post("/trainings/{id}/settle", manage, pages::post_settle)
        .get("/c/{token}", Guard::Link, pages::show_own_certificate)
        .get(
            "/c/{token}/print",
            Guard::Link,
            pages::print_own_certificate,
        )
        .get("/verify", Guard::Public, pages::show_verify)
        .post("/verify", Guard::Public, pages::post_verify)
        .get("/verify/{payload}", Guard::Public, pages::verify_payload)
}

/// Signing in, own accounts, roles, the audit trail.
fn account_routes() -> Routes<AppState> {
    Routes::default()
        .get("/", Guard::Public, public::front)
        .get("/privacy", Guard::Public, public::privacy)
        .get("/sign-in", Guard::Public, sign_in::show_sign_in)
        .post("/sign-in", Guard::Public, sign_in::post_sign_in)
        .post("/sign-out", Guard::Public, sign_in::post_sign_out)
        .get("/forgotten", Guard::Public, password::show_forgotten)
        .post("/forgotten", Guard::Public, password::post_forgotten)
        .get(
            "/invitation/{token}",
            Guard::Link,
            password::show_invitation,
        )
        .post(
            "/invitation/{token}",
            Guard::Link,
            password::post_invitation,
        )
        .get("/reset/{token}", Guard::Link, password::show_reset)
        .post("/reset/{token}", Guard::Link, password::post_reset)
        .get("/expert/link", Guard::Public, expert::show_ask)
        .post("/expert/link", Guard::Public, expert::post_ask)
        .get("/expert/enter/{token}", Guard::Link, expert::show_enter)
        .post("/expert/enter/{token}", Guard::Link, expert::post_enter)
        .get("/home", Guard::May(Action::Home), home::show)
        .get("/account", Guard::May(Action::OwnAccount), account::show)
        .post(
            "/account/password",
            Guard::May(Action::OwnAccount),
            account::post_password,
        )
        .post(
            "/account/address",
            Guard::May(Action::OwnAccount),
            address::post_own,
        )
        .post(
            "/account/digest",
            Guard::May(Action::OwnAccount),
            digest::post_switch,
        )
        .get("/digest/stop/{token}", Guard::Link, digest::show_stop)
        .post("/digest/stop/{token}", Guard::Link, digest::post_stop)
        .get(
            "/people/{id}/address",
            Guard::May(Action::ChangeAddresses),
            address::show_other,
        )
        .post(
            "/people/{id}/address",
            Guard::May(Action::ChangeAddresses),
            address::post_other,
        )
        .get("/address/{token}", Guard::Link, address::show_confirm)
        .post("/address/{token}", Guard::Link, address::post_confirm)
        .post(
            "/account/sessions/{id}/end",
            Guard::May(Action::OwnAccount),
            account::post_end,
        )
        .post(
            "/account/sessions/end-others",
            Guard::May(Action::OwnAccount),
            account::post_end_others,
        )
        .get("/roles", Guard::May(Action::ManageRoles), roles::show)
        .post("/roles", Guard::May(Action::ManageRoles), roles::post_give)
        .post(
            "/roles/{person}/{role}/take",
            Guard::May(Action::ManageRoles),
            roles::post_take,
        )
        .get("/audit", Guard::May(Action::ReadAudit), audit::show)
}

/// Units, terms, contacts.
fn unit_routes() -> Routes<AppState> {
    Routes::default()
        .get("/units", Guard::May(Action::ReadUnits), list::show)
        .get(
            "/units/new",
            Guard::May(Action::ManageUnits),
            unit::show_new,
        )
        .post(
            "/units/new",
            Guard::May(Action::ManageUnits),
            unit::post_new,
        )
        .get("/units/{id}", Guard::May(Action::ReadUnits), unit::show)
        .get(
            "/units/{id}/edit",
            Guard::May(Action::ManageUnits),
            unit::show_edit,
        )
        .post(
            "/units/{id}/edit",
            Guard::May(Action::ManageUnits),
            unit::post_edit,
        )
        .get(
            "/units/{id}/tier",
            Guard::May(Action::ManageUnits),
            unit::show_tier,
        )
        .post(
            "/units/{id}/tier",
            Guard::May(Action::ManageUnits),
            unit::post_tier,
        )
        .get(
            "/units/{id}/contacts/new",
            Guard::May(Action::ManageContacts),
            contacts::show_new,
        )
        .post(
            "/units/{id}/contacts/new",
            Guard::May(Action::ManageContacts),
            contacts::post_new,
        )
        .get(
            "/my/contacts",
            Guard::May(Action::ManageContacts),
            contacts::show_own,
        )
        .post(
            "/contacts/{id}/invite",
            Guard::May(Action::ManageContacts),
            contacts::post_invite,
        )
        .get(
            "/contacts/{id}/close",
            Guard::May(Action::ManageContacts),
            contacts::show_close,
        )
        .post(
            "/contacts/{id}/close",
            Guard::May(Action::ManageContacts),
            contacts::post_close,
        )
        .get(
            "/contacts/{id}/hand-over",
            Guard::May(Action::ManageContacts),
            contacts::show_hand_over,
        )
        .post(
            "/contacts/{id}/hand-over",
            Guard::May(Action::ManageContacts),
            contacts::post_hand_over,
        )
        .get("/terms", Guard::May(Action::ManageUnits), terms::show)
        .post("/terms", Guard::May(Action::ManageUnits), terms::post)
}

/// Experts: recommendation, engagement, own page.
fn expert_routes() -> Routes<AppState> {
    use experts::pages;
    let recommend = Guard::May(Action::RecommendExpert);
    let read = Guard::May(Action::ReadExperts);
    let manage = Guard::May(Action::ManageExperts);
    let papers = Guard::May(Action::ReadPapers);
    let own = Guard::May(Action::OwnExpertPage);
    Routes::default()
        .get("/codes", Guard::Public, pages::codes)
        .get("/codes/find", Guard::Public, pages::find_codes)
        .get("/nominations", recommend, pages::list_nominations)
        .get("/nominations/new", recommend, pages::new_nomination)
        .post("/nominations/new", recommend, pages::post_new_nomination)
        .get("/nominations/{id}", recommend, pages::show_nomination)
        .post("/nominations/{id}", recommend, pages::post_nomination)
        .post(
            "/nominations/{id}/withdraw",
            recommend,
            pages::post_withdrawal,
        )
        .get("/recommendations", read, pages::list_recommendations)
        .get("/experts", read, pages::list)
        .get("/experts/export", read, pages::export)
        .get("/experts/guest", manage, pages::show_guest)
        .post("/experts/guest", manage, pages::post_guest)
        .get("/experts/{id}", read, pages::show_expert)
        .post(
            "/experts/{id}/reveal",
            Guard::May(Action::RevealContact),
            pages::post_reveal,
        )
        .post(
            "/experts/{id}/steps",
            Guard::May(Action::DecideRecommendation),
            pages::post_step,
        )
        .post("/experts/{id}/link", manage, pages::post_link)
        .post(
            "/experts/{id}/paper-answer",
            manage,
            pages::post_paper_answer,
        )
        .post("/experts/{id}/renewal", manage, pages::post_renewal_answer)
        .post("/experts/{id}/contact", manage, pages::post_contact)
        .get("/experts/{id}/papers/{paper}", papers, pages::paper)
        .get("/experts/{id}/scan/{file}", papers, pages::scan)
        .get("/e/{token}", Guard::Link, pages::show_link)
        .post("/e/{token}", Guard::Link, pages::post_link_answer)
        .get("/e/{token}/{paper}", Guard::Link, pages::link_paper)
        .get("/renew/{token}", Guard::Link, pages::show_renewal)
        .post("/renew/{token}", Guard::Link, pages::post_renewal)
        .get("/my", own, pages::show_own)
        .get("/my/profile", own, pages::show_profile)
        .post("/my/profile", own, pages::post_profile)
        .post("/my/absences", own, pages::post_absence)
        .post("/my/absences/{id}/remove", own, pages::remove_absence)
        .post("/my/limits", own, pages::post_limits)
        .post("/my/interests", own, pages::post_interest)
        .post("/my/interests/{id}/remove", own, pages::remove_interest)
        .post("/my/consents/{id}/withdraw", own, pages::post_consent)
        .post("/my/shown", own, pages::post_shown)
        .get("/my/papers/{paper}", own, pages::own_paper)
}

/// The whole service as a router, and the table of its routes.
///
/// # Errors
/// When `server.public_url` is no origin of a browser.
pub fn build(state: AppState) -> Result<(Router, Vec<table::Entry>)> {
    let (router, table) = routes().finish();
    let router = layered(router, &state.ctx)?.with_state(state);
    Ok((router, table))
}

/// `router` with what stands around every route: limits, the check where a form comes from, who asks, and
/// the headers of every answer. What no route answers gets a page, too.
///
/// # Errors
/// When `server.public_url` is no origin of a browser.
pub fn layered<S: Clone + Send + Sync + 'static>(
    router: Router<S>,
    ctx: &Context,
) -> Result<Router<S>> {
    let server = &ctx.config.server;
    let csrf = CsrfLayer::new()
        .add_trusted_origin(&server.public_url)
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(router
        .fallback(async || failure_page(Failure::NotFound, None))
        .method_not_allowed_fallback(async || failure_page(Failure::Method, None))
        .layer(middleware::from_fn_with_state(ctx.clone(), accounts::load))
        .layer(csrf)
        .layer(DefaultBodyLimit::max(server.body_limit_mb * 1024 * 1024))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            Duration::from_secs(server.request_seconds),
        ))
        .layer(CatchPanicLayer::custom(
            |_: Box<dyn std::any::Any + Send>| {
                Error::internal("a handler panicked").into_response()
            },
        ))
        .layer(middleware::from_fn_with_state(ctx.clone(), around)))
}

/// Around every request: one line of log, an id for what went wrong, pages for bare errors, and the
/// headers that every answer carries.
async fn around(State(ctx): State<Context>, request: Request, next: Next) -> Response {
    let id: uuid::Uuid = ctx.platform().id();
    let method = request.method().clone();
    let path = masked(request.uri().path());
    let watch = crate::foundation::platform::Stopwatch::start();
    let mut response = next.run(request).await;
    if let Some(Unexplained(error)) = response.extensions().get::<Unexplained>().cloned() {
        tracing::error!(%id, %method, path, %error, "a request failed");
        response = failure_page(Failure::Broken, Some(id.to_string()));
    } else {
        response = dressed(response);
    }
    let (status, millis) = (response.status().as_u16(), watch.elapsed().as_millis());
    // Monitors ask every few seconds, and every page brings its assets along.
    if ["/health", "/ready", "/assets/"]
        .iter()
        .any(|quiet| path.starts_with(quiet))
    {
        tracing::debug!(%id, %method, path, status, millis, "request");
    } else {
        tracing::info!(%id, %method, path, status, millis, "request");
    }
    let https = ctx.config.is_https();
    let headers = response.headers_mut();
    let cached = headers.contains_key(header::CACHE_CONTROL);
    if !cached {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    // The demo's mailbox shows mails under a stricter one of its own.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'",
            ),
        );
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        "cross-origin-opener-policy",
        HeaderValue::from_static("same-origin"),
    );
    if https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}

/// Answers of layers (another site, too slow, too large) carry no page, and an identifier that is
/// none is answered in a word: give them pages.
fn dressed(response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"))
        && response.status() == StatusCode::BAD_REQUEST
    {
        return failure_page(Failure::NotFound, None);
    }
    if kind.is_some() {
        return response;
    }
    match response.status() {
        StatusCode::FORBIDDEN => failure_page(Failure::CrossSite, None),
        StatusCode::GATEWAY_TIMEOUT => failure_page(Failure::TooSlow, None),
        StatusCode::PAYLOAD_TOO_LARGE => failure_page(Failure::TooLarge, None),
        StatusCode::BAD_REQUEST => failure_page(Failure::Unreadable, None),
        _ => response,
    }
}

/// A path for the log: the token of a link is not written down.
fn masked(path: &str) -> String {
    path.split('/')
        .map(|part| if part.len() >= 43 { "…" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}
