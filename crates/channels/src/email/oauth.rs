//! OAuth2 for Gmail and Microsoft 365 mailboxes: the address to send the admin to, and the tokens that come back.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use reqwest::Client;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use super::fault::scrub;

/// No honest token answer is larger.
const MAX_ANSWER: usize = 64 * 1024;

/// Tokens are refreshed this long before they end.
const EARLY: SignedDuration = SignedDuration::from_secs(120);

/// Whose mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Gmail and Google Workspace.
    Google,
    /// Microsoft 365 and Outlook.com.
    Microsoft,
}

impl Provider {
    fn scope(self) -> &'static str {
        match self {
            Self::Google => "https://mail.google.com/",
            Self::Microsoft => "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
        }
    }
}

/// An app registered with a provider. `Debug` shows no secret.
#[derive(Clone)]
pub struct OAuthApp {
    /// The provider.
    pub provider: Provider,
    /// Client id.
    pub client_id: String,
    /// Client secret.
    pub client_secret: String,
    /// Our callback, as registered.
    pub redirect_uri: Url,
    /// Where the admin signs in.
    pub authorize_endpoint: Url,
    /// Where tokens come from.
    pub token_endpoint: Url,
}

impl fmt::Debug for OAuthApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthApp").field("provider", &self.provider).finish_non_exhaustive()
    }
}

/// The secret of one authorisation (RFC 7636). Kept by us between the two requests; `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier(String);

impl Verifier {
    /// From fresh random bytes.
    pub fn new(random: [u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random))
    }

    /// From what was stored.
    pub fn restore(stored: String) -> Self {
        Self(stored)
    }

    /// To store it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier")
    }
}

/// What a provider gives. `Debug` shows no token.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    /// For IMAP and SMTP.
    pub access_token: String,
    /// For the next access token; absent when the old one stays good.
    pub refresh_token: Option<String>,
    /// When the access token should be replaced.
    pub refresh_at: Timestamp,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("refresh_at", &self.refresh_at).finish_non_exhaustive()
    }
}

/// Why there are no tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OAuthError {
    /// The permission was withdrawn, has ended, or the code was used before: connect the mailbox again.
    #[error("the permission has ended; connect the mailbox again ({detail})")]
    Ended {
        /// The provider's words.
        detail: String,
    },
    /// Client id, secret or callback are not what the provider knows.
    #[error("the app's registration does not fit ({detail})")]
    Registration {
        /// The provider's words.
        detail: String,
    },
    /// The provider does not answer now: try again.
    #[error("the provider does not answer now ({detail})")]
    Unavailable {
        /// What happened.
        detail: String,
    },
    /// The provider answered something else.
    #[error("the provider's answer is not understood ({detail})")]
    Answer {
        /// What was wrong.
        detail: String,
    },
}

impl OAuthError {
    /// True when another try can help.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }
}

/// Why an app cannot be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a tenant")]
pub struct BadTenant(String);

