//! How good the ranking is: measures on labelled requests, side by side with simple baselines and
//! with each factor taken out.

mod baselines;
mod cases;
mod metrics;

use std::io::{self, Write};

use rustc_hash::FxHashMap;
use serde::Serialize;

pub use baselines::{Bm25, CharTfIdf, Dice, Ranker};
pub use cases::{Case, CasesError, read_cases};
pub use metrics::{GAIN_AT, Measures, RECALL_AT, interval};

use crate::relevance::{ExpertText, Index, RequestText, Synonyms, Weights};

/// An expert of the pool and the unit whose name labels speak of.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolExpert {
    /// Name of the unit, as in the labels.
    pub unit: String,
    /// What the ranking may see.
    pub text: ExpertText,
}

/// What an evaluation found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// How many cases.
    pub cases: usize,
    /// How many units were ranked.
    pub units: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
    /// The ranking itself first, then the baselines, then the ablations.
    pub rows: Vec<Row>,
}

/// One way of ranking.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Means over the cases.
    pub measures: Measures,
    /// 95 % interval of each measure, in the order of [`Measures`].
    pub intervals: [(f64, f64); 3],
    /// Mean of the gain against the first row, case by case, and its 95 % interval; below zero
    /// means worse than the first row.
    pub against_first: (f64, (f64, f64)),
}

/// Ranks the units for every case by their best expert, and measures.
pub fn evaluate(
    experts: &[PoolExpert],
    cases: &[Case],
    weights: &Weights,
    synonyms: &Synonyms,
    seed: u64,
) -> Report {
    let texts: Vec<ExpertText> = experts.iter().map(|expert| expert.text.clone()).collect();
    let pool = Units::of(experts);
    let ours = |name: &str, weights: &Weights, synonyms: &Synonyms| {
        let index = Index::build(&texts, weights, synonyms);
        (name.to_owned(), pool.measure(&index, cases))
    };
    let baseline = |name: &str, ranker: &dyn Ranker| (name.to_owned(), pool.measure(ranker, cases));
    let mut measured = vec![
        ours("expert-pool", weights, synonyms),
        baseline("char 1-3-gram TF-IDF cosine", &CharTfIdf::new(&texts)),
        baseline("BM25 over jieba", &Bm25::new(&texts)),
        baseline("Sorensen-Dice bigrams", &Dice::new(&texts)),
    ];
    for (name, without) in ablations(weights) {
        measured.push(ours(&name, &without, synonyms));
    }
    measured.push(ours("without synonyms", weights, &Synonyms::default()));

    let first: Vec<f64> = measured[0].1.iter().map(|case| case.gain).collect();
    let rows = measured
        .into_iter()
        .map(|(name, measures)| Row {
            name,
            measures: Measures::mean(measures.iter()),
            intervals: [
                interval(&values(&measures, |case| case.recall), seed),
                interval(&values(&measures, |case| case.reciprocal_rank), seed),
                interval(&values(&measures, |case| case.gain), seed),
            ],
            against_first: {
                let differences: Vec<f64> = measures
                    .iter()
                    .zip(&first)
                    .map(|(case, first)| case.gain - first)
                    .collect();
                let mean = differences.iter().sum::<f64>() / differences.len().max(1) as f64;
                (mean, interval(&differences, seed))
            },
        })
        .collect();
    Report {
        cases: cases.len(),
        units: pool.names.len(),
        seed,
        rows,
    }
}

/// Measures of every case under one ranking of the pool.
pub fn measure(ranker: &dyn Ranker, experts: &[PoolExpert], cases: &[Case]) -> Vec<Measures> {
    Units::of(experts).measure(ranker, cases)
}

impl Ranker for Index {
    fn scores(&self, request: &RequestText) -> Vec<f64> {
        self.scores(request).into_iter().map(f64::from).collect()
    }
}

/// The weights with one factor taken out each.
fn ablations(weights: &Weights) -> Vec<(String, Weights)> {
    let without = |name: &str, weights| (format!("without {name}"), weights);
    vec![
        without(
            "text",
            Weights {
                text: 0.0,
                ..*weights
            },
        ),
        without(
            "codes",
            Weights {
                codes: 0.0,
                ..*weights
            },
        ),
        without(
            "keywords",
            Weights {
                keywords: 0.0,
                ..*weights
            },
        ),
        without(
            "unit",
            Weights {
                unit: 0.0,
                ..*weights
            },
        ),
        without(
            "variants",
            Weights {
                variants: 0.0,
                ..*weights
            },
        ),
    ]
}

fn values(measures: &[Measures], of: impl Fn(&Measures) -> f64) -> Vec<f64> {
    measures.iter().map(of).collect()
}

/// The different units, and which one each expert belongs to.
struct Units<'a> {
    names: Vec<&'a str>,
    of_expert: Vec<usize>,
}

impl<'a> Units<'a> {
    fn of(experts: &'a [PoolExpert]) -> Self {
        let mut numbers: FxHashMap<&str, usize> = FxHashMap::default();
        let mut names = Vec::new();
        let of_expert = experts
            .iter()
            .map(|expert| {
                *numbers.entry(&expert.unit).or_insert_with(|| {
                    names.push(expert.unit.as_str());
                    names.len() - 1
                })
            })
            .collect();
        Self { names, of_expert }
    }

    fn measure(&self, ranker: &dyn Ranker, cases: &[Case]) -> Vec<Measures> {
        cases
            .iter()
            .map(|case| self.measure_one(ranker, case))
            .collect()
    }

    /// A unit stands where its best expert stands. Equal scores share the worst of their places,
    /// so that a ranking that cannot tell units apart gains nothing by it.
    fn measure_one(&self, ranker: &dyn Ranker, case: &Case) -> Measures {
        let mut best = vec![f64::NEG_INFINITY; self.names.len()];
        for (&unit, score) in self.of_expert.iter().zip(ranker.scores(&case.request)) {
            best[unit] = best[unit].max(score);
        }
        let place = |name: &String| match self.names.iter().position(|unit| unit == name) {
            Some(unit) => best.iter().filter(|&&other| other >= best[unit]).count() - 1,
            None => usize::MAX - 1,
        };
        let mut places: Vec<usize> = case.units.iter().map(place).collect();
        places.sort_unstable();
        Measures::of(&places)
    }
}

impl Report {
    /// Writes the table for people: measures with their 95 % intervals.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(
            out,
            "{} cases, {} units, 95 % intervals by bootstrap (seed {})",
            self.cases, self.units, self.seed
        )?;
        writeln!(
            out,
            "{:<30}{:>20}{:>20}{:>20}{:>26}",
            "method",
            format!("R@{RECALL_AT}"),
            "MRR",
            format!("nDCG@{GAIN_AT}"),
            "nDCG against the first"
        )?;
        for row in &self.rows {
            let Measures {
                recall,
                reciprocal_rank,
                gain,
            } = row.measures;
            write!(out, "{:<30}", row.name)?;
            for (mean, (low, high)) in [recall, reciprocal_rank, gain].iter().zip(row.intervals) {
                write!(out, "{:>20}", format!("{mean:.3} [{low:.3} {high:.3}]"))?;
            }
            let (mean, (low, high)) = row.against_first;
            writeln!(out, "{:>26}", format!("{mean:+.3} [{low:+.3} {high:+.3}]"))?;
        }
        Ok(())
    }
}
