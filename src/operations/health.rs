//! `/health` and `/ready`: what a monitor and a load balancer ask. See `docs/api.md`.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::{
    mail::{self, MailState},
    schedule_slot::{self, SlotState},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use crate::foundation::{context::Context, error::Result, mail::channel};

/// How the service stands. Ages are in whole seconds, instants in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Standing {
    /// Whether pages can be served.
    ready: bool,
    /// `SQLite` or `PostgreSQL`.
    database: &'static str,
    /// Version of the program.
    version: &'static str,
    mail: MailStanding,
    schedule: ScheduleStanding,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct MailStanding {
    /// When this instance last looked for mail to send.
    looked_at: Option<DateTime<Utc>>,
    /// When any instance last took a mail to send it.
    leased_at: Option<DateTime<Utc>>,
    /// Age of the mail that has been due for longest; at night mails wait for the morning.
    oldest_due_seconds: i64,
    /// Since when the mail server has not been usable.
    closed_since: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct ScheduleStanding {
    /// When this instance last looked for jobs.
    looked_at: Option<DateTime<Utc>>,
    /// When any instance last began a job.
    started_at: Option<DateTime<Utc>>,
    /// Age of the run that has been waiting for longest to be taken up again.
    oldest_due_seconds: i64,
}

/// `GET /health`: the process answers.
pub async fn health() -> &'static str {
    "ok\n"
}

/// `GET /ready`: the database answers, and how far mail and jobs are behind. 503 where it does not.
pub async fn ready(State(ctx): State<Context>) -> Response {
    match standing(&ctx).await {
        Ok(standing) => Json(standing).into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            let answer = serde_json::json!({ "ready": false, "database": ctx.store.kind() });
            (StatusCode::SERVICE_UNAVAILABLE, Json(answer)).into_response()
        }
    }
}

async fn standing(ctx: &Context) -> Result<Standing> {
    ctx.store.ping().await?;
    let db = ctx.store.read();
    let now = ctx.store.now().await?;
    let age = |since: Option<DateTime<Utc>>| since.map_or(0, |since| (now - since).num_seconds());
    let oldest_mail = mail::Entity::find()
        .select_only()
        .column(mail::Column::NotBefore)
        .filter(mail::Column::State.is_in([MailState::Ready, MailState::Deferred]))
        .filter(mail::Column::NotBefore.lte(now))
        .order_by_asc(mail::Column::NotBefore)
        .into_tuple()
        .one(db)
        .await?;
    let leased_at: Option<Option<DateTime<Utc>>> = mail::Entity::find()
        .select_only()
        .column_as(mail::Column::UpdatedAt.max(), "leased_at")
        .filter(mail::Column::Attempts.gt(0))
        .into_tuple()
        .one(db)
        .await?;
    let started_at: Option<Option<DateTime<Utc>>> = schedule_slot::Entity::find()
        .select_only()
        .column_as(schedule_slot::Column::StartedAt.max(), "started_at")
        .into_tuple()
        .one(db)
        .await?;
    let oldest_run = schedule_slot::Entity::find()
        .select_only()
        .column(schedule_slot::Column::LeasedUntil)
        .filter(schedule_slot::Column::State.eq(SlotState::Running))
        .filter(schedule_slot::Column::LeasedUntil.lte(now))
        .order_by_asc(schedule_slot::Column::LeasedUntil)
        .into_tuple()
        .one(db)
        .await?;
    Ok(Standing {
        ready: true,
        database: ctx.store.kind(),
        version: env!("CARGO_PKG_VERSION"),
        mail: MailStanding {
            looked_at: ctx.pulse.mail(),
            leased_at: leased_at.flatten(),
            oldest_due_seconds: age(oldest_mail),
            closed_since: channel::closed(db).await?.map(|closed| closed.since),
        },
        schedule: ScheduleStanding {
            looked_at: ctx.pulse.schedule(),
            started_at: started_at.flatten(),
            oldest_due_seconds: age(oldest_run),
        },
    })
}
