//! What joint projects put on the home pages of contacts.

use entity::{
    cooperation::{self, CooperationState},
    cooperation_unit::PartState,
    ids::UnitId,
};

use super::store;
use crate::{
    accounts::{Action, Actor, Due, Owner, policy},
    exchange::visits::rules::nudge,
    foundation::{
        calendar::OfficeClock,
        context::Context,
        error::{Error, Result},
    },
};

/// Lines for the units concerned.
pub(in crate::exchange) async fn due(ctx: &Context, actor: &Actor) -> Result<Vec<Due>> {
    let own: Vec<UnitId> = actor
        .units()
        .filter(|unit| policy::allows(actor, Action::FileExchange, &Owner::unit(*unit)))
        .collect();
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let db = ctx.store.read();
    let (today, calendar) = (ctx.today(), ctx.calendar());
    let office = OfficeClock::new(&calendar, ctx.office_hours()).map_err(Error::internal)?;
    let mut lines = Vec::new();
    for row in store::list(db, Some(&own)).await? {
        match row.state {
            CooperationState::Ended | CooperationState::Dropped => continue,
            CooperationState::Proposed | CooperationState::Running => {}
        }
        let parts = store::parts(db, row.id).await?;
        let asked = parts
            .iter()
            .any(|part| own.contains(&part.unit_id) && part.state == PartState::Asked);
        if asked {
            lines.push(line(&row, "请确认贵单位是否参加".to_owned()));
        }
        for one in store::deliverables(db, row.id).await? {
            let waits = one.delivered_on.is_none() && own.contains(&one.unit_id);
            if waits && nudge(one.due_on, today, &calendar).is_some() {
                lines.push(Due {
                    due: Some(office.end_of_office_day(one.due_on)),
                    late: one.due_on < today,
                    ..line(&row, format!("请完成“{}”", one.title))
                });
            }
        }
        if own.contains(&row.lead_unit_id) && row.to_date < today {
            lines.push(Due {
                late: true,
                ..line(&row, "项目已到期，请写明结果并结束".to_owned())
            });
        }
    }
    Ok(lines)
}

fn line(row: &cooperation::Model, why: String) -> Due {
    Due {
        title: format!("合作 {} {}", row.number, row.title),
        href: format!("/cooperations/{}", row.id),
        why,
        due: None,
        late: false,
    }
}
