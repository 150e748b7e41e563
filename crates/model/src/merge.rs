//! One conversation takes in another, and gives it back.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::conversation::{Bucket, Conversation, Status};
use crate::{AgentId, CustomStatusId, MessageId, TagId};

/// What a conversation was before it took in another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Snapshot {
    pub status: String,
    pub status_time: Option<Timestamp>,
    #[serde(default)]
    pub custom_status: Option<CustomStatusId>,
    pub preview: String,
    pub message_count: i64,
    pub last_activity_at: Timestamp,
    pub last_customer_at: Option<Timestamp>,
    pub last_reply_at: Option<Timestamp>,
    pub waiting_since: Option<Timestamp>,
}

/// All that undoing a merge needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Messages that came over.
    pub messages: Vec<MessageId>,
    /// Tags that the target did not carry before.
    pub tags: Vec<TagId>,
    /// Addresses (folded) that did not take part in the target before.
    pub participants: Vec<String>,
    /// Agents who did not follow the target before.
    pub followers: Vec<AgentId>,
    /// The target before.
    pub before: Snapshot,
    /// The target's status after.
    pub status_after: String,
    /// The target's version after: while it has it, undoing gives back every field.
    pub version_after: i64,
}

/// What the messages of a conversation add up to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Sum {
    pub messages: i64,
    pub last_customer_at: Option<Timestamp>,
    pub last_reply_at: Option<Timestamp>,
    /// The oldest customer message since the last reply.
    pub waiting_since: Option<Timestamp>,
    /// The newest public message: when, and its words.
    pub last_public: Option<(Timestamp, String)>,
}

impl Conversation {
    /// What undoing will need.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            status: self.status.kind().as_str().to_owned(),
            status_time: self.status.time(),
            custom_status: self.custom_status,
            preview: self.preview.clone(),
            message_count: self.message_count,
            last_activity_at: self.last_activity_at,
            last_customer_at: self.last_customer_at,
            last_reply_at: self.last_reply_at,
            waiting_since: self.waiting_since,
        }
    }

    /// Takes in another conversation's counters and times. Somebody who waits there keeps waiting here, and opens it.
    pub fn absorb(&mut self, other: &Self, now: Timestamp) {
        if other.last_activity_at > self.last_activity_at {
            self.preview.clone_from(&other.preview);
            self.last_activity_at = other.last_activity_at;
        }
        self.message_count += other.message_count;
        self.last_customer_at = self.last_customer_at.max(other.last_customer_at);
        self.last_reply_at = self.last_reply_at.max(other.last_reply_at);
        self.waiting_since = match (self.waiting_since, other.waiting_since) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        let waits = other.waiting_since.is_some() && other.status.kind().bucket() == Bucket::Open;
        if waits && self.status.kind().bucket() != Bucket::Open {
            self.status = Status::Open;
        }
        self.updated_at = now;
    }

    /// Is again what it was, as far as the snapshot goes.
    pub fn restore(&mut self, was: &Snapshot, now: Timestamp) {
        self.status = Status::from_columns(&was.status, was.status_time);
        self.custom_status = was.custom_status;
        self.preview.clone_from(&was.preview);
        self.message_count = was.message_count;
        self.last_activity_at = was.last_activity_at;
        self.last_customer_at = was.last_customer_at;
        self.last_reply_at = was.last_reply_at;
        self.waiting_since = was.waiting_since;
        self.updated_at = now;
    }

    /// Counters and times follow the messages that it has now.
    pub fn recount(&mut self, sum: &Sum, now: Timestamp) {
        self.message_count = sum.messages;
        self.last_customer_at = sum.last_customer_at;
        self.last_reply_at = sum.last_reply_at;
        self.waiting_since = sum.waiting_since;
        if let Some((at, words)) = &sum.last_public {
            self.last_activity_at = *at;
            self.preview = crate::conversation::preview_of(words);
        }
        self.updated_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Incoming;
    use crate::conversation::tests::conversation;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn who_waits_in_one_waits_in_both_and_the_newest_words_show() {
        let (early, late, now) = (at("2026-11-22T11:00:00Z"), at("2026-11-22T12:00:00Z"), at("2026-11-22T13:00:00Z"));
        let (mut target, mut source) = (conversation(), conversation());
        target.take_in(Incoming::FromCustomer, "first", early);
        target.take_reply("answered", early);
        target.change_status(Status::Resolved { at: early }, early).unwrap();
        source.take_in(Incoming::FromCustomer, "where is it?", late);
        let was = target.snapshot();
        target.absorb(&source, now);
        assert_eq!((target.status, target.waiting_since, target.preview.as_str()), (Status::Open, Some(late), "where is it?"));
        assert_eq!((target.message_count, target.last_reply_at, target.last_activity_at), (3, Some(early), late));
        target.restore(&was, now);
        assert_eq!(target.snapshot(), was);
    }

    #[test]
    fn a_resolved_one_that_comes_in_reopens_nothing() {
        let now = at("2026-11-22T13:00:00Z");
        let (mut target, mut source) = (conversation(), conversation());
        target.change_status(Status::Resolved { at: now }, now).unwrap();
        source.change_status(Status::Resolved { at: now }, now).unwrap();
        target.absorb(&source, now);
        assert_eq!(target.status, Status::Resolved { at: now });
    }
}
