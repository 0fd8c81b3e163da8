//! Where the routes of each body lead in the world of the walk.

use chrono::Days;
use entity::{
    expert::ExpertState,
    expert_absence, expert_interest,
    ids::{AbsenceId, ExpertId, InterestId, PersonId},
    mail,
    role_grant::Role,
    session, unit_contact,
};
use expert_pool::{accounts::Owner, people::consents};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::World;
use crate::support::{
    app::TestApp,
    expert::{engage, expert_of},
    place::{Place, filled},
    requests::handed_in,
};

/// The places of all bodies.
pub(super) async fn places(world: &World) -> Vec<Place> {
    let mut places = of_accounts(world).await;
    places.extend(of_units(world).await);
    places.extend(of_experts(world).await);
    places.extend(of_own_page(world).await);
    places.extend(of_panels());
    places.extend(of_consultations(world).await);
    places.extend(of_operations(world).await);
    places.extend(of_registrations());
    places
}

async fn of_accounts(world: &World) -> Vec<Place> {
    let approver = world.visitors[1].actor.person;
    let sessions = session::Entity::find()
        .all(world.app.ctx.store.read())
        .await
        .unwrap();
    let route = "/roles/{person}/{role}/take";
    let taken = filled(route, &[&approver.to_string(), "approver"]);
    vec![
        Place {
            missing: filled(route, &[&sessions[0].id.to_string(), "approver"]),
            ..Place::of_nothing(route).with(taken, Owner::ALLIANCE)
        },
        Place::of(
            "/account/sessions/{id}/end",
            sessions
                .iter()
                .map(|session| (session.id, Owner::person(session.person_id))),
        ),
    ]
}

async fn of_units(world: &World) -> Vec<Place> {
    let units = [world.own, world.other].map(|unit| (unit, Owner::unit(unit)));
    let contacts = unit_contact::Entity::find()
        .all(world.app.ctx.store.read())
        .await
        .unwrap();
    let contacts: Vec<_> = contacts
        .iter()
        .map(|contact| (contact.id, Owner::unit(contact.unit_id)))
        .collect();
    let mut places = Vec::new();
    for route in [
        "/units/{id}",
        "/units/{id}/edit",
        "/units/{id}/tier",
        "/units/{id}/contacts/new",
    ] {
        places.push(Place::of(route, units));
    }
    for route in [
        "/contacts/{id}/invite",
        "/contacts/{id}/close",
        "/contacts/{id}/hand-over",
    ] {
        places.push(Place::of(route, contacts.iter().copied()));
    }
    places
}

async fn person(app: &TestApp, name: &str, email: &str) -> PersonId {
    app.add_account(name, email, Role::Training, None).await.0
}

async fn of_experts(world: &World) -> Vec<Place> {
    let app = &world.app;
    let mut nominees = Vec::new();
    for (unit, name, email) in [
        (world.own, "候选甲", "nominee-own@example.org"),
        (world.other, "候选乙", "nominee-other@example.org"),
    ] {
        let person = person(app, name, email).await;
        let id = expert_of(app, person, Some(unit), ExpertState::Recommended).await;
        nominees.push((id, Owner::unit(unit)));
    }
    let mut places: Vec<_> = [
        "/nominations/{id}",
        "/nominations/{id}/withdraw",
        "/experts/{id}",
        "/experts/{id}/reveal",
        "/experts/{id}/steps",
        "/experts/{id}/link",
    ]
    .into_iter()
    .map(|route| Place::of(route, nominees.iter().copied()))
    .collect();
    let route = "/experts/{id}/papers/{paper}";
    places.push(nominees.iter().fold(
        Place::of_nothing(route),
        |place, (id, owner): &(ExpertId, Owner)| {
            place.with(filled(route, &[&id.to_string(), "nomination"]), *owner)
        },
    ));
    places.push(Place::of_nothing("/experts/{id}/scan/{file}"));
    // Lists of all experts, though a contact may look at the own ones.
    for route in ["/recommendations", "/experts", "/experts/export"] {
        places.push(Place::of_nothing(route).with(route.to_owned(), Owner::ALLIANCE));
    }
    places
}

