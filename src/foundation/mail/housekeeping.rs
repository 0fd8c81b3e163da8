//! What is tidied every night: bytes and facts of mails that ended some time ago, counts of past
//! windows, old entries of the ledger.

use chrono::Duration;
use entity::mail::{self, MailState};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, Value},
};

use super::pacing;
use crate::foundation::{
    context::{Boxed, Context},
    error::Result,
    schedule::{self, CatchUp, Job, Outcome, Rule, Slot},
};

/// The nightly job.
#[derive(Clone, Copy, Debug)]
pub struct Housekeeping;

impl Job for Housekeeping {
    fn rule(&self) -> Rule {
        Rule {
            name: "mail.housekeeping",
            label: "清除到期的邮件正文",
            cron: "0 30 3 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(1),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let tx = ctx.store.begin().await?;
            let before = tx.now() - Duration::days(ctx.config.mail.keep_bytes_days);
            let blanked = mail::Entity::update_many()
                .filter(mail::Column::State.is_in([
                    MailState::Sent,
                    MailState::Failed,
                    MailState::Suppressed,
                    MailState::Cancelled,
                    MailState::Unknown,
                ]))
                .filter(mail::Column::UpdatedAt.lt(before))
                .filter(
                    mail::Column::Bytes
                        .is_not_null()
                        .or(Expr::col(mail::Column::Facts).cast_as("text").ne("{}")),
                )
                .col_expr(mail::Column::Bytes, Expr::value(Option::<Vec<u8>>::None))
                .col_expr(
                    mail::Column::Facts,
                    Expr::value(Value::from(serde_json::json!({}))),
                )
                .exec(tx.db())
                .await?
                .rows_affected;
            pacing::forget(&tx, tx.now()).await?;
            schedule::forget(&tx).await?;
            tx.commit().await?;
            Ok(Outcome::handled(
                usize::try_from(blanked).unwrap_or(usize::MAX),
            ))
        })
    }
}
