//! `/w/{token}`: where a member works from acceptance to closing. What is done there is the business
//! of whoever asked for the panel; a body that expects nothing to be filed gets a page with the facts.

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, State},
    http::Method,
    response::Response,
};
use entity::ids::FileId;

use super::{Briefing, Owners, Work, matter::Matter, member_by_work_token};
use crate::{
    accounts::Visitor,
    foundation::{
        context::{Boxed, Context},
        error::{Error, Result},
        links::Links,
        ui::{Shell, Submission, page},
    },
};

/// A body whose members file something by their work link.
pub trait WorkSite: Send + Sync {
    /// The `owner_kind` of its panels.
    fn kind(&self) -> &'static str;

    /// The page as it stands for the member.
    fn show<'a>(
        &'a self,
        ctx: &'a Context,
        visitor: Visitor,
        token: &'a str,
    ) -> Boxed<'a, Result<Response>>;

    /// Takes what the member sends: `step` is the last part of the path, empty for the page itself.
    /// A step that the body does not know is not there.
    fn post<'a>(
        &'a self,
        ctx: &'a Context,
        visitor: Visitor,
        token: &'a str,
        step: &'a str,
        submission: Submission,
    ) -> Boxed<'a, Result<Response>>;

    /// A file that the member may read; `recorded` is false for a look that loads nothing.
    fn load<'a>(
        &'a self,
        ctx: &'a Context,
        token: &'a str,
        file: FileId,
        recorded: bool,
    ) -> Boxed<'a, Result<Response>>;

    /// Takes back a file of something that is not filed yet.
    fn remove_file<'a>(
        &'a self,
        ctx: &'a Context,
        visitor: Visitor,
        token: &'a str,
        file: FileId,
        submission: Submission,
    ) -> Boxed<'a, Result<Response>>;
}

/// All bodies with work pages, by kind. Cheap to clone.
#[derive(Clone, Default)]
pub struct WorkSites(Arc<HashMap<&'static str, Arc<dyn WorkSite>>>);

impl std::fmt::Debug for WorkSites {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl FromIterator<Arc<dyn WorkSite>> for WorkSites {
    fn from_iter<T: IntoIterator<Item = Arc<dyn WorkSite>>>(sites: T) -> Self {
        Self(Arc::new(
            sites.into_iter().map(|site| (site.kind(), site)).collect(),
        ))
    }
}

impl WorkSites {
    /// The body that the link leads to, and what it opens; no body where nothing is filed.
    async fn of(&self, ctx: &Context, token: &str) -> Result<(Option<&dyn WorkSite>, Work)> {
        let token = Links::read(token).ok_or(Error::NotFound)?;
        let work = member_by_work_token(ctx.store.read(), &ctx.links, &token).await?;
        let site = self.0.get(work.panel.owner_kind.as_str());
        Ok((site.map(AsRef::as_ref), work))
    }

    async fn filing(&self, ctx: &Context, token: &str) -> Result<&dyn WorkSite> {
        self.of(ctx, token).await?.0.ok_or(Error::NotFound)
    }
}

#[derive(Template)]
#[template(path = "panels/templates/work_facts.html")]
struct FactsPage {
    shell: Shell,
    person: String,
    sample: bool,
    matter: Matter,
    time: String,
    ended: bool,
    briefing: Briefing,
}

/// `GET /w/{token}`
///
/// # Errors
/// [`Error::NotFound`] for a link that was not given out or is revoked.
pub async fn show(
    State(ctx): State<Context>,
    State(sites): State<WorkSites>,
    State(owners): State<Owners>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response> {
    let (site, work) = sites.of(&ctx, &token).await?;
    match site {
        Some(site) => site.show(&ctx, visitor, &token).await,
        None => {
            let matter = Matter::of(&work.panel);
            Ok(page(&FactsPage {
                shell: visitor.shell,
                person: work.member.expert.person.name.clone(),
                sample: work.member.expert.person.sample,
                time: matter.time(ctx.zone()),
                ended: !work.goes_on(),
                briefing: owners.brief(&ctx, &work.panel).await?,
                matter,
            }))
        }
    }
}

/// `POST /w/{token}`
///
/// # Errors
/// As [`show`].
pub async fn post(
    State(ctx): State<Context>,
    State(sites): State<WorkSites>,
    Path(token): Path<String>,
    visitor: Visitor,
    submission: Submission,
) -> Result<Response> {
    let site = sites.filing(&ctx, &token).await?;
    site.post(&ctx, visitor, &token, "", submission).await
}

/// `POST /w/{token}/{step}`
///
/// # Errors
/// As [`show`], and for a step that the body does not know.
pub async fn post_step(
    State(ctx): State<Context>,
    State(sites): State<WorkSites>,
    Path((token, step)): Path<(String, String)>,
    visitor: Visitor,
    submission: Submission,
) -> Result<Response> {
    let site = sites.filing(&ctx, &token).await?;
    site.post(&ctx, visitor, &token, &step, submission).await
}

/// `GET /w/{token}/files/{file}`
///
/// # Errors
/// As [`show`], and for files that the member may not read.
pub async fn load(
    State(ctx): State<Context>,
    State(sites): State<WorkSites>,
    Path((token, file)): Path<(String, String)>,
    method: Method,
) -> Result<Response> {
    let site = sites.filing(&ctx, &token).await?;
    let recorded = method == Method::GET;
    site.load(&ctx, &token, file_id(&file)?, recorded).await
}

/// `POST /w/{token}/files/{file}/remove`
///
/// # Errors
/// As [`load`].
pub async fn remove_file(
    State(ctx): State<Context>,
    State(sites): State<WorkSites>,
    Path((token, file)): Path<(String, String)>,
    visitor: Visitor,
    submission: Submission,
) -> Result<Response> {
    let site = sites.filing(&ctx, &token).await?;
    site.remove_file(&ctx, visitor, &token, file_id(&file)?, submission)
        .await
}

/// A forged address looks like any other that is not there.
fn file_id(text: &str) -> Result<FileId> {
    text.parse().map(FileId).map_err(|_| Error::NotFound)
}
