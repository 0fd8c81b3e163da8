//! `/consultations/{id}`: one request, what is done with it, and the one next step.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    consultation::{self, ConsultationState},
    expert::ExpertKind,
    ids::{AssignmentId, ConsultationId, PanelId},
};

use super::view::{Conclusion, FileLink, OpinionView, lines};
use crate::{
    accounts::{Action, Desk, Owner, policy},
    consultations::{
        draft::attachments, events, filing::Filing, list::seats_bar, papers::RequestPaper,
        progress::Progress, rules, store, visible,
    },
    foundation::{
        context::Context,
        error::Result,
        files,
        texts::Label,
        ui::{
            Fields, Form, Html, Shell, Tag, dates, domain_labels,
            form::{Choice, choices},
            page_with_status,
        },
    },
    panels::{self, Member},
    people, units,
};

/// A line of the history.
struct Line {
    when: String,
    who: String,
    sample: bool,
    what: &'static str,
    note: String,
    more: Vec<String>,
}

/// An expert of the panel.
struct Seat {
    assignment: AssignmentId,
    name: String,
    sample: bool,
    unit: String,
    work: String,
    kind: &'static str,
    remark: &'static str,
    opinion: Option<Tag>,
    may_head: bool,
}

/// What the visitor may do with the request as it stands.
#[derive(Clone, Copy, Debug, Default)]
struct May {
    change: bool,
    withdraw: bool,
    handle: bool,
    confirm: bool,
    name_head: bool,
    go_on: bool,
    see_panel: bool,
}

#[derive(Template)]
#[template(path = "consultations/templates/detail.html")]
struct DetailPage {
    shell: Shell,
    form: Form,
    row: consultation::Model,
    filing: Filing,
    unit: String,
    tag: Tag,
    purpose: &'static str,
    how: &'static str,
    meeting: String,
    wanted: String,
    domains: Vec<String>,
    text: Vec<String>,
    panel: Option<PanelId>,
    urgent: bool,
    seats: Html,
    members: Vec<Seat>,
    due: String,
    votes: String,
    conclusion: Option<Conclusion>,
    opinions: Vec<OpinionView>,
    files: Vec<FileLink>,
    history: Vec<Line>,
    may: May,
    take_in_by: String,
    consequence: String,
    ratings: Vec<Choice>,
    questions_left: i32,
    accepted: i32,
    papers: Vec<(&'static str, &'static str)>,
}

impl DetailPage {
    fn number(&self) -> &str {
        self.row.number.as_deref().unwrap_or("草稿")
    }

    /// What the note above the page is.
    fn note_title(&self) -> &'static str {
        match self.row.state {
            ConsultationState::Returned => "秘书处退回，请补充",
            ConsultationState::Refused => "秘书处不予受理",
            _ => "已撤回",
        }
    }

    fn is_returned(&self) -> bool {
        self.row.state == ConsultationState::Returned
    }

    fn is_asked_again(&self) -> bool {
        self.row.state == ConsultationState::AskedAgain
    }

    fn wrong(&self, name: &str) -> bool {
        self.form.errors.of(name).is_some()
    }
}

/// The request, when the visitor may see it. What a unit has not handed in is its own.
pub(super) async fn readable(
    ctx: &Context,
    desk: &Desk,
    id: ConsultationId,
) -> Result<consultation::Model> {
    let row = store::get(ctx.store.read(), id).await?;
    let owner = Owner::unit(row.unit_id);
    desk.actor.require(Action::ReadConsultation, &owner)?;
    if row.state == ConsultationState::Draft {
        desk.actor.require(Action::FileConsultation, &owner)?;
    }
    Ok(row)
}

/// `GET /consultations/{id}`
///
/// # Errors
/// Not found for what is foreign.
pub async fn show(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
) -> Result<Response> {
    let row = readable(&ctx, &desk, id).await?;
    render(&ctx, desk, row, Form::default(), StatusCode::OK).await
}

