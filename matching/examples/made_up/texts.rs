//! Texts of experts and requests in any number, the same on every machine.
//!
//! Experts are mixed from the clauses and keywords of the sample experts, with terms made of the
//! halves of two keywords, so that the vocabulary grows with the pool as it does in life. Requests are
//! mixed from the labelled ones in the same way.

use std::io;
use std::path::Path;

use matching::evaluate::{Case, PoolExpert};
use matching::relevance::ExpertText;

/// SplitMix64, so that every run measures the same pool.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 16) as usize % bound
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Experts in the given number.
pub fn pool(sample: &[PoolExpert], count: usize) -> Vec<ExpertText> {
    let mut random = Random(1);
    let keywords: Vec<Vec<char>> = sample
        .iter()
        .flat_map(|expert| &expert.text.keywords)
        .map(|keyword| keyword.chars().collect())
        .collect();
    let clauses: Vec<&str> = sample
        .iter()
        .flat_map(|expert| expert.text.bio.split(['，', '。', '、']))
        .filter(|clause| !clause.is_empty())
        .collect();
    let works: Vec<&str> = sample
        .iter()
        .flat_map(|expert| &expert.text.works)
        .map(String::as_str)
        .collect();
    let codes: Vec<_> = sample
        .iter()
        .flat_map(|expert| &expert.text.domains)
        .collect();
    let term = |random: &mut Random| -> String {
        let (head, tail) = (
            random.pick(&keywords).clone(),
            random.pick(&keywords).clone(),
        );
        head[..head.len().div_ceil(2)]
            .iter()
            .chain(&tail[tail.len() / 2..])
            .collect()
    };
    let units: Vec<String> = (0..count / 20 + 1)
        .map(|_| format!("中国{}协会", term(&mut random)))
        .collect();
    (0..count)
        .map(|_| ExpertText {
            unit_scope: random.pick(&units).clone(),
            domains: (0..3).map(|_| (*random.pick(&codes)).clone()).collect(),
            keywords: (0..8).map(|_| term(&mut random)).collect(),
            works: (0..3)
                .map(|_| format!("《{}》{}", term(&mut random), random.pick(&works)))
                .collect(),
            bio: (0..5)
                .map(|_| format!("{}，{}。", random.pick(&clauses), term(&mut random)))
                .collect(),
        })
        .collect()
}

/// Writes `experts.csv` and `requests.csv` for `assign`, `rank` and `verify`: experts who can take
/// `capacity` places, and requests for `demand` of them.
///
/// # Errors
/// If a file cannot be written.
pub fn write(
    folder: &Path,
    sample: &[PoolExpert],
    cases: &[Case],
    (experts, capacity): (usize, u32),
    (requests, demand): (usize, u32),
) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut table = csv::Writer::from_path(folder.join("experts.csv"))?;
    table.write_record([
        "id", "unit", "kind", "capacity", "domains", "keywords", "works", "bio",
    ])?;
    for (e, text) in pool(sample, experts).into_iter().enumerate() {
        let codes: Vec<String> = text.domains.iter().map(ToString::to_string).collect();
        table.write_record([
            format!("E{e}"),
            text.unit_scope,
            ["技术", "标准化"][e % 2].to_owned(),
            capacity.to_string(),
            codes.join(";"),
            text.keywords.join(";"),
            text.works.join("\n"),
            text.bio,
        ])?;
    }
    table.flush()?;
    let mut random = Random(2);
    let clauses: Vec<&str> = cases
        .iter()
        .flat_map(|case| case.request.body.split(['，', '。']))
        .filter(|clause| !clause.is_empty())
        .collect();
    let keywords: Vec<&String> = sample.iter().flat_map(|one| &one.text.keywords).collect();
    let mut table = csv::Writer::from_path(folder.join("requests.csv"))?;
    table.write_record(["id", "title", "body", "domains", "demand"])?;
    for r in 0..requests {
        let case = random.pick(cases).request.clone();
        let codes: Vec<String> = case.domains.iter().map(ToString::to_string).collect();
        let body: Vec<&str> = (0..3).map(|_| *random.pick(&clauses)).collect();
        let about = [*random.pick(&keywords), *random.pick(&keywords)];
        table.write_record([
            format!("R{r}"),
            case.title,
            format!("{}，涉及{}和{}。", body.join("，"), about[0], about[1]),
            codes.join(";"),
            demand.to_string(),
        ])?;
    }
    table.flush()
}
