//! Pairing: exact against trying everything, proved by its prices, and quick.

use matching::pairing::{Offer, Pair, Party, Problem, Violation, Wish, solve, verify};
use proptest::prelude::*;

fn problems() -> impl Strategy<Value = Problem> {
    (2usize..5, 1usize..5, 1usize..6).prop_flat_map(|(parties, offers, wishes)| {
        let party = (-3i64..4).prop_map(|balance| Party { balance });
        let offer = (0..parties, 0u32..3).prop_map(|(party, rounds)| Offer { party, rounds });
        let wish = (
            0..parties,
            prop::collection::vec(prop::option::of(0i64..9), offers),
        );
        (
            prop::collection::vec(party, parties),
            prop::collection::vec(offer, offers),
            prop::collection::vec(wish, wishes),
            0i64..12,
            0i64..4,
        )
            .prop_map(|(parties, offers, wishes, unmet_price, balance_price)| {
                let wishes = wishes
                    .into_iter()
                    .map(|(party, scores)| Wish {
                        party,
                        pairs: scores
                            .into_iter()
                            .enumerate()
                            .filter(|(offer, _)| offers[*offer].party != party)
                            .filter_map(|(offer, score)| {
                                Some(Pair {
                                    offer,
                                    score: score?,
                                })
                            })
                            .collect(),
                    })
                    .collect();
                Problem {
                    parties,
                    offers,
                    wishes,
                    unmet_price,
                    balance_price,
                }
            })
    })
}

/// What a choice is worth by the words of the problem; none if it is not allowed.
fn worth(problem: &Problem, chosen: &[Option<usize>]) -> Option<i64> {
    let mut balances: Vec<i64> = problem.parties.iter().map(|party| party.balance).collect();
    let mut met = vec![0; problem.offers.len()];
    let mut total = 0;
    for (wish, choice) in problem.wishes.iter().zip(chosen) {
        match choice {
            None => total -= problem.unmet_price,
            Some(offer) => {
                total += wish.pairs.iter().find(|pair| pair.offer == *offer)?.score;
                met[*offer] += 1;
                balances[wish.party] += 1;
                balances[problem.offers[*offer].party] -= 1;
            }
        }
    }
    let rounds = problem.offers.iter().map(|offer| offer.rounds);
    if met.iter().zip(rounds).any(|(met, rounds)| *met > rounds) {
        return None;
    }
    let squares: i64 = balances.iter().map(|balance| balance * balance).sum();
    Some(total - problem.balance_price * squares)
}

fn best(problem: &Problem) -> i64 {
    let options = problem.offers.len() + 1;
    let choices = options.pow(problem.wishes.len() as u32);
    (0..choices)
        .filter_map(|mut number| {
            let chosen: Vec<_> = (0..problem.wishes.len())
                .map(|_| {
                    let choice = number % options;
                    number /= options;
                    choice.checked_sub(1)
                })
                .collect();
            worth(problem, &chosen)
        })
        .max()
        .expect("nobody going anywhere is allowed")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_choice_is_worth_more(problem in problems()) {
        let solution = solve(&problem).unwrap();
        prop_assert_eq!(worth(&problem, &solution.chosen), Some(solution.total));
        prop_assert_eq!(solution.total, best(&problem));
        let proved = verify(&problem, &solution.chosen, &solution.prices).unwrap();
        prop_assert_eq!((proved.total, proved.gap()), (solution.total, 0));
    }

    #[test]
    fn whatever_the_prices_the_bound_holds(
        problem in problems(),
        parties in prop::collection::vec(-20i64..20, 4),
        offers in prop::collection::vec(0i64..20, 4),
    ) {
        let mut prices = solve(&problem).unwrap().prices;
        for (price, other) in prices.parties.iter_mut().zip(parties) {
            *price = other;
        }
        for (price, other) in prices.offers.iter_mut().zip(offers) {
            *price = other;
        }
        let nobody = vec![None; problem.wishes.len()];
        let proved = verify(&problem, &nobody, &prices).unwrap();
        prop_assert!(proved.bound >= best(&problem));
    }
}

#[test]
fn a_choice_that_breaks_a_rule_is_named() {
    let problem = Problem {
        parties: vec![Party::default(); 2],
        offers: vec![Offer {
            party: 0,
            rounds: 1,
        }],
        wishes: vec![
            Wish {
                party: 1,
                pairs: vec![Pair { offer: 0, score: 5 }],
            };
            2
        ],
        unmet_price: 1,
        balance_price: 1,
    };
    let solution = solve(&problem).unwrap();
    let both = [Some(0), Some(0)];
    let checked = verify(&problem, &both, &solution.prices);
    assert_eq!(checked, Err(Violation::Offer(0)));
    let foreign = [Some(7), None];
    let checked = verify(&problem, &foreign, &solution.prices);
    assert_eq!(checked, Err(Violation::Wish(0)));
    let mut own = problem.clone();
    own.wishes[0].party = 0;
    assert!(solve(&own).is_err(), "nobody visits the own unit");
}

#[test]
fn an_exchange_both_ways_goes_before_a_slightly_better_one_way() {
    // 0 and 1 could visit each other; 2 has only a wish, for the place that 1 would take.
    let pair = |offer, score| Pair { offer, score };
    let problem = Problem {
        parties: vec![Party::default(); 3],
        offers: vec![
            Offer {
                party: 0,
                rounds: 1,
            },
            Offer {
                party: 1,
                rounds: 1,
            },
        ],
        wishes: vec![
            Wish {
                party: 0,
                pairs: vec![pair(1, 100)],
            },
            Wish {
                party: 1,
                pairs: vec![pair(0, 100)],
            },
            Wish {
                party: 2,
                pairs: vec![pair(0, 110)],
            },
        ],
        unmet_price: 1_000,
        balance_price: 10,
    };
    let solution = solve(&problem).unwrap();
    assert_eq!(solution.chosen, [Some(1), Some(0), None]);
}
