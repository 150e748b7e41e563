//! Who is where just now. Told to others and never stored.

use serde::{Deserialize, Serialize};

use crate::{AgentId, ConversationId, InboxId, WorkspaceId};

/// What somebody does in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PresenceState {
    /// Has it open.
    Viewing,
    /// Writes.
    Typing,
    /// Gave no sign for a while.
    Left,
}

/// Somebody looks at a conversation, types, or has gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The conversation's inbox: only who sees it hears of this.
    pub inbox: InboxId,
    /// Where.
    pub conversation: ConversationId,
    /// Who.
    pub agent: AgentId,
    /// The agent's name.
    pub name: String,
    /// What they do.
    pub state: PresenceState,
    /// It is for colleagues: what they type is a note.
    #[serde(default)]
    pub internal: bool,
}
