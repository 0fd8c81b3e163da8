//! The seats of a run are a registration: what it is told, and what it tells.

use entity::{
    course_run::{self, RunState},
    enrolment::EnrolmentState,
    ids::{CourseRunId, EnrolmentId, FeeId, RegistrationId},
    lesson, registration as registration_row, run_fee,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};
use uuid::Uuid;

use super::{
    events::{self, note},
    rules::{self, Step},
    run_facts::{RunFacts, Venue},
    store,
};
use crate::{
    accounts::Action,
    foundation::{
        context::{Boxed, Context},
        error::{Error, Result},
        store::WriteTx,
    },
    registration::{
        self, Facts, NewRegistration, NewSitting, Participant, RegistrationEvent, RegistrationOwner,
    },
};

/// The `owner_kind` of the registrations of runs.
pub(super) const COURSE_RUN: &str = "course_run";

/// Where a run is held, in words.
pub(super) async fn place_of<C: ConnectionTrait>(
    db: &C,
    run: &course_run::Model,
) -> Result<String> {
    match run.room_id {
        Some(room) => room_words(db, room).await,
        None => Ok(run.place.clone()),
    }
}

async fn room_words<C: ConnectionTrait>(db: &C, room: entity::ids::RoomId) -> Result<String> {
    let room = store::room(db, room).await?;
    let base = store::base(db, room.base_id).await?;
    Ok(format!("{} {}（{}）", base.name, room.name, base.address))
}

/// 团体标准编写与审查实务（第 3 期）
pub(super) fn full_title(title: &str, ordinal: i32) -> String {
    format!("{title}（第 {ordinal} 期）")
}

/// What the registration of a run says after a change.
pub(super) async fn registration_of(
    tx: &WriteTx,
    run: &course_run::Model,
    facts: &RunFacts,
    lessons: &[lesson::Model],
) -> Result<(Facts, Vec<NewSitting>)> {
    let place = match &facts.venue {
        Venue::Room(_, room) => room_words(tx.db(), *room).await?,
        Venue::Online(place) | Venue::Elsewhere(place) => place.clone(),
    };
    let sittings = lessons
        .iter()
        .map(|lesson| NewSitting {
            owner_ref: lesson.id.0,
            label: lesson.title.clone(),
            from: lesson.from_at,
            to: lesson.to_at,
            place: place.clone(),
        })
        .collect();
    let facts = Facts {
        title: full_title(&facts.title, run.ordinal),
        capacity: facts.capacity,
        per_unit: facts.per_unit,
        opens_at: facts.opens_at,
        closes_at: facts.closes_at,
        needs_unit_approval: facts.unit_approval,
        open_form: facts.open_form,
        questions: facts.questions.clone(),
        place,
        zone: facts.zone,
        contact: format!("{} {}", facts.contact_name, facts.contact_phone),
    };
    Ok((facts, sittings))
}

/// Opens the seats of a run and shows them.
pub(super) async fn open(
    ctx: &Context,
    tx: &WriteTx,
    run: &course_run::Model,
    facts: &RunFacts,
    lessons: &[lesson::Model],
) -> Result<RegistrationId> {
    let (facts, sittings) = registration_of(tx, run, facts, lessons).await?;
    let new = NewRegistration {
        owner_kind: COURSE_RUN,
        owner_id: run.id.0,
        facts,
        sittings,
    };
    let id = registration::open(tx, ctx, &new).await?;
    registration::publish(tx, id).await?;
    Ok(id)
}

/// Everybody of a run.
pub(super) async fn participants(
    ctx: &Context,
    run: &course_run::Model,
) -> Result<Vec<Participant>> {
    match run.registration_id {
        Some(id) => registration::participants(ctx.store.read(), id, ctx.now()).await,
        None => Ok(Vec::new()),
    }
}

/// How many have a seat.
pub(super) fn enrolled(people: &[Participant]) -> i32 {
    let seated = people
        .iter()
        .filter(|one| one.state == EnrolmentState::Enrolled)
        .count();
    i32::try_from(seated).unwrap_or(i32::MAX)
}

/// Whoever has a seat owes the fee of the run; what was noted before stays.
async fn owe(tx: &WriteTx, run: &course_run::Model, enrolment: EnrolmentId) -> Result<()> {
    if run.fee_fen == 0 {
        return Ok(());
    }
    run_fee::Entity::insert(run_fee::ActiveModel {
        id: Set(tx.id::<FeeId>()),
        run_id: Set(run.id),
        enrolment_id: Set(enrolment),
        state: Set(run_fee::FeeState::Due),
        amount_fen: Set(run.fee_fen),
        on_date: Set(None),
        invoice_title: Set(String::new()),
        invoice_number: Set(String::new()),
        note: Set(String::new()),
        by_person: Set(None),
        updated_at: Set(tx.now()),
    })
    .on_conflict(
        OnConflict::column(run_fee::Column::EnrolmentId)
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(tx.db())
    .await?;
    Ok(())
}

/// Runs as owners of registrations.
#[derive(Debug)]
pub struct CourseRuns;

impl RegistrationOwner for CourseRuns {
    fn kind(&self) -> &'static str {
        COURSE_RUN
    }

    fn manage(&self) -> Action {
        Action::ManageTraining
    }

    fn on<'a>(
        &'a self,
        tx: &'a WriteTx,
        _: &'a Context,
        registration: &'a registration_row::Model,
        event: RegistrationEvent,
    ) -> Boxed<'a, Result<()>> {
        Box::pin(async move {
            let id = CourseRunId(registration.owner_id);
            match event {
                RegistrationEvent::Enrolled(enrolment) => {
                    owe(tx, &store::run(tx.db(), id).await?, enrolment).await
                }
                // What was paid is given back by hand; the page of fees shows who left.
                RegistrationEvent::Left(_) => Ok(()),
                RegistrationEvent::Closed => {
                    let row = store::lock_run(tx, id).await?;
                    if rules::next(row.state, Step::Close).is_err() {
                        return Ok(());
                    }
                    close(tx, row).await
                }
            }
        })
    }

    fn href(&self, owner_id: Uuid) -> String {
        format!("/trainings/{owner_id}")
    }

    fn public_href(&self, owner_id: Uuid) -> Option<String> {
        Some(format!("/training/{owner_id}"))
    }
}

/// Notes that nobody enrols any more.
pub(super) async fn close(tx: &WriteTx, row: course_run::Model) -> Result<()> {
    let row = store::update_run(
        tx,
        course_run::ActiveModel {
            state: Set(RunState::Closed),
            closed_at: Set(Some(tx.now())),
            updated_at: Set(tx.now()),
            ..row.into()
        },
    )
    .await?;
    note(tx, &row, None, events::CLOSED, "").await?;
    Ok(())
}

/// The registration of a run that was published.
///
/// # Errors
/// [`Error::NotFound`] before.
pub(super) fn registration_id(run: &course_run::Model) -> Result<RegistrationId> {
    run.registration_id.ok_or(Error::NotFound)
}
