//! What training puts on the home pages of the group and of contacts.

use entity::{
    course_run::RunState,
    ids::{RoomId, UnitId},
    room_booking::BookingState,
    training_need::NeedState,
};

use super::{jobs, publish::zone_of, seats, store};
use crate::{
    accounts::{Action, Actor, Due, HomeSource, Owner, Standing, policy},
    foundation::{
        context::{Boxed, Context},
        error::Result,
        ui::dates,
    },
};

/// Drafts to publish, decisions, rooms to confirm, runs to settle, long pauses.
#[derive(Clone, Copy, Debug)]
pub struct TrainingHome;

impl HomeSource for TrainingHome {
    fn due<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let mut all = of_hosts(ctx, actor).await?;
            if policy::allows(actor, Action::ManageTraining, &Owner::ALLIANCE) {
                all.extend(decisions(ctx).await?);
                all.extend(drafts(ctx).await?);
                all.extend(to_settle(ctx).await?);
                all.extend(needs(ctx).await?);
                all.extend(pauses(ctx).await?);
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
            if !policy::allows(actor, Action::StateNeed, &Owner::unit(unit)) {
                return Ok(Vec::new());
            }
            let states = store::states_of_unit(ctx.store.read(), unit).await?;
            let count = |wanted| states.iter().filter(|state| **state == wanted).count();
            Ok(vec![Standing {
                title: "培训需求".to_owned(),
                href: "/needs".to_owned(),
                says: format!(
                    "本单位提出和附议的：待安排 {} 项，已列入课程 {} 项，已办班 {} 项",
                    count(NeedState::Open),
                    count(NeedState::Planned),
                    count(NeedState::Met)
                ),
            }])
        })
    }
}

fn line(title: String, href: String, why: String) -> Due {
    Due {
        title,
        href,
        why,
        due: None,
        late: false,
    }
}

/// Rooms that a contact's unit is asked for.
async fn of_hosts(ctx: &Context, actor: &Actor) -> Result<Vec<Due>> {
    let units: Vec<_> = actor.units().collect();
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let db = ctx.store.read();
    let hosted: Vec<_> = store::bases(db)
        .await?
        .into_iter()
        .filter(|base| units.contains(&base.host_unit_id))
        .map(|base| base.id)
        .collect();
    if hosted.is_empty() {
        return Ok(Vec::new());
    }
    let rooms: Vec<RoomId> = store::rooms(db)
        .await?
        .into_iter()
        .filter(|room| hosted.contains(&room.base_id))
        .map(|room| room.id)
        .collect();
    let mut runs = Vec::new();
    for booking in store::held(db, &rooms, ctx.now()).await? {
        if booking.state == BookingState::Asked && !runs.contains(&booking.run_id) {
            runs.push(booking.run_id);
        }
    }
    let mut all = Vec::new();
    for run in runs {
        let run = store::run(db, run).await?;
        all.push(line(
            format!(
                "{} {}",
                run.number,
                seats::full_title(&run.title, run.ordinal)
            ),
            "/bookings".to_owned(),
            "培训工作组预订教室，请确认能否提供".to_owned(),
        ));
    }
    Ok(all)
}

async fn decisions(ctx: &Context) -> Result<Vec<Due>> {
    Ok(jobs::due(ctx, ctx.today())
        .await?
        .into_iter()
        .map(|(run, enrolled)| Due {
            late: true,
            ..line(
                format!(
                    "{} {}",
                    run.number,
                    seats::full_title(&run.title, run.ordinal)
                ),
                format!("/trainings/{}", run.id),
                format!("报名 {enrolled} 人，不到开班人数 {} 人，请决定", run.least),
            )
        })
        .collect())
}

async fn drafts(ctx: &Context) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    for run in store::runs(ctx.store.read(), &[RunState::Draft]).await? {
        let when = match run.starts_at {
            Some(at) => dates::day_and_weekday(dates::local_date(at, zone_of(&run)?)),
            None => "时间待定".to_owned(),
        };
        all.push(line(
            format!(
                "{} {}",
                run.number,
                seats::full_title(&run.title, run.ordinal)
            ),
            format!("/trainings/{}", run.id),
            format!("草稿待发布，{when}"),
        ));
    }
    Ok(all)
}

/// Runs that are over and not settled.
async fn to_settle(ctx: &Context) -> Result<Vec<Due>> {
    Ok(store::runs(ctx.store.read(), &[RunState::Held])
        .await?
        .into_iter()
        .map(|run| {
            line(
                format!(
                    "{} {}",
                    run.number,
                    seats::full_title(&run.title, run.ordinal)
                ),
                format!("/trainings/{}/certificates", run.id),
                "已办班，请登记成绩、发给证书，然后结班".to_owned(),
            )
        })
        .collect())
}

async fn needs(ctx: &Context) -> Result<Vec<Due>> {
    let open = store::open_needs(ctx.store.read()).await?;
    Ok((open > 0)
        .then(|| {
            line(
                format!("{open} 项培训需求待安排"),
                "/demand".to_owned(),
                "查看归并结果，一步制定课程".to_owned(),
            )
        })
        .into_iter()
        .collect())
}

async fn pauses(ctx: &Context) -> Result<Vec<Due>> {
    Ok(jobs::paused(ctx, ctx.today())
        .await?
        .into_iter()
        .map(|(course, last)| {
            let why = match last {
                Some(day) => format!("半年没有办班，上一期在{}", dates::full_day(day)),
                None => "半年没有办班，请安排或停开".to_owned(),
            };
            line(
                format!("{} {}", course.number, course.title),
                format!("/courses/{}", course.id),
                why,
            )
        })
        .collect())
}
