//! The way of a consultation, and what a request has to fulfil. Pure.

use chrono::{Datelike, NaiveDate};
use entity::{
    consultation::{ConsultationState, Purpose},
    opinion::Verdict,
};

use crate::foundation::{
    calendar::WorkingCalendar,
    error::Refusal,
    texts::Label,
    ui::{Tag, dates},
};

/// How often a requester may ask again.
pub const MOST_QUESTIONS: i32 = 2;

/// What happens to a consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The requester hands it in.
    Submit,
    /// The secretariat takes it in.
    Accept,
    /// The secretariat returns it to be completed.
    SendBack,
    /// The secretariat does not take it in.
    Refuse,
    /// The panel stands.
    Stand,
    /// A place of a panel that stood is empty again.
    Reopen,
    /// The experts work: the meeting has been, or there is none.
    Begin,
    /// The 组长 files the conclusion.
    Conclude,
    /// The requester asks once more.
    AskAgain,
    /// The requester confirms.
    Confirm,
    /// The requester withdraws.
    Withdraw,
}

/// The state after `step`.
///
/// # Errors
/// `consultations.not_now` when the step does not fit the state.
pub fn next(state: ConsultationState, step: Step) -> Result<ConsultationState, Refusal> {
    use ConsultationState::*;
    match (state, step) {
        (Draft | Returned, Step::Submit) => Ok(Submitted),
        (Submitted, Step::Accept) => Ok(Accepted),
        (Submitted, Step::SendBack) => Ok(Returned),
        (Submitted, Step::Refuse) => Ok(Refused),
        (Accepted, Step::Stand) => Ok(Standing),
        (Standing | Working, Step::Stand) => Ok(state),
        (Standing, Step::Reopen) => Ok(Accepted),
        (Standing, Step::Begin) => Ok(Working),
        (Standing | Working | AskedAgain, Step::Conclude) => Ok(Concluded),
        (Concluded, Step::AskAgain) => Ok(AskedAgain),
        (Concluded, Step::Confirm) => Ok(Closed),
        (Refused | Closed | Withdrawn, Step::Withdraw) => Err(not_now(state)),
        (_, Step::Withdraw) => Ok(Withdrawn),
        _ => Err(not_now(state)),
    }
}

fn not_now(state: ConsultationState) -> Refusal {
    Refusal::new("consultations.not_now").with("state", state.zh())
}

/// Whether the requester may change the request in `state`.
///
/// # Errors
/// `consultations.settled` once there is a conclusion or the matter has ended.
pub fn may_change(state: ConsultationState) -> Result<(), Refusal> {
    use ConsultationState::*;
    match state {
        Draft | Submitted | Returned | Accepted | Standing | Working => Ok(()),
        Concluded | AskedAgain | Refused | Closed | Withdrawn => {
            Err(Refusal::new("consultations.settled").with("state", state.zh()))
        }
    }
}

/// Whether the matter has ended.
pub fn has_ended(state: ConsultationState) -> bool {
    use ConsultationState::*;
    matches!(state, Refused | Closed | Withdrawn)
}

/// Numbers of experts that fit a purpose, smallest first.
pub fn demands(purpose: Purpose) -> &'static [i32] {
    match purpose {
        Purpose::Advice => &[1, 2],
        Purpose::InitiationReview => &[3, 5],
        Purpose::TechnicalReview => &[5, 7],
        Purpose::WrittenReview => &[3, 5, 7],
        Purpose::Other => &[1, 2, 3, 5, 7],
    }
}

/// Whether `demand` experts fit `purpose`.
///
/// # Errors
/// `consultations.demand` with the numbers that fit.
pub fn check_demand(purpose: Purpose, demand: i32) -> Result<(), Refusal> {
    let fitting = demands(purpose);
    if fitting.contains(&demand) {
        return Ok(());
    }
    let numbers: Vec<_> = fitting.iter().map(i32::to_string).collect();
    Err(Refusal::new("consultations.demand")
        .with("purpose", purpose.zh())
        .with("fitting", numbers.join("、"))
        .with("given", demand))
}

/// Whether the purpose is a review, with verdicts and a share of 同意.
pub fn is_review(purpose: Purpose) -> bool {
    matches!(
        purpose,
        Purpose::InitiationReview | Purpose::TechnicalReview | Purpose::WrittenReview
    )
}

