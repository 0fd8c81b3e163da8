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
        pages::{account, audit, expert, home, password, public, roles, sign_in},
        table,
    },
    consultations,
    experts::{self, Histories},
    foundation::{
        context::Context,
        error::{Error, Result},
        mail::Registry,
        schedule::Schedule,
        ui::{Failure, Unexplained, assets, failure_page},
    },
    operations,
    panels::{
        Owners, WorkSites, answer_pages, head_pages, invitation_pages, matching::pages as runs,
        panel_pages, work_pages,
    },
    registration,
    units::{
        Seats,
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
    /// Bodies that open panels.
    pub owners: Owners,
    /// Bodies that have seats to enrol for.
    pub seat_owners: registration::Owners,
    /// Bodies whose members file something by their work link.
    pub sites: WorkSites,
    /// What bodies tell accounts: what is due, who is an expert, who hears of newcomers.
    pub faces: Faces,
    /// Who knows the seats of units in the pool.
    pub seats: Seats,
    /// Every kind of mail, to show them.
    pub mails: Arc<Registry>,
    /// Everything that happens by the clock, to show when.
    pub schedule: Arc<Schedule>,
}

/// The routes with their guards, before the layers around them.
pub fn routes() -> Routes<AppState> {
    Routes::default()
        .get("/assets/{name}", Guard::Public, assets::serve)
        .get("/health", Guard::Public, async || "ok\n")
        .get("/ready", Guard::Public, ready)
        .merge(account_routes())
        .merge(unit_routes())
        .merge(expert_routes())
        .merge(panel_routes())
        .merge(consultation_routes())
        .merge(registration_routes())
        .merge(operation_routes())
}

/// Operations: the mail list, the run ledger, the demo's mailbox.
fn operation_routes() -> Routes<AppState> {
    use operations::{mail_controls, mail_page, mailbox, mails, runs};
    let read = Guard::May(Action::ReadOperations);
    let manage = Guard::May(Action::ManageOperations);
    Routes::default()
        .get("/mails", read, mails::list)
        .post("/mails/hold-all", manage, mail_controls::hold_all)
        .post("/mails/release-all", manage, mail_controls::release_all)
        .get("/mails/{id}", read, mail_page::show)
        .post("/mails/{id}/{control}", manage, mail_controls::one)
        .get("/schedule", read, runs::list)
        .post("/schedule/{id}/again", manage, runs::again)
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
        // panels: matching
        .get("/panels", Guard::May(Action::ReadPanels), runs::show_panels)
        .get("/runs", Guard::May(Action::ReadPanels), runs::show_runs)
        .post("/runs", Guard::May(Action::PrepareRun), runs::post_runs)
        .get("/runs/{id}", Guard::May(Action::ReadPanels), runs::show_run)
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
        .get("/experts/{id}/papers/{paper}", papers, pages::paper)
        .get("/experts/{id}/scan/{file}", papers, pages::scan)
        .get("/e/{token}", Guard::Link, pages::show_link)
        .post("/e/{token}", Guard::Link, pages::post_link_answer)
        .get("/e/{token}/{paper}", Guard::Link, pages::link_paper)
        .get("/my", own, pages::show_own)
        .get("/my/profile", own, pages::show_profile)
        .post("/my/profile", own, pages::post_profile)
        .post("/my/absences", own, pages::post_absence)
        .post("/my/absences/{id}/remove", own, pages::remove_absence)
        .post("/my/limits", own, pages::post_limits)
        .post("/my/interests", own, pages::post_interest)
        .post("/my/interests/{id}/remove", own, pages::remove_interest)
        .post("/my/consents/{id}/withdraw", own, pages::post_consent)
        .get("/my/papers/{paper}", own, pages::own_paper)
}

async fn ready(State(ctx): State<Context>) -> Response {
    match ctx.store.ping().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
                .into_response()
        }
    }
}

/// The whole service as a router, and the table of its routes.
///
/// # Errors
/// When `server.public_url` is no origin of a browser.
pub fn build(state: AppState) -> Result<(Router, Vec<table::Entry>)> {
    let (router, table) = routes().finish();
    let config = state.ctx.config.clone();
    let csrf = CsrfLayer::new()
        .add_trusted_origin(&config.server.public_url)
        .map_err(|error| Error::internal(error.to_string()))?;
    let router = router
        .fallback(async || failure_page(Failure::NotFound, None))
        .method_not_allowed_fallback(async || failure_page(Failure::Method, None))
        .layer(middleware::from_fn_with_state(
            state.ctx.clone(),
            accounts::load,
        ))
        .layer(csrf)
        .layer(DefaultBodyLimit::max(
            config.server.body_limit_mb * 1024 * 1024,
        ))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            Duration::from_secs(config.server.request_seconds),
        ))
        .layer(CatchPanicLayer::custom(
            |_: Box<dyn std::any::Any + Send>| {
                Error::internal("a handler panicked").into_response()
            },
        ))
        .layer(middleware::from_fn_with_state(state.ctx.clone(), around))
        .with_state(state);
    Ok((router, table))
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
    tracing::debug!(%id, %method, path, status = response.status().as_u16(), millis = watch.elapsed().as_millis(), "request");
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
