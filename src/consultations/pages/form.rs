//! `/consultations/new`, `/consultations/{id}/edit`: writing and changing a request.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    consultation::{self, ConsultationState, Purpose},
    file,
    ids::{ConsultationId, FileId},
    panel::{Half, MeetingForm},
};
use sea_orm::{ActiveEnum, Iterable};

use crate::{
    accounts::{Action, Desk, Owner},
    consultations::{
        change::change,
        draft::{NewDraft, attachments, file_draft, keep_files, save_draft, submit},
        filing::{Filing, Ground},
        panel_facts, rules, store,
    },
    foundation::{
        classification::DomainCode,
        context::Context,
        error::{Error, FieldErrors, Result},
        files,
        texts::Label,
        ui::{
            Fields, Form, Shell, Submission, Tag, dates, form::Choice, form::choices,
            page_with_status,
        },
    },
    panels::{self, Coverage, CoverageQuestion, Meeting, Verdict},
    units,
};

struct CoverageRow {
    code: String,
    name: String,
    experts: usize,
}

struct CoverageNote {
    rows: Vec<CoverageRow>,
    total: usize,
    kinds: String,
    left_out: String,
    tag: Option<Tag>,
    advice: String,
}

#[derive(Template)]
#[template(path = "consultations/templates/form.html")]
struct FormPage {
    shell: Shell,
    form: Form,
    action: String,
    row: Option<consultation::Model>,
    tag: Tag,
    purposes: Vec<Choice>,
    forms: Vec<Choice>,
    halves: Vec<Choice>,
    files: Vec<file::Model>,
    limit: usize,
    coverage: CoverageNote,
    time: String,
    consequence: String,
    at: String,
}

impl FormPage {
    fn is_draft(&self) -> bool {
        self.row.as_ref().is_none_or(|row| {
            matches!(
                row.state,
                ConsultationState::Draft | ConsultationState::Returned
            )
        })
    }

    fn heading(&self) -> &'static str {
        match &self.row {
            None => "提交咨询申请",
            Some(_) if self.is_draft() => "继续填写咨询申请",
            Some(_) => "修改咨询申请",
        }
    }
}

/// `GET /consultations/new`
///
/// # Errors
/// Not found for people who are no contact.
pub async fn new(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    desk.actor.unit()?;
    let form = Form::new(Fields::default().with("form", "on_site"));
    render(&ctx, desk, form, None, StatusCode::OK).await
}

/// `POST /consultations`
///
/// # Errors
/// Not found for people who are no contact.
pub async fn post_new(
    State(ctx): State<Context>,
    desk: Desk,
    submission: Submission,
) -> Result<Response> {
    let unit = desk.actor.unit()?;
    desk.actor
        .require(Action::FileConsultation, &Owner::unit(unit))?;
    if submission.fields.text("do") == "cover" {
        return render(
            &ctx,
            desk,
            Form::new(submission.fields),
            None,
            StatusCode::OK,
        )
        .await;
    }
    let (filing, mut errors) = read(&ctx, &submission.fields).await?;
    let tx = ctx.store.begin().await?;
    let id = file_draft(
        &tx,
        &NewDraft {
            unit,
            by: desk.actor.person,
            filing,
        },
    )
    .await?;
    tx.commit().await?;
    take_files(&ctx, id, &submission, &mut errors).await?;
    go_on(&ctx, desk, id, submission.fields, errors).await
}

/// `GET /consultations/{id}/edit`
///
/// # Errors
/// Not found for what is foreign or can no longer be changed.
pub async fn edit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
) -> Result<Response> {
    let row = own(&ctx, &desk, id).await?;
    rules::may_change(row.state)?;
    let form = Form::new(Filing::of(&row).fields().with("version", row.version));
    render(&ctx, desk, form, Some(row), StatusCode::OK).await
}

