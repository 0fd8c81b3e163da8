//! One wish after the other, along shortest paths.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    model::{Invalid, LIMIT, Prices, Problem, Solution},
    network::{Network, Node},
};

const FAR: i64 = i64::MAX;
/// Price of an offer without rounds: above whatever a pair may be worth.
const NOT_FOR_SALE: i64 = 16 * LIMIT;

/// Solves a problem to its optimum.
///
/// # Errors
/// If the problem cannot be read.
pub fn solve(problem: &Problem) -> Result<Solution, Invalid> {
    problem.check()?;
    let mut network = Network::new(problem);
    let mut search = Search::new(network.size());
    for (wish, row) in problem.wishes.iter().enumerate() {
        if network.add(wish) {
            let path = search.run(&mut network, wish);
            let party = Node::Party(row.party);
            // Prices differ by what the way around costs: it pays while that is below nothing.
            if network.price(party) < network.price(Node::Wish(wish)) {
                network.turn(&path);
            }
        }
    }
    let pool = network.price(Node::Pool);
    let parties: Vec<i64> = (0..problem.parties.len())
        .map(|party| network.price(Node::Party(party)) - pool)
        .collect();
    let offers = problem
        .offers
        .iter()
        .enumerate()
        .map(|(offer, row)| match row.rounds {
            0 => NOT_FOR_SALE,
            _ => (network.price(Node::Party(row.party)) - network.price(Node::Offer(offer))).max(0),
        })
        .collect();
    let prices = Prices { parties, offers };
    Ok(Solution {
        total: super::verify::total(problem, &network.chosen),
        chosen: network.chosen,
        prices,
    })
}

/// Dijkstra's search, its lists kept from run to run.
struct Search {
    distance: Vec<i64>,
    from: Vec<usize>,
    settled: Vec<usize>,
    queue: BinaryHeap<Reverse<(i64, usize)>>,
}

impl Search {
    fn new(size: usize) -> Self {
        Self {
            distance: vec![FAR; size],
            from: vec![usize::MAX; size],
            settled: Vec::new(),
            queue: BinaryHeap::new(),
        }
    }

    /// The shortest way from a wish to its party; prices are moved so that no arc that is left falls
    /// below nothing.
    fn run(&mut self, network: &mut Network<'_>, wish: usize) -> Vec<Node> {
        let start = network.index(Node::Wish(wish));
        let goal = network.index(Node::Party(network.problem.wishes[wish].party));
        self.distance.fill(FAR);
        self.settled.clear();
        self.queue.clear();
        self.distance[start] = 0;
        self.queue.push(Reverse((0, start)));
        while let Some(Reverse((distance, index))) = self.queue.pop() {
            if distance > self.distance[index] {
                continue;
            }
            self.settled.push(index);
            if index == goal {
                break;
            }
            let Self {
                distance: known,
                from,
                queue,
                ..
            } = self;
            let here = network.price_at(index);
            network.each_arc(network.node(index), |end, cost| {
                let end = network.index(end);
                let far = distance + cost + here - network.price_at(end);
                if far < known[end] {
                    known[end] = far;
                    from[end] = index;
                    queue.push(Reverse((far, end)));
                }
            });
        }
        let far = self.distance[goal];
        for &index in &self.settled {
            network.lower(index, far - self.distance[index]);
        }
        let mut path = vec![goal];
        let mut at = goal;
        while at != start {
            at = self.from[at];
            path.push(at);
        }
        path.reverse();
        path.into_iter().map(|index| network.node(index)).collect()
    }
}
