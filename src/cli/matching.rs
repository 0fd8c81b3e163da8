//! `rank`, `assign`, `verify`, `evaluate`: the engine on files, without a database.

use std::{fs::File, io, path::PathBuf};

use clap::{Args, ValueEnum};
use matching::{
    assign::{Options, Pair, Rows},
    evaluate::{self, PoolExpert},
    files::{
        commands::{self, Assign, Mode, Source},
        input::Pool,
    },
    relevance::{Code, ExpertText, Index, RequestText, Synonyms, Weights, write_ranking},
};

use crate::foundation::error::{Error, Result};

/// Where a problem comes from.
#[derive(Args)]
pub(super) struct From {
    /// Experts: id,unit,kind,capacity,domains,keywords,works,bio
    #[arg(long, value_name = "FILE", requires = "requests")]
    experts: Option<PathBuf>,
    /// Requests: id,unit,title,body,domains,demand,min_technical,min_standardization,priority,recused
    #[arg(long, value_name = "FILE", requires = "experts")]
    requests: Option<PathBuf>,
    /// Scores in millionths: request,expert,score; pairs not listed are not allowed
    #[arg(long, value_name = "FILE", requires = "experts")]
    relevance: Option<PathBuf>,
    /// A generated instance: experts.csv, requests.csv, edges.bin
    #[arg(long, value_name = "DIR", conflicts_with = "experts")]
    instance: Option<PathBuf>,
    /// At most so many experts of a unit on a request
    #[arg(long, value_name = "N")]
    max_per_unit: Option<u32>,
}

impl From {
    fn source(self) -> Result<(Source, Option<u32>)> {
        let source = match (self.instance, self.experts, self.requests, self.relevance) {
            (Some(folder), ..) => Source::Instance(folder),
            (None, Some(experts), Some(requests), Some(edges)) => Source::Edges {
                experts,
                requests,
                edges,
            },
            (None, Some(experts), Some(requests), None) => {
                check_codes(&Pool::read(&experts, &requests, u32::MAX).map_err(Error::internal)?)?;
                Source::Texts { experts, requests }
            }
            _ => {
                return Err(Error::internal(
                    "give --experts and --requests, or --instance",
                ));
            }
        };
        Ok((source, self.max_per_unit))
    }
}

/// How the experts are chosen.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum ModeWord {
    /// The best total.
    Best,
    /// The weakest request first.
    Fair,
    /// By lot among the qualified.
    Draw,
}

