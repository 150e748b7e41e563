//! The outside world as the desk sees it. Two implementations each: the real channel, and a fake in tests.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use model::inbox::{Incoming, MailboxSecrets, Outgoing};
use model::message::RecipientState;
use model::{EmailAddress, Inbound, Mailbox, Reason, Secret, Timestamp};

/// A future that can be boxed and sent.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What is known of a raw mail besides its bytes.
#[derive(Debug, Clone, Default)]
pub struct RawMail {
    /// The bytes.
    pub raw: Bytes,
    /// MAIL FROM; empty for the null path.
    pub envelope_from: Option<String>,
    /// RCPT TO.
    pub envelope_to: Vec<EmailAddress>,
    /// Who handed it in.
    pub remote_ip: Option<std::net::IpAddr>,
    /// Its EHLO name.
    pub helo: Option<String>,
}

/// A mail to send.
#[derive(Debug, Clone)]
pub struct OutgoingMail {
    /// Message-ID, without brackets: the same at every try.
    pub message_id: String,
    /// From.
    pub from: Mailbox,
    /// Reply-To.
    pub reply_to: Option<EmailAddress>,
    /// To.
    pub to: Vec<Mailbox>,
    /// Cc.
    pub cc: Vec<Mailbox>,
    /// Who gets it in this try: envelope recipients, Bcc too.
    pub envelope: Vec<EmailAddress>,
    /// Subject.
    pub subject: String,
    /// Text part.
    pub text: String,
    /// HTML part.
    pub html: String,
    /// Files.
    pub attachments: Vec<OutgoingFile>,
    /// In-Reply-To.
    pub in_reply_to: Option<String>,
    /// References, oldest first.
    pub references: Vec<String>,
    /// Date.
    pub date: Timestamp,
    /// How automatic it is.
    pub automatic: Automatic,
}

/// RFC 3834.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Automatic {
    /// A person wrote it.
    No,
    /// An answer by a machine: `auto-replied`.
    Replied,
    /// A notice by a machine: `auto-generated`.
    Generated,
}

/// A file of an outgoing mail.
#[derive(Debug, Clone)]
pub struct OutgoingFile {
    /// Name.
    pub filename: String,
    /// Media type.
    pub content_type: String,
    /// Bytes.
    pub data: Bytes,
    /// Content-ID, when the HTML shows it.
    pub content_id: Option<String>,
}

/// One recipient's result of one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The recipient.
    pub address: EmailAddress,
    /// `Sent`, `Failed` for good, or `Queued`: try again.
    pub state: RecipientState,
    /// SMTP or enhanced code.
    pub code: Option<String>,
    /// What the server said.
    pub detail: Option<String>,
}

/// Nobody got the mail.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DeliverError {
    /// The server cannot be reached or says not now.
    #[error("{0}")]
    Transient(Reason),
    /// The mail itself cannot be sent: a line break in a header, no recipients.
    #[error("{0}")]
    Permanent(String),
}

/// The mail channel.
pub trait MailChannel: Send + Sync {
    /// Understands a raw mail. Never fails; may panic or take long: the caller guards.
    fn understand<'a>(&'a self, mail: &'a RawMail) -> Boxed<'a, Inbound>;

    /// Makes ready to sign in at a server that wants tokens instead of passwords. The permission that replaces the stored
    /// one when the provider renewed it: store it before anything else. What goes wrong is told by [`Self::deliver`].
    fn renew<'a>(&'a self, server: &'a Outgoing, secret: &'a Secret) -> Boxed<'a, Option<Secret>>;

    /// Sends a mail through a server.
    fn deliver<'a>(
        &'a self,
        server: &'a Outgoing,
        secret: Option<&'a Secret>,
        mail: &'a OutgoingMail,
    ) -> Boxed<'a, Result<Vec<Delivered>, DeliverError>>;
}

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
