//! `/committees/{id}/units/…`: the secretariat names and releases units.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    committee_unit::UnitPart,
    ids::{CommitteeId, CommitteeUnitId, UnitId},
};
use sea_orm::{ActiveEnum, Iterable};

use super::{
    super::{name_unit, rules, store},
    detail::{lead_on, release_field},
};
use crate::{
    accounts::{Action, Desk, Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        texts::Label,
        ui::{
            Form, Shell, Submission,
            form::{Choice, choices},
            page_with_status,
        },
    },
    units,
};

#[derive(Template)]
#[template(path = "committees/templates/unit.html")]
struct UnitPage {
    shell: Shell,
    form: Form,
    id: CommitteeId,
    name: String,
    kind: &'static str,
    least: usize,
    units: Vec<Choice>,
    parts: Vec<Choice>,
}

/// `GET /committees/{id}/units/new`
///
/// # Errors
/// Not found for people who may not keep committees.
pub async fn show_unit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CommitteeId>,
) -> Result<Response> {
    render(&ctx, desk, id, Form::default(), StatusCode::OK).await
}

/// `POST /committees/{id}/units/new`
///
/// # Errors
/// As [`show_unit`].
pub async fn post_unit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CommitteeId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let unit = fields.choice("unit", &mut errors, |text| text.parse::<UnitId>().ok());
    let part = fields.choice("part", &mut errors, |text| {
        UnitPart::try_from_value(&text.to_owned()).ok()
    });
    let done = async {
        let (Some(unit), Some(part)) = errors.into_result((unit, part))? else {
            return Err(Error::NotFound);
        };
        name_unit::name_unit(&ctx, &desk.actor, id, unit, part).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/committees/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render(&ctx, desk, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `POST /committees/{id}/units/{unit}/release`
///
/// # Errors
/// Not found for what is foreign.
pub async fn post_release(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, unit)): Path<(CommitteeId, CommitteeUnitId)>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageCommittees, &Owner::committee(id))?;
    let mut errors = FieldErrors::default();
    let reason = fields.required(&release_field(unit), 200, &mut errors);
    let done = async {
        let reason = errors.into_result(reason)?;
        name_unit::release_unit(&ctx, &desk.actor, id, unit, &reason).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done, "saved").await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    id: CommitteeId,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageCommittees, &Owner::committee(id))?;
    let db = ctx.store.read();
    let row = store::get(db, id).await?;
    let mut all = vec![Choice {
        value: String::new(),
        label: "请选择单位".to_owned(),
        hint: String::new(),
    }];
    let known = units::all(db).await?;
    all.extend(choices(
        known
            .into_iter()
            .filter(|unit| unit.left_on.is_none())
            .map(|unit| (unit.id, format!("{}（{}）", unit.name, unit.tier.zh()))),
    ));
    Ok(page_with_status(
        status,
        &UnitPage {
            form,
            id,
            name: row.name,
            kind: row.kind.zh(),
            least: rules::least_organisers(row.kind),
            units: all,
            parts: choices(UnitPart::iter().map(|part| (part.to_value(), part.zh()))),
            shell: desk.shell,
        },
    ))
}