/// Whether experts can meet on `day`.
///
/// # Errors
/// `consultations.day_past` and `consultations.day_off`, with the nearest working days.
pub fn check_meeting_day(
    day: NaiveDate,
    today: NaiveDate,
    calendar: &WorkingCalendar,
) -> Result<(), Refusal> {
    if day <= today {
        return Err(Refusal::new("consultations.day_past").with("day", dates::day(day)));
    }
    if calendar.is_working_day(day) {
        return Ok(());
    }
    let reason = calendar
        .holiday_name(day)
        .map_or_else(|| "周末".to_owned(), |name| format!("{name}假期"));
    Err(Refusal::new("consultations.day_off")
        .with("day", dates::day_and_weekday(day))
        .with("reason", reason)
        .with(
            "before",
            dates::day_and_weekday(calendar.previous_working_day(day).value),
        )
        .with(
            "after",
            dates::day_and_weekday(calendar.next_working_day(day).value),
        ))
}

/// Whether the number of a group standard is written as such: `T/CIE 240—2026`. Full-width signs
/// and a missing space are put right; an empty number stays empty.
///
/// # Errors
/// `consultations.standard_number`
pub fn standard_number(text: &str) -> Result<String, Refusal> {
    let text: String = unicode_normalization::UnicodeNormalization::nfkc(text.trim()).collect();
    if text.is_empty() {
        return Ok(text);
    }
    let refused = || Refusal::new("consultations.standard_number").with("value", &text);
    let upper = text.to_uppercase().replace(['—', '–', '－', '−'], "-");
    let (prefix, rest) = upper.split_once('/').ok_or_else(refused)?;
    if prefix.trim() != "T" {
        // Standards of other kinds (GB, ISO, 行标) are at stake too: kept as they are written.
        return Ok(text);
    }
    let rest = rest.trim();
    let code: String = rest
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    let letters: String = code.chars().take_while(char::is_ascii_alphabetic).collect();
    // Without a space the digits of the number stand right behind the letters of the body.
    let split = if rest[code.len()..].starts_with(' ') {
        code.len()
    } else {
        letters.len()
    };
    let (code, number) = rest.split_at(split);
    let (number, year) = number.trim().rsplit_once('-').ok_or_else(refused)?;
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let sound = code.chars().next().is_some_and(|c| c.is_ascii_uppercase())
        && year.len() == 4
        && digits(year)
        && !number.is_empty()
        && number.trim().split('.').all(digits);
    if sound {
        Ok(format!("T/{code} {}—{year}", number.trim()))
    } else {
        Err(refused())
    }
}

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
        // Counts of people are small: they are exact as floating point.
        #[expect(
            clippy::cast_precision_loss,
            reason = "a panel has at most a few dozen experts"
        )]
        let reached = favour as f64 >= share * self.experts() as f64 - 1e-9;
        if reached {
            return Ok(());
        }
        Err(Refusal::new("consultations.share")
            .with("verdict", verdict.zh())
            .with("favour", favour)
            .with("experts", self.experts())
            .with("share", format!("{:.0}%", share * 100.0)))
    }
}

/// The state as a tag, as the requester or (with `desk`) the secretariat reads it.
pub fn tag(state: ConsultationState, desk: bool) -> Tag {
    use ConsultationState::*;
    let (class, word) = match state {
        Draft => ("", "草稿"),
        Submitted => (
            if desk { "wait" } else { "info" },
            if desk { "待受理" } else { "已提交" },
        ),
        Returned => ("bad", "退回补充"),
        Accepted => ("info", "组建专家组"),
        Refused => ("", "不予受理"),
        Standing => ("info", "已到齐"),
        Working => ("info", "专家办理中"),
        Concluded => (
            "wait",
            if desk {
                "待单位确认"
            } else {
                "待您确认"
            },
        ),
        AskedAgain => ("info", "追问中"),
        Closed => ("ok", "已结束"),
        Withdrawn => ("", "已撤回"),
    };
    Tag { class, word }
}

/// The day until which the secretariat takes in what was submitted on `day`: two working days.
pub fn take_in_by(day: NaiveDate, calendar: &WorkingCalendar) -> NaiveDate {
    calendar.add_working_days(day, 2).value
}

