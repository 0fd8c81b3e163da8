//! Pages of units, one file a matter.

pub mod contacts;
pub mod list;
pub mod terms;
pub mod unit;

use entity::unit::Tier;
use sea_orm::{ActiveEnum, Iterable};

use crate::foundation::{
    texts::Label,
    ui::form::{Choice, choices},
};

/// The tiers, highest first.
fn tier_choices() -> Vec<Choice> {
    let mut tiers: Vec<Tier> = Tier::iter().collect();
    tiers.reverse();
    choices(tiers.into_iter().map(|tier| (tier.to_value(), tier.zh())))
}

fn read_tier(code: &str) -> Option<Tier> {
    Tier::iter().find(|tier| tier.to_value() == code)
}
