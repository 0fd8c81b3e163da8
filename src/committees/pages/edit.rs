//! `/committees/new` and `/committees/{id}/edit`.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    committee::{CommitteeKind, CommitteeState},
    ids::CommitteeId,
};
use sea_orm::{ActiveEnum, Iterable};

use super::super::{
    keep::{self, NewCommittee},
    store,
};
use crate::{
    accounts::{Action, Desk, Owner},
    foundation::{
        context::Context,
        error::{FieldErrors, Result},
        texts::Label,
        ui::{
            Fields, Form, Shell, Submission,
            form::{Choice, choices},
            page_with_status,
        },
    },
};

#[derive(Template)]
#[template(path = "committees/templates/edit.html")]
struct EditPage {
    shell: Shell,
    form: Form,
    title: String,
    back: String,
    /// None where the kind is settled.
    kinds: Option<Vec<Choice>>,
    /// Whether parent and last day are asked for.
    group: bool,
    parents: Vec<Choice>,
}

/// `GET /committees/new`
///
/// # Errors
/// Not found for people who may not keep committees.
pub async fn show_new(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    render(&ctx, desk, None, Form::default(), StatusCode::OK).await
}

/// `POST /committees/new`
///
/// # Errors
/// As [`show_new`].
pub async fn post_new(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let kind = fields.choice("kind", &mut errors, |text| {
        CommitteeKind::try_from_value(&text.to_owned()).ok()
    });
    let new = read(&fields, kind.unwrap_or(CommitteeKind::WorkingGroup), errors);
    let done = async { keep::create(&ctx, &desk.actor, &new?).await };
    match done.await {
        Ok(id) => Ok(Redirect::to(&format!("/committees/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render(&ctx, desk, None, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `GET /committees/{id}/edit`
///
/// # Errors
/// As [`show_new`].
pub async fn show_edit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CommitteeId>,
) -> Result<Response> {
    let row = store::get(ctx.store.read(), id).await?;
    let optional = |value: Option<String>| value.unwrap_or_default();
    let fields = Fields::default()
        .with("name", &row.name)
        .with("task", &row.task)
        .with("parent", optional(row.parent_id.map(|id| id.to_string())))
        .with("until", optional(row.until.map(|day| day.to_string())));
    render(&ctx, desk, Some(id), Form::new(fields), StatusCode::OK).await
}

/// `POST /committees/{id}/edit`
///
/// # Errors
/// As [`show_new`].
pub async fn post_edit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CommitteeId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let row = store::get(ctx.store.read(), id).await?;
    let new = read(&fields, row.kind, FieldErrors::default());
    let done = async { keep::correct(&ctx, &desk.actor, id, &new?).await };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/committees/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            render(&ctx, desk, Some(id), form, status).await
        }
    }
}

fn read(fields: &Fields, kind: CommitteeKind, mut errors: FieldErrors) -> Result<NewCommittee> {
    let new = NewCommittee {
        kind,
        name: fields.required("name", 60, &mut errors),
        task: fields.required("task", 1_000, &mut errors),
        parent: fields.id("parent"),
        until: fields.date("until", &mut errors),
    };
    errors.into_result(new)
}

async fn render(
    ctx: &Context,
    desk: Desk,
    id: Option<CommitteeId>,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let owner = id.map_or(Owner::ALLIANCE, Owner::committee);
    desk.actor.require(Action::ManageCommittees, &owner)?;
    let db = ctx.store.read();
    let row = match id {
        Some(id) => Some(store::get(db, id).await?),
        None => None,
    };
    let mut parents = vec![Choice {
        value: String::new(),
        label: "不隶属专门委员会".to_owned(),
        hint: String::new(),
    }];
    let all = store::all(db).await?;
    parents.extend(choices(
        all.into_iter()
            .filter(|one| {
                one.row.kind == CommitteeKind::Committee && one.row.state != CommitteeState::Ended
            })
            .map(|one| (one.row.id, one.row.name)),
    ));
    Ok(page_with_status(
        status,
        &EditPage {
            title: row.as_ref().map_or_else(
                || "登记委员会或工作组".to_owned(),
                |row| format!("更正{}", row.name),
            ),
            back: id.map_or_else(
                || "/committees".to_owned(),
                |id| format!("/committees/{id}"),
            ),
            kinds: row
                .is_none()
                .then(|| choices(CommitteeKind::iter().map(|kind| (kind.to_value(), kind.zh())))),
            group: row.is_none_or(|row| row.kind == CommitteeKind::WorkingGroup),
            parents,
            form,
            shell: desk.shell,
        },
    ))
}
