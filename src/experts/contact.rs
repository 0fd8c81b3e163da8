//! Mail address and mobile number of an expert are corrected: by the expert, or by the secretariat. Links
//! that went to a former address fail, and what is open goes to the present one.

use entity::{
    expert::{self, ExpertState},
    ids::{ExpertId, PersonId},
    person,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{mails, profile::Profile, recommend, store};
use crate::{
    accounts::{Action, Actor, Owner, audit},
    foundation::{
        context::{Boxed, Context},
        error::{FieldErrors, Refusal, Result},
        mail::outbox,
        store::WriteTx,
        ui::Fields,
    },
    people::{self, AddressBook, AddressBooks},
    units,
};

/// States in which the secretariat corrects contact data; before, the unit writes the form.
pub(super) const CORRECTED: [ExpertState; 3] = [
    ExpertState::Approved,
    ExpertState::Engaged,
    ExpertState::Suspended,
];

/// The secretariat corrects address and number of an expert, with a word on how it knows; what is left
/// empty stays.
///
/// # Errors
/// Refusals of the fields `email`, `mobile` and `source`; `experts.duplicate` when they are another
/// expert's; `experts.wrong_state`.
pub async fn correct_contact(
    ctx: &Context,
    books: &AddressBooks,
    actor: &Actor,
    id: ExpertId,
    fields: &Fields,
) -> Result<()> {
    actor.require(Action::ManageExperts, &Owner::ALLIANCE)?;
    let mut errors = FieldErrors::default();
    let email = fields.optional("email", 200, &mut errors);
    let mobile = fields.optional("mobile", 40, &mut errors);
    let source = fields.required("source", 100, &mut errors);
    if email.is_empty() && mobile.is_empty() {
        errors.add("email", Refusal::new("experts.no_contact_given"));
    }
    errors.into_result(())?;
    let tx = ctx.store.begin().await?;
    let seen = store::find(tx.db(), id).await?;
    books.hold(&tx, seen.person_id).await?;
    store::lock_seats(&tx, ctx.today(), None).await?;
    let row = store::lock(&tx, id).await?;
    if !CORRECTED.contains(&row.state) {
        return Err(Refusal::new("experts.wrong_state").into());
    }
    let known = people::get(tx.db(), row.person_id).await?;
    let standing = Profile::of(&row, &known);
    let or_standing = |given: String, standing: &str| match given.as_str() {
        "" => standing.to_owned(),
        _ => given,
    };
    let profile = Profile {
        email: or_standing(email, &standing.email),
        mobile: or_standing(mobile, &standing.mobile),
        ..standing
    };
    let person = keep_contact(&tx, ctx, books, &row, &known, &profile).await?;
    let details = json!({
        "email_changed": person.email != known.email,
        "mobile_changed": person.mobile != known.mobile,
        "source": source,
    });
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "experts.correct_contact",
            subject_kind: "expert",
            subject_id: Some(row.id.0),
            details,
        },
    )
    .await?;
    tx.commit().await
}

/// Writes address and number of `profile`, in the write of a use case that began with
/// [`AddressBooks::hold`]. What has not left goes to the present address.
///
/// # Errors
/// Refusals of `email` and `mobile`; `experts.duplicate`.
pub(super) async fn keep_contact(
    tx: &WriteTx,
    ctx: &Context,
    books: &AddressBooks,
    row: &expert::Model,
    known: &person::Model,
    profile: &Profile,
) -> Result<person::Model> {
    let unit_name = match row.unit_id {
        Some(id) => units::get(tx.db(), id).await?.name,
        None => String::new(),
    };
    recommend::check_duplicate(tx, row.id, profile, &unit_name).await?;
    let person = people::correct(
        tx,
        known.id,
        &known.name,
        Some(&profile.email),
        Some(&profile.mobile),
    )
    .await?;
    if person.email != known.email {
        if let Some(address) = &person.email {
            outbox::readdress(tx, person.id, address).await?;
        }
        books.moved(tx, ctx, &person).await?;
    }
    Ok(person)
}

/// The links by which nominees confirm.
#[derive(Clone, Copy, Debug)]
pub struct ExpertLinks;

impl AddressBook for ExpertLinks {
    fn hold<'a>(&'a self, _: &'a WriteTx, _: PersonId) -> Boxed<'a, Result<()>> {
        // The row of the expert is locked by whoever corrects the address.
        Box::pin(async { Ok(()) })
    }

    fn moved<'a>(
        &'a self,
        tx: &'a WriteTx,
        ctx: &'a Context,
        person: &'a person::Model,
    ) -> Boxed<'a, Result<()>> {
        Box::pin(async move {
            let rows = expert::Entity::find()
                .filter(expert::Column::PersonId.eq(person.id))
                .filter(expert::Column::State.is_in(CORRECTED))
                .order_by_asc(expert::Column::Id)
                .all(tx.db())
                .await?;
            for row in rows {
                let renewed = expert::ActiveModel {
                    link_generation: Set(row.link_generation + 1),
                    ..Default::default()
                };
                let row = store::update(tx, row.id, renewed).await?;
                if row.state == ExpertState::Approved {
                    mails::cancel_confirm(tx, row.id).await?;
                    let term = units::current_term(tx.db(), ctx.today()).await?;
                    mails::ask_to_confirm(tx, &row, person, &term).await?;
                }
            }
            Ok(())
        })
    }
}
