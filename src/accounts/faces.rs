//! What accounts have to know from bodies above them. A body implements the trait; `lib.rs`
//! registers it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::ids::{PersonId, UnitId};

use super::Actor;
use crate::foundation::{context::Boxed, context::Context, error::Result, store::WriteTx};

/// Something that waits for somebody, a line of the home page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What it is, with its number.
    pub title: String,
    /// Where it is done.
    pub href: String,
    /// What is to be done, or why it waits.
    pub why: String,
    /// Until when, if there is a limit.
    pub due: Option<DateTime<Utc>>,
    /// Whether the limit has passed, or is urgent by the body's own rule.
    pub late: bool,
}

/// How things stand for a unit, a line of its contacts' home page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What it is about (推荐专家, 人才互访).
    pub title: String,
    /// Its list.
    pub href: String,
    /// The figures in words.
    pub says: String,
}

/// A body with things that wait for people.
pub trait HomeSource: Send + Sync {
    /// What waits for `actor`, and only what the policy lets the actor do.
    fn due<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<Vec<Due>>>;

    /// How things stand for a unit that the actor is a contact of; what the policy does not let the
    /// actor see is left out.
    fn standing<'a>(
        &'a self,
        _: &'a Context,
        _: &'a Actor,
        _: UnitId,
    ) -> Boxed<'a, Result<Vec<Standing>>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// How many things wait for `actor` behind entries of the menu, by path. Asked on every page, so no
    /// more than a count by an index; what a body does not count is left out.
    fn counts<'a>(&'a self, _: &'a Context, _: &'a Actor) -> Boxed<'a, Result<Vec<Waiting>>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// Everything that waits for `actor`: late ones first, then by limit, then those without one in the
/// order of the bodies.
///
/// # Errors
/// When the service itself fails.
pub async fn due(
    sources: &[Arc<dyn HomeSource>],
    ctx: &Context,
    actor: &Actor,
) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    for source in sources {
        all.extend(source.due(ctx, actor).await?);
    }
    Ok(in_order(all))
}

fn in_order(mut all: Vec<Due>) -> Vec<Due> {
    all.sort_by_key(|due| (!due.late, due.due.is_none(), due.due));
    all
}

/// Path of an entry of the menu, and how many things wait there.
pub type Waiting = (&'static str, u64);

/// The body that knows who is an expert.
pub trait ExpertDirectory: Send + Sync {
    /// Whether the person is or was an engaged expert, and so has a page of their own.
    fn is_expert<'a>(&'a self, ctx: &'a Context, person: PersonId) -> Boxed<'a, Result<bool>>;
}

/// A body that invites people and wants to know who came.
pub trait Inviter: Send + Sync {
    /// `person` has taken up an invitation and can sign in from now on. Runs in the write of the
    /// first password; twice does no harm.
    fn joined<'a>(&'a self, tx: &'a WriteTx, person: PersonId) -> Boxed<'a, Result<()>>;
}

/// Everything registered.
#[derive(Clone)]
pub struct Faces {
    /// Lines of the home page, in the order shown when nothing is due.
    pub home: Arc<[Arc<dyn HomeSource>]>,
    /// Who is an expert.
    pub experts: Arc<dyn ExpertDirectory>,
    /// Who hears of newcomers.
    pub inviters: Arc<[Arc<dyn Inviter>]>,
}

impl std::fmt::Debug for Faces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Faces")
            .field("home", &self.home.len())
            .field("inviters", &self.inviters.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Duration};

    use super::*;

    #[test]
    fn what_is_late_comes_first_and_what_has_no_limit_last() {
        let due = |title: &str, day: Option<i64>, late| Due {
            title: title.to_owned(),
            href: String::new(),
            why: String::new(),
            due: day.map(|day| DateTime::UNIX_EPOCH + Duration::days(day)),
            late,
        };
        let sorted = in_order(vec![
            due("c", None, false),
            due("b", Some(9), false),
            due("d", None, false),
            due("a", Some(3), false),
            due("late", None, true),
        ]);
        let titles: Vec<_> = sorted.iter().map(|due| due.title.as_str()).collect();
        assert_eq!(titles, ["late", "a", "b", "c", "d"]);
    }
}
