//! Attachments, kept in the database so that several instances, backup and erasure just work.

use entity::{file, file_chunk, ids::FileId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    config::FilesConfig,
    error::{Error, Refusal, Result},
    store::WriteTx,
};

/// Size of a stored piece in bytes.
const CHUNK: usize = 256 * 1024;

/// A file as it was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Name as the browser gave it.
    pub name: String,
    /// All its bytes.
    pub bytes: Vec<u8>,
}

/// What a file belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// Kind of row, for example `consultation`.
    pub kind: &'static str,
    /// The row.
    pub id: Uuid,
    /// Part of it, for example `attachment`.
    pub part: &'static str,
}

/// Whether the file may be kept at all: its size and name.
///
/// # Errors
/// A refusal with the file's name.
pub fn check(upload: &Upload, limits: &FilesConfig) -> std::result::Result<(), Refusal> {
    if upload.bytes.is_empty() {
        return Err(Refusal::new("file.empty").with("name", safe_name(&upload.name)));
    }
    if upload.bytes.len() > limits.max_mb * 1024 * 1024 {
        return Err(Refusal::new("file.too_large")
            .with("name", safe_name(&upload.name))
            .with("max", limits.max_mb));
    }
    Ok(())
}

/// Keeps a file.
///
/// # Errors
/// As [`check`], or when the database fails.
pub async fn keep(
    tx: &WriteTx,
    owner: Owner,
    upload: &Upload,
    limits: &FilesConfig,
) -> Result<FileId> {
    check(upload, limits)?;
    let id: FileId = tx.id();
    file::Entity::insert(file::ActiveModel {
        id: Set(id),
        owner_kind: Set(owner.kind.to_owned()),
        owner_id: Set(owner.id),
        part: Set(owner.part.to_owned()),
        name: Set(safe_name(&upload.name)),
        media_type: Set(media_type(&upload.bytes).to_owned()),
        size: Set(i64::try_from(upload.bytes.len()).map_err(Error::internal)?),
        sha256: Set(hex(&Sha256::digest(&upload.bytes))),
        created_at: Set(tx.now()),
    })
    .exec_without_returning(tx.db())
    .await?;
    for (position, bytes) in (0_i32..).zip(upload.bytes.chunks(CHUNK)) {
        file_chunk::Entity::insert(file_chunk::ActiveModel {
            file_id: Set(id),
            position: Set(position),
            bytes: Set(bytes.to_vec()),
        })
        .exec_without_returning(tx.db())
        .await?;
    }
    Ok(id)
}

/// The files of a part, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list<C: ConnectionTrait>(db: &C, owner: Owner) -> Result<Vec<file::Model>> {
    Ok(file::Entity::find()
        .filter(file::Column::OwnerKind.eq(owner.kind))
        .filter(file::Column::OwnerId.eq(owner.id))
        .filter(file::Column::Part.eq(owner.part))
        .order_by_asc(file::Column::CreatedAt)
        .order_by_asc(file::Column::Id)
        .all(db)
        .await?)
}

/// A file with its bytes, when it belongs to `owner`; otherwise it is not found.
///
/// # Errors
/// [`Error::NotFound`], or when the bytes no longer match their digest.
pub async fn read<C: ConnectionTrait>(
    db: &C,
    owner: Owner,
    id: FileId,
) -> Result<(file::Model, Vec<u8>)> {
    let row = file::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)?;
    if row.owner_kind != owner.kind || row.owner_id != owner.id || row.part != owner.part {
        return Err(Error::NotFound);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(row.size).unwrap_or(0));
    for chunk in file_chunk::Entity::find()
        .filter(file_chunk::Column::FileId.eq(id))
        .order_by_asc(file_chunk::Column::Position)
        .all(db)
        .await?
    {
        bytes.extend_from_slice(&chunk.bytes);
    }
    if hex(&Sha256::digest(&bytes)) != row.sha256 {
        return Err(Error::internal(format!(
            "file {id} does not match its digest"
        )));
    }
    Ok((row, bytes))
}

/// Takes a file away, with its bytes.
///
/// # Errors
/// [`Error::NotFound`] when it does not belong to `owner`.
pub async fn remove(tx: &WriteTx, owner: Owner, id: FileId) -> Result<()> {
    let row = file::Entity::find_by_id(id)
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    if row.owner_kind != owner.kind || row.owner_id != owner.id || row.part != owner.part {
        return Err(Error::NotFound);
    }
    file_chunk::Entity::delete_many()
        .filter(file_chunk::Column::FileId.eq(id))
        .exec(tx.db())
        .await?;
    file::Entity::delete_by_id(id).exec(tx.db()).await?;
    Ok(())
}

/// Gives all files of one part to another: what was uploaded beforehand goes with what it was for.
///
/// # Errors
/// When the database fails.
pub async fn hand_over(tx: &WriteTx, from: Owner, to: Owner) -> Result<()> {
    file::Entity::update_many()
        .filter(file::Column::OwnerKind.eq(from.kind))
        .filter(file::Column::OwnerId.eq(from.id))
        .filter(file::Column::Part.eq(from.part))
        .col_expr(file::Column::OwnerKind, Expr::value(to.kind))
        .col_expr(file::Column::OwnerId, Expr::value(to.id))
        .col_expr(file::Column::Part, Expr::value(to.part))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// The last part of a path, without control characters, at most 120 characters.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(120).collect();
    if clean.trim().is_empty() {
        "未命名".to_owned()
    } else {
        clean
    }
}

/// Media type by content; what is not known is served as bytes to be saved.
fn media_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [b'%', b'P', b'D', b'F', ..] => "application/pdf",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'P', b'K', 3, 4, ..] => "application/zip",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_carry_no_path_and_no_control_characters() {
        assert_eq!(safe_name("C:\\稿件\\送审稿.docx"), "送审稿.docx");
        assert_eq!(safe_name("../../etc/passwd"), "passwd");
        assert_eq!(safe_name("a\r\nb"), "ab");
        assert_eq!(safe_name("/"), "未命名");
    }
}
