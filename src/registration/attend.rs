//! Signing in to a sitting (签到), ticking the list, and correcting it.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::{
    attendance::{self, AttendanceHow},
    enrolment::{self, EnrolmentState},
    ids::{AttendanceId, EnrolmentId, PersonId, SittingId},
    sitting,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{access, code, facts::zone, owners::Owners, store};
use crate::{
    accounts::{Actor, audit, limits::Tries},
    foundation::{
        context::Context,
        error::{Refusal, Result},
        search::normalise,
        store::WriteTx,
        ui::dates,
    },
    people,
};

/// Most characters of a reason.
const MAX_REASON: usize = 200;

/// Whether people may sign in to a sitting by themselves.
///
/// # Errors
/// `registration.too_early` with the instant from which they may; `registration.too_late`.
pub fn may_check_in(ctx: &Context, sitting: &sitting::Model, zone: Tz) -> Result<(), Refusal> {
    let opens = opens(ctx, sitting);
    if ctx.now() < opens {
        Err(Refusal::new("registration.too_early").with("from", dates::moment(opens, zone)))
    } else if ctx.now() > sitting.to_at {
        Err(Refusal::new("registration.too_late"))
    } else {
        Ok(())
    }
}

/// From when people may sign in.
pub fn opens(ctx: &Context, sitting: &sitting::Model) -> DateTime<Utc> {
    sitting.from_at - TimeDelta::minutes(ctx.config.registration.check_in_minutes)
}

/// The key of the codes on the wall.
fn code_key(ctx: &Context) -> [u8; 32] {
    ctx.links.derived_key("expert-pool attendance code")
}

/// What the wall of a sitting shows now.
pub(super) fn wall(ctx: &Context, sitting: SittingId) -> code::Shown {
    let step = ctx.config.registration.code_seconds;
    code::shown(&code_key(ctx), sitting, ctx.now(), step)
}

fn on_the_wall(ctx: &Context, sitting: SittingId, typed: &str) -> bool {
    let step = ctx.config.registration.code_seconds;
    code::holds(&code_key(ctx), sitting, ctx.now(), step, typed)
}

/// Signs in the person of an own link, with the code on the wall. Twice changes nothing.
///
/// # Errors
/// `registration.wrong_code`, `registration.too_many_tries`, `registration.not_enrolled`, and as
/// [`may_check_in`].
pub async fn check_in_by_link(
    ctx: &Context,
    id: EnrolmentId,
    sitting: SittingId,
    typed: &str,
    network: &str,
) -> Result<()> {
    let sitting = store::sitting(ctx.store.read(), sitting).await?;
    let row = store::enrolment(ctx.store.read(), id).await?;
    if row.registration_id != sitting.registration_id || row.state != EnrolmentState::Enrolled {
        return Err(Refusal::new("registration.not_enrolled").into());
    }
    check_window(ctx, &sitting).await?;
    let tries = Tries::of(ctx, "check-in", &id.to_string(), network);
    let right = on_the_wall(ctx, sitting.id, typed);
    guarded(ctx, &tries, right, "registration.wrong_code").await?;
    let tx = ctx.store.begin().await?;
    sign_in(&tx, &sitting, &row, AttendanceHow::Link).await?;
    tx.commit().await
}

/// Signs in somebody without mail, by name, the last four digits of the phone and the code on the
/// wall. Gives the name as it is kept. What was wrong is not said, so that nobody learns who is on the
/// list.
///
/// # Errors
/// `registration.check_in_wrong`, `registration.too_many_tries`, and as [`may_check_in`].
pub async fn check_in_by_phone(
    ctx: &Context,
    sitting: SittingId,
    name: &str,
    last_four: &str,
    typed: &str,
    network: &str,
) -> Result<String> {
    let sitting = store::sitting(ctx.store.read(), sitting).await?;
    check_window(ctx, &sitting).await?;
    let wanted = normalise(name);
    let tries = Tries::of(
        ctx,
        "check-in",
        &format!("{}:{wanted}", sitting.id),
        network,
    );
    let found = by_phone(ctx, &sitting, &wanted, last_four).await?;
    let right = on_the_wall(ctx, sitting.id, typed) && found.is_some();
    guarded(ctx, &tries, right, "registration.check_in_wrong").await?;
    let (row, name) = found.ok_or_else(|| Refusal::new("registration.check_in_wrong"))?;
    let tx = ctx.store.begin().await?;
    sign_in(&tx, &sitting, &row, AttendanceHow::Phone4).await?;
    tx.commit().await?;
    Ok(name)
}

