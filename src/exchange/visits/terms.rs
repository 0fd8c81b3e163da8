//! Terms of a visit as a form holds them.

use chrono::NaiveDate;
use entity::{ids::VisitorId, visit_offer, visit_terms, visit_wish};
use sea_orm::ActiveValue::Set;

use super::postings::read_period;
use crate::foundation::{
    error::{FieldErrors, Refusal},
    ui::Fields,
};

/// What both units are to approve, without the people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// What is to be done.
    pub tasks: String,
    /// Where.
    pub place: String,
    /// 带教老师.
    pub mentor_name: String,
    /// Their number.
    pub mentor_phone: String,
    /// Who bears the costs.
    pub cost: String,
    /// Who insures.
    pub insurance: String,
    /// What is to be kept secret.
    pub secrecy: String,
    /// 因公出国（境）.
    pub abroad: bool,
    /// 批件号, when abroad.
    pub approval_number: String,
}

impl Terms {
    /// The terms that follow from an offer and a wish.
    pub(super) fn first(
        offer: &visit_offer::Model,
        wish: &visit_wish::Model,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Self {
        Self {
            from,
            to,
            tasks: wish.description.clone(),
            place: offer.place.clone(),
            mentor_name: offer.mentor_name.clone(),
            mentor_phone: offer.mentor_phone.clone(),
            cost: offer.cost.clone(),
            insurance: offer.insurance.clone(),
            secrecy: offer.secrecy.clone(),
            abroad: false,
            approval_number: String::new(),
        }
    }

    /// What a row says.
    pub fn of(row: &visit_terms::Model) -> Self {
        Self {
            from: row.from_date,
            to: row.to_date,
            tasks: row.tasks.clone(),
            place: row.place.clone(),
            mentor_name: row.mentor_name.clone(),
            mentor_phone: row.mentor_phone.clone(),
            cost: row.cost.clone(),
            insurance: row.insurance.clone(),
            secrecy: row.secrecy.clone(),
            abroad: row.abroad,
            approval_number: row.approval_number.clone(),
        }
    }

    /// Reads a form; what is wrong is noted at its field. `begun` is the first day of a visit that
    /// goes on: it may stay, so that the visit can be made longer.
    pub fn read(
        fields: &Fields,
        today: NaiveDate,
        begun: Option<NaiveDate>,
        errors: &mut FieldErrors,
    ) -> Self {
        let (from, to) = read_period(fields, today, begun, errors);
        let abroad = fields.has("abroad");
        let approval_number = fields.optional("approval_number", 60, errors);
        if abroad && approval_number.is_empty() && errors.of("approval_number").is_none() {
            errors.add("approval_number", Refusal::new("exchange.abroad_number"));
        }
        Self {
            from,
            to,
            tasks: fields.required("tasks", 2_000, errors),
            place: fields.required("place", 80, errors),
            mentor_name: fields.required("mentor_name", 40, errors),
            mentor_phone: fields.optional("mentor_phone", 30, errors),
            cost: fields.required("cost", 200, errors),
            insurance: fields.required("insurance", 200, errors),
            secrecy: fields.optional("secrecy", 200, errors),
            abroad,
            approval_number,
        }
    }

    /// The form that shows them.
    pub fn fields(&self) -> Fields {
        let fields = Fields::default()
            .with("from_date", self.from)
            .with("to_date", self.to)
            .with("tasks", &self.tasks)
            .with("place", &self.place)
            .with("mentor_name", &self.mentor_name)
            .with("mentor_phone", &self.mentor_phone)
            .with("cost", &self.cost)
            .with("insurance", &self.insurance)
            .with("secrecy", &self.secrecy)
            .with("approval_number", &self.approval_number);
        if self.abroad {
            fields.with("abroad", "1")
        } else {
            fields
        }
    }

    pub(super) fn set(&self, row: &mut visit_terms::ActiveModel) {
        row.from_date = Set(self.from);
        row.to_date = Set(self.to);
        row.tasks = Set(self.tasks.clone());
        row.place = Set(self.place.clone());
        row.mentor_name = Set(self.mentor_name.clone());
        row.mentor_phone = Set(self.mentor_phone.clone());
        row.cost = Set(self.cost.clone());
        row.insurance = Set(self.insurance.clone());
        row.secrecy = Set(self.secrecy.clone());
        row.abroad = Set(self.abroad);
        row.approval_number = Set(self.approval_number.clone());
    }
}

/// The visitors whom terms name.
pub(super) fn named(row: &visit_terms::Model) -> Vec<VisitorId> {
    serde_json::from_value(row.visitors.clone()).unwrap_or_default()
}
