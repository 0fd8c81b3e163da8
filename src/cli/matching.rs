//! `rank`, `assign`, `verify`, `replay`, `evaluate`: the engine on files, without a database.

use std::{fs::File, io, path::PathBuf};

use clap::{Args, ValueEnum};
use matching::{
    assign::Options,
    evaluate::{self, PoolExpert},
    files::{
        commands::{self, Assign, Mode, Source},
        draw_file::DrawFile,
        input::Pool,
        texts::Texts,
    },
    relevance::{Synonyms, Weights, write_ranking},
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
            (None, Some(experts), Some(requests), None) => Source::Texts { experts, requests },
            _ => {
                return Err(Error::internal(
                    "give --experts and --requests (with --relevance, or scores are made from the texts), or --instance",
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
    /// What `verify` proves the result by; of a draw, the record that `replay` repeats it from
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// The report: totals, loads, the worst request, who is at fault for open places (JSON)
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
    /// Labelled requests: id,title,body, and domains,keywords where known
    #[arg(long, value_name = "FILE")]
    requests: PathBuf,
    /// Who should answer: id,units (names separated by ;)
    #[arg(long, value_name = "FILE")]
    gold: PathBuf,
}

/// What `replay` reads.
#[derive(Args)]
pub(super) struct ReplayArguments {
    /// The record of a draw: loaded from a page of the service, or written by
    /// `assign --mode draw --certificate`
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// `rank`
pub(super) fn rank(given: &RankArguments) -> Result<()> {
    let pool = Pool::read(&given.experts, &given.requests, u32::MAX).map_err(Error::internal)?;
    let texts = Texts::of(&pool);
    let requests = pool.requests.iter().map(String::as_str);
    let requests = requests.zip(&pool.request_texts);
    let out = io::BufWriter::new(File::create(&given.out)?);
    write_ranking(texts.index(), &pool.experts, requests, given.top, out).map_err(Error::internal)
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
    let report =
        commands::assign(&source, &command, &Options::default()).map_err(Error::internal)?;
    println!(
        "total relevance {}, {} of {} places left open",
        report.summary.relevance, report.summary.unfilled, report.summary.places
    );
    if let Some(fair) = report.fair {
        let order = if fair.proved {
            ", and no fairer order exists"
        } else {
            ""
        };
        println!(
            "the weakest request has {} of at most {}{order}; the best total has {} more",
            fair.worst, fair.worst_bound, fair.loss
        );
    }
    Ok(())
}

/// `verify`
pub(super) fn verify(given: VerifyArguments) -> Result<()> {
    let (source, max_per_unit) = given.from.source()?;
    let total = commands::check(&source, max_per_unit, &given.assignment, &given.certificate)
        .map_err(Error::internal)?;
    println!("proved: no choice has a greater total than {total}");
    Ok(())
}

/// `replay`
pub(super) fn replay(given: &ReplayArguments) -> Result<()> {
    let file = commands::replay(&given.file).map_err(Error::internal)?;
    println!("{}", file.about);
    println!("procedure    {}", file.record.algorithm);
    println!("commitment   {}", file.record.commitment);
    println!("contribution {:?}", file.record.contribution);
    for request in 0..file.requests.len() {
        print_draw(&file, request)?;
    }
    println!("the draw came out the same again");
    Ok(())
}

fn print_draw(file: &DrawFile, at: usize) -> Result<()> {
    let request = &file.requests[at];
    let chances = file.chances(at).map_err(Error::internal)?;
    println!(
        "\nrequest {}: {} places, {} could be drawn",
        request.id,
        request.demand as usize - request.fixed.len().min(request.demand as usize),
        request.order.len()
    );
    for (place, id) in (1..).zip(&request.order) {
        let place: usize = place;
        let chance = chances.iter().find(|(expert, _)| expert == id);
        let chance = chance.map_or(0.0, |(_, chance)| 100.0 * chance.chance);
        let drawn = if request.panel.contains(id) {
            "drawn"
        } else {
            ""
        };
        println!("{place:>4}  {id}  {chance:.1} %  {drawn}");
    }
    Ok(())
}

/// `evaluate`
pub(super) fn evaluate(given: &EvaluateArguments) -> Result<()> {
    let pool = Pool::read_pool(&given.experts).map_err(Error::internal)?;
    let experts: Vec<PoolExpert> = pool
        .expert_texts
        .into_iter()
        .map(|text| PoolExpert {
            unit: text.unit_scope.clone(),
            text,
        })
        .collect();
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
