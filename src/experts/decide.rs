//! The secretariat decides on a recommendation.

use entity::{
    expert::{self, ExpertState},
    ids::{ExpertId, PersonId},
    person,
};
use sea_orm::ActiveValue::Set;

use super::{
    mails,
    profile::Profile,
    recommend, rules,
    rules::{Approval, Approved, Identity, Step},
    store,
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        files,
        store::WriteTx,
        ui::Fields,
    },
    people, units,
};

/// Approves a recommendation; the person is then asked by mail to confirm. Where two people have to
/// approve, the first approval is only noted.
///
/// # Errors
/// `experts.wrong_state`, `experts.no_stamped_form`, `experts.term_over`, `experts.quota_full`,
/// `experts.duplicate`, and the refusals of [`rules::approve`].
pub async fn approve(
    ctx: &Context,
    actor: &Actor,
    id: ExpertId,
    fields: &Fields,
) -> Result<Approved> {
    actor.require(Action::DecideRecommendation, &Owner::ALLIANCE)?;
    let mut errors = FieldErrors::default();
    let exception = fields.optional("exception", 200, &mut errors);
    errors.into_result(())?;
    let tx = ctx.store.begin().await?;
    let seen = store::find(tx.db(), id).await?;
    let (term, unit) = store::lock_seats(&tx, ctx.today(), seen.unit_id).await?;
    let row = store::lock(&tx, id).await?;
    rules::next(row.state, Step::Approve)?;
    if term.to_date < ctx.today() {
        return Err(Refusal::new("experts.term_over").into());
    }
    let scanned = !files::list(tx.db(), recommend::stamped_form(id))
        .await?
        .is_empty();
    if !row.guest && ctx.config.pool.stamped_form_required && !scanned {
        return Err(Refusal::new("experts.no_stamped_form").into());
    }
    let person = people::get(tx.db(), row.person_id).await?;
    let profile = Profile::of(&row, &person);
    let unit_name = unit.as_ref().map_or("", |unit| unit.name.as_str());
    recommend::check_duplicate(&tx, id, &profile, unit_name).await?;
    if let (Some(unit), false) = (&unit, row.guest) {
        recommend::check_seat(ctx, &tx, unit, id).await?;
    }
    let units: Vec<_> = actor.units().collect();
    let runs_secretariat = unit.as_ref().is_some_and(|unit| unit.secretariat) && !row.guest;
    let decision = rules::approve(&Approval {
        approver: actor.person,
        recommended_by: row.recommended_by,
        own_unit: rules::is_own_unit(row.unit_id, runs_secretariat, &units),
        first: row.first_approved_by,
        exception: &exception,
    })?;
    if decision == Approved::First {
        note_first(&tx, &row, actor.person).await?;
    } else {
        let person = join_known(&tx, &person, &profile, unit_name).await?;
        let taken = store::take(
            &tx,
            &row,
            Step::Approve,
            Some(actor.person),
            &exception,
            expert::ActiveModel {
                person_id: Set(person.id),
                decided_by: Set(Some(actor.person)),
                decided_at: Set(Some(tx.now())),
                decision_note: Set(String::new()),
                exception_note: Set(match decision {
                    Approved::ByException => exception.clone(),
                    Approved::Fully | Approved::First => String::new(),
                }),
                ..Default::default()
            },
        )
        .await?;
        if person.id != row.person_id {
            people::remove(&tx, row.person_id).await?;
        }
        mails::ask_to_confirm(&tx, &taken.row, &person, &term).await?;
        mails::tell_unit(&tx, &taken, &person, mails::News::Approved, "").await?;
    }
    tx.commit().await?;
    Ok(decision)
}

async fn note_first(tx: &WriteTx, row: &expert::Model, by: PersonId) -> Result<()> {
    store::update(
        tx,
        row.id,
        expert::ActiveModel {
            first_approved_by: Set(Some(by)),
            ..Default::default()
        },
    )
    .await?;
    store::note(
        tx,
        row.id,
        ExpertState::Recommended,
        Some(by),
        "第一位审批人同意",
    )
    .await?;
    crate::accounts::audit::record(
        tx,
        crate::accounts::audit::Entry {
            actor: Some(by),
            action: "experts.approve_first",
            subject_kind: "expert",
            subject_id: Some(row.id.0),
            details: serde_json::json!({}),
        },
    )
    .await?;
    Ok(())
}

