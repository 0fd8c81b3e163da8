//! Chooses weights on the tuning half of the labelled requests: one weight at a time over a grid,
//! until nothing improves, both without and with codes. Prints the path; the held-out half is not looked at.

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "shared with others; a part of it is used here")]
mod support;

use matching::evaluate::{Case, Measures, measure};
use matching::relevance::{ExpertText, Index, Synonyms, Weights};

type Set = fn(&mut Weights, f32);

fn main() {
    let experts = support::experts();
    let texts: Vec<ExpertText> = experts.iter().map(|expert| expert.text.clone()).collect();
    let plain = support::half(true);
    let coded = support::with_domains(plain.clone());
    let synonyms = Synonyms::starting();
    let quality = |weights: &Weights| {
        let index = Index::build(&texts, weights, &synonyms);
        let of = |cases: &[Case]| {
            let Measures {
                recall,
                reciprocal_rank,
                gain,
            } = Measures::mean(measure(&index, &experts, cases).iter());
            (recall + reciprocal_rank + gain) / 3.0
        };
        (of(&plain) + of(&coded)) / 2.0
    };
    let knobs: [(&str, &[f32], Set); 7] = [
        (
            "keywords",
            &[0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5],
            |w, v| w.keywords = v,
        ),
        ("unit", &[0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3], |w, v| {
            w.unit = v
        }),
        (
            "codes",
            &[0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5],
            |w, v| w.codes = v,
        ),
        ("variants", &[0.0, 0.02, 0.05, 0.1], |w, v| w.variants = v),
        ("title", &[1.0, 1.5, 2.0, 3.0], |w, v| w.title = v),
        ("synonyms", &[0.0, 0.3, 0.5, 0.8, 1.0], |w, v| {
            w.synonyms = v
        }),
        ("best items", &[1.0, 2.0, 3.0, 4.0, 5.0], |w, v| {
            w.best_items = v as usize
        }),
    ];
    let mut best = Weights::default();
    let mut reached = quality(&best);
    println!("start {reached:.4} {best:?}");
    loop {
        let before = reached;
        for (name, grid, set) in &knobs {
            for &value in *grid {
                let mut tried = best;
                set(&mut tried, value);
                let quality = quality(&tried);
                println!("  {name} {value}: {quality:.4}");
                if quality > reached + 1e-9 {
                    (best, reached) = (tried, quality);
                }
            }
        }
        println!("reached {reached:.4} {best:?}");
        if reached <= before {
            break;
        }
    }
}
