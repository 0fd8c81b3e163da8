//! What studies put on the home pages of those who act for a committee, and of the secretariat.

use entity::study::StudyState;

use super::{rules, store};
use crate::{
    accounts::{Action, Actor, Due, Owner, policy},
    committees::store::Full,
    foundation::{context::Context, error::Result, texts::Label, ui::dates},
};

/// Studies that wait for the visitor: to be staffed, to be looked at, or late.
pub(in super::super) async fn due(
    ctx: &Context,
    actor: &Actor,
    committees: &[Full],
) -> Result<Vec<Due>> {
    let db = ctx.store.read();
    let desk = policy::allows(actor, Action::ManageCommittees, &Owner::ALLIANCE);
    let ids: Vec<_> = committees
        .iter()
        .map(|full| full.row.id)
        .filter(|id| desk || actor.committees().any(|own| own == *id))
        .collect();
    let mut all = Vec::new();
    for row in store::of_committees(db, &ids).await? {
        let acts = actor.committees().any(|id| id == row.committee_id);
        let milestones = store::milestones(db, row.id).await?;
        let current = rules::current(&milestones);
        let line = |why: String, late: bool| Due {
            title: format!("{} {}", row.number, row.title),
            href: format!("/studies/{}", row.id),
            why,
            due: None,
            late,
        };
        match (row.state, current) {
            (StudyState::Planned, _) if acts => {
                all.push(line("计划已写好，请组建专家组".to_owned(), false));
            }
            (StudyState::Review, Some(current)) if acts => {
                all.push(line(
                    format!("专家组已提交{}，请评审", current.kind.zh()),
                    false,
                ));
            }
            (StudyState::Working, Some(current)) if current.due_on < ctx.today() => {
                let day = dates::day(current.due_on);
                let why = format!("{}逾期，原定{day}", current.kind.zh());
                all.push(line(why, true));
            }
            _ => {}
        }
    }
    Ok(all)
}
