//! What a channel hands to the desk: one message from outside, understood.

use jiff::Timestamp;

use crate::message::Authentication;
use crate::{EmailAddress, Mailbox};

/// What sort of message came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboundKind {
    /// A person wrote.
    Message,
    /// A machine answered.
    AutoReply,
    /// A delivery report.
    Bounce,
    /// An abuse report.
    FeedbackReport,
}

/// A message from outside, ready for `desk::conversation::receive`. HTML is sanitised already.
#[derive(Debug, Clone)]
pub struct Inbound {
    /// Sort.
    pub kind: InboundKind,
    /// Message-ID, without brackets.
    pub message_id: Option<String>,
    /// In-Reply-To then References newest first: where it may belong. Outlook's `x_` prefix is still on.
    pub references: Vec<String>,
    /// The author.
    pub from: Option<Mailbox>,
    /// Where answers should go.
    pub reply_to: Vec<Mailbox>,
    /// To.
    pub to: Vec<Mailbox>,
    /// Cc.
    pub cc: Vec<Mailbox>,
    /// Envelope recipient, Delivered-To, X-Original-To: addresses that it reached us by.
    pub delivered_to: Vec<EmailAddress>,
    /// Subject.
    pub subject: String,
    /// When the author says it was written.
    pub date: Option<Timestamp>,
    /// Whole body, plain.
    pub text: String,
    /// Whole body, sanitised HTML; cid images as `data-cid`, remote images as `data-remote-src`.
    pub html: Option<String>,
    /// Only the author's words.
    pub reply_text: String,
    /// Files.
    pub attachments: Vec<InboundAttachment>,
    /// Signed markers found in the quoted body (see [`crate::token::find_markers`]).
    pub markers: Vec<String>,
    /// Sender authentication.
    pub authentication: Authentication,
    /// Delivery report.
    pub bounce: Option<Bounce>,
    /// A mail that the author forwarded by hand.
    pub forwarded: Option<Forwarded>,
    /// SHA-256 of the body: half of the duplicate key.
    pub body_hash: String,
    /// What could not be understood.
    pub error: Option<String>,
}

/// A file that came along.
#[derive(Debug, Clone)]
pub struct InboundAttachment {
    /// Name.
    pub filename: String,
    /// Declared type.
    pub content_type: String,
    /// Bytes.
    pub data: Vec<u8>,
    /// Shown by the HTML.
    pub inline: bool,
    /// Content-ID.
    pub content_id: Option<String>,
}

/// What a delivery report says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bounce {
    /// Message-ID of the mail that bounced.
    pub original_message_id: Option<String>,
    /// Who failed.
    pub recipients: Vec<BouncedRecipient>,
}

/// One failed recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BouncedRecipient {
    /// Address.
    pub address: Option<String>,
    /// RFC 3463 code.
    pub status: Option<String>,
    /// SMTP code.
    pub smtp_code: Option<String>,
    /// The address itself is dead.
    pub hard: bool,
}

/// A mail that somebody forwarded by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwarded {
    /// Its author.
    pub from: Option<Mailbox>,
    /// Its subject.
    pub subject: Option<String>,
    /// Its body.
    pub text: String,
}
