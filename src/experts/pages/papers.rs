//! `/experts/{id}/papers/…` and the stamped form.

use axum::{
    extract::{Path, State},
    response::Response,
};
use entity::{
    expert::{self, ExpertState},
    ids::{ExpertId, FileId},
};

use super::view;
use crate::{
    accounts::{Action, Desk},
    experts::{
        engage_on_paper::signed_papers,
        papers::{self, About},
        recommend, renew, store,
    },
    foundation::{
        context::Context,
        error::{Error, Result},
        files,
        ui::{AskedPaper, Printed, Shell, download},
    },
    people, units,
};

/// Where a paper is shown.
pub(super) struct Place {
    /// Where one goes back to.
    pub back: String,
    /// Path of the page without the last part.
    pub folder: String,
}

/// `GET /experts/{id}/papers/{paper}`: `nomination`, `consent`, `engagement`, and the same with `.docx`.
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

/// States in which there is something to agree to, or was.
const CONSENTED: [ExpertState; 3] = [
    ExpertState::Approved,
    ExpertState::Engaged,
    ExpertState::Suspended,
];

/// The page or file of a paper.
pub(super) async fn answer(
    ctx: &Context,
    shell: Shell,
    row: &expert::Model,
    name: &str,
    place: Place,
) -> Result<Response> {
    let asked = AskedPaper::read(name);
    let person = people::get(ctx.store.read(), row.person_id).await?;
    let unit = match row.unit_id {
        Some(id) => Some(units::get(ctx.store.read(), id).await?),
        None => None,
    };
    let about = About {
        row,
        person: &person,
        unit: unit.as_ref(),
        office: &ctx.config.office,
    };
    let (title, paper) = match asked.name {
        "nomination" if !row.guest => ("推荐表", papers::nomination(&about)),
        "consent" if CONSENTED.contains(&row.state) => {
            let db = ctx.store.read();
            // Whoever is engaged signs for the term that follows, once it is known.
            let term = match renew::asked_for(db, row).await? {
                Some(coming) => coming,
                None => units::current_term(db, ctx.today()).await?,
            };
            ("聘任同意书", papers::consent(&about, &term))
        }
        "engagement" => ("聘书", papers::engagement(&about).ok_or(Error::NotFound)?),
        _ => return Err(Error::NotFound),
    };
    let printed = Printed {
        title,
        about: person.name.clone(),
        paper,
    };
    printed.answer(asked, shell, place.back, &place.folder)
}

/// `GET /experts/{id}/scan/{file}`: the stamped form, or the signed paper.
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
    let db = ctx.store.read();
    let (file, bytes) = match files::read(db, recommend::stamped_form(id), file).await {
        Err(Error::NotFound) => files::read(db, signed_papers(id), file).await?,
        found => found?,
    };
    Ok(download(&file.name, &file.media_type, bytes))
}
