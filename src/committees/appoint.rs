//! People with an office in a committee, for a term. Those who act for it sign in with a role that
//! reaches this committee only.

use chrono::NaiveDate;
use entity::{
    committee_person::{self, Office},
    ids::{CommitteeId, CommitteePersonId, UnitId},
    role_grant::Role,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{mails, rules, store};
use crate::{
    accounts::{
        Action, Actor, Owner,
        grants::{self, Reach},
        invite,
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
        texts::Label,
    },
    people::{self, NewPerson},
};

/// Somebody to be appointed, as typed.
#[derive(Clone, Debug)]
pub struct NewOfficer {
    /// Name.
    pub name: String,
    /// E-mail address, or blank for a 委员.
    pub email: String,
    /// Mobile number, or blank.
    pub mobile: String,
    /// Position in the unit, at most 60 characters.
    pub position: String,
    /// The unit of the committee that the person comes from.
    pub unit: UnitId,
    /// The office.
    pub office: Office,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// Appoints somebody. Who acts for the committee is invited to sign in; everybody is told.
///
/// # Errors
/// Refusals of the fields `name`, `email`, `mobile`, `unit`, `office` and `to`; `committees.ended`.
pub async fn appoint(
    ctx: &Context,
    actor: &Actor,
    id: CommitteeId,
    new: &NewOfficer,
) -> Result<()> {
    actor.require(Action::RunCommittee, &Owner::committee(id))?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    rules::goes_on(row.state)?;
    let full = store::full(tx.db(), id).await?;
    let at = |field: &str, refusal| Error::Invalid(FieldErrors::at(field, refusal));
    if !full.admitted().any(|one| one.unit.id == new.unit) {
        return Err(at("unit", Refusal::new("committees.not_of_unit")));
    }
    let held: Vec<_> = full
        .people
        .iter()
        .map(|one| (one.row.office, one.person.name.clone()))
        .collect();
    rules::may_appoint(new.office, new.from, new.to, &held)
        .map_err(|(field, refusal)| at(field, refusal))?;
    let blank = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let person = people::find_or_add(
        &tx,
        NewPerson {
            name: new.name.clone(),
            email: blank(&new.email),
            mobile: blank(&new.mobile),
            sample: false,
        },
    )
    .await?;
    if full.people.iter().any(|one| one.person.id == person.id) {
        let refusal = Refusal::new("committees.has_office").with("name", &person.name);
        return Err(at("name", refusal));
    }
    committee_person::Entity::insert(committee_person::ActiveModel {
        id: Set(tx.id::<CommitteePersonId>()),
        committee_id: Set(id),
        person_id: Set(person.id),
        unit_id: Set(new.unit),
        office: Set(new.office),
        position: Set(new.position.clone()),
        from_date: Set(new.from),
        to_date: Set(new.to),
        ended_on: Set(None),
        end_reason: Set(String::new()),
        created_at: Set(tx.now()),
    })
    .exec_without_returning(tx.db())
    .await?;
    let said = format!("{}：{}", new.office.zh(), person.name);
    let by = Some(actor.person);
    let event = store::note(&tx, id, by, "committees.appointed", &said).await?;
    if rules::acts(new.office) {
        let Some(email) = person.email.clone() else {
            return Err(at("email", Refusal::new("form.required")));
        };
        let account = grants::open(&tx, person.id, &email).await?;
        if grants::grant(&tx, account.id, Role::Committee, Reach::committee(id)).await? {
            let capacity = format!("{}{}", row.name, new.office.zh());
            invite(&tx, ctx, &person, &account, &capacity).await?;
        }
    }
    mails::to_person(&tx, &row, &person, event, &mails::Appointed::of(&row, new)).await?;
    tx.commit().await
}

/// Ends an office today, with the reason.
///
/// # Errors
/// A refusal of the field `end_reason`; [`Error::NotFound`] for an office of another committee or
/// one that has ended.
pub async fn end_office(
    ctx: &Context,
    actor: &Actor,
    id: CommitteeId,
    office: CommitteePersonId,
    reason: &str,
) -> Result<()> {
    actor.require(Action::RunCommittee, &Owner::committee(id))?;
    if reason.is_empty() {
        return Err(Error::Invalid(FieldErrors::at(
            "end_reason",
            Refusal::new("form.required"),
        )));
    }
    let tx = ctx.store.begin().await?;
    store::lock(&tx, id).await?;
    let row = store::person_by_id(tx.db(), office).await?;
    if row.committee_id != id || row.ended_on.is_some() {
        return Err(Error::NotFound);
    }
    end_within(&tx, &row, ctx.today(), reason).await?;
    let name = people::get(tx.db(), row.person_id).await?.name;
    let said = format!("{}：{name}，{reason}", row.office.zh());
    store::note(
        &tx,
        id,
        Some(actor.person),
        "committees.office_ended",
        &said,
    )
    .await?;
    tx.commit().await
}

/// Ends an office, and with the last one of a person the right to act for the committee.
pub(super) async fn end_within(
    tx: &WriteTx,
    row: &committee_person::Model,
    on: NaiveDate,
    reason: &str,
) -> Result<()> {
    committee_person::Entity::update(committee_person::ActiveModel {
        id: Set(row.id),
        ended_on: Set(Some(on)),
        end_reason: Set(reason.to_owned()),
        ..Default::default()
    })
    .exec(tx.db())
    .await?;
    let left = committee_person::Entity::find()
        .filter(committee_person::Column::CommitteeId.eq(row.committee_id))
        .filter(committee_person::Column::PersonId.eq(row.person_id))
        .filter(committee_person::Column::EndedOn.is_null())
        .all(tx.db())
        .await?;
    if !left.iter().any(|other| rules::acts(other.office)) {
        let reach = Reach::committee(row.committee_id);
        grants::revoke(tx, row.person_id, Role::Committee, reach).await?;
    }
    Ok(())
}
