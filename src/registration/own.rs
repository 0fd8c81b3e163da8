//! A person's own link to their enrolment.

use entity::{enrolment, ids::EnrolmentId, person, registration, sitting};

use super::{ENROLMENT, mails::Key, store};
use crate::{
    foundation::{
        context::Context,
        error::{Error, Result},
        links::{Links, Target},
    },
    people,
};

/// An enrolment with everything around it.
#[derive(Clone, Debug)]
pub(super) struct Own {
    pub row: enrolment::Model,
    pub person: person::Model,
    pub registration: registration::Model,
    pub sittings: Vec<sitting::Model>,
}

/// What an own link signs.
pub fn target(key: &Key) -> Target {
    Target {
        purpose: ENROLMENT,
        subject: key.subject,
        person: key.person.0,
        generation: key.generation,
    }
}

impl Own {
    /// The enrolment that a link opens.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anything but a link that this service gave out and did not revoke.
    pub async fn by_link(ctx: &Context, token: &str) -> Result<Self> {
        let db = ctx.store.read();
        let token = Links::read(token).ok_or(Error::NotFound)?;
        let row = store::enrolment(db, EnrolmentId(token.subject)).await?;
        if !ctx.links.verify(&token, &target(&Key::of(&row, ""))) {
            return Err(Error::NotFound);
        }
        Ok(Self {
            person: people::get(db, row.person_id).await?,
            registration: store::get(db, row.registration_id).await?,
            sittings: store::sittings(db, row.registration_id).await?,
            row,
        })
    }

    /// What its link signs.
    pub fn target(&self) -> Target {
        target(&Key::of(&self.row, ""))
    }
}
