//! Messages: what was said, by whom, and what became of its delivery.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Actor, AttachmentId, ConversationId, InboundMailId, Mailbox, MessageId};

/// What sort of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// The customer wrote it.
    Customer,
    /// An agent's public reply.
    Reply,
    /// Internal; never leaves the team.
    Note,
    /// A machine wrote it: out of office, acknowledgement.
    Automatic,
    /// A delivery report about one of our messages.
    Bounce,
}

impl MessageKind {
    const ALL: [(Self, &'static str); 5] =
        [(Self::Customer, "customer"), (Self::Reply, "reply"), (Self::Note, "note"), (Self::Automatic, "automatic"), (Self::Bounce, "bounce")];

    /// As stored and in the API.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(k, _)| *k == self).map_or("note", |(_, s)| s)
    }

    /// From storage. An unknown kind counts as a note: better hidden from customers than shown.
    pub fn from_stored(text: &str) -> Self {
        Self::ALL.iter().find(|(_, s)| *s == text).map_or(Self::Note, |(k, _)| *k)
    }
}

/// Results of sender authentication (RFC 8601 words: pass, fail, none, softfail, temperror …).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Authentication {
    /// RFC 7208.
    pub spf: String,
    /// RFC 6376.
    pub dkim: String,
    /// RFC 9989.
    pub dmarc: String,
}

impl Authentication {
    /// The From domain is proven: DMARC passed.
    pub fn proves_sender(&self) -> bool {
        self.dmarc == "pass"
    }
}

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Id.
    pub id: MessageId,
    /// Where.
    pub conversation: ConversationId,
    /// Sort.
    pub kind: MessageKind,
    /// Who.
    pub author: Actor,
    /// Subject of the mail.
    pub subject: String,
    /// The whole body as plain text.
    pub text: String,
    /// The whole body, sanitised.
    pub html: Option<String>,
    /// Only the author's words.
    pub reply_text: String,
    /// From.
    pub from: Option<Mailbox>,
    /// To, Cc and Bcc.
    pub recipients: Recipients,
    /// Message-ID without brackets.
    pub rfc_message_id: Option<String>,
    /// The raw mail it came from.
    pub inbound_mail: Option<InboundMailId>,
    /// Written.
    pub created_at: Timestamp,
    /// Handed to the customer's mail server, or received.
    pub sent_at: Option<Timestamp>,
    /// Way out, on messages that go out.
    pub delivery: Option<Delivery>,
    /// Sender authentication, on messages that came in.
    pub authentication: Option<Authentication>,
    /// Waits for an agent's decision: the sender is not proven.
    pub held: bool,
    /// Who forwarded it to us.
    pub forwarded_by: Option<Mailbox>,
}

/// To, Cc and Bcc.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Recipients {
    /// To.
    #[serde(default)]
    pub to: Vec<Mailbox>,
    /// Cc.
    #[serde(default)]
    pub cc: Vec<Mailbox>,
    /// Bcc: only for agents' eyes.
    #[serde(default)]
    pub bcc: Vec<Mailbox>,
}

impl Recipients {
    /// Everyone.
    pub fn all(&self) -> impl Iterator<Item = &Mailbox> {
        self.to.iter().chain(&self.cc).chain(&self.bcc)
    }
}

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Can still be taken back.
    UndoWindow,
    /// Leaves at a time that its author picked.
    Scheduled,
    /// In the queue.
    Queued,
    /// Every recipient's server took it.
    Sent,
    /// No recipient's server took it, for good.
    Failed,
    /// Some took it, some refused.
    PartlyFailed,
    /// Taken back.
    Cancelled,
}

impl DeliveryState {
    const ALL: [(Self, &'static str); 7] = [
        (Self::UndoWindow, "undo_window"),
        (Self::Scheduled, "scheduled"),
        (Self::Queued, "queued"),
        (Self::Sent, "sent"),
        (Self::Failed, "failed"),
        (Self::PartlyFailed, "partly_failed"),
        (Self::Cancelled, "cancelled"),
    ];

    /// As stored and in the API.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(k, _)| *k == self).map_or("queued", |(_, s)| s)
    }

    /// From storage.
    pub fn from_stored(text: &str) -> Self {
        Self::ALL.iter().find(|(_, s)| *s == text).map_or(Self::Queued, |(k, _)| *k)
    }
}

