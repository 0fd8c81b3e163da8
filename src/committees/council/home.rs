//! What meetings put on the home pages of contacts and of the secretariat.

use entity::{meeting::MeetingState, standing_application::ApplicationState};

use super::{duties::duties, remind::is_ahead, store};
use crate::{
    accounts::{Action, Actor, Due, Owner, policy},
    foundation::{context::Context, error::Result, texts::Label, ui::dates},
};

/// Days ahead from which a yearly meeting that nobody has called stands on the secretariat's page.
const AHEAD: i64 = 60;

/// Answers that are wanted from the visitor's unit; meetings and applications that wait for the
/// secretariat.
pub(in super::super) async fn due(ctx: &Context, actor: &Actor) -> Result<Vec<Due>> {
    let mut all = of_units(ctx, actor).await?;
    if policy::allows(actor, Action::ManageMeetings, &Owner::ALLIANCE) {
        all.extend(of_desk(ctx).await?);
    }
    Ok(all)
}

async fn of_units(ctx: &Context, actor: &Actor) -> Result<Vec<Due>> {
    let units: Vec<_> = actor.units().collect();
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let db = ctx.store.read();
    let mut all = Vec::new();
    for invited in store::of_units(db, &units).await? {
        if invited.reply.is_some() {
            continue;
        }
        let row = store::get(db, invited.meeting_id).await?;
        if is_ahead(&row, ctx.today()) {
            all.push(Due {
                title: row.title.clone(),
                href: format!("/meetings/{}", row.id),
                why: format!("请在{}前填回执", dates::day_and_weekday(row.reply_by)),
                due: None,
                late: row.reply_by < ctx.today(),
            });
        }
    }
    Ok(all)
}

async fn of_desk(ctx: &Context) -> Result<Vec<Due>> {
    let db = ctx.store.read();
    let today = ctx.today();
    let mut all = Vec::new();
    let line = |title: String, href: String, why: String, late: bool| Due {
        title,
        href,
        why,
        due: None,
        late,
    };
    for duty in duties(db, ctx).await? {
        let left = (duty.due - today).num_days();
        if left <= AHEAD {
            let why = format!("每年至少一次，最晚{}", dates::full_day(duty.due));
            let title = format!("召开{}", duty.kind.zh());
            all.push(line(title, "/meetings".to_owned(), why, left < 0));
        }
    }
    for row in store::all(db).await? {
        let why = match row.state {
            MeetingState::Called if row.ends_at < ctx.now() => "请登记实到单位",
            MeetingState::Held => "请发纪要",
            _ => continue,
        };
        let href = format!("/meetings/{}", row.id);
        all.push(line(row.title, href, why.to_owned(), false));
    }
    let applications = store::applications(db).await?;
    let count = |state| applications.iter().filter(|one| one.state == state).count();
    for (state, why) in [
        (ApplicationState::Applied, "请登记提名"),
        (ApplicationState::Nominated, "请登记表决结果"),
    ] {
        if count(state) > 0 {
            let title = format!("常务理事单位申请 {} 件", count(state));
            let href = "/standing-council".to_owned();
            all.push(line(title, href, why.to_owned(), false));
        }
    }
    Ok(all)
}
