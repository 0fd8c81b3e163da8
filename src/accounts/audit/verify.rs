//! Checking the chain from its beginning, and naming the first entry that is not as it was sealed.

use entity::audit_entry;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    record::commitment,
    seal::{Head, head, link},
};
use crate::foundation::{context::Context, error::Result};

/// Entries read at a time.
const PAGE: u64 = 1_000;

/// What the check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every sealed entry is as it was; the end of the chain, to be kept elsewhere.
    Sound(Head),
    /// The first entry that is not.
    Broken {
        /// Its place in the chain.
        sequence: i64,
        /// What is wrong with it.
        fault: Fault,
    },
}

/// What is wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not there.
    Missing,
    /// It, or its place, is not what was sealed.
    Changed,
    /// Its details are not those that it commits to.
    Details,
    /// It carries another seal than the one noted elsewhere.
    NotAsNoted,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Missing => "is missing",
            Self::Changed => "or its place was changed",
            Self::Details => "has other details than when it was written",
            Self::NotAsNoted => "has another seal than the one noted elsewhere",
        })
    }
}

/// Walks the whole chain. `noted` is an end of the chain that was kept outside the database.
///
/// # Errors
/// When the database fails.
pub async fn verify(ctx: &Context, noted: Option<&Head>) -> Result<Verdict> {
    let db = ctx.store.read();
    let key = ctx.links.audit_key();
    let mut last = Head::default();
    loop {
        let page = audit_entry::Entity::find()
            .filter(audit_entry::Column::Sequence.gt(last.sequence))
            .order_by_asc(audit_entry::Column::Sequence)
            .limit(PAGE)
            .all(db)
            .await?;
        if page.is_empty() {
            break;
        }
        for entry in page {
            let broken = |fault| Verdict::Broken {
                sequence: last.sequence + 1,
                fault,
            };
            if entry.sequence != Some(last.sequence + 1) {
                return Ok(broken(Fault::Missing));
            }
            let seal = link(&key, &last, &entry);
            if entry.seal.as_deref() != Some(seal.as_str()) {
                return Ok(broken(Fault::Changed));
            }
            if let (Some(salt), Some(details)) = (&entry.salt, &entry.details)
                && commitment(salt, details, entry.address.as_deref()) != entry.commitment
            {
                return Ok(broken(Fault::Details));
            }
            last = Head {
                sequence: last.sequence + 1,
                seal,
            };
            if noted.is_some_and(|noted| noted.sequence == last.sequence && noted.seal != last.seal)
            {
                return Ok(Verdict::Broken {
                    sequence: last.sequence,
                    fault: Fault::NotAsNoted,
                });
            }
        }
    }
    let kept = head(db).await?;
    let furthest = noted.map_or(0, |noted| noted.sequence).max(kept.sequence);
    if furthest > last.sequence {
        return Ok(Verdict::Broken {
            sequence: last.sequence + 1,
            fault: Fault::Missing,
        });
    }
    Ok(Verdict::Sound(last))
}