/// The row of the person: one that is surely the same human where there is one (a contact, a former
/// expert), so that everybody is one person; what that row lacks is taken from the recommendation.
/// Locked by `store::lock_seats` of the caller against other experts.
pub(super) async fn join_known(
    tx: &WriteTx,
    own: &person::Model,
    profile: &Profile,
    unit_name: &str,
) -> Result<person::Model> {
    let described = Identity {
        name: &profile.name,
        email: own.email.as_deref(),
        mobile: own.mobile.as_deref(),
        affiliation: unit_name,
    };
    let known = people::duplicates(tx.db(), own.email.as_deref(), own.mobile.as_deref())
        .await?
        .into_iter()
        .filter(|other| other.id != own.id)
        .find(|other| {
            rules::surely_same(
                &described,
                &Identity {
                    name: &other.name,
                    email: other.email.as_deref(),
                    mobile: other.mobile.as_deref(),
                    affiliation: unit_name,
                },
            )
        });
    let Some(known) = known else {
        return Ok(own.clone());
    };
    let email = known.email.as_ref().or(own.email.as_ref());
    let mobile = known.mobile.as_ref().or(own.mobile.as_ref());
    if email == known.email.as_ref() && mobile == known.mobile.as_ref() {
        return Ok(known);
    }
    people::correct(
        tx,
        known.id,
        &known.name,
        email.map(String::as_str),
        mobile.map(String::as_str),
    )
    .await
}

/// Asks the unit for more.
///
/// # Errors
/// `form.required` without a reason, `experts.wrong_state`; a guest is not returned but ended by
/// [`refuse_guest`].
pub async fn return_to_unit(
    ctx: &Context,
    actor: &Actor,
    id: ExpertId,
    fields: &Fields,
) -> Result<()> {
    actor.require(Action::DecideRecommendation, &Owner::ALLIANCE)?;
    let reason = reason(fields)?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    if row.guest {
        return Err(Refusal::new("experts.guest_not_returned").into());
    }
    let taken = store::take(
        &tx,
        &row,
        Step::Return,
        Some(actor.person),
        &reason,
        expert::ActiveModel {
            decided_by: Set(Some(actor.person)),
            decided_at: Set(Some(tx.now())),
            decision_note: Set(reason.clone()),
            first_approved_by: Set(None),
            ..Default::default()
        },
    )
    .await?;
    let person = people::get(tx.db(), row.person_id).await?;
    mails::tell_unit(&tx, &taken, &person, mails::News::Returned, &reason).await?;
    tx.commit().await
}

/// Does without a guest who was not yet engaged.
///
/// # Errors
/// As [`return_to_unit`].
pub async fn refuse_guest(
    ctx: &Context,
    actor: &Actor,
    id: ExpertId,
    fields: &Fields,
) -> Result<()> {
    actor.require(Action::DecideRecommendation, &Owner::ALLIANCE)?;
    let reason = reason(fields)?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    if !row.guest {
        return Err(Refusal::new("experts.wrong_state").into());
    }
    store::take(
        &tx,
        &row,
        Step::Withdraw,
        Some(actor.person),
        &reason,
        expert::ActiveModel {
            end_reason: Set(reason.clone()),
            ..Default::default()
        },
    )
    .await?;
    mails::cancel_confirm(&tx, id).await?;
    tx.commit().await
}

/// Gives the person a new link to confirm; older links then fail.
///
/// # Errors
/// `experts.wrong_state` when nothing waits for the person.
pub async fn ask_again(ctx: &Context, actor: &Actor, id: ExpertId) -> Result<()> {
    actor.require(Action::ManageExperts, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    if row.state != ExpertState::Approved {
        return Err(Refusal::new("experts.wrong_state").into());
    }
    mails::cancel_confirm(&tx, id).await?;
    let row = store::update(
        &tx,
        id,
        expert::ActiveModel {
            link_generation: Set(row.link_generation + 1),
            ..Default::default()
        },
    )
    .await?;
    let person = people::get(tx.db(), row.person_id).await?;
    let term = units::current_term(tx.db(), ctx.today()).await?;
    mails::ask_to_confirm(&tx, &row, &person, &term).await?;
    tx.commit().await
}

/// The reason of a step, which has to be given.
pub(super) fn reason(fields: &Fields) -> Result<String> {
    let mut errors = FieldErrors::default();
    let reason = fields.required("reason", 200, &mut errors);
    errors.into_result(reason)
}
