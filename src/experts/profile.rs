//! What is known of an expert, as it is typed: by the unit that recommends, by the secretariat for a
//! guest, by the expert.

use entity::{
    expert::{self, ExpertKind},
    person,
};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use super::{
    pool::texts,
    rules::{self, Said},
};
use crate::{
    foundation::{
        classification::DomainCode,
        error::{FieldErrors, Refusal},
        search::normalise,
        ui::Fields,
    },
    people::contact_data,
};

/// Characters of a biography.
const MAX_BIO: usize = 800;

/// A profile that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Name.
    pub name: String,
    /// E-mail address as typed.
    pub email: String,
    /// Mobile number as typed.
    pub mobile: String,
    /// Where the person works; empty means the unit that recommends.
    pub affiliation: String,
    /// 技术 or 标准化
    pub kind: ExpertKind,
    /// 职务
    pub position: String,
    /// 职称
    pub title: String,
    /// Codes.
    pub domains: Vec<DomainCode>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Works.
    pub works: Vec<String>,
    /// Short biography.
    pub bio: String,
    /// Working languages.
    pub languages: String,
}

impl Profile {
    /// Reads the fields of a form; what is only missing is found by [`Self::missing`].
    pub fn read(fields: &Fields, errors: &mut FieldErrors) -> Self {
        let name = fields.required("name", 40, errors);
        let kind = fields
            .choice("kind", errors, read_kind)
            .unwrap_or(ExpertKind::Technical);
        let email = fields.optional("email", 254, errors);
        if let Err(refusal) = contact_data::email(&email) {
            errors.add("email", refusal);
        }
        let mobile = fields.optional("mobile", 30, errors);
        if let Err(refusal) = contact_data::mobile(&mobile) {
            errors.add("mobile", refusal);
        }
        Self {
            name,
            kind,
            email,
            mobile,
            affiliation: fields.optional("affiliation", 60, errors),
            position: fields.optional("position", 40, errors),
            title: fields.optional("title", 40, errors),
            domains: read_domains(fields.text("domains"), "domains", errors),
            keywords: read_list(&fields.optional("keywords", 600, errors)),
            works: {
                fields.optional("works", 2000, errors);
                fields.lines("works")
            },
            bio: fields.optional("bio", MAX_BIO, errors),
            languages: fields.optional("languages", 60, errors),
        }
    }

    /// What a complete profile needs and this one lacks.
    pub fn missing(&self, min_keywords: usize) -> FieldErrors {
        rules::missing(
            &Said {
                position: &self.position,
                title: &self.title,
                domains: &self.domains,
                keywords: &self.keywords,
                bio: &self.bio,
                reachable: !self.email.is_empty() || !self.mobile.is_empty(),
            },
            min_keywords,
        )
    }

    /// The profile that the rows hold.
    pub fn of(row: &expert::Model, person: &person::Model) -> Self {
        Self {
            name: person.name.clone(),
            email: person.email.clone().unwrap_or_default(),
            mobile: person.mobile.clone().unwrap_or_default(),
            affiliation: row.affiliation.clone(),
            kind: row.kind,
            position: row.position.clone(),
            title: row.title.clone(),
            domains: texts(&row.domains)
                .iter()
                .filter_map(|code| code.parse().ok())
                .collect(),
            keywords: texts(&row.keywords),
            works: texts(&row.works),
            bio: row.bio.clone(),
            languages: row.languages.clone(),
        }
    }

    /// The same as fields of a form.
    pub fn fields(&self) -> Fields {
        let codes: Vec<_> = self.domains.iter().map(|code| code.code()).collect();
        Fields::default()
            .with("name", &self.name)
            .with("email", &self.email)
            .with("mobile", &self.mobile)
            .with("affiliation", &self.affiliation)
            .with("kind", kind_word(self.kind))
            .with("position", &self.position)
            .with("title", &self.title)
            .with("domains", codes.join("；"))
            .with("keywords", self.keywords.join("；"))
            .with("works", self.works.join("\n"))
            .with("bio", &self.bio)
            .with("languages", &self.languages)
    }

