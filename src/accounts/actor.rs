//! Who acts.

use entity::{
    ids::{AccountId, CommitteeId, PersonId, SessionId, UnitId},
    role_grant::Role,
};

use super::policy::{self, Action, Owner};
use crate::foundation::error::{Error, Result};

/// A role with its scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The unit that it is for; none means the whole alliance.
    pub unit: Option<UnitId>,
    /// The committee that it is for; none where the role is not one of a committee.
    pub committee: Option<CommitteeId>,
}

/// A signed-in person with the roles that hold at this request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub person: PersonId,
    /// The account; none for an expert who came by a mailed link.
    pub account: Option<AccountId>,
    /// The session.
    pub session: SessionId,
    /// Name, for pages and for the record.
    pub name: String,
    /// Whether the person is made up for a demonstration.
    pub sample: bool,
    /// Roles that hold now.
    pub grants: Vec<Grant>,
}

impl Actor {
    /// Whether the actor has `role`, whatever its scope.
    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// Whether the actor works for the secretariat.
    pub fn is_secretariat(&self) -> bool {
        self.has(Role::Handler) || self.has(Role::Approver)
    }

    /// The units that the actor is a contact of.
    pub fn units(&self) -> impl Iterator<Item = UnitId> {
        self.grants
            .iter()
            .filter(|grant| grant.role == Role::Contact)
            .filter_map(|grant| grant.unit)
    }

    /// The committees in which the actor holds an office.
    pub fn committees(&self) -> impl Iterator<Item = CommitteeId> {
        self.grants.iter().filter_map(|grant| grant.committee)
    }

    /// The unit that the actor acts for, when there is just one hat to choose from.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for people who are no contact.
    pub fn unit(&self) -> Result<UnitId> {
        self.units().next().ok_or(Error::Forbidden)
    }

    /// Goes on only when the policy allows `action` on what `owner` describes. What is not allowed
    /// looks as if it were not there.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn require(&self, action: Action, owner: &Owner) -> Result<()> {
        if policy::allows(self, action, owner) {
            Ok(())
        } else {
            Err(Error::NotFound)
        }
    }
}
