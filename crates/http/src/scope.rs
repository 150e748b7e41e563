//! Who makes a request: a signed-in browser or an API token, and what they may do.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use jiff::SignedDuration;
use model::agent::{Agent, TokenScope};
use model::{Actor, Permission, Scope, Secret, SessionId, Timestamp, TokenId, WorkspaceId};

use crate::app::App;
use crate::network::client_ip;
use crate::problem::Problem;

/// Name of the session cookie.
pub const COOKIE: &str = "sonnim_session";

/// How a caller proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// A signed-in browser.
    Session(SessionId),
    /// An API token.
    Token(TokenId),
}

/// Whoever makes this request. Take it in a handler to demand that somebody is signed in.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Workspace, actor, inboxes in sight, permissions: hand it to the verbs and the store.
    pub scope: Scope,
    /// The agent.
    pub agent: Agent,
    /// How.
    pub via: Via,
    hash: String,
}

impl std::ops::Deref for Caller {
    type Target = Scope;

    fn deref(&self) -> &Scope {
        &self.scope
    }
}

impl Caller {
    /// The session, when a browser asks.
    pub fn session(&self) -> Option<SessionId> {
        match self.via {
            Via::Session(id) => Some(id),
            Via::Token(_) => None,
        }
    }

    /// The same caller as of now, for requests that last: none when the session or token ended meanwhile. Cost: two queries.
    pub async fn renew(&self, app: &App) -> Result<Option<Self>, store::Error> {
        let mut conn = app.read().await?;
        match self.via {
            Via::Session(_) => by_session(&mut conn, &self.hash, app.now()).await.map(|found| found.map(|(caller, _)| caller)),
            Via::Token(_) => by_token(&mut conn, &self.hash, app.now()).await.map(|found| found.map(|(caller, _)| caller)),
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(caller) = parts.extensions.get::<Self>() {
            return Ok(caller.clone());
        }
        let now = app.now();
        let credential = credential(&parts.headers).ok_or_else(Problem::not_signed_in)?;
        let mut conn = app.read().await?;
        let (caller, seen) = match &credential {
            Credential::Token(word) => by_token(&mut conn, &hash(word), now).await?,
            Credential::Session(word) => by_session(&mut conn, &hash(word), now).await?,
        }
        .ok_or_else(Problem::not_signed_in)?;
        drop(conn);
        if seen.is_none_or(|seen| now.duration_since(seen) >= SignedDuration::from_mins(1)) {
            let ip = client_ip(&parts.extensions, &parts.headers, &app.settings.trusted_proxies).to_string();
            tokio::spawn(note(app.clone(), caller.clone(), ip));
        }
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

/// A secret word that came with a request.
pub(crate) enum Credential {
    Token(Secret),
    Session(Secret),
}

fn hash(word: &Secret) -> String {
    model::token::hash(word.expose())
}

/// The bearer token, or else the session cookie.
pub(crate) fn credential(headers: &HeaderMap) -> Option<Credential> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let (scheme, word) = value.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| Credential::Token(Secret::new(word.trim())));
    }
    session_word(headers).map(Credential::Session)
}

/// The session cookie's word.
pub(crate) fn session_word(headers: &HeaderMap) -> Option<Secret> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    cookies.filter_map(|c| c.trim().split_once('=')).find(|(name, _)| *name == COOKIE).map(|(_, word)| Secret::new(word))
}

type Found = Option<(Caller, Option<Timestamp>)>;

async fn by_session(conn: &mut store::Conn, hash: &str, now: Timestamp) -> Result<Found, store::Error> {
    let Some(found) = store::session::find(conn, hash, now).await? else { return Ok(None) };
    let scope = scope(conn, found.workspace, &found.agent, None).await?;
    Ok(Some((Caller { scope, agent: found.agent, via: Via::Session(found.session), hash: hash.into() }, Some(found.seen_at))))
}

async fn by_token(conn: &mut store::Conn, hash: &str, now: Timestamp) -> Result<Found, store::Error> {
    let Some(found) = store::api_token::find(conn, hash, now).await? else { return Ok(None) };
    let scope = scope(conn, found.workspace, &found.agent, Some(&found.scopes)).await?;
    Ok(Some((Caller { scope, agent: found.agent, via: Via::Token(found.token), hash: hash.into() }, found.used_at)))
}

async fn scope(conn: &mut store::Conn, workspace: WorkspaceId, agent: &Agent, scopes: Option<&[TokenScope]>) -> Result<Scope, store::Error> {
    let inboxes = store::agent::visible_inboxes(conn, workspace, agent.id, agent.role).await?;
    let covered = |p: &Permission| scopes.is_none_or(|scopes| scopes.iter().any(|s| s.covers(*p)));
    let permissions = agent.role.permissions().into_iter().filter(covered).collect();
    Ok(Scope { workspace, actor: Actor::Agent(agent.id), inboxes, permissions })
}

/// Notes, at most once a minute, that somebody was here. Nobody waits for it, and it may fail.
async fn note(app: App, caller: Caller, ip: String) {
    let result = async {
        let mut tx = app.begin().await?;
        // The agent first, as whatever ends sessions and tokens does: the other way round the two wait for each other.
        store::agent::seen(&mut tx, caller.workspace, caller.agent.id).await?;
        match caller.via {
            Via::Session(_) => {
                let until = app.now() + desk::account::SESSION_IDLE;
                store::session::touch(&mut tx, &caller.hash, until, &ip).await?;
            }
            Via::Token(_) => store::api_token::used(&mut tx, &caller.hash).await?,
        }
        tx.commit().await
    };
    if let Err(error) = result.await {
        tracing::debug!(%error, "the time of the last request was not noted");
    }
}

/// Whether a request that changes something comes from our own pages, or from no page at all.
pub(crate) fn is_same_site(method: &Method, headers: &HeaderMap, public_url: &str) -> bool {
    if method.is_safe() || headers.contains_key(header::AUTHORIZATION) {
        return true;
    }
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let site = text("sec-fetch-site");
    if matches!(site, Some("same-origin" | "none")) {
        return true;
    }
    let Some(origin) = text("origin") else {
        // No browser page sends an unsafe request without an origin; a program without our cookie has nothing to steal.
        return site.is_none() && session_word(headers).is_none();
    };
    // A page cannot make the browser lie about Host, so our own origin is where the request went, or our public address.
    let own = |host: &str| origin == format!("https://{host}") || origin == format!("http://{host}");
    site != Some("cross-site") && (origin == public_url || text("host").is_some_and(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(headers: &[(&'static str, &str)]) -> bool {
        let map = headers.iter().map(|(k, v)| (header::HeaderName::from_static(k), v.parse().unwrap())).collect();
        is_same_site(&Method::POST, &map, "https://help.example")
    }

    #[test]
    fn only_our_own_pages_may_change_something_with_a_cookie() {
        let cookie = ("cookie", "sonnim_session=x");
        assert!(allowed(&[cookie, ("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[cookie, ("origin", "https://help.example")]));
        assert!(allowed(&[cookie, ("origin", "http://192.168.1.5:8080"), ("host", "192.168.1.5:8080")]));
        assert!(!allowed(&[cookie]));
        assert!(!allowed(&[cookie, ("sec-fetch-site", "cross-site")]));
        assert!(!allowed(&[cookie, ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")]));
        assert!(!allowed(&[cookie, ("origin", "https://evil.example"), ("host", "help.example")]));
        assert!(!allowed(&[("origin", "null")]));
        assert!(allowed(&[]), "a program that signs in");
    }
}
