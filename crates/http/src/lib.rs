//! The HTTP side: the API, its documentation, the app's assets, health. Handlers extract, call, present.

pub mod api;
pub mod app;
pub mod assets;
pub mod docs;
pub mod etag;
pub mod headers;
pub mod health;
pub mod hub;
pub mod idempotency;
pub mod json;
pub mod limits;
pub mod network;
pub mod page;
pub mod present;
pub mod problem;
pub mod scope;
pub mod time;
pub mod visitor;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use app::{App, HttpSettings, StreamSettings};
pub use problem::{Problem, Result};
pub use scope::Caller;

/// The whole HTTP side. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`.
pub fn router(app: App) -> Router {
    let api = api::v1::routes()
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Method not allowed", "This path does not take this method.")
        })
        .layer(from_fn_with_state(app.clone(), idempotency::once))
        .layer(from_fn_with_state(app.clone(), guard))
        .layer(from_fn_with_state(app.clone(), in_time))
        .layer(from_fn(headers::private))
        .layer(DefaultBodyLimit::max(app.settings.max_body));
    Router::new()
        .nest("/api/v1", api)
        .merge(docs::routes())
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .fallback(assets::serve)
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), headers::secure))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| Problem::internal(&"a handler panicked").into_response()))
        .layer(from_fn(health::measure))
        .with_state(app)
}

/// Refuses requests that another site's page made a browser send.
async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    if scope::is_same_site(request.method(), request.headers(), &app.desk.public_url) {
        next.run(request).await
    } else {
        Problem::new(StatusCode::FORBIDDEN, "cross_site", "Cross-site request", "This request came from another site's page.").into_response()
    }
}

/// Gives up on requests that take too long to begin to answer. What they began in the store never was.
async fn in_time(State(app): State<App>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(app.settings.deadline, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::unavailable().into_response(),
    }
}
