//! An entry of the log, and who may see it.

use jiff::Timestamp;

use super::{Cursor, EventKind};
use crate::{Actor, AgentId, ConversationId, EventId, InboxId};

/// Who may see an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everyone who sees the inbox.
    Agents,
    /// Those who may read the audit log.
    Admins,
    /// One agent.
    Only(AgentId),
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Id.
    pub id: EventId,
    /// Its place in the log.
    pub cursor: Cursor,
    /// The workspace.
    pub workspace: crate::WorkspaceId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub kind: EventKind,
    /// The conversation it happened in.
    pub conversation: Option<ConversationId>,
    /// The inbox it happened in.
    pub inbox: Option<InboxId>,
}
