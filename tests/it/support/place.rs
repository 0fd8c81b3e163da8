//! Where a route with `{parameters}` leads in a test's world.

use expert_pool::accounts::Owner;
use uuid::Uuid;

/// What stands for something that is not there.
const NOBODY: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0bad);

/// A route and things that it can be about. The walk over router and policy needs one for every route
/// whose path has a parameter that is no link's token.
#[derive(Clone, Debug)]
pub struct Place {
    /// The path as the router has it.
    pub route: &'static str,
    /// The path to something that is not there.
    pub missing: String,
    /// Paths to things that are there, each with its owner.
    pub things: Vec<(String, Owner)>,
}

impl Place {
    /// Things by their id, for a route with one parameter.
    pub fn of<I: ToString>(
        route: &'static str,
        things: impl IntoIterator<Item = (I, Owner)>,
    ) -> Self {
        things
            .into_iter()
            .fold(Self::of_nothing(route), |place, (id, owner)| {
                let path = filled(route, &[&id.to_string()]);
                place.with(path, owner)
            })
    }

    /// A route about something that is not in this world: it has to be missing for everybody.
    pub fn of_nothing(route: &'static str) -> Self {
        let nobody = NOBODY.to_string();
        let parameters = route.matches('{').count();
        Self {
            route,
            missing: filled(route, &vec![nobody.as_str(); parameters]),
            things: Vec::new(),
        }
    }

    /// The path with something that is no id.
    pub fn no_id(&self) -> String {
        let parameters = self.route.matches('{').count();
        filled(self.route, &vec!["x"; parameters])
    }

    /// One more thing.
    #[must_use]
    pub fn with(mut self, path: String, owner: Owner) -> Self {
        self.things.push((path, owner));
        self
    }
}

/// Paths of a link's route with a token that nobody was given, and other parameters that are ids or
/// are none.
pub fn forged(route: &str, token: &str) -> Vec<String> {
    ["x", &NOBODY.to_string()]
        .iter()
        .map(|other| {
            let part = |part: &str| match part {
                "{token}" => token.to_owned(),
                part if part.starts_with('{') => (*other).to_owned(),
                part => part.to_owned(),
            };
            route.split('/').map(part).collect::<Vec<_>>().join("/")
        })
        .collect()
}

/// The route with its parameters filled in.
pub fn filled(route: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let filled: Vec<_> = route
        .split('/')
        .map(|part| match part.starts_with('{') {
            true => *values.next().expect("a value for each parameter"),
            false => part,
        })
        .collect();
    assert_eq!(values.next(), None, "{route} has fewer parameters");
    filled.join("/")
}
