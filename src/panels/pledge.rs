//! What an expert declares: that there is no interest, and that what is confidential stays so.

use entity::{
    ids::{PanelId, PersonId},
    panel,
};
use sea_orm::ConnectionTrait;

use crate::{
    foundation::{error::Result, store::WriteTx},
    people::consents,
};

/// The purpose under which consents to the 保密承诺 are kept, one for each panel.
const PURPOSE: &str = "confidentiality";

/// Version of [`PLEDGE`], kept with each acceptance. A changed text is a new version.
pub const PLEDGE_VERSION: &str = "2026-1";

/// 保密承诺
pub const PLEDGE: &[&str] = &[
    "对参加本次工作得到的资料、讨论内容和各方意见保密，不复制、不转发、不对外提供，也不用于本次工作以外的用途。",
    "工作结束后，按秘书处要求交回或者删除资料。",
    "在正式公布以前，不对外透露专家组成员、意见和结论。",
    "发现资料可能外泄时，马上告诉秘书处。",
];

/// Keeps that `person` gave the 保密承诺 for `panel`. `channel` is `link`, `phone` or `paper`.
///
/// # Errors
/// When the database fails.
pub async fn give(tx: &WriteTx, person: PersonId, panel: PanelId, channel: &str) -> Result<()> {
    consents::give(tx, person, PURPOSE, PLEDGE_VERSION, Some(panel.0), channel).await?;
    Ok(())
}

/// Whether `person` gave the 保密承诺 for `panel`.
///
/// # Errors
/// When the database fails.
pub async fn is_given<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    panel: PanelId,
) -> Result<bool> {
    Ok(consents::of(db, person).await?.iter().any(|consent| {
        consent.purpose == PURPOSE
            && consent.matter_id == Some(panel.0)
            && consent.withdrawn_at.is_none()
    }))
}

/// The statement of no interest for a panel, as shown and as kept with the acceptance.
pub fn statement(panel: &panel::Model) -> String {
    let asking = if panel.asking_name.is_empty() {
        String::new()
    } else {
        format!("申请单位（{}）", panel.asking_name)
    };
    let drafting = if panel.drafting_text.is_empty() {
        String::new()
    } else {
        format!("起草单位和起草人（{}）", panel.drafting_text)
    };
    let parties = [asking, drafting]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("、");
    let matter = if panel.standard_name.is_empty() {
        "本事项"
    } else {
        "本标准"
    };
    if parties.is_empty() {
        format!("我与{matter}没有利益关系")
    } else {
        format!("我与{parties}和{matter}没有利益关系")
    }
}
