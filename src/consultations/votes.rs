//! Verdicts of a review and the share that carries one. Pure.

use entity::opinion::Verdict;

use crate::foundation::{error::Refusal, texts::Label};

/// Votes of a review, and what they come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// 同意
    pub agree: usize,
    /// 修改后同意
    pub after_changes: usize,
    /// 不同意
    pub disagree: usize,
    /// Experts who have not filed.
    pub missing: usize,
}

impl Count {
    /// Counts verdicts of a panel of `experts`.
    pub fn of(verdicts: &[Verdict], experts: usize) -> Self {
        let number = |wanted: Verdict| {
            verdicts
                .iter()
                .filter(|verdict| **verdict == wanted)
                .count()
        };
        Self {
            agree: number(Verdict::Agree),
            after_changes: number(Verdict::AgreeAfterChanges),
            disagree: number(Verdict::Disagree),
            missing: experts.saturating_sub(verdicts.len()),
        }
    }

    /// All experts of the panel.
    pub fn experts(self) -> usize {
        self.agree + self.after_changes + self.disagree + self.missing
    }

    /// 同意 3，修改后同意 1，不同意 0，未提交 1
    pub fn words(self) -> String {
        format!(
            "同意 {}，修改后同意 {}，不同意 {}，未提交 {}",
            self.agree, self.after_changes, self.disagree, self.missing
        )
    }

    /// How many of the experts have to be in favour for `share` of them.
    pub fn needed(self, share: f64) -> usize {
        (0..=self.experts())
            .find(|favour| self.reaches(*favour, share))
            .unwrap_or(self.experts())
    }

    // Counts of people are small: they are exact as floating point.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a panel has at most a few dozen experts"
    )]
    fn reaches(self, favour: usize, share: f64) -> bool {
        favour as f64 >= share * self.experts() as f64 - 1e-9
    }

    /// Whether the votes carry `verdict`: for 同意 and 修改后同意 the share of those in favour has to
    /// reach `share` of all experts; 同意 without changes needs it of 同意 alone.
    ///
    /// # Errors
    /// `consultations.share` with the counts.
    pub fn carries(self, verdict: Verdict, share: f64) -> Result<(), Refusal> {
        let favour = match verdict {
            Verdict::Agree => self.agree,
            Verdict::AgreeAfterChanges => self.agree + self.after_changes,
            Verdict::Disagree => return Ok(()),
        };
        if self.reaches(favour, share) {
            return Ok(());
        }
        Err(Refusal::new("consultations.share")
            .with("verdict", verdict.zh())
            .with("favour", favour)
            .with("experts", self.experts())
            .with("share", format!("{:.0}%", share * 100.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_votes_carries_a_verdict() {
        let count = Count::of(
            &[
                Verdict::Agree,
                Verdict::Agree,
                Verdict::Agree,
                Verdict::AgreeAfterChanges,
            ],
            5,
        );
        assert_eq!((count.agree, count.after_changes, count.missing), (3, 1, 1));
        assert!(count.carries(Verdict::Agree, 0.75).is_err());
        assert!(count.carries(Verdict::AgreeAfterChanges, 0.75).is_ok());
        assert_eq!(count.needed(0.75), 4, "three quarters of five");
        assert!(
            Count::of(&[Verdict::Agree; 3], 4)
                .carries(Verdict::Agree, 0.75)
                .is_ok()
        );
    }
}
