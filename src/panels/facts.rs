//! What an owner tells a panel: the snapshot of facts, and who may not serve.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use entity::{
    ids::{ExpertId, UnitId},
    panel::{self, Half, MeetingForm},
    panel_recusal::RecusalRule,
};
use sea_orm::{ActiveValue::Set, prelude::Json};
use uuid::Uuid;

use crate::foundation::{calendar::local_to_utc, texts::Label, ui::dates};

/// When a panel meets: a day and a part of it, with the instants they stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// The day.
    pub date: NaiveDate,
    /// Part of that day.
    pub half: Half,
    /// Start.
    pub from: DateTime<Utc>,
    /// End.
    pub to: DateTime<Utc>,
}

impl Meeting {
    /// A meeting on `date`: 上午 is 9:00–12:00, 下午 14:00–17:00, 全天 9:00–17:00, on the clocks of
    /// `zone`.
    pub fn new(date: NaiveDate, half: Half, zone: Tz) -> Self {
        let (from, to) = match half {
            Half::Morning => (9, 12),
            Half::Afternoon => (14, 17),
            Half::FullDay => (9, 17),
        };
        let at = |hour| {
            let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
            local_to_utc(date.and_time(time), zone)
        };
        Self {
            date,
            half,
            from: at(from),
            to: at(to),
        }
    }
}

/// The facts of a panel that its owner knows and may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelFacts {
    /// What the experts are asked for, in words (for example 技术审查会).
    pub purpose: String,
    /// Title.
    pub title: String,
    /// What is asked.
    pub text: String,
    /// Codes like `ics:29.240`.
    pub domains: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Places, at least 1.
    pub demand: i32,
    /// Most experts of one unit, at least 1.
    pub max_per_unit: i32,
    /// At least so many 技术 experts.
    pub min_technical: i32,
    /// At least so many 标准化 experts.
    pub min_standardization: i32,
    /// Higher is served first when places stay unfilled; 0 is usual.
    pub priority: i32,
    /// The unit that asks.
    pub asking_unit: Option<UnitId>,
    /// Who asks, in words.
    pub asking_name: String,
    /// No content in mails; attachments only after the pledge.
    pub confidential: bool,
    /// How they meet.
    pub form: MeetingForm,
    /// When they meet, if they do.
    pub meeting: Option<Meeting>,
    /// Place, or online room.
    pub place: String,
    /// Answer wanted by.
    pub wanted_by: Option<NaiveDate>,
    /// The standard at stake.
    pub standard_name: String,
    /// Its number.
    pub standard_number: String,
    /// Drafting units and drafters, as shown in the statement of no interest.
    pub drafting_text: String,
    /// What the expert will do, a line.
    pub duties: String,
    /// Who bears the costs, a line.
    pub fee_text: String,
    /// Whom to call.
    pub contact_name: String,
    /// Their number.
    pub contact_phone: String,
    /// 加急
    pub urgent: bool,
}

/// Someone who may not serve on a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecusal {
    /// By which rule.
    pub rule: RecusalRule,
    /// All experts of this unit.
    pub unit: Option<UnitId>,
    /// This expert.
    pub expert: Option<ExpertId>,
    /// A person or organisation by name, or empty. Experts of this name and experts of this
    /// organisation are recused.
    pub name: String,
    /// More, in words.
    pub note: String,
}

/// An expert whom the requester hopes for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWish {
    /// The expert, when in the pool.
    pub expert: Option<ExpertId>,
    /// Name as typed.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// A panel to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPanel {
    /// Which body asks: `consultation`, `study`, `lecture`, `talk`.
    pub owner_kind: &'static str,
    /// What asks.
    pub owner_id: Uuid,
    /// Number of the matter for people.
    pub number: String,
    /// Its facts.
    pub facts: PanelFacts,
    /// Who may not serve. The asking unit is added by itself.
    pub recusals: Vec<NewRecusal>,
    /// Whom the requester hopes for.
    pub wishes: Vec<NewWish>,
}

/// The facts of a panel as they are from now on; what differs from the row is the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelChange {
    /// All facts, changed or not.
    pub facts: PanelFacts,
    /// All recusals that the owner knows, changed or not; those found later (declared, answered)
    /// stay.
    pub recusals: Vec<NewRecusal>,
    /// Why, in words for those who are told.
    pub reason: String,
}

