//! What experts put on the home page.

use entity::expert::ExpertState;

use super::store;
use crate::{
    accounts::{Action, Actor, Due, HomeSource, Owner, Waiting, policy},
    foundation::{context::Boxed, context::Context, error::Result, ui::dates},
};

/// Recommendations that wait: for an approver, or for the unit to complete them.
#[derive(Clone, Copy, Debug)]
pub struct ExpertsHome;

impl HomeSource for ExpertsHome {
    fn due<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let db = ctx.store.read();
            let mut due = Vec::new();
            if policy::allows(actor, Action::DecideRecommendation, &Owner::ALLIANCE) {
                for (row, person) in store::in_states(db, &[ExpertState::Recommended], None).await?
                {
                    // Who approved first, or recommended, waits for somebody else.
                    let own = [row.first_approved_by, row.recommended_by];
                    if own.contains(&Some(actor.person)) {
                        continue;
                    }
                    let sent = row.recommended_at.map(|at| dates::moment(at, ctx.zone()));
                    due.push(Due {
                        title: format!("专家推荐：{}", person.name),
                        href: format!("/experts/{}", row.id),
                        why: format!("审批，{}提交", sent.unwrap_or_default()),
                        due: None,
                        late: false,
                    });
                }
            }
            for unit in actor.units() {
                if !policy::allows(actor, Action::RecommendExpert, &Owner::unit(unit)) {
                    continue;
                }
                let states = [ExpertState::Returned, ExpertState::Draft];
                for (row, person) in store::in_states(db, &states, Some(unit)).await? {
                    if row.guest {
                        continue;
                    }
                    due.push(Due {
                        title: format!("推荐专家：{}", person.name),
                        href: format!("/nominations/{}", row.id),
                        why: match row.state {
                            ExpertState::Returned => format!("补正：{}", row.decision_note),
                            _ => "草稿，填完后提交".to_owned(),
                        },
                        due: None,
                        late: false,
                    });
                }
            }
            Ok(due)
        })
    }

    fn counts<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<Vec<Waiting>>> {
        Box::pin(async move {
            let db = ctx.store.read();
            let mut counts = Vec::new();
            if policy::allows(actor, Action::DecideRecommendation, &Owner::ALLIANCE) {
                let sent = store::count(db, ExpertState::Recommended, None).await?;
                counts.push(("/recommendations", sent));
            }
            for unit in actor.units() {
                let back = store::count(db, ExpertState::Returned, Some(unit)).await?;
                counts.push(("/nominations", back));
            }
            Ok(counts)
        })
    }
}
