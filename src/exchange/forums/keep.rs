//! A forum is filed and changed by the exchange group.

use chrono::NaiveDate;
use entity::{
    forum::{self, ForumKind, ForumState},
    forum_item,
    ids::{ForumId, PersonId},
};
use sea_orm::{ActiveEnum, ActiveModelTrait, ActiveValue::Set, EntityTrait};

use super::{
    mails, matter,
    programme::{self, Part},
    seats, store, talk,
};
use crate::{
    exchange::events,
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        numbers,
        store::WriteTx,
        texts::Label,
        ui::{Fields, dates, read_domains, typed_domains},
    },
    panels::texts,
};

/// A forum as its form holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// What it is.
    pub kind: ForumKind,
    /// Title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Codes like `ics:29.240`.
    pub domains: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// The day.
    pub on: NaiveDate,
    /// 线上.
    pub online: bool,
    /// Place, or online room.
    pub place: String,
    /// Seats.
    pub capacity: i32,
    /// Most seats of one unit.
    pub per_unit: Option<i32>,
    /// Last day to enrol.
    pub closes_on: NaiveDate,
    /// Whom to call.
    pub contact_name: String,
    /// Their number.
    pub contact_phone: String,
    /// The programme, in order of time.
    pub programme: Vec<Part>,
}

impl Filing {
    /// Reads a form; what is wrong is noted at its field.
    pub fn read(fields: &Fields, today: NaiveDate, errors: &mut FieldErrors) -> Self {
        let kind = fields
            .choice("kind", errors, |word| {
                ForumKind::try_from_value(&word.to_owned()).ok()
            })
            .unwrap_or(ForumKind::Forum);
        let title = fields.required("title", 60, errors);
        let summary = fields.required("summary", 2_000, errors);
        let (domains, keywords) = read_domains(fields, "domains", errors);
        let mut day = |name: &str| {
            let day = fields.date(name, errors);
            if day.is_none() && errors.of(name).is_none() {
                errors.add(name, Refusal::new("form.required"));
            }
            day.unwrap_or(today)
        };
        let (on, closes_on) = (day("on_date"), day("closes_on"));
        if errors.of("on_date").is_none() && on <= today {
            let refusal = Refusal::new("exchange.period_past").with("day", dates::day(on));
            errors.add("on_date", refusal);
        }
        if errors.of("closes_on").is_none() && !(today..on).contains(&closes_on) {
            let refusal = Refusal::new("forum.closes_outside").with("day", dates::day(on));
            errors.add("closes_on", refusal);
        }
        let capacity = fields.number("capacity", 1, 2_000, errors);
        if capacity.is_none() && errors.of("capacity").is_none() {
            errors.add("capacity", Refusal::new("form.required"));
        }
        Self {
            kind,
            title,
            summary,
            domains,
            keywords,
            on,
            online: fields.has("online"),
            place: fields.required("place", 80, errors),
            capacity: capacity.unwrap_or(1),
            per_unit: fields.number("per_unit", 1, 2_000, errors),
            closes_on,
            contact_name: fields.required("contact_name", 40, errors),
            contact_phone: fields.required("contact_phone", 30, errors),
            programme: programme::read(fields, errors),
        }
    }

    /// What rows say.
    pub(super) fn of(row: &forum::Model, items: &[forum_item::Model]) -> Self {
        Self {
            kind: row.kind,
            title: row.title.clone(),
            summary: row.summary.clone(),
            domains: texts(&row.domains),
            keywords: texts(&row.keywords),
            on: row.on_date,
            online: row.online,
            place: row.place.clone(),
            capacity: row.capacity,
            per_unit: row.per_unit,
            closes_on: row.closes_on,
            contact_name: row.contact_name.clone(),
            contact_phone: row.contact_phone.clone(),
            programme: items.iter().map(Part::of).collect(),
        }
    }

    /// The form that shows this content.
    pub(super) fn fields(&self) -> Fields {
        let programme: Vec<_> = self.programme.iter().map(Part::line).collect();
        let fields = Fields::default()
            .with("kind", self.kind.to_value())
            .with("title", &self.title)
            .with("summary", &self.summary)
            .with("domains", typed_domains(&self.domains, &self.keywords))
            .with("on_date", self.on)
            .with("place", &self.place)
            .with("capacity", self.capacity)
            .with(
                "per_unit",
                self.per_unit
                    .map(|most| most.to_string())
                    .unwrap_or_default(),
            )
            .with("closes_on", self.closes_on)
            .with("contact_name", &self.contact_name)
            .with("contact_phone", &self.contact_phone)
            .with("programme", programme.join("\n"));
        if self.online {
            fields.with("online", "1")
        } else {
            fields
        }
    }

