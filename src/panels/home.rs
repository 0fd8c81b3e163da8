//! What questions to experts put on the home page of the secretariat.

use entity::{
    assignment::{self, AssignmentState},
    ids::UnitId,
    panel::{self, PanelState},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    invitation_list::{self, Tab},
    rules::Board,
    store,
};
use crate::{
    accounts::{Action, Actor, Due, HomeSource, Owner, Standing, policy},
    foundation::{
        context::{Boxed, Context},
        error::Result,
    },
};

/// Questions that did not arrive, places nobody is asked for, and members who declined to be head.
#[derive(Clone, Copy, Debug)]
pub struct QuestionsHome;

impl HomeSource for QuestionsHome {
    fn due<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let prepares = policy::allows(actor, Action::PrepareRun, &Owner::ALLIANCE);
            let approves = ctx.config.panels.approve_replacements
                && policy::allows(actor, Action::ApproveRun, &Owner::ALLIANCE);
            let mut due = Vec::new();
            if prepares {
                let count = invitation_list::count(ctx.store.read(), Tab::Attention).await?;
                if count > 0 {
                    due.push(Due {
                        title: format!("{count} 份邀请可能没有送到"),
                        href: "/invitations?tab=attention".to_owned(),
                        why: "核对邮箱后重发，或者打电话并记录答复".to_owned(),
                        due: None,
                        late: true,
                    });
                }
            }
            if prepares || approves {
                due.extend(panels(ctx, prepares, approves).await?);
            }
            Ok(due)
        })
    }

    fn standing<'a>(
        &'a self,
        ctx: &'a Context,
        actor: &'a Actor,
        unit: UnitId,
    ) -> Boxed<'a, Result<Vec<Standing>>> {
        Box::pin(async move {
            if !policy::allows(actor, Action::ReadExperts, &Owner::unit(unit)) {
                return Ok(Vec::new());
            }
            let mut counts = store::states_of_unit(ctx.store.read(), unit).await?;
            let mut count = |state| counts.remove(&state).unwrap_or(0);
            Ok(vec![Standing {
                title: "本单位专家的任务".to_owned(),
                href: "/nominations".to_owned(),
                says: format!(
                    "待答复 {} 项，在任 {} 项，已完成 {} 项",
                    count(AssignmentState::Invited),
                    count(AssignmentState::Accepted),
                    count(AssignmentState::Done)
                ),
            }])
        })
    }
}

/// Open panels with something to decide.
async fn panels(ctx: &Context, prepares: bool, approves: bool) -> Result<Vec<Due>> {
    let db = ctx.store.read();
    let rows = panel::Entity::find()
        .filter(panel::Column::State.is_in([PanelState::Open, PanelState::Standing]))
        .all(db)
        .await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let assignments = store::assignments(db, &ids).await?;
    let mut due = Vec::new();
    for row in &rows {
        let asked: Vec<&assignment::Model> = assignments
            .iter()
            .filter(|one| one.panel_id == row.id)
            .collect();
        let line = |title: String, why: String| Due {
            title: format!("{title}：{}", row.title),
            href: format!("/panels/{}", row.id),
            why,
            due: row.meeting_from,
            late: false,
        };
        let board = Board::of(row.demand, asked.iter().copied());
        let waits = asked.iter().any(|one| one.refill);
        if board.free() > 0 && waits && approves {
            let why = format!("{}，下一位人选待批准", row.number);
            due.push(line("补邀待批准".to_owned(), why));
        } else if board.free() > 0 && !asked.is_empty() && !waits && prepares {
            let why = format!("{}，没有可再请的备选专家", row.number);
            due.push(line(format!("空缺 {} 席", board.free()), why));
        }
        let declined = asked.iter().any(|one| one.head_declined_at.is_some());
        let head = asked.iter().any(|one| one.head || one.head_asked);
        if declined && !head && prepares {
            let why = format!("{}，上一位谢绝了", row.number);
            due.push(line("请另请组长".to_owned(), why));
        }
    }
    Ok(due)
}
