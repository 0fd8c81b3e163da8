//! What experts put on the home page.

use entity::{expert::ExpertState, ids::UnitId};

use super::{renew, rules, store};
use crate::{
    accounts::{Action, Actor, Due, HomeSource, Owner, Standing, Waiting, policy},
    foundation::{context::Boxed, context::Context, error::Result, ui::dates},
    units,
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
            if policy::allows(actor, Action::ManageExperts, &Owner::ALLIANCE) {
                due.extend(renewals(ctx).await?);
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

    fn standing<'a>(
        &'a self,
        ctx: &'a Context,
        actor: &'a Actor,
        unit: UnitId,
    ) -> Boxed<'a, Result<Vec<Standing>>> {
        Box::pin(async move {
            if !policy::allows(actor, Action::RecommendExpert, &Owner::unit(unit)) {
                return Ok(Vec::new());
            }
            let rows = store::of_unit(ctx.store.read(), unit).await?;
            let states: Vec<_> = rows.iter().map(|(row, _)| row.state).collect();
            let tier = units::get(ctx.store.read(), unit).await?.tier;
            let seats = rules::may_recommend(tier)
                .ok()
                .map(|()| ctx.config.pool.seats_per_council_unit);
            Ok(vec![Standing {
                title: "推荐专家".to_owned(),
                href: "/nominations".to_owned(),
                says: seats_in_words(&states, seats),
            }])
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

/// Experts who have not said whether they stay, once the next term is near.
async fn renewals(ctx: &Context) -> Result<Option<Due>> {
    let ahead = ctx.config.pool.term_reminders_days.iter().max().copied();
    let open = renew::unanswered(ctx, ahead.unwrap_or(0)).await?;
    Ok((open > 0).then(|| Due {
        title: format!("{open} 位专家还没有答复续聘"),
        href: "/experts".to_owned(),
        why: "聘期将满，没有答复的到期结束".to_owned(),
        due: None,
        late: false,
    }))
}

/// How the seats of a unit are used: `共 2 个席位：在聘 1 位，审批中 1 位，空 0 个`. Without seats, only who
/// is engaged until the end of the term.
fn seats_in_words(states: &[ExpertState], seats: Option<u32>) -> String {
    let count =
        |wanted: &[ExpertState]| states.iter().filter(|state| wanted.contains(state)).count();
    let engaged = count(&[ExpertState::Engaged, ExpertState::Suspended]);
    let under_way = count(&[ExpertState::Recommended, ExpertState::Approved]);
    let drafts = count(&[ExpertState::Draft, ExpertState::Returned]);
    let Some(seats) = seats else {
        return format!("理事单位才有推荐席位；本单位在聘 {engaged} 位");
    };
    let seats = usize::try_from(seats).unwrap_or(usize::MAX);
    let free = seats.saturating_sub(engaged + under_way);
    let mut says =
        format!("共 {seats} 个席位：在聘 {engaged} 位，审批中 {under_way} 位，空 {free} 个");
    if drafts > 0 {
        says.push_str(&format!("；草稿和待补正 {drafts} 份"));
    }
    says
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_used_by_whoever_is_engaged_or_under_way() {
        use ExpertState::{Draft, Engaged, Expired, Recommended, Suspended};
        assert_eq!(
            seats_in_words(&[Engaged, Expired, Recommended], Some(2)),
            "共 2 个席位：在聘 1 位，审批中 1 位，空 0 个"
        );
        assert_eq!(
            seats_in_words(&[Suspended, Draft], Some(2)),
            "共 2 个席位：在聘 1 位，审批中 0 位，空 1 个；草稿和待补正 1 份"
        );
        assert_eq!(
            seats_in_words(&[Engaged], None),
            "理事单位才有推荐席位；本单位在聘 1 位"
        );
    }
}
