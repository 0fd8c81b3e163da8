//! Experts, requests and pairs from files.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use super::table::{FileError, Table};
use crate::assign::{Expert, Kind, Link, Pair, Pairs, Problem, Request};
use crate::relevance::{Code, ExpertText, RequestText};

const EXPERT_COLUMNS: &[&str] = &[
    "id", "unit", "kind", "capacity", "domains", "keywords", "works", "bio",
];
const REQUEST_COLUMNS: &[&str] = &[
    "id",
    "demand",
    "unit",
    "title",
    "body",
    "domains",
    "min_technical",
    "min_standardization",
    "priority",
    "recused",
];
const EDGE_COLUMNS: &[&str] = &["request", "expert", "score"];

/// Experts and requests by their ids, and the problem without pairs.
#[derive(Debug, Clone, Default)]
pub struct Pool {
    /// Ids of experts, by index.
    pub experts: Vec<String>,
    /// Ids of requests, by index.
    pub requests: Vec<String>,
    /// Names of units, by number; experts without one have a number of their own.
    pub units: Vec<String>,
    /// Texts of experts.
    pub expert_texts: Vec<ExpertText>,
    /// Texts of requests.
    pub request_texts: Vec<RequestText>,
    /// Pairs the files exclude: own unit and `recused`.
    pub recused: Vec<Link>,
    /// Priority of each request, 1 (first) to 5.
    pub priorities: Vec<u32>,
    /// Numbers of both.
    pub problem: Problem,
}

