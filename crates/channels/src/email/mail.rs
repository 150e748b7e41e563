//! What we understood of one mail: plain data, the shape that `sonnim mail inspect --json` prints.

use jiff::Timestamp;
use serde::Serialize;

/// One mail, understood. Never fails: what could not be read is said in `error`, everything else is still here.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Mail {
    /// Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// In-Reply-To, without angle brackets, in order.
    pub in_reply_to: Vec<String>,
    /// References, without angle brackets, oldest first.
    pub references: Vec<String>,
    /// Date, in UTC.
    pub date: Option<Timestamp>,
    /// The author.
    pub from: Option<Mailbox>,
    /// Where the author wants answers.
    pub reply_to: Vec<Mailbox>,
    /// Primary recipients.
    pub to: Vec<Mailbox>,
    /// Copied recipients.
    pub cc: Vec<Mailbox>,
    /// Decoded, unfolded subject.
    pub subject: Option<String>,
    /// The whole body as plain text (made from HTML where there is no text part).
    pub text: String,
    /// The HTML body as sent, not sanitised.
    pub html: Option<String>,
    /// Only what the author wrote: quotes and signature cut off.
    pub reply_text: String,
    /// What was cut off.
    pub quoted_text: String,
    /// All attachments, inline images too.
    pub attachments: Vec<Attachment>,
    /// What sort of mail this is.
    pub kind: Kind,
    /// The delivery report, when `kind` is [`Kind::Bounce`] or [`Kind::FeedbackReport`].
    pub bounce: Option<Bounce>,
    /// The mail that the author forwarded by hand, when there is one.
    pub forwarded: Option<Forwarded>,
    /// What could not be understood.
    pub error: Option<String>,
}

/// A name and an address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Mailbox {
    /// Display name, decoded.
    pub name: Option<String>,
    /// `local@domain`, as written.
    pub address: Option<String>,
}

/// A part that is not the body.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Attachment {
    /// File name, never empty: a nameless part gets one from its type.
    pub filename: String,
    /// Declared media type, lower case.
    pub content_type: String,
    /// Decoded size in bytes.
    pub size: usize,
    /// MD5 of the decoded bytes, lower-case hex.
    pub md5: String,
    /// True when the HTML body shows it.
    pub inline: bool,
    /// Content-ID without angle brackets.
    pub content_id: Option<String>,
    /// The decoded bytes.
    #[serde(skip)]
    pub data: Vec<u8>,
}

/// What sort of mail this is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person wrote it.
    #[default]
    Message,
    /// Out of office, acknowledgement, list or machine mail (RFC 3834).
    AutoReply,
    /// A delivery status report (RFC 3464) or its free-form kin.
    Bounce,
    /// An abuse report (RFC 5965).
    FeedbackReport,
}

/// What a delivery report says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Bounce {
    /// Message-ID of the mail that bounced.
    pub original_message_id: Option<String>,
    /// One entry for each recipient that failed.
    pub recipients: Vec<BouncedRecipient>,
}

/// One failed recipient.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BouncedRecipient {
    /// The address that failed.
    pub address: Option<String>,
    /// RFC 3463 code, such as `5.1.1`.
    pub status: Option<String>,
    /// SMTP reply code, such as `550`.
    pub smtp_code: Option<String>,
    /// The address itself is dead.
    pub hard: bool,
}

/// A mail that somebody forwarded by hand: what its quoted header block says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Forwarded {
    /// Its author.
    pub from: Option<Mailbox>,
    /// Its recipients.
    pub to: Vec<Mailbox>,
    /// Its copied recipients.
    pub cc: Vec<Mailbox>,
    /// Its subject.
    pub subject: Option<String>,
    /// Its date, as written.
    pub date: Option<String>,
    /// Its body.
    pub text: String,
}
