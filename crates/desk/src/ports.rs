//! What the desk needs done by others: traits that the channels fill in, so that nothing here knows a protocol.

use std::future::Future;
use std::pin::Pin;

use model::inbox::{Incoming, MailboxSecrets, Outgoing};
use model::{EmailAddress, Secret};

/// A future in a box.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A mailbox to be tested.
#[derive(Debug, Clone)]
pub struct Probe {
    /// The inbox's address.
    pub address: EmailAddress,
    /// How mail comes in; none leaves it untested.
    pub incoming: Option<Incoming>,
    /// How mail goes out; none leaves it untested.
    pub outgoing: Option<Outgoing>,
    /// Passwords.
    pub secrets: MailboxSecrets,
}

/// One step of a connection test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeStep {
    /// `dns`, `connect`, `tls`, `sign_in`, `folder`, `fetch` or `recipient`.
    pub name: &'static str,
    /// `incoming` or `outgoing`.
    pub target: &'static str,
    /// Worked, failed, or (none) was not tried.
    pub ok: Option<bool>,
    /// How long it took.
    pub ms: u64,
    /// One sentence for the admin.
    pub detail: String,
    /// What is wrong: `dns`, `refused`, `timeout`, `tls`, `certificate`, `sign_in`, `app_password`, `folder`, `protocol`, `blocked`.
    pub fault: Option<&'static str>,
    /// The server's own words, without secrets.
    pub server_said: Option<String>,
}

/// A provider that mailboxes sign in at with OAuth 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Gmail and Google Workspace.
    Google,
    /// Microsoft 365 and Outlook.com.
    Microsoft,
}

/// OAuth 2 did not work out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthoriseError {
    /// The operator has set no client id for this provider.
    #[error("this installation has no client id for the provider; the operator can set one")]
    NotConfigured,
    /// The provider said no.
    #[error("the provider refused: {0}")]
    Refused(String),
}

/// Talks to other people's mail servers.
pub trait MailboxProbe: Send + Sync {
    /// Tests a mailbox step by step; changes nothing on either server.
    fn probe(&self, probe: Probe) -> Boxed<'_, Vec<ProbeStep>>;

    /// Where a browser goes to allow access to a mailbox. `state` comes back with it.
    fn authorise_url(&self, provider: Provider, address: &EmailAddress, redirect: &str, state: &str) -> Result<String, AuthoriseError>;

    /// Trades the code that came back for a refresh token.
    fn redeem<'a>(&'a self, provider: Provider, code: &'a str, redirect: &'a str) -> Boxed<'a, Result<Secret, AuthoriseError>>;
}

