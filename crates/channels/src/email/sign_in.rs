//! How we sign in at a mail server: with the password as it is stored, or with an access token made from the stored
//! permission of Google or Microsoft.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use model::Secret;
use model::inbox::Auth;

use super::dial::Credentials;
use super::oauth::{OAuthApp, OAuthError, Tokens};

/// Makes credentials, and keeps access tokens in memory until shortly before they end.
pub struct SignIn {
    web: Option<reqwest::Client>,
    google: Option<OAuthApp>,
    microsoft: Option<OAuthApp>,
    now: fn() -> Timestamp,
    /// By the hash of the permission (refresh token).
    tokens: Mutex<HashMap<String, Tokens>>,
}

/// Credentials, and the permission that replaces the stored one, when the provider gave a new one.
#[derive(Debug)]
pub struct Signed {
    /// To sign in with.
    pub credentials: Credentials,
    /// To store instead of the old secret.
    pub replaces: Option<Secret>,
}

/// Why we cannot sign in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// This installation has no app registered with the provider.
    #[error("this installation is not registered with the mailbox's provider; set oauth.* in its configuration")]
    NotRegistered,
    /// The provider said no, or nothing.
    #[error(transparent)]
    Provider(#[from] OAuthError),
}

impl SignInError {
    /// True when another try can help.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Provider(error) if error.is_transient())
    }
}

impl SignIn {
    /// With the apps that are registered.
    pub fn new(web: reqwest::Client, google: Option<OAuthApp>, microsoft: Option<OAuthApp>, now: fn() -> Timestamp) -> Self {
        Self { web: Some(web), google, microsoft, now, tokens: Mutex::default() }
    }

    /// For passwords alone.
    pub fn by_password(now: fn() -> Timestamp) -> Self {
        Self { web: None, google: None, microsoft: None, now, tokens: Mutex::default() }
    }

    /// Credentials of `user`, whose stored secret is a password or a permission. Asks the provider once per token's life.
    ///
    /// # Errors
    /// [`SignInError`]; a password never fails.
    pub async fn credentials(&self, auth: Auth, user: &str, secret: &Secret) -> Result<Signed, SignInError> {
        let app = match auth {
            Auth::Password => {
                let credentials = Credentials::Password { user: user.to_owned(), password: secret.expose().to_owned() };
                return Ok(Signed { credentials, replaces: None });
            }
            Auth::Google => &self.google,
            Auth::Microsoft => &self.microsoft,
        };
        let (Some(app), Some(web)) = (app, &self.web) else { return Err(SignInError::NotRegistered) };
        let bearer = |tokens: &Tokens| Credentials::Bearer { user: user.to_owned(), token: tokens.access_token.clone() };
        let key = model::token::hash(secret.expose());
        let now = (self.now)();
        if let Some(tokens) = self.known(&key).filter(|tokens| tokens.refresh_at > now) {
            return Ok(Signed { credentials: bearer(&tokens), replaces: tokens.refresh_token.map(Secret::new) });
        }
        let tokens = app.refresh(web, secret.expose(), now).await?;
        let credentials = bearer(&tokens);
        let replaces = tokens.refresh_token.clone().filter(|new| new != secret.expose());
        let mut kept = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, tokens| tokens.refresh_at > now);
        if let Some(new) = &replaces {
            // The new permission leads to the same access token: storing it must not ask the provider again.
            kept.insert(model::token::hash(new), Tokens { refresh_token: None, ..tokens.clone() });
        }
        kept.insert(key, Tokens { refresh_token: replaces.clone(), ..tokens });
        Ok(Signed { credentials, replaces: replaces.map(Secret::new) })
    }

    fn known(&self, key: &str) -> Option<Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }
}
