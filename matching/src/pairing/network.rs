//! The circulation as it stands: flows, prices, and the arcs that are left.

use super::model::{Pair, Problem};

/// A place of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    /// Where parties buy what they receive beyond what they give.
    Pool,
    /// A party.
    Party(usize),
    /// An offer.
    Offer(usize),
    /// A wish.
    Wish(usize),
}

/// The network of a problem, with the wishes added so far.
pub(super) struct Network<'a> {
    pub(super) problem: &'a Problem,
    /// The offer that meets each wish.
    pub(super) chosen: Vec<Option<usize>>,
    /// The wishes that each offer meets.
    met_by: Vec<Vec<usize>>,
    /// Which wishes take part already.
    added: Vec<bool>,
    /// Received less given, in this problem.
    net: Vec<i64>,
    prices: Vec<i64>,
    offers_of: Vec<Vec<usize>>,
    wishes_of: Vec<Vec<usize>>,
}

impl<'a> Network<'a> {
    pub(super) fn new(problem: &'a Problem) -> Self {
        let parties = problem.parties.len();
        let mut offers_of = vec![Vec::new(); parties];
        for (offer, row) in problem.offers.iter().enumerate() {
            offers_of[row.party].push(offer);
        }
        let mut wishes_of = vec![Vec::new(); parties];
        for (wish, row) in problem.wishes.iter().enumerate() {
            wishes_of[row.party].push(wish);
        }
        let mut network = Self {
            problem,
            chosen: vec![None; problem.wishes.len()],
            met_by: vec![Vec::new(); problem.offers.len()],
            added: vec![false; problem.wishes.len()],
            net: vec![0; parties],
            prices: vec![0; 1 + parties + problem.offers.len() + problem.wishes.len()],
            offers_of,
            wishes_of,
        };
        for (party, row) in problem.parties.iter().enumerate() {
            // Between the price of one visit more and that of one less.
            network.set_price(Node::Party(party), 2 * problem.balance_price * row.balance);
        }
        for (offer, row) in problem.offers.iter().enumerate() {
            network.set_price(Node::Offer(offer), network.price(Node::Party(row.party)));
        }
        network
    }

    /// How many places there are.
    pub(super) fn size(&self) -> usize {
        self.prices.len()
    }

    pub(super) fn index(&self, node: Node) -> usize {
        let (parties, offers) = (self.problem.parties.len(), self.problem.offers.len());
        match node {
            Node::Pool => 0,
            Node::Party(party) => 1 + party,
            Node::Offer(offer) => 1 + parties + offer,
            Node::Wish(wish) => 1 + parties + offers + wish,
        }
    }

    pub(super) fn node(&self, index: usize) -> Node {
        let (parties, offers) = (self.problem.parties.len(), self.problem.offers.len());
        match index {
            0 => Node::Pool,
            index if index <= parties => Node::Party(index - 1),
            index if index <= parties + offers => Node::Offer(index - 1 - parties),
            index => Node::Wish(index - 1 - parties - offers),
        }
    }

    pub(super) fn price(&self, node: Node) -> i64 {
        self.prices[self.index(node)]
    }

    pub(super) fn price_at(&self, index: usize) -> i64 {
        self.prices[index]
    }

    fn set_price(&mut self, node: Node, price: i64) {
        let index = self.index(node);
        self.prices[index] = price;
    }

    pub(super) fn lower(&mut self, index: usize, by: i64) {
        self.prices[index] -= by;
    }

    /// Offers that can meet a wish; one without rounds is as good as none.
    fn pairs(&self, wish: usize) -> impl Iterator<Item = &'a Pair> + use<'a> {
        let problem = self.problem;
        let pairs = problem.wishes[wish].pairs.iter();
        pairs.filter(|pair| problem.offers[pair.offer].rounds > 0)
    }

    /// Lets a wish take part, at the lowest price at which it asks nobody for more than there is.
    /// Without an offer that could meet it, it does not.
    pub(super) fn add(&mut self, wish: usize) -> bool {
        let best = self
            .pairs(wish)
            .map(|pair| self.worth(pair.score) + self.price(Node::Offer(pair.offer)))
            .max();
        let Some(best) = best else {
            return false;
        };
        self.added[wish] = true;
        self.set_price(Node::Wish(wish), best);
        true
    }

    /// What it is worth to meet a wish with a pair of this score.
    fn worth(&self, score: i64) -> i64 {
        score + self.problem.unmet_price
    }

    /// What it costs a party to receive one visit more (`step` 1) or less (`step` -1).
    fn step_cost(&self, party: usize, step: i64) -> i64 {
        let now = self.problem.parties[party].balance + self.net[party];
        self.problem.cost(now + step) - self.problem.cost(now)
    }

    /// Calls `reach` for every arc that is left from `node`, with its end and what it costs.
    pub(super) fn each_arc(&self, node: Node, mut reach: impl FnMut(Node, i64)) {
        match node {
            Node::Pool => {
                for party in 0..self.net.len() {
                    reach(Node::Party(party), self.step_cost(party, 1));
                }
            }
            Node::Party(party) => {
                reach(Node::Pool, self.step_cost(party, -1));
                for &wish in &self.wishes_of[party] {
                    if self.added[wish] && self.chosen[wish].is_none() {
                        reach(Node::Wish(wish), 0);
                    }
                }
                for &offer in &self.offers_of[party] {
                    if !self.met_by[offer].is_empty() {
                        reach(Node::Offer(offer), 0);
                    }
                }
            }
            Node::Wish(wish) => {
                let row = &self.problem.wishes[wish];
                if self.chosen[wish].is_some() {
                    reach(Node::Party(row.party), 0);
                }
                for pair in self.pairs(wish) {
                    if self.chosen[wish] != Some(pair.offer) {
                        reach(Node::Offer(pair.offer), -self.worth(pair.score));
                    }
                }
            }
            Node::Offer(offer) => {
                let row = self.problem.offers[offer];
                if self.met_by[offer].len() < row.rounds as usize {
                    reach(Node::Party(row.party), 0);
                }
                for &wish in &self.met_by[offer] {
                    let pairs = &self.problem.wishes[wish].pairs;
                    if let Some(pair) = pairs.iter().find(|pair| pair.offer == offer) {
                        reach(Node::Wish(wish), self.worth(pair.score));
                    }
                }
            }
        }
    }

    /// Sends one visit around: along `path` from its first wish back to the wish's party.
    pub(super) fn turn(&mut self, path: &[Node]) {
        for step in path.windows(2) {
            match (step[0], step[1]) {
                (Node::Pool, Node::Party(party)) => self.net[party] += 1,
                (Node::Party(party), Node::Pool) => self.net[party] -= 1,
                (Node::Wish(wish), Node::Offer(offer)) => {
                    self.chosen[wish] = Some(offer);
                    self.met_by[offer].push(wish);
                }
                (Node::Offer(offer), Node::Wish(wish)) => {
                    self.met_by[offer].retain(|met| *met != wish);
                    if self.chosen[wish] == Some(offer) {
                        self.chosen[wish] = None;
                    }
                }
                // What a party gives and what it receives of its own accord needs no note.
                _ => {}
            }
        }
    }
}
