//! 经办 and 审批 are two people, and the one who approves has no side in the matter: a pure rule.

use std::collections::HashSet;

use entity::ids::{PersonId, UnitId};

use crate::foundation::error::Refusal;

/// Who prepared and who approves, and whose matter it is.
#[derive(Clone, Debug, Default)]
pub struct Sides {
    /// Units that ask for the panels of the run.
    pub asking: HashSet<UnitId>,
    /// Units that recommended the experts proposed.
    pub recommending: HashSet<UnitId>,
}

/// Whether `approver`, a contact of `units`, may approve what `preparer` prepared. Where
/// `single_allowed` by the configuration, a person with a conflict may, with an exception that is
/// recorded and shown.
///
/// # Errors
/// `panels.same_person`, `panels.own_side`, or `panels.exception_needed` when the exception is allowed
/// but not given a reason.
pub fn may_approve(
    preparer: PersonId,
    approver: PersonId,
    units: &[UnitId],
    sides: &Sides,
    single_allowed: bool,
    exception: &str,
) -> Result<(), Refusal> {
    let Some(conflict) = conflict(preparer, approver, units, sides) else {
        return Ok(());
    };
    if !single_allowed {
        return Err(conflict);
    }
    if exception.is_empty() {
        return Err(Refusal::new("panels.exception_needed"));
    }
    Ok(())
}

/// Why this person should not approve, if there is a reason.
pub fn conflict(
    preparer: PersonId,
    approver: PersonId,
    units: &[UnitId],
    sides: &Sides,
) -> Option<Refusal> {
    if preparer == approver {
        return Some(Refusal::new("panels.same_person"));
    }
    let own = |unit: &&UnitId| sides.asking.contains(unit) || sides.recommending.contains(unit);
    units
        .iter()
        .find(own)
        .map(|_| Refusal::new("panels.own_side"))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn unit(n: u128) -> UnitId {
        UnitId(Uuid::from_u128(n))
    }

    #[test]
    fn a_second_person_without_a_side_approves() {
        let sides = Sides {
            asking: HashSet::from([unit(1)]),
            recommending: HashSet::from([unit(2)]),
        };
        let code = |approver: u128, units: &[UnitId], allowed: bool, note: &str| {
            may_approve(person(1), person(approver), units, &sides, allowed, note)
                .err()
                .map(|refusal| refusal.code)
        };
        assert_eq!(code(2, &[], false, ""), None);
        assert_eq!(code(2, &[unit(3)], false, ""), None);
        assert_eq!(code(1, &[], false, "忙"), Some("panels.same_person"));
        assert_eq!(code(2, &[unit(1)], false, ""), Some("panels.own_side"));
        assert_eq!(code(2, &[unit(2)], false, ""), Some("panels.own_side"));
        assert_eq!(code(1, &[], true, ""), Some("panels.exception_needed"));
        assert_eq!(code(1, &[], true, "只有一人在岗"), None);
    }
}
