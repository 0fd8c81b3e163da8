//! The walk: every route, every role, one's own thing, another's, one that is not there. What a role
//! may not reach looks as if it were not there, and reading changes nothing.
//!
//! A body with routes that carry a parameter says in `places.rs` where they lead in this test's world.

mod places;

use entity::{
    ids::{PersonId, UnitId},
    role_grant::Role,
};
use expert_pool::{
    accounts::{Action, Actor, Guard, Owner, policy, table},
    units,
};
use reqwest::{Method, StatusCode};
use uuid::Uuid;

use crate::support::{
    app::{Browser, PASSWORD, TestApp, acting},
    databases::{TestDatabase, databases},
    expert::engage,
    outbox::link,
    place::{Place, forged},
    snapshot::snapshot,
};

/// Two units with a contact each; the visitors of this test act for `own`.
struct World {
    app: TestApp,
    own: UnitId,
    other: UnitId,
    visitors: Vec<Visitor>,
}

/// A signed-in browser, and who sits before it.
struct Visitor {
    name: &'static str,
    browser: Browser,
    actor: Actor,
}

async fn world(database: TestDatabase) -> World {
    let app = TestApp::start(database).await;
    let db = app.ctx.store.read();
    let own = units::by_name(db, "中国电子学会")
        .await
        .unwrap()
        .unwrap()
        .id;
    let other = units::by_name(db, "中国水利学会")
        .await
        .unwrap()
        .unwrap()
        .id;
    let mut visitors = Vec::new();
    for (name, email, role) in [
        ("经办", "handler@example.org", Role::Handler),
        ("审批", "approver@example.org", Role::Approver),
        ("培训", "training@example.org", Role::Training),
        ("交流", "exchange@example.org", Role::Exchange),
    ] {
        let (person, _) = app.add_account(name, email, role, None).await;
        let browser = app.signed_in(email).await;
        visitors.push(visitor(name, browser, person, role, None));
    }
    for (unit, name, email) in [
        (own, "联络员甲", "own@example.org"),
        (other, "联络员乙", "other@example.org"),
    ] {
        let handler = &visitors[0].browser;
        handler
            .submit(
                &format!("/units/{unit}/contacts/new"),
                &[("name", name), ("email", email)],
            )
            .await;
        let path = link(&app, "accounts.invited", email).await;
        app.visitor()
            .submit(&path, &[("password", PASSWORD), ("again", PASSWORD)])
            .await;
    }
    let contact = units::contacts(db, own).await.unwrap().remove(0).person.id;
    let browser = app.signed_in("own@example.org").await;
    visitors.push(visitor(
        "联络员",
        browser,
        contact,
        Role::Contact,
        Some(own),
    ));

    let (person, _) = app
        .add_account("专家", "expert@example.org", Role::Training, None)
        .await;
    engage(&app, person).await;
    let browser = app.visitor();
    browser
        .post("/expert/link", &[("contact", "expert@example.org")])
        .await;
    let path = link(&app, "accounts.expert_link", "expert@example.org").await;
    browser.send_form(&path).await;
    visitors.push(visitor("专家", browser, person, Role::Expert, None));
    World {
        app,
        own,
        other,
        visitors,
    }
}

fn visitor(
    name: &'static str,
    browser: Browser,
    person: PersonId,
    role: Role,
    unit: Option<UnitId>,
) -> Visitor {
    Visitor {
        name,
        browser,
        actor: acting(person, role, unit),
    }
}

/// Something to try: an address, and who may reach it. `None`: it is not there for anybody.
struct Target {
    path: String,
    owner: Option<Owner>,
    listed: bool,
}

fn targets(entry: &table::Entry, places: &[Place]) -> Vec<Target> {
    let place = places.iter().find(|place| place.route == entry.path);
    let Some(place) = place else {
        let listed = !entry.path.contains('{');
        assert!(
            listed,
            "{} has no place in tests/it/policy/places.rs",
            entry.path
        );
        return vec![Target {
            path: entry.path.to_owned(),
            owner: Some(Owner::ALLIANCE),
            listed,
        }];
    };
    let missing = Target {
        path: place.missing.clone(),
        owner: None,
        listed: false,
    };
    let things = place.things.iter().map(|(path, owner)| Target {
        path: path.clone(),
        owner: Some(*owner),
        listed: false,
    });
    let no_id = Target {
        path: place.no_id(),
        owner: None,
        listed: false,
    };
    let of_nothing = match entry.path.contains('{') {
        true => vec![missing, no_id],
        false => Vec::new(),
    };
    of_nothing.into_iter().chain(things).collect()
}

/// Whether the policy lets `actor` reach the target. A list is open to whoever may do it to
/// something; what stands in it is the list's own business.
fn reachable(actor: &Actor, action: Action, target: &Target) -> bool {
    match target.owner {
        Some(_) if target.listed => policy::may_enter(actor, action),
        Some(owner) => policy::allows(actor, action, &owner),
        None => false,
    }
}

async fn ask(browser: &Browser, method: &Method, path: &str) -> (StatusCode, String, String) {
    let answer = browser
        .client()
        .request(method.clone(), browser.address(path))
        .header("sec-fetch-site", "same-origin")
        .send()
        .await
        .unwrap();
    let status = answer.status();
    let location = answer
        .headers()
        .get("location")
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default();
    (status, location, answer.text().await.unwrap())
}

