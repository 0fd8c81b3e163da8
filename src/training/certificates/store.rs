//! Queries about certificates and marks.

use std::collections::HashMap;

use entity::{
    certificate, certificate_text,
    ids::{CertificateId, CourseId, CourseRunId, EnrolmentId},
    run_mark, signing_key,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};

use super::sealed::Signer;
use crate::foundation::{
    error::{Error, Result},
    store::WriteTx,
};

/// One certificate.
pub async fn certificate<C: ConnectionTrait>(
    db: &C,
    id: CertificateId,
) -> Result<certificate::Model> {
    certificate::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// The certificate of a number.
pub async fn of_number<C: ConnectionTrait>(
    db: &C,
    number: &str,
) -> Result<Option<certificate::Model>> {
    Ok(certificate::Entity::find()
        .filter(certificate::Column::Number.eq(number))
        .one(db)
        .await?)
}

/// All certificates of a run, in the order of their numbers.
pub async fn of_run<C: ConnectionTrait>(
    db: &C,
    run: CourseRunId,
) -> Result<Vec<certificate::Model>> {
    Ok(certificate::Entity::find()
        .filter(certificate::Column::RunId.eq(run))
        .order_by_asc(certificate::Column::Number)
        .all(db)
        .await?)
}

/// All certificates of somebody in a run, the first one first.
pub async fn chain<C: ConnectionTrait>(
    db: &C,
    enrolment: EnrolmentId,
) -> Result<Vec<certificate::Model>> {
    Ok(certificate::Entity::find()
        .filter(certificate::Column::EnrolmentId.eq(enrolment))
        .order_by_asc(certificate::Column::IssuedAt)
        .order_by_asc(certificate::Column::Id)
        .all(db)
        .await?)
}

/// Marks of a run by enrolment.
pub async fn marks<C: ConnectionTrait>(
    db: &C,
    run: CourseRunId,
) -> Result<HashMap<EnrolmentId, run_mark::Model>> {
    Ok(run_mark::Entity::find()
        .filter(run_mark::Column::RunId.eq(run))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.enrolment_id, row))
        .collect())
}

/// What certificates of a course say, where somebody wrote it.
pub async fn text<C: ConnectionTrait>(
    db: &C,
    course: CourseId,
) -> Result<Option<certificate_text::Model>> {
    Ok(certificate_text::Entity::find_by_id(course).one(db).await?)
}

/// The public key of an id.
pub async fn key<C: ConnectionTrait>(db: &C, id: &str) -> Result<Option<signing_key::Model>> {
    Ok(signing_key::Entity::find_by_id(id.to_owned())
        .one(db)
        .await?)
}

/// Keeps the public key of `signer`, before it signs.
pub async fn keep_key(tx: &WriteTx, signer: &Signer) -> Result<()> {
    signing_key::Entity::insert(signing_key::ActiveModel {
        id: Set(signer.id()),
        public_key: Set(signer.public_key()),
        since: Set(tx.now()),
    })
    .on_conflict(
        OnConflict::column(signing_key::Column::Id)
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(tx.db())
    .await?;
    Ok(())
}
