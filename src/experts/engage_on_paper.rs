//! An approved nominee who reads no mail answers on paper: the secretariat records who, when and how, and
//! keeps the signed paper.

use entity::{
    expert,
    ids::{ExpertId, FileId},
};
use sea_orm::ActiveValue::Set;

use super::{
    engage::{self, Given},
    mails, rules,
    rules::Step,
    store,
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        files::{self, Upload},
        store::WriteTx,
        ui::{Submission, dates},
    },
    people,
};

/// Whose the signed papers of an expert are.
pub fn signed_papers(id: ExpertId) -> files::Owner {
    files::Owner {
        kind: "expert",
        id: id.0,
        part: "consent",
    }
}

/// What the paper says.
pub(super) struct Paper<'a> {
    pub accepts: bool,
    /// When and how it came, as the record tells it.
    pub note: String,
    scan: Option<&'a Upload>,
}

impl<'a> Paper<'a> {
    /// Reads the form with the fields `answer`, `signed_on`, `how` and `scan`; a yes needs the scan.
    pub fn read(ctx: &Context, submission: &'a Submission) -> Result<Self> {
        let fields = &submission.fields;
        let mut errors = FieldErrors::default();
        let accepts = fields.choice("answer", &mut errors, |word| match word {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        });
        let signed = fields.date("signed_on", &mut errors);
        match signed {
            None if errors.of("signed_on").is_none() => {
                errors.add("signed_on", Refusal::new("form.required"));
            }
            Some(day) if day > ctx.today() => {
                errors.add("signed_on", Refusal::new("experts.signed_later"));
            }
            _ => {}
        }
        let how = fields.required("how", 100, &mut errors);
        let scan = submission.uploads("scan").first().copied();
        match scan {
            Some(scan) => {
                if let Err(refusal) = files::check(scan, &ctx.config.files) {
                    errors.add("scan", refusal);
                }
            }
            // Without the signature there is no consent.
            None if accepts == Some(true) => {
                errors.add("scan", Refusal::new("experts.scan_missing"));
            }
            None => {}
        }
        errors.into_result(())?;
        let (Some(accepts), Some(signed)) = (accepts, signed) else {
            return Err(Error::NotFound);
        };
        Ok(Self {
            accepts,
            note: format!("书面答复，{}签字；{how}", dates::full_day(signed)),
            scan,
        })
    }

    /// Keeps the scan with the signed papers of the expert.
    pub async fn keep(&self, tx: &WriteTx, ctx: &Context, id: ExpertId) -> Result<()> {
        if let Some(scan) = self.scan {
            let _: FileId = files::keep(tx, signed_papers(id), scan, &ctx.config.files).await?;
        }
        Ok(())
    }
}

/// Records the answer that an approved person gave on paper; it counts like one by the link, which is
/// dead afterwards.
///
/// # Errors
/// Refusals of the fields `answer`, `signed_on`, `how` and `scan`; `experts.wrong_state` unless an
/// answer is awaited; `experts.term_over`.
pub async fn record(
    ctx: &Context,
    actor: &Actor,
    id: ExpertId,
    submission: &Submission,
) -> Result<()> {
    actor.require(Action::ManageExperts, &Owner::ALLIANCE)?;
    let paper = Paper::read(ctx, submission)?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let person = people::get(tx.db(), row.person_id).await?;
    if paper.accepts {
        let given = Given {
            channel: "paper",
            by: actor.person,
            note: &paper.note,
        };
        engage::accept(ctx, &tx, &row, &person, &given).await?;
    } else {
        rules::next(row.state, Step::Decline)?;
        let columns = expert::ActiveModel {
            end_reason: Set(paper.note.clone()),
            ..Default::default()
        };
        let taken = store::take(
            &tx,
            &row,
            Step::Decline,
            Some(actor.person),
            &paper.note,
            columns,
        )
        .await?;
        mails::tell_unit(&tx, &taken, &person, mails::News::Declined, "").await?;
    }
    paper.keep(&tx, ctx, id).await?;
    mails::cancel_confirm(&tx, id).await?;
    tx.commit().await
}
