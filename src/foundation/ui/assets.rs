//! The stylesheet and the script, served under names that carry their digest so that browsers may
//! keep them for ever.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("assets/style.css");
const SCRIPT: &str = include_str!("assets/script.js");
const ICON: &str = include_str!("assets/icon.svg");

static STYLE_PATH: LazyLock<String> = LazyLock::new(|| path(STYLE, "css"));
static SCRIPT_PATH: LazyLock<String> = LazyLock::new(|| path(SCRIPT, "js"));

fn path(content: &str, kind: &str) -> String {
    let digest = URL_SAFE_NO_PAD.encode(&Sha256::digest(content)[..9]);
    format!("/assets/{digest}.{kind}")
}

/// Address of the stylesheet.
pub fn style_path() -> &'static str {
    &STYLE_PATH
}

/// Address of the script.
pub fn script_path() -> &'static str {
    &SCRIPT_PATH
}

/// `GET /assets/{name}`
pub async fn serve(Path(name): Path<String>) -> Response {
    let (kind, content) = if STYLE_PATH.ends_with(&name) {
        ("text/css; charset=utf-8", STYLE)
    } else if SCRIPT_PATH.ends_with(&name) {
        ("text/javascript; charset=utf-8", SCRIPT)
    } else {
        return StatusCode::NOT_FOUND.into_response();
    };
    (
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ],
        content,
    )
        .into_response()
}

/// `GET /favicon.ico`: what browsers ask for by themselves, and show in their tabs.
pub async fn icon() -> Response {
    (
        [
            (header::CONTENT_TYPE, "image/svg+xml"),
            (header::CACHE_CONTROL, "public, max-age=86400"),
        ],
        ICON,
    )
        .into_response()
}
