//! A draw as one file: whom it was drawn from, by which rules, with which numbers, and who came out.
//! Whoever has the file can draw again, on any machine, without the service and without names.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::input::key;
use crate::assign::chances::{self, Chance};
use crate::assign::draw::{self, Draw, Record, Refused};
use crate::assign::{Expert, Kind, Link, Pair, Pairs, Problem, Request};

/// A draw with everything that it depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawFile {
    /// What the draw was for, for people.
    pub about: String,
    /// Procedure, commitment, nonce, contribution, and the SHA-256 of the pool below.
    pub record: Record,
    /// The pool.
    pub experts: Vec<DrawExpert>,
    /// The panels, in the order in which they drew.
    pub requests: Vec<DrawRequest>,
    /// Least relevance in millionths.
    pub min_relevance: i32,
}

/// An expert of the pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawExpert {
    /// Id, unique in the file.
    pub id: String,
    /// Equal for experts of one unit.
    pub unit: u32,
    /// 技术, 标准化 or neither.
    pub kind: Kind,
    /// Places this expert can hold.
    pub capacity: u32,
}

/// A panel to be drawn, and what was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawRequest {
    /// Id, unique in the file.
    pub id: String,
    /// Places, those of `fixed` included.
    pub demand: u32,
    /// At most so many experts of a unit.
    pub max_per_unit: u32,
    /// Places kept for technical experts.
    pub min_technical: u32,
    /// Places kept for standardization experts.
    pub min_standardization: u32,
    /// Experts who sit on the panel already.
    pub fixed: Vec<String>,
    /// Experts who may be drawn.
    pub allowed: Vec<Allowed>,
    /// The order in which they came out; the next one follows when a place becomes empty.
    pub order: Vec<String>,
    /// Those with a place, the fixed ones first.
    pub panel: Vec<String>,
}

/// An expert who may be drawn for a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    /// Id of the expert.
    pub expert: String,
    /// Relevance in millionths.
    pub score: i32,
}

/// Why a file does not replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotReplayed {
    /// An id is named that is not in the file, or is there twice.
    Id(String),
    /// Record and pool do not belong together.
    Refused(Refused),
    /// The draw comes out differently for this request.
    Differs(String),
}

impl fmt::Display for NotReplayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "“{id}” is unknown or there twice"),
            Self::Refused(reason) => reason.fmt(f),
            Self::Differs(request) => {
                write!(f, "request “{request}”: the draw comes out differently")
            }
        }
    }
}

impl std::error::Error for NotReplayed {}

impl From<Refused> for NotReplayed {
    fn from(reason: Refused) -> Self {
        Self::Refused(reason)
    }
}

impl DrawFile {
    /// Draws: fills in the record, and the order and panel of each request. The keys of experts and
    /// requests follow from their ids, so that nothing but the file decides.
    ///
    /// # Errors
    /// If an id is unknown or there twice, or the numbers make no problem.
    pub fn draw(
        about: String,
        experts: Vec<DrawExpert>,
        requests: Vec<DrawRequest>,
        min_relevance: i32,
        nonce: &[u8],
        contribution: &str,
    ) -> Result<Self, NotReplayed> {
        let record = Record {
            algorithm: draw::ALGORITHM.to_owned(),
            commitment: draw::commit(nonce),
            nonce: draw::hex(nonce),
            contribution: contribution.to_owned(),
            snapshot: String::new(),
        };
        let mut file = Self {
            about,
            record,
            experts,
            requests,
            min_relevance,
        };
        let drawn = draw::draw(&file.problem()?, nonce, contribution)?;
        file.take(drawn);
        Ok(file)
    }

