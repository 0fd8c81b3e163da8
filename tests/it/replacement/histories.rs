//! Random histories of what takes an expert's time: meetings and lectures that are asked for, accepted,
//! moved and withdrawn, visits, days of absence. In whatever order it comes, no person is ever in two
//! places, and exactly what stands takes its time.

use chrono::Days;
use entity::{invitation, panel::Half};
use expert_pool::{
    experts::keep,
    foundation::ui::Fields,
    panels::{
        Meeting,
        answer::{self, How},
    },
    people::commitments::{self, Span},
};
use proptest::{prelude::*, test_runner::TestRunner};
use sea_orm::QueryOrder;
use uuid::Uuid;

use super::*;
use crate::support::{app::acting, databases::TestDatabase};

/// Experts of the world.
const EXPERTS: usize = 3;

/// Something that happens.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// An expert is asked for a meeting or a lecture.
    Ask { expert: usize, day: u64, half: u8 },
    /// Whoever was asked for a panel accepts.
    Accept { panel: usize },
    /// A panel meets on another day.
    Redate { panel: usize, day: u64, half: u8 },
    /// A panel is not needed any more.
    Withdraw { panel: usize },
    /// An expert goes on a visit.
    Visit { expert: usize, day: u64, days: u64 },
    /// A visit does not take place.
    Stay { visit: usize },
    /// An expert notes days of absence.
    Away { expert: usize, day: u64, days: u64 },
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        4 => (0..EXPERTS, 5u64..12, 0u8..3)
            .prop_map(|(expert, day, half)| Event::Ask { expert, day, half }),
        6 => (0usize..8).prop_map(|panel| Event::Accept { panel }),
        2 => (0usize..8, 5u64..12, 0u8..3)
            .prop_map(|(panel, day, half)| Event::Redate { panel, day, half }),
        1 => (0usize..8).prop_map(|panel| Event::Withdraw { panel }),
        2 => (0..EXPERTS, 5u64..12, 1u64..3)
            .prop_map(|(expert, day, days)| Event::Visit { expert, day, days }),
        1 => (0usize..4).prop_map(|visit| Event::Stay { visit }),
        1 => (0..EXPERTS, 5u64..12, 1u64..3)
            .prop_map(|(expert, day, days)| Event::Away { expert, day, days }),
    ];
    prop::collection::vec(event, 10..28)
}

struct World {
    stage: Stage,
    panels: Vec<PanelId>,
    visits: Vec<Uuid>,
}

impl World {
    /// What a panel is about when it meets so many days from now.
    async fn facts(&self, day: u64, half: u8) -> PanelFacts {
        let half = [Half::Morning, Half::Afternoon, Half::FullDay][usize::from(half)];
        let ctx = self.stage.ctx();
        let date = ctx.today() + Days::new(day);
        PanelFacts {
            meeting: Some(Meeting::new(date, half, ctx.zone())),
            ..self.stage.facts(1).await
        }
    }

    async fn happen(&mut self, event: Event) {
        match event {
            Event::Ask { expert, day, half } => {
                let facts = self.facts(day, half).await;
                let panel = self.stage.open(facts).await;
                if self.stage.try_ask(panel, &[expert], false).await.is_ok() {
                    self.panels.push(panel);
                }
            }
            Event::Accept { panel } => self.accept(panel).await,
            Event::Redate { panel, day, half } => {
                let facts = self.facts(day, half).await;
                let change = PanelChange {
                    facts,
                    recusals: Vec::new(),
                    reason: "改期".to_owned(),
                };
                let ctx = self.stage.ctx();
                let tx = ctx.store.begin().await.unwrap();
                if let Some(panel) = self.panels.get(panel)
                    && panels::change(&tx, ctx, *panel, &change).await.is_ok()
                {
                    tx.commit().await.unwrap();
                }
            }
            Event::Withdraw { panel } => {
                let ctx = self.stage.ctx();
                let tx = ctx.store.begin().await.unwrap();
                if let Some(panel) = self.panels.get(panel)
                    && panels::withdraw(&tx, ctx, *panel, "不再需要").await.is_ok()
                {
                    tx.commit().await.unwrap();
                }
            }
            Event::Visit { expert, day, days } => self.visit(expert, day, days).await,
            Event::Stay { visit } => {
                if let Some(visit) = self.visits.get(visit) {
                    let tx = self.stage.ctx().store.begin().await.unwrap();
                    commitments::release(&tx, *visit).await.unwrap();
                    tx.commit().await.unwrap();
                }
            }
            Event::Away { expert, day, days } => {
                let ctx = self.stage.ctx();
                let from = ctx.today() + Days::new(day);
                let fields = Fields::default()
                    .with("from", from)
                    .with("to", from + Days::new(days));
                let who = acting(self.stage.experts[expert].person, Role::Expert, None);
                // There is room for so many lines only.
                let _ = keep::add_absence(ctx, &who, &fields).await;
            }
        }
    }

