//! Contacts: on the unit's page for the secretariat, at `/my/contacts` for contacts themselves.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{ContactId, UnitId},
    person,
    role_grant::Role,
    unit,
    unit_contact::{self, ContactState},
};
use sea_orm::EntityTrait;

use crate::{
    accounts::{Action, Actor, Desk, Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        ui::{
            Fields, Form, Shell, Submission, Tag, dates,
            form::{Choice, choices},
            page, page_with_status,
        },
    },
    people::{self, mask},
    units::{self, ContactPerson, NewContact, Successor, read},
};

/// A contact as a row of a table.
pub(super) struct ContactRow {
    pub id: ContactId,
    pub name: String,
    pub sample: bool,
    pub position: String,
    pub email: String,
    pub mobile: String,
    pub tag: Tag,
    pub invited: bool,
    /// Where the secretariat changes the sign-in address, for whoever may.
    pub address: Option<String>,
    pub since: String,
    pub until: String,
}

impl ContactRow {
    /// `full` shows the contact data to whoever works with it; others see it masked. `may_address` leads
    /// to another sign-in address while the contact serves.
    pub fn of(ctx: &Context, one: ContactPerson, full: bool, may_address: bool) -> Self {
        let ContactPerson { contact, person } = one;
        let shown = |value: Option<String>, hide: fn(&str) -> String| match value {
            Some(value) if full => value,
            Some(value) => hide(&value),
            None => String::new(),
        };
        let day = |at| dates::full_day(dates::local_date(at, ctx.zone()));
        Self {
            id: contact.id,
            tag: match contact.state {
                ContactState::Invited => Tag {
                    class: "wait",
                    word: "待设密码",
                },
                ContactState::Active => Tag {
                    class: "ok",
                    word: "在任",
                },
                ContactState::Closed => Tag {
                    class: "",
                    word: "已卸任",
                },
            },
            invited: contact.state == ContactState::Invited,
            address: (may_address && contact.state != ContactState::Closed)
                .then(|| format!("/people/{}/address", person.id)),
            since: day(contact.created_at),
            until: contact.closed_at.map(day).unwrap_or_default(),
            position: contact.position,
            name: person.name,
            sample: person.sample,
            email: shown(person.email, mask::email),
            mobile: shown(person.mobile, mask::mobile),
        }
    }
}

#[derive(Template)]
#[template(path = "units/templates/my_contacts.html")]
struct MyContactsPage {
    shell: Shell,
    sections: Vec<Section>,
    may_contacts: bool,
}

struct Section {
    unit: unit::Model,
    contacts: Vec<ContactRow>,
}

/// `GET /my/contacts`: for the secretariat, the list of all units stands in its place.
///
/// # Errors
/// When the service itself fails.
pub async fn show_own(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    if !desk.actor.has(Role::Contact) {
        return Ok(Redirect::to("/units").into_response());
    }
    let db = ctx.store.read();
    let mut sections = Vec::new();
    for id in desk.actor.units() {
        desk.actor
            .require(Action::ManageContacts, &Owner::unit(id))?;
        sections.push(Section {
            unit: read::get(db, id).await?,
            contacts: read::contacts(db, id)
                .await?
                .into_iter()
                .map(|one| ContactRow::of(&ctx, one, true, false))
                .collect(),
        });
    }
    Ok(page(&MyContactsPage {
        shell: desk.shell,
        sections,
        may_contacts: true,
    }))
}

#[derive(Template)]
#[template(path = "units/templates/new_contact.html")]
struct NewContactPage {
    shell: Shell,
    form: Form,
    unit: unit::Model,
    back: String,
    days: i64,
}

async fn new_page(ctx: &Context, desk: Desk, id: UnitId, form: Form) -> Result<NewContactPage> {
    desk.actor
        .require(Action::ManageContacts, &Owner::unit(id))?;
    Ok(NewContactPage {
        back: back(&desk.actor, id),
        shell: desk.shell,
        form,
        unit: read::get(ctx.store.read(), id).await?,
        days: ctx.config.accounts.invite_days,
    })
}

/// `GET /units/{id}/contacts/new`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show_new(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<UnitId>,
) -> Result<Response> {
    Ok(page(&new_page(&ctx, desk, id, Form::default()).await?))
}

/// `POST /units/{id}/contacts/new`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn post_new(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<UnitId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let new = typed(&fields, &mut errors);
    let added = async {
        errors.into_result(())?;
        units::add_contact(&ctx, &desk.actor, id, &new).await
    };
    match added.await {
        Ok(_) => {
            Ok(Redirect::to(&format!("{}?done=invited", back(&desk.actor, id))).into_response())
        }
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let shown = new_page(&ctx, desk, id, form).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
    }
}

