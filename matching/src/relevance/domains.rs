//! The experts' codes, each different one kept once: a request is compared with a few thousand
//! codes instead of with every expert's.

use rustc_hash::FxHashMap;

use super::codes::{Code, Scheme};
use super::lists::Lists;
use super::model::MatchedCode;

pub(super) struct Domains {
    /// The different codes, in order of first appearance.
    codes: Vec<Code>,
    /// Per expert the positions of the codes.
    of_expert: Lists,
    /// Per expert whether there is a code of ICS and of CCS.
    coded_in: Vec<[bool; 2]>,
}

impl Domains {
    pub fn build<'a>(experts: impl Iterator<Item = &'a [Code]>) -> Self {
        let mut numbers: FxHashMap<&Code, u32> = FxHashMap::default();
        let mut codes: Vec<Code> = Vec::new();
        let mut of_expert = Lists::default();
        let mut coded_in = Vec::new();
        for domains in experts {
            let coded = |scheme| domains.iter().any(|code| code.scheme() == scheme);
            coded_in.push([coded(Scheme::Ics), coded(Scheme::Ccs)]);
            of_expert.push(domains.iter().map(|code| {
                *numbers.entry(code).or_insert_with(|| {
                    codes.push(code.clone());
                    codes.len() as u32 - 1
                })
            }));
        }
        Self {
            codes,
            of_expert,
            coded_in,
        }
    }

    /// Per expert the mean over the request's codes of the nearness of the expert's nearest one,
    /// in 0..=1. A classification the expert is not coded in at all is left out, so that nobody
    /// loses by being coded in one only.
    pub fn nearness(&self, request: &[Code]) -> Vec<f32> {
        let experts = self.of_expert.len();
        if request.is_empty() {
            return vec![0.0; experts];
        }
        let tables: Vec<(Scheme, Vec<f32>)> = request
            .iter()
            .map(|wanted| {
                (
                    wanted.scheme(),
                    self.codes
                        .iter()
                        .map(|code| wanted.nearness(code))
                        .collect(),
                )
            })
            .collect();
        let of = |expert: usize| {
            let codes = self.of_expert.get(expert);
            let (mut sum, mut count) = (0.0, 0.0);
            for (scheme, table) in &tables {
                if self.coded_in[expert][*scheme as usize] {
                    sum += codes.iter().fold(0.0, |best, &code| {
                        let near = table[code as usize];
                        if near > best { near } else { best }
                    });
                    count += 1.0;
                }
            }
            if count > 0.0 { sum / count } else { 0.0 }
        };
        (0..experts).map(of).collect()
    }

    /// The request's codes with the expert's nearest one each, where they meet at all.
    pub fn matched(&self, request: &[Code], expert: usize) -> Vec<MatchedCode> {
        let own = || {
            self.of_expert
                .get(expert)
                .iter()
                .map(|&code| &self.codes[code as usize])
        };
        let nearest = |wanted: &Code| {
            let expert = own().max_by(|a, b| wanted.nearness(a).total_cmp(&wanted.nearness(b)))?;
            let nearness = wanted.nearness(expert);
            (nearness > 0.0).then(|| MatchedCode {
                request: wanted.clone(),
                expert: expert.clone(),
                nearness,
            })
        };
        request.iter().filter_map(nearest).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(texts: &[&str]) -> Vec<Code> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn the_nearest_code_counts_and_a_missing_classification_does_not() {
        let experts = [
            codes(&["ics:29.240.10", "ics:91.100"]),
            codes(&["ics:29.240.10", "ccs:K40"]),
            vec![],
        ];
        let domains = Domains::build(experts.iter().map(Vec::as_slice));
        assert_eq!(
            domains.nearness(&codes(&["ics:29.240.10"])),
            [1.0, 1.0, 0.0]
        );
        assert_eq!(
            domains.nearness(&codes(&["ics:29.240.20", "ccs:K40"])),
            [0.6, 0.8, 0.0]
        );
        assert_eq!(domains.nearness(&[]), [0.0; 3]);
        let matched = domains.matched(&codes(&["ics:29.020", "ccs:P10"]), 1);
        assert_eq!(matched.len(), 1);
        assert_eq!(matched[0].expert.to_string(), "ics:29.240.10");
        assert_eq!(matched[0].nearness, 0.25);
    }
}