async fn check_window(ctx: &Context, sitting: &sitting::Model) -> Result<()> {
    let registration = store::get(ctx.store.read(), sitting.registration_id).await?;
    Ok(may_check_in(ctx, sitting, zone(&registration)?)?)
}

/// Goes on when `right`; otherwise counts the try. Too many make everybody there wait, right or not.
async fn guarded(ctx: &Context, tries: &Tries, right: bool, wrong: &'static str) -> Result<()> {
    if let Some(minutes) = tries.minutes_to_wait(ctx).await? {
        return Err(Refusal::new("registration.too_many_tries")
            .with("minutes", minutes)
            .into());
    }
    if right {
        return Ok(());
    }
    let tx = ctx.store.begin().await?;
    tries.count(&tx).await?;
    tx.commit().await?;
    Err(Refusal::new(wrong).into())
}

/// The one person with a seat of this name whose phone ends so; none where two would fit.
async fn by_phone(
    ctx: &Context,
    sitting: &sitting::Model,
    wanted: &str,
    last_four: &str,
) -> Result<Option<(enrolment::Model, String)>> {
    let last_four = normalise(last_four);
    if last_four.len() != 4 {
        return Ok(None);
    }
    let db = ctx.store.read();
    let seated =
        store::standing_at(db, sitting.registration_id, &[EnrolmentState::Enrolled]).await?;
    let ids: Vec<PersonId> = seated
        .iter()
        .filter(|row| row.phone.ends_with(&last_four))
        .map(|row| row.person_id)
        .collect();
    let named = people::by_ids(db, &ids).await?;
    let mut fitting = seated
        .into_iter()
        .filter(|row| row.phone.ends_with(&last_four))
        .filter_map(|row| {
            let person = named.get(&row.person_id)?;
            (person.name_normal == wanted).then(|| (row, person.name.clone()))
        });
    let first = fitting.next();
    Ok(if fitting.next().is_some() {
        None
    } else {
        first
    })
}

async fn sign_in(
    tx: &WriteTx,
    sitting: &sitting::Model,
    row: &enrolment::Model,
    how: AttendanceHow,
) -> Result<()> {
    match noted(tx, sitting.id, row.id).await? {
        Some(known) if known.present => Ok(()),
        Some(_) => Err(Refusal::new("registration.noted_absent").into()),
        None => note(tx, sitting.id, row.id, true, how, None, "").await,
    }
}

/// What is noted of somebody at a sitting, locked.
async fn noted(
    tx: &WriteTx,
    sitting: SittingId,
    enrolment: EnrolmentId,
) -> Result<Option<attendance::Model>> {
    // The enrolment's row makes two notes about one person take turns: there may be none to lock yet.
    store::lock_enrolment(tx, enrolment).await?;
    Ok(attendance::Entity::find()
        .filter(attendance::Column::SittingId.eq(sitting))
        .filter(attendance::Column::EnrolmentId.eq(enrolment))
        .one(tx.db())
        .await?)
}

