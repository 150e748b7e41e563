//! A filter read in memory.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Choice, Condition, Field, Filter, Operator, Value};
use crate::conversation::Status;
use crate::field::{self, Values};
use crate::{AgentId, CompanyId, Conversation, FieldId, TagId, TeamId, text};

/// Who asks, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The agent; none for Sonnim itself, who is nobody's assignee and has read nothing.
    pub agent: Option<AgentId>,
    /// Teams that the agent is in.
    pub teams: Vec<TeamId>,
    /// The moment of asking.
    pub now: Timestamp,
    /// Where the reader's days begin. Only what [`Filter::depends_on_zone`] looks at it.
    pub zone: TimeZone,
}

impl Reader {
    /// The day of asking.
    pub fn today(&self) -> Date {
        self.now.to_zoned(self.zone.clone()).date()
    }
}

/// A conversation and what hangs on it.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// The conversation.
    pub conversation: &'a Conversation,
    /// The requester's company.
    pub company: Option<CompanyId>,
    /// Its tags.
    pub tags: &'a [TagId],
    /// Agents who follow it.
    pub followers: &'a [AgentId],
    /// Agents whom its notes name.
    pub mentioned: &'a [AgentId],
    /// Folded addresses of those who take part.
    pub participants: &'a [String],
    /// Up to when the reader has read it.
    pub read_at: Option<Timestamp>,
    /// A file that is no inline picture hangs on a message.
    pub has_attachment: bool,
    /// The tokens of each message, as [`text::tokens`] makes them of subject and body.
    pub messages: &'a [Vec<String>],
    /// Values of its custom fields.
    pub fields: &'a Values,
}

impl Filter {
    /// Whether a conversation passes. Agrees with the store's SQL.
    pub fn matches(&self, facts: &Facts<'_>, reader: &Reader) -> bool {
        match self {
            Self::All(list) => list.iter().all(|f| f.matches(facts, reader)),
            Self::Any(list) => list.iter().any(|f| f.matches(facts, reader)),
            Self::Not(one) => !one.matches(facts, reader),
            Self::Is(condition) => condition.matches(facts, reader),
        }
    }
}

impl Condition {
    fn matches(&self, facts: &Facts<'_>, reader: &Reader) -> bool {
        let c = facts.conversation;
        if let Field::Custom(custom) = self.field {
            return self.matches_custom(custom.id, facts, reader);
        }
        match (&self.value, self.operator) {
            // Only custom fields hold these.
            (Value::Words(_) | Value::Day(_), _) => false,
            (Value::Choices(list), Operator::IsNoneOf) => !list.iter().any(|v| holds(self.field, *v, facts, reader)),
            (Value::Choices(list), _) => list.iter().any(|v| holds(self.field, *v, facts, reader)),
            (Value::Addresses(list), operator) => list.iter().any(|a| facts.participants.contains(a)) != (operator == Operator::IsNoneOf),
            (Value::Number(n), operator) => {
                let is = if self.field == Field::Number { c.number } else { c.message_count };
                match operator {
                    Operator::LessThan => is < *n,
                    Operator::MoreThan => is > *n,
                    _ => is == *n,
                }
            }
            (Value::When(when), operator) => time(self.field, c).is_some_and(|at| match operator {
                Operator::Before => at < when.from(reader.now),
                _ => at >= when.from(reader.now),
            }),
            (Value::Period(period), _) => time(self.field, c).is_some_and(|at| {
                let (from, to) = period.bounds(reader);
                at >= from && at < to
            }),
            (Value::Flag(flag), _) => {
                let is = if self.field == Field::Unread { c.is_unread(facts.read_at) } else { facts.has_attachment };
                is == *flag
            }
            (Value::Text(words), operator) => {
                let subject;
                let texts = if self.field == Field::Subject {
                    subject = [text::tokens(&c.subject)];
                    &subject
                } else {
                    facts.messages
                };
                let found = match operator {
                    Operator::ContainsPhrase => holds_phrase(texts, &text::tokens(words)),
                    _ => holds_all(texts, &text::query_tokens(words)),
                };
                found != (operator == Operator::DoesNotContain)
            }
            (Value::Nothing, operator) => {
                let set = match self.field {
                    Field::CustomStatus => c.custom_status.is_some(),
                    Field::Assignee => c.assignee.is_some(),
                    Field::Team => c.team.is_some(),
                    Field::Tag => !facts.tags.is_empty(),
                    Field::Company => facts.company.is_some(),
                    Field::Follower => !facts.followers.is_empty(),
                    Field::Mentioned => !facts.mentioned.is_empty(),
                    field => time(field, c).is_some(),
                };
                set == (operator == Operator::IsSet)
            }
        }
    }
}

