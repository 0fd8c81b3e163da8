//! How the places of panels are filled, and by whom.

use std::collections::HashMap;

use entity::{
    assignment::{self, AssignmentState},
    ids::PanelId,
};
use sea_orm::ConnectionTrait;

use super::store;
use crate::{
    experts::{self, PoolExpert},
    foundation::{error::Result, ui::Html},
};

/// Places of a panel; `demand` is the sum of the other four, unless more accepted than there are
/// places since the number was lowered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seats {
    /// Places.
    pub demand: i32,
    /// Accepted, or served.
    pub accepted: i32,
    /// Asked, not yet answered. Several asked for one place (加急) count as one.
    pub waiting: i32,
    /// Proposed by a run that is not yet approved.
    pub proposed: i32,
    /// For these nobody is in view.
    pub vacant: i32,
}

impl Seats {
    /// Counts of one panel: acceptances first, then questions, then proposals, each only as far as
    /// places are left.
    pub fn count(demand: i32, accepted: i32, asked: i32, proposed: i32) -> Self {
        let left = (demand - accepted).max(0);
        let waiting = asked.min(left);
        let proposed = proposed.min(left - waiting);
        Self {
            demand,
            accepted,
            waiting,
            proposed,
            vacant: left - waiting - proposed,
        }
    }

    /// Numbers in words: 接受 3 人，待答复 1 人，空缺 1 席.
    pub fn words(&self) -> String {
        let mut parts = Vec::new();
        for (count, said) in [
            (self.accepted, "接受"),
            (self.waiting, "待答复"),
            (self.proposed, "拟请"),
        ] {
            if count > 0 {
                parts.push(format!("{said} {count} 人"));
            }
        }
        if self.vacant > 0 {
            parts.push(format!("空缺 {} 席", self.vacant));
        }
        parts.join("，")
    }

    /// The bar of places (席位条) with its label; more than nine places are a number alone.
    pub fn bar(&self) -> Html {
        let label = format!("{} 席：{}", self.demand, self.words());
        if self.demand > 9 {
            return Html(label);
        }
        let mut html = format!("<span class=\"seats\" role=\"img\" aria-label=\"{label}\">");
        for (count, class) in [
            (self.accepted.min(self.demand), "ok"),
            (self.waiting, "wait"),
            (self.proposed, ""),
            (self.vacant, "gap"),
        ] {
            for _ in 0..count {
                html.push_str(&if class.is_empty() {
                    "<i></i>".to_owned()
                } else {
                    format!("<i class=\"{class}\"></i>")
                });
            }
        }
        html.push_str("</span>");
        Html(html)
    }

    /// Places for which nobody has been asked.
    pub fn unasked(&self) -> i32 {
        self.proposed + self.vacant
    }
}

/// An accepted expert of a panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The assignment.
    pub assignment: assignment::Model,
    /// The expert.
    pub expert: PoolExpert,
}

/// Places of each of the panels.
///
/// # Errors
/// When the database fails.
pub async fn seats<C: ConnectionTrait>(
    db: &C,
    panels: &[PanelId],
) -> Result<HashMap<PanelId, Seats>> {
    let rows = store::by_ids(db, panels).await?;
    let assignments = store::assignments(db, panels).await?;
    let proposed = store::proposed(db, panels).await?;
    let mut counts: HashMap<PanelId, (i32, i32)> = HashMap::new();
    for assignment in &assignments {
        let (accepted, asked) = counts.entry(assignment.panel_id).or_default();
        match assignment.state {
            AssignmentState::Accepted | AssignmentState::Done => *accepted += 1,
            AssignmentState::Invited => *asked += 1,
            _ => {}
        }
    }
    Ok(rows
        .into_iter()
        .map(|panel| {
            let (accepted, asked) = counts.get(&panel.id).copied().unwrap_or_default();
            let proposed = proposed.get(&panel.id).copied().unwrap_or_default();
            let seats = Seats::count(panel.demand, accepted, asked, proposed);
            (panel.id, seats)
        })
        .collect())
}

/// The accepted experts of a panel, in the order of their rank.
///
/// # Errors
/// When the database fails.
pub async fn members<C: ConnectionTrait>(db: &C, panel: PanelId) -> Result<Vec<Member>> {
    let mut serving: Vec<_> = store::assignments(db, &[panel])
        .await?
        .into_iter()
        .filter(|row| matches!(row.state, AssignmentState::Accepted | AssignmentState::Done))
        .collect();
    serving.sort_by_key(|row| (row.rank, row.id));
    let ids: Vec<_> = serving.iter().map(|row| row.expert_id).collect();
    let mut known: HashMap<_, _> = experts::by_ids(db, &ids)
        .await?
        .into_iter()
        .map(|expert| (expert.id, expert))
        .collect();
    Ok(serving
        .into_iter()
        .filter_map(|assignment| {
            let expert = known.remove(&assignment.expert_id)?;
            Some(Member { assignment, expert })
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_add_up_whoever_waits() {
        let seats = Seats::count(5, 2, 1, 4);
        assert_eq!((seats.waiting, seats.proposed, seats.vacant), (1, 2, 0));
        let race = Seats::count(5, 4, 3, 0);
        assert_eq!((race.waiting, race.vacant), (1, 0));
        let lowered = Seats::count(3, 5, 1, 1);
        assert_eq!(
            (lowered.accepted, lowered.waiting, lowered.vacant),
            (5, 0, 0)
        );
    }
}
