//! A stored file. Its bytes are in `file_chunk`, so that several instances, backup and erasure just
//! work.

use sea_orm::entity::prelude::*;

use crate::ids::FileId;

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file")]
pub struct Model {
    /// The file.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FileId,
    /// What it belongs to: the kind of row (`consultation`, `expert`, `opinion`, …).
    pub owner_kind: String,
    /// What it belongs to: the row.
    pub owner_id: Uuid,
    /// Its part there (`attachment`, `stamped_form`, …).
    pub part: String,
    /// Name as the person gave it, without a path.
    pub name: String,
    /// Media type by content.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// When it came.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