impl Condition {
    fn matches_custom(&self, id: FieldId, facts: &Facts<'_>, reader: &Reader) -> bool {
        let parts = facts.fields.get(&id).map(field::Value::parts).unwrap_or_default();
        let number = |n: i64| {
            parts.iter().filter_map(|p| p.number).any(|is| match self.operator {
                Operator::LessThan | Operator::Before => is < n,
                Operator::MoreThan => is > n,
                Operator::After => is >= n,
                _ => is == n,
            })
        };
        match &self.value {
            Value::Words(list) => {
                let any = list.iter().any(|w| parts.iter().any(|p| p.word.as_deref() == Some(&field::word(w))));
                any != (self.operator == Operator::IsNoneOf)
            }
            Value::Text(part) => {
                let part = field::word(part);
                let found = !part.is_empty() && parts.iter().any(|p| p.word.as_ref().is_some_and(|w| w.contains(&part)));
                found != (self.operator == Operator::DoesNotContain)
            }
            Value::Number(n) => number(*n),
            Value::Day(day) => number(field::day_number(day.from(reader.today()))),
            Value::Flag(flag) => parts.is_empty() != *flag,
            Value::Nothing => parts.is_empty() == (self.operator == Operator::IsNotSet),
            _ => false,
        }
    }
}

fn holds(field: Field, choice: Choice, facts: &Facts<'_>, reader: &Reader) -> bool {
    let c = facts.conversation;
    let is = |agent: AgentId| match field {
        Field::Follower => facts.followers.contains(&agent),
        Field::Mentioned => facts.mentioned.contains(&agent),
        _ => c.assignee == Some(agent),
    };
    match choice {
        Choice::Status(kind) => c.status.kind() == kind,
        Choice::CustomStatus(status) => c.custom_status == Some(status),
        Choice::Priority(priority) => c.priority == priority,
        Choice::Channel(channel) => c.channel == channel,
        Choice::Agent(agent) => is(agent),
        Choice::Me => reader.agent.is_some_and(is),
        Choice::Team(team) => c.team == Some(team),
        Choice::MyTeams => c.team.is_some_and(|t| reader.teams.contains(&t)),
        Choice::Inbox(inbox) => c.inbox == inbox,
        Choice::Customer(customer) => c.customer == customer,
        Choice::Company(company) => facts.company == Some(company),
        Choice::Tag(tag) => facts.tags.contains(&tag),
    }
}

fn time(field: Field, c: &Conversation) -> Option<Timestamp> {
    match field {
        Field::Created => Some(c.created_at),
        Field::Updated => Some(c.updated_at),
        Field::LastActivity => Some(c.last_activity_at),
        Field::LastCustomerMessage => c.last_customer_at,
        Field::LastReply => c.last_reply_at,
        Field::WaitingSince => c.waiting_since,
        Field::Due => c.due_at,
        Field::SnoozedUntil => match c.status {
            Status::Snoozed { until } => Some(until),
            _ => None,
        },
        Field::ResolvedAt => match c.status {
            Status::Resolved { at } => Some(at),
            _ => None,
        },
        _ => None,
    }
}

/// No words are in no message: what asks for nothing finds nothing, as in the search.
fn holds_all(messages: &[Vec<String>], words: &[String]) -> bool {
    !words.is_empty() && messages.iter().any(|m| words.iter().all(|w| m.contains(w)))
}

fn holds_phrase(messages: &[Vec<String>], words: &[String]) -> bool {
    !words.is_empty() && messages.iter().any(|m| m.windows(words.len()).any(|part| part == words))
}
