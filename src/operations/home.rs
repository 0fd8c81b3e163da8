//! What running the service puts on the home page of the secretariat, and the counts of its menu.

use entity::mail::{self, MailState};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::calendar::pages::AHEAD;
use crate::{
    accounts::{Action, Actor, Due, HomeSource, Owner, Waiting, policy},
    foundation::{
        calendar::OfficeClock,
        context::{Boxed, Context},
        error::{Error, Result},
        ui::dates,
    },
};

/// Mails that need somebody, and a calendar that ends soon.
#[derive(Clone, Copy, Debug)]
pub struct OperationsHome;

impl HomeSource for OperationsHome {
    fn due<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            if !policy::allows(actor, Action::ManageOperations, &Owner::ALLIANCE) {
                return Ok(Vec::new());
            }
            let calendar = ctx.calendar();
            let until = calendar.coverage_until();
            let left = (until - ctx.today()).num_days();
            if left > AHEAD {
                return Ok(Vec::new());
            }
            let office =
                OfficeClock::new(&calendar, ctx.office_hours()).map_err(Error::internal)?;
            Ok(vec![Due {
                title: "导入下一年的节假日安排".to_owned(),
                href: "/calendar".to_owned(),
                why: format!(
                    "现有安排到{}为止，之后的期限只能暂定",
                    dates::full_day(until)
                ),
                due: Some(office.end_of_office_day(until)),
                late: left < 0,
            }])
        })
    }

    fn counts<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<Vec<Waiting>>> {
        Box::pin(async move {
            if !policy::allows(actor, Action::ManageOperations, &Owner::ALLIANCE) {
                return Ok(Vec::new());
            }
            let stuck = [MailState::Failed, MailState::Unknown, MailState::Suppressed];
            let mails = mail::Entity::find()
                .filter(mail::Column::State.is_in(stuck))
                .filter(mail::Column::ConfidentialLinks.eq(false))
                .count(ctx.store.read())
                .await?;
            Ok(vec![("/mails", mails)])
        })
    }
}
