//! A conversation and the rules of its states.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AgentId, ConversationId, CustomStatusId, CustomerId, InboxId, TeamId};

/// Where a conversation stands. A state says since when or until when, where that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Ours to answer.
    Open,
    /// The customer's turn.
    Pending,
    /// Waits for a third party.
    OnHold,
    /// Hidden until a time, or until the customer writes.
    Snoozed {
        /// When it comes back.
        until: Timestamp,
    },
    /// Done.
    Resolved {
        /// Since when.
        at: Timestamp,
    },
    /// Hidden until the customer writes, however long that takes.
    SnoozedUntilAnswer,
}

/// The name of a status, without its particulars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum StatusKind {
    Open,
    Pending,
    OnHold,
    Snoozed,
    Resolved,
}

impl StatusKind {
    /// Every status, in the order that people think of them.
    pub const ALL: [Self; 5] = [Self::Open, Self::Pending, Self::OnHold, Self::Snoozed, Self::Resolved];

    /// As stored and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Pending => "pending",
            Self::OnHold => "on_hold",
            Self::Snoozed => "snoozed",
            Self::Resolved => "resolved",
        }
    }

    /// From storage; an unknown word is open.
    pub fn from_stored(text: &str) -> Self {
        Self::ALL.into_iter().find(|k| k.as_str() == text).unwrap_or(Self::Open)
    }

    /// The count that a conversation in this status adds to.
    pub fn bucket(self) -> Bucket {
        match self {
            Self::Open | Self::Pending | Self::OnHold => Bucket::Open,
            Self::Snoozed => Bucket::Snoozed,
            Self::Resolved => Bucket::Resolved,
        }
    }
}

/// What the views count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Bucket {
    Open,
    Snoozed,
    Resolved,
    Trash,
    Spam,
    /// Taken in by another conversation.
    Merged,
    /// A talk beside another conversation.
    Side,
}

impl Bucket {
    /// As stored in `conversation.bucket` and `conversation_count.bucket`.
    pub fn as_i64(self) -> i64 {
        match self {
            Self::Open => 0,
            Self::Snoozed => 1,
            Self::Resolved => 2,
            Self::Trash => 3,
            Self::Spam => 4,
            Self::Merged => 5,
            Self::Side => 6,
        }
    }

    /// In no list, count or search unless it is asked for by name.
    pub fn is_hidden(self) -> bool {
        self.as_i64() > 2
    }
}

impl Status {
    /// Its name.
    pub fn kind(self) -> StatusKind {
        match self {
            Self::Open => StatusKind::Open,
            Self::Pending => StatusKind::Pending,
            Self::OnHold => StatusKind::OnHold,
            Self::Snoozed { .. } | Self::SnoozedUntilAnswer => StatusKind::Snoozed,
            Self::Resolved { .. } => StatusKind::Resolved,
        }
    }

    /// The time that belongs to it.
    pub fn time(self) -> Option<Timestamp> {
        match self {
            Self::Snoozed { until } => Some(until),
            Self::Resolved { at } => Some(at),
            _ => None,
        }
    }

    /// A snooze: until a time, or with none until the customer writes.
    pub fn snoozed(until: Option<Timestamp>) -> Self {
        until.map_or(Self::SnoozedUntilAnswer, |until| Self::Snoozed { until })
    }

    /// From stored columns; a status that needs a time and has none counts as open.
    pub fn from_columns(kind: &str, time: Option<Timestamp>) -> Self {
        match (kind, time) {
            ("pending", _) => Self::Pending,
            ("on_hold", _) => Self::OnHold,
            ("snoozed", until) => Self::snoozed(until),
            ("resolved", Some(at)) => Self::Resolved { at },
            _ => Self::Open,
        }
    }
}

/// How soon it wants an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Priority {
    Low,
    #[default]
    Normal,
    High,
    Urgent,
}

impl Priority {
    /// As stored: low 0 … urgent 3.
    pub fn as_i64(self) -> i64 {
        self as i64
    }

    /// From storage; anything else is normal.
    pub fn from_i64(n: i64) -> Self {
        match n {
            0 => Self::Low,
            2 => Self::High,
            3 => Self::Urgent,
            _ => Self::Normal,
        }
    }
}

/// The way a conversation came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Channel {
    Email,
    Api,
    Chat,
}

impl Channel {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Api => "api",
            Self::Chat => "chat",
        }
    }

    /// From storage.
    pub fn from_stored(text: &str) -> Self {
        match text {
            "api" => Self::Api,
            "chat" => Self::Chat,
            _ => Self::Email,
        }
    }
}

