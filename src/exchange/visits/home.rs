//! What visits put on the home pages of contacts and of the exchange group.

use entity::{
    ids::UnitId,
    visit::{self, VisitState},
    visit_terms::TermsState,
};

use super::{
    balance::{self, Balance},
    rules::{self, Side},
    store, unit_of,
};
use crate::{
    accounts::{Action, Actor, Due, Owner, Standing, policy},
    foundation::{
        calendar::OfficeClock,
        context::Context,
        error::{Error, Result},
        ui::dates,
    },
};

/// Lines for everybody concerned.
pub(in crate::exchange) async fn due(ctx: &Context, actor: &Actor) -> Result<Vec<Due>> {
    let mut lines = Vec::new();
    if policy::allows(actor, Action::ManageExchange, &Owner::ALLIANCE) {
        lines.extend(for_group(ctx).await?);
    }
    let own: Vec<UnitId> = actor
        .units()
        .filter(|unit| policy::allows(actor, Action::FileExchange, &Owner::unit(*unit)))
        .collect();
    if !own.is_empty() {
        lines.extend(for_units(ctx, &own).await?);
    }
    Ok(lines)
}

fn line(visit: &visit::Model, why: String) -> Due {
    Due {
        title: format!("互访 {} {}", visit.number, visit.title),
        href: format!("/exchange/visits/{}", visit.id),
        why,
        due: None,
        late: false,
    }
}

async fn for_group(ctx: &Context) -> Result<Vec<Due>> {
    let db = ctx.store.read();
    let reported = store::in_states(db, &[VisitState::Reported]).await?;
    Ok(reported
        .iter()
        .map(|visit| line(visit, "总结已提交，请看后办结".to_owned()))
        .collect())
}

async fn for_units(ctx: &Context, own: &[UnitId]) -> Result<Vec<Due>> {
    let db = ctx.store.read();
    let calendar = ctx.calendar();
    let office = OfficeClock::new(&calendar, ctx.office_hours()).map_err(Error::internal)?;
    let mut lines = Vec::new();
    for visit in store::visits(db, Some(own)).await? {
        if rules::has_ended(visit.state) {
            continue;
        }
        let all = store::terms(db, visit.id).await?;
        let newest = store::newest(&all)?;
        let waits = |side| own.contains(&unit_of(&visit, side)) && !rules::approved(newest, side);
        if newest.state == TermsState::Pending && (waits(Side::Sending) || waits(Side::Host)) {
            lines.push(line(&visit, "请审批互访条件".to_owned()));
        }
        if !own.contains(&visit.sending_unit_id) {
            continue;
        }
        let agreed = store::find_terms(&all, visit.agreed_version);
        match (visit.state, agreed, visit.report_due) {
            (VisitState::Agreed, Some(terms), _) if terms.to_date < ctx.today() => {
                lines.push(line(&visit, "约定的时间已过，请确认实际日期".to_owned()));
            }
            (VisitState::Returned, _, Some(due)) => lines.push(Due {
                due: Some(office.end_of_office_day(due)),
                late: due < ctx.today(),
                ..line(&visit, format!("请在{}前提交总结", dates::day(due)))
            }),
            _ => {}
        }
    }
    Ok(lines)
}

/// What a unit gave and received, and what goes on.
pub(in crate::exchange) async fn standing(
    ctx: &Context,
    actor: &Actor,
    unit: UnitId,
) -> Result<Vec<Standing>> {
    if !policy::allows(actor, Action::FileExchange, &Owner::unit(unit)) {
        return Ok(Vec::new());
    }
    let db = ctx.store.read();
    let years = ctx.config.exchange.balance_years;
    let balance = balance::all(db, ctx.today(), years)
        .await?
        .remove(&unit)
        .unwrap_or_default();
    let open = store::visits(db, Some(&[unit]))
        .await?
        .iter()
        .filter(|visit| !rules::has_ended(visit.state))
        .count();
    Ok(vec![Standing {
        title: "人才互访".to_owned(),
        href: "/exchange".to_owned(),
        says: format!(
            "进行中 {open} 项；近 {years} 年（含进行中）{}",
            in_words(balance)
        ),
    }])
}

fn in_words(balance: Balance) -> String {
    let Balance { given, received } = balance;
    let compared = match given - received {
        0 => "持平".to_owned(),
        more if more > 0 => format!("多接待 {more} 次"),
        less => format!("多派出 {} 次", -less),
    };
    format!("接待 {given} 次，派出 {received} 次，{compared}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_balance_says_which_side_is_ahead() {
        let says = |given, received| in_words(Balance { given, received });
        assert_eq!(says(2, 2), "接待 2 次，派出 2 次，持平");
        assert_eq!(says(3, 1), "接待 3 次，派出 1 次，多接待 2 次");
        assert_eq!(says(0, 1), "接待 0 次，派出 1 次，多派出 1 次");
    }
}
