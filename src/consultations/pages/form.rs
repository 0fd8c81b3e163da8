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
    ids::{ConsultationId, FileId},
    panel::{Half, MeetingForm},
};
use sea_orm::{ActiveEnum, Iterable};

use super::{
    coverage::{CoverageNote, check_time, estimate, time_note},
    view::FileLink,
};
use crate::{
    accounts::{Action, Desk, Owner},
    consultations::{
        change::change,
        draft::{NewDraft, attachments, file_draft, keep_files, save_draft, submit},
        filing::{Filing, Ground},
        rules, store,
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        files,
        texts::Label,
        ui::{
            Fields, Form, Shell, Submission, Tag, dates, form::Choice, form::choices,
            page_with_status,
        },
    },
    panels, units,
};

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
    files: Vec<FileLink>,
    files_hint: String,
    coverage: CoverageNote,
    time: String,
    consequence: String,
    at: String,
}

impl FormPage {
    fn is_draft(&self) -> bool {
        self.row.as_ref().is_none_or(|row| is_draft(row.state))
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
    render(&ctx, desk, Form::default(), None, StatusCode::OK).await
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
    let (filing, mut errors) = read(&ctx, &submission.fields, None).await?;
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
    let mut fields = Filing::of(&row).fields().with("version", row.version);
    if !is_draft(row.state) {
        // Names of units outside the register were confirmed when it was handed in.
        fields = fields.with("outside", "1");
    }
    let form = Form::new(fields);
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
    let (filing, mut errors) = read(&ctx, &submission.fields, Some(&row)).await?;
    let version = submission.fields.text("version").parse().unwrap_or(0);
    if is_draft(row.state) {
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

/// Reads the form. What was agreed with experts before is not judged again.
async fn read(
    ctx: &Context,
    fields: &Fields,
    row: Option<&consultation::Model>,
) -> Result<(Filing, FieldErrors)> {
    let units = units::all(ctx.store.read()).await?;
    let calendar = ctx.calendar();
    let agreed = row.filter(|row| !is_draft(row.state)).map(Filing::of);
    let (filing, mut errors) = Filing::read(
        fields,
        Ground {
            units: &units,
            calendar: &calendar,
            today: ctx.today(),
            agreed: agreed.as_ref(),
        },
    );
    let days = |filing: &Filing| (filing.meeting_date, filing.meeting_half, filing.wanted_by);
    let moved = agreed.is_none_or(|agreed| days(&agreed) != days(&filing));
    if moved
        && let Some((field, refusal)) = check_time(ctx, &filing)?
        && errors.of(field).is_none()
    {
        errors.add(field, refusal);
    }
    Ok((filing, errors))
}

/// Whether the request is still written, and not yet judged by anybody else.
fn is_draft(state: ConsultationState) -> bool {
    matches!(
        state,
        ConsultationState::Draft | ConsultationState::Returned
    )
}

/// What cannot be kept in a draft, because it could not be understood: dates, numbers, codes.
fn not_kept(errors: FieldErrors) -> FieldErrors {
    let mut lost = FieldErrors::default();
    for (field, refusal) in errors.iter() {
        if matches!(
            refusal.code,
            "form.not_a_date" | "form.not_a_number" | "form.out_of_range" | "form.code_unknown"
        ) || field == "files"
        {
            lost.add(field, refusal.clone());
        }
    }
    lost
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
    } else if !submitting {
        errors = not_kept(errors);
        if errors.is_empty() {
            return Ok(
                Redirect::to(&format!("/consultations/{id}/edit?done=saved")).into_response(),
            );
        }
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
    let (filing, _) = read(ctx, &form.fields, row.as_ref()).await?;
    let unit = match &row {
        Some(row) => row.unit_id,
        None => desk.actor.unit()?,
    };
    let files = match &row {
        Some(row) => FileLink::all(
            &files::list(ctx.store.read(), attachments(row.id)).await?,
            &format!("/consultations/{}", row.id),
        ),
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
            files_hint: format!("每个不超过 {} MB，可多选。", ctx.config.files.max_mb),
            coverage: estimate(ctx, unit, &filing).await?,
            time: time_note(ctx, &filing)?,
            consequence,
            at: dates::moment(ctx.now(), ctx.zone()),
            form,
            row,
            shell: desk.shell,
        },
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
