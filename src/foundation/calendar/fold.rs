//! Content lines of iCalendar (RFC 5545 §3.1): escaped, at most 75 octets, ended by CRLF.

/// Octets a line may have, without its end.
const LIMIT: usize = 75;

/// A growing iCalendar text.
#[derive(Debug, Default)]
pub(super) struct Lines(String);

impl Lines {
    /// The text.
    pub fn into_text(self) -> String {
        self.0
    }

    /// A property whose value is written as it is. It comes from the program, not from people;
    /// control characters are dropped all the same, so that no value can begin a line of its own.
    pub fn raw(&mut self, name: &str, value: &str) {
        let line: String = format!("{name}:{value}")
            .chars()
            .filter(|c| !c.is_control())
            .collect();
        let mut room = LIMIT;
        let mut rest = line.as_str();
        while rest.len() > room {
            let cut = rest.floor_char_boundary(room);
            self.0.push_str(&rest[..cut]);
            self.0.push_str("\r\n ");
            rest = &rest[cut..];
            // The space that marks a continued line counts.
            room = LIMIT - 1;
        }
        self.0.push_str(rest);
        self.0.push_str("\r\n");
    }

    /// A property with a value in words.
    pub fn text(&mut self, name: &str, value: &str) {
        self.raw(name, &escaped(value));
    }
}

/// A value of type TEXT: line ends become `\n`, other control characters go.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.push_str("\\n"),
            '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A parameter value in quotes; the quote itself cannot be written there and becomes an apostrophe.
pub(super) fn quoted(text: &str) -> String {
    let inner: String = text
        .chars()
        .filter(|c| !c.is_control())
        .map(|c| if c == '"' { '\'' } else { c })
        .collect();
    format!("\"{inner}\"")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unfolded(text: &str) -> String {
        text.replace("\r\n ", "")
    }

    #[test]
    fn long_chinese_lines_are_folded_between_characters() {
        let mut lines = Lines::default();
        let title = "关于召开《数据中心液冷系统工程验收规范》技术审查会的通知".repeat(3);
        lines.text("SUMMARY", &title);
        let text = lines.into_text();
        assert!(text.lines().count() > 3);
        assert!(text.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(unfolded(&text), format!("SUMMARY:{title}\r\n"));
    }

    #[test]
    fn values_cannot_leave_their_line() {
        let mut lines = Lines::default();
        lines.text(
            "SUMMARY",
            "一, 二; 三\\四\r\nATTENDEE:mailto:x@example.cn\u{2028}五\u{0}",
        );
        lines.raw(
            &format!("ATTENDEE;CN={}", quoted("\"沈\"\r\nBEGIN:VALARM")),
            "mailto:a@example.cn\r\nX:1",
        );
        assert_eq!(
            unfolded(&lines.into_text()),
            "SUMMARY:一\\, 二\\; 三\\\\四\\nATTENDEE:mailto:x@example.cn\\n五\r\n\
             ATTENDEE;CN=\"'沈'BEGIN:VALARM\":mailto:a@example.cnX:1\r\n"
        );
    }

    proptest! {
        #[test]
        fn any_text_gives_one_folded_line(text in "\\PC{0,200}|[\\x00-\\x7f]{0,200}") {
            let mut lines = Lines::default();
            lines.text("DESCRIPTION", &text);
            let out = lines.into_text();
            prop_assert!(out.ends_with("\r\n"));
            prop_assert!(out.split("\r\n").all(|line| line.len() <= 75));
            prop_assert!(out.trim_end().split("\r\n").skip(1).all(|line| line.starts_with(' ')));
            prop_assert!(!unfolded(&out).trim_end_matches("\r\n").contains(['\r', '\n']));
        }
    }
}
