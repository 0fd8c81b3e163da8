//! Writing a request: kept as a draft first, handed in when everything is there. What was typed is
//! kept before it is judged, so that neither text nor files are lost.

use chrono::Datelike;
use entity::{
    consultation::{self, ConsultationState},
    ids::{ConsultationId, PersonId, UnitId},
};
use sea_orm::ActiveValue::Set;

use super::{
    events::{self, note},
    filing::Filing,
    mails,
    rules::{self, Step},
    store,
};
use crate::foundation::{
    context::Context,
    error::{Error, FieldErrors, Refusal, Result},
    files::{self, Owner, Upload},
    numbers,
    store::WriteTx,
};

/// A request to be written down.
#[derive(Clone, Debug)]
pub struct NewDraft {
    /// Who asks.
    pub unit: UnitId,
    /// The contact who writes.
    pub by: PersonId,
    /// What it says so far.
    pub filing: Filing,
}

/// Where the attachments of a request are kept.
pub(super) fn attachments(id: ConsultationId) -> Owner {
    Owner {
        kind: "consultation",
        id: id.0,
        part: "attachment",
    }
}

/// Writes a new draft down.
///
/// # Errors
/// When the database fails.
pub async fn file_draft(tx: &WriteTx, new: &NewDraft) -> Result<ConsultationId> {
    let id: ConsultationId = tx.id();
    let mut row = consultation::ActiveModel {
        id: Set(id),
        number: Set(None),
        unit_id: Set(new.unit),
        filed_by: Set(new.by),
        state: Set(ConsultationState::Draft),
        panel_id: Set(None),
        note: Set(String::new()),
        conclusion: Set(String::new()),
        conclusion_verdict: Set(None),
        conclusion_by: Set(None),
        concluded_at: Set(None),
        questions: Set(0),
        question_text: Set(String::new()),
        rating: Set(None),
        rating_note: Set(String::new()),
        submitted_at: Set(None),
        accepted_at: Set(None),
        accepted_by: Set(None),
        closed_at: Set(None),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        version: Set(1),
        ..Default::default()
    };
    new.filing.set(&mut row);
    store::insert(tx, row).await?;
    Ok(id)
}

/// Writes what a draft (or a returned request) says now.
pub(super) async fn save_draft(
    tx: &WriteTx,
    id: ConsultationId,
    filing: &Filing,
    version: i32,
) -> Result<consultation::Model> {
    let row = store::lock(tx, id).await?;
    if !matches!(
        row.state,
        ConsultationState::Draft | ConsultationState::Returned
    ) {
        return Err(Refusal::new("consultations.not_now")
            .with("state", word(row.state))
            .into());
    }
    same_version(&row, version)?;
    let mut next: consultation::ActiveModel = row.clone().into();
    filing.set(&mut next);
    next.version = Set(row.version + 1);
    next.updated_at = Set(tx.now());
    store::update(tx, next).await
}

/// Keeps uploaded files, up to the configured number in all.
pub(super) async fn keep_files(
    ctx: &Context,
    tx: &WriteTx,
    id: ConsultationId,
    uploads: &[&Upload],
) -> Result<()> {
    let limits = &ctx.config.files;
    let kept = files::list(tx.db(), attachments(id)).await?.len();
    if kept + uploads.len() > limits.max_files {
        return Err(Refusal::new("file.too_many")
            .with("max", limits.max_files)
            .into());
    }
    for upload in uploads {
        files::keep(tx, attachments(id), upload, limits).await?;
    }
    Ok(())
}

/// Hands a draft in: it gets its number, once and for all.
pub async fn submit(
    ctx: &Context,
    tx: &WriteTx,
    id: ConsultationId,
    by: PersonId,
) -> Result<String> {
    let row = store::lock(tx, id).await?;
    let state = rules::next(row.state, Step::Submit)?;
    if let Some(open) = Filing::of(&row).undecided.first() {
        return Err(FieldErrors::at(open, Refusal::new("form.choose")).into());
    }
    let number = match &row.number {
        Some(number) => number.clone(),
        None => {
            let year = ctx.today().year();
            format!(
                "ZX-{year}-{:04}",
                numbers::next(tx, "consultation", year).await?
            )
        }
    };
    let mut next: consultation::ActiveModel = row.clone().into();
    next.state = Set(state);
    next.number = Set(Some(number.clone()));
    next.note = Set(String::new());
    next.submitted_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    let row = store::update(tx, next).await?;
    let event = note(tx, &row, Some(by), events::SUBMITTED, "").await?;
    let take_in_by = rules::take_in_by(ctx.today(), &ctx.calendar());
    mails::to_unit(tx, &row, event, &mails::Received::of(&row, take_in_by)).await?;
    Ok(number)
}

/// Refuses when the row was changed since the form was shown.
pub(super) fn same_version(row: &consultation::Model, version: i32) -> Result<()> {
    if row.version == version {
        Ok(())
    } else {
        Err(Error::Conflict(Refusal::new(
            "consultations.changed_elsewhere",
        )))
    }
}

fn word(state: ConsultationState) -> &'static str {
    crate::foundation::texts::Label::zh(state)
}

/// What a change was, for the record: names of the parts that differ.
pub(super) fn difference(before: &Filing, after: &Filing) -> Vec<&'static str> {
    let mut parts = Vec::new();
    let mut part = |differs: bool, name| {
        if differs {
            parts.push(name);
        }
    };
    part(before.title != after.title, "名称");
    part(before.description != after.description, "要解决的问题");
    part(
        before.standard_name != after.standard_name
            || before.standard_number != after.standard_number,
        "标准",
    );
    part(
        before.drafting_units != after.drafting_units || before.drafters != after.drafters,
        "起草单位和起草人",
    );
    part(before.recusals != after.recusals, "其他回避");
    part(
        before.domains != after.domains || before.keywords != after.keywords,
        "领域",
    );
    part(
        before.demand != after.demand || before.purpose != after.purpose,
        "目的和人数",
    );
    part(
        before.meeting_date != after.meeting_date
            || before.meeting_half != after.meeting_half
            || before.form != after.form,
        "会议时间",
    );
    part(before.place != after.place, "会议地点");
    part(before.wanted_by != after.wanted_by, "答复日期");
    part(before.wishes != after.wishes, "希望邀请的专家");
    part(before.confidential != after.confidential, "保密");
    parts
}
