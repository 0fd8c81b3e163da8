//! What a request says: read from a form, checked, and back into a form.

use chrono::NaiveDate;
use entity::{
    consultation::{self, Purpose},
    panel::{Half, MeetingForm},
    unit,
};
use sea_orm::{ActiveEnum, ActiveValue::Set};
use serde::{Deserialize, Serialize};

use super::{
    rules,
    standard_number::standard_number,
    typed::{drafting_units, short_lines, wishes},
};
use crate::{
    foundation::{
        calendar::WorkingCalendar,
        error::{FieldErrors, Refusal},
        ui::{Fields, dates, read_domains, typed_domains},
    },
    panels::texts,
};

/// An expert whom the requester hopes for, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Name as typed.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// The content of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// What for.
    pub purpose: Purpose,
    /// Title.
    pub title: String,
    /// What the experts shall settle.
    pub description: String,
    /// The standard's name.
    pub standard_name: String,
    /// The standard's number.
    pub standard_number: String,
    /// Drafting units, by full name.
    pub drafting_units: Vec<String>,
    /// Drafters, with their unit behind a comma where given.
    pub drafters: Vec<String>,
    /// Others to be recused: people or organisations.
    pub recusals: Vec<String>,
    /// Codes like `ics:29.240`.
    pub domains: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Number of experts; 0 in a draft that does not say.
    pub demand: i32,
    /// How they meet.
    pub form: MeetingForm,
    /// The day of the meeting.
    pub meeting_date: Option<NaiveDate>,
    /// Part of that day.
    pub meeting_half: Option<Half>,
    /// Place, or online room.
    pub place: String,
    /// Answer wanted by.
    pub wanted_by: Option<NaiveDate>,
    /// Wishes.
    pub wishes: Vec<Wish>,
    /// Whether the content is confidential.
    pub confidential: bool,
    /// Choices not made yet, by the names of their fields; what stands there then means nothing.
    pub undecided: Vec<String>,
}

/// What a form is checked against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    pub units: &'a [unit::Model],
    pub calendar: &'a WorkingCalendar,
    pub today: NaiveDate,
    /// What was agreed before: days in it are not judged again, for they may be past by now.
    pub agreed: Option<&'a Filing>,
}

impl Filing {
    /// Reads what was typed, as far as it can be understood, and notes everything that has to be put
    /// right before the request can be handed in.
    pub(super) fn read(fields: &Fields, ground: Ground<'_>) -> (Self, FieldErrors) {
        let mut errors = FieldErrors::default();
        let purpose = fields.choice("purpose", &mut errors, |word| {
            Purpose::try_from_value(&word.to_owned()).ok()
        });
        let title = fields.required("title", 80, &mut errors);
        let description = fields.required("description", 4_000, &mut errors);
        let standard_name = fields.optional("standard_name", 120, &mut errors);
        let standard_number =
            standard_number(fields.text("standard_number")).unwrap_or_else(|refusal| {
                errors.add("standard_number", refusal);
                fields.text("standard_number").chars().take(60).collect()
            });
        let (domains, keywords) = read_domains(fields, "domains", &mut errors);
        let drafting_units = drafting_units(fields, ground.units, &mut errors);
        let drafters = short_lines(fields, "drafters", &mut errors);
        let recusals = short_lines(fields, "recusals", &mut errors);
        let demand = fields.number("demand", 1, 15, &mut errors);
        match (purpose, demand) {
            (_, None) if errors.of("demand").is_none() => {
                errors.add("demand", Refusal::new("form.required"))
            }
            (Some(purpose), Some(demand)) => {
                if let Err(refusal) = rules::check_demand(purpose, demand) {
                    errors.add("demand", refusal);
                }
            }
            _ => {}
        }
        let form = fields.choice("form", &mut errors, |word| {
            MeetingForm::try_from_value(&word.to_owned()).ok()
        });
        let (mut meeting_date, mut meeting_half, mut place) = (None, None, String::new());
        if form != Some(MeetingForm::None) {
            meeting_date = fields.date("meeting_date", &mut errors);
            meeting_half = Half::try_from_value(&fields.text("meeting_half").to_owned()).ok();
            place = fields.optional("place", 120, &mut errors);
        }
        let agreed = ground.agreed;
        if matches!(form, Some(MeetingForm::OnSite | MeetingForm::Online)) {
            match meeting_date {
                Some(day) => {
                    if agreed.is_none_or(|agreed| agreed.meeting_date != meeting_date)
                        && let Err(refusal) =
                            rules::check_meeting_day(day, ground.today, ground.calendar)
                    {
                        errors.add("meeting_date", refusal);
                    }
                    if meeting_half.is_none() {
                        errors.add("meeting_half", Refusal::new("form.choose"));
                    }
                }
                None if errors.of("meeting_date").is_none() => {
                    errors.add("meeting_date", Refusal::new("form.required"));
                }
                None => {}
            }
        }
        let wanted_by = fields.date("wanted_by", &mut errors);
        if let Some(day) = wanted_by {
            if day <= ground.today && agreed.is_none_or(|agreed| agreed.wanted_by != wanted_by) {
                errors.add(
                    "wanted_by",
                    Refusal::new("consultations.wanted_past").with("day", dates::day(day)),
                );
            } else if let Some(meeting) = meeting_date
                && day < meeting
            {
                errors.add(
                    "wanted_by",
                    Refusal::new("consultations.wanted_before_meeting")
                        .with("day", dates::day(meeting)),
                );
            }
        } else if form == Some(MeetingForm::None) && errors.of("wanted_by").is_none() {
            errors.add("wanted_by", Refusal::new("form.required"));
        }
        let wishes = wishes(fields, &mut errors);
        let undecided = [("purpose", purpose.is_none()), ("form", form.is_none())]
            .into_iter()
            .filter(|(_, open)| *open)
            .map(|(field, _)| field.to_owned())
            .collect();
        let filing = Self {
            purpose: purpose.unwrap_or(Purpose::Advice),
            title,
            description,
            standard_name,
            standard_number,
            drafting_units,
            drafters,
            recusals,
            domains,
            keywords,
            demand: demand.unwrap_or(0),
            form: form.unwrap_or(MeetingForm::None),
            meeting_date,
            meeting_half,
            place,
            wanted_by,
            wishes,
            confidential: fields.has("confidential"),
            undecided,
        };
        (filing, errors)
    }

