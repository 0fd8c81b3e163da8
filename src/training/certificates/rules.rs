//! Who has earned a certificate. Pure.

use entity::{certificate::CertificateState, course_run::RunState};

use crate::foundation::{error::Refusal, texts::Label, ui::Tag};

/// What a course asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Least attendance, in percent of the 学时.
    pub attendance_percent: i32,
    /// Least mark; none without an examination.
    pub min_mark: Option<i32>,
}

/// Whether somebody has earned a certificate, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Earned.
    Passed,
    /// Came too seldom.
    Absent,
    /// There is an examination, and no mark yet.
    NoMark,
    /// The mark is too low.
    BelowMark,
}

impl Verdict {
    /// In words.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Passed => "达到要求",
            Self::Absent => "出勤不够",
            Self::NoMark => "没有成绩",
            Self::BelowMark => "成绩不够",
        }
    }
}

/// Whether `hours` of `total` with `mark` are enough.
pub fn judge(hours: i32, total: i32, mark: Option<i32>, bar: Bar) -> Verdict {
    let enough =
        total > 0 && i64::from(hours) * 100 >= i64::from(total) * i64::from(bar.attendance_percent);
    match (enough, bar.min_mark, mark) {
        (false, _, _) => Verdict::Absent,
        (true, Some(_), None) => Verdict::NoMark,
        (true, Some(least), Some(mark)) if mark < least => Verdict::BelowMark,
        _ => Verdict::Passed,
    }
}

/// A mark as typed.
///
/// # Errors
/// `certificate.mark` for anything but a whole number from 0 to 100.
pub fn read_mark(typed: &str) -> Result<i32, Refusal> {
    let plain = typed.trim().trim_end_matches('分').trim();
    plain
        .parse::<i32>()
        .ok()
        .filter(|mark| (0..=100).contains(mark))
        .ok_or_else(|| Refusal::new("certificate.mark").with("value", typed.trim()))
}

/// Whether marks may be typed.
///
/// # Errors
/// `training.not_now` before the run is announced, and once it is settled or called off.
pub fn may_mark(state: RunState) -> Result<(), Refusal> {
    match state {
        RunState::Published | RunState::Closed | RunState::Held => Ok(()),
        _ => Err(Refusal::new("training.not_now").with("state", state.zh())),
    }
}

/// Whether certificates may be issued.
///
/// # Errors
/// `training.not_now` before the run is over.
pub fn may_issue(state: RunState) -> Result<(), Refusal> {
    match state {
        RunState::Held | RunState::Settled => Ok(()),
        _ => Err(Refusal::new("training.not_now").with("state", state.zh())),
    }
}

/// Whether a certificate may be revoked or replaced.
///
/// # Errors
/// `certificate.not_valid` once it does not stand any more.
pub fn may_end(state: CertificateState) -> Result<(), Refusal> {
    if state == CertificateState::Valid {
        Ok(())
    } else {
        Err(Refusal::new("certificate.not_valid").with("state", state.zh()))
    }
}

/// The state as a word with a shape.
pub fn tag(state: CertificateState) -> Tag {
    let class = match state {
        CertificateState::Valid => "ok",
        CertificateState::Revoked => "bad",
        CertificateState::Replaced => "",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attendance_and_mark_both_count() {
        let bar = Bar {
            attendance_percent: 80,
            min_mark: Some(60),
        };
        let open = Bar {
            min_mark: None,
            ..bar
        };
        assert_eq!(judge(8, 10, Some(60), bar), Verdict::Passed);
        assert_eq!(judge(7, 10, Some(100), bar), Verdict::Absent);
        assert_eq!(judge(8, 10, Some(59), bar), Verdict::BelowMark);
        assert_eq!(judge(8, 10, None, bar), Verdict::NoMark);
        assert_eq!(judge(8, 10, None, open), Verdict::Passed);
        assert_eq!(judge(0, 0, None, open), Verdict::Absent);
    }

    #[test]
    fn marks_are_whole_numbers_up_to_a_hundred() {
        assert_eq!(read_mark(" 86 分"), Ok(86));
        assert_eq!(read_mark("0"), Ok(0));
        for wrong in ["", "101", "-1", "86.5", "良好", "缺考"] {
            assert_eq!(read_mark(wrong).unwrap_err().code, "certificate.mark");
        }
    }

    #[test]
    fn steps_have_their_time() {
        use RunState::*;
        let marks = [Draft, Published, Closed, Held, Settled, Cancelled]
            .map(|state| may_mark(state).is_ok());
        assert_eq!(marks, [false, true, true, true, false, false]);
        let issues = [Draft, Published, Closed, Held, Settled, Cancelled]
            .map(|state| may_issue(state).is_ok());
        assert_eq!(issues, [false, false, false, true, true, false]);
        assert!(may_end(CertificateState::Valid).is_ok());
        assert!(may_end(CertificateState::Revoked).is_err());
    }
}
