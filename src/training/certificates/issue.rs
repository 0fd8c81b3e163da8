//! Issuing certificates to everybody who has earned one, revoking, and replacing one with a mistake.

use entity::{
    certificate::{self, CertificateState},
    ids::{CertificateId, CourseRunId, PersonId},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    Number, roster, rules,
    rules::Verdict,
    sealed::{Claims, Signer},
    store,
    text::{Placeholder, Wording, wording},
};
use crate::{
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        numbers,
        store::WriteTx,
        ui::dates,
    },
    people::mask,
    training::{events, mails, notice::Notice, store as training},
};

/// The yearly counter of certificates.
const COUNTER: &str = "certificate";

/// What is needed to write certificates of a run.
struct Desk<'a> {
    ctx: &'a Context,
    tx: &'a WriteTx,
    signer: Signer,
    notice: Notice,
    wording: Wording,
    by: PersonId,
}

/// What stands on one certificate and on no other.
struct Holder {
    enrolment: entity::ids::EnrolmentId,
    person: PersonId,
    name: String,
    unit: String,
    hours: i32,
    mark: Option<i32>,
    replaces: Option<CertificateId>,
}

impl<'a> Desk<'a> {
    /// Of a run that is locked.
    async fn open(
        ctx: &'a Context,
        tx: &'a WriteTx,
        run: entity::course_run::Model,
        by: PersonId,
    ) -> Result<Self> {
        let signer = Signer::of(&ctx.links)?;
        store::keep_key(tx, &signer).await?;
        let notice = Notice::of(tx.db(), ctx, run).await?;
        Ok(Self {
            wording: wording(tx.db(), &ctx.config.office, &notice.course).await?,
            ctx,
            tx,
            signer,
            notice,
            by,
        })
    }

    async fn number(&self) -> Result<Number> {
        let (year, run) = Number::run_of(&self.notice.run.number)
            .ok_or_else(|| Error::internal("a run without a yearly number"))?;
        let serial = numbers::next(self.tx, COUNTER, i32::from(year)).await?;
        Ok(Number {
            year,
            run,
            serial: u16::try_from(serial).map_err(Error::internal)?,
        })
    }

    async fn write(&self, holder: Holder) -> Result<certificate::Model> {
        let number = self.number().await?;
        let today = self.ctx.today();
        let run = &self.notice.run;
        let said = self.wording.fill(|slot| match slot {
            Placeholder::Name => holder.name.clone(),
            Placeholder::Unit => holder.unit.clone(),
            Placeholder::Course => run.title.clone(),
            Placeholder::Ordinal => run.ordinal.to_string(),
            Placeholder::Days => self.notice.days(),
            Placeholder::Hours => holder.hours.to_string(),
            Placeholder::Mark => holder.mark.map(|mark| mark.to_string()).unwrap_or_default(),
            Placeholder::Date => dates::full_day(today),
        })?;
        let payload = self.signer.seal(&Claims {
            number,
            issued_on: today,
            hours: u16::try_from(holder.hours).map_err(Error::internal)?,
            name: mask::name(&holder.name),
            course: run.title.clone(),
        })?;
        let row = certificate::Model {
            id: self.tx.id(),
            run_id: run.id,
            enrolment_id: holder.enrolment,
            person_id: holder.person,
            number: number.to_string(),
            state: CertificateState::Valid,
            name: holder.name,
            unit_name: holder.unit,
            title: said.title,
            issuer: said.issuer,
            body: said.body,
            course: run.title.clone(),
            hours: holder.hours,
            issued_on: today,
            payload,
            key_id: self.signer.id(),
            replaces: holder.replaces,
            reason: String::new(),
            issued_by: self.by,
            issued_at: self.tx.now(),
            ended_by: None,
            ended_at: None,
        };
        certificate::Entity::insert(certificate::ActiveModel::from(row.clone()))
            .exec_without_returning(self.tx.db())
            .await?;
        Ok(row)
    }
}

