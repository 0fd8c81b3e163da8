//! Interests that an expert declares: recusal follows from them.

use entity::{expert_interest, ids::InterestId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::{few, found, lock_own, noted};
use crate::{
    accounts::Actor,
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        ui::Fields,
    },
    units,
};

/// The kinds of interest with their words.
pub const INTERESTS: [(&str, &str); 4] = [
    ("share", "股权"),
    ("adviser", "顾问、兼职"),
    ("family", "亲属任职"),
    ("other", "其他"),
];

/// Declares an interest. An organisation that is a member unit is noted as one, so that recusal finds
/// it whatever name was typed.
///
/// # Errors
/// Refusals of `organisation`, `interest`, `until`; `experts.too_many_lines`.
pub async fn add_interest(ctx: &Context, actor: &Actor, fields: &Fields) -> Result<()> {
    let mut errors = FieldErrors::default();
    let organisation = fields.required("organisation", 60, &mut errors);
    let kind = fields.choice("interest", &mut errors, |word| {
        INTERESTS
            .iter()
            .map(|(kind, _)| *kind)
            .find(|kind| *kind == word)
    });
    let note = fields.optional("note", 100, &mut errors);
    let until = fields.date("until", &mut errors);
    if until.is_some_and(|until| until < ctx.today()) {
        errors.add("until", Refusal::new("experts.until_past"));
    }
    errors.into_result(())?;
    let tx = ctx.store.begin().await?;
    let row = lock_own(&tx, actor).await?;
    let count = expert_interest::Entity::find()
        .filter(expert_interest::Column::ExpertId.eq(row.id))
        .count(tx.db())
        .await?;
    few(count)?;
    let unit = units::by_name(tx.db(), &organisation).await?;
    expert_interest::Entity::insert(expert_interest::ActiveModel {
        id: Set(tx.id::<InterestId>()),
        expert_id: Set(row.id),
        organisation: Set(unit.as_ref().map_or(organisation, |unit| unit.name.clone())),
        unit_id: Set(unit.map(|unit| unit.id)),
        kind: Set(kind.unwrap_or("other").to_owned()),
        note: Set(note),
        until_date: Set(until),
        created_at: Set(tx.now()),
    })
    .exec_without_returning(tx.db())
    .await?;
    noted(
        &tx,
        actor,
        &row,
        "experts.interest",
        json!({ "kind": kind }),
    )
    .await?;
    tx.commit().await
}

/// Takes an interest back.
///
/// # Errors
/// [`NotFound`](crate::foundation::error::Error::NotFound) when it is not the actor's.
pub async fn remove_interest(ctx: &Context, actor: &Actor, id: InterestId) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = lock_own(&tx, actor).await?;
    let gone = expert_interest::Entity::delete_many()
        .filter(expert_interest::Column::Id.eq(id))
        .filter(expert_interest::Column::ExpertId.eq(row.id))
        .exec(tx.db())
        .await?;
    found(gone.rows_affected)?;
    noted(&tx, actor, &row, "experts.interest_removed", json!({})).await?;
    tx.commit().await
}