/// One talk with one customer, whatever the way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Id.
    pub id: ConversationId,
    /// Number people say aloud; per workspace.
    pub number: i64,
    /// Rises with each change; the ETag.
    pub version: i64,
    /// Inbox it came to.
    pub inbox: InboxId,
    /// The requester.
    pub customer: CustomerId,
    /// Subject.
    pub subject: String,
    /// Way in.
    pub channel: Channel,
    /// State.
    pub status: Status,
    /// The status of the workspace's own that it has inside that.
    pub custom_status: Option<CustomStatusId>,
    /// Urgency.
    pub priority: Priority,
    /// Who answers.
    pub assignee: Option<AgentId>,
    /// Which team answers.
    pub team: Option<TeamId>,
    /// First words of the last message.
    pub preview: String,
    /// Messages, notes included.
    pub message_count: i64,
    /// Random token in its reply address.
    pub reply_token: String,
    /// Created.
    pub created_at: Timestamp,
    /// Last change of any kind.
    pub updated_at: Timestamp,
    /// Last message or note: the order of the list.
    pub last_activity_at: Timestamp,
    /// Last message by the customer.
    pub last_customer_at: Option<Timestamp>,
    /// Last public reply.
    pub last_reply_at: Option<Timestamp>,
    /// Since when the customer waits for a reply.
    pub waiting_since: Option<Timestamp>,
    /// Until when it is to be done.
    pub due_at: Option<Timestamp>,
    /// The conversation that took this one in.
    pub merged_into: Option<ConversationId>,
    /// The trash or spam, where it lies there.
    pub shelf: Option<crate::Shelf>,
    /// The conversation that it was begun beside, with somebody else. Never changes.
    pub beside: Option<ConversationId>,
}

/// A status that cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatusError {
    /// Snoozing needs a time to come.
    #[error("pick a time after {now}")]
    InThePast {
        /// The time now.
        now: Timestamp,
    },
    /// Snoozing has a horizon.
    #[error("pick a time within five years")]
    TooFar,
    /// Already so.
    #[error("the conversation has this status already")]
    Unchanged,
}

/// What an incoming message does to its conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incoming {
    /// A customer wrote: reopens and wakes.
    FromCustomer,
    /// A machine answered: stored, changes nothing.
    Automatic,
}

impl Conversation {
    /// Moves to another status at `now`. Which one of the workspace's own it has inside that is another question.
    pub fn change_status(&mut self, to: Status, now: Timestamp) -> Result<(), StatusError> {
        if let Status::Snoozed { until } = to {
            if until <= now {
                return Err(StatusError::InThePast { now });
            }
            if until.as_second() - now.as_second() > 5 * 366 * 86_400 {
                return Err(StatusError::TooFar);
            }
        }
        let same = match (self.status, to) {
            (a, b) if a.kind() == StatusKind::Snoozed => a == b,
            (a, b) => a.kind() == b.kind(),
        };
        if same {
            return Err(StatusError::Unchanged);
        }
        self.status = to;
        self.custom_status = None;
        self.updated_at = now;
        Ok(())
    }

    /// Moves to a status and one of the workspace's own inside it, or to none of those.
    pub fn move_to(&mut self, to: Status, custom: Option<CustomStatusId>, now: Timestamp) -> Result<(), StatusError> {
        match self.change_status(to, now) {
            Err(StatusError::Unchanged) if self.custom_status != custom => {}
            result => result?,
        }
        self.custom_status = custom;
        self.updated_at = now;
        Ok(())
    }

    /// Whether somebody who has read it up to a time has something to read: the customer wrote since, or they marked it as unread
    /// themselves, which is the time 0.
    pub fn is_unread(&self, read_at: Option<Timestamp>) -> bool {
        match read_at {
            Some(read) => read == Timestamp::UNIX_EPOCH || self.last_customer_at.is_some_and(|wrote| read < wrote),
            None => self.last_customer_at.is_some(),
        }
    }

    /// Whether it should have been done by now.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.due_at.is_some_and(|due| due <= now) && self.status.kind() != StatusKind::Resolved
    }

    /// Takes in a message from outside at `now`; says whether the status changed.
    pub fn take_in(&mut self, incoming: Incoming, preview: &str, now: Timestamp) -> bool {
        self.message_count += 1;
        self.updated_at = now;
        if incoming == Incoming::Automatic {
            return false;
        }
        // A customer who writes again wants an answer: the trash gives it back. Spam stays spam.
        if matches!(self.shelf, Some(crate::Shelf::Trash { .. })) {
            self.shelf = None;
        }
        self.preview = preview_of(preview);
        self.last_activity_at = now;
        self.last_customer_at = Some(now);
        self.waiting_since = self.waiting_since.or(Some(now));
        let woken = self.status.kind() != StatusKind::Open && self.shelf.is_none();
        if woken {
            self.status = Status::Open;
        }
        woken
    }

    /// Takes in a public reply at `now`.
    pub fn take_reply(&mut self, preview: &str, now: Timestamp) {
        self.message_count += 1;
        self.preview = preview_of(preview);
        self.last_activity_at = now;
        self.last_reply_at = Some(now);
        self.waiting_since = None;
        self.updated_at = now;
    }

    /// Takes in an internal note at `now`. Its words never become the preview.
    pub fn take_note(&mut self, now: Timestamp) {
        self.message_count += 1;
        self.updated_at = now;
    }

    /// Gives it to somebody; says whether anything changed.
    pub fn assign(&mut self, assignee: Option<AgentId>, team: Option<TeamId>, now: Timestamp) -> bool {
        let changed = self.assignee != assignee || self.team != team;
        if changed {
            self.assignee = assignee;
            self.team = team;
            self.updated_at = now;
        }
        changed
    }
}

