//! Files of a request, for its unit and the secretariat.

use axum::{
    extract::{Path, State},
    response::Response,
};
use entity::{
    file,
    ids::{ConsultationId, FileId},
};

use super::detail::readable;
use crate::{
    accounts::Desk,
    consultations::{
        draft::attachments,
        opinion::{opinion_files, opinions},
        visible,
    },
    foundation::{
        context::Context,
        error::{Error, Result},
        files::{self, Owner},
        ui::download,
    },
};

/// `GET /consultations/{id}/files/{file}`: an attachment, or a file of an opinion once opinions are
/// shown to the visitor.
///
/// # Errors
/// Not found for what is foreign.
pub async fn load(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, file)): Path<(ConsultationId, FileId)>,
) -> Result<Response> {
    let row = readable(&ctx, &desk, id).await?;
    let mut owners = vec![attachments(id)];
    if visible::opinions(row.state, visible::is_secretariat(&desk.actor)) {
        let all = opinions(ctx.store.read(), id).await?;
        owners.extend(all.iter().map(|opinion| opinion_files(opinion.id)));
    }
    let (file, bytes) = one_of(&ctx, &owners, file).await?;
    Ok(download(&file.name, &file.media_type, bytes))
}

/// The file, when it belongs to one of the owners.
pub(super) async fn one_of(
    ctx: &Context,
    owners: &[Owner],
    id: FileId,
) -> Result<(file::Model, Vec<u8>)> {
    for owner in owners {
        match files::read(ctx.store.read(), *owner, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    Err(Error::NotFound)
}
