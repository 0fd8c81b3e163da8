//! A submission as it was typed: fields by name, several values each, and uploaded files. Kept as
//! text until a use case has understood it, so that a refused form is shown again unchanged.

use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request},
    http::{StatusCode, header},
    response::Response,
};
use chrono::NaiveDate;
use uuid::Uuid;

use super::page::{Failure, failure_page};
use crate::foundation::{
    error::{FieldErrors, Refusal},
    files::Upload,
};

/// Fields of a submission or of an address, in the order sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// From an urlencoded text (a query, or the body of a form).
    pub fn from_urlencoded(text: &[u8]) -> Self {
        Self(
            form_urlencoded::parse(text)
                .map(|(name, value)| (name.into_owned(), tidy(&value)))
                .collect(),
        )
    }

    /// Adds a value, for filling a form from a row.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.0.push((name.to_owned(), value.to_string()));
        self
    }

    /// Adds several values of one name.
    #[must_use]
    pub fn with_all<T: ToString>(
        mut self,
        name: &str,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        self.0.extend(
            values
                .into_iter()
                .map(|value| (name.to_owned(), value.to_string())),
        );
        self
    }

    /// The first value of `name`, trimmed; empty when there is none.
    pub fn text(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value.trim())
    }

    /// The first value of `name` as it came, spaces included: for passwords.
    pub fn raw(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    /// All values of `name` that are not blank, trimmed.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// Whether a checkbox is ticked, or a button of that name was used.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// The lines of a text area that are not blank, trimmed.
    pub fn lines(&self, name: &str) -> Vec<String> {
        self.text(name)
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// Names and values, in the order sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A required text of at most `max` characters; notes what is wrong in `errors`.
    pub fn required(&self, name: &str, max: usize, errors: &mut FieldErrors) -> String {
        let text = self.optional(name, max, errors);
        if text.is_empty() && errors.of(name).is_none() {
            errors.add(name, Refusal::new("form.required"));
        }
        text
    }

    /// A text of at most `max` characters, or empty.
    pub fn optional(&self, name: &str, max: usize, errors: &mut FieldErrors) -> String {
        let text = self.text(name).to_owned();
        if text
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\t')
        {
            errors.add(name, Refusal::new("form.control_characters"));
        } else if text.chars().count() > max {
            errors.add(name, Refusal::new("form.too_long").with("max", max));
        }
        text
    }

    /// A whole number from `min` to `max`, or `None` when the field is blank.
    pub fn number(&self, name: &str, min: i32, max: i32, errors: &mut FieldErrors) -> Option<i32> {
        let text = half_width_digits(self.text(name));
        if text.is_empty() {
            return None;
        }
        match text.parse::<i32>() {
            Ok(number) if (min..=max).contains(&number) => Some(number),
            Ok(_) => {
                errors.add(
                    name,
                    Refusal::new("form.out_of_range")
                        .with("min", min)
                        .with("max", max),
                );
                None
            }
            Err(_) => {
                errors.add(name, Refusal::new("form.not_a_number").with("value", &text));
                None
            }
        }
    }

    /// A date, or `None` when the field is blank.
    pub fn date(&self, name: &str, errors: &mut FieldErrors) -> Option<NaiveDate> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        if date.is_none() {
            errors.add(name, Refusal::new("form.not_a_date"));
        }
        date
    }

    /// One of the identifiers that a form offered; `None` when the field is blank or forged.
    pub fn id<I: From<Uuid>>(&self, name: &str) -> Option<I> {
        Uuid::parse_str(self.text(name)).ok().map(I::from)
    }

    /// One of a closed set of words, by `read`; a missing or forged value is noted.
    pub fn choice<T>(
        &self,
        name: &str,
        errors: &mut FieldErrors,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let found = read(self.text(name));
        if found.is_none() {
            errors.add(name, Refusal::new("form.choose"));
        }
        found
    }
}

/// Browsers send CR LF; rows keep LF.
fn tidy(value: &str) -> String {
    value.replace("\r\n", "\n").replace('\r', "\n")
}

/// Full-width digits are what a Chinese input method types.
fn half_width_digits(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '０'..='９' => char::from_u32(u32::from(c) - 0xFF10 + 0x30).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// The body of a form, urlencoded or multipart.
#[derive(Clone, Debug, Default)]
pub struct Submission {
    /// Its fields.
    pub fields: Fields,
    /// Its files, by field name; empty file inputs are left out.
    pub files: Vec<(String, Upload)>,
}

impl Submission {
    /// The files of one input.
    pub fn uploads(&self, name: &str) -> Vec<&Upload> {
        self.files
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, upload)| upload)
            .collect()
    }
}

impl<S: Send + Sync> FromRequest<S> for Submission {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("application/x-www-form-urlencoded")
            .to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            let mut parts = Multipart::from_request(request, state)
                .await
                .map_err(|_| failure_page(Failure::Unreadable, None))?;
            let mut submission = Self::default();
            while let Some(part) = parts.next_field().await.map_err(refuse)? {
                let Some(name) = part.name().map(str::to_owned) else {
                    continue;
                };
                let file = part.file_name().map(str::to_owned);
                let bytes = part.bytes().await.map_err(refuse)?;
                match file {
                    Some(file) if file.is_empty() && bytes.is_empty() => {}
                    Some(file) => submission.files.push((
                        name,
                        Upload {
                            name: file,
                            bytes: bytes.to_vec(),
                        },
                    )),
                    None => submission
                        .fields
                        .0
                        .push((name, tidy(&String::from_utf8_lossy(&bytes)))),
                }
            }
            Ok(submission)
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            let body = Bytes::from_request(request, state)
                .await
                .map_err(|rejection| {
                    let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
                    failure_page(
                        if too_large {
                            Failure::TooLarge
                        } else {
                            Failure::Unreadable
                        },
                        None,
                    )
                })?;
            Ok(Self {
                fields: Fields::from_urlencoded(&body),
                files: Vec::new(),
            })
        } else {
            Err(failure_page(Failure::Unreadable, None))
        }
    }
}

fn refuse(error: axum::extract::multipart::MultipartError) -> Response {
    let too_large = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
    failure_page(
        if too_large {
            Failure::TooLarge
        } else {
            Failure::Unreadable
        },
        None,
    )
}

/// The query of an address; never refused.
impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Fields {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        _: &S,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self::from_urlencoded(
            parts.uri.query().unwrap_or_default().as_bytes(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let fields = Fields::default()
            .with("n", " ５ ")
            .with("m", "五")
            .with("k", "12");
        let mut errors = FieldErrors::default();
        assert_eq!(fields.number("n", 1, 9, &mut errors), Some(5));
        assert_eq!(fields.number("absent", 1, 9, &mut errors), None);
        assert!(errors.is_empty());
        assert_eq!(fields.number("m", 1, 9, &mut errors), None);
        assert_eq!(fields.number("k", 1, 9, &mut errors), None);
        assert_eq!(errors.of("m").unwrap().code, "form.not_a_number");
        assert_eq!(errors.of("k").unwrap().code, "form.out_of_range");
    }

    #[test]
    fn lines_and_repeated_fields_survive() {
        let fields =
            Fields::from_urlencoded("d=a&d=+&d=b&t=%E4%B8%80%0D%0A%0D%0A%E4%BA%8C".as_bytes());
        assert_eq!(fields.all("d"), ["a", "b"]);
        assert_eq!(fields.lines("t"), ["一", "二"]);
    }
}