    /// The content of a row.
    pub(super) fn of(row: &consultation::Model) -> Self {
        Self {
            purpose: row.purpose,
            title: row.title.clone(),
            description: row.description.clone(),
            standard_name: row.standard_name.clone(),
            standard_number: row.standard_number.clone(),
            drafting_units: texts(&row.drafting_units),
            drafters: texts(&row.drafters),
            recusals: texts(&row.recusals),
            domains: texts(&row.domains),
            keywords: texts(&row.keywords),
            demand: row.demand,
            form: row.form,
            meeting_date: row.meeting_date,
            meeting_half: row.meeting_half,
            place: row.place.clone(),
            wanted_by: row.wanted_by,
            wishes: serde_json::from_value(row.wishes.clone()).unwrap_or_default(),
            confidential: row.confidential,
            undecided: texts(&row.undecided),
        }
    }

    /// Writes the content into a row, and nothing else.
    pub(super) fn set(&self, row: &mut consultation::ActiveModel) {
        row.purpose = Set(self.purpose);
        row.title = Set(self.title.clone());
        row.description = Set(self.description.clone());
        row.standard_name = Set(self.standard_name.clone());
        row.standard_number = Set(self.standard_number.clone());
        row.drafting_units = Set(self.drafting_units.clone().into());
        row.drafters = Set(self.drafters.clone().into());
        row.recusals = Set(self.recusals.clone().into());
        row.domains = Set(self.domains.clone().into());
        row.keywords = Set(self.keywords.clone().into());
        row.demand = Set(self.demand);
        row.form = Set(self.form);
        row.meeting_date = Set(self.meeting_date);
        row.meeting_half = Set(self.meeting_half);
        row.place = Set(self.place.clone());
        row.wanted_by = Set(self.wanted_by);
        row.wishes = Set(serde_json::json!(self.wishes));
        row.confidential = Set(self.confidential);
        row.undecided = Set(self.undecided.clone().into());
    }

