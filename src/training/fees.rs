//! Fees are facts that somebody types: what is owed, paid, waived or given back, when, and by which
//! invoice. Nothing is paid here.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    course_run,
    enrolment::EnrolmentState,
    ids::{CourseRunId, EnrolmentId, FeeId, PersonId},
    run_fee::{self, FeeState},
};
use sea_orm::{ActiveEnum, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{events, rules, seats, store};
use crate::{
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        sheets::Table,
        store::WriteTx,
        texts::Label,
        ui::Fields,
    },
    registration::{Carried, Participant},
};

/// A participant with what is known of the fee.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The person.
    pub who: Participant,
    /// The fee, once somebody had a seat.
    pub fee: Option<run_fee::Model>,
}

impl Line {
    /// Somebody who left and paid: the money is to be given back.
    pub fn to_give_back(&self) -> bool {
        let paid = self
            .fee
            .as_ref()
            .is_some_and(|fee| fee.state == FeeState::Paid);
        paid && self.who.state != EnrolmentState::Enrolled
    }

    /// Whether the line belongs on the page: has or had a seat with a fee.
    fn counts(&self) -> bool {
        self.who.state == EnrolmentState::Enrolled
            || self
                .fee
                .as_ref()
                .is_some_and(|fee| fee.state != FeeState::Due)
    }
}

/// What people who were carried over into `run` paid goes with them; what they still owe is that run's
/// fee, and nothing for those who have no seat there.
pub(super) async fn carry(tx: &WriteTx, run: &course_run::Model, who: &Carried) -> Result<()> {
    for (people, seated) in [(&who.seated, true), (&who.waiting, false)] {
        let of = run_fee::Column::EnrolmentId.is_in(people.iter().copied());
        let due = run_fee::Column::State.eq(FeeState::Due);
        if !seated || run.fee_fen == 0 {
            run_fee::Entity::delete_many()
                .filter(of.clone())
                .filter(due.clone())
                .exec(tx.db())
                .await?;
        }
        run_fee::Entity::update_many()
            .set(run_fee::ActiveModel {
                amount_fen: Set(run.fee_fen),
                ..Default::default()
            })
            .filter(of.clone())
            .filter(due)
            .exec(tx.db())
            .await?;
        run_fee::Entity::update_many()
            .set(run_fee::ActiveModel {
                run_id: Set(run.id),
                updated_at: Set(tx.now()),
                ..Default::default()
            })
            .filter(of)
            .exec(tx.db())
            .await?;
    }
    Ok(())
}

/// What a run takes in, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// People who owe or paid.
    pub owed: usize,
    /// People who paid.
    pub paid: usize,
    /// 分 that came in.
    pub paid_fen: i64,
}

/// Everybody of a run with a fee, in the order of arrival.
pub(super) async fn lines(ctx: &Context, run: &course_run::Model) -> Result<Vec<Line>> {
    let mut fees: HashMap<EnrolmentId, run_fee::Model> = store::fees(ctx.store.read(), run.id)
        .await?
        .into_iter()
        .map(|fee| (fee.enrolment_id, fee))
        .collect();
    Ok(seats::participants(ctx, run)
        .await?
        .into_iter()
        .map(|who| Line {
            fee: fees.remove(&who.enrolment),
            who,
        })
        .filter(Line::counts)
        .collect())
}

/// The sums of lines.
pub(super) fn sums(lines: &[Line]) -> Sums {
    let fees = || lines.iter().filter_map(|line| line.fee.as_ref());
    Sums {
        owed: fees()
            .filter(|fee| matches!(fee.state, FeeState::Due | FeeState::Paid))
            .count(),
        paid: fees().filter(|fee| fee.state == FeeState::Paid).count(),
        paid_fen: fees()
            .filter(|fee| fee.state == FeeState::Paid)
            .map(|fee| i64::from(fee.amount_fen))
            .sum(),
    }
}

/// A fee as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TypedFee {
    state: FeeState,
    amount_fen: i32,
    on_date: Option<NaiveDate>,
    invoice_title: String,
    invoice_number: String,
    note: String,
}

impl TypedFee {
    /// Reads what was typed: paid and given back need their day, waived its reason.
    ///
    /// # Errors
    /// Everything that is wrong, at its field.
    pub fn read(fields: &Fields, today: NaiveDate) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let state = fields.choice("fee_state", &mut errors, |word| {
            FeeState::try_from_value(&word.to_owned()).ok()
        });
        let on_date = fields.date("on_date", &mut errors);
        let note = fields.optional("fee_note", 200, &mut errors);
        let dated = matches!(state, Some(FeeState::Paid | FeeState::Refunded));
        if dated && on_date.is_none() && errors.of("on_date").is_none() {
            errors.add("on_date", Refusal::new("training.fee_day"));
        }
        if on_date.is_some_and(|day| day > today) {
            errors.add("on_date", Refusal::new("training.fee_ahead"));
        }
        if state == Some(FeeState::Waived) && note.is_empty() {
            errors.add("fee_note", Refusal::new("training.fee_reason"));
        }
        let typed = Self {
            state: state.unwrap_or(FeeState::Due),
            amount_fen: super::syllabus::fee(fields, &mut errors),
            on_date,
            invoice_title: fields.optional("invoice_title", 80, &mut errors),
            invoice_number: fields.optional("invoice_number", 40, &mut errors),
            note,
        };
        errors.into_result(typed)
    }
}

