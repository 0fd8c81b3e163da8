//! Random events.

use super::*;

/// SplitMix64: a sequence of events that a seed repeats.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % sides as u64).unwrap()
    }
}

/// People who accepted and are on the panel.
fn seated(rows: &[assignment::Model]) -> BTreeSet<entity::ids::PersonId> {
    rows.iter()
        .filter(|row| row.state == AssignmentState::Accepted)
        .map(|row| row.person_id)
        .collect()
}

/// One random event; returns whether it may take a seat from somebody, and from whom.
async fn event(stage: &Stage, panel: PanelId, dice: &mut Dice, facts: &mut PanelFacts) -> Touched {
    let expert = dice.roll(stage.experts.len());
    let asked = stage
        .assignments(panel)
        .await
        .iter()
        .any(|row| row.person_id == stage.experts[expert].person);
    match dice.roll(12) {
        0..=2 if asked => {
            drop(stage.answer(expert, yes()).await);
            Touched::Nobody
        }
        3..=4 if asked => {
            drop(stage.answer(expert, no(DeclineReason::Time)).await);
            Touched::One(stage.experts[expert].person)
        }
        5 => {
            let race = dice.roll(3) == 0;
            drop(stage.try_ask(panel, &[expert], race).await);
            Touched::Nobody
        }
        6 => {
            let others: Vec<_> = (0..stage.experts.len()).collect();
            let from = dice.roll(others.len());
            drop(
                stage
                    .try_ask(panel, &others[from..], dice.roll(2) == 0)
                    .await,
            );
            Touched::Nobody
        }
        7 if dice.roll(3) == 0 => {
            let day = format!("2026-11-{:02}", 9 + dice.roll(4));
            facts.meeting = Some(stage.meeting(&day));
            change(stage, panel, facts.clone()).await;
            Touched::All
        }
        8 => {
            let demand = i32::try_from(1 + dice.roll(4)).unwrap();
            let tx = stage.ctx().store.begin().await.unwrap();
            let wanted = PanelChange {
                facts: PanelFacts {
                    demand,
                    ..facts.clone()
                },
                recusals: Vec::new(),
                reason: String::new(),
            };
            if panels::change(&tx, stage.ctx(), panel, &wanted)
                .await
                .is_ok()
            {
                tx.commit().await.unwrap();
                facts.demand = demand;
            }
            Touched::Nobody
        }
        _ => {
            let hours = i64::try_from(1 + dice.roll(30)).unwrap();
            stage.app.advance(chrono::Duration::hours(hours));
            tick(stage).await;
            Touched::Nobody
        }
    }
}

/// Whose acceptance an event may end.
enum Touched {
    Nobody,
    One(entity::ids::PersonId),
    All,
}

#[tokio::test]
async fn random_events_never_give_a_place_twice_nor_move_who_accepted() {
    for database in databases().await {
        let stage = Stage::set(database, 7).await;
        for seed in 0..4 {
            let mut dice = Dice(seed);
            let mut facts = stage.facts(2).await;
            facts.meeting = Some(stage.meeting("2026-11-09"));
            let panel = stage.open(facts.clone()).await;
            stage.app.set_time("2026-09-14 10:00");
            drop(stage.try_ask(panel, &[0, 1], false).await);
            for step in 0..40 {
                let before = seated(&stage.assignments(panel).await);
                let touched = event(&stage, panel, &mut dice, &mut facts).await;
                let rows = stage.assignments(panel).await;
                let after = seated(&rows);
                let demand = usize::try_from(stage.panel(panel).await.demand).unwrap();
                assert!(after.len() <= demand, "seed {seed}, step {step}: {after:?}");
                let waiting = rows
                    .iter()
                    .filter(|row| row.state == AssignmentState::Invited && !row.race)
                    .count();
                assert!(after.len() + waiting <= demand, "seed {seed}, step {step}");
                let gone: Vec<_> = before.difference(&after).collect();
                match touched {
                    Touched::All => {}
                    Touched::Nobody => assert!(gone.is_empty(), "seed {seed}, step {step}"),
                    Touched::One(person) => {
                        assert!(
                            gone.iter().all(|one| **one == person),
                            "seed {seed}, step {step}"
                        );
                    }
                }
            }
            let tx = stage.ctx().store.begin().await.unwrap();
            panels::withdraw(&tx, stage.ctx(), panel, "完")
                .await
                .unwrap();
            tx.commit().await.unwrap();
            let left = commitment::Entity::find()
                .filter(commitment::Column::SourceKind.eq("panel"))
                .all(stage.ctx().store.read())
                .await
                .unwrap();
            assert!(left.is_empty(), "seed {seed}: time stays taken: {left:?}");
        }
    }
}
