//! What a page handler is given about its visitor: the actor and the frame of the page.

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
    response::{IntoResponse, Response},
};

use super::Actor;
use crate::foundation::{
    config::MailTransport,
    context::Context,
    error::{Error, Result},
    texts::Language,
    ui::{Group, Notice, Shell, Who},
};

pub use crate::foundation::context::Boxed;

/// The menu of a visitor, with counts. Written above the bodies, where all of them are known.
pub trait MenuSource: Send + Sync {
    /// Groups of entries that the actor may open; `path` is where the visitor is.
    fn groups<'a>(
        &'a self,
        ctx: &'a Context,
        actor: &'a Actor,
        path: &'a str,
    ) -> Boxed<'a, Result<Vec<Group>>>;
    /// Role and unit of the actor in words.
    fn role<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<String>>;
}

/// The menu, shared.
#[derive(Clone)]
pub struct Menu(pub Arc<dyn MenuSource>);

impl std::fmt::Debug for Menu {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Menu")
    }
}

/// A signed-in visitor with the frame of an office page.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Who acts.
    pub actor: Arc<Actor>,
    /// The frame.
    pub shell: Shell,
}

/// Anybody, with the frame of a public page.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who acts, when signed in.
    pub actor: Option<Arc<Actor>>,
    /// The frame.
    pub shell: Shell,
}

impl<S> FromRequestParts<S> for Desk
where
    S: Send + Sync,
    Context: FromRef<S>,
    Menu: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let ctx = Context::from_ref(state);
        let Menu(menu) = Menu::from_ref(state);
        let actor = parts
            .extensions
            .get::<Arc<Actor>>()
            .cloned()
            .ok_or_else(|| Error::SignedOut.into_response())?;
        let mut shell = shell(&ctx, parts.uri.query());
        shell.menu = menu
            .groups(&ctx, &actor, parts.uri.path())
            .await
            .map_err(IntoResponse::into_response)?;
        shell.who = Some(Who {
            role: menu
                .role(&ctx, &actor)
                .await
                .map_err(IntoResponse::into_response)?,
            name: actor.name.clone(),
            sample: actor.sample,
            home: home(&actor),
            has_account: actor.account.is_some(),
        });
        Ok(Self { actor, shell })
    }
}

/// Where somebody's work is; experts enter by a mailed link and have no account.
fn home(actor: &Actor) -> &'static str {
    match actor.account {
        Some(_) => "/home",
        None => "/my",
    }
}

impl<S> FromRequestParts<S> for Visitor
where
    S: Send + Sync,
    Context: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let ctx = Context::from_ref(state);
        let actor = parts.extensions.get::<Arc<Actor>>().cloned();
        let mut shell = shell(&ctx, parts.uri.query());
        shell.who = actor.as_ref().map(|actor| Who {
            role: String::new(),
            name: actor.name.clone(),
            sample: actor.sample,
            home: home(actor),
            has_account: actor.account.is_some(),
        });
        Ok(Self { actor, shell })
    }
}

/// What was just done, said after the redirect that follows a post: `?done=word`.
const DONE: &[(&str, &str)] = &[
    ("saved", "已保存"),
    ("enrolled", "报名已提交，结果见名单，本人会收到邮件"),
    ("sent", "已提交"),
    ("withdrawn", "已撤回"),
    ("approved", "已批准"),
    ("published", "已发布，通知已排入邮件"),
    ("cancelled", "已取消，通知已排入邮件"),
    ("accepted", "已受理，进入下一次匹配"),
    ("head-asked", "邀请任组长的邮件已排入发送"),
    ("asked", "追问已发给专家组"),
    ("opinion", "意见已收到，谢谢您"),
    ("concluded", "共同结论已收到，申请单位会收到通知"),
    ("pledged", "已记录您的保密承诺"),
    ("returned", "已退回"),
    ("refused", "已记录不予受理"),
    ("invited", "邀请已排入邮件"),
    ("ended", "已结束"),
    ("closed", "已关闭"),
    ("held", "已暂缓"),
    ("released", "已放行"),
    ("retried", "已排入重试"),
    ("address_trusted", "已恢复，以后的邮件照常发出"),
    ("imported", "已导入"),
    ("signed-out", "已退出登录"),
    ("confirmed", "已确认"),
    ("matched", "已重新匹配"),
    ("recorded", "已记录"),
    ("reminded", "提醒已排入邮件"),
    ("mailed", "如果邮箱在册，链接已发出，请查收邮件"),
    ("password", "密码已更改，其他登录已退出"),
    ("password-set", "密码已保存，请登录"),
    ("address-asked", "确认邮件已发到新邮箱，点开确认后生效"),
    ("address", "登录邮箱已更换，请用新邮箱登录"),
    ("tier", "层级已变更"),
    ("handed-over", "已交接，接任者会收到邮件"),
    ("re-invited", "链接已重新发出，之前的链接不能再用"),
];

fn shell(ctx: &Context, query: Option<&str>) -> Shell {
    let office = &ctx.config.office;
    let done = query.and_then(|query| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "done")
            .and_then(|(_, word)| DONE.iter().find(|(known, _)| *known == word))
            .map(|(_, text)| Notice::ok(*text))
    });
    Shell {
        issuer: office.issuer.clone(),
        agent: office.agent.clone(),
        phone: office.phone.clone(),
        menu: Vec::new(),
        who: None,
        demo: ctx.config.mail.transport == MailTransport::Mailbox,
        warning: (!ctx.config.is_https() && !ctx.config.server.public_url.contains("//127.0.0.1"))
            .then(|| {
                "当前网址不是 https，登录信息可能被他人看到。请管理员尽快改用 https。".to_owned()
            }),
        notice: done,
        language: Language::Chinese,
    }
}
