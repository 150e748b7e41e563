//! The border between the wire and the desk: what the mail servers and the IMAP reader hand over, and what they are
//! told. The desk implements the traits; the protocols never see a database.

use std::net::IpAddr;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;

/// The way a mail came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// Our LMTP server.
    Lmtp,
    /// Our SMTP server.
    Smtp,
    /// Fetched from an IMAP mailbox.
    Imap,
}

/// One mail that arrived, not yet looked into.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// The way it came.
    pub via: Via,
    /// MAIL FROM; `None` is the null sender of bounces.
    pub envelope_from: Option<String>,
    /// RCPT TO, each checked by [`Accept::recipient`], never empty.
    pub recipients: Vec<String>,
    /// Who is on the other end; `None` on a unix socket.
    pub remote_ip: Option<IpAddr>,
    /// What it called itself in HELO, EHLO or LHLO.
    pub helo: Option<String>,
    /// When the last byte was here.
    pub received_at: Timestamp,
    /// The mail as sent: dot-unstuffed, lines ended by CRLF.
    pub raw: Bytes,
}

/// What is known about a recipient before its mail is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecipientCheck {
    /// An inbox of ours.
    Known,
    /// Nobody here has this address: 550 5.1.1.
    Unknown,
    /// It cannot be told now: 451, the sender tries again.
    Unavailable,
}

/// The mail is stored durably; the sender may forget it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accepted {
    /// The same mail was here before; nothing new was stored.
    pub duplicate: bool,
}

/// Why a mail was not stored, in the words a sender understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The store cannot answer now: 451.
    #[error("the store cannot answer now")]
    Unavailable,
    /// The disk is full: 452 4.3.1.
    #[error("the storage is full")]
    StorageFull,
    /// Too many mails for this inbox now: 452 4.2.2.
    #[error("the inbox takes no more mail now")]
    Quota,
    /// Over the size limit: 552 5.3.4.
    #[error("the mail is larger than allowed")]
    TooLarge,
    /// The inbox went away between RCPT and DATA: 550 5.1.1.
    #[error("there is no such inbox")]
    UnknownRecipient,
}

impl Refusal {
    /// True when the sender should try again later.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Unavailable | Self::StorageFull | Self::Quota)
    }
}

/// Where accepted mail goes.
pub trait Accept: Send + Sync + 'static {
    /// Says whether `address` belongs to an inbox.
    fn recipient(&self, address: &str) -> impl Future<Output = RecipientCheck> + Send;

    /// Stores the mail. Resolves only when it is durable; one result for each recipient, in order. A missing result
    /// counts as [`Refusal::Unavailable`].
    fn accept(&self, mail: Incoming) -> impl Future<Output = Vec<Result<Accepted, Refusal>>> + Send;
}
