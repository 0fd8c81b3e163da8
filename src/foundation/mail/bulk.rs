//! Many mails of one kind in few statements: reminders of a whole morning.

use std::collections::HashMap;

use entity::{mail, suppressed_address};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    letter::Template,
    outbox::{self, About, Content, Options, Recipient},
};
use crate::foundation::{error::Result, store::WriteTx};

/// Rows of one statement: both databases bound the values that a statement carries.
const ROWS: usize = 500;

/// A mail to be queued together with others.
#[derive(Clone, Debug)]
pub struct Addressed<T> {
    /// Who is written to.
    pub to: Recipient,
    /// What it is about.
    pub about: About,
    /// How it leaves.
    pub options: Options,
    /// Its facts.
    pub template: T,
}

/// Queues all of them as [`outbox::enqueue`] would one by one: what was queued before is left as it
/// is. Returns how many are new.
///
/// # Errors
/// When the database fails.
pub async fn enqueue_all<T: Template>(tx: &WriteTx, mails: &[Addressed<T>]) -> Result<usize> {
    let mut queued = 0;
    for chunk in mails.chunks(ROWS) {
        let dead = dead_addresses(tx, chunk).await?;
        let rows = chunk
            .iter()
            .map(|one| {
                let address = one.to.address.as_deref();
                let known = address.and_then(|address| dead.get(&address.to_lowercase()));
                let obstacle = outbox::obstacle(address, known.cloned());
                Ok(outbox::row(
                    tx,
                    tx.id(),
                    &one.to,
                    &one.about,
                    one.options.clone(),
                    Content::of(&one.template)?,
                    obstacle,
                ))
            })
            .collect::<Result<Vec<_>>>()?;
        queued += mail::Entity::insert_many(rows)
            .on_conflict(outbox::unless_queued())
            .exec_without_returning(tx.db())
            .await?;
    }
    if queued > 0 {
        tx.wake_workers();
    }
    Ok(usize::try_from(queued).unwrap_or(usize::MAX))
}

/// Those of the addresses that are known not to exist, with the reply that said so.
async fn dead_addresses<T>(
    tx: &WriteTx,
    mails: &[Addressed<T>],
) -> Result<HashMap<String, String>> {
    let addresses = mails
        .iter()
        .filter_map(|one| one.to.address.as_deref())
        .map(str::to_lowercase);
    Ok(suppressed_address::Entity::find()
        .filter(suppressed_address::Column::Address.is_in(addresses))
        .all(tx.db())
        .await?
        .into_iter()
        .map(|row| (row.address, row.reply))
        .collect())
}
