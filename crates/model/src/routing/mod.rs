//! Who gets which conversation. A pure decision: what waits, who is there and the rules go in, what to do comes out, and why.

mod decide;
mod erlang;
#[cfg(test)]
mod tests;
mod wait;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use decide::decide;
pub use erlang::{Line, erlang_c};
pub use wait::{FEWEST, FLOOR, Flow, LAST, Told, Wait, WaitReason, expected, expected_for_newcomer, rounded, tell};

use crate::availability::{Capacity, Load, Medium, Switches};
use crate::queue::Rule;
use crate::{AgentId, ConversationId, InboxId, Inboxes, Priority, QueueId, SkillId};

/// Where a conversation stands on its way through a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nobody has it.
    Waiting,
    /// Somebody is asked.
    Offered,
    /// Somebody has it.
    Assigned,
    /// It is done with: answered and closed, or it left the queue.
    Ended,
}

impl Stage {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Offered => "offered",
            Self::Assigned => "assigned",
            Self::Ended => "ended",
        }
    }

    /// From storage; an unknown word has ended.
    pub fn from_stored(text: &str) -> Self {
        [Self::Waiting, Self::Offered, Self::Assigned].into_iter().find(|s| s.as_str() == text).unwrap_or(Self::Ended)
    }
}

/// A conversation that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub conversation: ConversationId,
    /// Where it waits.
    pub queue: QueueId,
    /// Its own urgency.
    pub priority: Priority,
    /// Since when the customer waits for somebody.
    pub since: Timestamp,
    /// Since when it is in this queue.
    pub entered: Timestamp,
    /// Whose sight it is in.
    pub inbox: InboxId,
    /// What kind of work it is.
    pub medium: Medium,
    /// The skill that is the customer's language, where there is one.
    pub language: Option<SkillId>,
    /// Who last helped the customer.
    pub last_agent: Option<AgentId>,
    /// Who represents the customer's company.
    pub representative: Option<AgentId>,
    /// The customer never wrote before.
    pub newcomer: bool,
    /// Who declined it, or let the offer pass.
    pub declined: Vec<AgentId>,
    /// Who passed it on by hand: it comes back to them only when nobody else can take it.
    pub passed_by: Option<AgentId>,
    /// The customer wants to be called then: nobody is given it before.
    pub call_at: Option<Timestamp>,
}

/// An agent who may be given something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// Who.
    pub agent: AgentId,
    /// Kinds of work that they are on-line for.
    pub takes: Switches,
    /// How much at once.
    pub capacity: Capacity,
    /// How much they have, offers included.
    pub load: Load,
    /// Since when they were given nothing.
    pub idle_since: Timestamp,
    /// When their turn last was.
    pub routed_at: Option<Timestamp>,
    /// When their turn in the rota of newcomers last was.
    pub newcomer_at: Option<Timestamp>,
    /// What they can do.
    pub skills: Vec<SkillId>,
    /// Queues that they work in.
    pub queues: Vec<QueueId>,
    /// What they see.
    pub inboxes: Inboxes,
}

/// A queue, as the decision sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueNow {
    /// Which.
    pub id: QueueId,
    /// Its rule.
    pub rule: Rule,
    /// Closed now; when it opens, if ever.
    pub closed: Option<Option<Timestamp>>,
}

/// Everything that a decision needs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Snapshot {
    pub now: Timestamp,
    pub waiting: Vec<Waiting>,
    pub workers: Vec<Worker>,
    pub queues: Vec<QueueNow>,
}

/// Why, so that it can be said in any language: a code, and values for the sentence.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// What decided.
    pub code: String,
    /// Values for the sentence.
    #[serde(default)]
    pub values: BTreeMap<String, serde_json::Value>,
}

impl Why {
    /// A code without values.
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), values: BTreeMap::new() }
    }

    /// With a value.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<serde_json::Value>) -> Self {
        self.values.insert(key.to_owned(), value.into());
        self
    }
}

/// What made an agent the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// They represent the company.
    Representative,
    /// They last helped the customer.
    SameAgent,
    /// It was their turn in the rota of newcomers.
    NewcomerRota,
    /// The strategy of the queue.
    Strategy(crate::queue::Strategy),
}

impl Chosen {
    /// The code of the reason.
    pub fn code(self) -> &'static str {
        match self {
            Self::Representative => "representative",
            Self::SameAgent => "same_agent",
            Self::NewcomerRota => "newcomer_rota",
            Self::Strategy(strategy) => strategy.as_str(),
        }
    }
}

/// Why something goes on waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Held {
    /// It is outside the hours of the queue.
    Closed,
    /// Nobody who could is there.
    NobodyThere,
    /// Those who are there lack a skill.
    NobodySkilled,
    /// Those who could have no room.
    NoRoom,
    /// It waits a little for the agent who knows the customer.
    ForTheirAgent,
    /// Everybody declined it.
    Declined,
    /// The customer wants to be called later.
    UntilCall,
}

impl Held {
    /// As stored and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::NobodyThere => "nobody_there",
            Self::NobodySkilled => "nobody_skilled",
            Self::NoRoom => "no_room",
            Self::ForTheirAgent => "for_their_agent",
            Self::Declined => "declined",
            Self::UntilCall => "until_call",
        }
    }
}

/// What to do with one that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Give it to an agent, or offer it.
    Give {
        /// What.
        conversation: ConversationId,
        /// From where.
        queue: QueueId,
        /// To whom.
        agent: AgentId,
        /// Until when the offer stands; none: it is given at once.
        until: Option<Timestamp>,
        /// What decided.
        chosen: Chosen,
        /// Skills that counted, which the agent has.
        skills: Vec<SkillId>,
        /// How many of this kind the agent had before, of how many.
        load: (u16, u16),
        /// The agent last helped this customer.
        helped_before: bool,
        /// What it is in the rota of newcomers.
        newcomer: bool,
        /// The kind of work.
        medium: Medium,
    },
    /// Move it to another queue.
    Move {
        /// What.
        conversation: ConversationId,
        /// From.
        from: QueueId,
        /// To.
        to: QueueId,
    },
    /// Leave it.
    Wait {
        /// What.
        conversation: ConversationId,
        /// Why.
        held: Held,
        /// When time alone may change that.
        again: Option<Timestamp>,
    },
}

impl Decision {
    /// What it is about.
    pub fn conversation(&self) -> ConversationId {
        match self {
            Self::Give { conversation, .. } | Self::Move { conversation, .. } | Self::Wait { conversation, .. } => *conversation,
        }
    }
}
