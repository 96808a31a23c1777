//! Every route, with the least role it asks for.
//!
//! A route is added with its role or not at all, and what is in no table is closed: the guard looks
//! a request's route up here and refuses what it does not find.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::http::Method;
use axum::routing::{MethodRouter, get};
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use crate::access::Role;
use crate::api;
use crate::app::App;
use crate::{assets, socket};

/// What a route asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Least {
    /// Nothing: also who is not logged in may come.
    Nobody,
    /// A role.
    Role(Role),
}

/// The routes of a site and what each asks for.
pub type Matrix = BTreeMap<(String, String), Least>;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Backsight",
        description = "What a desk does and did, why, and the commands an operator has. Money and prices are numbers of dollars, times text in UTC, identities text as `backsight why` prints them. Errors are `application/problem+json`."
    ),
    tags(
        (name = "access", description = "Log in and out"),
        (name = "desk", description = "Now: state, accounts, positions, orders"),
        (name = "alerts", description = "What a person should know, and how people are told"),
        (name = "decisions", description = "Why: signals, gates, contracts, what became of them"),
        (name = "market", description = "Symbols, bars, what stands on a chart, news"),
        (name = "commands", description = "What an operator orders"),
        (name = "learning", description = "What rules were worth, and proposals"),
        (name = "policy", description = "Every number that a rule uses"),
        (name = "past", description = "Any past minute, and who did what"),
        (name = "health", description = "What is late, silent or broken"),
    )
)]
struct Description;

/// The routes of a site, its description and its matrix of access.
pub(crate) struct Routes {
    pub(crate) router: Router<App>,
    pub(crate) document: Document,
    pub(crate) matrix: Matrix,
}

/// The routes while they are collected.
struct Table {
    described: OpenApiRouter<App>,
    plain: Router<App>,
    matrix: Matrix,
}

impl Table {
    /// Adds a route of the API, which is described.
    fn api(mut self, least: Least, routes: UtoipaMethodRouter<App>) -> Self {
        for (path, item) in &routes.1.paths {
            let methods = [
                (Method::GET, item.get.is_some()),
                (Method::POST, item.post.is_some()),
                (Method::PUT, item.put.is_some()),
                (Method::DELETE, item.delete.is_some()),
            ];
            for (method, _) in methods.into_iter().filter(|(_, is_there)| *is_there) {
                self.matrix.insert((method.to_string(), path.clone()), least);
            }
        }
        Self { described: self.described.routes(routes), ..self }
    }

    /// Adds a route beside the API.
    fn plain(mut self, least: Least, path: &str, route: MethodRouter<App>) -> Self {
        self.matrix.insert((Method::GET.to_string(), path.to_owned()), least);
        Self { plain: self.plain.route(path, route), ..self }
    }
}

/// Collects every route.
pub(crate) fn routes() -> Routes {
    let viewer = Least::Role(Role::Viewer);
    let table = Table {
        described: OpenApiRouter::with_openapi(Description::openapi()),
        plain: Router::new(),
        matrix: Matrix::new(),
    };
    let table = table
        .api(Least::Nobody, routes!(api::session::who, api::session::log_in))
        .api(viewer, routes!(api::session::log_out))
        .api(Least::Nobody, routes!(api::session::set_up))
        .api(viewer, routes!(api::desk::desk))
        .api(viewer, routes!(api::desk::positions))
        .api(viewer, routes!(api::desk::orders))
        .api(viewer, routes!(api::desk::equity))
        .api(viewer, routes!(api::alerts::alerts))
        .api(viewer, routes!(api::alerts::channels))
        .api(viewer, routes!(api::signals::signals))
        .api(viewer, routes!(api::signals::signal))
        .api(viewer, routes!(api::market::stories))
        .api(viewer, routes!(api::market::symbols))
        .api(viewer, routes!(api::market::bars))
        .api(viewer, routes!(api::market::marks))
        // Which role a command asks for depends on the command: the least is checked here.
        .api(Least::Role(Role::Approver), routes!(api::commands::order))
        .api(Least::Role(Role::Approver), routes!(api::learning::answer))
        .api(Least::Role(Role::Operator), routes!(api::policy::edit))
        .api(viewer, routes!(api::policy::policy))
        .api(viewer, routes!(api::policy::preview))
        .api(viewer, routes!(api::past::what_if))
        .api(viewer, routes!(api::past::sessions))
        .api(viewer, routes!(api::past::replay))
        .api(viewer, routes!(api::past::audit))
        .api(viewer, routes!(api::options::chain))
        .api(viewer, routes!(api::learning::gates))
        .api(viewer, routes!(api::learning::missed))
        .api(viewer, routes!(api::learning::report))
        .api(viewer, routes!(api::learning::discovery))
        .api(viewer, routes!(api::learning::proposals))
        .api(viewer, routes!(api::learning::proposal))
        .api(viewer, routes!(api::health::pipeline))
        .api(viewer, routes!(api::health::health))
        .plain(viewer, "/metrics", get(api::health::metrics))
        .plain(Least::Nobody, "/api/docs", get(assets::reader))
        .plain(viewer, "/ws", get(socket::open))
        .plain(Least::Nobody, "/healthz", get(api::health::healthz))
        .plain(viewer, "/api/v1/openapi.json", get(api::describe))
        .plain(Least::Nobody, "/", get(assets::index))
        .plain(Least::Nobody, "/{*path}", get(assets::file));
    let (router, document) = table.described.split_for_parts();
    Routes { router: router.merge(table.plain), document, matrix: table.matrix }
}

/// The description of the API, as `openapi.json`.
pub fn document() -> String {
    let document = Arc::new(routes().document);
    serde_json::to_string_pretty(&*document).expect("a description is text")
}

/// What every route asks for.
pub fn matrix() -> Matrix {
    routes().matrix
}
