//! A piece of a file's bytes.

use sea_orm::entity::prelude::*;

use crate::ids::FileId;

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file_chunk")]
pub struct Model {
    /// The file.
    #[sea_orm(primary_key, auto_increment = false)]
    pub file_id: FileId,
    /// Place of the piece, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
