//! Where a route with `{parameters}` leads in a test's world.

use expert_pool::accounts::Owner;
use uuid::Uuid;

/// A route and two things that it can be about. The walk over router and policy needs one for every
/// route whose path has a parameter that is no link's token.
#[derive(Clone, Debug)]
pub struct Place {
    /// The path as the router has it.
    pub route: &'static str,
    /// A thing of the unit or person whom the test's contact and expert act for.
    pub own: (String, Owner),
    /// The same of somebody else; none where all belongs to the alliance.
    pub other: Option<(String, Owner)>,
}

impl Place {
    /// A thing of the own unit and one of another.
    pub fn of_units(
        route: &'static str,
        own: (impl ToString, Owner),
        other: (impl ToString, Owner),
    ) -> Self {
        Self {
            route,
            own: (fill(route, &own.0.to_string()), own.1),
            other: Some((fill(route, &other.0.to_string()), other.1)),
        }
    }

    /// A thing of the alliance; `path` is the whole path.
    pub fn of_alliance(route: &'static str, path: String) -> Self {
        Self {
            route,
            own: (path, Owner::ALLIANCE),
            other: None,
        }
    }

    /// The path to something that is not there.
    pub fn missing(&self) -> String {
        let nobody = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0bad).to_string();
        self.own
            .0
            .split('/')
            .map(|part| match Uuid::parse_str(part) {
                Ok(_) => nobody.as_str(),
                Err(_) => part,
            })
            .collect::<Vec<_>>()
            .join("/")
    }
}

/// The route with its one parameter filled in.
fn fill(route: &str, id: &str) -> String {
    let (before, rest) = route.split_once('{').expect("the route has a parameter");
    let (_, after) = rest.split_once('}').expect("a parameter is closed");
    assert!(!after.contains('{'), "{route} has several parameters");
    format!("{before}{id}{after}")
}
