//! `/experts/{id}/papers/…` and the stamped form.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use entity::{
    expert,
    ids::{ExpertId, FileId},
    person, unit,
};

use super::view;
use crate::{
    accounts::{Action, Desk},
    experts::{
        papers::{self, About},
        recommend, store,
    },
    foundation::{
        context::Context,
        documents::Paper,
        error::{Error, Result},
        files,
        ui::{DOCX, Shell, download, page},
    },
    people, units,
};

#[derive(Template)]
#[template(path = "experts/templates/paper.html")]
struct PaperPage {
    shell: Shell,
    title: &'static str,
    back: String,
    file: String,
    sheets: String,
}

/// Where a paper is shown.
pub(super) struct Place {
    /// Where one goes back to.
    pub back: String,
    /// Path of the page without the last part.
    pub folder: String,
}

/// `GET /experts/{id}/papers/{paper}`: `nomination`, `engagement`, and the same with `.docx`.
///
/// # Errors
/// [`Error::NotFound`] for papers of others and before there is one.
pub async fn paper(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, name)): Path<(ExpertId, String)>,
) -> Result<Response> {
    let row = store::find(ctx.store.read(), id).await?;
    desk.actor.require(Action::ReadPapers, &view::owner(&row))?;
    let back = if desk.actor.is_secretariat() {
        "experts"
    } else {
        "nominations"
    };
    let place = Place {
        back: format!("/{back}/{id}"),
        folder: format!("/experts/{id}/papers"),
    };
    answer(&ctx, desk.shell, &row, &name, place).await
}

/// The page or file of a paper.
pub(super) async fn answer(
    ctx: &Context,
    shell: Shell,
    row: &expert::Model,
    name: &str,
    place: Place,
) -> Result<Response> {
    let (kind, as_file) = match name.strip_suffix(".docx") {
        Some(kind) => (kind, true),
        None => (name, false),
    };
    let person = people::get(ctx.store.read(), row.person_id).await?;
    let unit = match row.unit_id {
        Some(id) => Some(units::get(ctx.store.read(), id).await?),
        None => None,
    };
    let (title, paper) = make(ctx, row, &person, unit.as_ref(), kind).ok_or(Error::NotFound)?;
    if as_file {
        let bytes = paper.to_docx().map_err(Error::internal)?;
        return Ok(download(
            &format!("{title}-{}.docx", person.name),
            DOCX,
            bytes,
        ));
    }
    Ok(page(&PaperPage {
        shell,
        title,
        back: place.back,
        file: format!("{}/{kind}.docx", place.folder),
        sheets: paper.to_html(),
    }))
}

fn make(
    ctx: &Context,
    row: &expert::Model,
    person: &person::Model,
    unit: Option<&unit::Model>,
    kind: &str,
) -> Option<(&'static str, Paper)> {
    let about = About {
        row,
        person,
        unit,
        office: &ctx.config.office,
    };
    match kind {
        "nomination" if !row.guest => Some(("推荐表", papers::nomination(&about))),
        "engagement" => Some(("聘书", papers::engagement(&about)?)),
        _ => None,
    }
}

/// `GET /experts/{id}/scan/{file}`: the stamped form.
///
/// # Errors
/// [`Error::NotFound`] for files of others.
pub async fn scan(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, file)): Path<(ExpertId, FileId)>,
) -> Result<Response> {
    let row = store::find(ctx.store.read(), id).await?;
    desk.actor.require(Action::ReadPapers, &view::owner(&row))?;
    let owner = recommend::stamped_form(id);
    let (file, bytes) = files::read(ctx.store.read(), owner, file).await?;
    Ok(download(&file.name, &file.media_type, bytes))
}
