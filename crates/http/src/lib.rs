//! The HTTP side: the API, its documentation, the app's assets, health. Handlers extract, call, present.

pub mod api;
pub mod app;
pub mod assets;
pub mod chat_hub;
pub mod docs;
pub mod download;
pub mod etag;
pub mod flood;
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
pub mod server;
pub mod time;
pub mod upload;
pub mod visitor;
pub mod widget;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use app::{App, HttpSettings, StreamSettings};
pub use problem::{Problem, Result};
pub use scope::Caller;

/// The whole HTTP side. [`server::serve`] serves it.
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
        .merge(widget::routes())
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .fallback(assets::serve)
        .layer(CompressionLayer::new().compress_when(is_worth_compressing))
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

/// Files go out as they are: most are compressed already, and their ranges count the bytes that are stored.
fn is_worth_compressing(status: StatusCode, version: Version, headers: &HeaderMap, extensions: &Extensions) -> bool {
    let _ = (version, extensions);
    let is_file = headers.contains_key(header::CONTENT_DISPOSITION);
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let is_stream = kind.starts_with("text/event-stream");
    let is_small = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok()).is_some_and(|length| length < 32);
    status != StatusCode::PARTIAL_CONTENT && !is_file && !is_stream && !is_small && (!kind.starts_with("image/") || kind == "image/svg+xml")
}

/// Gives up on requests that take too long to begin to answer. What they began in the store never was. Uploads have time
/// limits of their own: on a slow line they may take longer and be well.
async fn in_time(State(app): State<App>, request: Request, next: Next) -> Response {
    if upload::is_upload(&request) {
        return next.run(request).await;
    }
    match tokio::time::timeout(app.settings.deadline, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::unavailable().into_response(),
    }
}