#[tokio::test]
async fn every_role_reaches_its_own_and_nothing_else() {
    for database in databases().await {
        let world = world(database).await;
        let places = places::places(&world).await;
        let before = snapshot(&world.app).await;
        let (_, _, nowhere) = ask(&world.visitors[0].browser, &Method::GET, "/nowhere").await;
        let mut tried = 0;
        let mut wrong = Vec::new();
        for entry in &world.app.table {
            let Guard::May(action) = entry.guard else {
                continue;
            };
            for target in targets(entry, &places) {
                let path = &target.path;
                let (status, to, _) = ask(&world.app.visitor(), &entry.method, path).await;
                if status != StatusCode::SEE_OTHER || !to.starts_with("/sign-in?next=") {
                    wrong.push(format!("signed out {} {path}: {status} {to}", entry.method));
                }
                for visitor in &world.visitors {
                    let reachable = reachable(&visitor.actor, action, &target);
                    // What is allowed to be done is left to the tests of each use case.
                    if reachable && entry.method != Method::GET {
                        continue;
                    }
                    tried += 1;
                    let (status, _, text) = ask(&visitor.browser, &entry.method, path).await;
                    let right = if reachable {
                        let (head, _, _) = ask(&visitor.browser, &Method::HEAD, path).await;
                        (status.is_success() || status.is_redirection()) && head == status
                    } else {
                        // Foreign and missing look the same.
                        status == StatusCode::NOT_FOUND && text == nowhere
                    };
                    if !right {
                        let may = if reachable { "may" } else { "may not" };
                        let (who, method) = (visitor.name, &entry.method);
                        wrong.push(format!("{who} {may} {method} {path}: {status}"));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(tried > 150, "{tried} tries are too few");
        assert_eq!(
            snapshot(&world.app).await,
            before,
            "reading changes nothing"
        );
    }
}

#[tokio::test]
async fn forged_links_are_not_there_and_public_pages_are_for_everybody() {
    for database in databases().await {
        let world = world(database).await;
        let before = snapshot(&world.app).await;
        let visitor = world.app.visitor();
        for entry in &world.app.table {
            match entry.guard {
                Guard::Link => {
                    for token in ["x", &"A".repeat(43), &"A".repeat(45), "%00", "..%2F.."] {
                        for path in forged(entry.path, token) {
                            let (status, _, _) = ask(&visitor, &entry.method, &path).await;
                            assert_eq!(status, StatusCode::NOT_FOUND, "{} {path}", entry.method);
                        }
                    }
                }
                Guard::Public if entry.method == Method::GET && !entry.path.contains('{') => {
                    let (status, _, _) = ask(&visitor, &entry.method, entry.path).await;
                    assert_eq!(status, StatusCode::OK, "{}", entry.path);
                }
                Guard::Public | Guard::May(_) => {}
            }
        }
        assert_eq!(snapshot(&world.app).await, before);
    }
}

#[test]
fn nobody_but_an_expert_has_an_experts_page_and_nobody_decides_alone() {
    let actor = |role| {
        let unit = (role == Role::Contact).then(|| UnitId(Uuid::from_u128(1)));
        acting(PersonId(Uuid::from_u128(9)), role, unit)
    };
    let who = |action| -> Vec<Role> {
        [
            Role::Handler,
            Role::Approver,
            Role::Contact,
            Role::Training,
            Role::Exchange,
            Role::Committee,
            Role::Expert,
        ]
        .into_iter()
        .filter(|role| policy::may_enter(&actor(*role), action))
        .collect()
    };
    assert_eq!(who(Action::OwnExpertPage), [Role::Expert]);
    assert_eq!(who(Action::ApproveRun), [Role::Approver]);
    assert_eq!(who(Action::DecideRecommendation), [Role::Approver]);
    assert_eq!(who(Action::ManageRoles), [Role::Approver]);
    assert_eq!(who(Action::PrepareRun), [Role::Handler]);
    assert_eq!(who(Action::RecommendExpert), [Role::Contact]);
    assert_eq!(who(Action::FileConsultation), [Role::Contact]);
    assert_eq!(who(Action::ConfirmConsultation), [Role::Contact]);
    assert_eq!(who(Action::ReadAudit), [Role::Handler, Role::Approver]);
    assert_eq!(who(Action::FileExchange), [Role::Contact]);
    assert_eq!(who(Action::ManageExchange), [Role::Exchange]);
    for action in Action::ALL {
        let somebody = !who(*action).is_empty();
        assert!(somebody, "{action:?} is for nobody");
        let experts = who(*action).contains(&Role::Expert);
        assert_eq!(experts, *action == Action::OwnExpertPage, "{action:?}");
    }
    let contact = actor(Role::Contact);
    let (own, other) = (
        Owner::unit(UnitId(Uuid::from_u128(1))),
        Owner::unit(UnitId(Uuid::from_u128(2))),
    );
    for action in Action::ALL {
        let everywhere = [
            Action::OwnAccount,
            Action::Home,
            Action::SeeCoverage,
            Action::SeeNeeds,
            Action::ReadCommittees,
            Action::BrowseExchange,
        ];
        if !everywhere.contains(action) {
            assert!(!policy::allows(&contact, *action, &other), "{action:?}");
            assert!(
                !policy::allows(&contact, *action, &Owner::ALLIANCE),
                "{action:?}"
            );
        }
    }
    assert!(policy::allows(&contact, Action::ManageContacts, &own));
    assert!(!policy::allows(&contact, Action::ManageUnits, &own));
}