async fn note(
    tx: &WriteTx,
    sitting: SittingId,
    enrolment: EnrolmentId,
    present: bool,
    how: AttendanceHow,
    by: Option<PersonId>,
    reason: &str,
) -> Result<()> {
    let known = noted(tx, sitting, enrolment).await?;
    let row = attendance::ActiveModel {
        id: Set(known
            .as_ref()
            .map_or_else(|| tx.id::<AttendanceId>(), |row| row.id)),
        sitting_id: Set(sitting),
        enrolment_id: Set(enrolment),
        present: Set(present),
        how: Set(how),
        at: Set(tx.now()),
        by_person: Set(by),
        reason: Set(reason.to_owned()),
    };
    if known.is_some() {
        attendance::Entity::update(row).exec(tx.db()).await?;
    } else {
        attendance::Entity::insert(row)
            .exec_without_returning(tx.db())
            .await?;
    }
    Ok(())
}

/// Staff note on the spot that somebody is there, or take the note back: from half an hour before the
/// sitting to the end of its day. Later it is a correction.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for others than those who manage the registration;
/// `registration.too_early`; `registration.correct_instead`.
pub async fn tick(
    ctx: &Context,
    owners: &Owners,
    actor: &Actor,
    sitting: SittingId,
    enrolment: EnrolmentId,
    present: bool,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let sitting = managed(&tx, owners, actor, sitting, enrolment).await?;
    let registration = store::get(tx.db(), sitting.registration_id).await?;
    let zone = zone(&registration)?;
    if tx.now() < opens(ctx, &sitting) {
        let from = dates::moment(opens(ctx, &sitting), zone);
        return Err(Refusal::new("registration.too_early")
            .with("from", from)
            .into());
    }
    if dates::local_date(tx.now(), zone) > dates::local_date(sitting.to_at, zone) {
        return Err(Refusal::new("registration.correct_instead").into());
    }
    let by = Some(actor.person);
    note(
        &tx,
        sitting.id,
        enrolment,
        present,
        AttendanceHow::Staff,
        by,
        "",
    )
    .await?;
    tx.commit().await
}

/// Corrects what is noted, with a reason that is kept.
///
/// # Errors
/// As [`tick`], at any time after the sitting opened; `registration.reason_needed`.
pub async fn correct(
    ctx: &Context,
    owners: &Owners,
    actor: &Actor,
    sitting: SittingId,
    enrolment: EnrolmentId,
    present: bool,
    reason: &str,
) -> Result<()> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_REASON {
        return Err(Refusal::new("registration.reason_needed")
            .with("max", MAX_REASON)
            .into());
    }
    let tx = ctx.store.begin().await?;
    let sitting = managed(&tx, owners, actor, sitting, enrolment).await?;
    if tx.now() < opens(ctx, &sitting) {
        let zone = zone(&store::get(tx.db(), sitting.registration_id).await?)?;
        let from = dates::moment(opens(ctx, &sitting), zone);
        return Err(Refusal::new("registration.too_early")
            .with("from", from)
            .into());
    }
    let before = noted(&tx, sitting.id, enrolment).await?;
    let by = Some(actor.person);
    let how = AttendanceHow::Correction;
    note(&tx, sitting.id, enrolment, present, how, by, reason).await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: by,
            action: "registration.correct_attendance",
            subject_kind: "enrolment",
            subject_id: Some(enrolment.0),
            details: json!({
                "sitting": sitting.id,
                "from": before.is_some_and(|row| row.present),
                "to": present,
                "reason": reason,
            }),
        },
    )
    .await?;
    tx.commit().await
}

/// The sitting of an enrolled person in a registration that the actor manages.
async fn managed(
    tx: &WriteTx,
    owners: &Owners,
    actor: &Actor,
    sitting: SittingId,
    enrolment: EnrolmentId,
) -> Result<sitting::Model> {
    let sitting = store::sitting(tx.db(), sitting).await?;
    let registration = store::get(tx.db(), sitting.registration_id).await?;
    access::require_manager(actor, owners, &registration)?;
    let row = store::enrolment(tx.db(), enrolment).await?;
    if row.registration_id != registration.id || row.state != EnrolmentState::Enrolled {
        return Err(Refusal::new("registration.not_enrolled").into());
    }
    Ok(sitting)
}