/// `POST /contacts/{id}/invite`
///
/// # Errors
/// [`Error::NotFound`]; a refusal when the contact has come already.
pub async fn post_invite(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ContactId>,
) -> Result<Response> {
    let unit = units::invite_again(&ctx, &desk.actor, id).await?;
    let to = format!("{}?done=re-invited", back(&desk.actor, unit));
    Ok(Redirect::to(&to).into_response())
}

#[derive(Template)]
#[template(path = "units/templates/close_contact.html")]
struct ClosePage {
    shell: Shell,
    form: Form,
    name: String,
    sample: bool,
    own: bool,
    unit: unit::Model,
    back: String,
}

async fn close_page(ctx: &Context, desk: Desk, id: ContactId, form: Form) -> Result<ClosePage> {
    let (unit, _, person) = find(ctx, &desk.actor, id).await?;
    Ok(ClosePage {
        back: back(&desk.actor, unit.id),
        own: person.id == desk.actor.person,
        shell: desk.shell,
        form,
        name: person.name,
        sample: person.sample,
        unit,
    })
}

/// `GET /contacts/{id}/close`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show_close(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ContactId>,
) -> Result<Response> {
    Ok(page(&close_page(&ctx, desk, id, Form::default()).await?))
}

/// `POST /contacts/{id}/close`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn post_close(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ContactId>,
) -> Result<Response> {
    match units::close_contact(&ctx, &desk.actor, id).await {
        Ok(unit) => {
            let to = format!("{}?done=closed", back(&desk.actor, unit));
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let form = Form::refused(Fields::default(), error.into_form_errors()?);
            let shown = close_page(&ctx, desk, id, form).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
    }
}

#[derive(Template)]
#[template(path = "units/templates/hand_over.html")]
struct HandOverPage {
    shell: Shell,
    form: Form,
    name: String,
    sample: bool,
    own: bool,
    unit: unit::Model,
    others: Vec<Choice>,
    back: String,
}

/// The choice that stands for somebody who is not a contact yet.
const SOMEBODY_NEW: &str = "new";

async fn hand_over_page(
    ctx: &Context,
    desk: Desk,
    id: ContactId,
    form: Form,
) -> Result<HandOverPage> {
    let (unit, contact, person) = find(ctx, &desk.actor, id).await?;
    let mut others: Vec<(String, String)> = read::contacts(ctx.store.read(), unit.id)
        .await?
        .into_iter()
        .filter(|one| one.contact.id != contact.id)
        .map(|one| (one.contact.id.to_string(), one.person.name))
        .collect();
    others.push((SOMEBODY_NEW.to_owned(), "新登记一位".to_owned()));
    Ok(HandOverPage {
        back: back(&desk.actor, unit.id),
        own: person.id == desk.actor.person,
        shell: desk.shell,
        form,
        name: person.name,
        sample: person.sample,
        unit,
        others: choices(others),
    })
}

/// `GET /contacts/{id}/hand-over`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show_hand_over(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ContactId>,
) -> Result<Response> {
    Ok(page(
        &hand_over_page(&ctx, desk, id, Form::default()).await?,
    ))
}

/// `POST /contacts/{id}/hand-over`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn post_hand_over(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ContactId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let successor = match fields.text("successor") {
        SOMEBODY_NEW => Some(Successor::New(typed(&fields, &mut errors))),
        _ => fields.id("successor").map(Successor::Known),
    };
    if successor.is_none() {
        errors.add("successor", Refusal::new("form.choose"));
    }
    let done = async {
        let successor = errors.into_result(successor)?.ok_or(Error::NotFound)?;
        units::hand_over(&ctx, &desk.actor, id, &successor).await
    };
    match done.await {
        Ok(unit) => {
            let to = format!("{}?done=handed-over", back(&desk.actor, unit));
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let shown = hand_over_page(&ctx, desk, id, form).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
    }
}

/// A contact that has not left, for whoever may manage it.
async fn find(
    ctx: &Context,
    actor: &Actor,
    id: ContactId,
) -> Result<(unit::Model, unit_contact::Model, person::Model)> {
    let db = ctx.store.read();
    let contact = unit_contact::Entity::find_by_id(id)
        .one(db)
        .await?
        .filter(|contact| contact.state != ContactState::Closed)
        .ok_or(Error::NotFound)?;
    actor.require(Action::ManageContacts, &Owner::unit(contact.unit_id))?;
    let unit = read::get(db, contact.unit_id).await?;
    let person = people::get(db, contact.person_id).await?;
    Ok((unit, contact, person))
}

fn typed(fields: &Fields, errors: &mut FieldErrors) -> NewContact {
    NewContact {
        name: fields.required("name", 40, errors),
        position: fields.optional("position", 60, errors),
        email: fields.required("email", 254, errors),
        mobile: fields.optional("mobile", 30, errors),
    }
}

/// Where the visitor keeps the contacts of a unit.
fn back(actor: &Actor, unit: UnitId) -> String {
    if actor.is_secretariat() {
        format!("/units/{unit}")
    } else {
        "/my/contacts".to_owned()
    }
}