    /// The columns of the expert's row.
    pub(super) fn columns(&self) -> expert::ActiveModel {
        let codes: Vec<_> = self.domains.iter().map(DomainCode::to_string).collect();
        expert::ActiveModel {
            affiliation: Set(self.affiliation.clone()),
            kind: Set(self.kind),
            position: Set(self.position.clone()),
            title: Set(self.title.clone()),
            domains: Set(json!(codes)),
            keywords: Set(json!(self.keywords)),
            works: Set(json!(self.works)),
            bio: Set(self.bio.clone()),
            languages: Set(self.languages.clone()),
            ..Default::default()
        }
    }
}

/// The names of a kind in forms and files.
pub(super) fn read_kind(word: &str) -> Option<ExpertKind> {
    match word.trim() {
        "technical" | "技术" => Some(ExpertKind::Technical),
        "standardization" | "标准化" => Some(ExpertKind::Standardization),
        _ => None,
    }
}

/// The word of a kind in forms.
pub(super) fn kind_word(kind: ExpertKind) -> &'static str {
    match kind {
        ExpertKind::Technical => "technical",
        ExpertKind::Standardization => "standardization",
    }
}

/// Codes in a line, separated by `；` `，` `、` or line ends, each perhaps followed by its name. An
/// unknown one is refused with what may be meant.
pub(super) fn read_domains(text: &str, field: &str, errors: &mut FieldErrors) -> Vec<DomainCode> {
    let mut codes = Vec::new();
    for part in read_list(text) {
        let whole = part.parse::<DomainCode>();
        let first = part.split_whitespace().next().unwrap_or_default();
        match whole.or_else(|unknown| first.parse().map_err(|_| unknown)) {
            Ok(code) if codes.contains(&code) => {}
            Ok(code) => codes.push(code),
            Err(unknown) => {
                let refusal = match unknown.suggestion {
                    Some(near) => Refusal::new("experts.code_near")
                        .with("text", &part)
                        .with("near", near.label()),
                    None => Refusal::new("experts.code_unknown").with("text", &part),
                };
                errors.add(field, refusal);
            }
        }
    }
    codes
}

/// Items of a line, each once.
pub(super) fn read_list(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for item in text.split([';', '；', ',', '，', '、', '\n']) {
        let item = item.trim();
        let known = |one: &String| normalise(one) == normalise(item);
        if !item.is_empty() && !items.iter().any(known) {
            items.push(item.to_owned());
        }
    }
    items
}

/// Codes with their names, for pages and papers.
pub fn domain_labels(domains: &Value) -> Vec<String> {
    texts(domains)
        .iter()
        .map(|code| domain_label(code))
        .collect()
}

/// A stored code with its name; as it stands when the list no longer has it.
pub fn domain_label(code: &str) -> String {
    code.parse::<DomainCode>()
        .map_or_else(|_| code.to_owned(), DomainCode::label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_with_and_without_their_names() {
        let mut errors = FieldErrors::default();
        let codes = read_domains(
            "29.240 输电网和配电网；K44、ics:29.240",
            "domains",
            &mut errors,
        );
        let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
        assert_eq!(codes, ["ics:29.240", "ccs:K44"]);
        assert!(errors.is_empty());
    }

    #[test]
    fn an_unknown_code_is_refused_with_the_nearest_known() {
        let mut errors = FieldErrors::default();
        assert!(read_domains("29.240.98；风机", "domains", &mut errors).is_empty());
        let codes: Vec<_> = errors.iter().map(|(_, refusal)| refusal.code).collect();
        assert_eq!(codes, ["experts.code_near", "experts.code_unknown"]);
    }

    #[test]
    fn the_same_keyword_counts_once() {
        assert_eq!(
            read_list("液冷；Ａ１，a1、 液 冷\n能效"),
            ["液冷", "Ａ１", "能效"]
        );
    }
}
