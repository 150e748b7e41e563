//! Reading a mailbox over IMAP: catch up, hand over, wait for more, for ever.

pub(crate) mod session;
mod watch;
mod wire;

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::watch::watch;
use super::{
    accept::{Accepted, Refusal},
    dial::{Credentials, Endpoint},
    fault::Failure,
};

/// What happens to a mail in the mailbox once it is stored here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterFetch {
    /// Nothing; the folder is opened read-only.
    Leave,
    /// It is marked as read.
    MarkSeen,
    /// It is moved to this folder, which is made when missing.
    Move(String),
}

/// Which mail is taken when a mailbox is connected for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Only what arrives from now on.
    New,
    /// All that is in the folder.
    All,
}

/// The mailbox and how to read it.
#[derive(Debug, Clone)]
pub struct Mailbox {
    /// The server.
    pub endpoint: Endpoint,
    /// The folder, most often `INBOX`.
    pub folder: String,
    /// What happens after a mail is stored.
    pub after_fetch: AfterFetch,
    /// Where to begin the first time.
    pub start: Start,
    /// Of larger mails only the header is fetched.
    pub max_size: usize,
    /// How many messages are asked about at once.
    pub batch: usize,
    /// How long one IDLE lasts; under the 29 minutes after which servers hang up.
    pub idle: Duration,
    /// How often a server without IDLE is asked.
    pub poll: Duration,
    /// How long to wait after a fault.
    pub back_off: BackOff,
    /// A number from 0 to 1, so that a thousand mailboxes do not come back in the same second.
    pub jitter: fn() -> f64,
    /// The clock.
    pub now: fn() -> Timestamp,
}

impl Mailbox {
    /// The usual manners for `folder` at `endpoint`.
    pub fn new(endpoint: Endpoint, folder: impl Into<String>, now: fn() -> Timestamp, jitter: fn() -> f64) -> Self {
        Self {
            endpoint,
            folder: folder.into(),
            after_fetch: AfterFetch::Leave,
            start: Start::New,
            max_size: 50 * 1024 * 1024,
            batch: 100,
            idle: Duration::from_mins(25),
            poll: Duration::from_mins(1),
            back_off: BackOff::default(),
            jitter,
            now,
        }
    }
}

/// How long to wait after a fault: twice as long each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackOff {
    /// After the first fault.
    pub first: Duration,
    /// Never longer than this.
    pub longest: Duration,
    /// At least this after a refused sign-in: providers lock accounts that try too often.
    pub sign_in: Duration,
}

impl Default for BackOff {
    fn default() -> Self {
        Self { first: Duration::from_secs(5), longest: Duration::from_mins(15), sign_in: Duration::from_mins(5) }
    }
}

impl BackOff {
    /// The wait after the `attempt`-th fault in a row (from 1); `jitter` from 0 to 1 takes away up to half.
    pub fn delay(self, attempt: u32, jitter: f64) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1).min(20)));
        doubled.min(self.longest).mul_f64(1.0 - 0.5 * jitter.clamp(0.0, 1.0))
    }
}

/// How far a mailbox has been read. Stored by the sink, opaque to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The folder's numbering; when it changes, all UIDs are new.
    pub uid_validity: u32,
    /// The last UID that was handled.
    pub last_uid: u32,
    /// Mail received before this was there before Sonnim and is left alone…
    pub since: Option<Timestamp>,
    /// …among the UIDs up to this one. (Old mail that a person moves in later is taken.)
    pub since_until_uid: u32,
}

/// A mail from a mailbox.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Its number in the folder.
    pub uid: u32,
    /// When the mailbox received it.
    pub received_at: Timestamp,
    /// The mail; only its header when `omitted` is set.
    pub raw: Bytes,
    /// The full size of a mail over the limit, whose body was not fetched.
    pub omitted: Option<usize>,
}

/// How the connection is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailboxState {
    /// Everything up to now is here.
    Connected,
    /// Something is wrong; the next try comes at `retry_at`.
    Failing {
        /// What is wrong.
        failure: Failure,
        /// When it is tried again; `None` when reading goes on all the same.
        retry_at: Option<Timestamp>,
    },
}

/// Where the mail of a mailbox goes.
pub trait MailboxSink: Send + Sync + 'static {
    /// The password, or a fresh access token; asked for before each connection.
    fn credentials(&self) -> impl Future<Output = Result<Credentials, Failure>> + Send;

    /// What was saved last; `None` the first time.
    fn cursor(&self) -> impl Future<Output = Result<Option<Cursor>, Refusal>> + Send;

    /// Stores a mail. Resolves only when it is durable. The same mail may come again and must then be recognised.
    fn store(&self, mail: Fetched) -> impl Future<Output = Result<Accepted, Refusal>> + Send;

    /// Saves the cursor.
    fn save(&self, cursor: Cursor) -> impl Future<Output = Result<(), Refusal>> + Send;

    /// Told when the state changes.
    fn state(&self, state: MailboxState) -> impl Future<Output = ()> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_its_longest() {
        let back_off = BackOff::default();
        assert_eq!(back_off.delay(1, 0.0), Duration::from_secs(5));
        assert_eq!(back_off.delay(3, 0.0), Duration::from_secs(20));
        assert_eq!(back_off.delay(3, 1.0), Duration::from_secs(10));
        assert_eq!(back_off.delay(u32::MAX, 0.0), Duration::from_mins(15));
    }
}
