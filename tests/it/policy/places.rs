//! Where the routes of each body lead in the world of the walk.

use chrono::Days;
use entity::{
    expert::ExpertState,
    expert_absence, expert_interest, forum_item,
    ids::{AbsenceId, ExpertId, InterestId, PersonId},
    invitation, mail,
    matching_run::RunMode,
    role_grant::Role,
    room_booking, session, unit_contact,
};
use expert_pool::{
    accounts::Owner,
    exchange::visits::{Side, approve},
    panels::matching,
    people::consents,
    units,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::World;
use crate::support::{
    app::TestApp,
    exchange::{OFFER, VISITOR, WISH, offered, proposed, wished},
    expert::{engage, expert_of},
    place::{Place, filled},
    pool,
    requests::handed_in,
    training,
};

/// The places of all bodies.
pub(super) async fn places(world: &World) -> Vec<Place> {
    let mut places = of_accounts(world).await;
    places.extend(of_units(world).await);
    places.extend(of_experts(world).await);
    places.extend(of_own_page(world).await);
    places.extend(of_panels(world).await);
    places.extend(of_consultations(world).await);
    places.extend(of_visits(world).await);
    places.extend(of_cooperations(world).await);
    places.extend(of_forums(world).await);
    places.extend(of_training(world).await);
    places.extend(of_operations(world).await);
    places.extend(super::committees::places(world).await);
    places.extend(of_registrations());
    places.extend(of_overview());
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
    let contact = world
        .visitors
        .iter()
        .find(|visitor| visitor.name == "联络员")
        .expect("a contact")
        .actor
        .person;
    vec![
        // A contact's own address is asked for at their own page.
        Place::of("/people/{id}/address", [(contact, Owner::ALLIANCE)]),
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
        "/experts/{id}/paper-answer",
        "/experts/{id}/renewal",
        "/experts/{id}/contact",
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

/// Panels belong to the alliance: one with two runs, the second of them approved.
async fn of_panels(world: &World) -> Vec<Place> {
    let ctx = &world.app.ctx;
    let acting_as = |role| {
        let visitor = world.visitors.iter();
        let mut visitor = visitor.filter(|one| one.actor.grants[0].role == role);
        &visitor.next().expect("a visitor of the role").actor
    };
    let (handler, approver) = (acting_as(Role::Handler), acting_as(Role::Approver));
    pool::engage_samples(ctx).await;
    let facts = pool::facts("配电变压器能效等级标准审查", "空载损耗的限值怎么定", 2);
    let panel = pool::open(ctx, facts, Vec::new()).await;
    let mut runs = Vec::new();
    for _ in 0..2 {
        let run = matching::run_match(ctx, handler, &[panel], RunMode::Best).await;
        runs.push(run.unwrap());
    }
    let run = runs[1];
    matching::hand_in(ctx, handler, run, "").await.unwrap();
    matching::approve(ctx, approver, run, "", "").await.unwrap();
    let invitation = invitation::Entity::find()
        .filter(invitation::Column::PanelId.eq(panel))
        .one(ctx.store.read())
        .await
        .unwrap()
        .expect("an approved run asks")
        .id;
    let mut places = Vec::new();
    for route in [
        "/invitations/{id}",
        "/invitations/{id}/remind",
        "/invitations/{id}/resend",
        "/invitations/{id}/record",
    ] {
        places.push(Place::of(route, [(invitation, Owner::ALLIANCE)]));
    }
    for route in [
        "/panels/{id}",
        "/panels/{id}/ask-next",
        "/panels/{id}/ask-again",
        "/panels/{id}/race",
        "/panels/{id}/head",
        "/panels/{id}/release",
    ] {
        places.push(Place::of(route, [(panel, Owner::ALLIANCE)]));
    }
    for route in [
        "/runs/{id}",
        "/runs/{id}/compare",
        "/runs/{id}/again",
        "/runs/{id}/adjust",
        "/runs/{id}/hand-in",
        "/runs/{id}/decide",
    ] {
        places.push(Place::of(route, [(run, Owner::ALLIANCE)]));
    }
    let record = "/runs/{id}/papers/{paper}";
    let path = filled(record, &[&run.to_string(), &panel.to_string()]);
    places.push(Place::of_nothing(record).with(path, Owner::ALLIANCE));
    places.extend(
        [
            "/invitations/{id}/scans/{file}",
            "/panels/{id}/papers/{paper}",
            "/runs/{id}/draws/{panel}",
        ]
        .map(Place::of_nothing),
    );
    places
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
        "/consultations/{id}/refer",
        "/consultations/{id}/return",
        "/consultations/{id}/refuse",
        "/consultations/{id}/head",
        "/consultations/{id}/draw",
        "/consultations/{id}/confirm",
        "/consultations/{id}/ask",
        "/consultations/{id}/go-on",
    ]
    .into_iter()
    .map(|route| Place::of(route, rows.iter().map(|((id, _), owner)| (*id, *owner))))
    .collect();
    places.push(Place::of_nothing("/consultations/{id}/draw/record"));
    // Nothing is printed before there is a panel.
    places.push(Place::of_nothing("/consultations/{id}/papers/{paper}"));
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

/// Offers and wishes of two units, and a visit that both units of it have approved: one of the visitors'
/// unit, one between two others.
async fn of_visits(world: &World) -> Vec<Place> {
    let app = &world.app;
    let db = app.ctx.store.read();
    let third = units::all(db)
        .await
        .unwrap()
        .into_iter()
        .find(|unit| unit.id != world.own && unit.id != world.other)
        .unwrap()
        .id;
    let by = world.visitors[0].actor.person;
    let (mut offers, mut wishes, mut visits) = (Vec::new(), Vec::new(), Vec::new());
    for (sending, host) in [(world.own, world.other), (world.other, third)] {
        let offer = offered(app, host, by, &OFFER).await;
        let people = format!("{VISITOR}\n另一位，1390000{:04}", visits.len());
        let wish = wished(app, sending, by, &WISH, &people).await;
        let visit = proposed(app, offer, wish, by).await.unwrap();
        offers.push((offer, Owner::unit(host)));
        wishes.push((wish, Owner::unit(sending)));
        visits.push((visit, Owner::unit(sending)));
    }
    let own = offered(app, world.own, by, &OFFER).await;
    offers.push((own, Owner::unit(world.own)));
    for side in [Side::Sending, Side::Host] {
        approve(&app.ctx, visits[0].0, side, by, 1).await.unwrap();
    }
    let mut places = Vec::new();
    for route in [
        "/exchange/offers/{id}",
        "/exchange/offers/{id}/edit",
        "/exchange/offers/{id}/close",
    ] {
        places.push(Place::of(route, offers.iter().copied()));
    }
    for route in [
        "/exchange/wishes/{id}",
        "/exchange/wishes/{id}/edit",
        "/exchange/wishes/{id}/close",
    ] {
        places.push(Place::of(route, wishes.iter().copied()));
    }
    for route in [
        "/exchange/visits/{id}",
        "/exchange/visits/{id}/terms",
        "/exchange/visits/{id}/approve",
        "/exchange/visits/{id}/decline",
        "/exchange/visits/{id}/withdraw",
        "/exchange/visits/{id}/return",
        "/exchange/visits/{id}/report",
        "/exchange/visits/{id}/close",
    ] {
        places.push(Place::of(route, visits.iter().copied()));
    }
    let route = "/exchange/visits/{id}/papers/{paper}";
    let (visit, owner) = visits[0];
    let paper = filled(route, &[&visit.to_string(), "sending"]);
    places.push(Place::of_nothing(route).with(paper, owner));
    places.push(Place::of_nothing("/exchange/visits/{id}/files/{file}"));
    // The pairing is over all units, though a contact may look at the own visits.
    let route = "/exchange/pairing";
    places.push(Place::of_nothing(route).with(route.to_owned(), Owner::ALLIANCE));
    places
}

/// A joint project of each unit with a third one, filed by its contact.
async fn of_cooperations(world: &World) -> Vec<Place> {
    let app = &world.app;
    let all = units::all(app.ctx.store.read()).await.unwrap();
    let third = all
        .iter()
        .find(|unit| unit.id != world.own && unit.id != world.other)
        .unwrap();
    let mut rows = Vec::new();
    for unit in [world.own, world.other] {
        let contacts = units::contacts(app.ctx.store.read(), unit).await.unwrap();
        let browser = app
            .signed_in(contacts[0].person.email.as_deref().unwrap())
            .await;
        let own = &all.iter().find(|one| one.id == unit).unwrap().name;
        let partners = format!("{}：调研", third.name);
        let due = format!("报告，{own}，2026-12-01");
        let fields = [
            ("title", "联合研究"),
            ("goal", "形成评价指标。"),
            ("from_date", "2026-10-01"),
            ("to_date", "2026-12-31"),
            ("partners", partners.as_str()),
            ("deliverables", due.as_str()),
        ];
        let to = browser.submit("/cooperations", &fields).await;
        let id = to["/cooperations/".len()..]
            .split('?')
            .next()
            .unwrap()
            .to_owned();
        rows.push((id, Owner::unit(unit)));
    }
    let mut places: Vec<_> = [
        "/cooperations/{id}",
        "/cooperations/{id}/answer",
        "/cooperations/{id}/people",
        "/cooperations/{id}/deliverables",
        "/cooperations/{id}/end",
    ]
    .into_iter()
    .map(|route| Place::of(route, rows.iter().cloned()))
    .collect();
    places.push(Place::of_nothing(
        "/cooperations/{id}/deliverables/{deliverable}",
    ));
    places
}

/// A forum that was published, with a talk that looks for a speaker.
async fn of_forums(world: &World) -> Vec<Place> {
    let exchange = &world
        .visitors
        .iter()
        .find(|one| one.name == "交流")
        .unwrap()
        .browser;
    let fields = [
        ("kind", "forum"),
        ("title", "标准实施论坛"),
        ("summary", "交流做法。"),
        ("on_date", "2026-11-20"),
        ("closes_on", "2026-11-10"),
        ("place", "北京"),
        ("capacity", "20"),
        ("contact_name", "柳闻莺"),
        ("contact_phone", "010-0000 0000"),
        ("programme", "09:00-09:40，标准实施评价，邀请专家"),
    ];
    let to = exchange.submit("/forums", &fields).await;
    let id = to["/forums/".len()..].split('?').next().unwrap();
    exchange.submit(&format!("/forums/{id}/publish"), &[]).await;
    let item = forum_item::Entity::find()
        .one(world.app.ctx.store.read())
        .await
        .unwrap()
        .unwrap();
    let mut places: Vec<_> = [
        "/forums/{id}",
        "/forums/{id}/edit",
        "/forums/{id}/publish",
        "/forums/{id}/cancel",
    ]
    .into_iter()
    .map(|route| Place::of(route, [(id, Owner::ALLIANCE)]))
    .collect();
    places.push(Place::of(
        "/forums/talks/{id}",
        [(item.id, Owner::ALLIANCE)],
    ));
    places
}

/// A course with a run in a room of the own unit's base, and a need of each unit.
async fn of_training(world: &World) -> Vec<Place> {
    let app = &world.app;
    let group = app.signed_in("training@example.org").await;
    let own = expert_pool::units::get(app.ctx.store.read(), world.own)
        .await
        .unwrap();
    let base = training::base_at(&group, &own.name, &[]).await;
    let room = training::add_room(app, &group, base, "201 教室", "40").await;
    let course = training::course_in(&group, room, &[]).await;
    let run = training::draft_of(&group, course, "2026-10-20").await;
    let booking = room_booking::Entity::find()
        .one(app.ctx.store.read())
        .await
        .unwrap()
        .unwrap();
    let lesson = booking.lesson_id;
    let mut needs = Vec::new();
    for unit in [world.own, world.other] {
        needs.push((training::need_of(app, unit).await, Owner::unit(unit)));
    }
    let alliance = Owner::ALLIANCE;
    let mut places = Vec::new();
    for route in [
        "/courses/{id}",
        "/courses/{id}/edit",
        "/courses/{id}/certificate",
        "/courses/{id}/state",
        "/courses/{id}/regular",
        "/courses/{id}/runs",
    ] {
        places.push(Place::of(route, [(course, alliance)]));
    }
    for route in [
        "/trainings/{id}",
        "/trainings/{id}/edit",
        "/trainings/{id}/publish",
        "/trainings/{id}/close",
        "/trainings/{id}/lecturers",
        "/trainings/{id}/decide",
        "/trainings/{id}/cancel",
        "/trainings/{id}/held",
        "/trainings/{id}/fees",
        "/trainings/{id}/fees.xlsx",
        "/trainings/{id}/certificates",
        "/trainings/{id}/certificates/print",
        "/trainings/{id}/marks",
        "/trainings/{id}/feedback",
        "/trainings/{id}/settlement",
        "/trainings/{id}/settle",
    ] {
        places.push(Place::of(route, [(run, alliance)]));
    }
    places.push(Place::of_nothing("/trainings/{id}/fees/{enrolment}"));
    let lists = "/trainings/{id}/settlement/{file}";
    let list = filled(lists, &[&run.to_string(), "units.csv"]);
    places.push(Place::of_nothing(lists).with(list, alliance));
    for route in [
        "/certificates/{id}",
        "/certificates/{id}/print",
        "/certificates/{id}/revoke",
        "/certificates/{id}/reissue",
    ] {
        places.push(Place::of_nothing(route));
    }
    let papers = "/trainings/{id}/papers/{paper}";
    let notice = filled(papers, &[&run.to_string(), "notice"]);
    places.push(Place::of_nothing(papers).with(notice, alliance));
    places.push(Place::of("/lessons/{id}", [(lesson, alliance)]));
    for route in [
        "/bases/{id}",
        "/bases/{id}/edit",
        "/bases/{id}/close",
        "/bases/{id}/rooms",
    ] {
        places.push(Place::of(route, [(base, alliance)]));
    }
    places.push(Place::of("/rooms/{id}", [(room, alliance)]));
    places.push(Place::of(
        "/bookings/{id}/answer",
        [(booking.id, Owner::unit(world.own))],
    ));
    for route in ["/needs/{id}/edit", "/needs/{id}/withdraw"] {
        places.push(Place::of(route, needs.iter().copied()));
    }
    // Whoever may join, joins for the own unit, whosever need it is.
    for route in ["/needs/{id}/join", "/needs/{id}/leave"] {
        let joined = needs.iter().map(|(id, _)| (*id, Owner::unit(world.own)));
        places.push(Place::of(route, joined));
    }
    places
}

/// Lists and files of the report on a period.
fn of_overview() -> Vec<Place> {
    let days = "2026-01-01_2026-06-30";
    [
        ("/overview/{period}/lists/{figure}", &[days, "served"][..]),
        ("/overview/{period}/papers/{paper}", &[days, "report.docx"]),
        ("/overview/{period}/export", &[days]),
    ]
    .into_iter()
    .map(|(route, values)| Place::of_nothing(route).with(filled(route, values), Owner::ALLIANCE))
    .collect()
}
