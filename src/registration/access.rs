//! Who may see and do what in a registration.

use entity::{enrolment, ids::UnitId, registration};

use super::owners::Owners;
use crate::{
    accounts::{
        Action, Actor,
        policy::{self, Owner},
    },
    foundation::error::{Error, Result},
};

/// Whether the actor manages the registration, by what its owner asks.
pub(super) fn manages(
    actor: &Actor,
    owners: &Owners,
    registration: &registration::Model,
) -> Result<bool> {
    let action = owners.of(registration)?.manage();
    Ok(policy::allows(actor, action, &Owner::ALLIANCE))
}

/// Goes on only for those who manage the registration.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) fn require_manager(
    actor: &Actor,
    owners: &Owners,
    registration: &registration::Model,
) -> Result<()> {
    if manages(actor, owners, registration)? {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Whether the actor enrols people of the unit.
pub(super) fn enrols(actor: &Actor, unit: UnitId) -> bool {
    policy::allows(actor, Action::EnrolPeople, &Owner::unit(unit))
}

/// Goes on only for those who may act for an enrolment: whoever manages the registration, and the
/// contacts of the person's unit.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) fn require_for(
    actor: &Actor,
    owners: &Owners,
    registration: &registration::Model,
    row: &enrolment::Model,
) -> Result<()> {
    let own = row.unit_id.is_some_and(|unit| enrols(actor, unit));
    if own {
        Ok(())
    } else {
        require_manager(actor, owners, registration)
    }
}