/// What `assign` writes, and how it chooses.
#[derive(Args)]
pub(super) struct AssignArguments {
    #[command(flatten)]
    from: From,
    /// How the experts are chosen
    #[arg(long, value_enum, default_value = "best")]
    mode: ModeWord,
    /// Decides ties, or the draw
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The assignment: request,expert,score
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The certificate
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// The report
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// What `verify` checks.
#[derive(Args)]
pub(super) struct VerifyArguments {
    #[command(flatten)]
    from: From,
    /// The assignment
    #[arg(long, value_name = "FILE")]
    assignment: PathBuf,
    /// Its certificate
    #[arg(long, value_name = "FILE")]
    certificate: PathBuf,
}

/// What `rank` reads and writes.
#[derive(Args)]
pub(super) struct RankArguments {
    /// Experts: id,unit,kind,capacity,domains,keywords,works,bio
    #[arg(long, value_name = "FILE")]
    experts: PathBuf,
    /// Requests: id,title,body,domains,…
    #[arg(long, value_name = "FILE")]
    requests: PathBuf,
    /// At most so many experts a request
    #[arg(long, value_name = "K", default_value_t = 10)]
    top: usize,
    /// The ranking: request,rank,expert,score
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What `evaluate` reads.
#[derive(Args)]
pub(super) struct EvaluateArguments {
    /// Experts, as for `rank`
    #[arg(long, value_name = "FILE")]
    experts: PathBuf,
    /// Labelled requests: id,title,body
    #[arg(long, value_name = "FILE")]
    requests: PathBuf,
    /// Who should answer: id,unit_names
    #[arg(long, value_name = "FILE")]
    gold: PathBuf,
}

/// `rank`
pub(super) fn rank(given: &RankArguments) -> Result<()> {
    let pool = Pool::read(&given.experts, &given.requests, u32::MAX).map_err(Error::internal)?;
    check_codes(&pool)?;
    let texts = Texts::of(&pool);
    let requests = pool
        .requests
        .iter()
        .map(String::as_str)
        .zip(&texts.requests);
    let out = io::BufWriter::new(File::create(&given.out)?);
    write_ranking(&texts.index, &pool.experts, requests, given.top, out).map_err(Error::internal)
}

/// `assign`
pub(super) fn assign(given: AssignArguments) -> Result<()> {
    let (source, max_per_unit) = given.from.source()?;
    let command = Assign {
        max_per_unit,
        mode: match given.mode {
            ModeWord::Best => Mode::Best,
            ModeWord::Fair => Mode::Fair,
            ModeWord::Draw => Mode::Draw,
        },
        seed: given.seed,
        out: given.out,
        certificate: given.certificate,
        report: given.report,
    };
    let report = commands::assign(&source, &command, Some(&rows), &Options::default())
        .map_err(Error::internal)?;
    println!(
        "total relevance {}, {} of {} places left open",
        report.summary.relevance, report.summary.unfilled, report.summary.places
    );
    Ok(())
}

/// `verify`
pub(super) fn verify(given: VerifyArguments) -> Result<()> {
    let (source, max_per_unit) = given.from.source()?;
    let total = commands::check(
        &source,
        max_per_unit,
        &given.assignment,
        &given.certificate,
        Some(&rows),
    )
    .map_err(Error::internal)?;
    println!("proved: no choice has a greater total than {total}");
    Ok(())
}

/// `evaluate`
pub(super) fn evaluate(given: &EvaluateArguments) -> Result<()> {
    let experts = read_experts(&std::fs::read_to_string(&given.experts)?)?;
    let requests = std::fs::read_to_string(&given.requests)?;
    let gold = std::fs::read_to_string(&given.gold)?;
    let cases = evaluate::read_cases(&requests, &gold).map_err(Error::internal)?;
    let report = evaluate::evaluate(
        &experts,
        &cases,
        &Weights::default(),
        &Synonyms::starting(),
        1,
    );
    report.write(&mut io::stdout()).map_err(Error::internal)
}

fn read_experts(table: &str) -> Result<Vec<PoolExpert>> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let headers = reader.headers().map_err(Error::internal)?.clone();
    let mut experts = Vec::new();
    for row in reader.records() {
        let row = row.map_err(Error::internal)?;
        let cell = |name: &str| {
            headers
                .iter()
                .position(|head| head == name)
                .and_then(|place| row.get(place))
                .unwrap_or_default()
        };
        let list = |name: &str| -> Vec<String> {
            let parts = cell(name).split(';').map(str::trim);
            parts
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect()
        };
        experts.push(PoolExpert {
            unit: cell("unit").to_owned(),
            text: ExpertText {
                unit_scope: cell("unit").to_owned(),
                domains: codes(&list("domains"))?,
                keywords: list("keywords"),
                works: cell("works").lines().map(str::to_owned).collect(),
                bio: cell("bio").to_owned(),
            },
        });
    }
    Ok(experts)
}

/// Scores from the texts of a pool.
struct Texts {
    index: Index,
    requests: Vec<RequestText>,
}

impl Texts {
    /// The pool's codes have been checked: see [`check_codes`].
    fn of(pool: &Pool) -> Self {
        let mut experts = Vec::with_capacity(pool.expert_texts.len());
        for (expert, text) in pool.problem.experts.iter().zip(&pool.expert_texts) {
            experts.push(ExpertText {
                unit_scope: pool
                    .units
                    .get(expert.unit as usize)
                    .cloned()
                    .unwrap_or_default(),
                domains: known_codes(&text.domains),
                keywords: text.keywords.clone(),
                works: text.works.clone(),
                bio: text.bio.clone(),
            });
        }
        let mut requests = Vec::with_capacity(pool.request_texts.len());
        for text in &pool.request_texts {
            requests.push(RequestText {
                title: text.title.clone(),
                body: text.body.clone(),
                domains: known_codes(&text.domains),
                keywords: Vec::new(),
            });
        }
        Self {
            index: Index::build(&experts, &Weights::default(), &Synonyms::starting()),
            requests,
        }
    }
}

impl Rows for Texts {
    fn row(&self, request: usize, row: &mut Vec<Pair>) {
        let scores = self.index.scores(&self.requests[request]);
        row.extend(
            (0_u32..)
                .zip(scores)
                .filter(|(_, score)| *score > 0)
                .map(|(expert, score)| Pair {
                    expert,
                    score: i32::try_from(score).unwrap_or(i32::MAX),
                }),
        );
    }
}

fn rows(pool: &Pool) -> Box<dyn Rows + '_> {
    Box::new(Texts::of(pool))
}

/// Refuses a pool with a text that is no code.
fn check_codes(pool: &Pool) -> Result<()> {
    let experts = pool.expert_texts.iter().map(|text| &text.domains);
    let requests = pool.request_texts.iter().map(|text| &text.domains);
    for domains in experts.chain(requests) {
        codes(domains)?;
    }
    Ok(())
}

fn known_codes(texts: &[String]) -> Vec<Code> {
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}

fn codes(texts: &[String]) -> Result<Vec<Code>> {
    texts
        .iter()
        .map(|text| {
            text.parse()
                .map_err(|_| Error::internal(format!("{text} is no code like ics:29.240")))
        })
        .collect()
}
