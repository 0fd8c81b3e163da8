//! What is typed freely in a request, understood: names of units, lines, wishes.

use entity::unit;

use super::filing::Wish;
use crate::foundation::{
    error::{FieldErrors, Refusal},
    search::normalise,
    ui::Fields,
};

/// Drafting units by full name. One that is not in the register is asked about, with the nearest
/// names, unless the requester has confirmed that it is from outside.
pub(super) fn drafting_units(
    fields: &Fields,
    units: &[unit::Model],
    errors: &mut FieldErrors,
) -> Vec<String> {
    let mut names = Vec::new();
    for line in fields.lines("drafting_units") {
        let wanted = normalise(&line);
        let known = units.iter().find(|unit| {
            normalise(&unit.name) == wanted
                || (!unit.short_name.is_empty() && normalise(&unit.short_name) == wanted)
        });
        match known {
            Some(unit) => names.push(unit.name.clone()),
            None if fields.has("outside") => names.push(line),
            None => {
                let near = nearest(&wanted, units);
                let suggestion = if near.is_empty() {
                    String::new()
                } else {
                    let names: Vec<_> = near.iter().map(|name| format!("“{name}”")).collect();
                    format!("是{}吗？", names.join("还是"))
                };
                errors.add(
                    "drafting_units",
                    Refusal::new("consultations.unit_unknown")
                        .with("name", &line)
                        .with("suggestion", suggestion),
                );
                names.push(line);
            }
        }
    }
    names
}

/// Up to two names that a mistyped or shortened name may stand for.
fn nearest<'a>(wanted: &str, units: &'a [unit::Model]) -> Vec<&'a str> {
    let mut near: Vec<_> = units
        .iter()
        .map(|unit| {
            let name = normalise(&unit.name);
            // A short form keeps the order of the full name's characters.
            let mut rest = name.chars();
            let shortened = wanted.chars().all(|c| rest.any(|other| other == c));
            let likeness = strsim::jaro_winkler(wanted, &name) + if shortened { 0.5 } else { 0.0 };
            (likeness, unit.name.as_str())
        })
        .filter(|(likeness, _)| *likeness > 0.8)
        .collect();
    near.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(other.1)));
    near.into_iter().take(2).map(|(_, name)| name).collect()
}

pub(super) fn short_lines(fields: &Fields, name: &str, errors: &mut FieldErrors) -> Vec<String> {
    let lines = fields.lines(name);
    if lines.iter().any(|line| line.chars().count() > 80) {
        errors.add(name, Refusal::new("form.too_long").with("max", 80));
    }
    lines
}

/// `姓名：理由`, a line each.
pub(super) fn wishes(fields: &Fields, errors: &mut FieldErrors) -> Vec<Wish> {
    let mut wishes = Vec::new();
    for line in fields.lines("wishes") {
        let (name, reason) = line.split_once(['：', ':']).unwrap_or((&line, ""));
        let (name, reason) = (name.trim().to_owned(), reason.trim().to_owned());
        if reason.is_empty() {
            errors.add(
                "wishes",
                Refusal::new("consultations.wish_reason").with("name", &name),
            );
        }
        wishes.push(Wish { name, reason });
    }
    wishes
}
