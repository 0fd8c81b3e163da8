//! What experts were asked for, told by the body above that asks them.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Datelike, Utc};
use entity::ids::ExpertId;

use crate::foundation::{
    context::{Boxed, Context},
    error::Result,
};

/// One assignment of an expert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryLine {
    /// Number of the matter.
    pub number: String,
    /// What it is about; a confidential matter says only that.
    pub title: String,
    /// As what the expert serves (组长, 专家).
    pub role: String,
    /// Where it stands, in words.
    pub state: &'static str,
    /// Since when.
    pub from: DateTime<Utc>,
    /// Until when; none while it is open.
    pub to: Option<DateTime<Utc>>,
    /// More, or empty.
    pub note: String,
}

/// How much an expert has to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Assignments that are open now.
    pub open: usize,
    /// Assignments that began in the present year.
    pub year: usize,
}

/// The body that asks experts. It implements this; `lib.rs` registers it.
pub trait History: Send + Sync {
    /// Assignments of an expert, newest first.
    fn of<'a>(&'a self, ctx: &'a Context, expert: ExpertId) -> Boxed<'a, Result<Vec<HistoryLine>>>;

    /// Load of several experts. Counts the lines of each; a source with many should count in one
    /// query.
    fn loads<'a>(
        &'a self,
        ctx: &'a Context,
        experts: &'a [ExpertId],
    ) -> Boxed<'a, Result<HashMap<ExpertId, Load>>> {
        Box::pin(async move {
            let mut loads = HashMap::with_capacity(experts.len());
            for expert in experts {
                let lines = self.of(ctx, *expert).await?;
                loads.insert(*expert, load(&lines, ctx));
            }
            Ok(loads)
        })
    }
}

/// The source that `lib.rs` registered, if any.
#[derive(Clone, Default)]
pub struct Histories(pub Option<Arc<dyn History>>);

impl std::fmt::Debug for Histories {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Histories").field(&self.0.is_some()).finish()
    }
}

impl Histories {
    /// Assignments of an expert, newest first; none where nobody is registered.
    ///
    /// # Errors
    /// When the source fails.
    pub async fn of(&self, ctx: &Context, expert: ExpertId) -> Result<Vec<HistoryLine>> {
        match &self.0 {
            Some(source) => source.of(ctx, expert).await,
            None => Ok(Vec::new()),
        }
    }

    /// Loads of several experts; `None` where nobody is registered, so that no column is shown.
    ///
    /// # Errors
    /// When the source fails.
    pub async fn loads(
        &self,
        ctx: &Context,
        experts: &[ExpertId],
    ) -> Result<Option<HashMap<ExpertId, Load>>> {
        match &self.0 {
            Some(source) => source.loads(ctx, experts).await.map(Some),
            None => Ok(None),
        }
    }
}

fn load(lines: &[HistoryLine], ctx: &Context) -> Load {
    let year_of = |instant: DateTime<Utc>| instant.with_timezone(&ctx.zone()).year();
    Load {
        open: lines.iter().filter(|line| line.to.is_none()).count(),
        year: lines
            .iter()
            .filter(|line| year_of(line.from) == ctx.year())
            .count(),
    }
}
