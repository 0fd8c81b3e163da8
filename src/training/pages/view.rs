//! What several pages of training show alike.

use entity::course_run;

use crate::{
    foundation::{
        context::Context,
        error::Result,
        ui::{Tag, dates, form::Choice},
    },
    training::{decide::Crowd, publish::zone_of, rules, run_facts::Place, seats, store},
};

/// A run in a list.
pub(super) struct RunLine {
    pub href: String,
    pub number: String,
    pub title: String,
    pub when: String,
    pub place: String,
    pub seats: String,
    pub waiting: i32,
    pub least: String,
    pub tag: Tag,
    pub class: &'static str,
    pub next: String,
}

impl RunLine {
    /// The line of `run`.
    pub async fn of(ctx: &Context, run: course_run::Model, crowd: Crowd) -> Result<Self> {
        use entity::course_run::RunState::*;
        let due = rules::decision_due(
            run.state,
            run.decide_on,
            run.decision,
            crowd.enrolled,
            run.least,
            ctx.today(),
        );
        let closes = run
            .closes_at
            .map(|at| dates::deadline(at, ctx.zone()))
            .unwrap_or_default();
        Ok(Self {
            href: format!("/trainings/{}", run.id),
            when: days(&run)?,
            place: seats::place_of(ctx.store.read(), &run).await?,
            seats: if rules::is_known(run.state) || matches!(run.state, Held | Settled) {
                format!("{} / {}", crowd.enrolled, run.capacity)
            } else {
                format!("{} 席", run.capacity)
            },
            waiting: crowd.waiting,
            least: if rules::is_known(run.state) && crowd.enrolled < run.least {
                format!("不到开班人数 {}", run.least)
            } else {
                String::new()
            },
            tag: rules::tag(run.state),
            class: match (due, run.state) {
                (true, _) => "late",
                (_, Draft) => "do",
                (_, Settled | Cancelled) => "off",
                _ => "",
            },
            next: match run.state {
                _ if due => "决定是否开班".to_owned(),
                Draft => "核对并发布".to_owned(),
                Published => format!("报名到{closes}"),
                Closed => "等开课".to_owned(),
                Held => "发证、结班".to_owned(),
                Settled | Cancelled => String::new(),
            },
            title: seats::full_title(&run.title, run.ordinal),
            number: run.number,
        })
    }
}

/// 10月20日–21日, 10月20日, or 时间待定.
pub(super) fn days(run: &course_run::Model) -> Result<String> {
    let zone = zone_of(run)?;
    let day = |at| dates::local_date(at, zone);
    Ok(match (run.starts_at, run.ends_at) {
        (Some(from), Some(to)) if day(from) == day(to) => dates::day_and_weekday(day(from)),
        (Some(from), Some(to)) => format!("{}–{}", dates::day(day(from)), dates::day(day(to))),
        _ => "时间待定".to_owned(),
    })
}

/// All rooms that can be used, with their bases.
pub(super) async fn places(ctx: &Context) -> Result<Vec<Place>> {
    let db = ctx.store.read();
    let bases = store::bases(db).await?;
    let mut all = Vec::new();
    for room in store::rooms(db).await? {
        if let Some(base) = bases.iter().find(|base| base.id == room.base_id) {
            all.push((base.clone(), room));
        }
    }
    all.sort_by(|one, other| {
        let key = |place: &Place| (place.0.name.clone(), place.1.name.clone());
        key(one).cmp(&key(other))
    });
    Ok(all)
}

/// Rooms to choose from, after a first choice that stands for none.
pub(super) async fn room_choices(ctx: &Context, none: &str) -> Result<Vec<Choice>> {
    let first = Choice {
        value: String::new(),
        label: none.to_owned(),
        hint: String::new(),
    };
    let rooms = places(ctx)
        .await?
        .into_iter()
        .filter(|(base, room)| base.closed_at.is_none() && room.closed_at.is_none())
        .map(|(base, room)| Choice {
            value: room.id.to_string(),
            label: format!("{} {}（{} 座）", base.name, room.name, room.seats),
            hint: String::new(),
        });
    Ok(std::iter::once(first).chain(rooms).collect())
}
