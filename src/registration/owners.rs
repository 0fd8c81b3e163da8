//! Whoever opened a registration hears of it, without being known to it.

use std::{collections::HashMap, sync::Arc};

use entity::{ids::EnrolmentId, registration};
use uuid::Uuid;

use crate::{
    accounts::Action,
    foundation::{
        context::{Boxed, Context},
        error::{Error, Result},
        store::WriteTx,
    },
};

/// What happened to a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationEvent {
    /// Its window is over: nobody enrols by themselves any more.
    Closed,
    /// This enrolment has a seat now.
    Enrolled(EnrolmentId),
    /// This enrolment gave its seat back.
    Left(EnrolmentId),
}

/// A body that has seats to enrol for.
pub trait RegistrationOwner: Send + Sync {
    /// The `owner_kind` of its registrations.
    fn kind(&self) -> &'static str;

    /// What one must be allowed to do, for the alliance as a whole, to manage its registrations.
    fn manage(&self) -> Action;

    /// Hears of an event, in the write that causes it. The same event may come twice.
    fn on<'a>(
        &'a self,
        tx: &'a WriteTx,
        ctx: &'a Context,
        registration: &'a registration::Model,
        event: RegistrationEvent,
    ) -> Boxed<'a, Result<()>>;

    /// Path of the page of the matter, for those who manage it.
    fn href(&self, owner_id: Uuid) -> String;

    /// Path of the page that anybody may read: the notice of the run, the programme.
    fn public_href(&self, owner_id: Uuid) -> Option<String>;
}

/// All bodies that open registrations, by kind. Cheap to clone.
#[derive(Clone, Default)]
pub struct Owners(Arc<HashMap<&'static str, Arc<dyn RegistrationOwner>>>);

impl std::fmt::Debug for Owners {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl FromIterator<Arc<dyn RegistrationOwner>> for Owners {
    fn from_iter<T: IntoIterator<Item = Arc<dyn RegistrationOwner>>>(owners: T) -> Self {
        let by_kind = owners.into_iter().map(|owner| (owner.kind(), owner));
        Self(Arc::new(by_kind.collect()))
    }
}

impl Owners {
    /// The owner of `registration`.
    ///
    /// # Errors
    /// [`Error::Internal`] when nobody is registered for its kind.
    pub fn of(&self, registration: &registration::Model) -> Result<&dyn RegistrationOwner> {
        self.0
            .get(registration.owner_kind.as_str())
            .map(|owner| &**owner)
            .ok_or_else(|| {
                Error::internal(format!(
                    "nobody owns registrations of kind {}",
                    registration.owner_kind
                ))
            })
    }

    /// Tells the owner what happened, in the write that causes it.
    ///
    /// # Errors
    /// What the owner refuses, and as [`Self::of`].
    pub async fn tell(
        &self,
        tx: &WriteTx,
        ctx: &Context,
        registration: &registration::Model,
        event: RegistrationEvent,
    ) -> Result<()> {
        self.of(registration)?
            .on(tx, ctx, registration, event)
            .await
    }
}
