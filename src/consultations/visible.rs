//! Who sees what of a request. Pure.

use entity::consultation::ConsultationState;

use crate::accounts::{Action, Actor, Owner, policy};

/// Whether the actor sees all requests, of whatever unit.
pub(super) fn is_secretariat(actor: &Actor) -> bool {
    policy::allows(actor, Action::ReadConsultation, &Owner::ALLIANCE)
}

/// Whether the members of the panel are shown: to the requester once it has been complete.
pub(super) fn members(state: ConsultationState, secretariat: bool) -> bool {
    secretariat || state != ConsultationState::Accepted
}

/// Whether opinions are shown: to the requester together with the conclusion, so that nobody is
/// spoken to about an opinion while the panel is at work.
pub(super) fn opinions(state: ConsultationState, secretariat: bool) -> bool {
    use ConsultationState::*;
    secretariat || matches!(state, Concluded | AskedAgain | Closed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requesters_see_opinions_with_the_conclusion() {
        use ConsultationState::*;
        assert!(!opinions(Working, false) && opinions(Working, true));
        assert!(opinions(Concluded, false) && opinions(Closed, false));
        assert!(!members(Accepted, false) && members(Standing, false));
    }
}
