//! A mail to one recipient: what caused it, where it stands, and its frozen bytes.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{MailId, PersonId};

/// Where a mail stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::None)",
    rename_all = "snake_case"
)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// 暂缓: a person has to release it
    Held,
    /// 待发
    Ready,
    /// 发送中
    Leased,
    /// 已发出
    Sent,
    /// 稍后重试
    Deferred,
    /// 失败: refused for good
    Failed,
    /// 不发送: no address, or the address is known not to exist
    Suppressed,
    /// 已取消: what it was about has gone
    Cancelled,
    /// 结果不明: tries ended without an answer
    Unknown,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    /// The mail; its Message-ID follows from it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MailId,
    /// Which template.
    pub kind: String,
    /// What it is about: with kind, generation and recipient it is unique.
    pub subject_id: Uuid,
    /// Rises when the same has to be said again.
    pub generation: i32,
    /// The recipient, when a person of the service.
    pub person_id: Option<PersonId>,
    /// The person's id, or else the address: part of the unique key.
    pub recipient_key: String,
    /// Name of the recipient.
    pub recipient_name: String,
    /// Address, or none.
    pub address: Option<String>,
    /// What caused it, in words for the mail list, with the number of the matter.
    pub cause: String,
    /// Facts for the template.
    pub facts: Json,
    /// Where it stands.
    pub state: MailState,
    /// Leaves before others, also from the reserve of the day's quota.
    pub urgent: bool,
    /// Carries a secret (sign-in, reset): never shown to anybody.
    pub confidential_links: bool,
    /// Not sent before this.
    pub not_before: DateTimeUtc,
    /// Of no use after this.
    pub expires_at: Option<DateTimeUtc>,
    /// Tries so far.
    pub attempts: i32,
    /// Who has it, while leased.
    pub lease_token: Option<Uuid>,
    /// When the lease lapses.
    pub leased_until: Option<DateTimeUtc>,
    /// A try ended without an answer: the recipient may have it already.
    pub maybe_delivered: bool,
    /// Subject, once rendered.
    pub subject_line: Option<String>,
    /// The frozen mail, until blanked.
    pub bytes: Option<Vec<u8>>,
    /// What the server said last.
    pub last_reply: Option<String>,
    /// Who held it, and why.
    pub held_by: Option<String>,
    /// When it was queued.
    pub created_at: DateTimeUtc,
    /// When its state last changed.
    pub updated_at: DateTimeUtc,
    /// When the server took it.
    pub sent_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
