//! Names fields in the summary of errors by the labels that stand on the same page. The summary is
//! printed above the fields, before their labels are known; so it leaves a mark for each field, and the
//! finished page is gone over once. A page without marks is not touched.

const OPEN: &str = "<!--field ";
const MIDDLE: &str = "-->";
const CLOSE: &str = "<!--end-->";

/// The mark of a field in a summary; `field` and `text` are escaped already.
pub(super) fn mark(field: &str, text: &str) -> String {
    format!("{OPEN}{field}{MIDDLE}{text}{CLOSE}")
}

/// The page with every mark replaced: a link to the field that begins with its label, or the bare
/// sentence where the page has no such field.
pub(super) fn named(html: String) -> String {
    if !html.contains(OPEN) {
        return html;
    }
    let mut page = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some((before, after)) = rest.split_once(OPEN) {
        page.push_str(before);
        let Some((field, (text, behind))) = after
            .split_once(MIDDLE)
            .and_then(|(field, more)| Some((field, more.split_once(CLOSE)?)))
        else {
            rest = after;
            continue;
        };
        match (
            html.contains(&format!("id=\"{field}\"")),
            label(&html, field),
        ) {
            (false, _) => page.push_str(text),
            (true, Some(label)) => {
                page.push_str(&format!("<a href=\"#{field}\">{label}：{text}</a>"));
            }
            (true, None) => page.push_str(&format!("<a href=\"#{field}\">{text}</a>")),
        }
        rest = behind;
    }
    page.push_str(rest);
    page
}

/// What the page calls a field: its label, the legend of its group, or the words behind its box.
fn label<'a>(html: &'a str, field: &str) -> Option<&'a str> {
    let words = |start: &str, opening: &str| {
        let (_, from) = html.split_once(start)?;
        let (_, from) = from.split_once(opening)?;
        let label = from.split('<').next()?.trim().trim_end_matches('：');
        (!label.is_empty()).then_some(label)
    };
    let id = format!("id=\"{field}\"");
    words(&format!("<label for=\"{field}\""), ">")
        .or_else(|| words(&format!("<fieldset class=\"field wrong\" {id}"), "<legend>"))
        .or_else(|| words(&format!("<input type=\"checkbox\" {id}"), "<span>"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foundation::{
        error::{FieldErrors, Refusal},
        ui::{
            fields::Fields,
            form::{Form, choices},
        },
    };

    fn refused(names: &[&str]) -> Form {
        let mut errors = FieldErrors::default();
        for name in names {
            errors.add(*name, Refusal::new("form.required"));
        }
        Form::refused(Fields::default(), errors)
    }

    #[test]
    fn every_kind_of_field_is_named_and_linked() {
        let form = refused(&["title", "purpose", "outside", "gone", ""]);
        let page = named(format!(
            "{}{}{}{}",
            form.summary(),
            form.text("title", "名称").optional("可不填"),
            form.radios("purpose", "目的", &choices([("a", "甲")])),
            form.check("outside", "名称无误"),
        ));
        for expected in [
            "<a href=\"#title\">名称：",
            "<a href=\"#purpose\">目的：",
            "<a href=\"#outside\">名称无误：",
        ] {
            assert!(page.contains(expected), "{expected} in {page}");
        }
        assert!(!page.contains("#gone"), "a field that is not there: {page}");
        assert!(!page.contains("<!--"), "{page}");
    }

    #[test]
    fn what_was_typed_cannot_be_a_mark() {
        let fields = Fields::default().with("title", "<!--field x-->y<!--end-->");
        let html = Form::new(fields).text("title", "名称").to_string();
        assert_eq!(named(html.clone()), html);
    }
}