    /// The form that shows this content.
    pub(super) fn fields(&self) -> Fields {
        let wishes: Vec<_> = self
            .wishes
            .iter()
            .map(|wish| format!("{}：{}", wish.name, wish.reason))
            .collect();
        let chosen = |field: &str, value: String| {
            let open = self.undecided.iter().any(|open| open == field);
            if open { String::new() } else { value }
        };
        let fields = Fields::default()
            .with("purpose", chosen("purpose", self.purpose.to_value()))
            .with("title", &self.title)
            .with("description", &self.description)
            .with("standard_name", &self.standard_name)
            .with("standard_number", &self.standard_number)
            .with("domains", typed_domains(&self.domains, &self.keywords))
            .with("drafting_units", self.drafting_units.join("\n"))
            .with("drafters", self.drafters.join("\n"))
            .with("recusals", self.recusals.join("\n"))
            .with(
                "demand",
                if self.demand > 0 {
                    self.demand.to_string()
                } else {
                    String::new()
                },
            )
            .with("form", chosen("form", self.form.to_value()))
            .with(
                "meeting_date",
                self.meeting_date
                    .map(|day| day.to_string())
                    .unwrap_or_default(),
            )
            .with(
                "meeting_half",
                self.meeting_half
                    .map(|half| half.to_value())
                    .unwrap_or_default(),
            )
            .with("place", &self.place)
            .with(
                "wanted_by",
                self.wanted_by
                    .map(|day| day.to_string())
                    .unwrap_or_default(),
            )
            .with("wishes", wishes.join("\n"));
        if self.confidential {
            fields.with("confidential", "1")
        } else {
            fields
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &Fields) -> (Filing, FieldErrors) {
        Filing::read(
            fields,
            Ground {
                units: &[],
                calendar: WorkingCalendar::china(),
                today: NaiveDate::from_ymd_opt(2026, 9, 14).unwrap(),
                agreed: None,
            },
        )
    }

    fn whole() -> Fields {
        Fields::default()
            .with("purpose", "technical_review")
            .with("title", "车规级芯片可靠性试验方法审查")
            .with("description", "对叠加试验条件有两种意见。")
            .with("domains", "31.200 集成电路；可靠性试验；L56")
            .with("demand", "5")
            .with("form", "on_site")
            .with("meeting_date", "2026-10-08")
            .with("meeting_half", "morning")
            .with("place", "北京")
            .with("wishes", "林岚：牵头同类标准")
    }

    #[test]
    fn a_whole_form_reads_back_the_same() {
        let (filing, errors) = read(&whole());
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(filing.domains, ["ics:31.200", "ccs:L56"]);
        assert_eq!(filing.keywords, ["可靠性试验"]);
        let (again, errors) = read(&filing.fields());
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(again, filing);
    }

    #[test]
    fn a_choice_left_open_stays_open() {
        let (filing, errors) = read(&Fields::default().with("title", "密封件寿命"));
        assert_eq!(errors.of("form").unwrap().code, "form.choose");
        assert_eq!(filing.undecided, ["purpose", "form"]);
        let shown = filing.fields();
        assert_eq!((shown.text("purpose"), shown.text("form")), ("", ""));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_its_field() {
        let fields = Fields::default()
            .with("purpose", "technical_review")
            .with("demand", "4")
            .with("form", "on_site")
            .with("meeting_date", "2026-10-04")
            .with("domains", "99.999")
            .with("drafting_units", "电子科大")
            .with("wishes", "林岚");
        let (_, errors) = read(&fields);
        let codes: Vec<_> = errors
            .iter()
            .map(|(field, refusal)| (field, refusal.code))
            .collect();
        for expected in [
            ("title", "form.required"),
            ("description", "form.required"),
            ("domains", "form.code_unknown"),
            ("drafting_units", "consultations.unit_unknown"),
            ("demand", "consultations.demand"),
            ("meeting_date", "consultations.day_off"),
            ("meeting_half", "form.choose"),
            ("wishes", "consultations.wish_reason"),
        ] {
            assert!(codes.contains(&expected), "{expected:?} in {codes:?}");
        }
    }

    #[test]
    fn without_a_meeting_a_day_for_the_answer_is_needed() {
        let fields = whole().with("x", "");
        let fields = Fields::from_urlencoded(
            fields
                .iter()
                .filter(|(name, _)| {
                    !matches!(*name, "form" | "meeting_date" | "meeting_half" | "place")
                })
                .map(|(name, value)| {
                    format!(
                        "{name}={}",
                        form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>()
                    )
                })
                .collect::<Vec<_>>()
                .join("&")
                .as_bytes(),
        )
        .with("form", "none");
        let (_, errors) = read(&fields);
        assert_eq!(errors.of("wanted_by").unwrap().code, "form.required");
    }
}
