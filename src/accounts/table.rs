//! The table of routes: every route is added with its guard, and the table can be walked by a test.

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    handler::Handler,
    http::Method,
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodFilter, MethodRouter},
};

use super::{Actor, policy, policy::Action};
use crate::foundation::{context::Boxed, error::Error};

/// Who may enter a route, before anything is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Everybody.
    Public,
    /// Whoever holds a valid link; the handler checks it against the row.
    Link,
    /// Whoever may do this to something of their own; the handler checks the owner.
    May(Action),
}

/// A route as the walk sees it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Method.
    pub method: Method,
    /// Path with its `{parameters}`.
    pub path: &'static str,
    /// Guard.
    pub guard: Guard,
}

/// A router being built together with its table.
#[expect(missing_debug_implementations, reason = "routers print nothing useful")]
pub struct Routes<S> {
    router: Router<S>,
    table: Vec<Entry>,
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self {
            router: Router::new(),
            table: Vec::new(),
        }
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// Adds a page to read. It answers HEAD too, and changes nothing.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, guard: Guard, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.add(Method::GET, MethodFilter::GET, path, guard, handler)
    }

    /// Adds something to do.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, guard: Guard, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.add(Method::POST, MethodFilter::POST, path, guard, handler)
    }

    fn add<H, T>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        guard: Guard,
        handler: H,
    ) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let route = guarded(axum::routing::on(filter, Erased::of(handler)), guard);
        self.table.push(Entry {
            method,
            path,
            guard,
        });
        self.router = self.router.route(path, route);
        self
    }

    /// Adds all routes of `other`.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.table.extend(other.table);
        self.router = self.router.merge(other.router);
        self
    }

    /// The router and the table.
    pub fn finish(self) -> (Router<S>, Vec<Entry>) {
        (self.router, self.table)
    }
}

/// A handler whose type is forgotten. Every layer that the router puts around a handler asks again
/// whether its future may change threads, down to the last query; hundreds of routes cost minutes of
/// building that way. Asked once here, the layers are compiled once.
struct Erased<S>(Arc<dyn Fn(Request, S) -> Boxed<'static, Response> + Send + Sync>);

impl<S> Erased<S> {
    fn of<H, T>(handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        Self(Arc::new(move |request, state| {
            Box::pin(handler.clone().call(request, state))
        }))
    }
}

impl<S> Clone for Erased<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: 'static> Handler<Request, S> for Erased<S> {
    type Future = Boxed<'static, Response>;

    fn call(self, request: Request, state: S) -> Self::Future {
        (self.0)(request, state)
    }
}

/// Puts the guard before a route.
fn guarded<S: Clone + Send + Sync + 'static>(
    route: MethodRouter<S>,
    guard: Guard,
) -> MethodRouter<S> {
    route.layer(middleware::from_fn(move |request: Request, next: Next| {
        enter(guard, request, next)
    }))
}

async fn enter(guard: Guard, request: Request, next: Next) -> Response {
    let Guard::May(action) = guard else {
        return next.run(request).await;
    };
    match request.extensions().get::<Arc<Actor>>() {
        None => {
            let path = request
                .uri()
                .path_and_query()
                .map_or("/", |path| path.as_str());
            let back = if request.method() == Method::GET {
                path
            } else {
                "/home"
            };
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("next", back)
                .finish();
            Redirect::to(&format!("/sign-in?{query}")).into_response()
        }
        Some(actor) if policy::may_enter(actor, action) => next.run(request).await,
        Some(_) => Error::NotFound.into_response(),
    }
}
