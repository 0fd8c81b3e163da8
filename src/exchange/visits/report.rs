//! The report about a visit, with versions and files.

use entity::{
    ids::{PersonId, VisitId, VisitReportId},
    visit, visit_report,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    mails, matter,
    rules::{self, Step},
    store,
};
use crate::{
    exchange::events,
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        files::{self, Owner, Upload},
    },
};

/// Where the files of a report are kept.
pub(super) fn report_files(id: VisitReportId) -> Owner {
    Owner {
        kind: "visit_report",
        id: id.0,
        part: "attachment",
    }
}

/// Files a report; a later one is a new version, the former ones stay.
///
/// # Errors
/// `exchange.report_early` before the return, `exchange.report_closed` after the end; refusals of
/// files.
pub async fn file_report(
    ctx: &Context,
    id: VisitId,
    by: PersonId,
    text: &str,
    uploads: &[&Upload],
) -> Result<()> {
    let limits = &ctx.config.files;
    if uploads.len() > limits.max_files {
        let refusal = Refusal::new("file.too_many").with("max", limits.max_files);
        return Err(refusal.into());
    }
    let tx = ctx.store.begin().await?;
    let visit = store::lock_visit(&tx, id).await?;
    let state = rules::next(visit.state, Step::Report, &visit.number)?;
    let version = store::reports(tx.db(), id)
        .await?
        .first()
        .map_or(1, |newest| newest.version + 1);
    let report: VisitReportId = tx.id();
    visit_report::Entity::insert(visit_report::ActiveModel {
        id: Set(report),
        visit_id: Set(id),
        version: Set(version),
        text: Set(text.to_owned()),
        filed_by: Set(by),
        filed_at: Set(tx.now()),
    })
    .exec_without_returning(tx.db())
    .await?;
    for upload in uploads {
        files::keep(&tx, report_files(report), upload, limits).await?;
    }
    let note = format!("第 {version} 版");
    let event = events::note(&tx, matter(id), Some(by), "exchange.reported", &note).await?;
    let mut next: visit::ActiveModel = visit.into();
    next.state = Set(state);
    next.updated_at = Set(tx.now());
    let visit = store::update(&tx, next).await?;
    let all = store::terms(tx.db(), id).await?;
    let terms = store::find_terms(&all, visit.agreed_version)
        .ok_or_else(|| Error::internal("an agreed visit has no terms that hold"))?;
    let facts = mails::Facts::of(tx.db(), &visit, terms).await?;
    mails::to_unit::<mails::Reported>(&tx, &facts, visit.host_unit_id, event, &[]).await?;
    mails::to_group::<mails::ReportedForGroup>(&tx, &facts, event, &[]).await?;
    tx.commit().await
}