    /// The draw of a problem whose experts and requests have these ids. The keys of the problem must
    /// be those of the ids (see [`key`]), as they are in problems read from files.
    #[must_use]
    pub fn of(
        about: String,
        problem: &Problem,
        experts: &[String],
        requests: &[String],
        drawn: Draw,
    ) -> Self {
        let expert = |(of, id): (&Expert, &String)| DrawExpert {
            id: id.clone(),
            unit: of.unit,
            kind: of.kind,
            capacity: of.capacity,
        };
        let request = |(r, (of, id)): (usize, (&Request, &String))| {
            let fixed = problem.fixed.iter().filter(|link| link.request == r);
            let allowed = problem.pairs.row(r).iter().map(|pair| Allowed {
                expert: experts[pair.expert as usize].clone(),
                score: pair.score,
            });
            DrawRequest {
                id: id.clone(),
                demand: of.demand,
                max_per_unit: of.max_per_unit,
                min_technical: of.min_technical,
                min_standardization: of.min_standardization,
                fixed: fixed.map(|link| experts[link.expert].clone()).collect(),
                allowed: allowed.collect(),
                order: Vec::new(),
                panel: Vec::new(),
            }
        };
        let mut file = Self {
            about,
            record: drawn.record.clone(),
            experts: problem.experts.iter().zip(experts).map(expert).collect(),
            requests: problem
                .requests
                .iter()
                .zip(requests)
                .enumerate()
                .map(request)
                .collect(),
            min_relevance: problem.min_relevance,
        };
        file.take(drawn);
        file
    }

    fn take(&mut self, drawn: Draw) {
        let names = |experts: &[DrawExpert], list: &[usize]| -> Vec<String> {
            list.iter().map(|&e| experts[e].id.clone()).collect()
        };
        for (r, request) in self.requests.iter_mut().enumerate() {
            request.order = names(&self.experts, &drawn.orders[r]);
            request.panel = names(&self.experts, &drawn.panels[r]);
        }
        self.record = drawn.record;
    }

    /// Draws again and compares.
    ///
    /// # Errors
    /// What does not fit, or the first request that comes out differently.
    pub fn replay(&self) -> Result<(), NotReplayed> {
        let drawn = draw::replay(&self.problem()?, &self.record)?;
        let mut again = self.clone();
        again.take(drawn);
        let differs = |(one, other): &(&DrawRequest, &DrawRequest)| one != other;
        match self.requests.iter().zip(&again.requests).find(differs) {
            Some((request, _)) => Err(NotReplayed::Differs(request.id.clone())),
            None => Ok(()),
        }
    }

    /// The chance of everybody whom a request could draw, most likely first, then by id; empty for
    /// an unknown request.
    ///
    /// # Errors
    /// If the file names an unknown id.
    pub fn chances(&self, request: usize) -> Result<Vec<(&str, Chance)>, NotReplayed> {
        if request >= self.requests.len() {
            return Ok(Vec::new());
        }
        let mut list: Vec<(&str, Chance)> = chances::chances(&self.problem()?, request)
            .into_iter()
            .map(|chance| (self.experts[chance.expert].id.as_str(), chance))
            .collect();
        list.sort_by(|one, other| {
            other
                .1
                .chance
                .total_cmp(&one.1.chance)
                .then_with(|| one.0.cmp(other.0))
        });
        Ok(list)
    }

    /// The problem that the file describes.
    ///
    /// # Errors
    /// If an id is unknown or there twice.
    pub fn problem(&self) -> Result<Problem, NotReplayed> {
        let mut index = HashMap::with_capacity(self.experts.len());
        for (e, expert) in self.experts.iter().enumerate() {
            if index.insert(expert.id.as_str(), e).is_some() {
                return Err(NotReplayed::Id(expert.id.clone()));
            }
        }
        let at = |id: &String| {
            let found = index.get(id.as_str()).copied();
            found.ok_or_else(|| NotReplayed::Id(id.clone()))
        };
        let mut problem = Problem {
            experts: self.experts.iter().map(expert).collect(),
            requests: self.requests.iter().map(request).collect(),
            pairs: Pairs::default(),
            min_relevance: self.min_relevance,
            ..Problem::default()
        };
        for (r, request) in self.requests.iter().enumerate() {
            let mut row = Vec::with_capacity(request.allowed.len());
            for allowed in &request.allowed {
                row.push(Pair {
                    expert: at(&allowed.expert)? as u32,
                    score: allowed.score,
                });
            }
            problem.pairs.push_row(row);
            for id in &request.fixed {
                problem.fixed.push(Link {
                    request: r,
                    expert: at(id)?,
                });
            }
        }
        Ok(problem)
    }
}

fn expert(of: &DrawExpert) -> Expert {
    Expert {
        capacity: of.capacity,
        unit: of.unit,
        kind: of.kind,
        service: 0,
        key: key(&of.id),
    }
}

fn request(of: &DrawRequest) -> Request {
    Request {
        demand: of.demand,
        max_per_unit: of.max_per_unit,
        min_technical: of.min_technical,
        min_standardization: of.min_standardization,
        unfilled_price: 0,
        key: key(&of.id),
    }
}
