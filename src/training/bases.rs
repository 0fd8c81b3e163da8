//! 培训基地: a base at its host unit, and its rooms.

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use entity::{
    ids::{BaseId, PersonId, RoomId, UnitId},
    room, training_base,
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::store;
use crate::{
    accounts::audit,
    foundation::{
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
        ui::Fields,
    },
    units,
};

/// A base as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBase {
    /// Name.
    pub name: String,
    /// 依托单位
    pub host: UnitId,
    /// Address.
    pub address: String,
    /// Its clocks.
    pub zone: Tz,
    /// 授牌日期
    pub plaque_on: Option<NaiveDate>,
    /// Last day as a base.
    pub valid_until: Option<NaiveDate>,
    /// Who is there.
    pub contact_name: String,
    /// Their number.
    pub contact_phone: String,
}

impl NewBase {
    /// Reads what was typed; `host` is the name of a unit.
    ///
    /// # Errors
    /// Everything that is wrong, at its field.
    pub(super) async fn read(tx: &WriteTx, fields: &Fields, usual: Tz) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let name = fields.required("name", 40, &mut errors);
        let typed = fields.required("host", 80, &mut errors);
        let host = units::by_name(tx.db(), &typed).await?;
        if host.is_none() && !typed.is_empty() {
            errors.add(
                "host",
                Refusal::new("training.unit_unknown").with("name", &typed),
            );
        }
        let zone = match fields.text("zone") {
            "" => usual,
            typed => typed.parse().unwrap_or_else(|_| {
                errors.add("zone", Refusal::new("training.zone").with("value", typed));
                usual
            }),
        };
        let plaque_on = fields.date("plaque_on", &mut errors);
        let valid_until = fields.date("valid_until", &mut errors);
        if let (Some(from), Some(until)) = (plaque_on, valid_until)
            && until < from
        {
            errors.add("valid_until", Refusal::new("training.validity"));
        }
        let base = Self {
            name,
            host: host.map_or(UnitId(uuid::Uuid::nil()), |unit| unit.id),
            address: fields.required("address", 200, &mut errors),
            zone,
            plaque_on,
            valid_until,
            contact_name: fields.optional("contact_name", 40, &mut errors),
            contact_phone: fields.optional("contact_phone", 40, &mut errors),
        };
        errors.into_result(base)
    }

    fn set(&self, row: &mut training_base::ActiveModel) {
        row.name = Set(self.name.clone());
        row.host_unit_id = Set(self.host);
        row.address = Set(self.address.clone());
        row.zone = Set(self.zone.name().to_owned());
        row.plaque_on = Set(self.plaque_on);
        row.valid_until = Set(self.valid_until);
        row.contact_name = Set(self.contact_name.clone());
        row.contact_phone = Set(self.contact_phone.clone());
    }
}

/// The form that shows a base.
pub(super) fn base_fields(row: &training_base::Model, host: &str) -> Fields {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    Fields::default()
        .with("name", &row.name)
        .with("host", host)
        .with("address", &row.address)
        .with("zone", &row.zone)
        .with("plaque_on", day(row.plaque_on))
        .with("valid_until", day(row.valid_until))
        .with("contact_name", &row.contact_name)
        .with("contact_phone", &row.contact_phone)
}

/// The clocks of a base.
///
/// # Errors
/// When the row names none that is known.
pub(super) fn zone(row: &training_base::Model) -> Result<Tz> {
    row.zone
        .parse()
        .map_err(|_| Error::internal(format!("no time zone {}", row.zone)))
}

/// Enters a base.
///
/// # Errors
/// When the database fails.
pub async fn add_base(tx: &WriteTx, by: PersonId, new: &NewBase) -> Result<BaseId> {
    let id: BaseId = tx.id();
    let mut row = training_base::ActiveModel {
        id: Set(id),
        closed_at: Set(None),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        ..Default::default()
    };
    new.set(&mut row);
    training_base::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    record(tx, by, id, "training.base_added").await?;
    Ok(id)
}

