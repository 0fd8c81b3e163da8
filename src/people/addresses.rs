//! Somebody's mail address was corrected: the bodies above that sent links to the old one hear of it
//! in the same write.

use std::sync::Arc;

use entity::{ids::PersonId, person};

use crate::foundation::{
    context::{Boxed, Context},
    error::Result,
    store::WriteTx,
};

/// A body that sends personal links by mail. Links sent to a former address have to fail, and what is
/// still open goes to the present one.
pub trait AddressBook: Send + Sync {
    /// Locks what links of the person lead to, before anything of the person is locked.
    fn hold<'a>(&'a self, tx: &'a WriteTx, person: PersonId) -> Boxed<'a, Result<()>>;

    /// The person has another address now, as the row says.
    fn moved<'a>(
        &'a self,
        tx: &'a WriteTx,
        ctx: &'a Context,
        person: &'a person::Model,
    ) -> Boxed<'a, Result<()>>;
}

/// All bodies that send personal links, as `lib.rs` registered them. Cheap to clone.
#[derive(Clone, Default)]
pub struct AddressBooks(pub Arc<[Arc<dyn AddressBook>]>);

impl std::fmt::Debug for AddressBooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("AddressBooks").field(&self.0.len()).finish()
    }
}

impl AddressBooks {
    /// Locks what links of the person lead to: the first thing in a write that may correct an address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold(&self, tx: &WriteTx, person: PersonId) -> Result<()> {
        for book in self.0.iter() {
            book.hold(tx, person).await?;
        }
        Ok(())
    }

    /// Tells all bodies that the person has another address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn moved(&self, tx: &WriteTx, ctx: &Context, person: &person::Model) -> Result<()> {
        for book in self.0.iter() {
            book.moved(tx, ctx, person).await?;
        }
        Ok(())
    }
}
