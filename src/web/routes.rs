//! The table of routes: a path cannot be served without saying who may pass.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, on};

use super::guard;
use super::state::AppState;
use crate::auth::Access;

/// One route, as the access matrix of the tests reads it.
#[derive(Debug, Clone)]
pub struct Route {
    /// GET or POST.
    pub method: Method,
    /// Pattern of the path.
    pub path: &'static str,
    /// Who may pass.
    pub access: Access,
}

/// Builds a router together with the list of its routes.
pub struct Routes {
    state: AppState,
    router: Router<AppState>,
    table: Vec<Route>,
}

impl Routes {
    /// No route yet.
    pub fn new(state: &AppState) -> Self {
        Self {
            state: state.clone(),
            router: Router::new(),
            table: Vec::new(),
        }
    }

    /// A page. GET never changes state.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.add(Method::GET, path, access, handler)
    }

    /// An act.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.add(Method::POST, path, access, handler)
    }

    fn add<H, T>(mut self, method: Method, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        let filter = if method == Method::GET {
            MethodFilter::GET
        } else {
            MethodFilter::POST
        };
        let door = from_fn_with_state((self.state.clone(), access), guard::pass);
        self.router = self.router.route(path, on(filter, handler).layer(door));
        self.table.push(Route {
            method,
            path,
            access,
        });
        self
    }

    /// Adds the routes of a feature.
    #[must_use]
    pub fn with(self, feature: fn(Self) -> Self) -> Self {
        feature(self)
    }

    /// The router, and the table for whoever wants to walk it.
    pub fn finish(self) -> (Router<AppState>, Vec<Route>) {
        (self.router, self.table)
    }
}
