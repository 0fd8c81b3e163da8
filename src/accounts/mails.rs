//! Mails of accounts. Those with a link that opens something are secret: they are never shown to
//! anybody, and their facts go once they are sent.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::foundation::{
    mail::{Letter, LetterDesk, Registry, Template},
    ui::dates,
};

/// Adds the templates.
pub fn register(registry: &mut Registry) {
    registry.register::<Invited>();
    registry.register::<RoleGiven>();
    registry.register::<ResetAsked>();
    registry.register::<PasswordChanged>();
    registry.register::<ExpertLink>();
    registry.register::<AddressToConfirm>();
    registry.register::<AddressAsked>();
    registry.register::<AddressChanged>();
}

/// Somebody new may sign in: a link to set the first password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Invited {
    /// As what, for example `中国电子学会联络员`.
    pub capacity: String,
    /// The one-use secret.
    pub secret: String,
    /// Until when the link works.
    pub until: DateTime<Utc>,
}

impl Template for Invited {
    const KIND: &'static str = "accounts.invited";
    const LABEL: &'static str = "登录邀请";
    const SECRET: bool = true;

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("请设置登录密码：{}", self.capacity),
            format!("{}，您好！", desk.recipient),
        )
        .text(format!(
            "您已登记为{}。请点下面的链接设置登录密码，以后用这个邮箱和密码登录。",
            self.capacity
        ))
        .text(format!(
            "链接只能用一次，{}前有效。过期后请联系秘书处或本单位联络员重新发送。",
            dates::deadline(self.until, desk.zone)
        ))
        .action(
            "设置密码",
            desk.links.absolute(&format!("/invitation/{}", self.secret)),
        )
    }
}

/// Somebody who signs in already was given one more thing to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RoleGiven {
    /// As what.
    pub capacity: String,
}

impl Template for RoleGiven {
    const KIND: &'static str = "accounts.role_given";
    const LABEL: &'static str = "职责通知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("您已登记为{}", self.capacity),
            format!("{}，您好！", desk.recipient),
        )
        .text(format!(
            "您已登记为{}，用原来的邮箱和密码登录即可办理。",
            self.capacity
        ))
        .action("登录", desk.links.absolute("/sign-in"))
    }
}

/// A link to set a new password, asked for at the sign-in page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResetAsked {
    /// The one-use secret.
    pub secret: String,
    /// Until when the link works.
    pub until: DateTime<Utc>,
}

impl Template for ResetAsked {
    const KIND: &'static str = "accounts.reset_asked";
    const LABEL: &'static str = "重设密码";
    const SECRET: bool = true;

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new("重设登录密码", format!("{}，您好！", desk.recipient))
            .text("有人在登录页为这个邮箱申请重设密码。如果是您本人，请点下面的链接设置新密码。")
            .text(format!(
                "链接只能用一次，{}前有效。不是您本人申请的，不用理会，原密码不变。",
                dates::deadline(self.until, desk.zone)
            ))
            .action(
                "设置新密码",
                desk.links.absolute(&format!("/reset/{}", self.secret)),
            )
    }
}

/// Tells the owner that the password is another one now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PasswordChanged {
    /// When.
    pub at: DateTime<Utc>,
}

impl Template for PasswordChanged {
    const KIND: &'static str = "accounts.password_changed";
    const LABEL: &'static str = "密码已改";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new("您的登录密码已更改", format!("{}，您好！", desk.recipient))
            .text(format!(
                "您的登录密码于{}更改，其他设备上的登录已退出。",
                dates::deadline(self.at, desk.zone)
            ))
            .text(format!(
                "如果不是您本人操作，请马上在登录页用“忘记密码”重设，并致电秘书处 {}。",
                desk.office.phone
            ))
    }
}

/// A link to an expert's own page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExpertLink {
    /// The one-use secret.
    pub secret: String,
    /// Until when the link works.
    pub until: DateTime<Utc>,
}

impl Template for ExpertLink {
    const KIND: &'static str = "accounts.expert_link";
    const LABEL: &'static str = "专家入口";
    const SECRET: bool = true;

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new("您的专家页面链接", format!("{}老师：您好！", desk.recipient))
            .text("请点下面的链接进入您的专家页面，可以看到邀请和经办情况，也可以登记不在的日期、更正资料。")
            .text(format!(
                "链接只能用一次，{}前有效。不是您本人申请的，不用理会。",
                dates::deadline(self.until, desk.zone)
            ))
            .action(
                "进入专家页面",
                desk.links.absolute(&format!("/expert/enter/{}", self.secret)),
            )
    }
}

/// A link to the new address of an account: only its use makes the change.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddressToConfirm {
    /// The one-use secret.
    pub secret: String,
    /// Until when the link works.
    pub until: DateTime<Utc>,
}

impl Template for AddressToConfirm {
    const KIND: &'static str = "accounts.address_to_confirm";
    const LABEL: &'static str = "确认登录邮箱";
    const SECRET: bool = true;

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            "请确认新的登录邮箱",
            format!("{}，您好！", desk.recipient),
        )
        .text("有人申请今后用这个邮箱登录。请点下面的链接，核对后确认；确认以前，登录仍用原邮箱。")
        .text(format!(
            "链接只能用一次，{}前有效。不是您要更换的，不用理会。",
            dates::deadline(self.until, desk.zone)
        ))
        .action(
            "核对并确认",
            desk.links.absolute(&format!("/address/{}", self.secret)),
        )
    }
}

/// Tells the old address that the secretariat asked for another one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddressAsked {
    /// The new address, masked.
    pub new: String,
}

impl Template for AddressAsked {
    const KIND: &'static str = "accounts.address_asked";
    const LABEL: &'static str = "申请更换邮箱";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            "秘书处为您申请更换登录邮箱",
            format!("{}，您好！", desk.recipient),
        )
        .text(format!(
            "秘书处为您申请把登录邮箱更换为 {}。在新邮箱确认以后才生效。",
            self.new
        ))
        .text(format!(
            "如果您没有提出更换，请马上致电秘书处 {}。",
            desk.office.phone
        ))
    }
}

/// Tells the old address that another one is used from now on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddressChanged {
    /// The new address, masked.
    pub new: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Template for AddressChanged {
    const KIND: &'static str = "accounts.address_changed";
    const LABEL: &'static str = "邮箱已更换";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new("您的登录邮箱已更换", format!("{}，您好！", desk.recipient))
            .text(format!(
                "您的登录邮箱于 {} 更换为 {}，这个邮箱不能再用来登录，各设备上的登录已退出。",
                dates::deadline(self.at, desk.zone),
                self.new
            ))
            .text(format!(
                "如果不是您本人操作，请马上致电秘书处 {}。",
                desk.office.phone
            ))
    }
}
