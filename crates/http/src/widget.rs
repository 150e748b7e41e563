//! The messenger's page, which stands in a frame on somebody else's site: only where its inbox allows it.
//!
//! Its script, `/widget.js`, and the files of the page are served with the app's (see [`crate::assets`]).

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use model::widget::Settings;

use crate::app::App;
use crate::assets;
use crate::headers::Embeddable;
use crate::problem::Problem;

/// What the messenger may do: its own files and requests, nothing inline, nothing from elsewhere. Pictures are fetched with the
/// visitor's token and shown from memory.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src blob:; font-src 'self'; \
connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors ";

/// The page of the frame.
pub fn routes() -> Router<App> {
    Router::new().route("/widget/{key}", get(page))
}

async fn page(State(app): State<App>, Path(key): Path<String>) -> Result<Response, Problem> {
    let mut conn = app.read().await?;
    let named = store::widget::by_key(&mut conn, &key).await?;
    let Some(named) = named.filter(|n| n.widget.settings.enabled) else {
        return Ok((StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain")], "There is no chat here.\n").into_response());
    };
    let html = assets::page("widget/index.html").ok_or_else(Problem::not_found)?;
    let mut response = ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], html).into_response();
    response.extensions_mut().insert(Embeddable);
    let headers = response.headers_mut();
    let policy = format!("{CSP}{}", ancestors(&named.widget.settings));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_str(&policy).map_err(|e| Problem::internal(&e))?);
    // Sites that isolate themselves (COEP: require-corp) embed only what says that it may be, and isolates itself as well.
    headers.insert(HeaderName::from_static("cross-origin-embedder-policy"), HeaderValue::from_static("require-corp"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    Ok(response)
}

/// Who may show the page in a frame: the sites that the inbox names, or any when it names none. Origins were parsed when they
/// were set, so that nothing but origins can stand here.
fn ancestors(settings: &Settings) -> String {
    if settings.origins.is_empty() { "*".to_owned() } else { format!("'self' {}", settings.origins.join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_stands_where_its_inbox_allows_it() {
        let of = |origins: &[&str]| ancestors(&Settings { origins: origins.iter().map(|&o| o.to_owned()).collect(), ..Settings::default() });
        assert_eq!(of(&[]), "*");
        assert_eq!(of(&["https://shop.example", "https://*.shop.example"]), "'self' https://shop.example https://*.shop.example");
    }
}
