//! `/trainings/{id}/fees`: what is known of everybody's fee, and the list for the finance office.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    course_run,
    ids::{CourseRunId, EnrolmentId},
    run_fee::FeeState,
};
use sea_orm::{ActiveEnum, Iterable};

use crate::{
    accounts::{Action, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::{Error, Result},
        texts::Label,
        ui::{
            Fields, Form, Shell, Submission, Tag, XLSX, dates, download,
            form::{Choice, choices},
            page_with_status,
        },
    },
    training::{
        fees::{self, Line, Sums, TypedFee},
        rules, seats, store,
    },
};

struct Row {
    enrolment: EnrolmentId,
    name: String,
    unit: String,
    state: &'static str,
    amount: String,
    tag: Tag,
    when: String,
    invoice: String,
    note: String,
    back: bool,
    late: bool,
    form: Form,
    open: bool,
}

#[derive(Template)]
#[template(path = "training/templates/fees.html")]
struct FeesPage {
    shell: Shell,
    row: course_run::Model,
    name: String,
    rows: Vec<Row>,
    sums: Sums,
    income: String,
    states: Vec<Choice>,
    manages: bool,
}

fn tag(state: FeeState) -> Tag {
    let class = match state {
        FeeState::Due => "wait",
        FeeState::Paid => "ok",
        FeeState::Waived | FeeState::Refunded => "",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// `GET /trainings/{id}/fees`
///
/// # Errors
/// Not found for what is not there.
pub async fn show_fees(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
) -> Result<Response> {
    render(&ctx, desk, id, None, StatusCode::OK).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    id: CourseRunId,
    refused: Option<(EnrolmentId, Form)>,
    status: StatusCode,
) -> Result<Response> {
    let row = store::run(ctx.store.read(), id).await?;
    let lines = fees::lines(ctx, &row).await?;
    let sums = fees::sums(&lines);
    let started = row.starts_at.is_some_and(|at| at <= ctx.now());
    let rows = lines
        .iter()
        .map(|line| {
            let given = refused
                .as_ref()
                .filter(|(who, _)| *who == line.who.enrolment);
            shown(&row, line, given.map(|(_, form)| form.clone()), started)
        })
        .collect();
    Ok(page_with_status(
        status,
        &FeesPage {
            name: seats::full_title(&row.title, row.ordinal),
            income: rules::yuan(i32::try_from(sums.paid_fen).unwrap_or(i32::MAX)),
            states: choices(FeeState::iter().map(|state| (state.to_value(), state.zh()))),
            manages: policy::allows(&desk.actor, Action::ManageTraining, &Owner::ALLIANCE),
            rows,
            sums,
            row,
            shell: desk.shell,
        },
    ))
}

fn shown(run: &course_run::Model, line: &Line, refused: Option<Form>, started: bool) -> Row {
    let fee = line.fee.as_ref();
    let state = fee.map_or(FeeState::Due, |fee| fee.state);
    let amount = fee.map_or(run.fee_fen, |fee| fee.amount_fen);
    let open = refused.is_some();
    Row {
        enrolment: line.who.enrolment,
        name: line.who.name.clone(),
        unit: line.who.unit_name.clone(),
        state: line.who.state.zh(),
        amount: rules::yuan(amount),
        tag: tag(state),
        when: fee
            .and_then(|fee| fee.on_date)
            .map(dates::day)
            .unwrap_or_default(),
        invoice: fee
            .map(|fee| fee.invoice_number.clone())
            .unwrap_or_default(),
        note: fee.map(|fee| fee.note.clone()).unwrap_or_default(),
        back: line.to_give_back(),
        late: started && state == FeeState::Due && amount > 0,
        form: refused.unwrap_or_else(|| {
            Form::new(
                Fields::default()
                    .with("fee_state", state.to_value())
                    .with("fee", rules::yuan(amount).trim_end_matches(" 元"))
                    .with(
                        "on_date",
                        fee.and_then(|fee| fee.on_date)
                            .map(|day| day.to_string())
                            .unwrap_or_default(),
                    )
                    .with(
                        "invoice_title",
                        fee.map(|fee| fee.invoice_title.clone()).unwrap_or_default(),
                    )
                    .with(
                        "invoice_number",
                        fee.map(|fee| fee.invoice_number.clone())
                            .unwrap_or_default(),
                    )
                    .with(
                        "fee_note",
                        fee.map(|fee| fee.note.clone()).unwrap_or_default(),
                    ),
            )
        }),
        open,
    }
}

/// `POST /trainings/{id}/fees/{enrolment}`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_fee(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, enrolment)): Path<(CourseRunId, EnrolmentId)>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    store::run(ctx.store.read(), id).await?;
    let done = async {
        let typed = TypedFee::read(&fields, ctx.today())?;
        fees::note(&ctx, id, enrolment, desk.actor.person, &typed).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/trainings/{id}/fees?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render(
                &ctx,
                desk,
                id,
                Some((enrolment, form)),
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await
        }
    }
}

/// `GET /trainings/{id}/fees.xlsx`
///
/// # Errors
/// Not found for what is not there.
pub async fn export_fees(
    State(ctx): State<Context>,
    _: Desk,
    Path(id): Path<CourseRunId>,
) -> Result<Response> {
    let row = store::run(ctx.store.read(), id).await?;
    let table = fees::table(&row, &fees::lines(&ctx, &row).await?);
    let bytes = table.to_xlsx(ctx.now()).map_err(Error::internal)?;
    Ok(download(&format!("费用-{}.xlsx", row.number), XLSX, bytes))
}
