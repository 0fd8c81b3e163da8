//! Measures of a ranking against a set of right answers, and how sure they are.

use serde::Serialize;

/// How many first places recall looks at.
pub const RECALL_AT: usize = 5;
/// How many first places the discounted gain looks at.
pub const GAIN_AT: usize = 10;

/// The three measures, each in 0..=1, of one ranking or as a mean over many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Measures {
    /// Share of the right answers among the first five.
    pub recall: f64,
    /// One over the place of the first right answer.
    pub reciprocal_rank: f64,
    /// Normalised discounted cumulative gain of the first ten, right or not.
    pub gain: f64,
}

impl Measures {
    /// Measures of one ranking: `places` are the places (from 0) of the right answers.
    pub fn of(places: &[usize]) -> Self {
        let count = places.len();
        if count == 0 {
            return Self::default();
        }
        let within = places.iter().filter(|&&place| place < RECALL_AT).count();
        let first = places
            .iter()
            .min()
            .map_or(0.0, |&place| 1.0 / (place as f64 + 1.0));
        let discount = |place: usize| 1.0 / (place as f64 + 2.0).log2();
        let gained: f64 = places
            .iter()
            .filter(|&&p| p < GAIN_AT)
            .map(|&p| discount(p))
            .sum();
        let ideal: f64 = (0..count.min(GAIN_AT)).map(discount).sum();
        Self {
            recall: within as f64 / count as f64,
            reciprocal_rank: first,
            gain: gained / ideal,
        }
    }

    /// The mean of many; zero of none.
    pub fn mean<'a>(all: impl ExactSizeIterator<Item = &'a Self>) -> Self {
        let count = all.len().max(1) as f64;
        let sum = all.fold(Self::default(), |sum, one| Self {
            recall: sum.recall + one.recall,
            reciprocal_rank: sum.reciprocal_rank + one.reciprocal_rank,
            gain: sum.gain + one.gain,
        });
        Self {
            recall: sum.recall / count,
            reciprocal_rank: sum.reciprocal_rank / count,
            gain: sum.gain / count,
        }
    }
}

/// The 95 % interval of a mean by bootstrap: the cases are drawn again with replacement.
///
/// Equal seeds give equal intervals.
pub fn interval(values: &[f64], seed: u64) -> (f64, f64) {
    const DRAWS: usize = 2000;
    if values.is_empty() {
        return (0.0, 0.0);
    }
    let mut random = SplitMix(seed);
    let mut means: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let drawn = (0..values.len()).map(|_| values[random.below(values.len())]);
            drawn.sum::<f64>() / values.len() as f64
        })
        .collect();
    means.sort_unstable_by(f64::total_cmp);
    (means[DRAWS * 25 / 1000], means[DRAWS * 975 / 1000 - 1])
}

/// SplitMix64 (Steele, Lea, Flood 2014): enough for resampling, the same everywhere.
struct SplitMix(u64);

impl SplitMix {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        // Fixed-point multiplication spreads 64 bits over the bound; the bias is below 2^-50.
        ((u128::from(mixed) * bound as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_follow_their_definitions() {
        let first = Measures::of(&[0]);
        assert_eq!(
            (first.recall, first.reciprocal_rank, first.gain),
            (1.0, 1.0, 1.0)
        );
        let third_and_twelfth = Measures::of(&[11, 2]);
        assert_eq!(third_and_twelfth.recall, 0.5);
        assert!((third_and_twelfth.reciprocal_rank - 1.0 / 3.0).abs() < 1e-12);
        let ideal = 1.0 + 1.0 / 3_f64.log2();
        assert!((third_and_twelfth.gain - 0.5 / ideal).abs() < 1e-12);
        assert_eq!(Measures::of(&[42]).gain, 0.0);
    }

    #[test]
    fn the_interval_holds_the_mean_and_narrows_with_cases() {
        let few: Vec<f64> = (0..20).map(|case| f64::from(case % 2)).collect();
        let many: Vec<f64> = (0..2000).map(|case| f64::from(case % 2)).collect();
        let width = |values: &[f64]| {
            let (low, high) = interval(values, 7);
            assert!(low < 0.5 && 0.5 < high, "{low} {high}");
            high - low
        };
        assert!(width(&many) < width(&few) / 5.0);
        assert_eq!(interval(&few, 7), interval(&few, 7));
        assert_eq!(interval(&[1.0; 9], 1), (1.0, 1.0));
    }
}
