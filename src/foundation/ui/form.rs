//! Form controls with their label, hint, error and kept value, in the markup of the visual
//! language. A template writes `{{ form.text("title", "名称").hint("…") }}`.

use std::fmt;

use super::{fields::Fields, page::Html};
use crate::foundation::{
    error::FieldErrors,
    texts::{Language, sentence},
};

/// A form as it is shown: what was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// What was typed, or what the row holds.
    pub fields: Fields,
    /// What is wrong.
    pub errors: FieldErrors,
}

/// One of several answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// More about it, or empty.
    pub hint: String,
}

/// Choices from (value, label) pairs.
pub fn choices<V: ToString, L: ToString>(pairs: impl IntoIterator<Item = (V, L)>) -> Vec<Choice> {
    pairs
        .into_iter()
        .map(|(value, label)| Choice {
            value: value.to_string(),
            label: label.to_string(),
            hint: String::new(),
        })
        .collect()
}

impl Form {
    /// A form showing `fields`.
    pub fn new(fields: Fields) -> Self {
        Self {
            fields,
            errors: FieldErrors::default(),
        }
    }

    /// A form shown again with what is wrong.
    pub fn refused(fields: Fields, errors: FieldErrors) -> Self {
        Self { fields, errors }
    }

    /// The list of everything that is wrong, each with the label of its field and leading there; empty
    /// when nothing is. The labels are those of the page itself (module `labels`).
    pub fn summary(&self) -> Html {
        if self.errors.is_empty() {
            return Html::default();
        }
        let mut html = format!(
            "<div class=\"notice bad\" role=\"alert\" tabindex=\"-1\" id=\"errors\"><h2>有 {} 处要改，其余内容已保留</h2><ul>",
            self.errors.len()
        );
        for (field, refusal) in self.errors.iter() {
            let text = escape(&sentence(refusal, Language::Chinese));
            if field.is_empty() {
                html.push_str(&format!("<li>{text}</li>"));
            } else {
                html.push_str(&format!(
                    "<li>{}</li>",
                    super::labels::mark(&escape(field), &text)
                ));
            }
        }
        html.push_str("</ul></div>");
        Html(html)
    }

    /// One line of text.
    pub fn text(&self, name: &str, label: &str) -> Control<'_> {
        Control::new(self, Kind::Text("text"), name, label)
    }

    /// One line of another input type: `email`, `tel`, `date`, `password`, `search`.
    pub fn input(&self, kind: &'static str, name: &str, label: &str) -> Control<'_> {
        Control::new(self, Kind::Text(kind), name, label)
    }

    /// Several lines.
    pub fn area(&self, name: &str, label: &str) -> Control<'_> {
        Control::new(self, Kind::Area, name, label)
    }

    /// A list to choose one from.
    pub fn select(&self, name: &str, label: &str, choices: &[Choice]) -> Control<'_> {
        Control::new(self, Kind::Select(choices.to_vec()), name, label)
    }

    /// One answer of several, all in view.
    pub fn radios(&self, name: &str, label: &str, choices: &[Choice]) -> Control<'_> {
        Control::new(self, Kind::Boxes("radio", choices.to_vec()), name, label)
    }

    /// Any number of answers.
    pub fn checks(&self, name: &str, label: &str, choices: &[Choice]) -> Control<'_> {
        Control::new(self, Kind::Boxes("checkbox", choices.to_vec()), name, label)
    }

    /// A single box to tick; `label` stands behind it.
    pub fn check(&self, name: &str, label: &str) -> Control<'_> {
        Control::new(self, Kind::Check, name, label)
    }

    /// Files to upload.
    pub fn files(&self, name: &str, label: &str) -> Control<'_> {
        Control::new(self, Kind::Files, name, label)
    }

    /// A value that is sent back unseen.
    pub fn hidden(&self, name: &str) -> Html {
        Html(format!(
            "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
            escape(name),
            escape(self.fields.text(name))
        ))
    }

    /// What is wrong with a field, for controls that a template writes itself.
    pub fn error(&self, name: &str) -> Option<String> {
        self.errors
            .of(name)
            .map(|refusal| sentence(refusal, Language::Chinese))
    }
}

