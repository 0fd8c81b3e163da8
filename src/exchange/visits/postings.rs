//! What a unit offers, and what it asks for: filed, changed while nobody has taken it up, closed.

use chrono::NaiveDate;
use entity::{
    ids::{PersonId, UnitId, VisitOfferId, VisitWishId},
    visit_offer::{self, PostingState},
    visit_wish, visit_wish_person,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{rules, store};
use crate::{
    exchange::{
        events::{self, Matter},
        named::{self, Named},
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        numbers,
        store::WriteTx,
        ui::{Fields, read_domains, typed_domains},
    },
    panels::texts,
};

/// What offers and wishes have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// What can be learned, or what for; a line.
    pub title: String,
    /// More about it.
    pub description: String,
    /// Codes like `ics:29.240`.
    pub domains: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Not before.
    pub from: NaiveDate,
    /// Not after.
    pub to: NaiveDate,
}

impl Subject {
    fn read(fields: &Fields, today: NaiveDate, errors: &mut FieldErrors) -> Self {
        let title = fields.required("title", 60, errors);
        let description = fields.required("description", 2_000, errors);
        let (domains, keywords) = read_domains(fields, "domains", errors);
        if domains.is_empty() && keywords.is_empty() && errors.of("domains").is_none() {
            errors.add("domains", Refusal::new("form.required"));
        }
        let (from, to) = read_period(fields, today, None, errors);
        Self {
            title,
            description,
            domains,
            keywords,
            from,
            to,
        }
    }

    fn fields(&self) -> Fields {
        Fields::default()
            .with("title", &self.title)
            .with("description", &self.description)
            .with("domains", typed_domains(&self.domains, &self.keywords))
            .with("from_date", self.from)
            .with("to_date", self.to)
    }
}

/// Reads the fields `from_date` and `to_date`; see [`rules::check_period`] for `begun`.
pub(super) fn read_period(
    fields: &Fields,
    today: NaiveDate,
    begun: Option<NaiveDate>,
    errors: &mut FieldErrors,
) -> (NaiveDate, NaiveDate) {
    let mut day = |name: &str| {
        let day = fields.date(name, errors);
        if day.is_none() && errors.of(name).is_none() {
            errors.add(name, Refusal::new("form.required"));
        }
        day
    };
    match (day("from_date"), day("to_date")) {
        (Some(from), Some(to)) => {
            if let Err((field, refusal)) = rules::check_period(from, to, today, begun) {
                errors.add(field, refusal);
            }
            (from, to)
        }
        _ => (today, today),
    }
}

/// What an offer says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfferFiling {
    /// What can be learned, in which domains, when.
    pub subject: Subject,
    /// How many groups it takes.
    pub rounds: i32,
    /// How many people a group may have.
    pub places: i32,
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
}

impl OfferFiling {
    /// Reads a form; what is wrong is noted at its field.
    pub fn read(fields: &Fields, today: NaiveDate, errors: &mut FieldErrors) -> Self {
        let subject = Subject::read(fields, today, errors);
        let mut number = |name: &str, max: i32| {
            let number = fields.number(name, 1, max, errors);
            if number.is_none() && errors.of(name).is_none() {
                errors.add(name, Refusal::new("form.required"));
            }
            number.unwrap_or(1)
        };
        Self {
            subject,
            rounds: number("rounds", 20),
            places: number("places", 30),
            place: fields.required("place", 80, errors),
            mentor_name: fields.required("mentor_name", 40, errors),
            mentor_phone: fields.optional("mentor_phone", 30, errors),
            cost: fields.required("cost", 200, errors),
            insurance: fields.required("insurance", 200, errors),
            secrecy: fields.optional("secrecy", 200, errors),
        }
    }

    /// What a row says.
    pub fn of(row: &visit_offer::Model) -> Self {
        Self {
            subject: Subject {
                title: row.title.clone(),
                description: row.description.clone(),
                domains: texts(&row.domains),
                keywords: texts(&row.keywords),
                from: row.from_date,
                to: row.to_date,
            },
            rounds: row.rounds,
            places: row.places,
            place: row.place.clone(),
            mentor_name: row.mentor_name.clone(),
            mentor_phone: row.mentor_phone.clone(),
            cost: row.cost.clone(),
            insurance: row.insurance.clone(),
            secrecy: row.secrecy.clone(),
        }
    }

    /// The form that shows this content.
    pub fn fields(&self) -> Fields {
        self.subject
            .fields()
            .with("rounds", self.rounds)
            .with("places", self.places)
            .with("place", &self.place)
            .with("mentor_name", &self.mentor_name)
            .with("mentor_phone", &self.mentor_phone)
            .with("cost", &self.cost)
            .with("insurance", &self.insurance)
            .with("secrecy", &self.secrecy)
    }

