//! Where the routes of committees and studies lead in the world of the walk.

use chrono::{Days, NaiveTime, TimeDelta};
use entity::{
    ids::{AccountId, CommitteeId, MeetingId, StandingApplicationId, StudyId, UnitId},
    meeting::{self, MeetingKind, MeetingState},
    meeting_unit, role_grant,
    standing_application::{self, ApplicationState},
    study::{self, StudyState},
};
use expert_pool::{accounts::Owner, committees, units};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    prelude::{Expr, Json},
};

use super::World;
use crate::support::{
    app::TestApp,
    place::{Place, filled},
};

/// The committee of the officer in this world, and another one.
async fn two(app: &TestApp) -> [CommitteeId; 2] {
    let all = committees::all(app.ctx.store.read()).await.unwrap();
    [all[0].id, all[1].id]
}

/// Lets an account act for the first committee.
pub(super) async fn let_act(app: &TestApp, account: AccountId) -> CommitteeId {
    let [own, _] = two(app).await;
    let tx = app.ctx.store.begin().await.unwrap();
    role_grant::Entity::update_many()
        .col_expr(role_grant::Column::CommitteeId, Expr::value(Some(own.0)))
        .filter(role_grant::Column::AccountId.eq(account))
        .exec(tx.db())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    own
}

pub(super) async fn places(world: &World) -> Vec<Place> {
    let both = two(&world.app).await;
    let things = both.map(|id| (id, Owner::committee(id)));
    let mut places: Vec<_> = [
        "/committees/{id}",
        "/committees/{id}/edit",
        "/committees/{id}/units/new",
        "/committees/{id}/people/new",
        "/committees/{id}/studies/new",
    ]
    .into_iter()
    .map(|route| Place::of(route, things))
    .collect();
    let route = "/committees/{id}/steps/{step}";
    places.push(
        things
            .iter()
            .fold(Place::of_nothing(route), |place, (id, owner)| {
                place.with(filled(route, &[&id.to_string(), "establish"]), *owner)
            }),
    );
    // A unit joins and leaves in its own name, whichever the committee.
    for route in ["/committees/{id}/join", "/committees/{id}/leave"] {
        places.push(Place::of(route, [(both[0], Owner::unit(world.own))]));
    }
    places.extend(
        [
            "/committees/{id}/units/{unit}/release",
            "/committees/{id}/applications/{application}",
            "/committees/{id}/people/{person}/end",
            "/committees/{id}/papers/{paper}",
            "/studies/{id}/files/{file}",
            "/referrals/{id}",
        ]
        .map(Place::of_nothing),
    );
    let mut studies = Vec::new();
    for committee in both {
        studies.push((study(world, committee).await, Owner::committee(committee)));
    }
    places.extend(
        [
            "/studies/{id}",
            "/studies/{id}/edit",
            "/studies/{id}/panel",
            "/studies/{id}/review",
            "/studies/{id}/withdraw",
        ]
        .map(|route| Place::of(route, studies.iter().copied())),
    );
    places.extend(council(world).await);
    places
}

/// A meeting to which the own unit is to come, and one to which another is.
async fn council(world: &World) -> Vec<Place> {
    let mut things = Vec::new();
    for unit in [world.own, world.other] {
        things.push((meeting(world, unit).await, Owner::unit(unit)));
    }
    let mut places: Vec<_> = [
        "/meetings/{id}",
        "/meetings/{id}/edit",
        "/meetings/{id}/call",
        "/meetings/{id}/reply",
        "/meetings/{id}/attendance",
        "/meetings/{id}/minutes",
        "/meetings/{id}/cancel",
    ]
    .into_iter()
    .map(|route| Place::of(route, things.iter().copied()))
    .collect();
    places.extend(
        [
            "/meetings/{id}/papers/{paper}",
            "/standing-council/{id}/nominate",
            "/standing-council/{id}/vote",
        ]
        .map(Place::of_nothing),
    );
    let mut applications = Vec::new();
    for unit in [world.own, world.other] {
        applications.push((application(world, unit).await, Owner::unit(unit)));
    }
    places.push(Place::of("/standing-council/{id}/withdraw", applications));
    places
}