/// `POST /consultations/{id}/edit`
///
/// # Errors
/// Not found for what is foreign.
pub async fn post_edit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
    submission: Submission,
) -> Result<Response> {
    let row = own(&ctx, &desk, id).await?;
    if submission.fields.text("do") == "cover" {
        return render(
            &ctx,
            desk,
            Form::new(submission.fields),
            Some(row),
            StatusCode::OK,
        )
        .await;
    }
    let (filing, mut errors) = read(&ctx, &submission.fields).await?;
    let version = submission.fields.text("version").parse().unwrap_or(0);
    if matches!(
        row.state,
        ConsultationState::Draft | ConsultationState::Returned
    ) {
        let saved = async {
            let tx = ctx.store.begin().await?;
            save_draft(&tx, id, &filing, version).await?;
            tx.commit().await
        };
        if let Err(error) = saved.await {
            let form = Form::refused(submission.fields, error.into_form_errors()?);
            return render(
                &ctx,
                desk,
                form,
                Some(row),
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await;
        }
        take_files(&ctx, id, &submission, &mut errors).await?;
        return go_on(&ctx, desk, id, submission.fields, errors).await;
    }
    take_files(&ctx, id, &submission, &mut errors).await?;
    if errors.is_empty()
        && let Err(error) = change(&ctx, id, desk.actor.person, &filing, version).await
    {
        errors = error.into_form_errors()?;
    }
    if errors.is_empty() {
        return Ok(Redirect::to(&format!("/consultations/{id}?done=saved")).into_response());
    }
    let form = Form::refused(submission.fields, errors);
    render(
        &ctx,
        desk,
        form,
        Some(row),
        StatusCode::UNPROCESSABLE_ENTITY,
    )
    .await
}

/// `POST /consultations/{id}/files/{file}/remove`
///
/// # Errors
/// Not found for what is foreign.
pub async fn remove_file(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, file)): Path<(ConsultationId, FileId)>,
) -> Result<Response> {
    let row = own(&ctx, &desk, id).await?;
    rules::may_change(row.state)?;
    let tx = ctx.store.begin().await?;
    files::remove(&tx, attachments(id), file).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/consultations/{id}/edit?done=saved")).into_response())
}

/// A request of the actor's own unit.
async fn own(ctx: &Context, desk: &Desk, id: ConsultationId) -> Result<consultation::Model> {
    let row = store::get(ctx.store.read(), id).await?;
    desk.actor
        .require(Action::FileConsultation, &Owner::unit(row.unit_id))?;
    Ok(row)
}

async fn read(ctx: &Context, fields: &Fields) -> Result<(Filing, FieldErrors)> {
    let units = units::all(ctx.store.read()).await?;
    let calendar = ctx.calendar();
    Ok(Filing::read(
        fields,
        Ground {
            units: &units,
            calendar: &calendar,
            today: ctx.today(),
        },
    ))
}