/// What a change caused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangeEffect {
    /// Experts who were asked again, because the date changed.
    pub asked_again: usize,
    /// Experts who were told, because the place changed.
    pub told: usize,
}

impl PanelFacts {
    /// The facts that a row holds.
    pub fn of(row: &panel::Model) -> Self {
        let meeting = match (
            row.meeting_date,
            row.meeting_half,
            row.meeting_from,
            row.meeting_to,
        ) {
            (Some(date), Some(half), Some(from), Some(to)) => Some(Meeting {
                date,
                half,
                from,
                to,
            }),
            _ => None,
        };
        Self {
            purpose: row.purpose.clone(),
            title: row.title.clone(),
            text: row.text.clone(),
            domains: texts(&row.domains),
            keywords: texts(&row.keywords),
            demand: row.demand,
            max_per_unit: row.max_per_unit,
            min_technical: row.min_technical,
            min_standardization: row.min_standardization,
            priority: row.priority,
            asking_unit: row.asking_unit_id,
            asking_name: row.asking_name.clone(),
            confidential: row.confidential,
            form: row.form,
            meeting,
            place: row.place.clone(),
            wanted_by: row.wanted_by,
            standard_name: row.standard_name.clone(),
            standard_number: row.standard_number.clone(),
            drafting_text: row.drafting_text.clone(),
            duties: row.duties.clone(),
            fee_text: row.fee_text.clone(),
            contact_name: row.contact_name.clone(),
            contact_phone: row.contact_phone.clone(),
            urgent: row.urgent,
        }
    }

    /// When and where they meet, or by when the answer is wanted, in words.
    pub fn when(&self) -> String {
        match (self.meeting, self.wanted_by) {
            (Some(meeting), _) => {
                let place = match (self.form, self.place.as_str()) {
                    (MeetingForm::Online, _) => "，线上".to_owned(),
                    (_, "") => String::new(),
                    (_, place) => format!("，{place}"),
                };
                let day = dates::day_and_weekday(meeting.date);
                format!("{day}{}{place}", meeting.half.zh())
            }
            (None, Some(day)) => format!("{}前答复", dates::day(day)),
            (None, None) => "时间未定".to_owned(),
        }
    }

    /// Writes the facts into `row`, and nothing else.
    pub fn set(self, row: &mut panel::ActiveModel) {
        row.purpose = Set(self.purpose);
        row.title = Set(self.title);
        row.text = Set(self.text);
        row.domains = Set(Json::from(self.domains));
        row.keywords = Set(Json::from(self.keywords));
        row.demand = Set(self.demand);
        row.max_per_unit = Set(self.max_per_unit);
        row.min_technical = Set(self.min_technical);
        row.min_standardization = Set(self.min_standardization);
        row.priority = Set(self.priority);
        row.asking_unit_id = Set(self.asking_unit);
        row.asking_name = Set(self.asking_name);
        row.confidential = Set(self.confidential);
        row.form = Set(self.form);
        row.meeting_date = Set(self.meeting.map(|meeting| meeting.date));
        row.meeting_half = Set(self.meeting.map(|meeting| meeting.half));
        row.meeting_from = Set(self.meeting.map(|meeting| meeting.from));
        row.meeting_to = Set(self.meeting.map(|meeting| meeting.to));
        row.place = Set(self.place);
        row.wanted_by = Set(self.wanted_by);
        row.standard_name = Set(self.standard_name);
        row.standard_number = Set(self.standard_number);
        row.drafting_text = Set(self.drafting_text);
        row.duties = Set(self.duties);
        row.fee_text = Set(self.fee_text);
        row.contact_name = Set(self.contact_name);
        row.contact_phone = Set(self.contact_phone);
        row.urgent = Set(self.urgent);
    }
}

/// The texts of a JSON list; anything else in it is left out.
pub fn texts(list: &Json) -> Vec<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meeting_stands_for_instants_of_the_office() {
        let day = NaiveDate::from_ymd_opt(2026, 9, 29).unwrap();
        let meeting = Meeting::new(day, Half::Afternoon, chrono_tz::Asia::Shanghai);
        assert_eq!(meeting.from.to_rfc3339(), "2026-09-29T06:00:00+00:00");
        assert_eq!(meeting.to.to_rfc3339(), "2026-09-29T09:00:00+00:00");
    }
}
