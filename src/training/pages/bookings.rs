//! `/bookings`: the host of a base says whether its rooms can be had.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{BookingId, CourseRunId, RoomId},
    room_booking::{self, BookingState},
};

use super::run;
use crate::{
    accounts::{Action, Desk, Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        texts::Label,
        ui::{Form, Shell, Submission, Tag, dates, page_with_status},
    },
    training::{
        bases,
        book::{self, HostAnswer},
        seats, store,
    },
};

/// What one run wants of one room.
struct Wish {
    id: BookingId,
    run: CourseRunId,
    room_id: RoomId,
    title: String,
    room: String,
    people: i32,
    times: Vec<String>,
    tag: Tag,
    asked: bool,
    note: String,
    contact: String,
}

#[derive(Template)]
#[template(path = "training/templates/bookings.html")]
struct BookingsPage {
    shell: Shell,
    form: Form,
    answering: String,
    wishes: Vec<Wish>,
    bases: Vec<String>,
}

impl BookingsPage {
    fn answers(&self, wish: &Wish) -> bool {
        self.answering == wish.id.to_string()
    }
}

/// `GET /bookings`
///
/// # Errors
/// Not found for people who are no contact.
pub async fn list_bookings(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    render(&ctx, desk, Form::default(), String::new(), StatusCode::OK).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    form: Form,
    answering: String,
    status: StatusCode,
) -> Result<Response> {
    let units: Vec<_> = desk.actor.units().collect();
    let db = ctx.store.read();
    let hosted: Vec<_> = store::bases(db)
        .await?
        .into_iter()
        .filter(|base| units.contains(&base.host_unit_id))
        .collect();
    let mut wishes: Vec<Wish> = Vec::new();
    for base in &hosted {
        let zone = bases::zone(base)?;
        let rooms: Vec<_> = store::rooms(db)
            .await?
            .into_iter()
            .filter(|room| room.base_id == base.id)
            .collect();
        let ids: Vec<_> = rooms.iter().map(|room| room.id).collect();
        for booking in store::held(db, &ids, ctx.now()).await? {
            let to = booking.to_at.with_timezone(&zone).format("%H:%M");
            let time = format!("{}–{to}", dates::deadline(booking.from_at, zone));
            let known = wishes
                .iter_mut()
                .find(|wish| wish.run == booking.run_id && wish.room_id == booking.room_id);
            match known {
                Some(wish) => {
                    wish.times.push(time);
                    if booking.state == BookingState::Asked && !wish.asked {
                        (wish.asked, wish.id, wish.tag) = (true, booking.id, tag(booking.state));
                    }
                }
                None => {
                    let room = rooms.iter().find(|room| room.id == booking.room_id);
                    let room = room.map(|room| room.name.clone()).unwrap_or_default();
                    wishes.push(wish(ctx, &booking, format!("{} {room}", base.name), time).await?);
                }
            }
        }
    }
    wishes.sort_by_key(|wish| !wish.asked);
    Ok(page_with_status(
        status,
        &BookingsPage {
            bases: hosted.into_iter().map(|base| base.name).collect(),
            wishes,
            form,
            answering,
            shell: desk.shell,
        },
    ))
}

async fn wish(
    ctx: &Context,
    booking: &room_booking::Model,
    room: String,
    time: String,
) -> Result<Wish> {
    let run = store::run(ctx.store.read(), booking.run_id).await?;
    Ok(Wish {
        id: booking.id,
        run: run.id,
        room_id: booking.room_id,
        title: seats::full_title(&run.title, run.ordinal),
        room,
        people: run.capacity,
        times: vec![time],
        tag: tag(booking.state),
        asked: booking.state == BookingState::Asked,
        note: booking.note.clone(),
        contact: format!("{}，{}", run.contact_name, run.contact_phone),
    })
}

/// A booking's state as a word with a shape.
pub(super) fn tag(state: BookingState) -> Tag {
    let class = match state {
        BookingState::Asked => "wait",
        BookingState::Confirmed => "ok",
        BookingState::Declined => "bad",
        BookingState::Released => "",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// `POST /bookings/{id}/answer`: by a contact of the host, or noted by the group after a call.
///
/// # Errors
/// Not found for what is foreign.
pub async fn post_answer(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<BookingId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let db = ctx.store.read();
    let booking = store::booking(db, id).await?;
    let room = store::room(db, booking.room_id).await?;
    let base = store::base(db, room.base_id).await?;
    desk.actor
        .require(Action::AnswerBooking, &Owner::unit(base.host_unit_id))?;
    let host = desk.actor.units().any(|unit| unit == base.host_unit_id);
    let done = async {
        let mut errors = FieldErrors::default();
        let yes = fields.choice("answer", &mut errors, |word| match word {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        });
        let note = fields.optional("host_note", 200, &mut errors);
        let given = errors.into_result(HostAnswer {
            yes: yes.unwrap_or(false),
            note,
        })?;
        book::answer(&ctx, id, desk.actor.person, &given)
            .await
            .map_err(|error| match error {
                Error::Refused(refusal) if refusal.code == "training.host_reason" => {
                    Error::Invalid(FieldErrors::at("host_note", refusal))
                }
                other => other,
            })
    };
    let done = done.await;
    let back = if host {
        "/bookings?done=recorded".to_owned()
    } else {
        format!("/trainings/{}?done=recorded", booking.run_id)
    };
    let Err(error) = done else {
        return Ok(Redirect::to(&back).into_response());
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    if host {
        return render(
            &ctx,
            desk,
            form,
            id.to_string(),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    }
    run::render(
        &ctx,
        desk,
        booking.run_id,
        form,
        StatusCode::UNPROCESSABLE_ENTITY,
    )
    .await
}