    fn set(&self, row: &mut visit_offer::ActiveModel) {
        row.title = Set(self.subject.title.clone());
        row.description = Set(self.subject.description.clone());
        row.domains = Set(self.subject.domains.clone().into());
        row.keywords = Set(self.subject.keywords.clone().into());
        row.from_date = Set(self.subject.from);
        row.to_date = Set(self.subject.to);
        row.rounds = Set(self.rounds);
        row.places = Set(self.places);
        row.place = Set(self.place.clone());
        row.mentor_name = Set(self.mentor_name.clone());
        row.mentor_phone = Set(self.mentor_phone.clone());
        row.cost = Set(self.cost.clone());
        row.insurance = Set(self.insurance.clone());
        row.secrecy = Set(self.secrecy.clone());
    }
}

/// What a wish says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WishFiling {
    /// What for, in which domains, when.
    pub subject: Subject,
    /// Length of the stay in calendar days.
    pub days: i32,
    /// The group, when several go together; may be empty.
    pub group: String,
    /// Who is to go.
    pub(in crate::exchange) people: Vec<Named>,
}

impl WishFiling {
    /// Reads a form; what is wrong is noted at its field.
    pub fn read(fields: &Fields, today: NaiveDate, errors: &mut FieldErrors) -> Self {
        let subject = Subject::read(fields, today, errors);
        let days = fields.number("days", 1, rules::LONGEST, errors);
        if days.is_none() && errors.of("days").is_none() {
            errors.add("days", Refusal::new("form.required"));
        }
        let days = days.unwrap_or(1);
        if errors.is_empty() && days > rules::length(subject.from, subject.to) {
            errors.add(
                "days",
                Refusal::new("exchange.longer_than_span")
                    .with("days", days)
                    .with("span", rules::length(subject.from, subject.to)),
            );
        }
        Self {
            subject,
            days,
            group: fields.optional("group_name", 60, errors),
            people: named::read(fields, "people", errors),
        }
    }

    /// What a row says, without its people.
    pub fn of(row: &visit_wish::Model) -> Self {
        Self {
            subject: Subject {
                title: row.title.clone(),
                description: row.description.clone(),
                domains: texts(&row.domains),
                keywords: texts(&row.keywords),
                from: row.from_date,
                to: row.to_date,
            },
            days: row.days,
            group: row.group_name.clone(),
            people: Vec::new(),
        }
    }

    /// The form that shows this content.
    pub fn fields(&self) -> Fields {
        let people: Vec<_> = self.people.iter().map(Named::line).collect();
        self.subject
            .fields()
            .with("days", self.days)
            .with("group_name", &self.group)
            .with("people", people.join("\n"))
    }

    fn set(&self, row: &mut visit_wish::ActiveModel) {
        row.title = Set(self.subject.title.clone());
        row.description = Set(self.subject.description.clone());
        row.domains = Set(self.subject.domains.clone().into());
        row.keywords = Set(self.subject.keywords.clone().into());
        row.from_date = Set(self.subject.from);
        row.to_date = Set(self.subject.to);
        row.days = Set(self.days);
        row.group_name = Set(self.group.clone());
    }
}

fn of_offer(id: VisitOfferId) -> Matter {
    Matter {
        kind: "visit_offer",
        id: id.0,
    }
}

fn of_wish(id: VisitWishId) -> Matter {
    Matter {
        kind: "visit_wish",
        id: id.0,
    }
}

/// Puts an offer down.
///
/// # Errors
/// When the database fails.
pub async fn file_offer(
    ctx: &Context,
    unit: UnitId,
    by: PersonId,
    filing: &OfferFiling,
) -> Result<VisitOfferId> {
    let tx = ctx.store.begin().await?;
    let id: VisitOfferId = tx.id();
    let year = ctx.year();
    let number = numbers::next(&tx, "visit_offer", year).await?;
    let mut row = visit_offer::ActiveModel {
        id: Set(id),
        number: Set(format!("ME-{year}-{number:04}")),
        unit_id: Set(unit),
        filed_by: Set(by),
        state: Set(PostingState::Open),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        closed_at: Set(None),
        version: Set(1),
        ..Default::default()
    };
    filing.set(&mut row);
    row.insert(tx.db()).await?;
    events::note(&tx, of_offer(id), Some(by), "exchange.offer_filed", "").await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes an offer that stands. Visits that were proposed from it keep their terms.
///
/// # Errors
/// A conflict when it was changed since it was shown; `exchange.posting_closed`;
/// `exchange.fewer_rounds` when more visits come from it than it would have rounds.
pub async fn change_offer(
    ctx: &Context,
    id: VisitOfferId,
    by: PersonId,
    filing: &OfferFiling,
    version: i32,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock_offer(&tx, id).await?;
    may_change(row.state, row.version, version)?;
    let used = store::of_postings(tx.db(), &[id], &[])
        .await?
        .iter()
        .filter(|visit| rules::is_live(visit.state))
        .count();
    if usize::try_from(filing.rounds).is_ok_and(|rounds| rounds < used) {
        let refusal = Refusal::new("exchange.fewer_rounds").with("used", used);
        return Err(Error::Invalid(FieldErrors::at("rounds", refusal)));
    }
    let mut next: visit_offer::ActiveModel = row.into();
    filing.set(&mut next);
    next.version = Set(version + 1);
    next.updated_at = Set(tx.now());
    next.update(tx.db()).await?;
    events::note(&tx, of_offer(id), Some(by), "exchange.offer_changed", "").await?;
    tx.commit().await
}

/// Closes an offer, by somebody or because its days have passed: nothing more is proposed from it.
///
/// # Errors
/// `exchange.posting_closed`
pub async fn close_offer(ctx: &Context, id: VisitOfferId, by: Option<PersonId>) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock_offer(&tx, id).await?;
    may_change(row.state, 0, 0)?;
    let mut next: visit_offer::ActiveModel = row.into();
    next.state = Set(PostingState::Closed);
    next.closed_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    next.update(tx.db()).await?;
    events::note(&tx, of_offer(id), by, "exchange.offer_closed", "").await?;
    tx.commit().await
}

