//! What committees put on the home pages of those concerned: what their committee misses, units that
//! apply, studies and meetings that wait.

use entity::{
    committee::CommitteeState,
    committee_unit::{UnitPart, UnitStanding},
    referral::ReferralState,
};

use super::{
    council, referrals, rules,
    store::{self, Full},
    studies,
};
use crate::{
    accounts::{Action, Actor, Due, HomeSource, Owner, policy},
    foundation::{
        context::{Boxed, Context},
        error::Result,
        texts::{Language, sentence},
    },
};

/// Lines of the home page about committees, their studies and meetings.
#[derive(Clone, Copy, Debug)]
pub struct CommitteesHome;

impl HomeSource for CommitteesHome {
    fn due<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            if !policy::may_enter(actor, Action::ReadCommittees) {
                return Ok(Vec::new());
            }
            let all = store::all(ctx.store.read()).await?;
            let mut due = Vec::new();
            for full in &all {
                due.extend(applications(full, actor));
                due.extend(defect(full, actor));
            }
            due.extend(referred(ctx, actor).await?);
            due.extend(studies::due(ctx, actor, &all).await?);
            due.extend(council::due(ctx, actor).await?);
            Ok(due)
        })
    }
}

fn line(full: &Full, why: String) -> Due {
    Due {
        title: full.row.name.clone(),
        href: format!("/committees/{}", full.row.id),
        why,
        due: None,
        late: false,
    }
}

/// Units that wait to be admitted: for those who act for the committee, and for the secretariat
/// where nobody does yet.
fn applications(full: &Full, actor: &Actor) -> Option<Due> {
    let waiting = full
        .units
        .iter()
        .filter(|one| one.row.standing == UnitStanding::Applied)
        .count();
    let acts = actor.committees().any(|id| id == full.row.id);
    let nobody = !full.people.iter().any(|one| rules::acts(one.row.office));
    let steps_in = nobody && policy::allows(actor, Action::ManageCommittees, &Owner::ALLIANCE);
    (waiting > 0 && (acts || steps_in))
        .then(|| line(full, format!("{waiting} 个单位申请参加，请审核")))
}

/// Matters that wait for the answer of a committee in which the visitor has an office.
async fn referred(ctx: &Context, actor: &Actor) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    for committee in actor.committees() {
        for row in referrals::of_committee(ctx.store.read(), committee).await? {
            if row.state == ReferralState::Open {
                all.push(Due {
                    title: format!("{} {}", row.number, row.title),
                    href: format!("/referrals/{}", row.id),
                    why: "秘书处转交的咨询，请答复".to_owned(),
                    due: None,
                    late: false,
                });
            }
        }
    }
    Ok(all)
}

/// A defect of a committee that stands: the secretariat, its officers, and the units that run it see
/// it. What was never complete is a matter of the list.
fn defect(full: &Full, actor: &Actor) -> Option<Due> {
    if full.row.state != CommitteeState::Standing {
        return None;
    }
    let runs = full.admitted().any(|one| {
        one.row.part != UnitPart::Participant && actor.units().any(|unit| unit == one.unit.id)
    });
    let concerned = runs
        || actor.committees().any(|id| id == full.row.id)
        || policy::allows(actor, Action::ManageCommittees, &Owner::ALLIANCE);
    let defects = full.defects();
    let first = defects.first().filter(|_| concerned)?;
    Some(Due {
        late: true,
        ..line(full, sentence(first, Language::Chinese))
    })
}
