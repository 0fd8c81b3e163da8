//! `/committees/{id}/steps/{step}`: founding, promotion, dissolution, each by a decision of a day.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{committee::CommitteeKind, ids::CommitteeId};

use super::super::{
    dissolve::dissolve,
    establish::{day_needed, establish, promote},
    rules, store,
};
use crate::{
    accounts::{Action, Desk, Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        texts::{Label, Language, sentence},
        ui::{Fields, Form, Shell, Submission, page_with_status},
    },
};

/// What can be decided about a committee as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Establish,
    Promote,
    Dissolve,
}

impl Step {
    fn read(word: &str) -> Result<Self> {
        match word {
            "establish" => Ok(Self::Establish),
            "promote" => Ok(Self::Promote),
            "dissolve" => Ok(Self::Dissolve),
            _ => Err(Error::NotFound),
        }
    }

    fn rule(self) -> rules::Step {
        match self {
            Self::Establish => rules::Step::Found,
            Self::Promote => rules::Step::Promote,
            Self::Dissolve => rules::Step::End,
        }
    }
}

#[derive(Template)]
#[template(path = "committees/templates/step.html")]
struct StepPage {
    shell: Shell,
    form: Form,
    id: CommitteeId,
    name: String,
    step: Step,
    defects: Vec<String>,
    kind: &'static str,
}

impl StepPage {
    fn title(&self) -> &'static str {
        match self.step {
            Step::Establish => "成立",
            Step::Promote => "升格为专门委员会",
            Step::Dissolve => "撤销",
        }
    }

    fn promotes(&self) -> bool {
        self.step == Step::Promote
    }

    fn dissolves(&self) -> bool {
        self.step == Step::Dissolve
    }
}

/// `GET /committees/{id}/steps/{step}`
///
/// # Errors
/// Not found for people who may not keep committees, and for a step that does not follow.
pub async fn show_step(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, step)): Path<(CommitteeId, String)>,
) -> Result<Response> {
    let step = Step::read(&step)?;
    let row = store::get(ctx.store.read(), id).await?;
    let fields = Fields::default()
        .with("on", ctx.today())
        .with("name", row.name.replace("工作组", "委员会"));
    render(&ctx, desk, id, step, Form::new(fields), StatusCode::OK).await
}

/// `POST /committees/{id}/steps/{step}`
///
/// # Errors
/// As [`show_step`].
pub async fn post_step(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, step)): Path<(CommitteeId, String)>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let step = Step::read(&step)?;
    let mut errors = FieldErrors::default();
    let on = fields.date("on", &mut errors);
    let basis = fields.required("basis", 300, &mut errors);
    let name = match step {
        Step::Promote => fields.required("name", 60, &mut errors),
        Step::Establish | Step::Dissolve => String::new(),
    };
    let done = async {
        errors.into_result(())?;
        let on = on.ok_or_else(day_needed)?;
        let actor = &desk.actor;
        match step {
            Step::Establish => establish(&ctx, actor, id, on, &basis).await,
            Step::Promote => promote(&ctx, actor, id, &name, on, &basis).await,
            Step::Dissolve => dissolve(&ctx, actor, id, on, &basis).await,
        }
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/committees/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            render(&ctx, desk, id, step, form, status).await
        }
    }
}

async fn render(
    ctx: &Context,
    desk: Desk,
    id: CommitteeId,
    step: Step,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageCommittees, &Owner::committee(id))?;
    let full = store::full(ctx.store.read(), id).await?;
    let row = &full.row;
    // A page that was refused is shown again even where the step has been taken meanwhile.
    if status == StatusCode::OK && rules::next(row.kind, row.state, step.rule()).is_err() {
        return Err(Error::NotFound);
    }
    let defects = match step {
        Step::Establish => full.defects(),
        Step::Promote => rules::defects(CommitteeKind::Committee, &full.places()),
        Step::Dissolve => Vec::new(),
    };
    let page = StepPage {
        // They stand in the summary of a form that was refused for them.
        defects: if form.errors.is_empty() {
            defects
                .iter()
                .map(|defect| sentence(defect, Language::Chinese))
                .collect()
        } else {
            Vec::new()
        },
        id,
        name: row.name.clone(),
        kind: row.kind.zh(),
        step,
        form,
        shell: desk.shell,
    };
    Ok(page_with_status(status, &page))
}
