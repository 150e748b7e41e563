//! The web app, from inside the binary: hashed files for ever, the page always fresh, br or gzip where it was made before.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/app/dist"]
struct Dist;

/// Serves a file of the app, or its page for anything that a browser navigates to.
pub async fn serve(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::not_found().into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    if !path.is_empty() && path != "index.html" {
        if let Some(response) = file(path, request.headers()) {
            return response;
        }
        if !wants_page(path, request.headers()) {
            return (StatusCode::NOT_FOUND, "not found\n").into_response();
        }
    }
    file("index.html", request.headers()).unwrap_or_else(|| Problem::not_found().into_response())
}

/// A browser that goes to a page asks for HTML; a script that is missing does not.
fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_none_or(|v| v.contains("text/html") || v.contains("*/*"));
    let is_file = path.starts_with("assets/") || path.starts_with("api/") || path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    accepts && !is_file
}

fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let twin = matches!(path.rsplit_once('.'), Some((_, "br" | "gz")));
    if twin || path.split('/').any(|part| part.starts_with('.')) {
        return None;
    }
    let (found, encoding) = compressed(path, headers).or_else(|| Dist::get(path).map(|f| (f, None)))?;
    let tag = format!("\"{}\"", model::token::word(&found.metadata.sha256_hash()[..10]));
    if headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes()) {
        return Some((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let loader = is_loader(path);
    // Vite puts a hash of the content into every name under assets/, and so does the loader's build.
    let is_hashed = path.starts_with("assets/") || path.starts_with("widget/assets/") || (loader && path != LOADER);
    let cache = match (is_hashed, loader) {
        (true, _) => "public, max-age=31536000, immutable",
        // Every page of every site asks for it.
        (false, true) => "public, max-age=600, stale-while-revalidate=86400",
        (false, false) => "no-cache",
    };
    let mut response = found.data.into_owned().into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, content_type(path));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if loader {
        // Any site may include it, also with `integrity` (which needs CORS) and when it isolates itself.
        out.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        out.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

/// The messenger's script for other sites.
const LOADER: &str = "widget.js";

/// Also under its pinned names, `widget.<hash>.js`.
fn is_loader(path: &str) -> bool {
    matches!(path.rsplit_once('.'), Some((name, "js")) if name == "widget" || (name.starts_with("widget.") && !name.contains('/')))
}

/// A page that somebody else puts headers on.
pub(crate) fn page(path: &str) -> Option<Vec<u8>> {
    Dist::get(path).map(|found| found.data.into_owned())
}

fn compressed(path: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let takes =
        |name: &str| accepted.split(',').any(|e| e.split(';').next().is_some_and(|e| e.trim() == name) && !e.contains("q=0;") && !e.ends_with("q=0"));
    [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(name, _)| takes(name))
        .find_map(|(name, ending)| Dist::get(&format!("{path}.{ending}")).map(|f| (f, Some(name))))
}

fn content_type(path: &str) -> HeaderValue {
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let text = if mime.type_() == mime_guess::mime::TEXT || mime.subtype() == mime_guess::mime::JAVASCRIPT {
        format!("{mime}; charset=utf-8")
    } else {
        mime.to_string()
    };
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}
