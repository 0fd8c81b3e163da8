//! Addresses as pictures to be photographed.

use fast_qr::{
    QRBuilder,
    convert::{Builder, Shape, svg::SvgBuilder},
};

use super::page::Html;
use crate::foundation::error::{Error, Result};

/// The address as an SVG picture.
///
/// # Errors
/// When it is longer than a picture can hold.
pub fn qr(url: &str) -> Result<Html> {
    let code = QRBuilder::new(url)
        .build()
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(Html(
        SvgBuilder::default().shape(Shape::Square).to_str(&code),
    ))
}
