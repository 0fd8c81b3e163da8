//! What matching puts on the home page: runs to approve, runs to hand in, panels nobody has matched.

use entity::{ids::PanelId, matching_run::RunState};

use super::{lists::PAGE, report::Report, store};
use crate::{
    accounts::{Action, Actor, Due, HomeSource, Owner, Waiting, policy},
    foundation::{
        context::{Boxed, Context},
        error::Result,
    },
    panels::seats,
};

/// Runs and panels that wait for the secretariat.
#[derive(Debug)]
pub struct RunsHome;

impl HomeSource for RunsHome {
    fn due<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let prepares = policy::allows(actor, Action::PrepareRun, &Owner::ALLIANCE);
            let approves = policy::allows(actor, Action::ApproveRun, &Owner::ALLIANCE);
            let mut due = Vec::new();
            if prepares || approves {
                runs(ctx, actor, prepares, approves, &mut due).await?;
            }
            if prepares {
                unmatched(ctx, &mut due).await?;
            }
            Ok(due)
        })
    }

    fn counts<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<Vec<Waiting>>> {
        Box::pin(async move {
            let db = ctx.store.read();
            let mut count = 0;
            if policy::allows(actor, Action::ApproveRun, &Owner::ALLIANCE) {
                count += store::count_runs(db, &[RunState::HandedIn], None).await?;
            }
            if policy::allows(actor, Action::PrepareRun, &Owner::ALLIANCE) {
                let mine = [RunState::Draft, RunState::Returned];
                count += store::count_runs(db, &mine, Some(actor.person)).await?;
            }
            Ok(vec![("/runs", count)])
        })
    }
}

async fn runs(
    ctx: &Context,
    actor: &Actor,
    prepares: bool,
    approves: bool,
    due: &mut Vec<Due>,
) -> Result<()> {
    let states = [RunState::HandedIn, RunState::Draft, RunState::Returned];
    for run in store::runs(ctx.store.read(), &states, 0, PAGE).await? {
        let mine = run.prepared_by == actor.person;
        let title = match run.state {
            RunState::HandedIn if approves && !mine => "审批匹配",
            RunState::Draft if prepares && mine => "提交匹配",
            RunState::Returned if prepares && mine => "改正退回的匹配",
            _ => continue,
        };
        let report: Report = serde_json::from_value(run.report.clone())?;
        due.push(Due {
            title: format!("{title} {}", run.number),
            href: format!("/runs/{}", run.id),
            why: match run.state {
                RunState::Returned => format!("退回理由：{}", run.decision_note),
                _ => format!("{} 个专家组，共 {} 席", report.panels.len(), report.places),
            },
            due: None,
            late: false,
        });
    }
    Ok(())
}

/// One line for all panels with an empty place for which no run is under way and nobody was asked.
async fn unmatched(ctx: &Context, due: &mut Vec<Due>) -> Result<()> {
    let db = ctx.store.read();
    let open: Vec<PanelId> = store::open_panels(db).await?;
    let seats = seats(db, &open).await?;
    let new = seats
        .values()
        .filter(|one| one.vacant == one.demand)
        .count();
    if new > 0 {
        due.push(Due {
            title: format!("{new} 个专家组待匹配"),
            href: "/panels".to_owned(),
            why: "选定专家组，运行匹配".to_owned(),
            due: None,
            late: false,
        });
    }
    Ok(())
}