/// What stands on an expert's own page belongs to another expert here: the visitor's own is changed
/// by posting only.
async fn of_own_page(world: &World) -> Vec<Place> {
    let app = &world.app;
    let other = person(app, "另一位专家", "expert-other@example.org").await;
    let expert = engage(app, other).await;
    let owner = Owner::person(other);
    let tx = app.ctx.store.begin().await.unwrap();
    let (absence, interest): (AbsenceId, InterestId) = (tx.id(), tx.id());
    expert_absence::Entity::insert(expert_absence::ActiveModel {
        id: Set(absence),
        expert_id: Set(expert),
        from_date: Set(app.ctx.today()),
        to_date: Set(app.ctx.today() + Days::new(1)),
        note: Set(String::new()),
    })
    .exec_without_returning(tx.db())
    .await
    .unwrap();
    expert_interest::Entity::insert(expert_interest::ActiveModel {
        id: Set(interest),
        expert_id: Set(expert),
        unit_id: Set(None),
        organisation: Set("某公司".to_owned()),
        kind: Set("employment".to_owned()),
        note: Set(String::new()),
        until_date: Set(None),
        created_at: Set(tx.now()),
    })
    .exec_without_returning(tx.db())
    .await
    .unwrap();
    let consent = consents::give(&tx, other, "pool", "1", None, "link")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    vec![
        Place::of("/my/absences/{id}/remove", [(absence, owner)]),
        Place::of("/my/interests/{id}/remove", [(interest, owner)]),
        Place::of("/my/consents/{id}/withdraw", [(consent, owner)]),
        Place::of_nothing("/my/papers/{paper}"),
    ]
}

/// Mails that may be shown; those with a secret have no page.
async fn of_operations(world: &World) -> Vec<Place> {
    let mails = mail::Entity::find()
        .filter(mail::Column::ConfidentialLinks.eq(false))
        .all(world.app.ctx.store.read())
        .await
        .unwrap();
    let alliance = mails.iter().map(|mail| (mail.id, Owner::ALLIANCE));
    vec![
        Place::of("/mails/{id}", alliance),
        Place::of_nothing("/mails/{id}/{control}"),
        Place::of_nothing("/schedule/{id}/again"),
    ]
}

/// Panels belong to the alliance; this world has none, so they are missing for everybody.
fn of_panels() -> Vec<Place> {
    [
        "/invitations/{id}",
        "/invitations/{id}/remind",
        "/invitations/{id}/resend",
        "/invitations/{id}/record",
        "/invitations/{id}/scans/{file}",
        "/panels/{id}",
        "/panels/{id}/ask-next",
        "/panels/{id}/race",
        "/panels/{id}/head",
        "/panels/{id}/release",
        "/runs/{id}",
        "/runs/{id}/compare",
        "/runs/{id}/again",
        "/runs/{id}/adjust",
        "/runs/{id}/hand-in",
        "/runs/{id}/decide",
    ]
    .into_iter()
    .map(Place::of_nothing)
    .collect()
}

/// A request of each unit, handed in by its contact, with an attachment.
async fn of_consultations(world: &World) -> Vec<Place> {
    let mut rows = Vec::new();
    for unit in [world.own, world.other] {
        rows.push((handed_in(&world.app, unit).await, Owner::unit(unit)));
    }
    let mut places: Vec<_> = [
        "/consultations/{id}",
        "/consultations/{id}/edit",
        "/consultations/{id}/withdraw",
        "/consultations/{id}/accept",
        "/consultations/{id}/return",
        "/consultations/{id}/refuse",
        "/consultations/{id}/head",
        "/consultations/{id}/confirm",
        "/consultations/{id}/ask",
        "/consultations/{id}/go-on",
    ]
    .into_iter()
    .map(|route| Place::of(route, rows.iter().map(|((id, _), owner)| (*id, *owner))))
    .collect();
    for route in [
        "/consultations/{id}/files/{file}",
        "/consultations/{id}/files/{file}/remove",
    ] {
        places.push(
            rows.iter()
                .fold(Place::of_nothing(route), |place, ((id, file), owner)| {
                    let path = filled(route, &[&id.to_string(), &file.to_string()]);
                    place.with(path, *owner)
                }),
        );
    }
    places
}

/// No body of this world has seats to enrol for: what stands there is not there. Who reaches what of a
/// registration is tried in `tests/it/registration/`.
fn of_registrations() -> Vec<Place> {
    [
        "/registrations/feeds/{unit}",
        "/registrations/{id}",
        "/registrations/{id}/export",
        "/registrations/{id}/enrol",
        "/registrations/{id}/people/{enrolment}",
        "/sittings/{id}/wall",
        "/sittings/{id}/list",
        "/sittings/{id}/correct",
        "/sittings/{id}/papers/{paper}",
    ]
    .into_iter()
    .map(Place::of_nothing)
    .collect()
}
