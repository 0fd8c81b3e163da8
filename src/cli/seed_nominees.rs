//! The demonstration's recommendations under way: one is still written, one waits for the approver, one
//! for the nominee. Their seats are the second ones of three units.

use entity::role_grant::Role;

use super::{
    seed::{Row, cell, contact},
    seed_work::actor,
};
use crate::{
    accounts::{Actor, Grant},
    experts::{decide, recommend},
    foundation::{
        context::Context,
        error::{Error, Result},
        files::Upload,
        ui::Fields,
    },
    people, units,
};

/// How far a recommendation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Draft,
    Sent,
    Approved,
}

/// Sample experts who are not engaged yet, by their identifier in the sample.
const NOMINEES: [(&str, Stage); 3] = [
    ("E012", Stage::Draft),
    ("E020", Stage::Sent),
    ("E082", Stage::Approved),
];

/// Whether a row of the sample is one of the nominees.
pub(super) fn is_nominee(row: &Row) -> bool {
    NOMINEES.iter().any(|(id, _)| *id == cell(row, "id"))
}

/// Recommends the nominees among `rows` (person and profile) in the name of their units.
pub(super) async fn add(ctx: &Context, rows: &[(Row, Row)]) -> Result<()> {
    let approver = actor(ctx, Role::Approver).await?;
    for (person, profile) in rows {
        let found = NOMINEES.iter().find(|(id, _)| *id == cell(person, "id"));
        let Some((_, stage)) = found else { continue };
        let unit = units::by_name(ctx.store.read(), cell(profile, "unit"))
            .await?
            .ok_or_else(|| Error::internal("a nominee has no unit"))?
            .id;
        let by = contact(ctx, unit)
            .await?
            .ok_or_else(|| Error::internal("a nominee's unit has no contact"))?;
        let name = people::get(ctx.store.read(), by).await?.name;
        let by = Actor {
            person: by,
            name,
            grants: vec![Grant {
                role: Role::Contact,
                unit: Some(unit),
                committee: None,
            }],
            ..approver.clone()
        };
        let scan = Upload {
            name: "推荐表（盖章，示例）.pdf".to_owned(),
            bytes: b"%PDF-1.4\n% a sample without content\n".to_vec(),
        };
        let scan = (*stage != Stage::Draft).then_some(&scan);
        let fields = fields(person, profile);
        let id = recommend::save(ctx, &by, unit, None, &fields, scan).await?;
        if *stage != Stage::Draft {
            recommend::send(ctx, &by, unit, id).await?;
        }
        if *stage == Stage::Approved {
            decide::approve(ctx, &approver, id, &Fields::default()).await?;
        }
    }
    Ok(())
}

fn fields(person: &Row, profile: &Row) -> Fields {
    let fields = Fields::default().with("kind", cell(profile, "kind"));
    let fields = ["name", "position", "title", "mobile", "email", "languages"]
        .into_iter()
        .fold(fields, |fields, name| fields.with(name, cell(person, name)));
    ["domains", "keywords", "works", "bio"]
        .into_iter()
        .fold(fields, |fields, name| {
            let text = cell(profile, name);
            // Codes come with their system before them; the form takes them bare.
            let text = if name == "domains" {
                text.replace("ics:", "").replace("ccs:", "")
            } else {
                text.to_owned()
            };
            fields.with(name, text)
        })
}