impl OAuthApp {
    /// The app at the provider's own addresses. `tenant` is Microsoft's (`common` when absent).
    ///
    /// # Errors
    /// When the tenant cannot be part of an address.
    pub fn new(provider: Provider, client_id: String, client_secret: String, redirect_uri: Url, tenant: Option<&str>) -> Result<Self, BadTenant> {
        let tenant = tenant.unwrap_or("common");
        if tenant.is_empty() || !tenant.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.') {
            return Err(BadTenant(tenant.to_owned()));
        }
        let (authorize, token) = match provider {
            Provider::Google => ("https://accounts.google.com/o/oauth2/v2/auth".to_owned(), "https://oauth2.googleapis.com/token".to_owned()),
            Provider::Microsoft => {
                let base = format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0");
                (format!("{base}/authorize"), format!("{base}/token"))
            }
        };
        let parse = |url: &str| Url::parse(url).map_err(|_| BadTenant(tenant.to_owned()));
        Ok(Self { provider, client_id, client_secret, redirect_uri, authorize_endpoint: parse(&authorize)?, token_endpoint: parse(&token)? })
    }

    /// Where to send the admin. `state` is random, bound to the session, and comes back with the code.
    pub fn authorize_url(&self, state: &str, verifier: &Verifier, address: &str) -> Url {
        let mut url = self.authorize_endpoint.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", self.redirect_uri.as_str())
            .append_pair("scope", self.provider.scope())
            .append_pair("state", state)
            .append_pair("code_challenge", &verifier.challenge())
            .append_pair("code_challenge_method", "S256")
            .append_pair("login_hint", address);
        if self.provider == Provider::Google {
            // Only so does Google give a refresh token, every time.
            url.query_pairs_mut().append_pair("access_type", "offline").append_pair("prompt", "consent");
        }
        url
    }

    /// Turns the code of the callback into tokens.
    ///
    /// # Errors
    /// See [`OAuthError`].
    pub async fn exchange(&self, http: &Client, code: &str, verifier: &Verifier, now: Timestamp) -> Result<Tokens, OAuthError> {
        let form =
            [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", self.redirect_uri.as_str()), ("code_verifier", &verifier.0)];
        let tokens = self.ask(http, &form, &[code, &verifier.0], now).await?;
        if tokens.refresh_token.is_none() {
            return Err(OAuthError::Answer { detail: "no refresh token was given".into() });
        }
        Ok(tokens)
    }

    /// A new access token. When a new refresh token comes with it, the old one is void.
    ///
    /// # Errors
    /// See [`OAuthError`].
    pub async fn refresh(&self, http: &Client, refresh_token: &str, now: Timestamp) -> Result<Tokens, OAuthError> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token), ("scope", self.provider.scope())];
        self.ask(http, &form, &[refresh_token], now).await
    }

    async fn ask(&self, http: &Client, form: &[(&str, &str)], secrets: &[&str], now: Timestamp) -> Result<Tokens, OAuthError> {
        let mut all = form.to_vec();
        all.extend([("client_id", self.client_id.as_str()), ("client_secret", self.client_secret.as_str())]);
        // The error may name the address, and with it nothing secret; still only its kind is told.
        let unavailable = |error: &reqwest::Error| OAuthError::Unavailable {
            detail: if error.is_timeout() { "no answer in time".into() } else { "no connection".into() },
        };
        let mut response = http.post(self.token_endpoint.clone()).form(&all).send().await.map_err(|error| unavailable(&error))?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| unavailable(&error))? {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_ANSWER {
                return Err(OAuthError::Answer { detail: "it is too long".into() });
            }
        }
        if status.is_success() {
            return granted(&body, now);
        }
        let mut hidden = secrets.to_vec();
        hidden.push(&self.client_secret);
        Err(refused(status.as_u16(), &body, &hidden))
    }
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    refresh_token: Option<String>,
    expires_in: Option<i64>,
}

fn granted(body: &[u8], now: Timestamp) -> Result<Tokens, OAuthError> {
    let granted: Granted = serde_json::from_slice(body).map_err(|_| OAuthError::Answer { detail: "it holds no access token".into() })?;
    if granted.access_token.is_empty() {
        return Err(OAuthError::Answer { detail: "the access token is empty".into() });
    }
    let lifetime = SignedDuration::from_secs(granted.expires_in.unwrap_or(3600).clamp(0, 30 * 24 * 3600));
    // A very short life still leaves half of it.
    let refresh_at = now.saturating_add((lifetime - EARLY).max(lifetime / 2)).unwrap_or(now);
    Ok(Tokens { access_token: granted.access_token, refresh_token: granted.refresh_token, refresh_at })
}

#[derive(Deserialize, Default)]
struct Refused {
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
}

fn refused(status: u16, body: &[u8], secrets: &[&str]) -> OAuthError {
    let told: Refused = serde_json::from_slice(body).unwrap_or_default();
    let words = if told.error.is_empty() { format!("status {status}") } else { format!("{}: {}", told.error, told.error_description) };
    let detail = scrub(&words, secrets);
    match told.error.as_str() {
        "invalid_grant" | "interaction_required" | "consent_required" | "access_denied" | "login_required" => OAuthError::Ended { detail },
        "invalid_client" | "unauthorized_client" | "redirect_uri_mismatch" | "invalid_scope" | "unsupported_grant_type" => {
            OAuthError::Registration { detail }
        }
        "temporarily_unavailable" | "server_error" | "slow_down" => OAuthError::Unavailable { detail },
        _ if status == 429 || status >= 500 => OAuthError::Unavailable { detail },
        _ => OAuthError::Answer { detail },
    }
}
