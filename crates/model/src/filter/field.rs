//! What can be asked of a conversation: each field, what it holds, and which operators fit.

use serde::{Deserialize, Serialize, Serializer};

use crate::FieldId;
use crate::field::{self, Key};

/// Something of a conversation that a condition can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Open, pending, on hold, snoozed or resolved.
    Status,
    /// A status of the workspace's own, inside one of those.
    CustomStatus,
    /// Urgency.
    Priority,
    /// Way in.
    Channel,
    /// Who answers.
    Assignee,
    /// Which team answers.
    Team,
    /// Inbox it came to.
    Inbox,
    /// The customer who asks.
    Requester,
    /// The company of the customer who asks.
    Company,
    /// Agents who follow it.
    Follower,
    /// Agents whom a note names.
    Mentioned,
    /// Tags on it.
    Tag,
    /// Addresses that take part.
    Participant,
    /// Number people say aloud.
    Number,
    /// Messages, notes included.
    MessageCount,
    /// Created.
    Created,
    /// Last change of any kind.
    Updated,
    /// Last message or note.
    LastActivity,
    /// Last message by the customer.
    LastCustomerMessage,
    /// Last public reply.
    LastReply,
    /// Since when the customer waits for a reply.
    WaitingSince,
    /// Until when it is to be done.
    Due,
    /// When a snooze ends.
    SnoozedUntil,
    /// When it was resolved.
    ResolvedAt,
    /// The reader has not seen the customer's last message.
    Unread,
    /// A file that is no inline picture came with or went out with a message.
    HasAttachment,
    /// Words of subjects and messages.
    Text,
    /// Words of the conversation's subject alone.
    Subject,
    /// A custom field; `field.` and its key.
    Custom(Custom),
}

/// A custom field as a filter knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Custom {
    /// Its name in filters.
    pub key: Key,
    /// Its id.
    pub id: FieldId,
    /// How its values compare.
    pub holds: Holds,
}

/// How the values of a custom field compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Holds {
    /// Texts, links and patterns: as a whole or by a part, without case.
    Word,
    /// Keys of options.
    Option,
    Number,
    Money,
    Date,
    Flag,
}

impl From<&field::Field> for Custom {
    fn from(f: &field::Field) -> Self {
        let holds = match f.kind {
            field::Kind::Text { .. } | field::Kind::Link {} | field::Kind::Pattern { .. } => Holds::Word,
            field::Kind::Choice { .. } | field::Kind::MultiChoice { .. } => Holds::Option,
            field::Kind::Number {} => Holds::Number,
            field::Kind::Money { .. } => Holds::Money,
            field::Kind::Date {} => Holds::Date,
            field::Kind::Checkbox {} => Holds::Flag,
        };
        Self { key: f.key, id: f.id, holds }
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

/// What a field holds. It decides which operators and values fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Some of a known set; perhaps none.
    Choice,
    /// A mail address.
    Address,
    /// A whole number.
    Number,
    /// An instant, or none.
    Time,
    /// Yes or no.
    Flag,
    /// Words.
    Text,
    /// A short text, compared as a whole or by a part of it.
    Word,
    /// A day, or none.
    Date,
}

/// How a condition compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// Holds one of these.
    IsAnyOf,
    /// Holds none of these.
    IsNoneOf,
    /// Equal to a number, a flag that is so, or within a day or week.
    Is,
    /// Below a number.
    LessThan,
    /// Above a number.
    MoreThan,
    /// Earlier than.
    Before,
    /// At this time or later.
    After,
    /// There is one.
    IsSet,
    /// There is none.
    IsNotSet,
    /// One message (or the subject) holds all of these words; of a short text, this is a part of it.
    Contains,
    /// One message holds these words in this order.
    ContainsPhrase,
    /// No message holds all of these words.
    DoesNotContain,
}

impl Operator {
    /// Every operator.
    pub const ALL: [Self; 12] = [
        Self::IsAnyOf,
        Self::IsNoneOf,
        Self::Is,
        Self::LessThan,
        Self::MoreThan,
        Self::Before,
        Self::After,
        Self::IsSet,
        Self::IsNotSet,
        Self::Contains,
        Self::ContainsPhrase,
        Self::DoesNotContain,
    ];

    /// As in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IsAnyOf => "is_any_of",
            Self::IsNoneOf => "is_none_of",
            Self::Is => "is",
            Self::LessThan => "less_than",
            Self::MoreThan => "more_than",
            Self::Before => "before",
            Self::After => "after",
            Self::IsSet => "is_set",
            Self::IsNotSet => "is_not_set",
            Self::Contains => "contains",
            Self::ContainsPhrase => "contains_phrase",
            Self::DoesNotContain => "does_not_contain",
        }
    }
}

