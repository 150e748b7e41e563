//! Typed, time-ordered ids.
//!
//! An id is a 64-bit integer in the snowflake layout: 41 bits of milliseconds since [`EPOCH_MS`], 10 bits of node, 12 bits
//! of sequence. Inside it is an `i64`; outside it is a prefixed string (`cnv_04b8…`, lower-case base32hex, sorts by time).

use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;

use data_encoding::BASE32_DNSSEC;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// 2026-01-01T00:00:00Z in Unix milliseconds.
pub const EPOCH_MS: i64 = 1_767_225_600_000;
/// Node numbers are below this.
pub const NODES: u16 = 1024;

/// What every typed id can do.
pub trait Id: Copy + Eq + Sized + fmt::Display + Send + Sync + 'static {
    /// The prefix of its written form, without the underscore.
    const PREFIX: &'static str;
    /// Wraps a raw number, as stored.
    fn from_raw(raw: i64) -> Self;
    /// The raw number, as stored.
    fn raw(self) -> i64;
}

/// The written id is not one of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {0}_…")]
pub struct BadId(pub &'static str);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(i64);

        impl Id for $name {
            const PREFIX: &'static str = $prefix;
            fn from_raw(raw: i64) -> Self { Self(raw) }
            fn raw(self) -> i64 { self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write_id($prefix, self.0, f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write_id($prefix, self.0, f) }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(s: &str) -> Result<Self, BadId> { read_id($prefix, s).map(Self) }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(self) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A workspace: one company.
    WorkspaceId = "wks";
    /// A person who works here.
    AgentId = "agt";
    /// A team of agents.
    TeamId = "team";
    /// An inbox: one address that customers write to.
    InboxId = "inb";
    /// A customer.
    CustomerId = "cus";
    /// A company that customers are in.
    CompanyId = "com";
    /// A conversation.
    ConversationId = "cnv";
    /// A message in a conversation.
    MessageId = "msg";
    /// A file that came with or goes out with a message.
    AttachmentId = "att";
    /// A tag.
    TagId = "tag";
    /// An event in the log.
    EventId = "evt";
    /// A job.
    JobId = "job";
    /// An API token.
    TokenId = "tok";
    /// A signed-in session.
    SessionId = "ses";
    /// An invitation.
    InvitationId = "inv";
    /// A bulk action.
    BulkId = "bulk";
    /// A saved view.
    ViewId = "view";
    /// A mail that arrived, as raw bytes.
    InboundMailId = "mail";
    /// A reply that is kept for use again.
    SavedReplyId = "rpl";
    /// A folder of saved replies and macros.
    FolderId = "fld";
    /// A macro: several actions under one name.
    MacroId = "mac";
    /// One use of a macro.
    MacroRunId = "run";
    /// A sender whose mail goes to spam at once.
    BlockedSenderId = "blk";
    /// A notification.
    NotificationId = "ntf";
    /// A custom field.
    FieldId = "cf";
    /// A device that is pushed to.
    PushId = "push";
    /// A file that comes in pieces.
    UploadId = "upl";
    /// A status of a workspace's own.
    CustomStatusId = "sts";
    /// A reminder that an agent asked for.
    ReminderId = "rem";
    /// A browser that opened a widget.
    VisitorId = "vis";
    /// A queue that conversations wait in.
    QueueId = "que";
    /// One way of a conversation through a queue.
    RoutingId = "rtg";
    /// A skill of agents.
    SkillId = "skl";
}

fn write_id(prefix: &str, raw: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{prefix}_{}", BASE32_DNSSEC.encode(&raw.to_be_bytes()))
}

fn read_id(prefix: &'static str, text: &str) -> Result<i64, BadId> {
    let digits = text.strip_prefix(prefix).and_then(|t| t.strip_prefix('_')).ok_or(BadId(prefix))?;
    if digits.len() != 13 || digits.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(BadId(prefix));
    }
    let bytes = BASE32_DNSSEC.decode(digits.as_bytes()).map_err(|_| BadId(prefix))?;
    let raw = i64::from_be_bytes(bytes.try_into().map_err(|_| BadId(prefix))?);
    if raw < 0 { Err(BadId(prefix)) } else { Ok(raw) }
}

/// Makes ids for one node. Ids of one maker never repeat and never go back, even when the clock does.
#[derive(Debug)]
pub struct IdMaker {
    node: i64,
    last: Mutex<i64>,
}

impl IdMaker {
    /// A maker for a node number (below [`NODES`], leased from the database).
    pub fn new(node: u16) -> Self {
        Self { node: i64::from(node % NODES), last: Mutex::new(0) }
    }

    /// The next id at `now`.
    pub fn next<T: Id>(&self, now: Timestamp) -> T {
        T::from_raw(self.next_raw(now))
    }

    fn next_raw(&self, now: Timestamp) -> i64 {
        let tick = (now.as_millisecond() - EPOCH_MS).max(0) << 12;
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // `last` holds time and sequence without the node; a burst over 4096 in one millisecond borrows from the next.
        *last = tick.max(*last + 1);
        let (ms, sequence) = (*last >> 12, *last & 0xfff);
        (ms << 22) | (self.node << 12) | sequence
    }
}

/// The time that an id was made at.
pub fn made_at<T: Id>(id: T) -> Timestamp {
    Timestamp::from_millisecond((id.raw() >> 22) + EPOCH_MS).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_of_one_maker_rise_even_when_the_clock_goes_back() {
        let maker = IdMaker::new(3);
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let first: MessageId = maker.next(now);
        let second: MessageId = maker.next(now - jiff::SignedDuration::from_hours(1));
        assert!(second > first);
        assert_eq!(made_at(first), now);
    }

    proptest! {
        #[test]
        fn the_written_form_reads_back(raw in 0..=i64::MAX) {
            let id = ConversationId::from_raw(raw);
            prop_assert_eq!(id.to_string().parse::<ConversationId>().unwrap(), id);
            prop_assert!(id.to_string().parse::<MessageId>().is_err());
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = text.parse::<ConversationId>();
        }
    }
}