/// Leads back to the page after something was done, or shows it with what was refused and what was
/// typed.
pub(super) async fn lead_on(
    ctx: &Context,
    desk: Desk,
    id: ConsultationId,
    fields: Fields,
    done: Result<()>,
    word: &str,
) -> Result<Response> {
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/consultations/{id}?done={word}")).into_response());
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    let row = readable(ctx, &desk, id).await?;
    render(ctx, desk, row, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    row: consultation::Model,
    mut form: Form,
    status: StatusCode,
) -> Result<Response> {
    let db = ctx.store.read();
    let secretariat = visible::is_secretariat(&desk.actor);
    let mut may = may(&desk, &row);
    let filing = Filing::of(&row);
    let base = format!("/consultations/{}", row.id);
    let progress = Progress::of(db, ctx, &row).await?;
    let seats = match row.panel_id {
        Some(panel) => panels::seats(db, &[panel]).await?.get(&panel).copied(),
        None => None,
    };
    let accepted = seats.map_or(0, |seats| seats.accepted);
    may.go_on &= rules::may_go_on(row.state, accepted, row.demand).is_ok();
    let asked = seats.map_or(0, |seats| seats.accepted + seats.waiting);
    let shows_opinions = visible::opinions(row.state, secretariat);
    let opinions = if shows_opinions {
        OpinionView::newest(ctx, &progress, None, &base).await?
    } else {
        Vec::new()
    };
    let panel = match row.panel_id {
        Some(panel) => Some(panels::get(db, panel).await?),
        None => None,
    };
    if !form.fields.has("domains") {
        let typed = filing.fields();
        form.fields = form.fields.with("domains", typed.text("domains"));
    }
    let detail = DetailPage {
        unit: units::get(db, row.unit_id).await?.name,
        tag: rules::tag(row.state, secretariat),
        purpose: row.purpose.zh(),
        how: filing.form.zh(),
        meeting: match (filing.meeting_date, filing.meeting_half) {
            (Some(day), Some(half)) => format!("{}{}", dates::day_and_weekday(day), half.zh()),
            _ => String::new(),
        },
        wanted: row
            .wanted_by
            .map(dates::day_and_weekday)
            .unwrap_or_default(),
        domains: domain_labels(&filing.domains),
        text: lines(&filing.description),
        panel: row.panel_id,
        urgent: panel.as_ref().is_some_and(|panel| panel.urgent),
        papers: panel.as_ref().map_or_else(Vec::new, |panel| {
            RequestPaper::of(&row, panel, &progress, secretariat)
                .into_iter()
                .map(|(paper, title)| (paper.name(), title))
                .collect()
        }),
        seats: seats_bar(row.demand, seats),
        members: if visible::members(row.state, secretariat) {
            places(ctx, &row, &progress, may, shows_opinions)
        } else {
            Vec::new()
        },
        due: progress.due.map(dates::day_and_weekday).unwrap_or_default(),
        votes: if shows_opinions && rules::is_review(row.purpose) && !progress.members.is_empty() {
            progress.count.words()
        } else {
            String::new()
        },
        conclusion: Conclusion::of(ctx, &row),
        opinions,
        files: FileLink::all(&files::list(db, attachments(row.id)).await?, &base),
        history: history(ctx, row.id, secretariat).await?,
        may,
        take_in_by: row
            .submitted_at
            .map(|at| rules::take_in_by(dates::local_date(at, ctx.zone()), &ctx.calendar()))
            .map(dates::day_and_weekday)
            .unwrap_or_default(),
        consequence: if asked > 0 {
            format!("已联系的 {asked} 位专家会收到取消通知和致谢。")
        } else {
            String::new()
        },
        ratings: choices([
            (5, "5 分，很满意"),
            (4, "4 分，满意"),
            (3, "3 分，一般"),
            (2, "2 分，不满意"),
            (1, "1 分，很不满意"),
        ]),
        accepted,
        questions_left: rules::MOST_QUESTIONS - row.questions,
        form,
        filing,
        row,
        shell: desk.shell,
    };
    Ok(page_with_status(status, &detail))
}

fn may(desk: &Desk, row: &consultation::Model) -> May {
    use ConsultationState::{AskedAgain, Concluded, Standing, Submitted, Working};
    let owner = Owner::unit(row.unit_id);
    let allows = |action| policy::allows(&desk.actor, action, &owner);
    let writes = allows(Action::FileConsultation);
    let handles = allows(Action::HandleConsultation);
    May {
        change: writes && rules::may_change(row.state).is_ok(),
        withdraw: writes && !rules::has_ended(row.state),
        handle: handles && row.state == Submitted,
        confirm: allows(Action::ConfirmConsultation) && row.state == Concluded,
        go_on: handles,
        name_head: handles && matches!(row.state, Standing | Working | AskedAgain),
        see_panel: policy::allows(&desk.actor, Action::ReadPanels, &Owner::ALLIANCE),
    }
}

fn places(
    ctx: &Context,
    row: &consultation::Model,
    progress: &Progress,
    may: May,
    shows_opinions: bool,
) -> Vec<Seat> {
    let late = progress.late(ctx.today());
    let leads_alone = row.demand == 1;
    progress
        .members
        .iter()
        .map(|member| Seat {
            opinion: shows_opinions.then(|| filed(progress, member, late)),
            ..seat(member, may, leads_alone)
        })
        .collect()
}

fn filed(progress: &Progress, member: &Member, late: bool) -> Tag {
    let (class, word) = match (progress.newest(member), late) {
        (Some(_), _) => ("ok", "已提交"),
        (None, false) => ("wait", "未提交"),
        (None, true) => ("bad", "逾期未交"),
    };
    Tag { class, word }
}

fn seat(member: &Member, may: May, leads_alone: bool) -> Seat {
    let (assignment, expert) = (&member.assignment, &member.expert);
    let remark = if assignment.head {
        "组长"
    } else if assignment.head_asked && may.name_head {
        "已请任组长，待答复"
    } else if assignment.head_declined_at.is_some() && may.name_head {
        "谢绝任组长"
    } else if expert.guest {
        "特邀专家"
    } else {
        ""
    };
    Seat {
        assignment: assignment.id,
        name: expert.person.name.clone(),
        sample: expert.person.sample,
        unit: expert.unit_name.clone(),
        work: [expert.position.as_str(), expert.title.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("，"),
        kind: match expert.kind {
            ExpertKind::Technical => "技术",
            ExpertKind::Standardization => "标准化",
        },
        remark,
        opinion: None,
        may_head: may.name_head && !leads_alone && !assignment.head && !assignment.head_asked,
    }
}

/// What happened. Requesters are not told which expert was first with an opinion.
async fn history(ctx: &Context, id: ConsultationId, secretariat: bool) -> Result<Vec<Line>> {
    let db = ctx.store.read();
    let rows = store::events(db, id).await?;
    let ids: Vec<_> = rows.iter().filter_map(|row| row.by_person).collect();
    let people = people::by_ids(db, &ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let hidden = !secretariat && events::is_of_expert(&row.code);
            let person = row
                .by_person
                .filter(|_| !hidden)
                .and_then(|id| people.get(&id));
            let mut text = lines(&row.note).into_iter();
            Line {
                when: dates::moment(row.at, ctx.zone()),
                who: person.map(|person| person.name.clone()).unwrap_or_default(),
                sample: person.is_some_and(|person| person.sample),
                what: events::words(&row.code),
                note: text.next().unwrap_or_default(),
                more: text.collect(),
            }
        })
        .collect())
}
