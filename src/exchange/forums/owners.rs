//! What panels and registrations tell forums.

use entity::{
    ids::ForumItemId,
    panel::{self, PanelState},
    registration as registration_row,
};
use uuid::Uuid;

use super::{
    matter,
    programme::span,
    seats::FORUM,
    store,
    talk::{TALK, set_speaker},
};
use crate::{
    accounts::Action,
    exchange::events,
    foundation::{
        context::{Boxed, Context},
        error::{Error, Result},
        store::WriteTx,
    },
    panels::{self, Briefing, PanelEvent, PanelOwner},
    registration::{RegistrationEvent, RegistrationOwner},
};

/// Talks as owners of panels.
#[derive(Debug)]
pub struct Talks;

impl PanelOwner for Talks {
    fn kind(&self) -> &'static str {
        TALK
    }

    fn on<'a>(
        &'a self,
        tx: &'a WriteTx,
        _: &'a Context,
        panel: &'a panel::Model,
        event: PanelEvent,
    ) -> Boxed<'a, Result<()>> {
        Box::pin(async move {
            let item = match store::item(tx.db(), ForumItemId(panel.owner_id)).await {
                // The part was given up together with its panel.
                Err(Error::NotFound) => return Ok(()),
                found => found?,
            };
            let (forum, title) = (item.forum_id, item.title.clone());
            let (code, said) = match event {
                PanelEvent::Standing => {
                    let members = panels::members(tx.db(), panel.id).await?;
                    let name = members.first().map_or_else(String::new, |one| {
                        format!("{}（{}）", one.expert.person.name, one.expert.unit_name)
                    });
                    if name == item.speaker {
                        return Ok(());
                    }
                    set_speaker(tx, item, name.clone()).await?;
                    ("forum.speaker", format!("{title}：{name}"))
                }
                PanelEvent::Changed if panel.state != PanelState::Standing => {
                    set_speaker(tx, item, String::new()).await?;
                    ("forum.speaker_missing", title)
                }
                PanelEvent::Short => ("forum.speaker_missing", title),
                // A single speaker is not led by anybody.
                PanelEvent::Changed | PanelEvent::HeadAccepted(_) => return Ok(()),
            };
            events::note(tx, matter(forum), None, code, &said).await?;
            Ok(())
        })
    }

    fn href(&self, owner_id: Uuid) -> String {
        format!("/forums/talks/{owner_id}")
    }

    fn brief<'a>(&'a self, ctx: &'a Context, owner_id: Uuid) -> Boxed<'a, Result<Briefing>> {
        Box::pin(brief(ctx, ForumItemId(owner_id)))
    }
}

/// What a speaker is to know: what the forum is about, its programme.
async fn brief(ctx: &Context, id: ForumItemId) -> Result<Briefing> {
    let db = ctx.store.read();
    let item = match store::item(db, id).await {
        Err(Error::NotFound) => return Ok(Briefing::default()),
        found => found?,
    };
    let forum = store::get(db, item.forum_id).await?;
    let programme = store::items(db, forum.id).await?;
    Ok(Briefing {
        facts: vec![("论坛", forum.title), ("主题", forum.summary)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect(),
        programme: programme
            .iter()
            .map(|one| format!("{} {}", span(one.from_time, one.to_time), one.title))
            .collect(),
        papers: match forum.published_at {
            Some(_) => vec![("论坛页面和日程", format!("/forum/{}", forum.id))],
            None => Vec::new(),
        },
    })
}

/// Forums as owners of registrations.
#[derive(Debug)]
pub struct ForumSeats;

impl RegistrationOwner for ForumSeats {
    fn kind(&self) -> &'static str {
        FORUM
    }

    fn manage(&self) -> Action {
        Action::ManageExchange
    }

    fn on<'a>(
        &'a self,
        _: &'a WriteTx,
        _: &'a Context,
        _: &'a registration_row::Model,
        _: RegistrationEvent,
    ) -> Boxed<'a, Result<()>> {
        // Who enrols and leaves is shown by the registration; a forum keeps nothing of it.
        Box::pin(async { Ok(()) })
    }

    fn href(&self, owner_id: Uuid) -> String {
        format!("/forums/{owner_id}")
    }

    fn public_href(&self, owner_id: Uuid) -> Option<String> {
        Some(format!("/forum/{owner_id}"))
    }
}