/// An application of a unit for a seat in the standing council.
async fn application(world: &World, unit: UnitId) -> StandingApplicationId {
    let app = &world.app;
    let committee = expert_pool::committees::all(app.ctx.store.read())
        .await
        .unwrap()[0]
        .id;
    let tx = app.ctx.store.begin().await.unwrap();
    let id: StandingApplicationId = tx.id();
    standing_application::Entity::insert(standing_application::ActiveModel {
        id: Set(id),
        unit_id: Set(unit),
        committee_id: Set(committee),
        state: Set(ApplicationState::Applied),
        text: Set(String::new()),
        applied_by: Set(world.visitors[0].actor.person),
        applied_at: Set(tx.now()),
        nominated_by: Set(None),
        nominated_at: Set(None),
        nomination_note: Set(String::new()),
        meeting_id: Set(None),
        votes_for: Set(None),
        votes_against: Set(None),
        votes_abstained: Set(None),
        decided_by: Set(None),
        decided_at: Set(None),
    })
    .exec_without_returning(tx.db())
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

async fn meeting(world: &World, unit: UnitId) -> MeetingId {
    let app = &world.app;
    let term = units::current_term(app.ctx.store.read(), app.ctx.today())
        .await
        .unwrap();
    let tx = app.ctx.store.begin().await.unwrap();
    let id: MeetingId = tx.id();
    let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
    let date = app.ctx.today() + Days::new(30);
    meeting::Entity::insert(meeting::ActiveModel {
        id: Set(id),
        number: Set(format!("HY-{id}")),
        kind: Set(MeetingKind::Council),
        state: Set(MeetingState::Called),
        term_id: Set(term.id),
        title: Set("理事会会议".to_owned()),
        date: Set(date),
        from_time: Set(nine),
        to_time: Set(nine),
        zone: Set("Asia/Shanghai".to_owned()),
        starts_at: Set(tx.now() + TimeDelta::days(30)),
        ends_at: Set(tx.now() + TimeDelta::days(31)),
        place: Set(String::new()),
        agenda: Set(String::new()),
        reply_by: Set(app.ctx.today()),
        sequence: Set(0),
        minutes: Set(String::new()),
        minuted_at: Set(None),
        called_at: Set(Some(tx.now())),
        note: Set(String::new()),
        created_by: Set(world.visitors[0].actor.person),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
    })
    .exec_without_returning(tx.db())
    .await
    .unwrap();
    meeting_unit::Entity::insert(meeting_unit::ActiveModel {
        id: Set(tx.id()),
        meeting_id: Set(id),
        unit_id: Set(unit),
        reply: Set(None),
        attendee_name: Set(String::new()),
        attendee_position: Set(String::new()),
        attendee_mobile: Set(String::new()),
        reply_note: Set(String::new()),
        replied_by: Set(None),
        replied_at: Set(None),
        attended: Set(None),
        attended_by: Set(None),
    })
    .exec_without_returning(tx.db())
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

/// A study that is planned.
async fn study(world: &World, committee: CommitteeId) -> StudyId {
    let tx = world.app.ctx.store.begin().await.unwrap();
    let id: StudyId = tx.id();
    study::Entity::insert(study::ActiveModel {
        id: Set(id),
        number: Set(format!("YJ-2026-{id}")),
        committee_id: Set(committee),
        state: Set(StudyState::Planned),
        title: Set("一项研究".to_owned()),
        question: Set("问题".to_owned()),
        domains: Set(Json::Array(Vec::new())),
        keywords: Set(Json::Array(Vec::new())),
        demand: Set(1),
        min_technical: Set(0),
        min_standardization: Set(0),
        max_per_unit: Set(1),
        panel_id: Set(None),
        conclusion: Set(String::new()),
        filed_by: Set(world.visitors[0].actor.person),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        closed_at: Set(None),
    })
    .exec_without_returning(tx.db())
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}
