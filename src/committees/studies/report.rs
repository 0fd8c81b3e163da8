//! An expert files what the milestone asks for; a later one is a new version, the former ones stay.

use entity::{
    ids::{AssignmentId, StudyId, StudyReportId},
    study,
    study_milestone::{self, MilestoneKind},
    study_report,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    events::note,
    mails,
    rules::{self, Step},
    store,
};
use crate::{
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        files::{self, Owner, Upload},
        links::Token,
        store::WriteTx,
        texts::Label,
    },
    panels::{self, Work},
};

/// Most files of one report.
pub(super) const MOST_FILES: usize = 5;

/// Where the files of a report are kept.
pub(super) fn report_files(id: StudyReportId) -> Owner {
    Owner {
        kind: "study_report",
        id: id.0,
        part: "file",
    }
}

/// Where files wait that were uploaded for a report which is not filed yet.
pub(super) fn waiting_files(id: AssignmentId) -> Owner {
    Owner {
        kind: "assignment",
        id: id.0,
        part: "study_report",
    }
}

/// Keeps a file for the report that is being written, so that it stays whatever else is refused.
///
/// # Errors
/// `file.too_many` and what files are refused for; `studies.closed`.
pub async fn keep_file(ctx: &Context, token: &Token, upload: &Upload) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let (_, work) = at_work(ctx, &tx, token).await?;
    let owner = waiting_files(work.member.assignment.id);
    if files::list(tx.db(), owner).await?.len() >= MOST_FILES {
        return Err(Refusal::new("file.too_many").with("max", MOST_FILES).into());
    }
    files::keep(&tx, owner, upload, &ctx.config.files).await?;
    tx.commit().await
}

/// Files a version for the milestone that is worked on, with the files that were uploaded for it. The
/// committee is told.
///
/// # Errors
/// `studies.closed` once the study has ended; `studies.not_now` before the panel stands.
pub async fn file_report(ctx: &Context, token: &Token, text: &str) -> Result<MilestoneKind> {
    let tx = ctx.store.begin().await?;
    let (row, work) = at_work(ctx, &tx, token).await?;
    let state = rules::next(row.state, Step::File)?;
    let milestone = current(&tx, row.id).await?;
    let kind = milestone.kind;
    let versions = store::reports(tx.db(), row.id).await?;
    let version = versions
        .iter()
        .filter(|report| report.kind == kind)
        .map(|report| report.version)
        .max()
        .unwrap_or(0)
        + 1;
    let assignment = &work.member.assignment;
    let id: StudyReportId = tx.id();
    study_report::Entity::insert(study_report::ActiveModel {
        id: Set(id),
        study_id: Set(row.id),
        kind: Set(kind),
        version: Set(version),
        assignment_id: Set(assignment.id),
        person_id: Set(assignment.person_id),
        text: Set(text.to_owned()),
        filed_at: Set(tx.now()),
    })
    .exec_without_returning(tx.db())
    .await?;
    files::hand_over(&tx, waiting_files(assignment.id), report_files(id)).await?;
    let row = store::update(
        &tx,
        study::ActiveModel {
            id: Set(row.id),
            state: Set(state),
            ..Default::default()
        },
    )
    .await?;
    let said = format!("{}，第 {version} 稿", kind.zh());
    let by = Some(assignment.person_id);
    let event = note(&tx, &row, by, "studies.filed", &said).await?;
    let mail = mails::Filed::of(&row, kind, version);
    mails::to_officers(&tx, &row, event, &mail).await?;
    tx.commit().await?;
    Ok(kind)
}

/// The milestone that is worked on.
pub(super) async fn current(tx: &WriteTx, id: StudyId) -> Result<study_milestone::Model> {
    let milestones = store::milestones(tx.db(), id).await?;
    rules::current(&milestones)
        .cloned()
        .ok_or_else(|| Error::internal("a study that goes on has an open milestone"))
}

/// The study and the member behind a work link, the study locked.
///
/// # Errors
/// `studies.closed` when nothing can be filed any more.
async fn at_work(ctx: &Context, tx: &WriteTx, token: &Token) -> Result<(study::Model, Work)> {
    let panel = panels::member_by_work_token(tx.db(), &ctx.links, token)
        .await?
        .panel;
    let row = store::lock(tx, StudyId(panel.owner_id)).await?;
    // Read again: the member may have left before the lock was taken.
    let work = panels::member_by_work_token(tx.db(), &ctx.links, token).await?;
    rules::next(row.state, Step::File)?;
    if work.goes_on() {
        Ok((row, work))
    } else {
        Err(Refusal::new("studies.not_now")
            .with("state", row.state.zh())
            .into())
    }
}