/// The day until which experts file: so many working days after the meeting, or the day wanted.
pub fn opinions_by(
    meeting: Option<NaiveDate>,
    wanted: Option<NaiveDate>,
    accepted: NaiveDate,
    days: u32,
    calendar: &WorkingCalendar,
) -> NaiveDate {
    let days = i32::try_from(days).unwrap_or(i32::MAX);
    match (meeting, wanted) {
        (Some(meeting), _) => calendar.add_working_days(meeting, days).value,
        (None, Some(wanted)) => wanted,
        (None, None) => calendar.add_working_days(accepted, 10).value,
    }
}

/// The year of a date, for papers.
pub fn year(date: NaiveDate) -> i32 {
    date.year()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [ConsultationState; 11] = {
        use ConsultationState::*;
        [
            Draft, Submitted, Returned, Accepted, Refused, Standing, Working, Concluded,
            AskedAgain, Closed, Withdrawn,
        ]
    };

    #[test]
    fn the_way_leads_from_draft_to_close() {
        use ConsultationState::*;
        let mut state = Draft;
        for (step, expected) in [
            (Step::Submit, Submitted),
            (Step::SendBack, Returned),
            (Step::Submit, Submitted),
            (Step::Accept, Accepted),
            (Step::Stand, Standing),
            (Step::Reopen, Accepted),
            (Step::Stand, Standing),
            (Step::Begin, Working),
            (Step::Conclude, Concluded),
            (Step::AskAgain, AskedAgain),
            (Step::Conclude, Concluded),
            (Step::Confirm, Closed),
        ] {
            state = next(state, step).unwrap();
            assert_eq!(state, expected);
        }
    }

    #[test]
    fn it_can_be_withdrawn_until_it_has_ended() {
        for state in ALL {
            assert_eq!(
                next(state, Step::Withdraw).is_ok(),
                !has_ended(state),
                "{state:?}"
            );
        }
    }

    #[test]
    fn what_has_ended_stays_so() {
        use Step::*;
        for state in ALL.into_iter().filter(|state| has_ended(*state)) {
            for step in [
                Submit, Accept, SendBack, Refuse, Stand, Reopen, Begin, Conclude, AskAgain,
                Confirm, Withdraw,
            ] {
                assert_eq!(next(state, step).unwrap_err().code, "consultations.not_now");
            }
        }
    }

    #[test]
    fn numbers_of_experts_fit_the_purpose() {
        assert!(check_demand(Purpose::TechnicalReview, 5).is_ok());
        let refusal = check_demand(Purpose::TechnicalReview, 4).unwrap_err();
        assert!(refusal.facts.contains(&("fitting", "5、7".to_owned())));
    }

    #[test]
    fn meetings_are_on_working_days_to_come() {
        let calendar = WorkingCalendar::china();
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        let today = day(9, 14);
        assert!(
            check_meeting_day(day(9, 20), today, calendar).is_ok(),
            "a Sunday that is worked"
        );
        let holiday = check_meeting_day(day(10, 4), today, calendar).unwrap_err();
        assert_eq!(holiday.code, "consultations.day_off");
        assert!(
            holiday
                .facts
                .contains(&("after", "10月8日（周四）".to_owned())),
            "{holiday:?}"
        );
        assert_eq!(
            check_meeting_day(today, today, calendar).unwrap_err().code,
            "consultations.day_past"
        );
    }

    #[test]
    fn numbers_of_standards_are_put_right_or_refused() {
        for (given, kept) in [
            ("T/CIE 240—2026", "T/CIE 240—2026"),
            ("Ｔ／ＣＩＥ　240-2026", "T/CIE 240—2026"),
            ("t/cace029-2021", "T/CACE 029—2021"),
            ("T/CIE 198.2-2025", "T/CIE 198.2—2025"),
            ("", ""),
            ("GB/T 20004.1-2016", "GB/T 20004.1-2016"),
        ] {
            assert_eq!(standard_number(given).unwrap(), kept);
        }
        for wrong in ["T/CIE 240", "T/CIE-2026", "T/ 240-2026", "240—2026"] {
            assert!(standard_number(wrong).is_err(), "{wrong}");
        }
    }

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
        assert!(
            Count::of(&[Verdict::Agree; 3], 4)
                .carries(Verdict::Agree, 0.75)
                .is_ok()
        );
    }
}
