//! Extra questions of a run, as they are typed: a line each.

use entity::course_run;
use sea_orm::prelude::Json;

use crate::{
    foundation::{
        error::{FieldErrors, Refusal},
        ui::Fields,
    },
    registration::{Question, QuestionKind},
};

/// Questions, a line each: `住宿：单间/合住/不住`, `到达时间`; an asterisk in front: an answer is needed.
pub(super) fn questions(fields: &Fields, errors: &mut FieldErrors) -> Vec<Question> {
    let mut all = Vec::new();
    for (number, line) in (1..).zip(fields.lines("questions")) {
        let required = line.starts_with(['*', '＊']);
        let line = line.trim_start_matches(['*', '＊']).trim();
        let (label, choices) = line.split_once(['：', ':']).unwrap_or((line, ""));
        let choices: Vec<String> = choices
            .split(['/', '／', '、'])
            .map(str::trim)
            .filter(|choice| !choice.is_empty())
            .map(str::to_owned)
            .collect();
        if label.chars().count() > 30 || choices.len() == 1 || number > 8 {
            errors.add(
                "questions",
                Refusal::new("training.question").with("line", line),
            );
            continue;
        }
        all.push(Question {
            key: format!("q{number}"),
            label: label.trim().to_owned(),
            kind: if choices.is_empty() {
                QuestionKind::Text
            } else {
                QuestionKind::Choice
            },
            choices,
            required,
        });
    }
    all
}

/// Questions as they are typed.
pub(super) fn typed_questions(row: &course_run::Model) -> String {
    let questions: Vec<Question> = questions_of(row);
    let lines: Vec<_> = questions
        .iter()
        .map(|question| {
            let mark = if question.required { "*" } else { "" };
            let choices = question.choices.join("/");
            let colon = if choices.is_empty() { "" } else { "：" };
            format!("{mark}{}{colon}{choices}", question.label)
        })
        .collect();
    lines.join("\n")
}

/// The extra questions of a run.
pub(super) fn questions_of(row: &course_run::Model) -> Vec<Question> {
    serde_json::from_value(Json::clone(&row.questions)).unwrap_or_default()
}
