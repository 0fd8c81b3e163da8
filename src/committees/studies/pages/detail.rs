//! `/studies/{id}`: one study, its panel, its milestones, and the one next step.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{CommitteeId, FileId, PanelId, StudyId},
    study::{self, StudyState},
};

use super::{
    super::{
        super::{
            store as committees,
            view::{self, Happened, Line},
        },
        ask_panel, report, review, rules, store, withdraw,
    },
    form::{composition_fields, read_composition},
    parts::{MilestoneView, milestones},
};
use crate::{
    accounts::{Action, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        files,
        texts::Label,
        ui::{
            Fields, Form, Html, Shell, Submission, Tag, domain_labels, download, lines,
            page_with_status,
        },
    },
    panels::{self, texts},
};

#[derive(Template)]
#[template(path = "committees/templates/study.html")]
struct StudyPage {
    shell: Shell,
    form: Form,
    id: StudyId,
    number: String,
    title: String,
    committee: (CommitteeId, String),
    tag: Tag,
    question: Vec<String>,
    domains: String,
    composition: String,
    panel: Option<PanelId>,
    seats: Html,
    members: Vec<MemberView>,
    milestones: Vec<MilestoneView>,
    conclusion: Vec<String>,
    history: Vec<Line>,
    runs: bool,
    see_panel: bool,
    state: StudyState,
}

struct MemberView {
    name: String,
    sample: bool,
    unit: String,
    kind: &'static str,
    head: bool,
}

impl StudyPage {
    fn may_ask(&self) -> bool {
        self.runs && self.state == StudyState::Planned
    }

    fn may_review(&self) -> bool {
        self.runs && self.state == StudyState::Review
    }

    fn may_withdraw(&self) -> bool {
        self.runs && !rules::has_ended(self.state)
    }

    /// What is looked at now.
    fn waiting(&self) -> &'static str {
        self.milestones
            .iter()
            .find(|one| one.current)
            .map_or("", |one| one.name)
    }

    fn is_last(&self) -> bool {
        self.milestones.last().is_some_and(|one| one.current)
    }

    fn wrong(&self, name: &str) -> bool {
        self.form.errors.of(name).is_some()
    }
}

/// The study, when the visitor may see it.
async fn readable(ctx: &Context, desk: &Desk, id: StudyId) -> Result<study::Model> {
    let row = store::get(ctx.store.read(), id).await?;
    desk.actor
        .require(Action::ReadStudies, &Owner::committee(row.committee_id))?;
    Ok(row)
}

/// `GET /studies/{id}`
///
/// # Errors
/// Not found for what is foreign.
pub async fn show(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<StudyId>,
) -> Result<Response> {
    let row = readable(&ctx, &desk, id).await?;
    let form = Form::new(composition_fields(&ask_panel::composition(&row)));
    render(&ctx, desk, row, form, StatusCode::OK).await
}

/// `POST /studies/{id}/panel`: asks for the panel.
///
/// # Errors
/// As [`show`].
pub async fn post_ask(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<StudyId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    runs(&ctx, &desk, id).await?;
    let done = async {
        let mut errors = FieldErrors::default();
        let asked = read_composition(&fields, &mut errors);
        let asked = errors.into_result(asked)?;
        ask_panel::ask_panel(&ctx, &desk.actor, id, &asked).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done, "sent").await
}

/// `POST /studies/{id}/review`: `do` is `accept` or `return`.
///
/// # Errors
/// As [`show`].
pub async fn post_review(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<StudyId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    runs(&ctx, &desk, id).await?;
    let accepts = fields.text("do") == "accept";
    let mut errors = FieldErrors::default();
    let text = if accepts {
        fields.optional("opinion", 2_000, &mut errors)
    } else {
        fields.required("opinion", 2_000, &mut errors)
    };
    let done = async {
        let text = errors.into_result(text)?;
        if accepts {
            review::accept(&ctx, &desk.actor, id, &text).await
        } else {
            review::give_back(&ctx, &desk.actor, id, &text).await
        }
    };
    let done = done.await;
    let word = if accepts { "saved" } else { "returned" };
    lead_on(&ctx, desk, id, fields, done, word).await
}

