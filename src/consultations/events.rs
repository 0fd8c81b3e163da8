//! The history of a consultation: who, when, what, kept for the people concerned. The audit trail is
//! for everything else.

use entity::{
    consultation,
    consultation_event::{self},
    ids::PersonId,
};
use serde_json::json;

use super::store;
use crate::{
    accounts::audit,
    foundation::{error::Result, store::WriteTx},
};

/// What can happen, as it is stored.
pub(super) const SUBMITTED: &str = "consultations.submitted";
pub(super) const CHANGED: &str = "consultations.changed";
pub(super) const RETURNED: &str = "consultations.returned";
pub(super) const REFUSED: &str = "consultations.refused";
pub(super) const ACCEPTED: &str = "consultations.accepted";
pub(super) const WITHDRAWN: &str = "consultations.withdrawn";
pub(super) const STANDING: &str = "consultations.standing";
pub(super) const REOPENED: &str = "consultations.reopened";
pub(super) const SHORT: &str = "consultations.short";
pub(super) const HEAD: &str = "consultations.head";
pub(super) const OPINION: &str = "consultations.opinion";
pub(super) const CONCLUDED: &str = "consultations.concluded";
pub(super) const ASKED: &str = "consultations.asked_again";
pub(super) const CONFIRMED: &str = "consultations.confirmed";
pub(super) const BEGUN: &str = "consultations.begun";

/// Notes that `code` happened to `row`, in its history and in the audit trail.
pub(super) async fn note(
    tx: &WriteTx,
    row: &consultation::Model,
    by: Option<PersonId>,
    code: &'static str,
    text: &str,
) -> Result<()> {
    store::insert_event(
        tx,
        consultation_event::Model {
            id: tx.id(),
            consultation_id: row.id,
            at: tx.now(),
            by_person: by,
            code: code.to_owned(),
            note: text.to_owned(),
        },
    )
    .await?;
    audit::record(
        tx,
        audit::Entry {
            actor: by,
            action: code,
            subject_kind: "consultation",
            subject_id: Some(row.id.0),
            details: json!({ "note": text, "version": row.version }),
        },
    )
    .await?;
    Ok(())
}

/// An event in words.
pub(super) fn words(code: &str) -> &'static str {
    match code {
        SUBMITTED => "申请单位提交",
        CHANGED => "申请单位修改内容",
        RETURNED => "秘书处退回补充",
        REFUSED => "秘书处不予受理",
        ACCEPTED => "秘书处受理，开始组建专家组",
        WITHDRAWN => "申请单位撤回",
        STANDING => "专家组到齐",
        REOPENED => "专家组有变动，重新补邀",
        SHORT => "有席位暂无合适专家",
        HEAD => "接受担任组长",
        OPINION => "提交意见",
        CONCLUDED => "组长提交共同结论",
        ASKED => "申请单位追问",
        CONFIRMED => "申请单位确认，办结",
        BEGUN => "会议已开，专家写意见",
        _ => "办理",
    }
}