/// Keeps what was uploaded, whatever else is wrong; what cannot be kept is said at the field.
async fn take_files(
    ctx: &Context,
    id: ConsultationId,
    submission: &Submission,
    errors: &mut FieldErrors,
) -> Result<()> {
    for upload in submission.uploads("files") {
        let tx = ctx.store.begin().await?;
        match keep_files(ctx, &tx, id, &[upload]).await {
            Ok(()) => tx.commit().await?,
            Err(Error::Refused(refusal)) => errors.add("files", refusal),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// After the draft is kept: hand it in when that was asked and everything is there, otherwise show
/// what is wrong, or that it is saved.
async fn go_on(
    ctx: &Context,
    desk: Desk,
    id: ConsultationId,
    fields: Fields,
    mut errors: FieldErrors,
) -> Result<Response> {
    let submitting = fields.text("do") == "submit";
    if submitting && errors.is_empty() {
        let tx = ctx.store.begin().await?;
        match submit(ctx, &tx, id, desk.actor.person).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(Redirect::to(&format!("/consultations/{id}?done=sent")).into_response());
            }
            Err(error) => errors = error.into_form_errors()?,
        }
    } else if !submitting && errors.of("files").is_none() {
        return Ok(Redirect::to(&format!("/consultations/{id}/edit?done=saved")).into_response());
    }
    let row = store::get(ctx.store.read(), id).await?;
    let kept: Vec<_> = fields
        .iter()
        .filter(|(name, _)| *name != "version")
        .collect();
    let fields = kept
        .into_iter()
        .fold(Fields::default(), |fields, (name, value)| {
            fields.with(name, value)
        })
        .with("version", row.version);
    let form = Form::refused(fields, errors);
    render(ctx, desk, form, Some(row), StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    form: Form,
    row: Option<consultation::Model>,
    status: StatusCode,
) -> Result<Response> {
    let (filing, _) = read(ctx, &form.fields).await?;
    let unit = match &row {
        Some(row) => row.unit_id,
        None => desk.actor.unit()?,
    };
    let all_units = units::all(ctx.store.read()).await?;
    let meeting = filing
        .meeting_date
        .zip(filing.meeting_half)
        .map(|(day, half)| Meeting::new(day, half, ctx.zone()));
    let coverage = panels::coverage(
        ctx,
        &CoverageQuestion {
            title: filing.title.clone(),
            text: filing.description.clone(),
            domains: filing.domains.clone(),
            keywords: filing.keywords.clone(),
            demand: filing.demand,
            asking_unit: Some(unit),
            recusals: panel_facts::recusals(&filing, &all_units),
            meeting,
            wanted_by: filing.wanted_by,
        },
    )
    .await?;
    let files = match &row {
        Some(row) => files::list(ctx.store.read(), attachments(row.id)).await?,
        None => Vec::new(),
    };
    let consequence = consequence(ctx, row.as_ref()).await?;
    let tag = row.as_ref().map_or(
        Tag {
            class: "",
            word: "草稿",
        },
        |row| rules::tag(row.state, false),
    );
    Ok(page_with_status(
        status,
        &FormPage {
            action: row.as_ref().map_or("/consultations".to_owned(), |row| {
                format!("/consultations/{}/edit", row.id)
            }),
            tag,
            purposes: choices(Purpose::iter().map(|purpose| (purpose.to_value(), purpose.zh()))),
            forms: choices(MeetingForm::iter().map(|form| (form.to_value(), form.zh()))),
            halves: choices(Half::iter().map(|half| (half.to_value(), half.zh()))),
            files,
            limit: ctx.config.files.max_mb,
            coverage: coverage_note(&coverage, filing.demand),
            time: time_note(ctx, &filing)?,
            consequence,
            at: dates::moment(ctx.now(), ctx.zone()),
            form,
            row,
            shell: desk.shell,
        },
    ))
}

fn coverage_note(coverage: &Coverage, demand: i32) -> CoverageNote {
    let rows = coverage
        .domains
        .iter()
        .map(|domain| CoverageRow {
            code: domain
                .code
                .split_once(':')
                .map_or("", |(_, bare)| bare)
                .to_owned(),
            name: domain
                .code
                .parse::<DomainCode>()
                .map(|code| code.label())
                .unwrap_or_default(),
            experts: domain.experts.total(),
        })
        .collect();
    let (tag, advice) = match coverage.verdict {
        None => (None, "写了名称和要解决的问题，这里就有估计。".to_owned()),
        Some(Verdict::Ample) => (
            Some(Tag {
                class: "ok",
                word: "充足",
            }),
            format!("请 {} 人够用，有人不能参加时也来得及换。", demand.max(1)),
        ),
        Some(Verdict::Tight) => (
            Some(Tag {
                class: "wait",
                word: "偏紧",
            }),
            "刚够用；有人不能参加时，可能要另请特邀专家。".to_owned(),
        ),
        Some(Verdict::Short) => (
            Some(Tag {
                class: "bad",
                word: "不足",
            }),
            "库内合适的专家不够，可以减少人数，或由秘书处请特邀专家。".to_owned(),
        ),
    };
    let mut left_out = Vec::new();
    if coverage.recused > 0 {
        left_out.push(format!("{} 人须回避", coverage.recused));
    }
    if coverage.unavailable > 0 {
        left_out.push(format!("{} 人那天没有时间", coverage.unavailable));
    }
    CoverageNote {
        rows,
        total: coverage.suitable.total(),
        kinds: format!(
            "技术类 {} 人，标准化类 {} 人，来自 {} 个单位",
            coverage.suitable.technical, coverage.suitable.standardization, coverage.units
        ),
        left_out: left_out.join("，"),
        tag,
        advice,
    }
}

/// Whether there is time to ask, and to ask somebody else.
fn time_note(ctx: &Context, filing: &Filing) -> Result<String> {
    let Some(day) = filing.meeting_date.or(filing.wanted_by) else {
        return Ok("填了日期，这里就有估计。".to_owned());
    };
    let calendar = ctx.calendar();
    let left = calendar.working_days_between(ctx.today(), day);
    let rounds = panels::rounds_before(ctx, day)?;
    let provisional = if left.provisional {
        "（暂定，放假安排公布后重算）"
    } else {
        ""
    };
    let again = match rounds {
        0 => "专家来不及答复，请改期".to_owned(),
        1 => "只来得及邀请一次".to_owned(),
        more => format!("来得及补邀 {} 轮", more - 1),
    };
    Ok(format!(
        "到{}还有 {} 个工作日{provisional}，{again}。",
        dates::day(day),
        left.value
    ))
}

/// What a change of a request that is under way sets off, said above the button.
async fn consequence(ctx: &Context, row: Option<&consultation::Model>) -> Result<String> {
    let Some(panel) = row.and_then(|row| row.panel_id) else {
        return Ok(String::new());
    };
    let seats: HashMap<_, _> = panels::seats(ctx.store.read(), &[panel]).await?;
    let asked = seats
        .get(&panel)
        .map_or(0, |seats| seats.accepted + seats.waiting);
    Ok(if asked == 0 {
        String::new()
    } else {
        format!("已联系 {asked} 位专家：改会议时间会请他们重新答复，改地点会通知他们，并更新日历。")
    })
}
