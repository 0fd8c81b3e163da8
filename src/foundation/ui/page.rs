//! Whole pages: the frame around them, and what is shown when something went wrong.

use askama::Template;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::foundation::texts::Language;

/// The frame of an office page: name, menu, visitor.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    /// Name of the alliance's secretariat, for feet of pages.
    pub issuer: String,
    /// Who acts for it.
    pub agent: String,
    /// Its telephone.
    pub phone: String,
    /// Groups of the menu.
    pub menu: Vec<Group>,
    /// The visitor, when signed in.
    pub who: Option<Who>,
    /// Whether the data is made up for a demonstration.
    pub demo: bool,
    /// A standing warning, for example that the address is not https.
    pub warning: Option<String>,
    /// A message about what was just done.
    pub notice: Option<Notice>,
    /// Language of the page.
    pub language: Language,
}

impl Shell {
    /// Address of the stylesheet, with its digest.
    pub fn style(&self) -> &'static str {
        super::assets::style_path()
    }

    /// Address of the script, with its digest.
    pub fn script(&self) -> &'static str {
        super::assets::script_path()
    }
}

/// A group of menu entries; the first has no title.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Title, or empty.
    pub title: &'static str,
    /// Its entries.
    pub entries: Vec<Entry>,
}

/// An entry of the menu.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it says.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Things waiting, when known.
    pub count: Option<u64>,
    /// Whether the visitor is there.
    pub current: bool,
}

/// The signed-in visitor.
#[derive(Clone, Debug)]
pub struct Who {
    /// Role and unit in words.
    pub role: String,
    /// Name.
    pub name: String,
    /// Whether the person is made up.
    pub sample: bool,
    /// Where the visitor's work is: the office's home page, or an expert's own page.
    pub home: &'static str,
    /// Whether the visitor signs in with a password, and has an account page.
    pub has_account: bool,
}

/// Tone of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Done.
    Ok,
    /// Waiting for something.
    Wait,
    /// Wrong.
    Bad,
    /// For information.
    Info,
}

/// A message above a page: what happened, and what to do next.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Tone.
    pub kind: NoticeKind,
    /// What happened.
    pub title: String,
    /// What to do next, or empty.
    pub text: String,
}

impl Notice {
    /// A notice that something is done.
    pub fn ok(title: impl Into<String>) -> Self {
        Self {
            kind: NoticeKind::Ok,
            title: title.into(),
            text: String::new(),
        }
    }

    /// The class of the stylesheet.
    pub fn class(&self) -> &'static str {
        match self.kind {
            NoticeKind::Ok => "ok",
            NoticeKind::Wait => "wait",
            NoticeKind::Bad => "bad",
            NoticeKind::Info => "info",
        }
    }
}

/// A state as a word with a shape: class of the stylesheet (`ok`, `wait`, `bad`, `info` or empty)
/// and the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Class, or empty.
    pub class: &'static str,
    /// The word.
    pub word: &'static str,
}

/// HTML that is already escaped.
#[derive(Clone, Debug, Default)]
pub struct Html(pub String);

impl std::fmt::Display for Html {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Html {}

impl askama::filters::HtmlSafe for Tag {}

impl std::fmt::Display for Tag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let space = if self.class.is_empty() { "" } else { " " };
        write!(
            f,
            "<span class=\"tag{space}{}\">{}</span>",
            self.class, self.word
        )
    }
}

/// A page with status 200.
pub fn page<T: Template>(template: &T) -> Response {
    page_with_status(StatusCode::OK, template)
}

/// A page with a status, for example 422 for a form that is shown again.
pub fn page_with_status<T: Template>(status: StatusCode, template: &T) -> Response {
    answer(status, template.render())
}

fn answer(status: StatusCode, rendered: askama::Result<String>) -> Response {
    match rendered {
        Ok(html) => (
            status,
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            super::labels::named(html),
        )
            .into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            failure_page(Failure::Broken, None)
        }
    }
}

/// What the visitor is told when there is no page to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Not there, or not theirs: the two look the same.
    NotFound,
    /// Not allowed.
    Forbidden,
    /// Sent from another site.
    CrossSite,
    /// Too large.
    TooLarge,
    /// Cannot be read.
    Unreadable,
    /// The method does not fit.
    Method,
    /// Took too long.
    TooSlow,
    /// Too much at once.
    Busy,
    /// The service failed.
    Broken,
}

#[derive(Template)]
#[template(path = "foundation/ui/templates/failure.html")]
struct FailurePage<'a> {
    title: &'a str,
    text: &'a str,
    id: Option<String>,
    style: &'static str,
}

/// The page for `failure`; `id` is what the log calls it.
pub fn failure_page(failure: Failure, id: Option<String>) -> Response {
    let (status, title, text) = match failure {
        Failure::NotFound => (
            StatusCode::NOT_FOUND,
            "没有找到这一页",
            "地址可能写错了，或者这件事不由您办理。请从首页重新进入。",
        ),
        Failure::Forbidden => (
            StatusCode::FORBIDDEN,
            "这一步不由您办理",
            "需要办理时，请联系秘书处。",
        ),
        Failure::CrossSite => (
            StatusCode::FORBIDDEN,
            "没有收下这次提交",
            "提交来自别的网站，没有生效。请从本站页面重新操作。",
        ),
        Failure::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "提交的内容太大",
            "请减少或压缩附件后再试，每个文件不超过 10 MB。",
        ),
        Failure::Unreadable => (
            StatusCode::BAD_REQUEST,
            "没有读懂提交的内容",
            "请回到上一页，刷新后重新填写。",
        ),
        Failure::Method => (
            StatusCode::METHOD_NOT_ALLOWED,
            "不能这样打开这一页",
            "请从首页重新进入。",
        ),
        Failure::TooSlow => (
            StatusCode::GATEWAY_TIMEOUT,
            "办理时间太长，已停止",
            "没有改动任何内容，请稍后再试。",
        ),
        Failure::Busy => (
            StatusCode::SERVICE_UNAVAILABLE,
            "现在办理的人太多",
            "没有改动任何内容，请过一分钟再试。",
        ),
        Failure::Broken => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "系统出了问题",
            "没有改动任何内容。问题已记录，请把下面的编号告诉秘书处。",
        ),
    };
    let body = FailurePage {
        title,
        text,
        id,
        style: super::assets::style_path(),
    }
    .render()
    .unwrap_or_else(|_| title.to_owned());
    (
        status,
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        body,
    )
        .into_response()
}

/// A refusal where there is no form to show again, status 422.
pub(super) fn refusal_page(sentence: &str) -> Response {
    let body = FailurePage {
        title: "这一步没有办成",
        text: sentence,
        id: None,
        style: super::assets::style_path(),
    }
    .render()
    .unwrap_or_else(|_| sentence.to_owned());
    (
        StatusCode::UNPROCESSABLE_ENTITY,
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        body,
    )
        .into_response()
}
