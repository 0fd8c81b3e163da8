//! What registrations put on the home pages of contacts and of those who manage them.

use std::collections::BTreeMap;

use chrono::Duration;
use entity::{
    enrolment::{self, EnrolmentState},
    ids::{RegistrationId, UnitId},
    registration::{self, RegistrationState},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    access,
    board::STANDING,
    owners::Owners,
    rules::{self, Limits, Phase},
    store,
};
use crate::{
    accounts::{Action, Actor, Due, HomeSource, Owner, Standing, policy},
    foundation::{
        context::{Boxed, Context},
        error::Result,
        ui::dates,
    },
};

/// Sittings that ended longer ago are settled, whatever was noted of them.
const NOTED_WITHIN_DAYS: i64 = 14;

/// People whom a unit has to agree to, seats to fill by hand, attendance to note.
#[derive(Clone, Debug)]
pub struct RegistrationsHome(pub Owners);

impl HomeSource for RegistrationsHome {
    fn due<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let mut all = Vec::new();
            for row in recent(ctx).await? {
                all.extend(to_agree(ctx, actor, &row).await?);
                if access::manages(actor, &self.0, &row)? {
                    all.extend(to_fill(ctx, &row).await?);
                    all.extend(to_note(ctx, &row).await?);
                }
            }
            Ok(all)
        })
    }

    fn standing<'a>(
        &'a self,
        ctx: &'a Context,
        actor: &'a Actor,
        unit: UnitId,
    ) -> Boxed<'a, Result<Vec<Standing>>> {
        Box::pin(async move {
            if !policy::allows(actor, Action::EnrolPeople, &Owner::unit(unit)) {
                return Ok(Vec::new());
            }
            let people = coming(ctx, unit).await?;
            let count = |state| people.iter().filter(|one| **one == state).count();
            Ok(vec![Standing {
                title: "报名".to_owned(),
                href: "/registrations".to_owned(),
                says: format!(
                    "未结束的培训班和活动：有名额 {} 人，候补 {} 人，待确认名额 {} 人，待贵单位同意 {} 人",
                    count(EnrolmentState::Enrolled),
                    count(EnrolmentState::Waiting),
                    count(EnrolmentState::Offered),
                    count(EnrolmentState::AwaitingUnit)
                ),
            }])
        })
    }
}

fn line(row: &registration::Model, why: String) -> Due {
    Due {
        title: row.title.clone(),
        href: format!("/registrations/{}", row.id),
        why,
        due: None,
        late: false,
    }
}

/// Registrations that go on, or were over not long ago, the first to begin first.
async fn recent(ctx: &Context) -> Result<Vec<registration::Model>> {
    let shown = [
        RegistrationState::Open,
        RegistrationState::Closed,
        RegistrationState::Ended,
    ];
    let since = ctx.now() - Duration::days(NOTED_WITHIN_DAYS);
    Ok(registration::Entity::find()
        .filter(registration::Column::State.is_in(shown))
        .filter(registration::Column::EndsAt.gt(since))
        .order_by_asc(registration::Column::StartsAt)
        .order_by_asc(registration::Column::Id)
        .all(ctx.store.read())
        .await?)
}

/// States of a unit's people in what is not over.
async fn coming(ctx: &Context, unit: UnitId) -> Result<Vec<EnrolmentState>> {
    let db = ctx.store.read();
    let open: Vec<RegistrationId> = recent(ctx)
        .await?
        .into_iter()
        .filter(|row| row.ends_at > ctx.now())
        .map(|row| row.id)
        .collect();
    Ok(enrolment::Entity::find()
        .filter(enrolment::Column::RegistrationId.is_in(open))
        .filter(enrolment::Column::UnitId.eq(unit))
        .filter(enrolment::Column::State.is_in(STANDING))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.state)
        .collect())
}

/// People of the actor's units who enrolled by themselves and wait for the unit.
async fn to_agree(ctx: &Context, actor: &Actor, row: &registration::Model) -> Result<Option<Due>> {
    if rules::may_leave(rules::phase(row, ctx.now())).is_err() {
        return Ok(None);
    }
    let waiting = [EnrolmentState::AwaitingUnit];
    let people = store::standing_at(ctx.store.read(), row.id, &waiting).await?;
    let own = people
        .iter()
        .filter(|one| one.unit_id.is_some_and(|unit| access::enrols(actor, unit)))
        .count();
    Ok((own > 0).then(|| Due {
        due: Some(row.starts_at),
        ..line(row, format!("{own} 人自行报名，请同意或不同意"))
    }))
}

/// Seats that are free after the closing while people wait: nobody moves up by themselves any more.
async fn to_fill(ctx: &Context, row: &registration::Model) -> Result<Option<Due>> {
    if rules::phase(row, ctx.now()) != Phase::After {
        return Ok(None);
    }
    let counts = store::counts(ctx.store.read(), row.id).await?;
    let free = counts.free(Limits::of(row));
    let waiting = counts.at(EnrolmentState::Waiting);
    Ok((free > 0 && waiting > 0).then(|| Due {
        due: Some(row.starts_at),
        ..line(
            row,
            format!("报名已截止，空 {free} 席，候补 {waiting} 人，请递补"),
        )
    }))
}

/// Sittings that were, with people enrolled and nothing noted of who came.
async fn to_note(ctx: &Context, row: &registration::Model) -> Result<Vec<Due>> {
    let db = ctx.store.read();
    if row.starts_at > ctx.now() {
        return Ok(Vec::new());
    }
    let enrolled = store::standing_at(db, row.id, &[EnrolmentState::Enrolled]).await?;
    if enrolled.is_empty() {
        return Ok(Vec::new());
    }
    let mut by_day: BTreeMap<_, usize> = BTreeMap::new();
    for sitting in store::sittings(db, row.id).await? {
        if sitting.to_at <= ctx.now() && store::notes(db, sitting.id).await?.is_empty() {
            let day = dates::local_date(sitting.from_at, ctx.zone());
            *by_day.entry(day).or_default() += 1;
        }
    }
    Ok(by_day
        .into_iter()
        .map(|(day, sittings)| {
            let day = dates::day(day);
            line(row, format!("{day}有 {sittings} 节没有签到记录，请补记"))
        })
        .collect())
}