/// The way out of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Sum over the recipients.
    pub state: DeliveryState,
    /// End of the undo window, or the time that it is scheduled for.
    pub undo_until: Option<Timestamp>,
    /// Tries so far.
    pub attempts: i64,
    /// Next try.
    pub next_attempt_at: Option<Timestamp>,
    /// Each recipient's result.
    pub recipients: Vec<RecipientDelivery>,
}

/// One recipient's result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipientDelivery {
    /// Address.
    pub address: String,
    /// Result.
    pub state: RecipientState,
    /// SMTP or enhanced code.
    pub code: Option<String>,
    /// What the server said.
    pub detail: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
}

/// One recipient's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecipientState {
    /// Not yet.
    Queued,
    /// The server took it.
    Sent,
    /// The server refused it for good.
    Failed,
    /// A report came back later.
    Bounced,
}

impl RecipientState {
    const ALL: [(Self, &'static str); 4] = [(Self::Queued, "queued"), (Self::Sent, "sent"), (Self::Failed, "failed"), (Self::Bounced, "bounced")];

    /// As stored and in the API.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(k, _)| *k == self).map_or("queued", |(_, s)| s)
    }

    /// From storage.
    pub fn from_stored(text: &str) -> Self {
        Self::ALL.iter().find(|(_, s)| *s == text).map_or(Self::Queued, |(k, _)| *k)
    }
}

impl Delivery {
    /// Whether it is still here at `now`: it can be taken back.
    pub fn is_held_back(&self, now: Timestamp) -> bool {
        matches!(self.state, DeliveryState::UndoWindow | DeliveryState::Scheduled) && self.undo_until.is_some_and(|until| until > now)
    }
}

impl DeliveryState {
    /// The sum over all recipients.
    pub fn sum(recipients: impl IntoIterator<Item = RecipientState>) -> Self {
        let (mut queued, mut sent, mut failed) = (0, 0, 0);
        for state in recipients {
            match state {
                RecipientState::Queued => queued += 1,
                RecipientState::Sent => sent += 1,
                RecipientState::Failed | RecipientState::Bounced => failed += 1,
            }
        }
        match (queued, sent, failed) {
            (0, _, 0) => Self::Sent,
            (0, 0, _) => Self::Failed,
            (0, _, _) => Self::PartlyFailed,
            _ => Self::Queued,
        }
    }
}

/// Seconds to wait before try number `attempts + 1`: 1 min, doubling, at most 4 h; none after five days of tries.
pub fn retry_after_seconds(attempts: i64, first_try: Timestamp, now: Timestamp) -> Option<i64> {
    if now.as_second() - first_try.as_second() > 5 * 86_400 {
        return None;
    }
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 8)).unwrap_or(8);
    Some((60_i64 << doublings).min(4 * 3_600))
}

/// A file that came with or goes out with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Id.
    pub id: AttachmentId,
    /// The message it belongs to; none while it is only uploaded.
    pub message: Option<MessageId>,
    /// Its name.
    pub filename: String,
    /// Its media type: what the bytes are, not what the sender said, when the two differ.
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// The HTML shows it.
    pub inline: bool,
    /// Content-ID.
    pub content_id: Option<String>,
    /// SHA-256 of the bytes, the blob's name.
    pub sha256: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_as_good_as_its_recipients() {
        use RecipientState as R;
        assert_eq!(DeliveryState::sum([R::Sent, R::Sent]), DeliveryState::Sent);
        assert_eq!(DeliveryState::sum([R::Sent, R::Failed]), DeliveryState::PartlyFailed);
        assert_eq!(DeliveryState::sum([R::Bounced]), DeliveryState::Failed);
        assert_eq!(DeliveryState::sum([R::Sent, R::Queued]), DeliveryState::Queued);
    }

    #[test]
    fn retries_back_off_for_days_and_then_end() {
        let first: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        assert_eq!(retry_after_seconds(1, first, first), Some(60));
        assert_eq!(retry_after_seconds(4, first, first), Some(480));
        assert_eq!(retry_after_seconds(40, first, first), Some(14_400));
        assert_eq!(retry_after_seconds(40, first, first + jiff::SignedDuration::from_hours(121)), None);
    }
}