    async fn accept(&self, panel: usize) {
        let Some(panel) = self.panels.get(panel) else {
            return;
        };
        let ctx = self.stage.ctx();
        let question = invitation::Entity::find()
            .filter(invitation::Column::PanelId.eq(*panel))
            .order_by_desc(invitation::Column::AskedAt)
            .order_by_desc(invitation::Column::Id)
            .one(ctx.store.read())
            .await
            .unwrap()
            .expect("the panel asked somebody");
        let how = How::Link {
            generation: question.generation,
        };
        // Refused where the time is promised elsewhere, or nothing is asked any more.
        let _ = answer::answer(ctx, &self.stage.app.owners, question.id, &yes(), &how).await;
    }

    async fn visit(&mut self, expert: usize, day: u64, days: u64) {
        let ctx = self.stage.ctx();
        let date = ctx.today() + Days::new(day);
        let from = Meeting::new(date, Half::FullDay, ctx.zone()).from;
        let tx = ctx.store.begin().await.unwrap();
        let id = Uuid::from_u128(u128::try_from(self.visits.len()).unwrap() + 1);
        let span = Span {
            person: self.stage.experts[expert].person,
            from,
            to: from + chrono::Duration::days(i64::try_from(days).unwrap()),
            source_kind: "visit",
            source_id: id,
            label: "人才互访".to_owned(),
        };
        if commitments::take(&tx, ctx.zone(), span).await.is_ok() {
            tx.commit().await.unwrap();
            self.visits.push(id);
        }
    }

    /// Nobody in two places, and time taken exactly by the places that stand.
    async fn check(&self) {
        let db = self.stage.ctx().store.read();
        let taken = commitment::Entity::find().all(db).await.unwrap();
        for (number, one) in taken.iter().enumerate() {
            for other in &taken[..number] {
                let apart = one.from_at >= other.to_at || other.from_at >= one.to_at;
                assert!(
                    one.person_id != other.person_id || apart,
                    "{one:?} and {other:?}"
                );
            }
        }
        for panel in &self.panels {
            let row = self.stage.panel(*panel).await;
            for place in self.stage.assignments(*panel).await {
                let span: Vec<_> = taken
                    .iter()
                    .filter(|one| one.source_id == place.id.0)
                    .map(|one| (Some(one.from_at), Some(one.to_at)))
                    .collect();
                if place.state == AssignmentState::Accepted {
                    assert_eq!(span, [(row.meeting_from, row.meeting_to)], "{place:?}");
                } else {
                    assert_eq!(span, [], "{place:?} takes time and does not stand");
                }
            }
        }
    }
}

#[test]
fn no_expert_is_ever_in_two_places() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 12,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&events(), |events| {
            runtime.block_on(async {
                let mut world = World {
                    stage: Stage::set(TestDatabase::sqlite(), EXPERTS).await,
                    panels: Vec::new(),
                    visits: Vec::new(),
                };
                for event in events {
                    world.happen(event).await;
                    world.check().await;
                }
            });
            Ok(())
        })
        .unwrap();
}