/// The first 160 characters of a text, on one line.
pub fn preview_of(text: &str) -> String {
    let mut preview = String::new();
    for word in text.split_whitespace() {
        if !preview.is_empty() {
            preview.push(' ');
        }
        preview.push_str(word);
        if preview.chars().count() > 160 {
            break;
        }
    }
    preview.chars().take(160).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{Actor, Id};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    pub(crate) fn conversation() -> Conversation {
        let now = at("2026-11-22T10:00:00Z");
        Conversation {
            id: ConversationId::from_raw(1),
            number: 1,
            version: 1,
            inbox: InboxId::from_raw(1),
            customer: CustomerId::from_raw(1),
            subject: String::new(),
            channel: Channel::Email,
            status: Status::Open,
            custom_status: None,
            priority: Priority::Normal,
            assignee: None,
            team: None,
            preview: String::new(),
            message_count: 0,
            reply_token: String::new(),
            created_at: now,
            updated_at: now,
            last_activity_at: now,
            last_customer_at: None,
            last_reply_at: None,
            waiting_since: None,
            due_at: None,
            merged_into: None,
            shelf: None,
            beside: None,
        }
    }

    #[test]
    fn a_customer_message_reopens_a_resolved_conversation() {
        let now = at("2026-11-22T11:00:00Z");
        let mut c = conversation();
        c.change_status(Status::Resolved { at: now }, now).unwrap();
        assert!(c.take_in(Incoming::FromCustomer, "still broken", now));
        assert_eq!(c.status, Status::Open);
    }

    #[test]
    fn an_out_of_office_neither_reopens_nor_waits() {
        let now = at("2026-11-22T11:00:00Z");
        let mut c = conversation();
        c.change_status(Status::Resolved { at: now }, now).unwrap();
        assert!(!c.take_in(Incoming::Automatic, "I am away", now));
        assert_eq!((c.status.kind(), c.waiting_since), (StatusKind::Resolved, None));
    }

    #[test]
    fn a_customer_who_writes_again_takes_the_conversation_out_of_the_trash_but_not_out_of_spam() {
        let now = at("2026-11-22T11:00:00Z");
        let mut c = conversation();
        c.put_away(crate::ShelfKind::Trash, Actor::System, now);
        c.take_in(Incoming::Automatic, "away", now);
        assert_eq!(c.bucket(), Bucket::Trash);
        c.take_in(Incoming::FromCustomer, "still here", now);
        assert_eq!(c.bucket(), Bucket::Open);
        c.put_away(crate::ShelfKind::Spam, Actor::System, now);
        c.take_in(Incoming::FromCustomer, "buy now", now);
        assert_eq!(c.bucket(), Bucket::Spam);
    }

    #[test]
    fn snoozing_into_the_past_is_refused() {
        let now = at("2026-11-22T11:00:00Z");
        let until = at("2026-11-22T10:00:00Z");
        assert_eq!(conversation().change_status(Status::Snoozed { until }, now), Err(StatusError::InThePast { now }));
    }

    #[test]
    fn a_snooze_until_an_answer_has_no_end_but_the_answer() {
        let now = at("2026-11-22T11:00:00Z");
        let mut c = conversation();
        c.change_status(Status::snoozed(Some(at("2026-11-22T12:00:00Z"))), now).unwrap();
        c.change_status(Status::snoozed(None), now).unwrap();
        assert_eq!(c.change_status(Status::snoozed(None), now), Err(StatusError::Unchanged));
        assert_eq!((c.status.kind(), c.status.time()), (StatusKind::Snoozed, None));
        assert_eq!(Status::from_columns(c.status.kind().as_str(), c.status.time()), c.status);
        assert!(!c.take_in(Incoming::Automatic, "I am out", now));
        assert!(c.take_in(Incoming::FromCustomer, "Here is the answer", now));
        assert_eq!(c.status, Status::Open);
    }

    #[test]
    fn the_wait_counts_from_the_oldest_unanswered_message() {
        let (one, two) = (at("2026-11-22T11:00:00Z"), at("2026-11-22T12:00:00Z"));
        let mut c = conversation();
        c.take_in(Incoming::FromCustomer, "a", one);
        c.take_in(Incoming::FromCustomer, "b", two);
        assert_eq!(c.waiting_since, Some(one));
        c.take_reply("c", two);
        assert_eq!(c.waiting_since, None);
    }
}
