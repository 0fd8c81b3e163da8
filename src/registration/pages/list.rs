//! `GET /registrations`: for the group what it manages, for contacts what their people may join.

use askama::Template;
use axum::{extract::State, response::Response};
use entity::{
    enrolment,
    ids::UnitId,
    registration::{self, RegistrationState},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::view::Head;
use crate::{
    accounts::{
        Action, Actor, Desk,
        policy::{self, Owner},
    },
    foundation::{
        context::Context,
        error::Result,
        ui::{Fields, Shell, page},
    },
    registration::{board::STANDING, feeds, feeds::Whose},
    units,
};

#[derive(Template)]
#[template(path = "registration/templates/list.html")]
struct ListPage {
    shell: Shell,
    office: bool,
    past: bool,
    rows: Vec<Line>,
    feeds: Vec<Feed>,
}

struct Line {
    head: Head,
    /// People of the contact's units.
    own: u64,
}

struct Feed {
    unit: UnitId,
    name: String,
    address: String,
}

/// `GET /registrations`; `show=past` what is over or was cancelled.
///
/// # Errors
/// When the service itself fails.
pub async fn list(State(ctx): State<Context>, desk: Desk, query: Fields) -> Result<Response> {
    let office = policy::allows(&desk.actor, Action::ReadRegistrations, &Owner::ALLIANCE);
    let past = query.text("show") == "past";
    let mut wanted = registration::Entity::find();
    if !office {
        wanted = wanted.filter(registration::Column::State.ne(RegistrationState::Draft));
    }
    let over = Condition::any()
        .add(registration::Column::EndsAt.lte(ctx.now()))
        .add(registration::Column::State.eq(RegistrationState::Cancelled));
    wanted = if past {
        wanted
            .filter(over)
            .order_by_desc(registration::Column::StartsAt)
    } else {
        wanted
            .filter(over.not())
            .order_by_asc(registration::Column::StartsAt)
    };
    let units: Vec<UnitId> = desk.actor.units().collect();
    let mut rows = Vec::new();
    for row in wanted.all(ctx.store.read()).await? {
        let own = enrolment::Entity::find()
            .filter(enrolment::Column::RegistrationId.eq(row.id))
            .filter(enrolment::Column::UnitId.is_in(units.iter().copied()))
            .filter(enrolment::Column::State.is_in(STANDING))
            .count(ctx.store.read())
            .await?;
        rows.push(Line {
            head: Head::of(&ctx, &row).await?,
            own,
        });
    }
    Ok(page(&ListPage {
        office,
        past,
        rows,
        feeds: feeds_of(&ctx, &desk.actor).await?,
        shell: desk.shell,
    }))
}

async fn feeds_of(ctx: &Context, actor: &Actor) -> Result<Vec<Feed>> {
    let mut feeds = Vec::new();
    for unit in actor.units() {
        feeds.push(Feed {
            unit,
            name: units::get(ctx.store.read(), unit).await?.name,
            address: feeds::address(ctx, Whose::Unit(unit)).await?,
        });
    }
    Ok(feeds)
}