/// Notes what is known of somebody's fee.
///
/// # Errors
/// [`Error::NotFound`] for somebody of another run.
pub(super) async fn note(
    ctx: &Context,
    id: CourseRunId,
    enrolment: EnrolmentId,
    by: PersonId,
    typed: &TypedFee,
) -> Result<()> {
    let run = store::run(ctx.store.read(), id).await?;
    let line = seats::participants(ctx, &run)
        .await?
        .into_iter()
        .find(|one| one.enrolment == enrolment)
        .ok_or(Error::NotFound)?;
    let tx = ctx.store.begin().await?;
    let run = store::lock_run(&tx, id).await?;
    let known = store::fees(tx.db(), id)
        .await?
        .into_iter()
        .find(|fee| fee.enrolment_id == enrolment);
    let row = run_fee::ActiveModel {
        id: Set(known
            .as_ref()
            .map_or_else(|| tx.id::<FeeId>(), |fee| fee.id)),
        run_id: Set(id),
        enrolment_id: Set(enrolment),
        state: Set(typed.state),
        amount_fen: Set(typed.amount_fen),
        on_date: Set(typed.on_date),
        invoice_title: Set(typed.invoice_title.clone()),
        invoice_number: Set(typed.invoice_number.clone()),
        note: Set(typed.note.clone()),
        by_person: Set(Some(by)),
        updated_at: Set(tx.now()),
    };
    match known {
        Some(_) => {
            run_fee::Entity::update(row).exec(tx.db()).await?;
        }
        None => {
            run_fee::Entity::insert(row)
                .exec_without_returning(tx.db())
                .await?;
        }
    }
    let said = format!(
        "{}：{} {}",
        line.name,
        typed.state.zh(),
        rules::yuan(typed.amount_fen)
    );
    events::note(&tx, &run, Some(by), events::FEE, &said).await?;
    tx.commit().await
}

/// The list for the finance office.
pub(super) fn table(run: &course_run::Model, lines: &[Line]) -> Table {
    let heads = [
        "班次",
        "姓名",
        "单位",
        "手机",
        "报名状态",
        "费用状态",
        "金额（元）",
        "日期",
        "发票抬头",
        "发票号码",
        "备注",
    ];
    Table {
        name: "费用".to_owned(),
        headers: heads.map(str::to_owned).to_vec(),
        rows: lines
            .iter()
            .map(|line| {
                let fee = line.fee.as_ref();
                let text = |of: fn(&run_fee::Model) -> &String| {
                    fee.map(|fee| of(fee).clone()).unwrap_or_default()
                };
                vec![
                    run.number.clone(),
                    line.who.name.clone(),
                    line.who.unit_name.clone(),
                    line.who.phone.clone(),
                    line.who.state.zh().to_owned(),
                    fee.map_or("待缴", |fee| fee.state.zh()).to_owned(),
                    rules::yuan(fee.map_or(run.fee_fen, |fee| fee.amount_fen))
                        .trim_end_matches(" 元")
                        .to_owned(),
                    fee.and_then(|fee| fee.on_date)
                        .map(|day| day.to_string())
                        .unwrap_or_default(),
                    text(|fee| &fee.invoice_title),
                    text(|fee| &fee.invoice_number),
                    text(|fee| &fee.note),
                ]
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_that_moved_has_a_day_and_a_waiver_its_reason() {
        let today = "2026-09-14".parse().unwrap();
        let read = |fields: &[(&str, &str)]| {
            let fields = fields.iter().fold(Fields::default(), |all, (name, value)| {
                all.with(name, value)
            });
            TypedFee::read(&fields, today)
        };
        let code = |fields: &[(&str, &str)], field: &str| {
            read(fields)
                .unwrap_err()
                .into_form_errors()
                .unwrap()
                .of(field)
                .unwrap()
                .code
        };
        assert!(
            read(&[
                ("fee_state", "paid"),
                ("fee", "1200"),
                ("on_date", "2026-09-10")
            ])
            .is_ok()
        );
        assert_eq!(
            code(&[("fee_state", "paid"), ("fee", "1200")], "on_date"),
            "training.fee_day"
        );
        assert_eq!(
            code(&[("fee_state", "waived")], "fee_note"),
            "training.fee_reason"
        );
        assert_eq!(
            code(
                &[("fee_state", "refunded"), ("on_date", "2026-09-15")],
                "on_date"
            ),
            "training.fee_ahead"
        );
        assert_eq!(code(&[("fee_state", "gone")], "fee_state"), "form.choose");
    }
}