/// A number that stays with an id.
#[must_use]
pub fn key(id: &str) -> u64 {
    // FNV-1a.
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |h, byte| {
        (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn parts(text: &str, separator: char) -> Vec<String> {
    let parts = text
        .split(separator)
        .map(str::trim)
        .filter(|p| !p.is_empty());
    parts.map(str::to_owned).collect()
}

/// The codes in a cell, like `ics:29.240;ccs:K04`.
fn codes<R: std::io::Read>(table: &Table<R>, column: usize) -> Result<Vec<Code>, FileError> {
    let code = |text: String| text.parse().map_err(|e| table.error(column, e));
    parts(table.text(column), ';')
        .into_iter()
        .map(code)
        .collect()
}

/// Index of each id.
pub(super) fn indices(ids: &[String]) -> HashMap<&str, usize> {
    ids.iter()
        .enumerate()
        .map(|(i, id)| (id.as_str(), i))
        .collect()
}

impl Pool {
    /// Reads `experts.csv` and `requests.csv`. Only ids, capacities and demands are needed; `limit`
    /// experts of a unit may sit on a panel.
    ///
    /// # Errors
    /// The first mistake in either file.
    pub fn read(experts: &Path, requests: &Path, limit: u32) -> Result<Self, FileError> {
        let mut pool = Self::default();
        let mut units = HashMap::new();
        pool.read_experts(Table::open(experts, EXPERT_COLUMNS, 1)?, &mut units)?;
        pool.read_requests(Table::open(requests, REQUEST_COLUMNS, 2)?, &units, limit)?;
        Ok(pool)
    }

    /// Reads `experts.csv` alone.
    ///
    /// # Errors
    /// The first mistake in the file.
    pub fn read_pool(experts: &Path) -> Result<Self, FileError> {
        let mut pool = Self::default();
        let table = Table::open(experts, EXPERT_COLUMNS, 1)?;
        pool.read_experts(table, &mut HashMap::new())?;
        Ok(pool)
    }

    fn read_experts<R: std::io::Read>(
        &mut self,
        mut table: Table<R>,
        units: &mut HashMap<String, u32>,
    ) -> Result<(), FileError> {
        let mut known = HashMap::new();
        while table.advance()? {
            let id = table.text(0);
            if id.is_empty() {
                return Err(table.error(0, "must not be empty"));
            }
            if known.insert(id.to_owned(), ()).is_some() {
                return Err(table.error(0, format!("“{id}” is there twice")));
            }
            let next = self.units.len() as u32;
            let name = table.text(1).to_owned();
            let unit = if name.is_empty() {
                next
            } else {
                *units.entry(name.clone()).or_insert(next)
            };
            if unit == next {
                self.units.push(name.clone());
            }
            let kind = match table.text(2) {
                "技术" | "technical" => Kind::Technical,
                "标准化" | "standardization" => Kind::Standardization,
                "" => Kind::Other,
                other => {
                    return Err(table.error(2, format!("“{other}” is neither 技术 nor 标准化")));
                }
            };
            let capacity = table.number(3)?.unwrap_or(1);
            self.expert_texts.push(ExpertText {
                unit_scope: name,
                domains: codes(&table, 4)?,
                keywords: parts(table.text(5), ';'),
                works: parts(table.text(6), '\n'),
                bio: table.text(7).to_owned(),
            });
            let key = key(id);
            self.experts.push(id.to_owned());
            self.problem.experts.push(Expert {
                capacity,
                unit,
                kind,
                service: 0,
                key,
            });
        }
        Ok(())
    }

    fn read_requests<R: std::io::Read>(
        &mut self,
        mut table: Table<R>,
        units: &HashMap<String, u32>,
        limit: u32,
    ) -> Result<(), FileError> {
        let mut of_unit: HashMap<u32, Vec<usize>> = HashMap::new();
        for (e, expert) in self.problem.experts.iter().enumerate() {
            of_unit.entry(expert.unit).or_default().push(e);
        }
        let experts = indices(&self.experts);
        let mut known = HashMap::new();
        while table.advance()? {
            let id = table.text(0);
            if id.is_empty() {
                return Err(table.error(0, "must not be empty"));
            }
            if known.insert(id.to_owned(), ()).is_some() {
                return Err(table.error(0, format!("“{id}” is there twice")));
            }
            let request = self.requests.len();
            let demand: u32 = table.required(1)?;
            let min_technical: u32 = table.number(6)?.unwrap_or(0);
            let min_standardization: u32 = table.number(7)?.unwrap_or(0);
            if u64::from(min_technical) + u64::from(min_standardization) > u64::from(demand) {
                return Err(table.error(6, "the minimums are more than the demand"));
            }
            let priority: u32 = table.number(8)?.unwrap_or(3);
            if !(1..=5).contains(&priority) {
                return Err(table.error(8, "must be from 1 (first) to 5"));
            }
            let own = units.get(table.text(2)).and_then(|unit| of_unit.get(unit));
            let own = own.into_iter().flatten().copied();
            self.recused
                .extend(own.map(|expert| Link { request, expert }));
            for name in parts(table.text(9), ';') {
                let Some(&expert) = experts.get(name.as_str()) else {
                    return Err(table.error(9, format!("no expert “{name}”")));
                };
                self.recused.push(Link { request, expert });
            }
            self.request_texts.push(RequestText {
                title: table.text(3).to_owned(),
                body: table.text(4).to_owned(),
                domains: codes(&table, 5)?,
                keywords: Vec::new(),
            });
            let key = key(id);
            self.requests.push(id.to_owned());
            self.priorities.push(priority);
            self.problem.requests.push(Request {
                demand,
                max_per_unit: limit,
                min_technical,
                min_standardization,
                unfilled_price: 0,
                key,
            });
        }
        self.recused.sort_unstable();
        self.recused.dedup();
        Ok(())
    }

    /// Reads `edges.csv`: pairs not listed are not allowed, recused ones are left out.
    ///
    /// # Errors
    /// The first mistake in the file.
    pub fn read_edges(&mut self, path: &Path) -> Result<(), FileError> {
        let mut table = Table::open(path, EDGE_COLUMNS, 3)?;
        let (experts, requests) = (indices(&self.experts), indices(&self.requests));
        let mut triples: Vec<(u32, Pair)> = Vec::new();
        while table.advance()? {
            let (request, expert) = (table.text(0), table.text(1));
            let Some(&r) = requests.get(request) else {
                return Err(table.error(0, format!("no request “{request}”")));
            };
            let Some(&e) = experts.get(expert) else {
                return Err(table.error(1, format!("no expert “{expert}”")));
            };
            triples.push((
                r as u32,
                Pair {
                    expert: e as u32,
                    score: table.required(2)?,
                },
            ));
        }
        self.take_pairs(Pairs::from_triples(
            self.requests.len(),
            triples.iter().copied(),
        ));
        let checked = self.check(path);
        checked.map_err(|error| self.second_line(path).unwrap_or(error))
    }

    /// Where a pair stands for the second time.
    fn second_line(&self, path: &Path) -> Option<FileError> {
        use crate::assign::Invalid;
        let Err(Invalid::Twice { request, expert }) = self.problem.check() else {
            return None;
        };
        let (request, expert) = (&self.requests[request], &self.experts[expert]);
        let mut table = Table::open(path, EDGE_COLUMNS, 3).ok()?;
        let mut seen = false;
        while table.advance().ok()? {
            if table.text(0) == request && table.text(1) == expert {
                if seen {
                    let reason =
                        format!("request “{request}” and expert “{expert}” are there twice");
                    return Some(table.error(1, reason));
                }
                seen = true;
            }
        }
        None
    }

    /// Reads a generator's folder: `experts.csv`, `requests.csv` and `edges.bin`, little-endian
    /// triples of 32 bits (expert, request, score) by index. Every place is wanted.
    ///
    /// # Errors
    /// The first mistake in any of the files.
    pub fn read_instance(folder: &Path, limit: u32) -> Result<Self, FileError> {
        let mut pool = Self::read(
            &folder.join("experts.csv"),
            &folder.join("requests.csv"),
            limit,
        )?;
        // An instance says itself which pairs its units forbid.
        pool.recused.clear();
        let path = folder.join("edges.bin");
        let bytes = fs::read(&path).map_err(|e| FileError::of(&path, e))?;
        if bytes.len() % 12 != 0 {
            return Err(FileError::of(&path, "not a whole number of triples"));
        }
        let word = |triple: &[u8], i: usize| {
            u32::from_le_bytes([triple[i], triple[i + 1], triple[i + 2], triple[i + 3]])
        };
        let triples = bytes
            .chunks_exact(12)
            .map(|t| (word(t, 0), word(t, 4), word(t, 8)));
        let (n, m) = (pool.experts.len() as u32, pool.requests.len() as u32);
        let wrong = |t: &(u32, u32, u32)| t.0 >= n || t.1 >= m || i32::try_from(t.2).is_err();
        if let Some(at) = triples.clone().position(|t| wrong(&t)) {
            return Err(FileError::of(
                &path,
                format!("triple {} is out of range", at + 1),
            ));
        }
        let pairs = triples.map(|(expert, r, score)| {
            (
                r,
                Pair {
                    expert,
                    score: score as i32,
                },
            )
        });
        pool.take_pairs(Pairs::from_triples(m as usize, pairs));
        pool.check(&path)?;
        Ok(pool)
    }

    /// Takes pairs over, without the recused ones, and sets the price of open places: as many as
    /// possible are filled, and of those that cannot be the least urgent stay open.
    pub fn take_pairs(&mut self, pairs: Pairs) {
        self.problem.pairs = pairs;
        self.problem.pairs.remove(&self.recused);
        let price = self.problem.required_price() / 8;
        for (request, priority) in self.problem.requests.iter_mut().zip(&self.priorities) {
            request.unfilled_price = price * (8 + i64::from(5 - priority));
        }
        let most = self
            .problem
            .requests
            .iter()
            .map(|r| r.unfilled_price)
            .max()
            .unwrap_or(0);
        if most > crate::assign::model::MAX_PRICE {
            for request in &mut self.problem.requests {
                request.unfilled_price /= 2;
            }
        }
    }

    fn check(&self, path: &Path) -> Result<(), FileError> {
        use crate::assign::Invalid;
        self.problem.check().map_err(|invalid| match invalid {
            Invalid::Twice { request, expert } => FileError::of(
                path,
                format!(
                    "request “{}” and expert “{}” are there twice",
                    self.requests[request], self.experts[expert]
                ),
            ),
            other => FileError::of(path, other),
        })
    }
}
