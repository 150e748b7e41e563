//! The API's documentation: a page of our own that draws `/api/v1/openapi.json`. No script of anybody else.

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::app::App;

/// `/api` and its two files.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api", get(|| async { bundled("text/html; charset=utf-8", include_str!("../docs/index.html")) }))
        .route("/api/docs.js", get(|| async { bundled("text/javascript; charset=utf-8", include_str!("../docs/docs.js")) }))
        .route("/api/docs.css", get(|| async { bundled("text/css; charset=utf-8", include_str!("../docs/docs.css")) }))
}

fn bundled(content_type: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-cache")], text)
}
