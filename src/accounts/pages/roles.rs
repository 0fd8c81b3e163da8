//! `/roles`: who works for the secretariat and the groups.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{ids::PersonId, role_grant::Role};
use sea_orm::{ActiveEnum, Iterable};

use crate::{
    accounts::{
        Action, Desk, Owner,
        roles::{GIVEN_HERE, Given, give, holders, take},
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        texts::Label,
        ui::{
            Form, Shell, Submission, Tag, dates,
            form::{Choice, choices},
            page, page_with_status,
        },
    },
};

#[derive(Template)]
#[template(path = "accounts/templates/roles.html")]
struct RolesPage {
    shell: Shell,
    form: Form,
    rows: Vec<Row>,
    choices: Vec<Choice>,
}

struct Row {
    person: PersonId,
    name: String,
    sample: bool,
    email: String,
    tag: Tag,
    own: bool,
    roles: Vec<RoleRow>,
}

struct RoleRow {
    word: &'static str,
    code: String,
    since: String,
}

async fn roles_page(ctx: &Context, desk: Desk, form: Form) -> Result<RolesPage> {
    let rows = holders(ctx.store.read(), &GIVEN_HERE)
        .await?
        .into_iter()
        .map(|holder| Row {
            own: holder.person.id == desk.actor.person,
            person: holder.person.id,
            name: holder.person.name,
            sample: holder.person.sample,
            email: holder.account.email,
            tag: if holder.account.password_hash.is_some() {
                Tag {
                    class: "ok",
                    word: "可登录",
                }
            } else {
                Tag {
                    class: "wait",
                    word: "待设密码",
                }
            },
            roles: holder
                .roles
                .into_iter()
                .map(|row| RoleRow {
                    word: row.role.zh(),
                    code: row.role.to_value(),
                    since: dates::full_day(dates::local_date(row.granted_at, ctx.zone())),
                })
                .collect(),
        })
        .collect();
    Ok(RolesPage {
        shell: desk.shell,
        form,
        rows,
        choices: choices(GIVEN_HERE.map(|role| (role.to_value(), role.zh()))),
    })
}

/// `GET /roles`
///
/// # Errors
/// [`Error::NotFound`] for people who may not manage roles.
pub async fn show(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    desk.actor.require(Action::ManageRoles, &Owner::ALLIANCE)?;
    Ok(page(&roles_page(&ctx, desk, Form::default()).await?))
}

/// `POST /roles`
///
/// # Errors
/// As [`show`].
pub async fn post_give(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let name = fields.required("name", 40, &mut errors);
    let email = fields.required("email", 254, &mut errors);
    let role = fields.choice("role", &mut errors, role_given_here);
    let given = async {
        let role = errors.into_result(role)?;
        let role = role.ok_or(Error::NotFound)?;
        give(&ctx, &desk.actor, Given { name, email, role }).await
    };
    match given.await {
        Ok(_) => Ok(Redirect::to("/roles?done=saved").into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let shown = roles_page(&ctx, desk, form).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
    }
}

/// `POST /roles/{person}/{role}/take`
///
/// # Errors
/// As [`show`].
pub async fn post_take(
    State(ctx): State<Context>,
    desk: Desk,
    Path((person, role)): Path<(PersonId, String)>,
) -> Result<Response> {
    let role = role_given_here(&role).ok_or(Error::NotFound)?;
    match take(&ctx, &desk.actor, person, role).await {
        Ok(()) => Ok(Redirect::to("/roles?done=saved").into_response()),
        Err(error) => {
            let form = Form::refused(Default::default(), error.into_form_errors()?);
            let shown = roles_page(&ctx, desk, form).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
    }
}

fn role_given_here(code: &str) -> Option<Role> {
    Role::iter().find(|role| GIVEN_HERE.contains(role) && role.to_value() == code)
}
