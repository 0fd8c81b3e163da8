//! What pages of visits have in common: who may see what, names, files.

use entity::{
    file,
    ids::{UnitId, VisitId},
    visit,
};

use crate::{
    accounts::{Action, Actor, Desk, Owner, policy},
    exchange::visits::{rules::Side, store, unit_of},
    foundation::{
        context::Context,
        error::{Error, Result},
        ui::Html,
    },
};

/// Whether the actor sees everything of the exchange group.
pub(super) fn sees_all(actor: &Actor) -> bool {
    policy::allows(actor, Action::ReadExchange, &Owner::ALLIANCE)
}

/// The units that the actor files for.
pub(super) fn own_units(actor: &Actor) -> Vec<UnitId> {
    actor
        .units()
        .filter(|unit| policy::allows(actor, Action::FileExchange, &Owner::unit(*unit)))
        .collect()
}

/// Sides of a visit that the actor acts for.
pub(super) fn sides(actor: &Actor, visit: &visit::Model) -> Vec<Side> {
    let own = own_units(actor);
    [Side::Sending, Side::Host]
        .into_iter()
        .filter(|side| own.contains(&unit_of(visit, *side)))
        .collect()
}

/// A visit that the visitor may see: of an own unit, or all.
pub(super) async fn readable(ctx: &Context, desk: &Desk, id: VisitId) -> Result<visit::Model> {
    let row = store::visit(ctx.store.read(), id).await?;
    let may = |unit| policy::allows(&desk.actor, Action::ReadExchange, &Owner::unit(unit));
    if may(row.sending_unit_id) || may(row.host_unit_id) {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

/// The side for which the actor acts on a visit; somebody of both units acts for the one named.
pub(super) async fn side(
    ctx: &Context,
    desk: &Desk,
    id: VisitId,
    named: &str,
) -> Result<(visit::Model, Side)> {
    let row = store::visit(ctx.store.read(), id).await?;
    let sides = sides(&desk.actor, &row);
    let wanted = match named {
        "host" => Side::Host,
        _ => Side::Sending,
    };
    let side = match sides[..] {
        [] => return Err(Error::NotFound),
        [only] => only,
        _ => wanted,
    };
    Ok((row, side))
}

/// What names a side in a form.
pub(super) fn side_word(side: Side) -> &'static str {
    match side {
        Side::Sending => "sending",
        Side::Host => "host",
    }
}

/// A file to be loaded.
#[derive(Clone, Debug)]
pub(super) struct FileLink {
    pub href: String,
    pub name: String,
}

impl FileLink {
    pub fn of(file: &file::Model, base: &str) -> Self {
        Self {
            href: format!("{base}/files/{}", file.id),
            name: file.name.clone(),
        }
    }
}

/// The lines of a text.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A name, with the mark of fiction.
pub(super) fn name(text: &str, sample: bool) -> Html {
    let text = crate::foundation::ui::form::escape(text);
    let mark = if sample {
        "<span class=\"ex\">示例</span>"
    } else {
        ""
    };
    Html(format!("{text}{mark}"))
}
