//! Work on many conversations at once: what is chosen, what is done to each, and how far it has come.

use serde::{Deserialize, Serialize};

use crate::action::Actions;
use crate::filter::Filter;
use crate::{AgentId, BulkId, ConversationId, Timestamp};

/// Most conversations that one bulk action takes.
pub const MOST: usize = 50_000;
/// Most conversations that one bulk action writes to customers of.
pub const MOST_WRITTEN: usize = 500;
/// Most conversations chosen one by one.
pub const MOST_CHOSEN: usize = 1_000;

/// Which conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// Those that a filter finds when it begins; later ones are not touched.
    Filter(Filter),
    /// The same among those of a list that shows others than all: the trash, spam, what the agent follows or is named in.
    Within(Place, Filter),
    /// These, each once, in the order of their ids.
    Chosen(Vec<ConversationId>),
}

/// A list that a filter alone does not reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Place {
    Trash,
    Spam,
    Following,
    Mentions,
}

impl Place {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trash => "trash",
            Self::Spam => "spam",
            Self::Following => "following",
            Self::Mentions => "mentions",
        }
    }

    /// From storage; anything unknown is no such list.
    pub fn from_stored(text: &str) -> Option<Self> {
        [Self::Trash, Self::Spam, Self::Following, Self::Mentions].into_iter().find(|p| p.as_str() == text)
    }
}

/// Where a bulk action stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// At work.
    Running,
    /// Through.
    Done,
    /// Stopped by hand; what was done stays.
    Cancelled,
    /// Being taken back.
    Undoing,
    /// Taken back.
    Undone,
}

impl State {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
        }
    }

    /// From storage; anything unknown counts as done.
    pub fn from_stored(text: &str) -> Self {
        [Self::Running, Self::Cancelled, Self::Undoing, Self::Undone].into_iter().find(|s| s.as_str() == text).unwrap_or(Self::Done)
    }

    /// Whether a job works on it.
    pub fn is_at_work(self) -> bool {
        matches!(self, Self::Running | Self::Undoing)
    }
}

/// A bulk action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulk {
    /// Id. Conversations with a later one are not touched.
    pub id: BulkId,
    /// As whom it works.
    pub agent: AgentId,
    /// What is chosen.
    pub selection: Selection,
    /// What is done to each.
    pub actions: Actions,
    /// Where it stands.
    pub state: State,
    /// How many it was meant for when it began.
    pub total: i64,
    /// How many it has looked at; of the taking back while that goes on.
    pub seen: i64,
    /// How many are another than before.
    pub changed: i64,
    /// How many could not be done.
    pub failed: i64,
    /// The last one that it has looked at.
    pub cursor: Option<ConversationId>,
    /// Begun.
    pub created_at: Timestamp,
    /// Through, cancelled or taken back.
    pub ended_at: Option<Timestamp>,
}
