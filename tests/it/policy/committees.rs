//! Where the routes of committees and studies lead in the world of the walk.

use entity::{
    ids::{AccountId, CommitteeId, StudyId},
    role_grant,
    study::{self, StudyState},
};
use expert_pool::{accounts::Owner, committees};
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
            "/studies/{id}/panel",
            "/studies/{id}/review",
            "/studies/{id}/withdraw",
        ]
        .map(|route| Place::of(route, studies.iter().copied())),
    );
    places
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
