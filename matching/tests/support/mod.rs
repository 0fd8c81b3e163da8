//! The fixed sample experts and labelled requests that the evaluation runs on.

use matching::evaluate::{Case, PoolExpert, read_cases};
use matching::relevance::ExpertText;

const EXPERTS: &str = include_str!("../../data/sample_experts.csv");
const REQUESTS: &str = include_str!("../../data/requests_zh.csv");
const DEVELOPMENT: &str = include_str!("../../data/requests_zh_dev.csv");

const DOMAINS: &str = include_str!("../../data/requests_zh_domains.csv");

#[derive(serde::Deserialize)]
struct Row {
    unit: String,
    domains: String,
    keywords: String,
    works: String,
    bio: String,
}

/// The sample experts; of the unit the ranking sees its name.
pub fn experts() -> Vec<PoolExpert> {
    let list = |cell: &str, by: char| {
        let entries = cell
            .split(by)
            .map(str::trim)
            .filter(|entry| !entry.is_empty());
        entries.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut reader = csv::Reader::from_reader(EXPERTS.as_bytes());
    let rows = reader
        .deserialize::<Row>()
        .map(|row| row.expect("a row of the sample experts"));
    rows.map(|row| PoolExpert {
        text: ExpertText {
            unit_scope: row.unit.clone(),
            domains: list(&row.domains, ';')
                .iter()
                .map(|code| code.parse().expect("a code of a sample expert"))
                .collect(),
            keywords: list(&row.keywords, ';'),
            works: list(&row.works, '\n'),
            bio: row.bio,
        },
        unit: row.unit,
    })
    .collect()
}

/// The labelled requests written for the product.
pub fn cases() -> Vec<Case> {
    read_cases(REQUESTS, REQUESTS).expect("the labelled requests")
}

/// The same cases with the ICS codes that an office would give them.
pub fn with_domains(mut cases: Vec<Case>) -> Vec<Case> {
    let mut reader = csv::Reader::from_reader(DOMAINS.as_bytes());
    for row in reader.deserialize::<(String, String)>() {
        let (id, domains) = row.expect("a row of codes");
        if let Some(case) = cases.iter_mut().find(|case| case.id == id) {
            let codes = domains
                .split(';')
                .map(|code| code.parse().expect("a code of a request"));
            case.request.domains = codes.collect();
        }
    }
    cases
}

/// The half of [`cases`] that weights may be chosen on (odd numbers) or the half held out (even).
pub fn half(tuning: bool) -> Vec<Case> {
    let halves = cases().into_iter().enumerate();
    halves
        .filter(|(at, _)| (at % 2 == 0) == tuning)
        .map(|(_, case)| case)
        .collect()
}

/// The twenty development requests.
pub fn development() -> Vec<Case> {
    read_cases(DEVELOPMENT, DEVELOPMENT).expect("the development requests")
}
