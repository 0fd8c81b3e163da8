//! What an answer's form says.

use entity::invitation::{Answer, DeclineReason};

use crate::{
    foundation::{error::FieldErrors, ui::Fields},
    panels::answer::Given,
};

/// What was sent, or what is missing in it.
pub(super) fn read(fields: &Fields) -> Result<Given, FieldErrors> {
    let mut errors = FieldErrors::default();
    let answer = fields.choice("answer", &mut errors, |word| match word {
        "accept" => Some(Answer::Accept),
        "decline" => Some(Answer::Decline),
        _ => None,
    });
    let declines = answer == Some(Answer::Decline);
    // Details of the other choice are left aside.
    let text = |name, max, errors: &mut FieldErrors| {
        if declines {
            fields.optional(name, max, errors)
        } else {
            String::new()
        }
    };
    let note = text("note", 300, &mut errors);
    let suggestion = text("suggestion", 60, &mut errors);
    match answer {
        Some(answer) if errors.is_empty() => Ok(Given {
            answer,
            clear: fields.has("clear"),
            pledged: fields.has("secret"),
            reason: declines.then(|| reason(fields.text("reason"))).flatten(),
            note,
            suggestion,
        }),
        _ => Err(errors),
    }
}

/// Values and words of the reasons for a decline.
pub(in super::super) const REASONS: &[(&str, DeclineReason)] = &[
    ("time", DeclineReason::Time),
    ("field", DeclineReason::Field),
    ("interest", DeclineReason::Interest),
    ("health", DeclineReason::Health),
    ("other", DeclineReason::Other),
];

/// The reason that a form's value stands for.
pub(in super::super) fn reason(value: &str) -> Option<DeclineReason> {
    REASONS
        .iter()
        .find(|(known, _)| *known == value)
        .map(|(_, reason)| *reason)
}
