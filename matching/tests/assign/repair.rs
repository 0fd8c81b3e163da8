//! Events after a solution: the optimum stays an optimum, and what is told is what happened.

use crate::common;

use matching::assign::repair::{Session, given_up, reserves, solve_within};
use matching::assign::{Kind, Link, Options, Pair, Request, solve, verify};
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Event {
    Decline(usize),
    Accept(usize),
    Capacity(usize, u32),
    Request(u32, Vec<i32>),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        any::<usize>().prop_map(Event::Decline),
        any::<usize>().prop_map(Event::Accept),
        (any::<usize>(), 0u32..4).prop_map(|(e, c)| Event::Capacity(e, c)),
        (0u32..3, vec(0i32..60, 1..7)).prop_map(|(d, row)| Event::Request(d, row)),
    ]
}

fn sorted(mut panels: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    panels.iter_mut().for_each(|panel| panel.sort_unstable());
    panels
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_every_event_the_optimum_is_met(
        problem in prop_oneof![3 => common::problems(false), 1 => common::problems(true)],
        events in vec(event(), 1..6),
    ) {
        let n = problem.experts.len();
        let mut session = Session::new(problem, &Options::default()).unwrap();
        let mut known = session.panels().to_vec();
        for event in events {
            let seated: Vec<Link> = known.iter().enumerate()
                .flat_map(|(request, panel)| panel.iter().map(move |&expert| Link { request, expert }))
                .collect();
            let pick = |i: usize| seated.get(i % seated.len().max(1)).copied();
            let changes = match event {
                Event::Decline(i) => match pick(i) {
                    Some(link) => session.decline(link).unwrap(),
                    None => continue,
                },
                Event::Accept(i) => {
                    if let Some(link) = pick(i) {
                        session.accept(link).unwrap();
                    }
                    Vec::new()
                }
                Event::Capacity(e, capacity) => session.set_capacity(e % n, capacity).unwrap(),
                Event::Request(demand, row) => {
                    let request = Request {
                        demand, max_per_unit: 1, min_technical: 0, min_standardization: 0,
                        unfilled_price: 10, key: 77,
                    };
                    let row = row.into_iter().take(n).enumerate();
                    let row = row.map(|(e, score)| Pair { expert: e as u32, score }).collect();
                    known.push(Vec::new());
                    session.request(request, row).unwrap()
                }
            };
            for change in changes {
                known[change.request].retain(|e| !change.left.contains(e));
                known[change.request].extend(change.came);
            }
            let solution = session.solution().unwrap();
            let (best, _) = common::brute_force(session.problem());
            let choice = solution.choice();
            let proved = verify(session.problem(), &choice, &solution.certificate).unwrap();
            prop_assert_eq!((proved.total, proved.bound), (best, best));
            prop_assert_eq!(sorted(choice), sorted(known.clone()));
        }
    }

    #[test]
    fn changes_stay_in_bounds_where_the_rules_allow_it(
        problem in common::problems(false), most in 0usize..3,
    ) {
        let mut free = problem.clone();
        free.stability_price = problem.required_price();
        let least = given_up(&free, &solve(&free, &Options::default()).unwrap());
        let (solution, price) = solve_within(&problem, most, &Options::default()).unwrap();
        prop_assert!(given_up(&problem, &solution) <= most.max(least));
        prop_assert!(price >= problem.stability_price);
    }

    #[test]
    fn a_reserve_can_step_in_for_anybody_of_the_panel(problem in common::problems(false)) {
        let solution = solve(&problem, &Options::default()).unwrap();
        let all = reserves(&problem, &solution, 3, 1);
        for (r, list) in all.iter().enumerate() {
            for reserve in list {
                let mut choice = solution.choice();
                let open = choice[r].len() < problem.requests[r].demand as usize;
                let free = solution.panels[r].iter().rposition(|s| !s.fixed);
                if let Some(at) = free.filter(|_| !open) {
                    let gone = solution.panels[r][at].expert;
                    choice[r].retain(|&e| e != gone);
                }
                if choice[r].len() < problem.requests[r].demand as usize {
                    choice[r].push(reserve.expert);
                    prop_assert!(verify::total_of(&problem, &choice).is_ok());
                }
            }
        }
    }
}

#[test]
fn ties_go_to_the_lighter_load_then_to_a_seeded_order() {
    // Two experts alike in everything but the key: each seed picks one, and both get picked.
    let problem = |key| {
        let expert = |key| matching::assign::Expert {
            capacity: 1,
            unit: key as u32,
            kind: Kind::Other,
            service: 0,
            key,
        };
        let mut pairs = matching::assign::Pairs::default();
        pairs.push_row([0, 1].map(|expert| Pair { expert, score: 5 }));
        matching::assign::Problem {
            experts: vec![expert(key), expert(3 - key)],
            requests: vec![Request {
                demand: 1,
                max_per_unit: 1,
                min_technical: 0,
                min_standardization: 0,
                unfilled_price: 9,
                key: 4,
            }],
            pairs,
            ..Default::default()
        }
    };
    let mut times = [0; 2];
    for seed in 0..200 {
        let options = Options {
            seed,
            ..Options::default()
        };
        let one = solve(&problem(1), &options).unwrap().panels[0][0].expert;
        let other = solve(&problem(2), &options).unwrap().panels[0][0].expert;
        assert_ne!(one, other, "the order of the list decided");
        times[one] += 1;
    }
    assert!(times[0] > 60 && times[1] > 60, "{times:?}");
    let mut loaded = problem(1);
    for (busy, free) in [(0, 1), (1, 0)] {
        loaded.experts[busy].service = 3;
        loaded.experts[free].service = 2;
        for seed in 0..50 {
            let options = Options {
                seed,
                ..Options::default()
            };
            assert_eq!(solve(&loaded, &options).unwrap().panels[0][0].expert, free);
        }
    }
}
