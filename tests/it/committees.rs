//! Committees and working groups, and their studies, over HTTP.

mod founding;
mod groups;
mod joining;
mod referrals;
mod studies;

use entity::{
    committee::{self, CommitteeState},
    ids::{CommitteeId, UnitId},
    mail,
};
use expert_pool::{committees, units};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::support::{
    app::{Browser, PASSWORD},
    outbox::link,
    requests::Office,
};

/// The committee of a name.
async fn named(office: &Office, name: &str) -> CommitteeId {
    committees::all(office.stage.ctx().store.read())
        .await
        .unwrap()
        .into_iter()
        .find(|row| row.name == name)
        .unwrap_or_else(|| panic!("{name} is written down"))
        .id
}

/// The row of a committee.
async fn row(office: &Office, id: CommitteeId) -> committee::Model {
    committees::get(office.stage.ctx().store.read(), id)
        .await
        .unwrap()
}

/// Units in the order of the founding text.
async fn unit(office: &Office, place: usize) -> UnitId {
    units::all(office.stage.ctx().store.read()).await.unwrap()[place].id
}

/// The secretariat gives a unit another standing.
async fn set_tier(desk: &Browser, unit: UnitId, tier: &str) {
    let fields = [
        ("tier", tier),
        ("on", "2026-09-14"),
        ("reason", "理事会表决"),
    ];
    desk.submit(&format!("/units/{unit}/tier"), &fields).await;
}

/// The secretariat gives a unit a part in a committee.
async fn name(desk: &Browser, id: CommitteeId, unit: UnitId, part: &str) {
    let unit = unit.to_string();
    let fields = [("unit", unit.as_str()), ("part", part)];
    desk.submit(&format!("/committees/{id}/units/new"), &fields)
        .await;
}

/// Units 0, 1 and 2 run a committee, which is founded.
async fn found(office: &Office, id: CommitteeId) {
    let desk = office.desk().await;
    let [lead, one, two] = [
        unit(office, 0).await,
        unit(office, 1).await,
        unit(office, 2).await,
    ];
    set_tier(&desk, lead, "standing_council").await;
    name(&desk, id, lead, "lead").await;
    name(&desk, id, one, "organiser").await;
    name(&desk, id, two, "organiser").await;
    desk.submit(&format!("/committees/{id}/steps/establish"), &decision())
        .await;
    assert_eq!(row(office, id).await.state, CommitteeState::Standing);
}

/// A decision of today.
fn decision() -> [(&'static str, &'static str); 2] {
    [
        ("on", "2026-09-14"),
        ("basis", "经第一届理事会第一次会议表决通过"),
    ]
}

/// Somebody of unit 0 becomes 主任委员 and signs in by the invitation.
async fn chair(office: &Office, id: CommitteeId) -> Browser {
    let unit = unit(office, 0).await.to_string();
    let fields = [
        ("name", "林岚"),
        ("office", "chair"),
        ("unit", unit.as_str()),
        ("email", "chair@example.org"),
        ("from", "2026-09-14"),
        ("to", "2028-09-13"),
    ];
    let desk = office.desk().await;
    desk.submit(&format!("/committees/{id}/people/new"), &fields)
        .await;
    let path = link(&office.stage.app, "accounts.invited", "chair@example.org").await;
    office
        .stage
        .app
        .visitor()
        .submit(&path, &[("password", PASSWORD), ("again", PASSWORD)])
        .await;
    office.stage.app.signed_in("chair@example.org").await
}

/// Addresses to which mails of a kind were queued, in order.
async fn told(office: &Office, kind: &str) -> Vec<String> {
    let mut to: Vec<_> = mail::Entity::find()
        .filter(mail::Column::Kind.eq(kind))
        .all(office.stage.ctx().store.read())
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.address.unwrap_or_default())
        .collect();
    to.sort();
    to
}
