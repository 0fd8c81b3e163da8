//! Calendars to subscribe to: `/cal/{token}`, and the buttons that renew their addresses.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use entity::ids::UnitId;
use sha2::{Digest, Sha256};

use crate::{
    accounts::{Action, Desk, policy::Owner},
    foundation::{context::Context, error::Result},
    registration::{feeds, feeds::Whose},
};

/// `GET /cal/{token}`: a calendar asks again and again, and is told when nothing changed.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for an address that was not given out or was renewed.
pub async fn calendar(
    State(ctx): State<Context>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let text = feeds::read(&ctx, &token).await?;
    let digest = Sha256::digest(text.as_bytes());
    let tag: String = digest[..12]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = format!("\"{tag}\"");
    let cached = [
        (header::CACHE_CONTROL, "private, max-age=900".to_owned()),
        (header::ETAG, tag.clone()),
    ];
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    if known {
        return Ok((StatusCode::NOT_MODIFIED, cached).into_response());
    }
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
    Ok((cached, kind, text).into_response())
}

/// `POST /registrations/feeds/{unit}`
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for people who are no contact of the unit.
pub async fn renew_unit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(unit): Path<UnitId>,
) -> Result<Response> {
    desk.actor
        .require(Action::EnrolPeople, &Owner::unit(unit))?;
    feeds::renew(&ctx, Whose::Unit(unit)).await?;
    Ok(Redirect::to("/registrations?done=saved").into_response())
}