/// Puts a wish down, with the people who are to go.
///
/// # Errors
/// Refusals of the field `people`.
pub async fn file_wish(
    ctx: &Context,
    unit: UnitId,
    by: PersonId,
    filing: &WishFiling,
) -> Result<VisitWishId> {
    let tx = ctx.store.begin().await?;
    let id: VisitWishId = tx.id();
    let year = ctx.year();
    let number = numbers::next(&tx, "visit_wish", year).await?;
    let mut row = visit_wish::ActiveModel {
        id: Set(id),
        number: Set(format!("XQ-{year}-{number:04}")),
        unit_id: Set(unit),
        filed_by: Set(by),
        state: Set(PostingState::Open),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        closed_at: Set(None),
        version: Set(1),
        ..Default::default()
    };
    filing.set(&mut row);
    row.insert(tx.db()).await?;
    keep_people(&tx, id, &filing.people).await?;
    events::note(&tx, of_wish(id), Some(by), "exchange.wish_filed", "").await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a wish that stands.
///
/// # Errors
/// A conflict when it was changed since it was shown; `exchange.posting_closed`;
/// `exchange.wish_taken` once a visit comes from it; refusals of the field `people`.
pub async fn change_wish(
    ctx: &Context,
    id: VisitWishId,
    by: PersonId,
    filing: &WishFiling,
    version: i32,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock_wish(&tx, id).await?;
    may_change(row.state, row.version, version)?;
    let visits = store::of_postings(tx.db(), &[], &[id]).await?;
    if let Some(visit) = visits.iter().find(|visit| rules::is_live(visit.state)) {
        return Err(Refusal::new("exchange.wish_taken")
            .with("number", &visit.number)
            .into());
    }
    let mut next: visit_wish::ActiveModel = row.into();
    filing.set(&mut next);
    next.version = Set(version + 1);
    next.updated_at = Set(tx.now());
    next.update(tx.db()).await?;
    visit_wish_person::Entity::delete_many()
        .filter(visit_wish_person::Column::WishId.eq(id))
        .exec(tx.db())
        .await?;
    keep_people(&tx, id, &filing.people).await?;
    events::note(&tx, of_wish(id), Some(by), "exchange.wish_changed", "").await?;
    tx.commit().await
}

/// Closes a wish, by somebody or because its days have passed: it takes no more part in the pairing.
///
/// # Errors
/// `exchange.posting_closed`
pub async fn close_wish(ctx: &Context, id: VisitWishId, by: Option<PersonId>) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock_wish(&tx, id).await?;
    may_change(row.state, 0, 0)?;
    let mut next: visit_wish::ActiveModel = row.into();
    next.state = Set(PostingState::Closed);
    next.closed_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    next.update(tx.db()).await?;
    events::note(&tx, of_wish(id), by, "exchange.wish_closed", "").await?;
    tx.commit().await
}

fn may_change(state: PostingState, version: i32, shown: i32) -> Result<()> {
    if state == PostingState::Closed {
        Err(Refusal::new("exchange.posting_closed").into())
    } else if version != shown {
        Err(Error::Conflict(Refusal::new("exchange.changed_elsewhere")))
    } else {
        Ok(())
    }
}

async fn keep_people(tx: &WriteTx, wish: VisitWishId, people: &[Named]) -> Result<()> {
    let mut kept: Vec<PersonId> = Vec::new();
    for named in people {
        let person = named::person(tx, "people", named).await?;
        if kept.contains(&person) {
            let refusal = Refusal::new("exchange.named_twice").with("name", &named.name);
            return Err(Error::Invalid(FieldErrors::at("people", refusal)));
        }
        kept.push(person);
        visit_wish_person::Entity::insert(visit_wish_person::ActiveModel {
            id: Set(tx.id()),
            wish_id: Set(wish),
            person_id: Set(person),
            position: Set(named.position.clone()),
        })
        .exec_without_returning(tx.db())
        .await?;
    }
    Ok(())
}
