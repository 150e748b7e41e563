//! Who knocks, before they are anybody.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use crate::app::App;
use crate::network::client_ip;
use crate::problem::Problem;
use crate::scope::session_word;

/// Address, browser, and the session that it had until now.
#[derive(Debug, Clone)]
pub struct Visitor(pub desk::account::Visitor);

impl std::ops::Deref for Visitor {
    type Target = desk::account::Visitor;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let user_agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Ok(Self(desk::account::Visitor {
            ip: client_ip(&parts.extensions, &parts.headers, &app.settings.trusted_proxies).to_string(),
            user_agent: user_agent.to_owned(),
            replaces: session_word(&parts.headers),
        }))
    }
}