/// `POST /studies/{id}/withdraw`
///
/// # Errors
/// As [`show`].
pub async fn post_withdraw(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<StudyId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    runs(&ctx, &desk, id).await?;
    let mut errors = FieldErrors::default();
    let reason = fields.required("withdraw_reason", 300, &mut errors);
    let done = async {
        let reason = errors.into_result(reason)?;
        withdraw::withdraw(&ctx, &desk.actor, id, &reason).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done, "withdrawn").await
}

/// `GET /studies/{id}/files/{file}`: a file of a report.
///
/// # Errors
/// As [`show`].
pub async fn load(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, file)): Path<(StudyId, FileId)>,
) -> Result<Response> {
    readable(&ctx, &desk, id).await?;
    let db = ctx.store.read();
    for filed in store::reports(db, id).await? {
        match files::read(db, report::report_files(filed.id), file).await {
            Ok((file, bytes)) => return Ok(download(&file.name, &file.media_type, bytes)),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::NotFound)
}

async fn runs(ctx: &Context, desk: &Desk, id: StudyId) -> Result<()> {
    let row = store::get(ctx.store.read(), id).await?;
    desk.actor
        .require(Action::RunCommittee, &Owner::committee(row.committee_id))
}

async fn lead_on(
    ctx: &Context,
    desk: Desk,
    id: StudyId,
    fields: Fields,
    done: Result<()>,
    word: &str,
) -> Result<Response> {
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/studies/{id}?done={word}")).into_response());
    };
    let row = readable(ctx, &desk, id).await?;
    let fields = if fields.has("demand") {
        fields
    } else {
        // Another form of the page was sent: that of the panel shows what is planned.
        let planned = composition_fields(&ask_panel::composition(&row));
        fields
            .iter()
            .fold(planned, |all, (name, text)| all.with(name, text))
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    render(ctx, desk, row, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    row: study::Model,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let db = ctx.store.read();
    let committee = committees::get(db, row.committee_id).await?;
    let owner = Owner::committee(row.committee_id);
    let base = format!("/studies/{}", row.id);
    let (seats, members) = match row.panel_id {
        Some(panel) => (
            panels::seats(db, &[panel]).await?.get(&panel).copied(),
            panels::members(db, panel).await?,
        ),
        None => (None, Vec::new()),
    };
    let goes_on = matches!(row.state, StudyState::Working | StudyState::Review);
    let happened = store::events(db, row.id).await?;
    let happened = happened.into_iter().map(|event| Happened {
        at: event.at,
        by: event.by_person,
        code: event.code,
        note: event.note,
    });
    let shown = StudyPage {
        id: row.id,
        committee: (committee.id, committee.name),
        tag: rules::tag(row.state),
        question: lines(&row.question),
        domains: domains(&row),
        composition: composition(&row),
        panel: row.panel_id,
        seats: seats.map_or_else(Html::default, |seats| {
            Html(format!(
                "{}{}/{}",
                seats.bar().0,
                seats.accepted,
                seats.demand
            ))
        }),
        members: members
            .iter()
            .map(|member| MemberView {
                name: member.expert.person.name.clone(),
                sample: member.expert.person.sample,
                unit: member.expert.unit_name.clone(),
                kind: member.expert.kind.zh(),
                head: member.assignment.head,
            })
            .collect(),
        milestones: milestones(ctx, row.id, goes_on, &base).await?,
        conclusion: lines(&row.conclusion),
        history: view::history(db, ctx, happened.collect()).await?,
        runs: policy::allows(&desk.actor, Action::RunCommittee, &owner),
        see_panel: policy::allows(&desk.actor, Action::ReadPanels, &Owner::ALLIANCE),
        state: row.state,
        number: row.number,
        title: row.title,
        form,
        shell: desk.shell,
    };
    Ok(page_with_status(status, &shown))
}

fn domains(row: &study::Model) -> String {
    let mut all = domain_labels(&texts(&row.domains));
    all.extend(texts(&row.keywords));
    all.join("；")
}

/// 5 人，其中技术至少 2 人、标准化至少 1 人；同一单位最多 1 人
fn composition(row: &study::Model) -> String {
    format!(
        "{} 人，其中技术至少 {} 人、标准化至少 {} 人；同一单位最多 {} 人",
        row.demand, row.min_technical, row.min_standardization, row.max_per_unit
    )
}
