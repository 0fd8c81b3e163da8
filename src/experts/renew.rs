//! Another term (续聘): an engaged expert is asked before the council term ends, and stays only by a
//! fresh consent of their own. Who says nothing, or no, stays until the last day and leaves then.

use chrono::NaiveDate;
use entity::{
    council_term,
    expert::{self, ExpertState},
    expert_renewal::{self, RenewalAnswer},
    ids::{ExpertId, PersonId, RenewalId, TermId},
    person, unit,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};

use super::{
    consent_texts::{self, ConsentText},
    engage::engagement_number,
    renew_mails as mails,
    rules::{self, Step},
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

/// The link by which an expert answers; afterwards it shows where things stand.
pub const LINK: Purpose = Purpose {
    label: "experts.renew",
    path: "/renew/",
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
    /// The term to be engaged for, while it is asked about; none when nothing is asked.
    pub term: Option<council_term::Model>,
    /// The newest answer, whichever the term.
    pub answer: Option<expert_renewal::Model>,
}

/// What the person says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Stays, with all consents, and confirms the profile.
    Renew,
    /// Does not, perhaps with a reason.
    Decline(String),
}

impl Answer {
    /// Reads an explicit answer. What belongs to the other choice is not looked at.
    ///
    /// # Errors
    /// Nothing chosen; renewed without one of the consents or without confirming the profile.
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
                if !fields.has("profile") {
                    errors.add("profile", Refusal::new("experts.profile_unconfirmed"));
                }
                Self::Renew
            }
            "no" => Self::Decline(fields.optional("reason", 200, &mut errors)),
            _ => {
                errors.add("answer", Refusal::new("experts.choose_renewal"));
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
    Ok(Opened {
        person: people::get(db, row.person_id).await?,
        unit: unit_of(db, &row).await?,
        term: coming(db, &row).await?,
        answer: newest(db, row.id).await?,
        row,
    })
}

/// Takes the answer. A yes is given once; a no may become a yes until the last day. Given when nothing
/// is asked, it changes nothing: the page says where things stand.
///
/// # Errors
/// [`Error::NotFound`] as [`open`]; `experts.not_council` when the unit has no seats any more.
pub async fn answer(ctx: &Context, token: &str, answer: &Answer) -> Result<()> {
    let seen = open(ctx, token).await?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, seen.row.id).await?;
    let token = Links::read(token).ok_or(Error::NotFound)?;
    if !ctx.links.verify(&token, &target(&row)) {
        return Err(Error::NotFound);
    }
    let Some(term) = coming(tx.db(), &row).await? else {
        return Ok(());
    };
    if rules::next(row.state, Step::Renew).is_err() {
        return Ok(());
    }
    let unit = unit_of(tx.db(), &row).await?;
    rules::may_renew(
        row.guest,
        unit.as_ref().map(|unit| (unit.tier, unit.left_on)),
    )?;
    let person = people::get(tx.db(), row.person_id).await?;
    match answer {
        Answer::Renew => renew(ctx, &tx, &row, &person, &term, &Given::by_link(&person)).await?,
        Answer::Decline(note) => {
            let given = Given {
                note,
                ..Given::by_link(&person)
            };
            decline(&tx, &row, &person, &term, &given).await?;
        }
    }
    tx.commit().await
}

/// How an answer came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given<'a> {
    /// `link` or `paper`.
    pub channel: &'static str,
    /// Who gave or recorded it.
    pub by: PersonId,
    /// The reason of a no; of a recorded answer when and how it came.
    pub note: &'a str,
}

impl Given<'_> {
    fn by_link(person: &person::Model) -> Self {
        Self {
            channel: "link",
            by: person.id,
            note: "",
        }
    }
}