#[derive(Clone, Debug)]
enum Kind {
    Text(&'static str),
    Area,
    Select(Vec<Choice>),
    Boxes(&'static str, Vec<Choice>),
    Check,
    Files,
}

/// A control being described; printing it gives its HTML.
#[derive(Clone, Debug)]
pub struct Control<'a> {
    form: &'a Form,
    kind: Kind,
    name: String,
    label: String,
    hint: String,
    optional: String,
    class: &'static str,
    attributes: String,
    search: String,
}

impl<'a> Control<'a> {
    fn new(form: &'a Form, kind: Kind, name: &str, label: &str) -> Self {
        Self {
            form,
            kind,
            name: name.to_owned(),
            label: label.to_owned(),
            hint: String::new(),
            optional: String::new(),
            class: "",
            attributes: String::new(),
            search: String::new(),
        }
    }

    /// A sentence between label and control.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        self.hint = hint.to_owned();
        self
    }

    /// Marks what may be left blank, with the words for it (for example `可不填`).
    #[must_use]
    pub fn optional(mut self, words: &str) -> Self {
        self.optional = words.to_owned();
        self
    }

    /// Width by length: `len-4`, `len-10`, `len-16`.
    #[must_use]
    pub fn len(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    /// What the browser may fill in (`autocomplete`).
    #[must_use]
    pub fn autocomplete(mut self, value: &'static str) -> Self {
        self.attributes
            .push_str(&format!(" autocomplete=\"{value}\""));
        self
    }

    /// Number keys on a phone.
    #[must_use]
    pub fn digits(mut self) -> Self {
        self.attributes.push_str(" inputmode=\"numeric\"");
        self
    }

    /// Where suggestions come from: a path answering `?q=` with a list. Without the script a link leads
    /// to `path/find`, the same search as a page.
    #[must_use]
    pub fn suggest(mut self, path: &str) -> Self {
        self.attributes
            .push_str(&format!(" data-suggest=\"{}\"", escape(path)));
        self.search = format!("{path}/find");
        self
    }
}

impl askama::filters::HtmlSafe for Control<'_> {}

impl fmt::Display for Control<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = escape(&self.name);
        let label = escape(&self.label);
        let error = self.form.error(&self.name);
        let wrong = if error.is_some() { " wrong" } else { "" };
        let optional = if self.optional.is_empty() {
            String::new()
        } else {
            format!("<span class=\"opt\">{}</span>", escape(&self.optional))
        };
        let hint = if self.hint.is_empty() {
            String::new()
        } else {
            format!(
                "<p class=\"hint\" id=\"{name}-h\">{}</p>",
                escape(&self.hint)
            )
        };
        let err = error
            .as_ref()
            .map(|text| format!("<p class=\"err\" id=\"{name}-e\">{}</p>", escape(text)))
            .unwrap_or_default();
        let described = match (self.hint.is_empty(), error.is_some()) {
            (true, false) => String::new(),
            (false, false) => format!(" aria-describedby=\"{name}-h\""),
            (true, true) => format!(" aria-invalid=\"true\" aria-describedby=\"{name}-e\""),
            (false, true) => {
                format!(" aria-invalid=\"true\" aria-describedby=\"{name}-h {name}-e\"")
            }
        };
        let class = if self.class.is_empty() {
            String::new()
        } else {
            format!(" class=\"{}\"", self.class)
        };
        let extra = &self.attributes;
        let value = self.form.fields.text(&self.name);
        match &self.kind {
            Kind::Text(kind) => {
                let value = if *kind == "password" { "" } else { value };
                let (offering, search) = match self.search.as_str() {
                    "" => ("", String::new()),
                    path => (
                        " offering",
                        format!(
                            "<p class=\"hint\"><a href=\"{}\" target=\"_blank\">查编号（新窗口）</a></p>",
                            escape(path)
                        ),
                    ),
                };
                write!(
                    f,
                    "<div class=\"field{offering}{wrong}\"><label for=\"{name}\">{label}{optional}</label>{hint}{err}<input id=\"{name}\" name=\"{name}\" type=\"{kind}\"{class} value=\"{}\"{described}{extra}>{search}</div>",
                    escape(value)
                )
            }
            Kind::Area => write!(
                f,
                "<div class=\"field{wrong}\"><label for=\"{name}\">{label}{optional}</label>{hint}{err}<textarea id=\"{name}\" name=\"{name}\"{described}{extra}>\n{}</textarea></div>",
                escape(value)
            ),
            Kind::Files => write!(
                f,
                "<div class=\"field{wrong}\"><label for=\"{name}\">{label}{optional}</label>{hint}{err}<input id=\"{name}\" name=\"{name}\" type=\"file\" multiple{described}{extra}></div>"
            ),
            Kind::Select(choices) => {
                write!(
                    f,
                    "<div class=\"field{wrong}\"><label for=\"{name}\">{label}{optional}</label>{hint}{err}<select id=\"{name}\" name=\"{name}\"{described}{extra}>"
                )?;
                for choice in choices {
                    let selected = if choice.value == value {
                        " selected"
                    } else {
                        ""
                    };
                    write!(
                        f,
                        "<option value=\"{}\"{selected}>{}</option>",
                        escape(&choice.value),
                        escape(&choice.label)
                    )?;
                }
                f.write_str("</select></div>")
            }
            Kind::Boxes(kind, choices) => {
                let chosen = self.form.fields.all(&self.name);
                let stacked = choices.iter().any(|choice| !choice.hint.is_empty());
                let rows = if stacked { "opts" } else { "row" };
                write!(
                    f,
                    "<fieldset class=\"field{wrong}\" id=\"{name}\"{described}><legend>{label}{optional}</legend>{hint}{err}<div class=\"{rows}\">"
                )?;
                for choice in choices {
                    let checked = if chosen.contains(&choice.value.as_str()) {
                        " checked"
                    } else {
                        ""
                    };
                    let more = if choice.hint.is_empty() {
                        String::new()
                    } else {
                        format!("<span class=\"hint\">{}</span>", escape(&choice.hint))
                    };
                    write!(
                        f,
                        "<label><input type=\"{kind}\" name=\"{name}\" value=\"{}\"{checked}><span>{}{more}</span></label>",
                        escape(&choice.value),
                        escape(&choice.label)
                    )?;
                }
                f.write_str("</div></fieldset>")
            }
            Kind::Check => {
                let checked = if self.form.fields.has(&self.name) {
                    " checked"
                } else {
                    ""
                };
                let more = if self.hint.is_empty() {
                    String::new()
                } else {
                    format!(
                        "<span class=\"hint\" id=\"{name}-h\">{}</span>",
                        escape(&self.hint)
                    )
                };
                write!(
                    f,
                    "<div class=\"field opts{wrong}\">{err}<label><input type=\"checkbox\" id=\"{name}\" name=\"{name}\" value=\"1\"{checked}{described}><span>{label}{more}</span></label></div>"
                )
            }
        }
    }
}

/// Escapes text for HTML content and attribute values.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foundation::error::Refusal;

    #[test]
    fn what_was_typed_comes_back_escaped_with_its_error() {
        let mut errors = FieldErrors::default();
        errors.add("title", Refusal::new("form.required"));
        let form = Form::refused(Fields::default().with("title", "<b>\"x\""), errors);
        let html = form.text("title", "名称").hint("写清").to_string();
        assert!(html.contains("value=\"&lt;b&gt;&quot;x&quot;\""));
        assert!(html.contains("aria-invalid=\"true\" aria-describedby=\"title-h title-e\""));
        assert!(form.errors.of("other").is_none());
    }

    #[test]
    fn passwords_are_never_sent_back() {
        let form = Form::new(Fields::default().with("password", "xyzzy"));
        assert!(
            !form
                .input("password", "password", "密码")
                .to_string()
                .contains("xyzzy")
        );
    }
}
