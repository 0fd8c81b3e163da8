//! What consultations put on the home pages of contacts and of the secretariat.

use std::collections::HashMap;

use entity::{
    consultation::{self, ConsultationState},
    ids::UnitId,
};

use super::{list::TABS, progress::Progress, rules, store};
use crate::{
    accounts::{Action, Actor, Due, HomeSource, Owner, Standing, Waiting, policy},
    foundation::{
        calendar::OfficeClock,
        context::{Boxed, Context},
        error::{Error, Result},
        ui::dates,
    },
};

/// Requests that wait for a contact or for the secretariat.
#[derive(Clone, Copy, Debug)]
pub struct ConsultationsHome;

impl HomeSource for ConsultationsHome {
    fn due<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let mut all = of_units(ctx, actor).await?;
            if policy::allows(actor, Action::HandleConsultation, &Owner::ALLIANCE) {
                all.extend(to_take_in(ctx).await?);
                all.extend(at_work(ctx).await?);
                all.extend(unconfirmed(ctx).await?);
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
            if !policy::allows(actor, Action::FileConsultation, &Owner::unit(unit)) {
                return Ok(Vec::new());
            }
            let own = store::Filter {
                units: Some(vec![unit]),
                ..store::Filter::default()
            };
            let counts = store::counts(ctx.store.read(), &own).await?;
            Ok(vec![Standing {
                title: "咨询申请".to_owned(),
                href: "/consultations".to_owned(),
                says: in_words(&counts),
            }])
        })
    }

    fn counts<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<Vec<Waiting>>> {
        Box::pin(async move {
            let handles = policy::allows(actor, Action::HandleConsultation, &Owner::ALLIANCE);
            let units: Vec<_> = actor.units().collect();
            let waiting = store::Filter {
                states: TABS[0].states(handles),
                units: (!handles).then(|| units.clone()),
                ..store::Filter::default()
            };
            if !handles && units.is_empty() {
                return Ok(Vec::new());
            }
            let counts = store::counts(ctx.store.read(), &waiting).await?;
            Ok(vec![("/consultations", counts.values().sum())])
        })
    }
}

/// How many requests of a unit stand where.
fn in_words(counts: &HashMap<ConsultationState, u64>) -> String {
    use ConsultationState::{
        Accepted, AskedAgain, Closed, Concluded, Draft, Returned, Standing, Submitted, Working,
    };
    let sum = |states: &[ConsultationState]| -> u64 {
        states.iter().filter_map(|state| counts.get(state)).sum()
    };
    format!(
        "办理中 {} 项，等贵单位补充或确认 {} 项，草稿 {} 份，已办结 {} 项",
        sum(&[Submitted, Accepted, Standing, Working, AskedAgain]),
        sum(&[Returned, Concluded]),
        sum(&[Draft]),
        sum(&[Closed])
    )
}

/// A line goes into mails too, so what is confidential has its number and no content.
fn line(row: &consultation::Model, why: String) -> Due {
    let title = match row.confidential {
        true => "保密事项",
        false => row.title.as_str(),
    };
    Due {
        title: format!("{} {title}", row.number.as_deref().unwrap_or_default()),
        href: format!("/consultations/{}", row.id),
        why,
        due: None,
        late: false,
    }
}

/// What the contacts of a unit have to complete or to confirm.
async fn of_units(ctx: &Context, actor: &Actor) -> Result<Vec<Due>> {
    let units: Vec<_> = actor.units().collect();
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let waiting = store::Filter {
        units: Some(units),
        states: vec![ConsultationState::Returned, ConsultationState::Concluded],
        ..store::Filter::default()
    };
    Ok(store::page(ctx.store.read(), &waiting, &[], 0, 100)
        .await?
        .iter()
        .map(|row| match row.state {
            ConsultationState::Returned => Due {
                href: format!("/consultations/{}/edit", row.id),
                ..line(row, returned_for(row))
            },
            _ => line(row, "专家组已提交结论，请确认或追问".to_owned()),
        })
        .collect())
}

fn returned_for(row: &consultation::Model) -> String {
    match row.confidential {
        true => "秘书处退回，请补充".to_owned(),
        false => format!("秘书处退回，请补充：{}", row.note),
    }
}

/// What the secretariat has to take in, each until the office closes on its day.
async fn to_take_in(ctx: &Context) -> Result<Vec<Due>> {
    let calendar = ctx.calendar();
    let office = OfficeClock::new(&calendar, ctx.office_hours()).map_err(Error::internal)?;
    let rows = store::in_states(ctx.store.read(), &[ConsultationState::Submitted]).await?;
    Ok(rows
        .iter()
        .map(|row| {
            let until = row.submitted_at.map(|at| {
                let day = rules::take_in_by(dates::local_date(at, ctx.zone()), &calendar);
                office.end_of_office_day(day)
            });
            Due {
                due: until,
                late: until.is_some_and(|until| until < ctx.now()),
                ..line(row, "受理、退回补充或不予受理".to_owned())
            }
        })
        .collect())
}

/// Conclusions that the requester was reminded of and has not confirmed: somebody may call.
async fn unconfirmed(ctx: &Context) -> Result<Vec<Due>> {
    let calendar = ctx.calendar();
    let reminders = &ctx.config.panels.confirm_reminders;
    let rows = store::in_states(ctx.store.read(), &[ConsultationState::Concluded]).await?;
    Ok(rows
        .iter()
        .filter_map(|row| {
            let concluded = dates::local_date(row.concluded_at?, ctx.zone());
            rules::confirmation_due(concluded, ctx.today(), reminders, &calendar)?;
            let waited = calendar.working_days_between(concluded, ctx.today()).value;
            let why = format!("结论提交已 {waited} 个工作日，申请单位还没有确认，已发提醒");
            Some(Due {
                late: true,
                ..line(row, why)
            })
        })
        .collect())
}

/// Panels at work that somebody should look after: nobody leads, or the work is late.
async fn at_work(ctx: &Context) -> Result<Vec<Due>> {
    use ConsultationState::{AskedAgain, Standing, Working};
    let db = ctx.store.read();
    let mut all = Vec::new();
    for row in store::in_states(db, &[Standing, Working, AskedAgain]).await? {
        let progress = Progress::of(db, ctx, &row).await?;
        // Without a panel a committee answers.
        if row.panel_id.is_some() && progress.head(&row).is_none() {
            let asked = progress
                .members
                .iter()
                .any(|member| member.assignment.head_asked);
            if !asked {
                all.push(line(&row, "专家组没有组长，请选定一位".to_owned()));
            }
        }
        if let Some(due) = progress.due.filter(|_| progress.late(ctx.today())) {
            let missing = progress.missing().len();
            let why = if row.state != AskedAgain && missing > 0 {
                format!("{missing} 位专家的意见逾期，原定{}", dates::day(due))
            } else {
                format!("专家组的结论逾期，原定{}", dates::day(due))
            };
            all.push(Due {
                late: true,
                ..line(&row, why)
            });
        }
    }
    Ok(all)
}