    fn set(&self, row: &mut forum::ActiveModel) {
        row.kind = Set(self.kind);
        row.title = Set(self.title.clone());
        row.summary = Set(self.summary.clone());
        row.domains = Set(self.domains.clone().into());
        row.keywords = Set(self.keywords.clone().into());
        row.on_date = Set(self.on);
        row.online = Set(self.online);
        row.place = Set(self.place.clone());
        row.capacity = Set(self.capacity);
        row.per_unit = Set(self.per_unit);
        row.closes_on = Set(self.closes_on);
        row.contact_name = Set(self.contact_name.clone());
        row.contact_phone = Set(self.contact_phone.clone());
    }
}

/// Files a forum as a draft.
///
/// # Errors
/// When the database fails.
pub async fn file(ctx: &Context, by: PersonId, filing: &Filing) -> Result<ForumId> {
    let tx = ctx.store.begin().await?;
    let id: ForumId = tx.id();
    let year = ctx.year();
    let number = numbers::next(&tx, "forum", year).await?;
    let mut row = forum::ActiveModel {
        id: Set(id),
        number: Set(format!("LT-{year}-{number:03}")),
        state: Set(ForumState::Draft),
        registration_id: Set(None),
        filed_by: Set(by),
        end_note: Set(String::new()),
        published_at: Set(None),
        ended_at: Set(None),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        version: Set(1),
        ..Default::default()
    };
    filing.set(&mut row);
    row.insert(tx.db()).await?;
    for part in &filing.programme {
        add(&tx, id, part).await?;
    }
    events::note(&tx, matter(id), Some(by), "forum.filed", "").await?;
    tx.commit().await?;
    Ok(id)
}

async fn add(tx: &WriteTx, forum: ForumId, part: &Part) -> Result<forum_item::Model> {
    Ok(forum_item::ActiveModel {
        id: Set(tx.id()),
        forum_id: Set(forum),
        from_time: Set(part.from),
        to_time: Set(part.to),
        title: Set(part.title.clone()),
        wants_speaker: Set(part.wants_speaker),
        speaker: Set(part.speaker.clone()),
        panel_id: Set(None),
    }
    .insert(tx.db())
    .await?)
}

/// Changes a forum. Once it is published seats and speakers follow, and whoever has a seat or waits is
/// told what the programme changes.
///
/// # Errors
/// A conflict when it was changed since it was shown; `forum.not_now` once it is over; what the
/// registration refuses (a capacity below the seats taken, with the names).
pub async fn change(
    ctx: &Context,
    id: ForumId,
    by: PersonId,
    filing: &Filing,
    version: i32,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    if !matches!(row.state, ForumState::Draft | ForumState::Published) {
        return Err(Refusal::new("forum.not_now")
            .with("state", row.state.zh())
            .into());
    }
    if row.version != version {
        return Err(Error::Conflict(Refusal::new("exchange.changed_elsewhere")));
    }
    let before: Vec<_> = store::items(tx.db(), id)
        .await?
        .iter()
        .map(Part::of)
        .collect();
    let mut next: forum::ActiveModel = row.into();
    filing.set(&mut next);
    next.version = Set(version + 1);
    next.updated_at = Set(tx.now());
    let row = next.update(tx.db()).await?;
    keep_programme(ctx, &tx, &row, &filing.programme).await?;
    let lines = programme::difference(&before, &filing.programme);
    let event = events::note(
        &tx,
        matter(id),
        Some(by),
        "forum.changed",
        &lines.join("；"),
    )
    .await?;
    if let Some(seats) = row.registration_id {
        seats::change(ctx, &tx, seats, &row, filing).await?;
        if !lines.is_empty() {
            for one in seats::concerned(&tx, seats).await? {
                mails::changed(&tx, &row, event, &one, &lines).await?;
            }
        }
    }
    tx.commit().await
}

/// Parts are known by their title: those that stay keep their speaker, those that go are given up.
async fn keep_programme(
    ctx: &Context,
    tx: &WriteTx,
    row: &forum::Model,
    programme: &[Part],
) -> Result<()> {
    let published = row.state == ForumState::Published;
    let known = store::items(tx.db(), row.id).await?;
    for old in &known {
        let stays = programme
            .iter()
            .any(|part| part.title == old.title && part.wants_speaker == old.wants_speaker);
        if !stays {
            talk::withdraw(ctx, tx, old, "论坛日程调整").await?;
            forum_item::Entity::delete_by_id(old.id)
                .exec(tx.db())
                .await?;
        }
    }
    for part in programme {
        let old = known
            .iter()
            .find(|old| old.title == part.title && old.wants_speaker == part.wants_speaker);
        let item = match old {
            None => add(tx, row.id, part).await?,
            Some(old) => {
                let mut next: forum_item::ActiveModel = old.clone().into();
                next.from_time = Set(part.from);
                next.to_time = Set(part.to);
                if !part.wants_speaker {
                    next.speaker = Set(part.speaker.clone());
                }
                let item = next.update(tx.db()).await?;
                talk::changed(ctx, tx, row, &item).await?;
                item
            }
        };
        if published {
            // Read again: a change may have cleared the speaker.
            let item = store::item(tx.db(), item.id).await?;
            talk::ask(ctx, tx, row, item).await?;
        }
    }
    Ok(())
}