/// Corrects a base.
pub(super) async fn change_base(
    tx: &WriteTx,
    id: BaseId,
    by: PersonId,
    new: &NewBase,
) -> Result<()> {
    let mut next: training_base::ActiveModel = store::lock_base(tx, id).await?.into();
    new.set(&mut next);
    next.updated_at = Set(tx.now());
    training_base::Entity::update(next).exec(tx.db()).await?;
    record(tx, by, id, "training.base_changed").await
}

/// Closes a base or opens it again: a closed one is not offered for new runs.
pub(super) async fn close_base(tx: &WriteTx, id: BaseId, by: PersonId, closed: bool) -> Result<()> {
    let row = store::lock_base(tx, id).await?;
    training_base::Entity::update(training_base::ActiveModel {
        closed_at: Set(closed.then(|| tx.now())),
        updated_at: Set(tx.now()),
        ..row.into()
    })
    .exec(tx.db())
    .await?;
    record(tx, by, id, "training.base_changed").await
}

/// A room as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRoom {
    /// Name.
    pub name: String,
    /// Seats.
    pub seats: i32,
    /// From when it can be used.
    pub opens: NaiveTime,
    /// Until when.
    pub closes: NaiveTime,
    /// What is in it.
    pub equipment: String,
}

impl NewRoom {
    /// Reads what was typed.
    ///
    /// # Errors
    /// Everything that is wrong, at its field.
    pub(super) fn read(fields: &Fields) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let opens = read_time(fields, "opens", &mut errors);
        let closes = read_time(fields, "closes", &mut errors);
        if let (Some(opens), Some(closes)) = (opens, closes)
            && closes <= opens
        {
            errors.add("closes", Refusal::new("training.room_hours_empty"));
        }
        let room = Self {
            name: fields.required("room_name", 40, &mut errors),
            seats: super::syllabus::needed(fields, "seats", (1, 5_000), &mut errors),
            opens: opens.unwrap_or_default(),
            closes: closes.unwrap_or_default(),
            equipment: fields.optional("equipment", 200, &mut errors),
        };
        errors.into_result(room)
    }

    fn set(&self, row: &mut room::ActiveModel) {
        row.name = Set(self.name.clone());
        row.seats = Set(self.seats);
        row.opens = Set(self.opens);
        row.closes = Set(self.closes);
        row.equipment = Set(self.equipment.clone());
    }
}

/// A required time of day, `09:00`.
pub(super) fn read_time(
    fields: &Fields,
    name: &str,
    errors: &mut FieldErrors,
) -> Option<NaiveTime> {
    let typed = fields.text(name).replace('：', ":");
    if typed.is_empty() {
        errors.add(name, Refusal::new("form.required"));
        return None;
    }
    let time = NaiveTime::parse_from_str(&typed, "%H:%M").ok();
    if time.is_none() {
        errors.add(name, Refusal::new("training.time").with("value", &typed));
    }
    time
}

/// Adds a room.
///
/// # Errors
/// When the database fails.
pub async fn add_room(tx: &WriteTx, base: BaseId, by: PersonId, new: &NewRoom) -> Result<RoomId> {
    store::base(tx.db(), base).await?;
    let id: RoomId = tx.id();
    let mut row = room::ActiveModel {
        id: Set(id),
        base_id: Set(base),
        closed_at: Set(None),
        ..Default::default()
    };
    new.set(&mut row);
    room::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    record(tx, by, base, "training.room_changed").await?;
    Ok(id)
}

/// Corrects a room, or gives it up. Runs that are booked there stay; their pages say what no longer
/// fits.
pub(super) async fn change_room(
    tx: &WriteTx,
    id: RoomId,
    by: PersonId,
    new: &NewRoom,
    closed: bool,
) -> Result<()> {
    let row = store::lock_room(tx, id).await?;
    let base = row.base_id;
    let mut next: room::ActiveModel = row.into();
    new.set(&mut next);
    next.closed_at = Set(closed.then(|| tx.now()));
    room::Entity::update(next).exec(tx.db()).await?;
    record(tx, by, base, "training.room_changed").await
}

async fn record(tx: &WriteTx, by: PersonId, id: BaseId, action: &'static str) -> Result<()> {
    audit::record(
        tx,
        audit::Entry {
            actor: Some(by),
            action,
            subject_kind: "training_base",
            subject_id: Some(id.0),
            details: json!({}),
        },
    )
    .await?;
    Ok(())
}
