//! Made-up instances of any size, the same on every machine: whole numbers and one hash only.
//!
//! Experts have three topics and a unit, requests two topics and a unit; a score is the topics in
//! common plus noise; own unit and one pair in two hundred are forbidden.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::assign::{Expert, Pair, Pairs, Problem, Request, Rows};

/// What to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe {
    /// Experts.
    pub experts: usize,
    /// Requests.
    pub requests: usize,
    /// Places of each request.
    pub demand: u32,
    /// Mean capacity of an expert; each has one less, the same, or one more.
    pub capacity: u32,
    /// Keep only pairs with a topic in common and a few others.
    pub sparse: bool,
    /// Some topics are much asked for and rarely offered.
    pub skew: bool,
    /// Number of topics.
    pub topics: u64,
    /// Pairs without a common topic kept by a sparse instance, in thousandths.
    pub keep: u64,
    /// Start of all hashes.
    pub seed: u64,
}

/// Experts, requests and their topics; scores are made when asked for.
#[derive(Debug, Clone)]
pub struct Instance {
    recipe: Recipe,
    expert_topics: Vec<[u64; 3]>,
    expert_unit: Vec<u64>,
    capacity: Vec<u32>,
    request_topics: Vec<[u64; 2]>,
    request_unit: Vec<u64>,
    base: u64,
}

fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

const WORTH: [[i32; 3]; 2] = [[400_000, 250_000, 150_000], [200_000, 120_000, 80_000]];

impl Instance {
    /// Draws experts and requests.
    #[must_use]
    pub fn new(recipe: Recipe) -> Self {
        let (n, m, seed) = (recipe.experts as u64, recipe.requests as u64, recipe.seed);
        let field = |kind: u64, f: u64, i: u64| {
            mix(mix(seed.wrapping_add(1_000_003 * kind).wrapping_add(f)).wrapping_add(i))
        };
        let t = recipe.topics;
        let hot = |x: u64| {
            if recipe.skew {
                (x % t).min((x >> 32) % t)
            } else {
                x % t
            }
        };
        let units = (n / 10).max(2);
        Self {
            recipe,
            expert_topics: (0..n)
                .map(|e| [field(1, 0, e) % t, hot(field(1, 1, e)), hot(field(1, 2, e))])
                .collect(),
            expert_unit: (0..n).map(|e| field(1, 3, e) % units).collect(),
            capacity: (0..n)
                .map(|e| recipe.capacity - 1 + (field(1, 4, e) % 3) as u32)
                .collect(),
            request_topics: (0..m)
                .map(|r| [hot(field(2, 0, r)), hot(field(2, 1, r))])
                .collect(),
            request_unit: (0..m).map(|r| field(2, 2, r) % units).collect(),
            base: mix(seed.wrapping_add(1_000_003 * 3)),
        }
    }

    /// The score of a pair in millionths, or none if it is forbidden or left out.
    #[must_use]
    pub fn score(&self, request: usize, expert: usize) -> Option<i32> {
        let p = mix(self
            .base
            .wrapping_add((expert as u64) << 32)
            .wrapping_add(request as u64));
        if self.request_unit[request] == self.expert_unit[expert] || (p >> 32) % 1000 < 5 {
            return None;
        }
        let mut hit = 0;
        for (wanted, worths) in self.request_topics[request].iter().zip(WORTH) {
            for (offered, worth) in self.expert_topics[expert].iter().zip(worths) {
                if wanted == offered {
                    hit += worth;
                }
            }
        }
        if self.recipe.sparse && hit == 0 && (p >> 44) % 1000 >= self.recipe.keep {
            return None;
        }
        Some(1 + hit + ((p & 0xFFFF_FFFF) % 200_000) as i32)
    }

    /// The unit of a request (its own experts are forbidden).
    #[must_use]
    pub fn request_unit(&self, request: usize) -> u64 {
        self.request_unit[request]
    }

    /// Writes `experts.csv`, `requests.csv` and `edges.bin` (expert, request, score in 32 bits each,
    /// little-endian, sorted by expert) to a folder.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let create = |name| Ok::<_, io::Error>(BufWriter::new(File::create(folder.join(name))?));
        let mut experts = create("experts.csv")?;
        writeln!(experts, "id,capacity,unit")?;
        for (e, unit) in self.expert_unit.iter().enumerate() {
            writeln!(experts, "{e},{},{unit}", self.capacity[e])?;
        }
        experts.flush()?;
        let mut requests = create("requests.csv")?;
        writeln!(requests, "id,demand,unit")?;
        for (r, unit) in self.request_unit.iter().enumerate() {
            writeln!(requests, "{r},{},{unit}", self.recipe.demand)?;
        }
        requests.flush()?;
        let mut edges = create("edges.bin")?;
        for e in 0..self.recipe.experts {
            for r in 0..self.recipe.requests {
                if let Some(score) = self.score(r, e) {
                    for word in [e as u32, r as u32, score as u32] {
                        edges.write_all(&word.to_le_bytes())?;
                    }
                }
            }
        }
        edges.flush()
    }

    /// The problem with the pairs left to a row source; every place must be filled.
    #[must_use]
    pub fn problem_without_pairs(&self, max_per_unit: u32) -> Problem {
        let demand = self.recipe.demand;
        let price = (1_000_000 * self.recipe.requests as i64 * i64::from(demand)).min(1 << 40);
        Problem {
            experts: (0..self.recipe.experts)
                .map(|e| Expert {
                    capacity: self.capacity[e],
                    unit: self.expert_unit[e] as u32,
                    key: e as u64,
                    ..Expert::default()
                })
                .collect(),
            requests: (0..self.recipe.requests)
                .map(|r| Request {
                    demand,
                    max_per_unit,
                    min_technical: 0,
                    min_standardization: 0,
                    unfilled_price: price,
                    key: r as u64,
                })
                .collect(),
            ..Problem::default()
        }
    }

    /// The whole problem with its pairs.
    #[must_use]
    pub fn problem(&self, max_per_unit: u32) -> Problem {
        let mut problem = self.problem_without_pairs(max_per_unit);
        let mut pairs = Pairs::default();
        for r in 0..self.recipe.requests {
            let row = (0..self.recipe.experts).filter_map(|e| {
                let score = self.score(r, e)?;
                Some(Pair {
                    expert: e as u32,
                    score,
                })
            });
            pairs.push_row(row);
        }
        problem.pairs = pairs;
        let price = problem.required_price();
        for request in &mut problem.requests {
            request.unfilled_price = price;
        }
        problem
    }
}

impl Rows for Instance {
    fn row(&self, request: usize, row: &mut Vec<Pair>) {
        row.extend((0..self.recipe.experts).filter_map(|e| {
            let score = self.score(request, e)?;
            Some(Pair {
                expert: e as u32,
                score,
            })
        }));
    }
}
