//! The person decides, by a personal link: the engagement begins with an explicit yes.

use entity::{
    council_term,
    expert::{self, ExpertState},
    ids::PersonId,
    person, unit,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::{
    consent_texts::{self, ConsentText},
    mails, rules,
    rules::Step,
    store,
};
use crate::{
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        links::{Links, Purpose, Target},
        numbers,
        store::WriteTx,
        ui::Fields,
    },
    people, units,
};

/// The link by which an approved person confirms; afterwards it shows where things stand.
pub const LINK: Purpose = Purpose {
    label: "experts.engage",
    path: "/e/",
};

/// What the link of a row stands for.
pub fn target(row: &expert::Model) -> Target {
    Target {
        purpose: LINK,
        subject: row.id.0,
        person: row.person_id.0,
        generation: row.link_generation,
    }
}

/// What the link opens.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The expert.
    pub row: expert::Model,
    /// The person.
    pub person: person::Model,
    /// Who recommended; none for a guest from outside.
    pub unit: Option<unit::Model>,
    /// The council term of the engagement, or the present one.
    pub term: council_term::Model,
}

/// What the person says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Accepts, with all consents.
    Accept,
    /// Declines, perhaps with a reason.
    Decline(String),
}

impl Answer {
    /// Reads an explicit answer. What belongs to the other choice is not looked at.
    ///
    /// # Errors
    /// Nothing chosen; accepted without one of the consents.
    pub fn read(fields: &Fields) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let answer = match fields.text("answer") {
            "yes" => {
                for text in ConsentText::ALL {
                    if !fields.has(text.purpose()) {
                        errors.add(
                            text.purpose(),
                            Refusal::new("experts.consent_missing").with("text", text.title()),
                        );
                    }
                }
                Self::Accept
            }
            "no" => Self::Decline(fields.optional("reason", 200, &mut errors)),
            _ => {
                errors.add("answer", Refusal::new("experts.choose_answer"));
                Self::Decline(String::new())
            }
        };
        if errors.is_empty() {
            Ok(answer)
        } else {
            Err(errors)
        }
    }
}

/// Opens a link.
///
/// # Errors
/// [`Error::NotFound`] for anything but a link that this service gave out and that still holds.
pub async fn open(ctx: &Context, token: &str) -> Result<Opened> {
    let token = Links::read(token).ok_or(Error::NotFound)?;
    let db = ctx.store.read();
    let row = store::find(db, token.subject.into()).await?;
    if !ctx.links.verify(&token, &target(&row)) {
        return Err(Error::NotFound);
    }
    opened(db, ctx, row).await
}

async fn opened<C: ConnectionTrait>(db: &C, ctx: &Context, row: expert::Model) -> Result<Opened> {
    Ok(Opened {
        person: people::get(db, row.person_id).await?,
        unit: match row.unit_id {
            Some(id) => Some(units::get(db, id).await?),
            None => None,
        },
        term: units::current_term(db, ctx.today()).await?,
        row,
    })
}

/// Takes the answer. Given twice, or after the matter was closed, it changes nothing: the page says
/// where things stand.
///
/// # Errors
/// [`Error::NotFound`] as [`open`]; `experts.term_over` when no term is left to be engaged for.
pub async fn answer(ctx: &Context, token: &str, answer: &Answer) -> Result<()> {
    let seen = open(ctx, token).await?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, seen.row.id).await?;
    let token = Links::read(token).ok_or(Error::NotFound)?;
    if !ctx.links.verify(&token, &target(&row)) {
        return Err(Error::NotFound);
    }
    if row.state != ExpertState::Approved {
        return Ok(());
    }
    let person = people::get(tx.db(), row.person_id).await?;
    match answer {
        Answer::Accept => {
            let given = Given {
                channel: "link",
                by: person.id,
                note: "",
            };
            accept(ctx, &tx, &row, &person, &given).await?;
        }
        Answer::Decline(reason) => {
            let taken = store::take(
                &tx,
                &row,
                Step::Decline,
                Some(person.id),
                reason,
                expert::ActiveModel {
                    end_reason: Set(reason.clone()),
                    ..Default::default()
                },
            )
            .await?;
            mails::tell_unit(&tx, &taken, &person, mails::News::Declined, reason).await?;
        }
    }
    mails::cancel_confirm(&tx, row.id).await?;
    tx.commit().await
}

/// How a yes was given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given<'a> {
    /// `link` or `paper`, as the consents keep it.
    pub channel: &'a str,
    /// Who did it here: the person, or whoever recorded it.
    pub by: PersonId,
    /// More for the record, or empty.
    pub note: &'a str,
}

/// Engages from today until the end of the council term, with all consents.
pub(super) async fn accept(
    ctx: &Context,
    tx: &WriteTx,
    row: &expert::Model,
    person: &person::Model,
    given: &Given<'_>,
) -> Result<()> {
    rules::next(row.state, Step::Accept)?;
    let term = units::current_term(tx.db(), ctx.today()).await?;
    if term.to_date < ctx.today() {
        return Err(Refusal::new("experts.term_over").into());
    }
    for text in ConsentText::ALL {
        people::consents::give(
            tx,
            person.id,
            text.purpose(),
            consent_texts::VERSION,
            text.for_term().then_some(term.id.0),
            given.channel,
        )
        .await?;
    }
    let year = ctx.year();
    let number = engagement_number(year, numbers::next(tx, "engagement", year).await?);
    let taken = store::take(
        tx,
        row,
        Step::Accept,
        Some(given.by),
        given.note,
        expert::ActiveModel {
            term_id: Set(Some(term.id)),
            engagement_number: Set(Some(number)),
            engaged_from: Set(Some(ctx.today())),
            engaged_to: Set(Some(term.to_date)),
            ..Default::default()
        },
    )
    .await?;
    mails::tell_expert(tx, &taken, person, mails::News::Engaged, "").await?;
    mails::tell_unit(tx, &taken, person, mails::News::Engaged, "").await
}

/// 团标联聘〔2026〕001号
pub(super) fn engagement_number(year: i32, number: i32) -> String {
    format!("团标联聘〔{year}〕{number:03}号")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_explicit_and_only_its_own_details_count() {
        let codes = |fields: &Fields| -> Vec<&'static str> {
            match Answer::read(fields) {
                Ok(_) => Vec::new(),
                Err(errors) => errors.iter().map(|(_, refusal)| refusal.code).collect(),
            }
        };
        assert_eq!(codes(&Fields::default()), ["experts.choose_answer"]);
        let all = Fields::default()
            .with("pool", 1)
            .with("secrecy", 1)
            .with("integrity", 1);
        assert_eq!(
            codes(&all),
            ["experts.choose_answer"],
            "ticks are no answer"
        );
        assert_eq!(
            codes(&Fields::default().with("answer", "yes").with("pool", 1)).len(),
            2
        );
        assert_eq!(Answer::read(&all.with("answer", "yes")), Ok(Answer::Accept));
        let no = Fields::default()
            .with("answer", "no")
            .with("reason", " 出国 ");
        assert_eq!(Answer::read(&no), Ok(Answer::Decline("出国".into())));
    }

    #[test]
    fn numbers_are_written_as_on_the_letter() {
        assert_eq!(engagement_number(2026, 1), "团标联聘〔2026〕001号");
        assert_eq!(engagement_number(2027, 1234), "团标联聘〔2027〕1234号");
    }
}
