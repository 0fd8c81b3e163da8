//! How an error becomes an answer. What the service itself got wrong is opaque to the visitor; the
//! outermost layer logs it once, with an id that the page shows.

use std::sync::Arc;

use axum::response::{IntoResponse, Redirect, Response};

use super::page::{Failure, failure_page};
use crate::foundation::{
    error::Error,
    texts::{Language, sentence},
};

/// Rides on an answer so that the outermost layer can log it.
#[derive(Clone, Debug)]
pub struct Unexplained(pub Arc<Error>);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => failure_page(Failure::NotFound, None),
            Self::Forbidden => failure_page(Failure::Forbidden, None),
            Self::SignedOut => Redirect::to("/sign-in").into_response(),
            Self::Refused(refusal) | Self::Conflict(refusal) => {
                super::page::refusal_page(&sentence(&refusal, Language::Chinese))
            }
            Self::Invalid(errors) => {
                let said: Vec<_> = errors
                    .iter()
                    .map(|(_, refusal)| sentence(refusal, Language::Chinese))
                    .collect();
                super::page::refusal_page(&said.join(" "))
            }
            error @ Self::Internal(_) => {
                let mut response = failure_page(Failure::Broken, None);
                response
                    .extensions_mut()
                    .insert(Unexplained(Arc::new(error)));
                response
            }
        }
    }
}
