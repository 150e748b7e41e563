//! The HTTP side: the API, its documentation, the app's assets, health. Handlers extract, call, present.

pub mod api;
pub mod app;
pub mod etag;
pub mod headers;
pub mod health;
pub mod json;
pub mod network;
pub mod page;
pub mod problem;
pub mod scope;
pub mod time;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use app::{App, HttpSettings};
pub use problem::{Problem, Result};
pub use scope::Caller;

/// The whole HTTP side. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`.
pub fn router(app: App) -> Router {
    let (api, _document) = api::v1::routes().split_for_parts();
    let api = api
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Method not allowed", "This path does not take this method.")
        })
        .layer(from_fn_with_state(app.clone(), guard))
        .layer(from_fn(headers::private))
        .layer(DefaultBodyLimit::max(app.settings.max_body));
    Router::new()
        .nest("/api/v1", api)
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
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
