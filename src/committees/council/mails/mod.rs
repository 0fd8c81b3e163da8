//! Mails of meetings: to the contacts of the units that ought to come, to the secretariat.

mod letters;
mod terms;

use entity::{
    ids::{MeetingId, TermId, UnitId},
    meeting,
};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(super) use letters::{Called, Cancelled, MeetingNear, Minuted, Moved, ReplyWanted};
pub(super) use terms::{DutyDue, TermEnds, Voted};

use super::{super::mails::recipient, duties::Duty, papers::time, store};
use crate::{
    foundation::{
        context::Context,
        error::Result,
        mail::{About, Letter, LetterDesk, Options, Recipient, Registry, Template, outbox},
        store::WriteTx,
    },
    units,
};

/// Makes the mails of meetings known.
pub(super) fn register(registry: &mut Registry) {
    registry.register::<Called>();
    registry.register::<Moved>();
    registry.register::<Cancelled>();
    registry.register::<Minuted>();
    registry.register::<ReplyWanted>();
    registry.register::<MeetingNear>();
    registry.register::<DutyDue>();
    registry.register::<TermEnds>();
    registry.register::<Voted>();
}

/// Which meeting a mail is about, as it was when the mail was queued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Which {
    row: Facts,
}

/// What stands in a mail about a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Facts {
    id: MeetingId,
    number: String,
    title: String,
    time: String,
    place: String,
    agenda: Vec<String>,
    reply_by: chrono::NaiveDate,
    starts_at: chrono::DateTime<chrono::Utc>,
    ends_at: chrono::DateTime<chrono::Utc>,
    sequence: i32,
}

impl Which {
    /// As it is now.
    pub fn of(row: &meeting::Model) -> Self {
        Self {
            row: Facts {
                id: row.id,
                number: row.number.clone(),
                title: row.title.clone(),
                time: time(row),
                place: row.place.clone(),
                agenda: crate::foundation::ui::lines(&row.agenda),
                reply_by: row.reply_by,
                starts_at: row.starts_at,
                ends_at: row.ends_at,
                sequence: row.sequence,
            },
        }
    }

    /// A letter that leads to the meeting's page.
    fn letter(&self, desk: &LetterDesk<'_>, subject: &str, text: String, button: &str) -> Letter {
        let path = format!("/meetings/{}", self.row.id);
        Letter::new(
            format!("{subject}：{}", self.row.title),
            format!("{}，您好！", desk.recipient),
        )
        .text(text)
        .facts([
            ("会议", &self.row.title),
            ("时间", &self.row.time),
            ("地点", &self.row.place),
            ("编号", &self.row.number),
        ])
        .action(button, desk.links.absolute(&path))
    }
}

/// Tells the contacts of every unit that ought to come; `number` numbers what is said.
pub(super) async fn to_all<T: Template>(
    tx: &WriteTx,
    row: &meeting::Model,
    number: i32,
    mail: &T,
) -> Result<()> {
    for one in store::invited(tx.db(), row.id).await? {
        to_unit_numbered(tx, one.unit.id, row.id.0, number, mail).await?;
    }
    Ok(())
}

/// Tells the contacts of one unit once.
pub(super) async fn to_unit<T: Template>(
    tx: &WriteTx,
    unit: UnitId,
    subject: Uuid,
    mail: &T,
) -> Result<()> {
    to_unit_numbered(tx, unit, subject, 1, mail).await
}

/// The same, once for each number.
pub(super) async fn to_unit_numbered<T: Template>(
    tx: &WriteTx,
    unit: UnitId,
    subject: Uuid,
    number: i32,
    mail: &T,
) -> Result<()> {
    for contact in units::contacts(tx.db(), unit).await? {
        send(tx, &recipient(&contact.person), subject, number, mail).await?;
    }
    Ok(())
}

/// Tells the secretariat of a yearly meeting that is due.
pub(super) async fn of_duty(
    tx: &WriteTx,
    ctx: &Context,
    term: TermId,
    number: i32,
    duty: Duty,
) -> Result<()> {
    // Assembly and council are numbered apart.
    let number = number * 2 + i32::from(duty.kind == meeting::MeetingKind::Council);
    send(tx, &secretariat(ctx), term.0, number, &DutyDue::of(duty)).await
}

/// Tells every unit's contacts and the secretariat that the term ends.
pub(super) async fn of_term<T: Template>(
    tx: &WriteTx,
    ctx: &Context,
    term: TermId,
    number: i32,
    mail: &T,
) -> Result<()> {
    for unit in all_units(tx.db()).await? {
        to_unit_numbered(tx, unit, term.0, number, mail).await?;
    }
    send(tx, &secretariat(ctx), term.0, number, mail).await
}

async fn all_units<C: ConnectionTrait>(db: &C) -> Result<Vec<UnitId>> {
    Ok(units::all(db)
        .await?
        .into_iter()
        .filter(|unit| unit.left_on.is_none())
        .map(|unit| unit.id)
        .collect())
}

fn secretariat(ctx: &Context) -> Recipient {
    let config = &ctx.config.mail;
    let address = if config.reply_to.is_empty() {
        &config.from_address
    } else {
        &config.reply_to
    };
    Recipient {
        person: None,
        name: ctx.config.office.issuer.clone(),
        address: Some(address.clone()),
    }
}

async fn send<T: Template>(
    tx: &WriteTx,
    to: &Recipient,
    subject: Uuid,
    generation: i32,
    mail: &T,
) -> Result<()> {
    let about = About {
        subject,
        generation,
        cause: T::LABEL.to_owned(),
    };
    outbox::enqueue(tx, to, &about, Options::default(), mail).await?;
    Ok(())
}