/// Issues certificates to everybody who has earned one and never had one, and tells them. Returns to
/// how many. Twice at once gives nobody a second one: the run is locked.
///
/// # Errors
/// `training.not_now` before the run is over; `certificate.nobody` when nobody is left to get one.
pub async fn issue(ctx: &Context, id: CourseRunId, by: PersonId) -> Result<usize> {
    let tx = ctx.store.begin().await?;
    let run = training::lock_run(&tx, id).await?;
    rules::may_issue(run.state)?;
    let due: Vec<_> = roster(tx.db(), &run, tx.now())
        .await?
        .into_iter()
        .filter(|one| one.verdict == Verdict::Passed && one.certificate.is_none())
        .collect();
    if due.is_empty() {
        return Err(Refusal::new("certificate.nobody").into());
    }
    let issued = due.len();
    let desk = Desk::open(ctx, &tx, run, by).await?;
    for one in due {
        let row = desk
            .write(Holder {
                enrolment: one.who.enrolment,
                person: one.who.person,
                name: one.who.name.clone(),
                unit: one.who.unit_name.clone(),
                hours: one.hours,
                mark: one.mark,
                replaces: None,
            })
            .await?;
        mails::certificate_issued(&tx, &desk.notice.run, &row, one.who.email).await?;
    }
    let said = format!("{issued} 人");
    events::note(&tx, &desk.notice.run, Some(by), events::ISSUED, &said).await?;
    tx.commit().await?;
    Ok(issued)
}

/// Ends a certificate under the lock of its run.
async fn end(
    tx: &WriteTx,
    id: CertificateId,
    by: PersonId,
    state: CertificateState,
    reason: &str,
) -> Result<(entity::course_run::Model, certificate::Model)> {
    let run = store::certificate(tx.db(), id).await?.run_id;
    let run = training::lock_run(tx, run).await?;
    let row = store::certificate(tx.db(), id).await?;
    rules::may_end(row.state)?;
    let row = certificate::Entity::update(certificate::ActiveModel {
        state: Set(state),
        reason: Set(reason.to_owned()),
        ended_by: Set(Some(by)),
        ended_at: Set(Some(tx.now())),
        ..row.into()
    })
    .exec(tx.db())
    .await?;
    Ok((run, row))
}

/// Revokes a certificate: it stays to be found, and is said to be revoked.
///
/// # Errors
/// `certificate.not_valid`.
pub async fn revoke(ctx: &Context, id: CertificateId, by: PersonId, reason: &str) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let (run, row) = end(&tx, id, by, CertificateState::Revoked, reason).await?;
    let said = format!("{}（{}）：{reason}", row.number, row.name);
    events::note(&tx, &run, Some(by), events::REVOKED, &said).await?;
    let email = address(&tx, &run, &row).await?;
    mails::certificate_revoked(&tx, &run, &row, email).await?;
    tx.commit().await
}

/// Gives another certificate, with name and unit as they ought to be, in the place of one with a
/// mistake. The other facts stay as they were.
///
/// # Errors
/// `certificate.not_valid`.
pub async fn reissue(
    ctx: &Context,
    id: CertificateId,
    by: PersonId,
    (name, unit): (&str, &str),
    reason: &str,
) -> Result<CertificateId> {
    let tx = ctx.store.begin().await?;
    let (run, old) = end(&tx, id, by, CertificateState::Replaced, reason).await?;
    let mark = store::marks(tx.db(), run.id)
        .await?
        .get(&old.enrolment_id)
        .map(|row| row.mark);
    let email = address(&tx, &run, &old).await?;
    let desk = Desk::open(ctx, &tx, run, by).await?;
    let row = desk
        .write(Holder {
            enrolment: old.enrolment_id,
            person: old.person_id,
            name: name.to_owned(),
            unit: unit.to_owned(),
            hours: old.hours,
            mark,
            replaces: Some(old.id),
        })
        .await?;
    let said = format!("{} 换发为 {}：{reason}", old.number, row.number);
    events::note(&tx, &desk.notice.run, Some(by), events::REISSUED, &said).await?;
    mails::certificate_issued(&tx, &desk.notice.run, &row, email).await?;
    tx.commit().await?;
    Ok(row.id)
}

/// Where to write to whoever holds `row`.
async fn address(
    tx: &WriteTx,
    run: &entity::course_run::Model,
    row: &certificate::Model,
) -> Result<Option<String>> {
    Ok(roster(tx.db(), run, tx.now())
        .await?
        .into_iter()
        .find(|one| one.who.enrolment == row.enrolment_id)
        .and_then(|one| one.who.email))
}