/// The term about which an engaged expert may be asked by other ways than the link; none when nothing is
/// asked, or may be.
///
/// # Errors
/// When the database fails.
pub async fn asked_for<C: ConnectionTrait>(
    db: &C,
    row: &expert::Model,
) -> Result<Option<council_term::Model>> {
    if rules::next(row.state, Step::Renew).is_err() {
        return Ok(None);
    }
    let unit = unit_of(db, row).await?;
    let unit = unit.as_ref().map(|unit| (unit.tier, unit.left_on));
    if rules::may_renew(row.guest, unit).is_err() {
        return Ok(None);
    }
    coming(db, row).await
}

/// Keeps a no, and tells the secretariat.
pub(super) async fn decline(
    tx: &WriteTx,
    row: &expert::Model,
    person: &person::Model,
    term: &council_term::Model,
    given: &Given<'_>,
) -> Result<()> {
    keep(tx, row, term, RenewalAnswer::Decline, given).await?;
    mails::declined(tx, row, person, term, given.note).await
}

/// Keeps a yes with its consents: the engagement goes on to the end of `term`.
pub(super) async fn renew(
    ctx: &Context,
    tx: &WriteTx,
    row: &expert::Model,
    person: &person::Model,
    term: &council_term::Model,
    given: &Given<'_>,
) -> Result<()> {
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
    keep(tx, row, term, RenewalAnswer::Renew, given).await?;
    let year = ctx.year();
    let number = engagement_number(year, numbers::next(tx, "engagement", year).await?);
    let taken = store::take(
        tx,
        row,
        Step::Renew,
        Some(given.by),
        &[format!("第 {} 届续聘", term.number), given.note.to_owned()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("，"),
        expert::ActiveModel {
            term_id: Set(Some(term.id)),
            engagement_number: Set(Some(number)),
            engaged_to: Set(Some(term.to_date)),
            ..Default::default()
        },
    )
    .await?;
    mails::renewed(tx, &taken.row, person, term).await
}

/// Keeps the answer for a term, in place of a former one.
async fn keep(
    tx: &WriteTx,
    row: &expert::Model,
    term: &council_term::Model,
    answer: RenewalAnswer,
    given: &Given<'_>,
) -> Result<()> {
    let known = of_term(tx.db(), row.id, term.id).await?;
    let columns = expert_renewal::ActiveModel {
        answer: Set(answer),
        note: Set(given.note.to_owned()),
        channel: Set(given.channel.to_owned()),
        answered_at: Set(tx.now()),
        ..Default::default()
    };
    match known {
        Some(known) => {
            expert_renewal::Entity::update(expert_renewal::ActiveModel {
                id: Set(known.id),
                ..columns
            })
            .exec(tx.db())
            .await?;
        }
        None => {
            expert_renewal::Entity::insert(expert_renewal::ActiveModel {
                id: Set(tx.id::<RenewalId>()),
                expert_id: Set(row.id),
                term_id: Set(term.id),
                former_number: Set(row.engagement_number.clone()),
                former_to: Set(row.engaged_to),
                ..columns
            })
            .exec_without_returning(tx.db())
            .await?;
        }
    }
    Ok(())
}

/// Asks an expert whose term ends, when the next one is known and the answer is open; `days` says which
/// of the reminders it is. Whether there was something to ask.
///
/// # Errors
/// When the database fails.
pub(super) async fn ask(tx: &WriteTx, id: ExpertId, days: i64) -> Result<bool> {
    let row = store::lock(tx, id).await?;
    let Some(term) = coming(tx.db(), &row).await? else {
        return Ok(false);
    };
    let unit = unit_of(tx.db(), &row).await?;
    let may = rules::may_renew(
        row.guest,
        unit.as_ref().map(|unit| (unit.tier, unit.left_on)),
    );
    if may.is_err() || of_term(tx.db(), id, term.id).await?.is_some() {
        return Ok(false);
    }
    let person = people::get(tx.db(), row.person_id).await?;
    mails::asked(tx, &row, &person, &term, i32::try_from(days).unwrap_or(0)).await?;
    Ok(true)
}

/// Experts whose engagement ends within `days` and who have not answered about the next term, when
/// there is one.
pub(super) async fn unanswered(ctx: &Context, days: i64) -> Result<usize> {
    let db = ctx.store.read();
    let states = [ExpertState::Engaged, ExpertState::Suspended];
    let mut open = 0;
    for (row, _) in store::in_states(db, &states, None).await? {
        let near = row
            .engaged_to
            .is_some_and(|last| (last - ctx.today()).num_days() <= days);
        if !near {
            continue;
        }
        if let Some(term) = coming(db, &row).await?
            && of_term(db, row.id, term.id).await?.is_none()
        {
            open += 1;
        }
    }
    Ok(open)
}

/// The term that follows the engagement, when it is written down.
async fn coming<C: ConnectionTrait>(
    db: &C,
    row: &expert::Model,
) -> Result<Option<council_term::Model>> {
    let terms = units::terms(db).await?;
    Ok(following(&terms, row.engaged_to).cloned())
}

/// The earliest term that begins after `last`.
fn following(
    terms: &[council_term::Model],
    last: Option<NaiveDate>,
) -> Option<&council_term::Model> {
    let last = last?;
    terms
        .iter()
        .filter(|term| term.from_date > last)
        .min_by_key(|term| term.from_date)
}

async fn of_term<C: ConnectionTrait>(
    db: &C,
    expert: ExpertId,
    term: TermId,
) -> Result<Option<expert_renewal::Model>> {
    Ok(expert_renewal::Entity::find()
        .filter(expert_renewal::Column::ExpertId.eq(expert))
        .filter(expert_renewal::Column::TermId.eq(term))
        .one(db)
        .await?)
}

async fn newest<C: ConnectionTrait>(
    db: &C,
    expert: ExpertId,
) -> Result<Option<expert_renewal::Model>> {
    Ok(expert_renewal::Entity::find()
        .filter(expert_renewal::Column::ExpertId.eq(expert))
        .order_by_desc(expert_renewal::Column::AnsweredAt)
        .one(db)
        .await?)
}

async fn unit_of<C: ConnectionTrait>(db: &C, row: &expert::Model) -> Result<Option<unit::Model>> {
    match row.unit_id {
        Some(id) => Ok(Some(units::get(db, id).await?)),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_answer_is_explicit_with_all_consents_and_the_profile() {
        let codes = |fields: &Fields| -> Vec<&'static str> {
            match Answer::read(fields) {
                Ok(_) => Vec::new(),
                Err(errors) => errors.iter().map(|(_, refusal)| refusal.code).collect(),
            }
        };
        assert_eq!(codes(&Fields::default()), ["experts.choose_renewal"]);
        let yes = Fields::default().with("answer", "yes");
        assert_eq!(codes(&yes).len(), 4);
        let all = yes.with("pool", 1).with("secrecy", 1).with("integrity", 1);
        assert_eq!(codes(&all), ["experts.profile_unconfirmed"]);
        assert_eq!(Answer::read(&all.with("profile", 1)), Ok(Answer::Renew));
        let no = Fields::default()
            .with("answer", "no")
            .with("reason", "退休");
        assert_eq!(Answer::read(&no), Ok(Answer::Decline("退休".into())));
    }

    #[test]
    fn the_next_term_is_the_earliest_after_the_last_day() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let term = |number: i32, from| council_term::Model {
            id: TermId(Uuid::from_u128(number.unsigned_abs().into())),
            number,
            from_date: from,
            to_date: day(2032, 1, 1),
        };
        let terms = [
            term(3, day(2030, 9, 14)),
            term(2, day(2028, 9, 14)),
            term(1, day(2026, 9, 14)),
        ];
        let number = |last| following(&terms, last).map(|term| term.number);
        assert_eq!(number(Some(day(2028, 9, 13))), Some(2));
        assert_eq!(number(Some(day(2030, 9, 13))), Some(3));
        assert_eq!(number(Some(day(2032, 9, 13))), None);
        assert_eq!(number(None), None);
    }
}