impl Kind {
    /// The operators that fit.
    pub fn operators(self) -> &'static [Operator] {
        use Operator as O;
        match self {
            Self::Choice => &[O::IsAnyOf, O::IsNoneOf, O::IsSet, O::IsNotSet],
            Self::Word => &[O::IsAnyOf, O::IsNoneOf, O::Contains, O::DoesNotContain, O::IsSet, O::IsNotSet],
            Self::Address => &[O::IsAnyOf, O::IsNoneOf],
            Self::Number => &[O::Is, O::LessThan, O::MoreThan],
            Self::Time => &[O::Before, O::After, O::Is, O::IsSet, O::IsNotSet],
            Self::Flag => &[O::Is],
            Self::Text => &[O::Contains, O::ContainsPhrase, O::DoesNotContain],
            Self::Date => &[O::Is, O::Before, O::After, O::IsSet, O::IsNotSet],
        }
    }
}

impl Field {
    /// Every field but the custom ones, in the order that people think of them.
    pub const ALL: [Self; 28] = [
        Self::Status,
        Self::CustomStatus,
        Self::Assignee,
        Self::Team,
        Self::Inbox,
        Self::Tag,
        Self::Priority,
        Self::Channel,
        Self::Requester,
        Self::Company,
        Self::Participant,
        Self::Follower,
        Self::Mentioned,
        Self::Unread,
        Self::HasAttachment,
        Self::Subject,
        Self::Text,
        Self::Created,
        Self::Updated,
        Self::LastActivity,
        Self::LastCustomerMessage,
        Self::LastReply,
        Self::WaitingSince,
        Self::Due,
        Self::SnoozedUntil,
        Self::ResolvedAt,
        Self::MessageCount,
        Self::Number,
    ];

    /// As in the API.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Custom(custom) => custom.key.filter_name(),
            Self::Status => "status",
            Self::CustomStatus => "custom_status",
            Self::Priority => "priority",
            Self::Channel => "channel",
            Self::Assignee => "assignee",
            Self::Team => "team",
            Self::Inbox => "inbox",
            Self::Requester => "requester",
            Self::Company => "company",
            Self::Follower => "follower",
            Self::Mentioned => "mentioned",
            Self::Tag => "tag",
            Self::Participant => "participant",
            Self::Number => "number",
            Self::MessageCount => "message_count",
            Self::Created => "created",
            Self::Updated => "updated",
            Self::LastActivity => "last_activity",
            Self::LastCustomerMessage => "last_customer_message",
            Self::LastReply => "last_reply",
            Self::WaitingSince => "waiting_since",
            Self::Due => "due",
            Self::SnoozedUntil => "snoozed_until",
            Self::ResolvedAt => "resolved_at",
            Self::Unread => "unread",
            Self::HasAttachment => "has_attachment",
            Self::Text => "text",
            Self::Subject => "subject",
        }
    }

    /// From the API; custom fields are looked up where they are known.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == name)
    }

    /// What it holds.
    pub fn kind(self) -> Kind {
        match self {
            Self::Status
            | Self::CustomStatus
            | Self::Priority
            | Self::Channel
            | Self::Assignee
            | Self::Team
            | Self::Inbox
            | Self::Requester
            | Self::Company
            | Self::Follower
            | Self::Mentioned
            | Self::Tag => Kind::Choice,
            Self::Participant => Kind::Address,
            Self::Number | Self::MessageCount => Kind::Number,
            Self::Created
            | Self::Updated
            | Self::LastActivity
            | Self::LastCustomerMessage
            | Self::LastReply
            | Self::WaitingSince
            | Self::Due
            | Self::SnoozedUntil
            | Self::ResolvedAt => Kind::Time,
            Self::Unread | Self::HasAttachment => Kind::Flag,
            Self::Text | Self::Subject => Kind::Text,
            Self::Custom(custom) => match custom.holds {
                Holds::Word => Kind::Word,
                Holds::Option => Kind::Choice,
                Holds::Number | Holds::Money => Kind::Number,
                Holds::Date => Kind::Date,
                Holds::Flag => Kind::Flag,
            },
        }
    }

    /// The operators that fit. A field that always holds something cannot be asked whether it does.
    pub fn operators(self) -> Vec<Operator> {
        let always = matches!(
            self,
            Self::Status | Self::Priority | Self::Channel | Self::Inbox | Self::Requester | Self::Created | Self::Updated | Self::LastActivity
        );
        let fits = |o: &Operator| !(always && matches!(o, Operator::IsSet | Operator::IsNotSet));
        let mut fitting: Vec<Operator> = self.kind().operators().iter().copied().filter(fits).collect();
        if matches!(self, Self::Custom(_)) && self.kind() == Kind::Number {
            fitting.extend([Operator::IsSet, Operator::IsNotSet]);
        }
        fitting
    }
}
