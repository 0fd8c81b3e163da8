//! Explanations and shortages: every sentence's number is what happens.

use matching::assign::explain::{Flip, Recusal, Standing, explain, summary};
use matching::assign::say::{self, Language, Names};
use matching::assign::shortage::{Remedy, shortage};
use matching::assign::{Link, Options, Pair, Pairs, Problem, solve};
use matching::files::generate::{Instance, Recipe};
use proptest::prelude::*;

use crate::common;

fn with_score(problem: &Problem, pair: Link, by: i64) -> Problem {
    let mut changed = problem.clone();
    let mut pairs = Pairs::default();
    for request in 0..problem.pairs.rows() {
        pairs.push_row(problem.pairs.row(request).iter().map(|p| Pair {
            score: if request == pair.request && p.expert as usize == pair.expert {
                p.score + by as i32
            } else {
                p.score
            },
            ..*p
        }));
    }
    changed.pairs = pairs;
    changed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_smallest_change_flips_and_less_does_not(problem in common::problems(true)) {
        let options = Options::default();
        let solution = solve(&problem, &options).unwrap();
        for request in 0..problem.requests.len() {
            for expert in 0..problem.experts.len() {
                let pair = Link { request, expert };
                let found = explain(&problem, &solution, &[], pair, &options).unwrap();
                let seated = solution.panels[request].iter().any(|s| s.expert == expert);
                let assigned = matches!(found.standing, Standing::Assigned { .. });
                prop_assert_eq!(assigned, seated);
                let sits = |changed: &Problem| {
                    let panels = solve(changed, &options).unwrap().panels;
                    panels[request].iter().any(|s| s.expert == expert)
                };
                match found.flip {
                    Some(Flip::Score { by }) if by < 1000 => {
                        let reachable = with_score(&problem, pair, by + 1);
                        let blocked = problem.fixed.iter().filter(|l| l.expert == expert).count()
                            >= problem.experts[expert].capacity as usize
                            || !fits(&problem, pair);
                        prop_assert!(blocked || sits(&reachable), "{found:?}");
                        if by > 1 {
                            prop_assert!(!sits(&with_score(&problem, pair, by - 2)), "{found:?}");
                        }
                    }
                    Some(Flip::Capacity { to }) if !matches!(found.standing, Standing::NoPlaces) => {
                        let mut wider = problem.clone();
                        wider.experts[expert].capacity = to;
                        prop_assert!(sits(&wider));
                    }
                    Some(Flip::UnitLimit { to }) => {
                        let mut wider = problem.clone();
                        wider.requests[request].max_per_unit = to;
                        prop_assert!(sits(&wider));
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn a_shortage_is_smallest_and_its_remedies_help(problem in common::problems(true)) {
        let mut problem = problem;
        problem.load_price = 0;
        let price = problem.required_price();
        problem.requests.iter_mut().for_each(|r| r.unfilled_price = price);
        let options = Options::default();
        let solution = solve(&problem, &options).unwrap();
        let open: u32 = solution.unfilled.iter().sum();
        let found = shortage(&problem, &solution, &options).unwrap();
        prop_assert_eq!(found.is_some(), open > 0);
        let Some(found) = found else { return Ok(()) };
        prop_assert!(found.possible < found.wanted);
        let left_open = |problem: &Problem, only: &[usize]| -> u32 {
            let mut part = problem.clone();
            for (r, wanted) in part.requests.iter_mut().enumerate() {
                if !only.contains(&r) {
                    (wanted.demand, wanted.min_technical, wanted.min_standardization) = (0, 0, 0);
                }
            }
            solve(&part, &options).unwrap().unfilled.iter().sum()
        };
        let missing = left_open(&problem, &found.requests);
        prop_assert_eq!(u64::from(missing), found.wanted - found.possible);
        for r in &found.requests {
            let others: Vec<usize> = found.requests.iter().copied().filter(|o| o != r).collect();
            prop_assert_eq!(left_open(&problem, &others), 0, "a smaller set would do");
        }
        for remedy in &found.remedies {
            let mut helped = problem.clone();
            match remedy {
                Remedy::UnitLimit { request } => helped.requests[*request].max_per_unit += 1,
                Remedy::Composition { request } => {
                    let wanted = &mut helped.requests[*request];
                    (wanted.min_technical, wanted.min_standardization) = (0, 0);
                }
                Remedy::Capacity { expert } => {
                    // Acceptances beyond capacity leave no place: count from what is held.
                    let held = problem.fixed.iter().filter(|l| l.expert == *expert).count() as u32;
                    let capacity = &mut helped.experts[*expert].capacity;
                    *capacity = (*capacity).max(held) + 1;
                }
                Remedy::Demand { request } => helped.requests[*request].demand -= 1,
            }
            prop_assert!(left_open(&helped, &found.requests) < missing, "{remedy:?}");
        }
    }
}

/// Whether the fixed experts leave the pair a place on the panel at all.
fn fits(problem: &Problem, pair: Link) -> bool {
    let mut alone = problem.clone();
    let wanted = &problem.requests[pair.request];
    alone.requests = vec![wanted.clone()];
    alone.fixed = problem
        .fixed
        .iter()
        .filter(|l| l.request == pair.request)
        .map(|l| Link {
            request: 0,
            expert: l.expert,
        })
        .collect();
    alone.standing.clear();
    alone.requests[0].unfilled_price = 0;
    alone.load_price = 0;
    alone.experts[pair.expert].capacity = 5;
    alone.pairs = Pairs::default();
    alone.pairs.push_row([Pair {
        expert: pair.expert as u32,
        score: 50,
    }]);
    let panel = &solve(&alone, &Options::default()).unwrap().panels[0];
    panel.iter().any(|s| s.expert == pair.expert && !s.fixed)
}

struct Plain;

impl Names for Plain {
    fn expert(&self, expert: usize) -> String {
        format!("专家{expert}")
    }
    fn request(&self, request: usize) -> String {
        format!("申请{request}")
    }
    fn unit(&self, unit: u32) -> String {
        format!("单位{unit}")
    }
    fn recusal(&self, code: &str) -> String {
        format!("规定{code}")
    }
}

#[test]
fn an_infeasible_instance_names_who_is_at_fault() {
    let recipe = Recipe {
        experts: 60,
        requests: 40,
        demand: 5,
        capacity: 6,
        sparse: false,
        skew: false,
        topics: 16,
        keep: 5,
        seed: 7,
    };
    let problem = Instance::new(recipe).problem(1);
    let solution = solve(&problem, &Options::default()).unwrap();
    let found = shortage(&problem, &solution, &Options::default())
        .unwrap()
        .unwrap();
    assert!(
        !found.rules.is_empty()
            && found.remedies.contains(&Remedy::UnitLimit {
                request: found.requests[0],
            })
    );
    let chinese = say::shortage(&found, &Plain, Language::Chinese);
    let english = say::shortage(&found, &Plain, Language::English);
    assert!(
        chinese.contains("缺") && chinese.contains("可以考虑：允许“申请"),
        "{chinese}"
    );
    assert!(
        english.contains("missing, because of the limit for"),
        "{english}"
    );
    let run = summary(&problem, &solution);
    let said = say::summary(&run, &Plain, Language::Chinese);
    assert!(
        said.starts_with("共需200席，已安排") && said.contains("已证明为最优"),
        "{said}"
    );
    let pair = Link {
        request: 3,
        expert: 4,
    };
    let recusal = Recusal {
        pair,
        code: "own_unit".to_owned(),
    };
    let why = explain(&problem, &solution, &[recusal], pair, &Options::default());
    let why = why.unwrap();
    if matches!(why.standing, Standing::Recused { .. }) {
        let said = say::explanation(&why, &Plain, Language::Chinese);
        assert_eq!(
            said,
            "专家4须回避“申请3”：规定own_unit。回避情形消除前不能入选。"
        );
    }
}
