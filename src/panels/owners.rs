//! Whoever opened a panel hears of it, without being known to it.

use std::{collections::HashMap, sync::Arc};

use entity::{ids::PersonId, panel};
use uuid::Uuid;

use crate::{
    accounts::desk::Boxed,
    foundation::{
        context::Context,
        error::{Error, Result},
        store::WriteTx,
    },
};

/// What happened to a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelEvent {
    /// All places are accepted.
    Standing,
    /// A place is empty and nobody is left to ask.
    Short,
    /// Members changed after it stood.
    Changed,
    /// This person accepted to be 组长.
    HeadAccepted(PersonId),
}

/// What a member who files nothing is to know besides the facts of the panel, and may read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Briefing {
    /// Facts as (label, value).
    pub facts: Vec<(&'static str, String)>,
    /// What takes place around it, a line each.
    pub programme: Vec<String>,
    /// Papers as (name, path), open to whoever has the path.
    pub papers: Vec<(&'static str, String)>,
}

/// A body that opens panels.
pub trait PanelOwner: Send + Sync {
    /// The `owner_kind` of its panels.
    fn kind(&self) -> &'static str;

    /// Hears of an event, in the write that causes it. The same event may come twice.
    fn on<'a>(
        &'a self,
        tx: &'a WriteTx,
        ctx: &'a Context,
        panel: &'a panel::Model,
        event: PanelEvent,
    ) -> Boxed<'a, Result<()>>;

    /// Path of the page of the matter.
    fn href(&self, owner_id: Uuid) -> String;

    /// Path of the 专家名单 for whoever asked; the page of the matter where there is none of its own.
    fn members_href(&self, owner_id: Uuid) -> String {
        self.href(owner_id)
    }

    /// What the work page of a member tells who files nothing.
    fn brief<'a>(&'a self, _: &'a Context, _: Uuid) -> Boxed<'a, Result<Briefing>> {
        Box::pin(async { Ok(Briefing::default()) })
    }
}

/// All bodies that open panels, by kind. Cheap to clone.
#[derive(Clone, Default)]
pub struct Owners(Arc<HashMap<&'static str, Arc<dyn PanelOwner>>>);

impl std::fmt::Debug for Owners {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl FromIterator<Arc<dyn PanelOwner>> for Owners {
    fn from_iter<T: IntoIterator<Item = Arc<dyn PanelOwner>>>(owners: T) -> Self {
        let by_kind = owners.into_iter().map(|owner| (owner.kind(), owner));
        Self(Arc::new(by_kind.collect()))
    }
}

impl Owners {
    /// Tells the owner of `panel` what happened, in the write that causes it.
    ///
    /// # Errors
    /// What the owner refuses, and [`Error::Internal`] when nobody is registered for its kind.
    pub async fn tell(
        &self,
        tx: &WriteTx,
        ctx: &Context,
        panel: &panel::Model,
        event: PanelEvent,
    ) -> Result<()> {
        let owner = self.0.get(panel.owner_kind.as_str()).ok_or_else(|| {
            Error::internal(format!("nobody owns panels of kind {}", panel.owner_kind))
        })?;
        owner.on(tx, ctx, panel, event).await
    }

    /// Path of the 专家名单 of `panel` for whoever asked; none when nobody is registered for it.
    pub fn members_href(&self, panel: &panel::Model) -> Option<String> {
        self.0
            .get(panel.owner_kind.as_str())
            .map(|owner| owner.members_href(panel.owner_id))
    }

    /// What the work page of a member of `panel` tells who files nothing; nothing when nobody is
    /// registered for it.
    ///
    /// # Errors
    /// What the owner fails with.
    pub async fn brief(&self, ctx: &Context, panel: &panel::Model) -> Result<Briefing> {
        match self.0.get(panel.owner_kind.as_str()) {
            Some(owner) => owner.brief(ctx, panel.owner_id).await,
            None => Ok(Briefing::default()),
        }
    }

    /// Path of the page of the matter that `panel` serves; none when nobody is registered for it.
    pub fn href(&self, panel: &panel::Model) -> Option<String> {
        self.0
            .get(panel.owner_kind.as_str())
            .map(|owner| owner.href(panel.owner_id))
    }
}
