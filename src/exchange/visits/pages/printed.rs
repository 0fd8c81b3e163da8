//! Papers of a visit and files of its reports.

use axum::{
    extract::{Path, State},
    response::Response,
};
use entity::ids::{FileId, VisitId};

use super::view::readable;
use crate::{
    accounts::Desk,
    exchange::visits::{
        papers::{self, About},
        report::report_files,
        rules, store, visitors,
    },
    foundation::{
        context::Context,
        error::{Error, Result},
        files,
        ui::{AskedPaper, Printed, download},
    },
    units,
};

/// `GET /exchange/visits/{id}/papers/{paper}`: `sending`, `host`, and the same with `.docx`.
///
/// # Errors
/// [`Error::NotFound`] for papers of others, and while nothing is agreed.
pub async fn paper(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, name)): Path<(VisitId, String)>,
) -> Result<Response> {
    let visit = readable(&ctx, &desk, id).await?;
    let db = ctx.store.read();
    let all = store::terms(db, id).await?;
    let terms = store::find_terms(&all, visit.agreed_version)
        .filter(|_| rules::is_live(visit.state))
        .ok_or(Error::NotFound)?;
    let (sending, host) = (
        units::get(db, visit.sending_unit_id).await?.name,
        units::get(db, visit.host_unit_id).await?.name,
    );
    let about = About {
        visit: &visit,
        terms,
        people: &visitors::of_terms(db, terms).await?,
        sending: &sending,
        host: &host,
        today: ctx.today(),
    };
    let asked = AskedPaper::read(&name);
    let (title, paper) = match asked.name {
        "sending" => ("派出函", papers::sending_letter(&about)),
        "host" => ("接收函", papers::host_letter(&about)),
        _ => return Err(Error::NotFound),
    };
    let printed = Printed {
        title,
        about: visit.number.clone(),
        paper,
    };
    let page = format!("/exchange/visits/{id}");
    printed.answer(asked, desk.shell, page.clone(), &format!("{page}/papers"))
}

/// `GET /exchange/visits/{id}/files/{file}`: a file of a report.
///
/// # Errors
/// [`Error::NotFound`] for files of others.
pub async fn load(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, file)): Path<(VisitId, FileId)>,
) -> Result<Response> {
    readable(&ctx, &desk, id).await?;
    let db = ctx.store.read();
    for report in store::reports(db, id).await? {
        match files::read(db, report_files(report.id), file).await {
            Err(Error::NotFound) => {}
            found => {
                let (file, bytes) = found?;
                return Ok(download(&file.name, &file.media_type, bytes));
            }
        }
    }
    Err(Error::NotFound)
}
