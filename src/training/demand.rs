//! What the units ask for, put together: open needs by domain and text, each with how many people
//! want it and how many experts could teach it.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::{
    ids::{NeedId, UnitId},
    need_voice,
    training_need::{self, NeedState},
};
use matching::relevance::{RequestText, clusters};

use super::{need::Need, store};
use crate::{
    foundation::{context::Context, error::Result},
    panels::{self, Coverage, CoverageQuestion},
};

/// Needs that belong together.
#[derive(Clone, Debug)]
pub(super) struct Demand {
    /// The needs, in the order in which they were stated.
    pub needs: Vec<training_need::Model>,
    /// Who joined them.
    pub voices: Vec<need_voice::Model>,
    /// Codes that most of them share.
    pub domains: Vec<String>,
    /// Words that most of them share.
    pub words: Vec<String>,
    /// People in all.
    pub people: i32,
    /// Units in all.
    pub units: HashSet<UnitId>,
    /// The earliest wish.
    pub wished_by: Option<NaiveDate>,
}

impl Demand {
    /// The topic that stands for all: that of the need that most people want, the earlier of equals.
    pub fn topic(&self) -> &str {
        self.needs
            .iter()
            .rev()
            .max_by_key(|need| people(need, &self.voices))
            .map_or("", |need| need.topic.as_str())
    }

    /// The ids of the needs.
    pub fn ids(&self) -> Vec<NeedId> {
        self.needs.iter().map(|need| need.id).collect()
    }

    /// What they ask for, as one question to the pool.
    fn question(&self) -> CoverageQuestion {
        let text: Vec<_> = self
            .needs
            .iter()
            .map(|need| format!("{} {}", need.topic, need.details))
            .collect();
        CoverageQuestion {
            title: self.topic().to_owned(),
            text: text.join("\n"),
            domains: self.domains.clone(),
            keywords: self.words.clone(),
            demand: 1,
            ..CoverageQuestion::default()
        }
    }
}

fn people(need: &training_need::Model, voices: &[need_voice::Model]) -> i32 {
    let joined = voices.iter().filter(|voice| voice.need_id == need.id);
    need.headcount + joined.map(|voice| voice.headcount).sum::<i32>()
}

/// All open needs in clusters, the one that most people want first.
pub(super) async fn open(ctx: &Context) -> Result<Vec<Demand>> {
    let db = ctx.store.read();
    let needs = store::needs_in(db, NeedState::Open).await?;
    let ids: Vec<_> = needs.iter().map(|need| need.id).collect();
    let voices = store::voices(db, &ids).await?;
    Ok(together(needs, voices))
}

/// Puts needs together. Pure.
fn together(needs: Vec<training_need::Model>, voices: Vec<need_voice::Model>) -> Vec<Demand> {
    let texts: Vec<RequestText> = needs.iter().map(text).collect();
    let mut by_need: HashMap<NeedId, Vec<need_voice::Model>> = HashMap::new();
    for voice in voices {
        by_need.entry(voice.need_id).or_default().push(voice);
    }
    let mut all: Vec<_> = clusters(&texts)
        .into_iter()
        .map(|cluster| {
            let members: Vec<_> = cluster
                .members
                .iter()
                .map(|place| needs[*place].clone())
                .collect();
            let voices: Vec<_> = members
                .iter()
                .flat_map(|need| by_need.remove(&need.id).unwrap_or_default())
                .collect();
            Demand {
                people: members.iter().map(|need| people(need, &voices)).sum(),
                units: members
                    .iter()
                    .map(|need| need.unit_id)
                    .chain(voices.iter().map(|voice| voice.unit_id))
                    .collect(),
                wished_by: members.iter().filter_map(|need| need.wished_by).min(),
                domains: cluster.codes.iter().map(ToString::to_string).collect(),
                words: cluster.words,
                needs: members,
                voices,
            }
        })
        .collect();
    all.sort_by_key(|demand| std::cmp::Reverse(demand.people));
    all
}

fn text(row: &training_need::Model) -> RequestText {
    let need = Need::of(row);
    RequestText {
        title: need.topic,
        body: format!("{} {}", need.details, need.audience),
        domains: need
            .domains
            .iter()
            .filter_map(|code| code.parse().ok())
            .collect(),
        keywords: need.keywords,
    }
}

/// How many experts of the pool could teach it, in numbers.
pub(super) async fn teachers(ctx: &Context, demand: &Demand) -> Result<Coverage> {
    panels::coverage(ctx, &demand.question()).await
}
