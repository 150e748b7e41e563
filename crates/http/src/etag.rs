//! Versions of things that several people edit: `ETag` out, `If-Match` in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse, Response};

use crate::app::App;
use crate::json::Json;
use crate::problem::Problem;

/// The header for a version.
pub fn etag(version: i64) -> AppendHeaders<[(HeaderName, HeaderValue); 1]> {
    let value = HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""));
    AppendHeaders([(header::ETAG, value)])
}

/// A JSON body with its version in `ETag`.
#[derive(Debug, Clone)]
pub struct Versioned<T>(pub i64, pub T);

impl<T: serde::Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        (etag(self.0), Json(self.1)).into_response()
    }
}

/// The version that the request was made against; none when it does not say.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub Option<i64>);

impl FromRequestParts<App> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self(None));
        }
        let digits = text.strip_prefix("W/").unwrap_or(text).strip_prefix('"').and_then(|t| t.strip_suffix('"'));
        let version = digits.and_then(|d| d.parse().ok());
        version.map(|v| Self(Some(v))).ok_or_else(|| Problem::malformed("If-Match is not an ETag of ours."))
    }
}
